"""Two claims against each other: a list of rules, of which the first that has something to say decides.

A rule takes two facts and gives a Finding or None. `relate` runs them in order. To add one, write a function with a
docstring (docs/disputes.md lists them) and put it in RULES; the tests want an example that fails without it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from claims.disputes.facts import Fact, Time
from claims.disputes.ranges import day, hull, inside, meet
from kb.lib.quantities import Interval, decimal_text


class Relation(StrEnum):
    """How two claims stand to each other, or what is wrong with several."""

    EQUAL = "equal"
    COMPATIBLE = "compatible"
    REFINED = "refined"
    CONTRADICTORY = "contradictory"
    OTHER_QUESTION = "other-question"
    OTHER_TIME = "other-time"
    SUPERSEDED = "superseded"
    COPY_ERROR = "copy-error"
    PART = "part"
    NOT_COMPARABLE = "not-comparable"
    PART_TOO_LARGE = "part-too-large"
    WRONG_SUM = "wrong-sum"
    OUTSIDE_LIFE = "outside-life"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: `told` is what a sentence about it needs, as JSON, refs instead of names.

    `claims` are refs, in the order in which the sentence speaks of them.
    """

    relation: Relation
    rule: str
    claims: tuple[str, ...]
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """A dimension in which two scopes differ; an empty term is one that is not given."""

    dimension: str
    first: str
    second: str

    @property
    def is_difference(self) -> bool:
        """Whether both sides give a term."""
        return bool(self.first and self.second)


Rule = Callable[[Fact, Fact], Finding | None]


def relate(a: Fact, b: Fact, rules: Sequence[Rule] | None = None) -> Finding:
    """How the two stand to each other. The rules but `linked` do not mind the order of the two."""
    for rule in RULES if rules is None else rules:
        if (found := rule(a, b)) is not None:
            return found
    return _found(
        Relation.NOT_COMPARABLE, "no_rule", a, b
    )  # words: whether they disagree is for people to say


def gaps(first: Mapping[str, str], second: Mapping[str, str]) -> list[Gap]:
    """Where two scopes differ, by dimension."""
    named = sorted({*first, *second})
    found = [Gap(name, first.get(name, ""), second.get(name, "")) for name in named]
    return [one for one in found if one.first != one.second]


def linked(a: Fact, b: Fact) -> Finding | None:
    """An editor linked the one to the other: it supersedes, misreports, narrows or is part of it."""
    for first, second in ((a, b), (b, a)):
        for relation, said in _LINKED.items():
            if (relation, second.ref) in first.links:
                return Finding(said, "linked", (first.ref, second.ref), {"link": relation})
    return None


_LINKED: Final = {
    "supersedes": Relation.SUPERSEDED,
    "misreports": Relation.COPY_ERROR,
    "narrows": Relation.REFINED,
    "part-of": Relation.PART,
}


def misreport(a: Fact, b: Fact) -> Finding | None:
    """One is linked as misreporting a third claim: that one may be contradicted, the copy's mistake may not."""
    for first, second in ((a, b), (b, a)):
        if first.misreports():
            return _found(Relation.NOT_COMPARABLE, "misreport", first, second)
    return None


def another_question(a: Fact, b: Fact) -> Finding | None:
    """They are about another subject or property, or give another term in a dimension of scope: both can hold."""
    found = gaps(a.scope, b.scope)
    about = [
        name for name in ("subject", "property") if getattr(a, name) != getattr(b, name)
    ]  # fmt: skip
    if not about and not any(one.is_difference for one in found):
        return None
    return _found(Relation.OTHER_QUESTION, "another_question", a, b, {"about": about})


def one_event(a: Fact, b: Fact) -> Finding | None:
    """Both tell when the same thing happened to the same subject: their times are compared like dates."""
    same = (a.subject, a.property) == (b.subject, b.property) and a.trait.event
    told = bool(a.entity or a.text) and (a.entity, a.text) == (b.entity, b.text)
    if not same or not told or a.point is None or b.point is None:
        return None
    found = _dates(a, b, a.point, b.point, "one_event")
    if found.relation == Relation.CONTRADICTORY and not a.trait.functional:
        return None  # it may have happened twice
    return found


def another_time(a: Fact, b: Fact) -> Finding | None:
    """They hold at times that share no day."""
    if meet(a.valid, b.valid):
        return None
    return _found(Relation.OTHER_TIME, "another_time", a, b, {"times": [_shown(a.valid), _shown(b.valid)]})


def nothing_stated(a: Fact, b: Fact) -> Finding | None:
    """At least one gives no value: “not known” denies nothing, “none” denies any value."""
    kinds = {a.value_kind, b.value_kind}
    if kinds == {"known"}:
        return None
    if len(kinds) == 1:
        return _found(Relation.EQUAL, "nothing_stated", a, b, {"kinds": [a.value_kind, b.value_kind]})
    clash = kinds == {"known", "none"}
    relation = Relation.CONTRADICTORY if clash else Relation.NOT_COMPARABLE
    return _found(relation, "nothing_stated", a, b, {"kinds": [a.value_kind, b.value_kind]})


def other_unit(a: Fact, b: Fact) -> Finding | None:
    """Amounts without a common unit: two currencies, or months and days."""
    if a.amount is None or b.amount is None or a.base_unit == b.base_unit:
        return None
    return _found(Relation.NOT_COMPARABLE, "other_unit", a, b, {"units": [a.base_unit, b.base_unit]})


def same_value(a: Fact, b: Fact) -> Finding | None:
    """The same amount, entity, words or days."""
    if a.amount is not None and b.amount is not None:
        same = a.whole == b.whole
    elif a.time is not None and b.time is not None:
        same = a.time.range == b.time.range
    else:
        same = (a.entity, a.text) == (b.entity, b.text)
    return _found(Relation.EQUAL, "same_value", a, b) if same else None


def rounding(a: Fact, b: Fact) -> Finding | None:
    """One figure may be the other one, rounded; against a bound, the figure may lie beyond it unrounded."""
    if a.amount is None or b.amount is None or (a.is_bound() and b.is_bound()) or meet(a.whole, b.whole):
        return None
    if not meet(_loose(a), b.whole) and not meet(a.whole, _loose(b)):
        return None
    relation = Relation.COMPATIBLE if a.is_bound() or b.is_bound() else Relation.EQUAL
    return _found(relation, "rounding", a, b, _amounts(a, b))


def one_inside(a: Fact, b: Fact) -> Finding | None:
    """All that the one allows lies in what the other allows: it says more precisely the same."""
    for first, second in ((a, b), (b, a)):
        if first.time is not None and second.time is not None:
            if inside(first.time.range, second.time.range):
                return _found(Relation.REFINED, "one_inside", first, second, _times(first.time, second.time))
        elif first.amount is not None and second.amount is not None and inside(first.whole, second.whole):
            return _found(Relation.REFINED, "one_inside", first, second, _amounts(first, second))
    return None


def overlap(a: Fact, b: Fact) -> Finding | None:
    """The two ranges have something in common, so both can hold; “about” stretches a date by a day, month or year."""
    if a.time is not None and b.time is not None:
        met = meet(a.time.widened, b.time.range) or meet(a.time.range, b.time.widened)
        return _found(Relation.COMPATIBLE, "overlap", a, b, _times(a.time, b.time)) if met else None
    if a.amount is None or b.amount is None or not meet(a.whole, b.whole):
        return None
    return _found(Relation.COMPATIBLE, "overlap", a, b, _amounts(a, b))


def several(a: Fact, b: Fact) -> Finding | None:
    """Different entities or dates of a property that may have several values."""
    if a.trait.functional or not ((a.entity and b.entity) or (a.time and b.time)):
        return None
    return _found(Relation.COMPATIBLE, "several", a, b)


def apart(a: Fact, b: Fact) -> Finding | None:
    """Nothing is in both, so at most one of them is right."""
    if a.time is not None and b.time is not None:
        return _found(Relation.CONTRADICTORY, "apart", a, b, _times(a.time, b.time))
    if a.amount is not None and b.amount is not None:
        return _found(Relation.CONTRADICTORY, "apart", a, b, _amounts(a, b))
    if a.entity and b.entity:
        return _found(Relation.CONTRADICTORY, "apart", a, b)
    return None


def dates_of_one_question(a: Fact, b: Fact) -> Finding | None:
    """In a dispute: members about one subject that each tell a day are compared by it, whatever the property."""
    first, second = a.time or a.point, b.time or b.point
    if a.subject != b.subject or a.amount is not None or b.amount is not None:
        return None
    if first is None or second is None or not (a.trait.event and b.trait.event):
        return None
    return _dates(a, b, first, second, "dates_of_one_question")


RULES: Final[tuple[Rule, ...]] = (
    linked, misreport, another_question, one_event, another_time, nothing_stated, other_unit, same_value, one_inside,
    rounding, overlap, several, apart,
)  # fmt: skip
# What an editor has put into one dispute answers one question, so events of two properties are held together.
IN_A_DISPUTE: Final[tuple[Rule, ...]] = (dates_of_one_question, *RULES)


def _dates(a: Fact, b: Fact, first: Time, second: Time, rule: str) -> Finding:
    told = _times(first, second)
    if first.range == second.range:
        return _found(Relation.EQUAL, rule, a, b, told)
    if inside(first.range, second.range):
        return _found(Relation.REFINED, rule, a, b, told)
    if inside(second.range, first.range):
        return _found(Relation.REFINED, rule, b, a, _times(second, first))
    met = meet(first.widened, second.range) or meet(first.range, second.widened)
    return _found(Relation.COMPATIBLE if met else Relation.CONTRADICTORY, rule, a, b, told)


def _found(relation: Relation, rule: str, a: Fact, b: Fact, told: Mapping[str, Any] | None = None) -> Finding:
    """With where the scopes differ: what only one side gives is said too, since it may explain all."""
    differ = [[one.dimension, one.first, one.second] for one in gaps(a.scope, b.scope)]
    return Finding(relation, rule, (a.ref, b.ref), dict(told or {}) | ({"scope": differ} if differ else {}))


def _loose(one: Fact) -> Interval:
    """What the claim allows if its figure was rounded; a bound is taken by its word."""
    return one.whole if one.is_bound() or one.comparator == "range" else hull(one.whole, one.near)


def _amounts(a: Fact, b: Fact) -> dict[str, Any]:
    return {"unit": a.base_unit, "ranges": [_ends(a.whole), _ends(b.whole)]}


def _times(a: Time, b: Time) -> dict[str, Any]:
    return {"dates": [a.text, b.text]}


def _ends(found: Interval) -> list[str | bool | None]:
    low, high = (None if end is None else decimal_text(end) for end in (found.lower, found.upper))
    return [low, high, found.lower_open, found.upper_open]


def _shown(span: Interval) -> list[str | None]:
    return [None if end is None else day(end) for end in (span.lower, span.upper)]
