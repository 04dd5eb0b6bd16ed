"""Which part of a page is the article, and which is what the page hangs around it: menus, listings, notices.

Works on lines, since plain text has nothing else: an article is written in paragraphs, a listing in short lines
without full stops. What comes after a heading like "Latest articles" is somebody else's text; after one like
"Read more" the article goes on if paragraphs follow. The headings stand in the languages' tables.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from claims.extraction.lexicon import Lexicon
from claims.extraction.results import Part, Region
from kb.lib.scripts import joined

Kind = Literal["", "end", "related", "inline", "notice", "byline"]

_QUOTES: Final = "\"'”’»)]」』"
_FULL_STOPS: Final = tuple(".।。۔")
_SENTENCE_ENDS: Final = tuple(".!?।。؟۔…")
_PARAGRAPH: Final = 80  # characters from which a line that ends like a sentence is prose
_SENTENCE: Final = 40  # or with a full stop
_CLOSING: Final = 20  # or, beside longer ones or where there are no longer ones, a short sentence
_LONG: Final = 200  # or that is prose however it ends
_DENSE: Final = 3  # an ideograph says as much as so many characters more
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]+")
_ANY_LINE: Final = re.compile(r"[^\n]+")
_TRAIL: Final = re.compile(r"\s[>/|›]\s|»")
_COUNT: Final = re.compile(r"[\d()\[\]]+")
_MARKS: Final = ":•*#-–|. "
_LIST_MARK: Final = re.compile(r"[-–•*▪●·]\s|\d{1,2}[.)]\s")
_CELLS: Final = re.compile(r"^\||\S\s\|\s")
_CELL: Final = re.compile(r"[+~≈<>±$€£¥₹৳₩-]?\s?\d|(?:us|r)\$")
_DIGITS: Final = re.compile(r"\d+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_MONEY: Final = re.compile(r"[%$€£¥₹৳₩]")
_DATED: Final = re.compile(r"\b(?:\d{4}|\d{1,2}, ?\d\d)$")
_CLOCK: Final = re.compile(r"[\d\s:/.,|-]+")
_HEADING: Final = 60  # no heading of the tables is longer
_DATE_LINE: Final = 32
_LABEL: Final = 40
_TITLE: Final = 250


class _Line(NamedTuple):
    """A line, where it stands in the text, and what its words alone tell: `alone` is a heading with nothing else."""

    start: int
    end: int
    folded: str
    length: int
    kind: Kind
    alone: bool = False

    def ends(self, signs: tuple[str, ...]) -> bool:
        return self.folded.rstrip(_QUOTES).endswith(signs)

    def says(self, least: int) -> bool:
        """Whether it is prose, where sentences of `least` characters are."""
        ended = _is_paragraph(self.folded, self.length) or (self.length >= least and self.ends(_FULL_STOPS))
        return ended and not self.kind and not self.dated

    @property
    def closing(self) -> bool:
        return not self.kind and self.length >= _CLOSING and self.ends(_SENTENCE_ENDS)

    @property
    def dated(self) -> bool:
        """Whether it is a date and little more, as under the titles of a listing."""
        if len(self.folded) > _DATE_LINE or _MONEY.search(self.folded):
            return False
        runs = _DIGITS.findall(self.folded)
        years = sum(bool(_YEAR.fullmatch(run)) for run in runs)
        small = sum(len(run) <= 2 for run in runs)
        return (
            len(runs) > 1 and years + small == len(runs) and (years == 1 or bool(_DATED.search(self.folded)))
        )


def parts(folded: str, words: Lexicon) -> tuple[Part, ...]:
    """The text cut into its parts, in order, without gaps; a text of no sentence is all body."""
    lines = _lines(folded, words)
    prose = _prose(lines)
    if not any(prose):
        return _cut(lines, _without_prose(lines))
    first = prose.index(True)
    stop = next((index for index in range(first, len(lines)) if lines[index].kind == "end"), len(lines))
    regions = _heads(lines[:first]) + _body(lines[first:stop], prose[first:stop])
    return _cut(lines, regions + ["boilerplate"] * (len(lines) - stop))


def _prose(lines: Sequence[_Line]) -> list[bool]:
    """Which lines are prose; short sentences are, where longer ones are missing or stand in other articles only."""
    prose = [line.says(_SENTENCE) for line in lines]
    first = prose.index(True) if any(prose) else len(lines)
    heading = next((index for index, line in enumerate(lines[:first]) if line.alone), first)
    if first == len(lines) or (heading < first and sum(line.says(_CLOSING) for line in lines[:heading]) > 1):
        return [line.says(_CLOSING) for line in lines]
    return prose


def _lines(folded: str, words: Lexicon) -> list[_Line]:
    found = []
    known = dict(words.boilerplate)
    for key in ("notices", "lines"):
        known[key] = tuple(notice for notice in known[key] if notice in folded)  # few are, and lines are many
    dense = _WIDE.search(folded) is not None
    for match in _ANY_LINE.finditer(folded):
        line = match.group().strip()
        if line:
            start = match.end() - len(match.group().lstrip())
            length = len(line) + (_DENSE * sum(map(len, _WIDE.findall(line))) if dense else 0)
            found.append(_Line(start, match.end(), line, length, *_kind(line, length, known)))
    return found


def _kind(line: str, length: int, known: Mapping[str, tuple[str, ...]]) -> tuple[Kind, bool]:
    """What the tables say of a line, and whether it is a heading with nothing after its colon."""
    if len(line) <= _HEADING:
        heading = _COUNT.sub("", line).strip(_MARKS)
        if heading in known["headings"]:
            return "end", True
        if heading in known["related"]:
            return "related", True
        if heading in known["inline"]:
            return "inline", True
    paragraph = _is_paragraph(line, length)
    before, colon, _ = line[: _HEADING + 1].partition(":")
    if colon and not paragraph:
        before = before.strip(_MARKS)
        if before in known["inline"]:
            return "inline", False
        if before in known["related"] or before in known["headings"]:
            return "notice", False
    if known["notices"] and any(notice in line for notice in known["notices"]):
        return "notice", False
    if not paragraph:
        if known["lines"] and any(notice in line for notice in known["lines"]):
            return "notice", False
        if _is_byline(line, known["bylines"]):
            return "byline", False
    return "", False


def _is_byline(line: str, openings: tuple[str, ...]) -> bool:
    """Whether it says who wrote the article or when: "By Jane", "28 Jan 2025 | Updated: …", not "By 2025"."""
    clock = _CLOCK.match(line)
    text = line[clock.end() :] if clock else line
    if not text.startswith(openings) or line.endswith(_FULL_STOPS):
        return False
    ended = max(len(opening) for opening in openings if text.startswith(opening))
    return not text[ended:].lstrip()[:1].isdigit() and (text[ended - 1] in " :" or not joined(text, ended))


def _is_paragraph(line: str, length: int) -> bool:
    return length >= _LONG or (length >= _PARAGRAPH and line.rstrip(_QUOTES).endswith(_SENTENCE_ENDS))


def _without_prose(lines: Sequence[_Line]) -> list[Region]:
    """A list, a table, a headline: all of it is the article up to a heading of other articles."""
    stop = len(lines)
    for index, line in enumerate(lines):
        if line.kind in ("end", "related") and any(map(_is_material, lines[max(index - 3, 0) : index])):
            stop = index
            break
    aside = ("related", "inline", "notice")
    return [
        "boilerplate" if index >= stop or line.kind in aside else "body" for index, line in enumerate(lines)
    ]


def _is_material(line: _Line) -> bool:
    return line.length >= _CLOSING or bool(_DIGITS.search(line.folded))


def _body(lines: Sequence[_Line], prose: Sequence[bool]) -> list[Region]:
    """From the first paragraph on: stretches that headings open are the article's if its prose goes on there."""
    regions: list[Region] = ["boilerplate"] * len(lines)
    starts = [index for index, line in enumerate(lines) if index == 0 or line.kind not in ("", "byline")]
    going = False
    for start, end in reversed(list(pairwise([*starts, len(lines)]))):
        found = [index for index in range(start, end) if prose[index]]
        if start and not _goes_on(lines[start:end], [index - start for index in found], going):
            continue
        begin = start
        if start:
            begin = found[0] if found and lines[start].alone else start + 1
        close = end if going else _last_of_body(lines, found[-1], end) + 1
        regions[begin:close] = ["body"] * (close - begin)
        going = True
    return regions


def _goes_on(stretch: Sequence[_Line], prose: Sequence[int], going: bool) -> bool:
    """Whether the article goes on after the heading that opens the stretch; `going`: it does after a later one."""
    heading = stretch[0]
    if not prose:
        return going and not heading.alone
    if _teasers(stretch, prose):
        return False
    linked = heading.alone and prose[0] > 2  # a box of links, and then a paragraph
    return going or heading.kind == "inline" or len(prose) > 1 or linked


def _teasers(stretch: Sequence[_Line], prose: Sequence[int]) -> bool:
    """Whether the paragraphs are of other articles: in a list, under dates of their own or titles of their own."""
    if _LIST_MARK.match(stretch[prose[0]].folded):
        return True
    paragraphs = frozenset(prose)
    for index in range(2, prose[-1]):
        signed = stretch[index].dated or stretch[index].kind == "byline"
        if signed and index - 1 not in paragraphs:
            return True
    if stretch[0].kind == "inline":
        return False  # the article may have subheadings: to lose it is worse than to keep a listing
    return len(prose) > 1 and all(two - one > 1 for one, two in pairwise([0, *prose]))


def _last_of_body(lines: Sequence[_Line], last: int, stop: int) -> int:
    """Short sentences, lists and tables after the last paragraph, as long as no listing begins."""
    while last + 1 < stop:
        line = lines[last + 1]
        after = lines[last + 2] if last + 2 < stop else None
        titled = after is not None and (after.dated or after.kind == "byline")
        if line.kind not in ("", "byline") or not (line.closing or (not titled and _is_tail(line, after))):
            break
        last += 1
    return last


def _is_tail(line: _Line, after: _Line | None) -> bool:
    if line.dated or (line.kind and _YEAR.search(line.folded)):
        return False
    if _LIST_MARK.match(line.folded) or _DIGITS.search(line.folded) or _CELLS.search(line.folded):
        return True
    if after is None or line.length > _LABEL:
        return False
    if line.ends((":", "?", "؟")):
        return bool(_LIST_MARK.match(after.folded) or _DIGITS.search(after.folded) or after.closing)
    return len(after.folded) <= _DATE_LINE and bool(_CELL.match(after.folded))  # a label above its cell


def _heads(lines: Sequence[_Line]) -> list[Region]:
    """What stands before the first paragraph: menus and trails, the title, who wrote it and when, short sentences."""
    title = _title(lines)
    regions: list[Region] = []
    opened = False
    for index, line in enumerate(lines):
        if line.kind == "byline":
            regions.append("meta")
        elif title is None or line.kind or _is_trail(line):
            regions.append("boilerplate")
        elif line.folded == lines[title].folded:
            regions.append("title")
        elif index < title:
            regions.append("boilerplate")
        else:
            opened = opened or (line.ends(_SENTENCE_ENDS) and not line.dated)
            regions.append("body" if opened else "meta")
    return regions


def _title(lines: Sequence[_Line]) -> int | None:
    """The longest line that is no trail, byline or date; or one of several words above it, if it is a subtitle."""
    own = [
        index
        for index, line in enumerate(lines)
        if not line.kind and not _is_trail(line) and line.length <= _TITLE
    ]
    if not own:
        return None

    def rank(index: int) -> tuple[bool, bool, bool, int]:
        line = lines[index]
        return (not line.dated, not line.ends(_FULL_STOPS), not _DATED.search(line.folded), line.length)

    title = max(own, key=rank)
    candidates = frozenset(own)
    while title - 1 in candidates and _is_headline(lines[title - 1]):
        title -= 1
    return title


def _is_headline(line: _Line) -> bool:
    wordy = line.folded.count(" ") >= 2 or line.length > len(line.folded)
    return line.length >= _CLOSING - 2 and wordy and not line.dated


def _is_trail(line: _Line) -> bool:
    return len(_TRAIL.findall(line.folded)) >= 2


def _cut(lines: Sequence[_Line], regions: Sequence[Region]) -> tuple[Part, ...]:
    found: list[Part] = []
    for line, region in zip(lines, regions, strict=True):
        if found and found[-1].region == region:
            found[-1] = Part(found[-1].start, line.end, region)
        else:
            found.append(Part(line.start, line.end, region))
    return tuple(found)
