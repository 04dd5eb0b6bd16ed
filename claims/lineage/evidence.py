"""What two texts have in common and what each has alone, weighed by rarity. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from claims.lineage.alignment import Chain, chain, covered
from claims.lineage.drift import Drift, drifts, restated
from claims.lineage.features import Features
from claims.lineage.rarity import RARE, Rarity
from claims.lineage.residue import SharedResidue, shared_residue
from claims.lineage.signs import Key, Sign

FEWEST_FIGURES: Final = 2
FEWEST_IN_ROW: Final = 7  # different features that make FEWEST_ORDER_BITS of the verdict
_FEWEST_SHINGLES: Final = 20
_FEWEST_IN_SHORT: Final = 5  # of short texts that are the same throughout
_NOTHING: Final = Chain((), 0, 0)


@dataclass(frozen=True, slots=True)
class Side:
    """One text of the two: what it has alone."""

    own_bits: float  # of its figures that the other lacks
    own: tuple[str, ...]  # those figures as printed, the rarest first
    names: int  # different names, by their capitals or by the registry
    named: float  # the share of them that the other has too, 0 to 1
    covered: float  # how much of the text the common row reaches over, 0 to 1
    uncredited: int  # addresses of pictures, counted, none of which the other has


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the verdict weighs. `figures` are the distinct figures in both, the rarest first."""

    figures: tuple[Key, ...]
    rare: int  # of them
    bits: float
    a: Side
    b: Side
    figure_row: Chain
    whole_row: Chain  # of figures, names and words together
    text: float  # share of the shorter text's runs of words that the other has
    residue: tuple[SharedResidue, ...]
    drift: tuple[Drift, ...]
    across: bool  # the texts are in different alphabets
    address: str  # the title that the addresses of both end in, "" if it differs
    lost_in_both: int  # figures without their digits at the same place of both


def slight(a: Features, b: Features) -> bool:
    """Whether so little is shared that no order could make it one story: not worth weighing."""
    if (
        len(a.numbers & b.numbers) >= FEWEST_FIGURES
        or not a.shingles.isdisjoint(b.shingles)
        or _address(a, b)
    ):
        return False
    return len(a.found & b.found) < FEWEST_IN_ROW


def weigh(a: Features, b: Features, rarity: Rarity) -> Evidence:
    """All evidence for or against one origin of two texts; of slight evidence only the shared figures."""
    if slight(a, b):
        return _slight(a, b, rarity)
    a, b = _same_units(a, b), _same_units(b, a)
    shared = sorted(_keys(a.figures) & _keys(b.figures), key=lambda key: (-rarity.bits(key), key))
    figure_row = chain(a.figures, b.figures)
    found = (*drifts(a.figures, b.figures, figure_row), *restated(a, b, figure_row))
    row_a, row_b = _row(a, b), _row(b, a)
    whole = chain(row_a, row_b)
    residue = tuple(shared_residue(a.residue, b.residue))
    return Evidence(
        figures=tuple(shared),
        rare=sum(rarity.bits(key) >= RARE for key in shared),
        bits=sum(map(rarity.bits, shared)),
        a=_side(a, b, rarity, {one.a_at for one in found}, [row_a[i].at for i, _j in whole.steps], residue),
        b=_side(b, a, rarity, {one.b_at for one in found}, [row_b[j].at for _i, j in whole.steps], residue),
        figure_row=figure_row,
        whole_row=whole,
        text=_text(a, b),
        residue=residue,
        drift=found,
        across=a.script != b.script,
        address=_address(a, b),
        lost_in_both=_lost_in_both(a.figures, b.figures, figure_row),
    )


def _slight(a: Features, b: Features, rarity: Rarity) -> Evidence:
    figures = tuple(sorted(key for key in a.found & b.found if key[0] in ("figure", "year", "date")))
    nothing = Side(own_bits=0.0, own=(), names=0, named=1.0, covered=0.0, uncredited=0)
    return Evidence(
        figures=figures, rare=sum(rarity.bits(key) >= RARE for key in figures), bits=sum(map(rarity.bits, figures)),
        a=nothing, b=nothing, figure_row=_NOTHING, whole_row=_NOTHING, text=0.0, residue=(), drift=(),
        across=a.script != b.script, address="", lost_in_both=0,
    )  # fmt: skip


def _keys(signs: Sequence[Sign]) -> set[Key]:
    return {(one.kind, one.key) for one in signs if one.key}


def _same_units(one: Features, other: Features) -> Features:
    """The text with the other's unit for a figure that it prints without a unit that could be read."""
    known = _keys(other.figures)
    units = {key.partition(" ")[0]: key for kind, key in known if kind == "figure" and " " in key}
    figures = tuple(
        replace(sign, key=units[sign.key])
        if sign.kind == "figure" and sign.key in units and ("figure", sign.key) not in known
        else sign
        for sign in one.figures
    )
    return replace(one, figures=figures)


def _row(one: Features, other: Features) -> list[Sign]:
    """Figures, names and words in the order of the text; a name that both texts assert stands for its words."""
    known = _keys(other.names)
    names = [sign for sign in one.names if (sign.kind, sign.key) in known]
    taken = {at for sign in names for at in range(sign.start, sign.end)}
    words = [sign for sign in one.words if sign.start not in taken]
    return sorted([*one.figures, *names, *words], key=lambda sign: sign.start)


def _side(
    one: Features, other: Features, rarity: Rarity, drifted: set[int], places: Sequence[float],
    residue: Sequence[SharedResidue],
) -> Side:  # fmt: skip
    known = _keys(other.figures)
    own = {
        (sign.kind, sign.key): sign.printed
        for index, sign in enumerate(one.figures)
        if sign.key and (sign.kind, sign.key) not in known and index not in drifted
    }
    named = _named(one)
    kept = named & (_keys(other.words) | _keys(other.names))
    return Side(
        own_bits=sum(map(rarity.bits, own)),
        own=tuple(own[key] for key in sorted(own, key=rarity.bits, reverse=True)),
        names=len(named),
        named=len(kept) / len(named) if named else 1.0,
        covered=covered(places),
        uncredited=0 if residue else sum(one.residue.credits.values()),
    )


def _named(one: Features) -> set[Key]:
    """The names of a text: those of the registry, and words that capitals or digits mark as names."""
    slugs = _keys(one.names)
    taken = {at for sign in one.names for at in range(sign.start, sign.end)}
    return slugs | {(sign.kind, sign.key) for sign in one.words if sign.cased and sign.start not in taken}


def _text(a: Features, b: Features) -> float:
    if a.shingles == b.shingles and len(a.shingles) >= _FEWEST_IN_SHORT:
        return 1.0
    fewer = min(len(a.shingles), len(b.shingles))
    return len(a.shingles & b.shingles) / fewer if fewer >= _FEWEST_SHINGLES else 0.0


def _address(a: Features, b: Features) -> str:
    return a.title_in_address if a.title_in_address == b.title_in_address else ""


def _lost_in_both(a: Sequence[Sign], b: Sequence[Sign], common: Chain) -> int:
    """How many figures that lost their digits stand between the same neighbors in both texts."""
    edges = [(-1, -1), *common.steps, (len(a), len(b))]
    return sum(
        min(_lost(a[left_a + 1 : right_a]), _lost(b[left_b + 1 : right_b]))
        for (left_a, left_b), (right_a, right_b) in pairwise(edges)
    )


def _lost(signs: Sequence[Sign]) -> int:
    return sum(sign.figure is not None and sign.figure.suspect == "digit-lost" for sign in signs)
