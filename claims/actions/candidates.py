"""Which published claims a claim may stand against: read from the ledger's index, a fixed number of queries a claim.

What is read is bounded: of a claim's possible opponents at most MOST are looked at, of a whole's parts MOST_PARTS.
What is known to be wrong, deprecated claims and misreports, stands against nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.disputes.drafting import FAR_APART
from claims.disputes.facts import Fact, Trait, fact
from claims.disputes.groups import PART_LINKS
from claims.ledger.models import GONE, OPEN, ClaimIndex, Link, Record
from claims.ledger.upcast import upcast
from claims.models import LifeBound
from kb.lib.quantities import Interval

Body = dict[str, Any]
MOST: Final = 100
MOST_FAR: Final = 20  # of those that answer another question
MOST_PARTS: Final = 500
MOST_DATED: Final = 100  # of subjects whose beginning or end is published
FEW: Final = 5  # so many more for each claim that is looked at together with others


@dataclass
class Published:
    """Bodies, facts and merges of what stands in the ledger now; each ref is fetched once."""

    bodies: dict[str, Body] = field(default_factory=dict)
    heirs: dict[str, str] = field(default_factory=dict)  # from merged entities to those that stand for them
    traits: dict[str, Trait] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def claims(self, refs: Iterable[str]) -> list[Body]:
        """The bodies of those of the claims that stand; one query for those that are new."""
        wanted = list(dict.fromkeys(refs))
        missing = [ref for ref in wanted if ref not in self.bodies]
        if missing:
            standing = Record.objects.filter(ref__in=missing, kind="claim", edition_to=OPEN, redacted="")
            self.keep(standing.exclude(op__in=GONE))
        return [self.bodies[ref] for ref in wanted if ref in self.bodies]

    def keep(self, records: Iterable[Record]) -> list[str]:
        """Take these claims' records in; their refs."""
        refs = []
        for record in records:
            if record.body:
                self.bodies[record.ref] = upcast("claim", json.loads(record.body), record.format)
                refs.append(record.ref)
        return refs

    def facts(self, refs: Iterable[str]) -> dict[str, Fact]:
        """The claims as the rules see them, merged entities under their heirs' refs."""
        bodies = self.claims(refs)
        self._follow(
            {
                one
                for body in bodies
                for one in (body["subject"], body["value"]["entity"], body["asserted_by"])
                if one
            }
        )
        self._learn({body["property"] for body in bodies})
        return {body["ref"]: fact(body, self.traits[body["property"]], self.heirs) for body in bodies}

    def family(self, subjects: Iterable[str]) -> dict[str, list[str]]:
        """Each subject's heir and all that was merged into it."""
        subjects = list(subjects)
        self._follow(set(subjects))
        heads = {one: self.heirs.get(one, one) for one in subjects}
        found = {head: [head] for head in heads.values()}
        fresh = {head: head for head in found}
        while fresh:
            rows = Link.objects.filter(role="merged-into", target_ref__in=list(fresh), edition_to=OPEN)
            fresh = {ref: fresh[target] for ref, target in rows.values_list("ref", "target_ref")}
            for ref, head in fresh.items():
                found[head].append(ref)
        return {one: found[head] for one, head in heads.items()}

    def _follow(self, entities: set[str]) -> None:
        """Learn what the entities were merged into; one query where nothing was merged."""
        fresh, steps = entities - self._seen, dict[str, str]()
        self._seen |= fresh
        while fresh:
            rows = Link.objects.filter(role="merged-into", ref__in=list(fresh), edition_to=OPEN)
            found = dict(rows.values_list("ref", "target_ref"))
            steps |= found
            fresh = set(found.values()) - set(steps)
        for start in steps:
            end = start
            while end in steps:
                end = steps[end]
            self.heirs[start] = self.heirs.get(end, end)

    def _learn(self, properties: set[str]) -> None:
        missing = properties - set(self.traits)
        if not missing:
            return
        bounds = dict(LifeBound.objects.values_list("property__ref", "bound"))
        for record in Record.objects.filter(ref__in=list(missing), edition_to=OPEN):
            body = upcast(record.kind, json.loads(record.body), record.format) if record.body else {}
            self.traits[record.ref] = Trait(
                bool(body.get("functional")),
                bool(body.get("event")),
                bounds.get(record.ref, ""),  # type: ignore[arg-type]  # the table's constraint
                frozenset(body.get("required_scope") or ()),
            )
        for ref in missing - set(self.traits):
            self.traits[ref] = Trait()


def opponents(published: Published, facts: Sequence[Fact]) -> dict[str, list[str]]:
    """For each claim the refs of published ones that it may not agree with; two queries a claim, and a few for all.

    Claims that say the same have the same opponents, so they are asked for once.
    """
    families = published.family({one.subject for one in facts})
    asked: dict[Any, list[str]] = {}
    found = {}
    for one in facts:
        said = (one.subject, one.property, one.value_kind, one.whole, one.base_unit, one.entity, one.time)
        key = (*said, one.valid, one.competes(), tuple(sorted(one.scope.items())))
        if key not in asked:
            rows = (row.record for rows in _rows(one, families[one.subject]) for row in rows)
            asked[key] = published.keep(rows)
        found[one.ref] = asked[key]
    return found


def _rows(one: Fact, family: Sequence[str]) -> Iterator[QuerySet[ClaimIndex]]:
    against = _against(one)
    if not one.competes() or against is None:
        return
    # Not sorted: which of very many opponents are looked at does not matter, and sorting would read them all.
    rows = ClaimIndex.objects.filter(property=one.property, edition_to=OPEN).select_related("record")
    rows = rows.filter(subject=family[0]) if len(family) == 1 else rows.filter(subject__in=family)
    wrong = Link.objects.filter(record=OuterRef("record"), role="link", detail="misreports")
    rows = rows.exclude(rank="deprecated").exclude(ref=one.ref).filter(~Exists(wrong))
    if not (one.trait.event and one.trait.functional):
        rows = rows.filter(_meets(one.valid, "valid_earliest", "valid_latest"))
    elsewhere = Q()
    for dimension, term in one.scope.items():
        elsewhere |= Q(target_ref=dimension) & ~Q(detail=term)
    scopes = Link.objects.filter(record=OuterRef("record"), role="scope")
    if elsewhere:
        yield rows.filter(against, ~Exists(scopes.filter(elsewhere)))[:MOST]
    else:
        yield rows.filter(against)[:MOST]
    free = Q(target_ref__in=set(one.scope) - one.trait.required)
    if one.amount is not None and set(one.scope) - one.trait.required:
        yield rows.filter(_far(one), Exists(scopes.filter(elsewhere & free)))[:MOST_FAR]


def _against(one: Fact) -> Q | None:
    """The condition on index rows that may contradict the claim; None where nothing can."""
    if one.value_kind == "none":
        return Q()
    if one.value_kind != "known":
        return None
    if one.amount is not None:
        return Q(has_amount=False) | Q(base_unit=one.base_unit) & ~_meets(
            one.whole, "lower", "upper", ends=True
        )
    if not one.trait.functional:
        return None
    if one.time is not None:
        return ~_meets(one.time.range, "earliest", "latest")
    return Q() if one.entity else None


def _meets(span: Interval, low: str, high: str, *, ends: bool = False) -> Q:
    """The rows whose `low` to `high` meets the range: of days, or with `ends` of amounts, which may be open ones."""
    condition = Q()
    if span.lower is not None:
        above = Q(**{f"{high}__gt": _column(span.lower, ends=ends)})
        if not (ends and span.lower_open):
            above |= Q(**{high: _column(span.lower, ends=ends)}) & (Q(upper_open=False) if ends else Q())
        condition &= above
    if span.upper is not None:
        below = Q(**{f"{low}__lt": _column(span.upper, ends=ends)})
        if not (ends and span.upper_open):
            below |= Q(**{low: _column(span.upper, ends=ends)}) & (Q(lower_open=False) if ends else Q())
        condition &= below
    return condition


def _column(value: Decimal, *, ends: bool) -> Any:
    return value if ends else date.fromordinal(int(value))


def _far(one: Fact) -> Q:
    far = Q()
    if one.whole.upper is not None and one.whole.upper > 0:
        far |= Q(lower__gt=one.whole.upper * FAR_APART)
    if one.whole.lower is not None and one.whole.lower > 0:
        far |= Q(upper__lt=one.whole.lower / FAR_APART)
    return Q(base_unit=one.base_unit, has_amount=True) & (far or Q(pk=None))


def relatives(bodies: Iterable[Mapping[str, Any]]) -> set[str]:
    """The wholes that the claims are part of, and all parts of those and of the claims themselves; one query."""
    bodies = list(bodies)
    own = {body["ref"] for body in bodies}
    wholes = {link["claim"] for body in bodies for link in body["links"] if link["relation"] in PART_LINKS}
    most = MOST_PARTS + FEW * len(bodies)
    links = Link.objects.filter(role="link", detail__in=PART_LINKS, edition_to=OPEN)
    parts = list(links.filter(target_ref__in=own | wholes).order_by("target_ref", "ref")[:most])
    if len(parts) == most:  # of the last whole some parts may be missing, and half a sum is none
        parts = [one for one in parts if one.target_ref != parts[-1].target_ref]
    return wholes | {ref for one in parts for ref in (one.ref, one.target_ref)}


def dated(published: Published, facts: Iterable[Fact]) -> set[str]:
    """What tells when the claims' subjects began and ended, and, where a claim tells it itself, what is outside."""
    bounds = dict(LifeBound.objects.values_list("property__ref", "bound"))
    facts = [one for one in facts if one.when() is not None]
    if not bounds or not facts:
        return set()
    families = published.family({one.subject for one in facts})
    subjects = {ref for some in families.values() for ref in some}
    rows = ClaimIndex.objects.filter(subject__in=subjects, edition_to=OPEN).exclude(rank="deprecated")
    outside = Q()
    for one in facts:
        span = one.time.range if one.time else None
        if one.trait.bound == "begins" and span and span.lower is not None:
            outside |= Q(subject__in=families[one.subject], latest__lt=_column(span.lower, ends=False))
        if one.trait.bound == "ends" and span and span.upper is not None:
            outside |= Q(subject__in=families[one.subject], earliest__gt=_column(span.upper, ends=False))
    most = MOST_DATED + FEW * len(facts)
    found = set(rows.filter(property__in=bounds).values_list("ref", flat=True)[:most])
    if outside:
        found |= set(rows.filter(outside, has_time=True).values_list("ref", flat=True)[:most])
    return found
