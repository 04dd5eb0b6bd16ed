"""A claim as the rules see it, made from the body that desk and ledger share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from claims.disputes.ranges import EVERYTHING, days, rounded
from kb.lib.quantities import Interval, base, interval

Body = Mapping[str, Any]
Bound = Literal["begins", "ends", ""]
_BOUNDS: Final = frozenset({"gt", "ge", "lt", "le"})
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_SLACK: Final = {"": 0, "day": 1, "month": 31, "year": 366}


@dataclass(frozen=True, slots=True)
class Time:
    """`text` is EDTF; `range` holds the numbers of its days; `slack` is how many more days “about” allows."""

    text: str
    range: Interval
    slack: int = 0

    @property
    def widened(self) -> Interval:
        low, high = self.range.lower, self.range.upper
        return Interval(low and low - self.slack, high and high + self.slack)


@dataclass(frozen=True, slots=True)
class Trait:
    """What a property says about its claims. `bound`: its time begins or ends the life of the subject."""

    functional: bool = False
    event: bool = False
    bound: Bound = ""
    required: frozenset[str] = frozenset()  # the dimensions of scope that it asks for


@dataclass(frozen=True, slots=True)
class Fact:
    """One claim. Amounts are in the base unit; `whole` is what its words allow, `near` what its figure may stand for.

    Refs of merged entities are those they were merged into. A time that is not given holds for ever.
    """

    ref: str
    subject: str
    property: str
    trait: Trait = field(default_factory=Trait)
    value_kind: str = "known"
    comparator: str = ""
    amount: Decimal | None = None
    base_unit: str = ""
    whole: Interval = EVERYTHING
    near: Interval = EVERYTHING
    entity: str = ""
    text: Mapping[str, str] = field(default_factory=dict)
    time: Time | None = None
    scope: Mapping[str, str] = field(default_factory=dict)
    point: Time | None = None
    valid: Interval = EVERYTHING
    asserted_by: str = ""
    asserted: Time | None = None
    links: frozenset[tuple[str, str]] = frozenset()
    rank: str = "normal"

    def is_bound(self) -> bool:
        """Whether it says only from where on, or up to where."""
        return self.comparator in _BOUNDS

    def misreports(self) -> bool:
        """Whether it is linked to the claim that it misreports."""
        return any(relation == "misreports" for relation, _claim in self.links)

    def competes(self) -> bool:
        """Whether it is an answer that others may contradict: it is not known to be wrong."""
        return self.rank != "deprecated" and not self.misreports()

    def when(self) -> Interval | None:
        """The days it speaks of; None where it has no time."""
        if self.time is not None:
            return self.time.range
        return None if self.valid == EVERYTHING else self.valid


def fact(body: Body, trait: Trait, heirs: Mapping[str, str] = _NOTHING) -> Fact:
    """The claim of a body. `heirs` leads from merged entities to those that stand for them."""
    value = body["value"]
    whole, near, unit, amount = _amounts(value)
    return Fact(
        ref=body["ref"],
        subject=heirs.get(body["subject"], body["subject"]),
        property=body["property"],
        trait=trait,
        value_kind=value["kind"],
        comparator=value["comparator"] or "",
        amount=amount,
        base_unit=unit,
        whole=whole,
        near=near,
        entity=heirs.get(value["entity"] or "", value["entity"] or ""),
        text=value["text"] or {},
        time=_time(value["time"]),
        scope={one["dimension"]: one["term"] for one in body["scope"]},
        point=_time(body["point_in_time"]),
        valid=_valid(body),
        asserted_by=heirs.get(body["asserted_by"] or "", body["asserted_by"] or ""),
        asserted=_time(body["asserted_on"]),
        links=frozenset((one["relation"], one["claim"]) for one in body["links"]),
        rank=body["rank"],
    )


def _amounts(value: Body) -> tuple[Interval, Interval, str, Decimal | None]:
    if value["amount"] is None:
        return EVERYTHING, EVERYTHING, "", None
    given = interval(
        value["comparator"],
        value["amount"],
        value["upper_amount"],
        value["lower_bound"],
        value["upper_bound"],
    )
    amount, unit = base(value["amount"], value["unit"])
    near = rounded(Decimal(value["amount"]))
    return _in_base(given, value["unit"]), _in_base(near, value["unit"]), unit, amount


def _in_base(found: Interval, code: str) -> Interval:
    low, high = (None if end is None else base(end, code)[0] for end in (found.lower, found.upper))
    return Interval(low, high, found.lower_open, found.upper_open)


def _time(body: Body | None) -> Time | None:
    """A time of a body; a qualified one (~, ?, %) allows a day, a month or a year more, as finely as it is given."""
    if body is None:
        return None
    text = str(body["edtf"])
    loose = any(mark in text for mark in "~?%")
    first = text.partition("/")[0].rstrip("~?%")
    slack = ("", "year", "month", "day")[min(first.count("-") + 1, 3)] if loose else ""
    return Time(text, days(_day(body["earliest"]), _day(body["latest"])), _SLACK[slack])


def _valid(body: Body) -> Interval:
    if body["point_in_time"]:
        return days(_day(body["point_in_time"]["earliest"]), _day(body["point_in_time"]["latest"]))
    first, last = body["valid_from"] or {}, body["valid_to"] or {}
    return days(_day(first.get("earliest")), _day(last.get("latest")))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
