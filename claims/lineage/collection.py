"""All pairs of a collection: compared one by one, then settled together. Pure Python.

To share an origin is transitive. So what two texts leave open between them is settled by the families they belong to:
the texts that surely share the origin of one of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean
from typing import Final

from claims.lineage.features import Features
from claims.lineage.rarity import Rarity
from claims.lineage.reasons import Reason, Told
from claims.lineage.verdict import INDEPENDENT, SAME, Verdict, compare

SURE: Final = 0.9  # a link that may speak for others
FAMILY: Final = 3  # sure relatives that can speak against a weaker link

Numbers = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sources by their names, and the verdict on them."""

    a: str
    b: str
    verdict: Verdict


class Collection:
    """Texts that are compared with one another; how rare a feature is, is counted among them."""

    def __init__(self, sources: Sequence[Features]) -> None:
        self._sources = sources
        self._rarity = Rarity(sources)

    def compared(self) -> Iterator[tuple[Numbers, Verdict]]:
        """Every two texts by their places, each with the verdict that they alone give."""
        for i, j in combinations(range(len(self._sources)), 2):
            yield (i, j), compare(self._sources[i], self._sources[j], self._rarity)

    def pairs(self, compared: Mapping[Numbers, Verdict] | None = None) -> list[Pair]:
        """Every pair in the order given, settled."""
        names = [one.name for one in self._sources]
        verdicts = dict(self.compared()) if compared is None else compared
        return [Pair(names[i], names[j], verdict) for (i, j), verdict in settled(verdicts, names).items()]


def settled(verdicts: Mapping[Numbers, Verdict], names: Sequence[str]) -> dict[Numbers, Verdict]:
    """The verdicts, each that is not sure held against the families of both texts.

    A third text that surely shares the origin of both joins them, if either goes with the family of the other on
    the whole. Who goes with one text of a family but not with the family is parted from it.
    """
    families: dict[int, set[int]] = defaultdict(set)
    for (i, j), verdict in verdicts.items():
        if verdict.score >= SURE:
            families[i].add(j)
            families[j].add(i)
    return {
        (i, j): verdict
        if verdict.score >= SURE
        else _held_against(verdict, (i, j), families.get(i, set()), families.get(j, set()), verdicts, names)
        for (i, j), verdict in verdicts.items()
    }


def _held_against(
    verdict: Verdict, pair: Numbers, family_i: AbstractSet[int], family_j: AbstractSet[int],
    verdicts: Mapping[Numbers, Verdict], names: Sequence[str],
) -> Verdict:  # fmt: skip
    i, j = pair
    thirds = family_i & family_j
    if verdict.answer == "same-origin" or thirds:
        goes_i, goes_j = _goes_with(i, family_j - {i}, verdicts), _goes_with(j, family_i - {j}, verdicts)
        if thirds and verdict.answer != "same-origin" and min(goes_i, goes_j) >= SAME:
            return _joined(verdict, min(goes_i, goes_j), sorted(names[one] for one in thirds))
        for goes, family, name in ((goes_i, family_j, names[j]), (goes_j, family_i, names[i])):
            if len(family) >= FAMILY and goes < INDEPENDENT:
                return _parted(verdict, len(family), name)
    return verdict


def _goes_with(one: int, family: AbstractSet[int], verdicts: Mapping[Numbers, Verdict]) -> float:
    """The mean score of a text with a family; 1 with an empty one, which says nothing against it."""
    return fmean(verdicts[min(one, other), max(one, other)].score for other in family) if family else 1.0


def _joined(verdict: Verdict, score: float, thirds: Sequence[str]) -> Verdict:
    told: Told = {"third": thirds[0], "more": len(thirds) - 1}
    joined = Reason(0.0, "joined-more" if len(thirds) > 1 else "joined", told)
    reasons = (*(one for one in verdict.reasons if one.code != "common-source"), joined)
    return replace(verdict, answer="same-origin", score=round(score, 3), reasons=reasons, common_source=None)


def _parted(verdict: Verdict, family: int, name: str) -> Verdict:
    reasons = (*verdict.reasons, Reason(0.0, "parted", {"family": family, "name": name}))
    score = min(verdict.score, INDEPENDENT - 0.05)
    return replace(verdict, answer="independent", score=round(score, 3), reasons=reasons, copy=None)
