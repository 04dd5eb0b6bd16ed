"""Which words two texts share, in any script, and how much that says. Pure Python.

Words are compared by their first letters (truncation stemming), which evens out most endings and needs no table of
any language; scripts without spaces are compared by pairs of letters.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Generic, TypeVar

from kb.lib.scripts import kind_of
from kb.lib.text import fold

Key = TypeVar("Key", bound=Hashable)

STEM: Final = 5  # letters and marks of a word that are compared
SHORTEST: Final = 2
TELLING: Final = 0.3  # a word that says less is not shown as a reason
MOST_WORDS: Final = 4
_ENDS: Final = frozenset("\n!?।॥۔؟。！？…")
_UNSPACED: Final = ("ideograph", "unspaced", "kana")


def sentence_at(text: str, at: int) -> tuple[int, int]:
    """Where the sentence around text[at] starts and ends; a line's end ends one, a point between digits does not."""
    start = at
    while start > 0 and not _ends(text, start - 1):
        start -= 1
    end = at
    while end < len(text) and not _ends(text, end):
        end += 1
    if end < len(text) and text[end] != "\n":
        end += 1
    while start < at and text[start].isspace():
        start += 1
    return start, end


def _ends(text: str, at: int) -> bool:
    if text[at] != ".":
        return text[at] in _ENDS
    after = text[at + 1 : at + 2]
    return (not after or after.isspace()) and not text[max(0, at - 2) : at].strip(" ").isupper()


def stems(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """What is compared of each word of text[start:end], and where the word stands. Figures are no words."""
    at = start
    while at < end:
        kind = kind_of(text[at])
        if kind in _UNSPACED:
            stop = at + 1
            while stop < end and kind_of(text[stop]) in (*_UNSPACED, "mark"):
                stop += 1
            yield from ((fold(text[i : i + 2]), i, i + 2) for i in range(at, stop - 1))
        elif kind == "letter":
            stop = at + 1
            while stop < end and kind_of(text[stop]) in ("letter", "mark"):
                stop += 1
            stem = fold(text[at:stop])[:STEM]
            if len(stem) >= SHORTEST:
                yield stem, at, stop
        else:
            stop = at + 1
        at = stop


@lru_cache(maxsize=16)
def rarity(text: str) -> Mapping[str, float]:
    """How telling each stem of a text is in it: 1 for what stands in one line, less for what stands in many."""
    lines: Counter[str] = Counter()
    start = 0
    for line in text.split("\n"):
        lines.update({stem for stem, _start, _end in stems(text, start, start + len(line))})
        start += len(line) + 1
    return {stem: 1 / math.sqrt(number) for stem, number in lines.items()}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text that is read: where it stands, and how much it counts there."""

    start: int
    end: int
    weight: float


class Vocabulary(Generic[Key]):
    """The words that go with each of several things, each given as the texts that speak of it.

    A word speaks for a thing by the share of the texts with it that speak of that thing, less where few have it:
    n / (all + 1). What stands everywhere says little, what stands in one text half as much as it could.
    """

    def __init__(self, said: Mapping[Key, Iterable[str]]) -> None:
        self._counts = {
            key: Counter(stem for text in texts for stem in _all_stems(text)) for key, texts in said.items()
        }
        self._spread: Counter[str] = Counter()
        for counts in self._counts.values():
            self._spread.update(counts)

    def shared(self, key: Key, around: Mapping[str, Word]) -> tuple[float, tuple[Word, ...]]:
        """How much the words `around`, by stem, speak for `key`; and the telling ones, the most telling first."""
        counts = self._counts.get(key, Counter())
        weights = {
            stem: around[stem].weight * counts[stem] / (self._spread[stem] + 1)
            for stem in counts.keys() & around.keys()
        }
        best = sorted(weights, key=lambda stem: (-weights[stem], -len(stem), stem))
        telling = tuple(around[stem] for stem in best if weights[stem] >= TELLING)
        return round(sum(weights[stem] for stem in best), 6), telling[:MOST_WORDS]


def phrases(text: str, found: Iterable[Word]) -> tuple[str, ...]:
    """The words as they are printed, in the order of the text, neighbors together."""
    spans: list[tuple[int, int]] = []
    for word in sorted(found, key=lambda one: one.start):
        if spans and (word.start <= spans[-1][1] or text[spans[-1][1] : word.start].isspace()):
            spans[-1] = spans[-1][0], word.end
        else:
            spans.append((word.start, word.end))
    return tuple(text[start:end] for start, end in spans)


def _all_stems(text: str) -> set[str]:
    return {stem for stem, _start, _end in stems(text, 0, len(text))}
