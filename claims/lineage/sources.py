"""What two independent reports both rest on: a name that stands beside the figures they share. Pure Python."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from claims.lineage.features import Features
from claims.lineage.signs import Key, Sign

NEAR: Final = 250  # characters between a figure and the name that vouches for it
_ADJACENT: Final = 2
FEWEST: Final = 2  # shared figures beside the name in both texts


def common_source(a: Features, b: Features, figures: Collection[Key]) -> str | None:
    """The slug, or the name as printed, that stands beside at least two shared figures in both texts.

    Of several it is the one that stands beside figures and hardly elsewhere: the subject of a story is everywhere.
    """
    telling = {key for key in figures if key[0] == "figure"}
    if len(telling) < FEWEST:
        return None
    beside_a, beside_b = _beside(a, telling), _beside(b, telling)
    counted = _counted(a) | _counted(b)
    ranked = []
    for name in (beside_a.keys() & beside_b.keys()) - counted:
        both = beside_a[name][0] & beside_b[name][0]
        times = beside_a[name][1] * beside_b[name][1]
        if len(both) >= FEWEST:
            ranked.append((len(both) / math.sqrt(times), name[0] == "name", name, beside_a[name][2]))
    if not ranked:
        return None
    _weight, registered, name, printed = max(ranked)
    return name[1] if registered else printed


def _beside(text: Features, figures: Collection[Key]) -> Mapping[Key, tuple[set[Key], int, str]]:
    """For each name: the figures beside it, how often it stands in the text, and how it is first printed."""
    placed = sorted(
        (one.start, (one.kind, one.key)) for one in text.figures if (one.kind, one.key) in figures
    )
    starts = [start for start, _key in placed]
    found: dict[Key, tuple[set[Key], int, str]] = defaultdict(lambda: (set(), 0, ""))
    for sign in _names(text):
        near, times, printed = found[sign.kind, sign.key]
        around = placed[bisect_left(starts, sign.start - NEAR) : bisect_right(starts, sign.end + NEAR)]
        near.update(key for _start, key in around)
        found[sign.kind, sign.key] = near, times + 1, printed or sign.printed
    return found


def _counted(text: Features) -> set[Key]:
    """Names that follow a figure directly, or another such name: what is counted, not who counts."""
    ends = {one.end for one in text.figures}
    found = set()
    for sign in _names(text):
        if any(sign.start - gap in ends for gap in range(_ADJACENT + 1)):
            found.add((sign.kind, sign.key))
            ends.add(sign.end)
    return found


def _names(text: Features) -> Sequence[Sign]:
    """Names that can vouch for something: no numbers of models, no abbreviations."""
    words = [one for one in text.words if one.cased and one.printed.isalpha() and not one.printed.isupper()]
    names = [one for one in text.names if not any(map(str.isdigit, one.key))]
    return sorted(names + words, key=lambda sign: sign.start)
