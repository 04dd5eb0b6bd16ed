"""Which entries of a registry may be one: the same identifier, the same name, names that sound alike.

Pure Python. Names of every script are compared as a Latin reader would hear them (`companies.lookalikes`). Entries
meet only under a key that they share, and a key that many share says nothing, so the cost grows with the names and
not with their pairs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from rapidfuzz import fuzz

from companies.lookalikes import ALIKE, ALIKE_WHEN_LONG, consonants, heard
from kb.lib.scripts import script_of, squeeze

Sign = Literal["identifier", "name", "sound"]
WEIGHT: Final[dict[Sign, int]] = {"identifier": 300, "name": 200, "sound": 0}  # a sound adds its score
MOST_UNDER_ONE_KEY: Final = 24
_FEWEST_LETTERS: Final = 3  # of a name that is the same; two letters are shared by chance
_FEWEST_CONSONANTS: Final = 4
_LONG: Final = 5  # consonants from which one may be left out
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Known:
    """An entry: `names` are (text, role) pairs, `identifiers` (scheme, value) pairs."""

    ref: str
    kind: str
    names: tuple[tuple[str, str], ...]
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign that two entries are one: what each has that agrees."""

    sign: Sign
    ours: str
    theirs: str
    score: int = 100


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two entries of one kind by their refs, the smaller first, and every sign found."""

    first: str
    second: str
    reasons: tuple[Reason, ...]

    @property
    def strength(self) -> int:
        return max(WEIGHT[one.sign] + one.score for one in self.reasons)


@dataclass(frozen=True, slots=True)
class _Sound:
    ref: str
    text: str
    heard: str
    skeleton: str
    latin: bool


def likenesses(entries: Iterable[Known]) -> list[Likeness]:
    """The pairs of entries that may be one, the likeliest first."""
    identifiers: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    names: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    sounds: dict[tuple[str, str, str], list[_Sound]] = defaultdict(list)
    for entry in entries:
        for scheme, value in entry.identifiers:
            key = entry.kind, scheme, value.casefold().rstrip("/")
            identifiers[key].append((entry.ref, f"{scheme}: {value}"))
        for text, role in entry.names:
            letters = squeeze(text).letters
            if len(letters) >= _FEWEST_LETTERS:
                names[entry.kind, letters].append((entry.ref, text))
            if role not in ("misspelling", "abbreviation"):
                _listen(sounds, entry, text, letters)
    found: dict[tuple[str, str], dict[tuple[str, str, str], Reason]] = defaultdict(dict)
    for pair, reason in (*_same("identifier", identifiers), *_same("name", names), *_alike(sounds)):
        found[pair].setdefault((reason.sign, reason.ours, reason.theirs), reason)
    pairs = [Likeness(*pair, _telling(reasons.values())) for pair, reasons in found.items()]
    return sorted(pairs, key=lambda one: (-one.strength, one.first, one.second))


def _listen(sounds: dict[tuple[str, str, str], list[_Sound]], entry: Known, text: str, letters: str) -> None:
    """File the name under its consonants; a long Latin one also under all of them but one."""
    if not letters or not script_of(letters[0]):
        return
    sound = heard(_DIGITS.sub("", letters))
    skeleton = consonants(sound)
    if len(skeleton) < _FEWEST_CONSONANTS:
        return
    latin = script_of(letters[0]) == "LATIN"
    one = _Sound(entry.ref, text, sound, skeleton, latin)
    number = " ".join(_DIGITS.findall(letters))  # what is numbered differently is not the same
    keys = {skeleton}
    if latin and len(skeleton) >= _LONG:
        keys |= {skeleton[:index] + skeleton[index + 1 :] for index in range(len(skeleton))}
    for key in keys:
        sounds[entry.kind, number, key].append(one)


def _same(
    sign: Sign,
    filed: dict[tuple[str, str, str], list[tuple[str, str]]] | dict[tuple[str, str], list[tuple[str, str]]],
) -> Iterator[tuple[tuple[str, str], Reason]]:
    for same in filed.values():
        if 1 < len({ref for ref, _ in same}) <= MOST_UNDER_ONE_KEY:
            for (ref, ours), (other, theirs) in combinations(same, 2):
                if ref != other:
                    yield _pair(ref, other, sign, ours, theirs, 100)


def _alike(sounds: dict[tuple[str, str, str], list[_Sound]]) -> Iterator[tuple[tuple[str, str], Reason]]:
    for same in sounds.values():
        if not 1 < len({one.ref for one in same}) <= MOST_UNDER_ONE_KEY:
            continue
        for one, other in combinations(same, 2):
            if one.ref == other.ref or (one.skeleton != other.skeleton and not (one.latin and other.latin)):
                continue
            score = fuzz.ratio(one.heard, other.heard)
            across = one.latin != other.latin and len(one.skeleton) > _FEWEST_CONSONANTS
            if score >= (ALIKE_WHEN_LONG if across else ALIKE):
                yield _pair(one.ref, other.ref, "sound", one.text, other.text, int(score))


def _pair(
    ref: str, other: str, sign: Sign, ours: str, theirs: str, score: int
) -> tuple[tuple[str, str], Reason]:
    """The pair and its reason, `ours` being of the entry with the smaller ref."""
    if ref < other:
        return (ref, other), Reason(sign, ours, theirs, score)
    return (other, ref), Reason(sign, theirs, ours, score)


def _telling(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The strongest first; names that are the same sound alike, which need not be said."""
    ranked = sorted(reasons, key=lambda one: (-WEIGHT[one.sign] - one.score, one.ours, one.theirs))
    same = {(one.ours, one.theirs) for one in ranked if one.sign == "name"}
    return tuple(one for one in ranked if one.sign != "sound" or (one.ours, one.theirs) not in same)
