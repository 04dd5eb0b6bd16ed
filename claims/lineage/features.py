"""What of a text survives translation: figures, names, words by their sound, addresses, residue. Pure Python.

Only the article's own parts count, its title and body; residue may stand anywhere. Order is that of the body.
"""

import re
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from claims.extraction.results import Figure, Mention, Part, Reading
from claims.lineage.residue import Residue, residue, title_in
from claims.lineage.signs import Key, Kind, Sign
from claims.lineage.sounds import sound_key
from claims.lineage.statements import NOTHING_SAID, Statements, statements
from kb.lib.scripts import fold_in_place, kind_of, script_of, starts_sentence

MOST_SIGNS: Final = 4000  # of one text and kind: what comes later tells nothing new
SHINGLE_WORDS: Final = 5
SHINGLE_LETTERS: Final = 10  # where words are not spaced
_LONGEST_WORD: Final = 40
_WORD: Final = re.compile(r"[^\W_]+(?:[-‑'’.][^\W_]+)*[\u0300-\u036f]*")


@dataclass(frozen=True, slots=True)
class Features:
    """All that is compared of one text. `published` is the date at its head, "" if it prints none."""

    name: str
    language: str
    script: str  # that of most words, as Unicode names it
    published: str
    length: int  # characters of title and body
    figures: tuple[Sign, ...]  # figures, years and dates of the title and body
    names: tuple[Sign, ...]  # entities of the registry
    words: tuple[Sign, ...]  # names and words by their sound, or as they are printed in Latin letters
    residue: Residue
    shingles: frozenset[int]
    title_in_address: str = ""
    said: Statements = NOTHING_SAID  # of the figures
    found: frozenset[Key] = field(init=False, repr=False)  # the keys of all of them
    numbers: frozenset[str] = field(init=False, repr=False)  # figures without their units

    def __post_init__(self) -> None:
        found = frozenset((one.kind, one.key) for one in (*self.figures, *self.names, *self.words) if one.key)
        object.__setattr__(self, "found", found)
        object.__setattr__(self, "numbers", frozenset(number(key) for kind, key in found if kind == "figure"))


def number(key: str) -> str:
    """The key of a figure without its unit, which is the first thing that a poor translation loses."""
    return key.partition(" ")[0]


def features(name: str, text: str, reading: Reading, address: str = "") -> Features:
    """The features of a text that was read; `name` is what reports call it, `address` where it was found."""
    page = _Page(text, reading.parts)
    figures = tuple(_figures(page, reading.figures))
    names = tuple(_names(page, reading.mentions))
    taken = [(one.start, one.end) for one in reading.figures]
    words = tuple(_words(page, taken))
    return Features(
        name=name,
        language=reading.language,
        script=_script(words),
        published=next((one.value or "" for one in reading.figures if _heads(one)), ""),
        length=page.length,
        figures=figures[:MOST_SIGNS],
        names=names[:MOST_SIGNS],
        words=words[:MOST_SIGNS],
        residue=residue(text, reading.parts),
        shingles=frozenset(_shingles(page)),
        title_in_address=title_in(address),
        said=statements(text, reading.language, figures[:MOST_SIGNS], names, words),
    )


def _script(words: Sequence[Sign]) -> str:
    scripts = Counter(script_of(one.printed[0]) for one in words)
    scripts.pop("", None)
    others = [(count, script) for script, count in scripts.items() if script != "LATIN"]
    # Names in Latin letters stand in texts of every alphabet, and of unspaced scripts nothing else is a word.
    return max(others)[1] if others and max(others)[0] * 4 >= scripts["LATIN"] else "LATIN"


class _Page:
    """The article within a text: what belongs to it and where."""

    def __init__(self, text: str, parts: Sequence[Part]) -> None:
        self.text = text
        own = [one for one in parts if one.region in ("title", "body")]
        self.own = own or [Part(0, len(text), "body")]
        self._starts = [one.start for one in self.own]
        self._lines = [found.start() for found in re.finditer(r"^.*\S", text, re.MULTILINE)]
        body = [one for one in self.own if one.region == "body"] or self.own
        self._first, self._last = body[0].start, max(body[-1].end, body[0].start + 1)
        self.length = sum(one.end - one.start for one in self.own)
        # A title is printed again in menus and trails; it has no place in the order of the text.
        self.body = body

    def part(self, at: int) -> Part | None:
        index = bisect_right(self._starts, at) - 1
        return self.own[index] if index >= 0 and at < self.own[index].end else None

    def at(self, start: int) -> float:
        return min(max((start - self._first) / (self._last - self._first), 0.0), 1.0)

    def line(self, start: int) -> int:
        return bisect_right(self._lines, start)


def _heads(figure: Figure) -> bool:
    return figure.kind == "date" and figure.region == "meta" and bool(figure.value)


# --- figures


def _figures(page: _Page, found: Sequence[Figure]) -> Iterator[Sign]:
    for one in found:
        part = page.part(one.start)
        if part is None:
            continue
        kind, key = _named(one)
        yield Sign(
            kind, key, one.start, one.end, one.printed, page.at(one.start), page.line(one.start),
            in_body=part.region == "body", figure=one,
        )  # fmt: skip


def _named(figure: Figure) -> tuple[Kind, str]:
    """The kind and key of a figure: values and units alone, as a date its month and day."""
    value = figure.value
    if value is None:
        return "figure", ""
    if figure.kind in ("date", "year"):
        full = re.fullmatch(r"[-\dX?~%]*?-?(\d\d-\d\d)[~?%]?", value) if value.count("-") >= 2 else None
        if full:
            return "date", full[1]
        return ("year" if re.fullmatch(r"-?\d{4}[~?%]?", value) else "date"), value.rstrip("~?%")
    unit = f" {figure.unit}" if figure.unit else ""
    upper = f"..{_plain(figure.value_max)}" if figure.value_max is not None else ""
    return "figure", f"{_plain(value)}{upper}{unit}"


def _plain(value: str) -> str:
    number = Decimal(value)
    return format(
        number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize(), "f"
    )


# --- names and words


def _names(page: _Page, mentions: Sequence[Mention]) -> Iterator[Sign]:
    for one in mentions:
        slug = one.entity or one.likely
        part = page.part(one.start)
        if part is None or slug is None:
            continue
        yield Sign(
            "name", slug, one.start, one.end, one.printed, page.at(one.start), page.line(one.start),
            in_body=part.region == "body",
        )  # fmt: skip


def _words(page: _Page, taken: Sequence[tuple[int, int]]) -> Iterator[Sign]:
    starts = [start for start, _end in taken]
    small = {found.group() for found in _WORD.finditer(page.text) if found.group().islower()}
    for part in page.own:
        for start, end in _runs(page.text, part.start, part.end):
            before = bisect_right(starts, end - 1) - 1
            if before >= 0 and taken[before][1] > start:
                continue
            printed = page.text[start:end]
            cased = _is_name(page.text, start, printed, small)
            if key := sound_key(printed):
                yield Sign(
                    "word", key, start, end, printed, page.at(start), page.line(start),
                    in_body=part.region == "body", cased=cased,
                )  # fmt: skip


def _runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words of text[start:end]: letters, marks and digits of one script in a row."""
    at = start
    while at < end:
        kind, script = kind_of(text[at]), script_of(text[at])
        if kind not in ("letter", "kana"):
            at += 1
            continue
        stop = at + 1
        while stop < end and stop - at < _LONGEST_WORD and _goes_on(text[stop], kind, script):
            stop += 1
        yield at, stop
        at = stop


def _goes_on(character: str, kind: str, script: str) -> bool:
    after = kind_of(character)
    if after in ("mark", "digit"):
        return after == "mark" or script == "LATIN"
    return after == kind and script_of(character) == script


def _is_name(text: str, start: int, printed: str, small: set[str]) -> bool:
    """Whether capitals or digits say that the word is a name: not only that a sentence begins."""
    if any(map(str.isupper, printed[1:])) or any(map(str.isdigit, printed)):
        return True
    return printed[0].isupper() and printed.lower() not in small and not starts_sentence(text, start)


# --- the text itself


def _shingles(page: _Page) -> Iterator[int]:
    """Hashes of every few words in a row, of letters where words are not spaced."""
    for part in page.body:
        for line in fold_in_place(page.text[part.start : part.end]).split("\n"):
            words = _WORD.findall(line)
            if sum(map(len, words)) > 12 * max(len(words), 1) or (
                words and kind_of(words[0][0]) in _UNSPACED
            ):
                letters = "".join(words)
                runs = (
                    letters[at : at + SHINGLE_LETTERS] for at in range(len(letters) - SHINGLE_LETTERS + 1)
                )
            else:
                runs = (
                    " ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)
                )
            for run in runs:
                yield zlib.crc32(run.encode())


_UNSPACED: Final = ("ideograph", "kana", "unspaced")
