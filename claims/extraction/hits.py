"""The lexicon's words in one text, looked up where somebody asks, since most words are near no figure."""

from collections.abc import Iterator
from typing import Final

from claims.extraction.lexicon import Hit, Lexicon, Near

_SPACES: Final = " \u200e\u200f\u061c"  # and the marks that turn the direction of writing
_HYPHENS: Final = ("-", "‑")


class Hits:
    """The words of one text, by place: those `starting` or `ending` right there, and those that begin just `after`
    or end just `before`, with spaces between or without. `openings` are where words of an amount begin, `months`
    where those of months do."""

    def __init__(self, folded: str, words: Lexicon) -> None:
        self._folded = folded
        self.starting, self.ending = _Starting(folded, words), _Ending(folded, words)
        self.after, self.before = _After(folded, self.starting), _Before(folded, self.ending)
        self.openings, self.months = words.openings(folded)

    def __iter__(self) -> Iterator[Hit]:
        """Every word, in the order of the text."""
        return (hit for start in range(len(self._folded)) for hit in self.starting[start].values())

    def gap(self, end: int) -> int:
        """Where the next word may begin: after at most three spaces."""
        following = self._folded[end : end + 3]
        return end + len(following) - len(following.lstrip(_SPACES))

    def past_hyphen(self, end: int) -> int:
        """Where the next word may begin, if a hyphen may bind it."""
        return end + 1 if self._folded[end : end + 1] in _HYPHENS else self.gap(end)

    def back(self, start: int) -> int:
        """Where the word before may end: before at most three spaces."""
        preceding = self._folded[max(start - 3, 0) : start]
        return start - len(preceding) + len(preceding.rstrip(_SPACES))


# What is near each place, found when first asked for; plainly written, since this is asked for most.


class _Starting(dict[int, Near]):
    __slots__ = ("_folded", "_words")

    def __init__(self, folded: str, words: Lexicon) -> None:
        super().__init__()
        self._folded, self._words = folded, words

    def __missing__(self, start: int) -> Near:
        self[start] = near = self._words.starting(self._folded, start)
        return near


class _Ending(_Starting):
    __slots__ = ()

    def __missing__(self, end: int) -> Near:
        self[end] = near = self._words.ending(self._folded, end)
        return near


class _After(dict[int, Near]):
    __slots__ = ("_folded", "_there")

    def __init__(self, folded: str, there: dict[int, Near]) -> None:
        super().__init__()
        self._folded, self._there = folded, there

    def __missing__(self, end: int) -> Near:
        following = self._folded[end : end + 3]
        self[end] = near = self._there[end + len(following) - len(following.lstrip(_SPACES))]
        return near


class _Before(_After):
    __slots__ = ()

    def __missing__(self, start: int) -> Near:
        preceding = self._folded[max(start - 3, 0) : start]
        self[start] = near = self._there[start - len(preceding) + len(preceding.rstrip(_SPACES))]
        return near
