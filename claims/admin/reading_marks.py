"""The text of a snapshot for the reading desk: escaped, its lines kept, with what was read marked in place.

Inside a line stand nothing but the characters of the text, so that a script can count code points in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.extraction.results import Part


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Words to be marked. `name` is the HTML id, `note` is shown on pointing, `url` is where a click leads."""

    start: int
    end: int
    css: str
    note: str = ""
    url: str = ""
    name: str = ""


@dataclass(frozen=True)
class Block:
    """Lines of one region, each ready as HTML."""

    region: str
    lines: Sequence[SafeString]


def blocks(text: str, parts: Sequence[Part], marks: Sequence[Mark]) -> list[Block]:
    """The lines of the text in blocks of one region; of marks that overlap, the first given is kept."""
    kept = _apart(marks)
    rows = [(_region(text, parts, start, end), start, end) for start, end in _lines(text)]
    return [
        Block(region, [_line(text, start, end, kept) for _region, start, end in some])
        for region, some in ((region, list(rows)) for region, rows in groupby(rows, key=lambda row: row[0]))
    ]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _region(text: str, parts: Sequence[Part], start: int, end: int) -> str:
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    index = bisect_right(parts, first, key=lambda part: part.start) - 1
    return parts[index].region if index >= 0 else "body"


def _apart(marks: Sequence[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    for mark in marks:
        at = bisect_right(kept, mark.start, key=lambda one: one.start)
        free_before = at == 0 or kept[at - 1].end <= mark.start
        free_after = at == len(kept) or mark.end <= kept[at].start
        if free_before and free_after:
            kept.insert(at, mark)
    return kept


def _line(text: str, start: int, end: int, marks: Sequence[Mark]) -> SafeString:
    """One line; a mark that runs over its end goes on in the next one, without its id."""
    pieces: list[tuple[SafeString | str]] = []
    done = start
    first = bisect_right(marks, start, key=lambda mark: mark.end)
    for mark in marks[first:]:
        if mark.start >= end:
            break
        begin, stop = max(mark.start, start), min(mark.end, end)
        pieces += [(text[done:begin],), (_marked(text[begin:stop], mark, named=begin == mark.start),)]
        done = stop
    pieces.append((text[done:end],))
    return format_html('<p data-start="{}">{}</p>', start, format_html_join("", "{}", pieces))


def _marked(words: str, mark: Mark, *, named: bool) -> SafeString:
    inner: SafeString | str = words
    if mark.url:
        inner = format_html('<a href="{}">{}</a>', mark.url, words)
    name = format_html(' id="{}"', mark.name) if named and mark.name else ""
    note = format_html(' title="{}"', mark.note) if mark.note else ""
    return format_html('<mark class="{}"{}{}>{}</mark>', mark.css, name, note, inner)
