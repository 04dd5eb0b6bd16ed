"""A chart or a timeline as a picture of its own: heading, drawing, and a line on where it is from.

A page sets words around its drawings in HTML; a picture that leaves the page carries them inside. Places are in units
of a picture WIDTH wide; the template `claims/picture.svg` draws them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from claims import wording
from claims.charts import Chart, Drawn
from claims.lettering import wrapped
from claims.timelines import WIDTH, Drawing
from kb.lib import look

Claim = Mapping[str, Any]

MARGIN: Final = 28.0
TITLE: Final = 26.0  # size of the heading's letters
TITLE_LINE: Final = 34.0
WORDS: Final = 330.0  # width of the column of words beside a chart
WORDS_LINE: Final = 19.0
ROW: Final = 16.0  # free space above and below the words of a row
AXIS: Final = 30.0
FOOT: Final = 44.0


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words: what, its baseline, and whether it is the figure or about it."""

    words: str
    y: float
    strong: bool = False


@dataclass(frozen=True, slots=True)
class PlateRow:
    """One figure: its words at the left, its strip from y to y + height at the right."""

    drawn: Drawn
    y: float
    height: float
    words: list[Text]

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2, 1)


@dataclass(frozen=True, slots=True)
class Plate:
    """A whole picture. It holds either rows of a chart or a drawing, which begins at `top`."""

    title: list[Text]
    top: float
    height: float
    rows: list[PlateRow]
    chart: Chart | None = None
    drawing: Drawing | None = None
    width: float = WIDTH
    margin: float = MARGIN
    left: float = MARGIN + WORDS + 18  # where strips begin

    @property
    def right(self) -> float:
        return self.width - self.margin

    @property
    def strip(self) -> float:
        """How wide a strip is."""
        return self.right - self.left

    @property
    def axis(self) -> float:
        """The baseline of the labels below a chart."""
        return self.height - FOOT - 8

    @property
    def foot(self) -> float:
        """The baseline of the line that says where the picture is from."""
        return self.height - 16


def chart_plate(title: str, chart: Chart, language: str, *, subjects: bool = False) -> Plate:
    """A chart of figures; with `subjects` each row names what it is about."""
    heading, top = _heading(title)
    rows, y = [], top
    for drawn in chart.rows:
        words = [Text(line, 0, strong=True) for line in _figure(drawn.claim, language, subjects=subjects)]
        about = _about(drawn.claim, grouped=chart.grouped)
        words += [Text(line, 0) for line in wrapped(about, WORDS, 13, most=2)]
        height = 2 * ROW + WORDS_LINE * len(words)
        rows.append(
            PlateRow(
                drawn,
                y,
                height,
                [
                    Text(one.words, y + ROW + WORDS_LINE * (place + 0.75), one.strong)
                    for place, one in enumerate(words)
                ],
            )
        )
        y += height
    return Plate(heading, top, y + AXIS + FOOT, rows, chart=chart)


def timeline_plate(title: str, drawing: Drawing) -> Plate:
    """A timeline along the picture."""
    heading, top = _heading(title)
    return Plate(heading, top, top + drawing.height + FOOT, [], drawing=drawing)


def _heading(title: str) -> tuple[list[Text], float]:
    lines = wrapped(title, WIDTH - 2 * MARGIN, TITLE, most=2)
    placed = [
        Text(line, MARGIN + TITLE_LINE * (place + 0.7), strong=True) for place, line in enumerate(lines)
    ]
    return placed, MARGIN + TITLE_LINE * len(lines) + 10


def _figure(claim: Claim, language: str, *, subjects: bool) -> Sequence[str]:
    said = wording.value_text(claim, language)
    text = f"{wording.subject_text(claim, language)}: {said}" if subjects else said
    return wrapped(text, WORDS, 16, most=2)


def _about(claim: Claim, *, grouped: bool) -> str:
    """What the figure covers, or its property where it says nothing of that, and who asserts it."""
    label, covers = str(claim["property"]["label"]), wording.covers_text(claim)
    parts = [label, *([covers] if covers else [])] if grouped else [covers or label]
    if claim["asserted_by"]:
        parts.append(str(claim["asserted_by"]["label"]))
    return " · ".join(parts)


@cache
def style() -> str:
    """The style sheet of a picture, out of the site's own: the look of marks by day, with every color written out,
    since programs that draw SVG outside of browsers know no custom properties."""
    values = look.colors()
    marks = (look.FOLDER / "components/marks.css").read_text(encoding="utf-8").partition("*/")[2]
    return re.sub(r"var\(--([\w-]+)\)", lambda name: values[name[1]], marks).strip()
