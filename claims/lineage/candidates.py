"""Which sources are worth comparing with a new one, without comparing it with all. Pure Python.

An inverted index over a few telling features of each source: rare figures, figures and names that follow one
another, and a sketch of its runs of words (the smallest hashes, after Broder 1997). Each list has a fixed length, so
that adding a source costs the same however many there are; memory grows with the sources.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from typing import Final, NamedTuple

from claims.lineage.features import Features, number
from claims.lineage.rarity import prior
from claims.lineage.signs import Kind

MOST_KEYS: Final = 28  # of one source, the most telling first
MOST_LISTED: Final = 16  # sources under one key: the first, which are the likelier origins
MOST_FOUND: Final = 16
_SKETCH: Final = 6
_SHINGLE_BITS: Final = 9.0
_ADDRESS_BITS: Final = 20.0
_FEWEST_BITS: Final = 4.0  # of a single figure; less says nothing alone
ENOUGH: Final = 9.0  # bits in common from which two sources are worth comparing


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that may share an origin with the one asked about, and the bits that say so."""

    name: str
    bits: float


class Candidates:
    """The index. `add` answers with the candidates among the sources added before."""

    def __init__(self) -> None:
        self._names: list[str] = []
        # Most keys stand in one source: its number alone saves memory.
        self._lists: dict[int, int | list[int]] = {}

    def __len__(self) -> int:
        return len(self._names)

    def add(self, source: Features) -> list[Candidate]:
        """The likeliest relatives of the source, the likeliest first; then it is in the index itself."""
        keys = blocking_keys(source)
        found = self._find(keys)
        number = len(self._names)
        self._names.append(source.name)
        for key in keys:
            self._enter(key, number)
        return found

    def find(self, source: Features) -> list[Candidate]:
        """As `add`, without adding."""
        return self._find(blocking_keys(source))

    def _find(self, keys: dict[int, float]) -> list[Candidate]:
        bits: dict[int, float] = defaultdict(float)
        for key, told in keys.items():
            for other in self._listed(key):
                bits[other] += told
        best = nlargest(MOST_FOUND, bits, key=lambda one: bits[one])
        return [Candidate(self._names[one], bits[one]) for one in best if bits[one] >= ENOUGH]

    def _listed(self, key: int) -> list[int]:
        listed = self._lists.get(key)
        if listed is None:
            return []
        return [listed] if isinstance(listed, int) else listed

    def _enter(self, key: int, number: int) -> None:
        listed = self._lists.get(key)
        if listed is None:
            self._lists[key] = number
        elif isinstance(listed, int):
            self._lists[key] = [listed, number]
        elif len(listed) < MOST_LISTED:
            listed.append(number)


def blocking_keys(source: Features) -> dict[int, float]:
    """The hashes (64 bits) of the most telling features and what each says, in bits: what an index holds."""
    told = dict(_told(source))
    best = sorted(told, key=lambda key: (-told[key], key))[:MOST_KEYS]
    return {key: told[key] for key in best}


def _told(source: Features) -> Iterator[tuple[int, float]]:
    if source.title_in_address:
        yield _hash("address", source.title_in_address), _ADDRESS_BITS
    for shingle in sorted(source.shingles)[:_SKETCH]:
        yield _hash("text", str(shingle)), _SHINGLE_BITS
    figures = [_Key(one.kind, number(one.key)) for one in source.figures if one.key and one.in_body]
    for one in figures:
        if one.bits >= _FEWEST_BITS:
            yield _hash(one.kind, one.text), one.bits
    yield from _rows(figures)
    yield from _rows([_Key(one.kind, one.key) for one in source.words if one.cased])


class _Key(NamedTuple):
    kind: Kind
    text: str

    @property
    def bits(self) -> float:
        return prior(self)


def _rows(keys: list[_Key]) -> Iterator[tuple[int, float]]:
    """Two that follow one another: a translation keeps them together even where each alone is common."""
    for first, second in pairwise(keys):
        if first != second:
            yield _hash(*first, *second), first.bits + second.bits + 1.0


def _hash(*parts: str) -> int:
    text = "\0".join(parts).encode()
    return zlib.crc32(text) << 32 | zlib.adler32(text)
