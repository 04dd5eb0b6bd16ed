"""What a text says of its figures beside their values: that one is part of another, and whose word one is. Pure Python.

Only what is said within one sentence, in so many words (languages/*.toml); what is not clear is left out.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from claims.lineage.phrases import SAYING, Phrase, Phrases, phrases
from claims.lineage.signs import Key, Sign
from claims.lineage.sounds import sound_key
from kb.lib.scripts import fold_in_place
from kb.lib.text import one_line

_NEAR: Final = 20  # characters between a figure and a phrase that belongs to it alone
_GAP: Final = 120  # between two figures that a phrase ties
_GAP_OF_AND: Final = 60
_BESIDE: Final = 150  # between a figure and what says whose word it is
_AFTER: Final = 60  # of the words behind a phrase that name who says it,
_BEFORE: Final = 40  # and of those before one
_LONGEST: Final = 1000  # of a sentence, behind its first figure
_LONGEST_PRINTED: Final = 160
_STOP: Final = re.compile(r"[.!?…][\"'”»)\]]*(?=\s)|[。！？।॥؟\n]")
_PAUSE: Final = re.compile(r"[,;:،؛、，；：()（）—–\"“”«»]")


@dataclass(frozen=True, slots=True)
class Tie:
    """Two figures, by their places among those of the text: the second is part of the first, or stands beside it."""

    kind: Literal["part", "beside"]
    first: int
    second: int
    printed: str


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says a figure: `names` are surely names, `keys` all words that stand for who says it, and their initials."""

    figure: int
    names: frozenset[Key]
    keys: frozenset[Key]
    printed: str


@dataclass(frozen=True, slots=True)
class Statements:
    """What a text says of its figures, by their order in it. `named`: the keys of all that is surely a name in it."""

    ties: tuple[Tie, ...] = ()
    voices: tuple[Voice, ...] = ()
    named: frozenset[Key] = frozenset()


NOTHING_SAID: Final = Statements()


def statements(
    text: str, language: str, figures: Sequence[Sign], names: Sequence[Sign], words: Sequence[Sign]
) -> Statements:
    """What the text says of those figures; nothing where no words of its language are known. Signs are in order."""
    known = phrases(language)
    if known is None or not figures:
        return NOTHING_SAID
    page = _Page(text, fold_in_place(text), known, figures, names, words)
    ties, voices = list[Tie](), list[Voice]()
    for start, end, inside in page.sentences():
        found = list(known.within(page.folded, start, end))
        if found:
            ties += [*page.ties(start, end, inside, found), *page.goes_on(start, inside, found)]
            voices += page.voices(start, end, inside, found)
    return Statements(tuple(ties), tuple(voices), _named([*names, *words], known))


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    folded: str
    known: Phrases
    figures: Sequence[Sign]
    names: Sequence[Sign]
    words: Sequence[Sign]

    def sentences(self) -> Iterator[tuple[int, int, list[int]]]:
        """Start and end of each sentence that prints figures, with their places."""
        at = 0
        while at < len(self.figures):
            first = self.figures[at]
            start = self._begins(first.start)
            stop = _STOP.search(self.text, first.end, first.end + _LONGEST)
            end = stop.start() if stop else min(first.end + _LONGEST, len(self.text))
            inside = [at]
            while inside[-1] + 1 < len(self.figures) and self.figures[inside[-1] + 1].end <= end:
                inside.append(inside[-1] + 1)
            yield start, end, [one for one in inside if self.figures[one].in_body]
            at = inside[-1] + 1

    def _begins(self, at: int) -> int:
        earliest = max(at - _BESIDE - _BEFORE, 0)
        last = earliest
        for stop in _STOP.finditer(self.text, earliest, at):
            last = stop.end()
        return last

    # Part of, and beside -------------------------------------------------------------------------------------

    def ties(self, start: int, end: int, inside: Sequence[int], found: Sequence[Phrase]) -> Iterator[Tie]:
        """The ties of figures that follow one another; dates do not count."""
        amounts = [one for one in inside if self.figures[one].kind == "figure"]
        for number, (x, y) in enumerate(pairwise(amounts)):
            one, other = self.figures[x], self.figures[y]
            if other.start - one.end > _GAP or not _comparable(one, other):
                continue
            before = self.figures[amounts[number - 1]].end if number else start
            after = self.figures[amounts[number + 2]].start if number + 2 < len(amounts) else end
            roles = self._between(one, other, found) | self._around(one, other, before, after, found)
            printed = self._printed(one.start, other.end)
            if roles == {"part"} and _value(one) > _value(other):
                yield Tie("part", x, y, printed)
            elif roles == {"whole"} and _value(one) < _value(other):
                yield Tie("part", y, x, printed)
            elif roles and roles <= {"beside", "and"}:
                yield Tie("beside", x, y, printed)

    def goes_on(self, start: int, inside: Sequence[int], found: Sequence[Phrase]) -> Iterator[Tie]:
        """The tie of a sentence that opens with “in addition” to the last figure of the one before it."""
        y = inside[0] if inside else 0
        if not y:
            return
        one, other = self.figures[y - 1], self.figures[y]
        near = other.start - one.end <= _GAP and "\n" not in self.text[one.end : other.start]
        opens = any("beside" in phrase.roles and phrase.start - start <= _NEAR for phrase in found)
        stops = [stop for stop in _STOP.finditer(self.text, one.end, other.start) if stop.end() <= start]
        if near and opens and len(stops) == 1 and one.in_body and _comparable(one, other):
            yield Tie("beside", y - 1, y, self._printed(one.start, other.end))

    def _between(self, one: Sign, other: Sign, found: Sequence[Phrase]) -> set[str]:
        """The roles of the phrases that stand between two figures; an “and” too far off is unclear."""
        roles: set[str] = set()
        for phrase in found:
            if one.end <= phrase.start and phrase.end <= other.start:
                roles |= phrase.roles & {"part", "beside"}
                if "whole" in phrase.roles and other.start - phrase.end <= _NEAR:
                    roles.add("whole")
                if "and" in phrase.roles:
                    close = other.start - one.end <= _GAP_OF_AND
                    close = close and not _PAUSE.search(self.text, one.end, other.start)
                    roles.add("and" if close else "unclear")
        return roles

    def _around(self, one: Sign, other: Sign, before: int, after: int, found: Sequence[Phrase]) -> set[str]:
        """“beside” where a phrase opens or closes the pair."""
        for phrase in found:
            if "opens" in phrase.roles and before <= phrase.start and 0 <= one.start - phrase.end <= _NEAR:
                return {"beside"}
            behind = 0 <= phrase.start - other.end <= _NEAR and phrase.end <= after
            if "closes" in phrase.roles and behind and not _PAUSE.search(self.text, other.end, phrase.start):
                return {"beside"}
        return set()

    # Whose word ----------------------------------------------------------------------------------------------

    def voices(self, start: int, end: int, inside: Sequence[int], found: Sequence[Phrase]) -> Iterator[Voice]:
        """Whose word each figure is, where exactly one of the phrases next to it tells."""
        said = [one for one in found if one.roles & SAYING]
        taken = [(self.figures[one].start, self.figures[one].end) for one in inside]
        taken += [(one.start, one.end) for one in said]
        for at in inside:
            figure = self.figures[at]
            left = [one for one in said if one.end <= figure.start and figure.start - one.end <= _BESIDE][-1:]
            right = [one for one in said if one.start >= figure.end and one.start - figure.end <= _BESIDE][:1]
            if len(left) + len(right) != 1 or (right and not self._closes(right[0], figure, inside)):
                continue
            (phrase,) = left or right
            keys, low, high = self._asserter(phrase, start, end, taken)
            if keys:
                yield Voice(
                    at,
                    _named(keys, self.known),
                    frozenset((one.kind, one.key) for one in keys) | _initials(self.text[low:high]),
                    self._printed(min(low, phrase.start, figure.start), max(high, phrase.end, figure.end)),
                )

    def _closes(self, phrase: Phrase, figure: Sign, inside: Sequence[int]) -> bool:
        """Whether a phrase behind a figure speaks of it: no other figure follows, and a verb stands after a pause."""
        if self.figures[inside[-1]].end > phrase.start:
            return False
        return "before" in phrase.roles or bool(_PAUSE.search(self.text, figure.end, phrase.start))

    def _asserter(
        self, phrase: Phrase, start: int, end: int, taken: Sequence[tuple[int, int]]
    ) -> tuple[list[Sign], int, int]:
        """The words that name who says it, and where they stand: up to a pause, or to what is taken."""
        if phrase.roles & {"after", "either"}:
            ends = [one for _start, one in taken if one <= phrase.start]
            ends += [one.end() for one in _PAUSE.finditer(self.text, start, phrase.start)]
            low = max([start, phrase.start - _BEFORE, *ends])
            if found := self._signs(low, phrase.start):
                return found, low, phrase.start
        if not phrase.roles & {"before", "either"}:
            return [], 0, 0
        starts = [one for one, _end in taken if one >= phrase.end]
        starts += [one.start() for one in _PAUSE.finditer(self.text, phrase.end, end)]
        high = min([end, phrase.end + _AFTER, *starts])
        return self._signs(phrase.end, high), phrase.end, high

    def _signs(self, low: int, high: int) -> list[Sign]:
        found = list[Sign]()
        for signs in (self.names, self.words):
            at = bisect_left(signs, low, key=lambda one: one.start)
            while at < len(signs) and signs[at].end <= high:
                found.append(signs[at])
                at += 1
        return found

    def _printed(self, low: int, high: int) -> str:
        return one_line(self.text[low:high], _LONGEST_PRINTED)


def _named(signs: Iterable[Sign], known: Phrases) -> frozenset[Key]:
    """The keys of those that are surely names."""
    return frozenset(
        (one.kind, one.key) for one in signs if one.kind == "name" or (one.cased and known.capitals_tell)
    )


def _initials(words: str) -> frozenset[Key]:
    """The key of the name that the words' capitals make: WSJ."""
    letters = "".join(one[0] for one in words.split() if one[0].isupper())
    key = sound_key(letters) if len(letters) > 1 else ""
    return frozenset({("word", key)}) if key else frozenset()


def _comparable(one: Sign, other: Sign) -> bool:
    """Whether both can be read, as amounts of one unit."""
    if one.figure is None or other.figure is None or None in (one.figure.value, other.figure.value):
        return False
    return one.figure.unit == other.figure.unit


def _value(one: Sign) -> Decimal:
    return Decimal((one.figure and one.figure.value) or 0)
