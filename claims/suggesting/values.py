"""What a figure says, so that it can be compared with claims."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

from claims.disputes.ranges import rounded
from claims.extraction.results import Figure, Reading
from claims.suggesting.known import KnownClaim
from kb.lib.edtf import Edtf, EdtfError, overlaps, parse
from kb.lib.quantities import Interval, QuantityError, base, interval

TIMES: Final = ("date", "year")
Nearness = Literal["same", "overlaps"]


@dataclass(frozen=True, slots=True)
class Value:
    """What a figure says, comparable with claims: an interval in a base unit, or a time."""

    base_unit: str = ""
    amount: Decimal = Decimal(0)
    whole: Interval = field(default_factory=lambda: Interval(None, None))
    anchor: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))  # without the open side of a bound
    rounded: Interval = field(default_factory=lambda: Interval(None, None))
    time: str = ""


def value_of(figure: Figure) -> Value | None:
    """The figure's value; None where it could not be read, or has no unit that can be compared."""
    if figure.value is None:
        return None
    if figure.kind in TIMES:
        return Value(time=figure.value)
    try:
        whole = _in_base(interval(figure.comparator, figure.value, figure.value_max), unit_of(figure))
        near = _in_base(rounded(Decimal(figure.value)), unit_of(figure))
        amount, code = base(figure.value, unit_of(figure))
    except QuantityError:
        return None
    low = amount if whole.lower is None else whole.lower
    high = amount if whole.upper is None else whole.upper
    return Value(code, amount, whole, (low, high), near)


def _in_base(found: Interval, code: str) -> Interval:
    ends = [None if end is None else base(end, code)[0] for end in (found.lower, found.upper)]
    return Interval(ends[0], ends[1], found.lower_open, found.upper_open)


def unit_of(figure: Figure) -> str:
    """The unit's code; what is counted has `count`."""
    return figure.unit or "count"


def figure_in(reading: Reading, span: tuple[int, int]) -> Figure | None:
    """The figure that stands at `span`, else the first that lies wholly in it."""
    inside = [one for one in reading.figures if span[0] <= one.start and one.end <= span[1]]
    return next((one for one in inside if (one.start, one.end) == span), inside[0] if inside else None)


def anchor(claim: KnownClaim) -> tuple[Decimal, Decimal]:
    """The ends of the claim's amount, an open one closed."""
    amount = claim.amount or Decimal(0)
    return (
        amount if claim.lower is None else claim.lower,
        amount if claim.upper is None else claim.upper,
    )


def same_time(time: str, others: Iterable[str]) -> Literal["same", "overlaps"] | None:
    if time in others:
        return "same"
    try:
        found = _parsed(time)
        return "overlaps" if any(overlaps(found, _parsed(other)) for other in others) else None
    except EdtfError:
        return None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Edtf:
    """`parse`, remembered: each figure of an article is held against the same few thousand times."""
    return parse(text)
