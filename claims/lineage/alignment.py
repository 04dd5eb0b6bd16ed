"""Two texts side by side: which features stand in both, and in the same order. Pure Python."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from claims.lineage.signs import Key, Sign

MOST_TIMES: Final = 3  # what stands more often in a text has no place of its own in it
_FEWEST: Final = 3  # things whose order says anything


@dataclass(frozen=True, slots=True)
class Chain:
    """The longest row of features that both texts have in one order.

    `steps` are pairs of places in the two sequences given. `distinct` and `shared` count different features: of the
    row, and of all that both texts have and that have a place.
    """

    steps: tuple[tuple[int, int], ...]
    distinct: int
    shared: int

    @property
    def bits(self) -> float:
        """How surprising the order is, in bits: of `shared` things shuffled, so long a row or a longer one.

        After the union bound P(longest >= k) <= C(n, k) / k!.
        """
        if self.shared < _FEWEST or not self.distinct:
            return 0.0
        count, row = self.shared, self.distinct
        nats = 2 * math.lgamma(row + 1) + math.lgamma(count - row + 1) - math.lgamma(count + 1)
        return max(0.0, nats / math.log(2))

    @property
    def share(self) -> float:
        return self.distinct / self.shared if self.shared else 0.0


def chain(a: Sequence[Sign], b: Sequence[Sign]) -> Chain:
    """The row of equal features of the bodies, in the order of both."""
    places_a, places_b = _places(a), _places(b)
    shared = [key for key in places_a if key in places_b]
    placed = [key for key in shared if len(places_a[key]) <= MOST_TIMES and len(places_b[key]) <= MOST_TIMES]
    points = sorted((i, -j) for key in placed for i in places_a[key] for j in places_b[key])
    steps = _longest([(i, -j) for i, j in points])
    return Chain(steps, len({(a[i].kind, a[i].key) for i, _j in steps}), len(placed))


def _places(signs: Sequence[Sign]) -> Mapping[Key, list[int]]:
    found: dict[Key, list[int]] = defaultdict(list)
    for index, one in enumerate(signs):
        if one.key and one.in_body:
            found[one.kind, one.key].append(index)
    return found


def _longest(points: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The longest row of points rising in both; of one first coordinate the greater second one comes first."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_i, j) in enumerate(points):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(j)
            last.append(index)
        else:
            ends[length], last[length] = j, index
    row: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        row.append(points[at])
        at = before[at]
    return tuple(reversed(row))


def covered(places: Sequence[float]) -> float:
    """How much of a text (0 to 1) the places reach over: all of it but the longest stretch without one."""
    if not places:
        return 0.0
    marks = [0.0, *sorted(places), 1.0]
    return 1.0 - max(after - before for before, after in pairwise(marks))
