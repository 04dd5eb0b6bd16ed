"""Where the figures of a dispute stand on one axis: pure layout, in percent of the axis.

A figure is drawn as it is known: an exact one is a point, "about" and a range are an interval, "more than" is an
open end. Figures that span decades share a logarithmic axis. The templates draw, this only measures.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any, Final, Literal

from kb.lib.figures import short_quantity
from kb.lib.quantities import UnknownUnit, base, interval

Claim = Mapping[str, Any]
Shape = Literal["point", "soft", "range", "more", "less"]

MARGIN: Final = 4.0  # percent of the axis kept free at either end
DECADES: Final = 1.3  # from this many powers of ten on, the axis is logarithmic
NARROWEST: Final = 2.2  # percent; a thinner interval could not be seen


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid. A minor one gives up its label where there is little room."""

    at: float
    label: str
    minor: bool

    @property
    def anchor(self) -> str:
        """Where the label hangs: labels at the ends stay inside the drawing."""
        return "start" if self.at < 12 else "end" if self.at > 88 else "middle"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One figure: its shape, the place of its amount, and the ends of its interval, in percent."""

    claim: Claim
    shape: Shape
    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return round(self.end - self.start, 2)


@dataclass(frozen=True, slots=True)
class Chart:
    """An axis with its figures, smallest first."""

    unit: str
    logarithmic: bool
    ticks: list[Tick]
    rows: list[Drawn]
    grouped: bool = False  # the rows of one property stand together, since each answers a question of its own


def figure_chart(claims: Sequence[Claim], language: str, *, grouped: bool = False) -> Chart | None:
    """One axis for the claims whose amounts can be set side by side; None for fewer than two. `grouped` sets the
    figures of different properties apart, where there are several.

    Of several units the commonest is drawn; the table beside the picture holds them all.
    """
    amounts = [(claim, _based(claim)) for claim in claims]
    drawn = [(claim, found) for claim, found in amounts if found is not None]
    if not drawn:
        return None
    unit = Counter(found.unit for _claim, found in drawn).most_common(1)[0][0]
    same = sorted(
        ((claim, found) for claim, found in drawn if found.unit == unit), key=lambda pair: pair[1].amount
    )
    if len(same) < 2:
        return None
    scale = _scale([found for _claim, found in same])
    questions = list(dict.fromkeys(claim["property"]["ref"] for claim, _found in same)) if grouped else []
    if len(questions) > 1:
        same.sort(key=lambda pair: questions.index(pair[0]["property"]["ref"]))
    return Chart(
        unit=unit,
        logarithmic=scale.logarithmic,
        ticks=[
            Tick(scale.at(value), short_quantity(value, unit, language), minor=index % 2 == 1)
            for index, value in enumerate(scale.ticks)
        ],
        rows=[_drawn(claim, found, scale) for claim, found in same],
        grouped=len(questions) > 1,
    )


@dataclass(frozen=True, slots=True)
class _Based:
    """An amount in its base unit, with the interval it stands for."""

    unit: str
    comparator: str
    amount: Decimal
    lower: Decimal | None
    upper: Decimal | None


def _based(claim: Claim) -> _Based | None:
    value = claim.get("value") or {}
    if value.get("amount") is None:
        return None
    unit = value.get("unit") or "count"
    comparator = value.get("comparator") or "eq"
    known = interval(
        comparator,
        value["amount"],
        value.get("upper_amount"),
        value.get("lower_bound"),
        value.get("upper_bound"),
    )

    def to_base(amount: Decimal) -> Decimal:
        try:
            return base(amount, unit)[0]
        except UnknownUnit:
            return amount

    try:
        base_unit = base(Decimal(0), unit)[1]
    except UnknownUnit:
        base_unit = unit
    return _Based(
        unit=base_unit,
        comparator=comparator,
        amount=to_base(Decimal(value["amount"])),
        lower=None if known.lower is None else to_base(known.lower),
        upper=None if known.upper is None else to_base(known.upper),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """The axis from `first` to `last` (exponents of ten when logarithmic)."""

    logarithmic: bool
    first: float
    last: float
    ticks: list[Decimal]

    def at(self, value: Decimal) -> float:
        place = log10(value) if self.logarithmic else float(value)
        share = (place - self.first) / (self.last - self.first)
        return round(MARGIN + share * (100 - 2 * MARGIN), 2)


def _scale(found: Sequence[_Based]) -> _Scale:
    values = [value for one in found for value in (one.lower, one.amount, one.upper) if value is not None]
    low, high = min(values), max(values)
    positive = min((one.amount for one in found), default=Decimal(0)) > 0 and low > 0
    if positive and high > 0 and log10(high / low) >= DECADES:
        first, last = floor(log10(low)), ceil(log10(high))
        return _Scale(True, first, last, [Decimal(10) ** power for power in range(first, last + 1)])
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    high = high if high > low else Decimal(1)
    step = _step(high - low)
    first_tick, last_tick = floor(low / step), ceil(high / step)
    ticks = [step * index for index in range(first_tick, last_tick + 1)]
    return _Scale(False, float(ticks[0]), float(ticks[-1]), ticks)


def _step(span: Decimal) -> Decimal:
    """A round step that cuts the span in about five."""
    if not span:
        return Decimal(1)
    rough = span / 5
    magnitude = Decimal(10) ** floor(log10(rough))
    for factor in (1, 2, 5):
        if magnitude * factor >= rough:
            return magnitude * factor
    return magnitude * 10


def _drawn(claim: Claim, found: _Based, scale: _Scale) -> Drawn:
    at = scale.at(found.amount)
    if found.comparator in {"gt", "ge"}:
        return Drawn(claim, "more", at, at, 100.0)
    if found.comparator in {"lt", "le"}:
        return Drawn(claim, "less", at, 0.0, at)
    if found.lower is None or found.upper is None or found.lower == found.upper:
        return Drawn(claim, "point", at, at, at)
    start, end = scale.at(found.lower), scale.at(found.upper)
    if (thin := NARROWEST - (end - start)) > 0:
        start, end = round(start - thin / 2, 2), round(end + thin / 2, 2)
    return Drawn(claim, "range" if found.comparator == "range" else "soft", at, start, end)
