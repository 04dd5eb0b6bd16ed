"""What is wrong with several claims together: parts and wholes, sums, times outside a life. A list of rules.

A rule takes facts by ref and gives every Finding it has. What is known to be wrong, deprecated claims and misreports,
is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal
from typing import Any, Final

from claims.disputes.facts import Fact
from claims.disputes.ranges import day, meet
from claims.disputes.rules import Finding, Relation
from kb.lib.quantities import Interval, decimal_text

Facts = Mapping[str, Fact]
GroupRule = Callable[[Facts], Iterator[Finding]]
_EXACT: Final = Context(prec=200)


def faults(facts: Iterable[Fact], rules: Sequence[GroupRule] | None = None) -> list[Finding]:
    """All that the rules find among these claims."""
    known = {one.ref: one for one in facts if one.competes()}
    return [found for rule in (GROUP_RULES if rules is None else rules) for found in rule(known)]


def part_too_large(facts: Facts) -> Iterator[Finding]:
    """A part is larger than its whole, however both are read."""
    for part, whole in _pairs(facts):
        least, most = part.whole.lower, whole.whole.upper
        if (
            least is None
            or most is None
            or meet(part.whole, Interval(None, most, False, whole.whole.upper_open))
        ):
            continue
        told = {"unit": whole.base_unit, "part": decimal_text(least), "whole": decimal_text(most)}
        yield Finding(Relation.PART_TOO_LARGE, "part_too_large", (part.ref, whole.ref), told)


def sum_too_large(facts: Facts) -> Iterator[Finding]:
    """The parts together are larger than the whole, and none of them alone; versions of one part count once."""
    for whole, parts in _wholes(facts):
        if any(
            found.claims[1] == whole.ref
            for found in part_too_large({one.ref: one for one in (*parts, whole)})
        ):
            continue  # that is said of the part
        least = [min((one.whole.lower or Decimal(0)) for one in group) for group in _versions(parts)]
        total = _total(least)
        if len(least) > 1 and whole.whole.upper is not None and total > whole.whole.upper:
            yield _sum("sum_too_large", whole, parts, total, whole.whole.upper)


def sum_too_small(facts: Facts) -> Iterator[Finding]:
    """All parts that are entered have an amount, there are at least two, and together they do not reach the whole."""
    for whole, parts in _wholes(facts):
        if any(one.whole.upper is None for one in parts):
            continue  # one of them is not known, or open: it may be the rest
        most = [max((one.whole.upper or Decimal(0)) for one in group) for group in _versions(parts)]
        total = _total(most)
        if len(most) > 1 and whole.whole.lower is not None and total < whole.whole.lower:
            yield _sum("sum_too_small", whole, parts, total, whole.whole.lower)


def outside_life(facts: Facts) -> Iterator[Finding]:
    """Something is dated before its subject began, or after it ended, whichever of its dates is taken."""
    by_subject: dict[str, list[Fact]] = {}
    for one in facts.values():
        by_subject.setdefault(one.subject, []).append(one)
    for some in by_subject.values():
        births = [one for one in some if one.trait.bound == "begins" and one.time]
        deaths = [one for one in some if one.trait.bound == "ends" and one.time]
        for one in some:
            if one.trait.bound != "begins" and (born := _first(births)) and _before(one, born):
                yield _life("before", one, born)
            if not one.trait.bound and (died := _last(deaths)) and _before(died, one):
                yield _life("after", one, died)


GROUP_RULES: Final[tuple[GroupRule, ...]] = (part_too_large, sum_too_large, sum_too_small, outside_life)
PART_LINKS: Final = ("part-of",)


def _pairs(facts: Facts) -> Iterator[tuple[Fact, Fact]]:
    """Each part with its whole, where both are measured alike and hold at one time."""
    for part in facts.values():
        for relation, target in sorted(part.links):
            whole = facts.get(target)
            if relation not in PART_LINKS or whole is None or whole.amount is None:
                continue
            known = part.amount is not None and part.base_unit == whole.base_unit
            if (known or part.amount is None) and meet(part.valid, whole.valid):
                yield part, whole


def _wholes(facts: Facts) -> Iterator[tuple[Fact, list[Fact]]]:
    found: dict[str, list[Fact]] = {}
    for part, whole in _pairs(facts):
        found.setdefault(whole.ref, []).append(part)
    for ref, parts in found.items():
        yield facts[ref], sorted(parts, key=lambda one: one.ref)


def _versions(parts: Sequence[Fact]) -> list[list[Fact]]:
    """The parts, those that say the same thing together: one subject, property and scope."""
    found: dict[Any, list[Fact]] = {}
    for one in parts:
        found.setdefault((one.subject, one.property, tuple(sorted(one.scope.items()))), []).append(one)
    return list(found.values())


def _total(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for one in amounts:
        total = _EXACT.add(total, one)
    return total


def _sum(rule: str, whole: Fact, parts: Sequence[Fact], total: Decimal, limit: Decimal) -> Finding:
    told = {"unit": whole.base_unit, "sum": decimal_text(total), "whole": decimal_text(limit)}
    return Finding(Relation.WRONG_SUM, rule, (whole.ref, *(one.ref for one in parts)), told)


def _first(births: Sequence[Fact]) -> Fact | None:
    """The earliest beginning that somebody gives; one that is open has no beginning."""
    return min(births, key=lambda one: (_start(one), one.ref), default=None)


def _last(deaths: Sequence[Fact]) -> Fact | None:
    return max(deaths, key=lambda one: (_end(one), one.ref), default=None)


def _start(one: Fact) -> Decimal:
    low = one.time.widened.lower if one.time else None
    return Decimal("-Infinity") if low is None else low


def _end(one: Fact) -> Decimal:
    high = one.time.widened.upper if one.time else None
    return Decimal("Infinity") if high is None else high


def _before(first: Fact, second: Fact) -> bool:
    """Whether all days of the first lie before those of the second, “about” taken into account."""
    a = first.time.widened if first.time else first.when()
    b = second.time.widened if second.time else second.when()
    return (
        a is not None and b is not None and a.upper is not None and b.lower is not None and a.upper < b.lower
    )


def _life(side: str, one: Fact, bound: Fact) -> Finding:
    when, limit = one.when(), bound.when()
    end = when and (when.upper if side == "before" else when.lower)
    edge = limit and (limit.lower if side == "before" else limit.upper)
    told = {"side": side, "day": day(end) if end else None, "bound": day(edge) if edge else None}
    return Finding(Relation.OUTSIDE_LIFE, "outside_life", (one.ref, bound.ref), told)
