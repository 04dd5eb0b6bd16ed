"""How a copy's figures differ from those of the text it shares an origin with, and what it says of them. Pure Python.

Two texts are aligned by the figures that both print; what stands between the same neighbors, and in neither other
text, is held against each other. Of figures in both it is compared whose word they are and whether one is part of
another, where both texts say so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, Literal

from claims.extraction.results import Figure
from claims.lineage.alignment import Chain
from claims.lineage.features import Features, number
from claims.lineage.signs import Sign
from claims.lineage.statements import Tie, Voice

DriftKind = Literal["digit-lost", "separator", "unit", "scope", "rounded", "date", "relation", "attribution"]
_LONGEST_GAP: Final = 12  # figures between two neighbors; beyond, nothing says which belongs to which
_TELLING_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Drift:
    """One figure as both texts print it, the kind of difference, and which text lost something: "a", "b" or "".

    Of a relation or attribution `a` and `b` are the words that say it. `a_at` and `b_at` are the indexes of the
    figures in the two sequences compared.
    """

    kind: DriftKind
    a: str
    b: str
    lost_in: Literal["a", "b", ""]
    a_at: int
    b_at: int


def drifts(a: Sequence[Sign], b: Sequence[Sign], common: Chain) -> list[Drift]:
    """The differences between figures of `a` and `b`, in the order of the texts; `common` is their chain."""
    keys_a, keys_b = {one.key for one in a}, {one.key for one in b}
    found: list[Drift] = []
    steps = set(common.steps)
    edges = [(-1, -1), *common.steps, (len(a), len(b))]
    for (left_a, left_b), (right_a, right_b) in pairwise(edges):
        gap_a = [i for i in range(left_a + 1, right_a) if a[i].in_body]
        gap_b = [j for j in range(left_b + 1, right_b) if b[j].in_body]
        if gap_a and gap_b and max(len(gap_a), len(gap_b)) <= _LONGEST_GAP:
            found += _between(a, b, gap_a, gap_b, keys_a, keys_b)
        if (right_a, right_b) in steps and (kind := _within(a[right_a].figure, b[right_b].figure)):
            found.append(Drift(kind, a[right_a].printed, b[right_b].printed, "", right_a, right_b))
    return found


def _within(one: Figure | None, other: Figure | None) -> DriftKind | None:
    """How two figures with one key differ all the same: in the year of a date, in the period of a rate."""
    if one is None or other is None:
        return None
    if one.per and other.per and one.per != other.per:
        return "scope"
    if one.kind == other.kind == "date" and one.value and other.value and _nearly(one.value, other.value):
        return "date"
    return None


def _between(
    a: Sequence[Sign], b: Sequence[Sign], gap_a: Sequence[int], gap_b: Sequence[int],
    keys_a: set[str], keys_b: set[str],
) -> Iterator[Drift]:  # fmt: skip
    free = list(gap_b)
    for i in gap_a:
        for j in free:
            known = a[i].key in keys_b or b[j].key in keys_a
            kind, lost_in = difference(a[i], b[j])
            if kind and (kind == "digit-lost" or not known):
                yield Drift(kind, a[i].printed, b[j].printed, lost_in, i, j)
                free = free[free.index(j) + 1 :]
                break


def difference(a: Sign, b: Sign) -> tuple[DriftKind | None, Literal["a", "b", ""]]:
    """How two figures that may be one statement differ, and which text lost something; None if they are unlike."""
    one, other = a.figure, b.figure
    if one is None or other is None:
        return None, ""
    if (one.value is None) != (other.value is None):
        suspect = (one if one.value is None else other).suspect
        fits = one.kind == other.kind and (one.unit == other.unit or None in (one.unit, other.unit))
        lost: Literal["a", "b"] = "a" if one.value is None else "b"
        return ("digit-lost", lost) if fits and suspect == "digit-lost" else (None, "")
    if one.value is None or other.value is None or one.value_max != other.value_max:
        return None, ""
    if one.kind == "date" and other.kind == "date":
        return ("date", "") if _nearly(one.value, other.value) else (None, "")
    if {one.kind, other.kind} & {"date", "year"}:
        return None, ""
    return _of_numbers(Decimal(one.value), Decimal(other.value), one.unit, other.unit, one.kind == other.kind)


def _of_numbers(
    one: Decimal, other: Decimal, unit: str | None, other_unit: str | None, alike: bool
) -> tuple[DriftKind | None, Literal["a", "b", ""]]:
    if one == other:
        return ("unit", "") if unit != other_unit and len(_digits(one)) >= _TELLING_DIGITS else (None, "")
    if unit != other_unit or not alike or not one or not other:
        return None, ""
    digits, others = _digits(one), _digits(other)
    if digits == others:
        return ("separator", "") if len(digits) >= _TELLING_DIGITS else (None, "")
    if len(digits) != len(others) and _rounds(
        max(one, other, key=_precision), min(one, other, key=_precision)
    ):
        return "rounded", "a" if len(digits) < len(others) else "b"
    return None, ""


def _digits(number: Decimal) -> str:
    """The digits that say something: without zeros at either end."""
    return "".join(map(str, number.as_tuple().digits)).strip("0")


def _precision(number: Decimal) -> int:
    return len(_digits(number))


def _rounds(exact: Decimal, rounded: Decimal) -> bool:
    """Whether `rounded` is `exact` with fewer digits, cut or rounded."""
    unit = Decimal(1).scaleb(rounded.adjusted() - len(_digits(rounded)) + 1)
    return exact.adjusted() - rounded.adjusted() in (0, -1) and abs(exact - rounded) < unit


def _nearly(one: str, other: str) -> bool:
    """Whether two dates (EDTF) differ in one of year, month and day alone."""
    fields, others = one.strip("~?%").split("-"), other.strip("~?%").split("-")
    return len(fields) == len(others) > 1 and sum(x != y for x, y in zip(fields, others, strict=True)) == 1


# What is said of figures that both print -------------------------------------------------------------------------


def restated(a: Features, b: Features, common: Chain) -> list[Drift]:
    """Where the texts say otherwise of figures in both what these are part of, or whose word they are."""
    return [*_relations(a, b, _tied(a), _tied(b)), *_attributions(a, b, common.steps)]


def restated_at(a: Features, a_at: int, b: Features, b_at: int) -> list[Drift]:
    """The same of one figure of each, which an editor read as one statement."""
    ties = _relations(a, b, _tied(a, a_at), _tied(b, b_at))
    return [*ties, *_attributions(a, b, [(a_at, b_at)])]


def _tied(text: Features, at: int | None = None) -> Mapping[frozenset[str], list[Tie]]:
    """The ties by the two numbers; with `at` those of one figure, by the other number."""
    found: dict[frozenset[str], list[Tie]] = {}
    for tie in text.said.ties:
        if at in (None, tie.first, tie.second):
            places = {tie.first, tie.second} - {at}
            found.setdefault(frozenset(number(text.figures[one].key) for one in places), []).append(tie)
    return found


def _relations(
    a: Features, b: Features, tied_a: Mapping[frozenset[str], list[Tie]], tied_b: Mapping[frozenset[str], list[Tie]]
) -> Iterator[Drift]:  # fmt: skip
    for numbers in (one for one in tied_a if one in tied_b):
        kinds = {tie.kind for tie in tied_a[numbers]}, {tie.kind for tie in tied_b[numbers]}
        if len(kinds[0]) == len(kinds[1]) == 1 and kinds[0] != kinds[1]:
            one, other = tied_a[numbers][0], tied_b[numbers][0]
            yield Drift("relation", one.printed, other.printed, "", one.second, other.second)


def _attributions(a: Features, b: Features, steps: Iterable[tuple[int, int]]) -> Iterator[Drift]:
    said_a, said_b = ({one.figure: one for one in text.said.voices} for text in (a, b))
    for i, j in steps:
        if i in said_a and j in said_b and _by_another(a, said_a[i], b, said_b[j]):
            yield Drift("attribution", said_a[i].printed, said_b[j].printed, "", i, j)


def _by_another(a: Features, one: Voice, b: Features, other: Voice) -> bool:
    """Whether both name who says it, and not the same.

    Names are often translated. So in another language one of the two must be known to the other text.
    """
    named, others = one.names | (one.keys & b.said.named), other.names | (other.keys & a.said.named)
    if not named or not others or named & other.keys or others & one.keys:
        return False
    same_language = a.language.partition("-")[0] == b.language.partition("-")[0]
    return same_language or not named.isdisjoint(b.found) or not others.isdisjoint(a.found)
