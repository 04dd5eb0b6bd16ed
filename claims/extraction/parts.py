"""Which part of a page is the article, and which is what the page hangs around it: menus, listings, notices.

Works on lines, since plain text has nothing else: an article is written in paragraphs, a listing in short lines
without full stops, and what comes after a heading like "Related articles" is somebody else's text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from claims.extraction.lexicon import Lexicon
from claims.extraction.results import Part, Region

_SENTENCE_END: Final = re.compile(r"[.!?।。！？؟…][\"'”’»)\]]*$")
_PARAGRAPH: Final = 80  # characters from which a line that ends like a sentence is prose
_LONG: Final = 200  # or that is prose however it ends
_DENSE: Final = 2.0  # ideographs say as much in fewer characters
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
_TRAIL: Final = re.compile(r"[>»›/|]")
_DATED: Final = re.compile(r"\b(?:\d{4}|\d{1,2}, ?\d\d)$")
_TITLE: Final = 250


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    folded: str

    @property
    def length(self) -> int:
        wide = 0 if self.folded.isascii() else len(_WIDE.findall(self.folded))
        return int(len(self.folded) + wide * _DENSE)

    @property
    def prose(self) -> bool:
        return self.length >= _LONG or (self.length >= _PARAGRAPH and bool(_SENTENCE_END.search(self.folded)))


def parts(folded: str, words: Lexicon) -> tuple[Part, ...]:
    """The text cut into its parts, in order, without gaps; a text of no paragraph is all body."""
    lines = [
        _Line(
            found.start() + len(found.group()) - len(found.group().lstrip()),
            found.end(),
            found.group().strip(),
        )
        for found in re.finditer(r"[^\n]+", folded)
        if found.group().strip()
    ]
    stop = _stop(lines, words)
    prose = [index for index, line in enumerate(lines[:stop]) if line.prose]
    if not prose:
        return _joined(
            [(line, "body" if index < stop else "boilerplate") for index, line in enumerate(lines)]
        )
    first, last = prose[0], prose[-1]
    last = _last_of_body(lines, last, stop)
    heads = _heads(lines[:first])
    named: list[tuple[_Line, Region]] = list(zip(lines[:first], heads, strict=True))
    named += [(line, "body") for line in lines[first : last + 1]]
    named += [(line, "boilerplate") for line in lines[last + 1 :]]
    return _joined(named)


def _stop(lines: Sequence[_Line], words: Lexicon) -> int:
    """The line after which nothing belongs to the article: a heading of other articles, a notice."""
    seen_prose = False
    for index, line in enumerate(lines):
        heading = line.folded.strip(":•*#-– ")
        if seen_prose and heading in words.headings:
            return index
        if seen_prose and any(notice in line.folded for notice in words.boilerplate_lines) and not line.prose:
            return index
        seen_prose = seen_prose or line.prose
    return len(lines)


def _last_of_body(lines: Sequence[_Line], last: int, stop: int) -> int:
    """Short closing sentences belong to the article as long as each ends like one, and no listing begins."""
    while last + 1 < stop and _SENTENCE_END.search(lines[last + 1].folded) and lines[last + 1].length >= 20:
        last += 1
    return last


def _heads(lines: Sequence[_Line]) -> list[Region]:
    """What stands before the first paragraph: menus and trails, the title (its longest line), who wrote it and when."""
    trails = [len(_TRAIL.findall(line.folded)) >= 2 for line in lines]
    own = [line for line, trail in zip(lines, trails, strict=True) if not trail and line.length <= _TITLE]
    title = max(own, key=lambda line: (not _DATED.search(line.folded), line.length), default=None)
    regions: list[Region] = []
    for line, trail in zip(lines, trails, strict=True):
        if trail or title is None or (line.start < title.start and line.folded != title.folded):
            regions.append("boilerplate")
        else:
            regions.append("title" if line.folded == title.folded else "meta")
    return regions


def _joined(lines: Sequence[tuple[_Line, Region]]) -> tuple[Part, ...]:
    found: list[Part] = []
    for line, region in lines:
        if found and found[-1].region == region:
            found[-1] = Part(found[-1].start, line.end, region)
        else:
            found.append(Part(line.start, line.end, region))
    return tuple(found)
