"""The picture that goes with an address shared elsewhere: 1200 by 630 pixels, as Open Graph asks for.

Drawn twice as large and reduced, so that thin lines stay smooth. Letters are those of the site's own fonts; a font file
holds one script, so a line is drawn in runs. Bengali and Devanagari are shaped by Raqm, which needs the system's
FriBiDi: `can_shape` says whether it is there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont, features

from claims.charts import Chart, Drawn
from kb.lib import look

SIZE: Final = (1200, 630)
MOST_ROWS: Final = 9  # of a chart; more could not be read
LONGEST: Final = 300  # characters of a headline
_TIMES: Final = 2  # how much larger it is drawn
_MARGIN: Final = 64
_SOFT: Final = "#bdbab4"  # ink at 28 percent on paper, as pages draw what is about
_SHAPED: Final = frozenset({"bengali", "devanagari"})


@dataclass(frozen=True, slots=True)
class Card:
    """What a shared picture says: `counts` are (number, word), and a chart takes their place where there is one; then
    `figures` are the words for its rows."""

    kicker: str
    headline: str
    foot: str
    counts: Sequence[tuple[str, str]] = ()
    chart: Chart | None = None
    figures: Sequence[str] = ()


def can_draw(card: Card) -> bool:
    """Whether our fonts have all letters of the card, and this machine draws them as their script is written."""
    scripts = {_script(one) for text in (card.kicker, card.headline, *card.figures) for one in text}
    return "" not in scripts and (not _SHAPED & scripts or bool(features.check("raqm")))


def drawn(card: Card, fonts: Path) -> bytes:
    """The card as PNG; `fonts` is the folder of the site's fonts."""
    image = Image.new("RGB", (SIZE[0] * _TIMES, SIZE[1] * _TIMES), _color("paper"))
    pen = _Pen(image, fonts)
    pen.box(0, 0, SIZE[0], 10, _color("accent"))
    pen.line(_MARGIN, 84, card.kicker, 26, _color("accent"), "sans")
    size, lines = pen.fitted(
        card.headline[:LONGEST], SIZE[0] - 2 * _MARGIN, (58, 50, 44, 38), 3 if card.chart else 4
    )
    y = 100.0
    for line in lines:
        y += size * 1.32
        pen.line(_MARGIN, y, line, size, _color("ink"), "serif")
    if card.chart and len(card.chart.rows) <= MOST_ROWS:
        _chart(pen, card.chart, card.figures, y + 34, SIZE[1] - 96)
    else:
        _counts(pen, card.counts, SIZE[1] - 150)
    pen.box(_MARGIN, SIZE[1] - 78, SIZE[0] - _MARGIN, SIZE[1] - 76, _color("rule"))
    pen.line(_MARGIN, SIZE[1] - 34, card.foot, 24, _color("ink-2"), "sans")
    out = BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _counts(pen: "_Pen", counts: Sequence[tuple[str, str]], baseline: float) -> None:
    x = float(_MARGIN)
    for number, word in counts:
        pen.line(x, baseline, number, 64, _color("ink"), "serif")
        width = pen.line(x, baseline + 36, word, 26, _color("ink-2"), "sans")
        x += max(width, pen.width(number, 64, "serif")) + 64


def _chart(pen: "_Pen", chart: Chart, figures: Sequence[str], top: float, bottom: float) -> None:
    """The figures on their axis, each beside its mark, as large as their number allows."""
    left, right = float(_MARGIN), float(SIZE[0] - _MARGIN)

    def x(percent: float) -> float:
        return left + (right - left) * percent / 100

    floor = bottom - 40
    for tick in chart.ticks:
        pen.box(x(tick.at) - 1, top, x(tick.at) + 1, floor, _color("rule"))
        if not tick.minor:
            pen.anchored(x(tick.at), bottom - 4, tick.label, 22, _color("ink-2"), tick.anchor)
    step = min(46.0, (floor - top) / max(len(chart.rows), 1))
    size = max(round(min(26.0, step * 0.62)), 10)
    for place, (row, words) in enumerate(zip(chart.rows, figures, strict=True)):
        y, radius = top + step * (place + 0.5), min(11.0, step * 0.32)
        ink = _color("ink-2" if row.claim["rank"] == "deprecated" else "ink")  # taken back: paler
        _row(pen, row, x, y, radius, ink)
        beside = row.shape != "less" and (row.shape == "more" or row.at > 60)
        edge = x(row.at if row.shape in ("more", "less", "point") else row.start if beside else row.end)
        pen.anchored(
            edge - radius - 12 if beside else edge + radius + 12,
            y + size * 0.36, words, size, ink, "end" if beside else "start",
        )  # fmt: skip


def _row(pen: "_Pen", row: Drawn, x: Callable[[float], float], y: float, radius: float, ink: str) -> None:
    match row.shape:
        case "soft" | "range":
            pen.bar(x(row.start), x(row.end), y, radius, _SOFT if row.shape == "soft" else _color("ink-2"))
            if row.shape == "soft":
                pen.dot(x(row.at), y, radius * 0.45, ink)
        case "more":
            pen.arrow(x(row.at), x(99), y, radius)
        case "less":
            pen.arrow(x(row.at), x(1), y, radius)
        case _:
            pen.dot(x(row.at), y, radius, ink)


class _Pen:
    """Draws in the units of the finished picture."""

    def __init__(self, image: Image.Image, fonts: Path) -> None:
        self.draw = ImageDraw.Draw(image)
        self.fonts = fonts

    def box(self, left: float, top: float, right: float, bottom: float, color: str) -> None:
        self.draw.rectangle([one * _TIMES for one in (left, top, right, bottom)], fill=color)

    def dot(self, x: float, y: float, radius: float, color: str) -> None:
        self.draw.ellipse([one * _TIMES for one in (x - radius, y - radius, x + radius, y + radius)], color)

    def bar(self, left: float, right: float, y: float, radius: float, color: str) -> None:
        ends = [one * _TIMES for one in (left, y - radius, right, y + radius)]
        self.draw.rounded_rectangle(ends, radius * _TIMES, color)

    def arrow(self, start: float, end: float, y: float, radius: float) -> None:
        """From a ring at `start`, which is not part of it, towards `end`."""
        back = -radius if end > start else radius
        points = [(start, y), (end, y)]
        head = [(end + back, y - radius), (end, y), (end + back, y + radius)]
        for path in (points, head):
            self.draw.line(
                [(a * _TIMES, b * _TIMES) for a, b in path], _color("ink"), 4 * _TIMES // 2, joint="curve"
            )
        self.dot(start, y, radius * 0.8, _color("ink"))
        self.dot(start, y, radius * 0.8 - 2.5, _color("paper"))

    def line(self, x: float, y: float, text: str, size: int, color: str, family: str) -> float:
        """A line of text on its baseline; gives its width."""
        start = x
        for script, run in _runs(text):
            font = _font(self.fonts, family, script, size * _TIMES)
            self.draw.text((x * _TIMES, y * _TIMES), run, color, font, anchor="ls")
            x += font.getlength(run) / _TIMES
        return x - start

    def anchored(self, x: float, y: float, text: str, size: int, color: str, anchor: str) -> None:
        """A line that begins at x, ends there, or has its middle there."""
        width = self.width(text, size, "sans")
        self.line(x - {"start": 0, "middle": width / 2, "end": width}[anchor], y, text, size, color, "sans")

    def width(self, text: str, size: int, family: str) -> float:
        return sum(
            _font(self.fonts, family, script, size * _TIMES).getlength(run) / _TIMES
            for script, run in _runs(text)
        )

    def fitted(self, text: str, room: float, sizes: Sequence[int], most: int) -> tuple[int, list[str]]:
        """The largest of `sizes` at which the text has room in `most` lines; at the smallest it is cut."""
        for size in sizes:
            lines = self._wrapped(text, room, size)
            if len(lines) <= most:
                return size, lines
        last = lines[most - 1]
        while last and self.width(last + "…", size, "serif") > room:
            last = last.rpartition(" ")[0] or last[:-1]
        return size, [*lines[: most - 1], last + "…"]

    def _broken(self, word: str, room: float, size: int) -> Iterator[str]:
        """A word in pieces that have room each; nearly always one."""
        while self.width(word, size, "serif") > room and len(word) > 1:
            end = (
                next(
                    (n for n in range(2, len(word)) if self.width(word[:n], size, "serif") > room), len(word)
                )
                - 1
            )
            yield word[:end]
            word = word[end:]
        yield word

    def _wrapped(self, text: str, room: float, size: int) -> list[str]:
        lines: list[str] = []
        for word in (part for one in text.split() for part in self._broken(one, room, size)):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, size, "serif") <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """The text in runs that one font file can draw. What joins letters stays with what is before it."""
    scripts: list[str] = []
    for one in text:
        scripts.append(scripts[-1] if scripts and one in "\u200c\u200d" else _script(one))
    for script, pairs in groupby(zip(scripts, text, strict=True), key=lambda pair: pair[0]):
        yield script, "".join(one for _script_, one in pairs)


def _script(character: str) -> str:
    """The part of the font that holds a character (the subsets of static/css/fonts.css); nothing where none does."""
    if "\u0980" <= character <= "\u09ff" or character in "।॥":
        return "bengali"
    if "\u0900" <= character <= "\u097f":
        return "devanagari"
    if character in "ĂăĐđĨĩŨũƠơƯư₫" or "\u1ea0" <= character <= "\u1ef9":
        return "vietnamese"
    if character <= "\u00ff" or "\u2000" <= character <= "\u206f" or character in "€™−":
        return "latin"
    return (
        "latin-ext"
        if character <= "\u024f" or "\u1e00" <= character <= "\u1eff" or character in "₹₽₩₺"
        else ""
    )


def _color(name: str) -> str:
    """A color of the site by day."""
    return look.colors()[name]


@cache
def _font(fonts: Path, family: str, script: str, size: int) -> ImageFont.FreeTypeFont:
    """The file that holds a script, in the weight nearest to semi-bold that the site has."""
    script = script or "latin"
    part = f"noto-{family}-{script}-{script}" if script in _SHAPED else f"noto-{family}-{script}"
    paths = [fonts / f"{part}-{weight}-normal.woff2" for weight in (600, 400)]
    return ImageFont.truetype(str(next(path for path in paths if path.exists())), size)
