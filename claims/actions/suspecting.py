"""Suspected disputes: found when claims are published, remembered when they are dismissed, closed by a dispute.

`suspect` looks at what an edition printed, in a number of queries that does not depend on how much is published;
`recheck` goes through the whole ledger in bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.candidates import Published, dated, opponents, relatives
from claims.disputes.drafting import suspicious
from claims.disputes.facts import Fact
from claims.disputes.groups import faults
from claims.disputes.rules import Finding, Relation, relate
from claims.ledger.models import GONE, OPEN, ClaimIndex, Edition, Link, Reason, Record
from claims.ledger.printing import lock_press
from claims.models import Claim, Dispute, DisputeMember, LifeBound, Property, SuspectedClaim, Suspicion
from claims.permissions import NotAllowed, can_approve
from kb.lib.text import canonical_json, sha256_text
from kb.models import PUT_ASIDE

Outcome = Suspicion.Outcome
CHUNK: Final = 200  # claims looked at together
PAGE: Final = 1000  # index rows read at once by the full check
LARGEST_GROUP: Final = 200  # claims of one subject and property that are compared in memory
MOST_EACH: Final = 20  # open suspicions that one claim may be in
MOST_MOVED: Final = 500  # claims of merged entities that are looked at in one edition
MATTER: Final = ("subject", "property", "value", "scope", "point_in_time", "valid_from", "valid_to", "rank")


@dataclass
class Tally:
    """What a check did."""

    claims: int = 0
    found: int = 0  # suspicions that are new, or open again
    lapsed: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        self.claims, self.found, self.lapsed = (
            self.claims + other.claims,
            self.found + other.found,
            self.lapsed + other.lapsed,
        )
        return self


def suspect(edition: Edition, *, at: datetime | None = None) -> Tally:
    """Suspect what stands against the claims that the edition printed. Call it in the transaction that printed it."""
    if edition.reason == Reason.SOURCE_CHANGED:
        return Tally()  # no claim says anything else than before
    printed = Record.objects.filter(kind="claim", edition_from=edition.number, edition_to=OPEN)
    refs = list(printed.exclude(op__in=GONE).order_by("ref").values_list("ref", flat=True))
    merged = Link.objects.filter(role="merged-into", edition_from=edition.number, edition_to=OPEN)
    moved = list(merged.values_list("ref", flat=True))
    if moved:
        rows = ClaimIndex.objects.filter(subject__in=moved, edition_to=OPEN)
        refs += [ref for ref in rows.values_list("ref", flat=True)[:MOST_MOVED] if ref not in refs]
    return examine(refs, at=at or timezone.now())


def examine(refs: Sequence[str], *, at: datetime) -> Tally:
    """Look at these published claims, CHUNK at a time, against what the index says may contradict them."""
    count = Tally()
    for start in range(0, len(refs), CHUNK):
        published = Published()
        facts = published.facts(refs[start : start + CHUNK])
        against = opponents(published, list(facts.values()))
        count += _examine(published, facts, against, at)
    return count


def recheck(*, at: datetime | None = None, progress: Callable[[int], None] = lambda done: None) -> Tally:
    """Look at every published claim, by subject and property, a page at a time."""
    at, count = at or timezone.now(), Tally()
    merged = Link.objects.filter(role="merged-into", edition_to=OPEN)
    several = {ref for pair in merged.values_list("ref", "target_ref").iterator() for ref in pair}
    before = ("", "")
    for rows in _pages():
        together: list[list[ClaimIndex]] = []
        apart: list[str] = []
        for key, group in groupby(rows, key=_about):
            some = list(group)
            cut = key == before or len(some) == PAGE  # more of it is on another page
            if cut or key[0] in several or len(some) > LARGEST_GROUP:
                apart += [row.ref for row in some]
            else:
                together.append(some)
        before = _about(rows[-1])
        published = Published()
        kept = [published.keep(row.record for row in some) for some in together]
        facts = published.facts(ref for some in kept for ref in some)
        against = {ref: [other for other in some if other > ref] for some in kept for ref in some}
        with transaction.atomic():
            lock_press()  # what publishes meanwhile writes suspicions, too
            count += _examine(published, facts, against, at)
            count += examine(apart, at=at)
        progress(count.claims)
    return count


def _about(row: ClaimIndex) -> tuple[str, str]:
    return row.subject, row.property


def _pages() -> Iterator[list[ClaimIndex]]:
    """All index rows by subject and property; pages end between properties, if they can."""
    rows = ClaimIndex.objects.filter(edition_to=OPEN).select_related("record")
    # In the order of an index, so that no page sorts all that is behind it.
    rows = rows.exclude(record__op__in=GONE).order_by("subject", "property", "edition_to", "record_id")
    last: ClaimIndex | None = None
    while True:
        behind = Q()
        if last is not None:
            behind = Q(subject__gte=last.subject) & (
                Q(subject__gt=last.subject)
                | Q(property__gt=last.property)
                | Q(property=last.property, record_id__gt=last.record_id)
            )
        page = list(rows.filter(behind)[:PAGE])
        if not page:
            return
        if len(page) == PAGE:
            end = _about(page[-1])
            whole = [row for row in page if _about(row) != end]
            page = whole or page
        yield page
        last = page[-1]


def _examine(
    published: Published, facts: Mapping[str, Fact], against: Mapping[str, Sequence[str]], at: datetime
) -> Tally:
    """Judge the claims against those named for each, with what stands under suspicion already and with their groups."""
    if not facts:
        return Tally()
    standing = list(
        Suspicion.objects.filter(members__claim__ref__in=list(facts))
        .distinct()
        .prefetch_related("members__claim")
    )
    before = {one.key: tuple(member.claim.ref for member in one.members.all()) for one in standing}
    groups = relatives(published.bodies[ref] for ref in facts) | dated(published, facts.values())
    wanted = {ref for some in against.values() for ref in some} | groups
    wanted |= {ref for refs in before.values() for ref in refs}
    known = published.facts([*facts, *sorted(wanted - set(facts))])
    pairs = {(min(a, b), max(a, b)) for a, some in against.items() for b in some if b in known}
    pairs |= {
        (min(refs), max(refs)) for refs in before.values() if len(refs) == 2 and set(refs) <= set(known)
    }
    explained = Explained.of({ref for pair in pairs for ref in pair} | {*facts, *groups})
    found = dict(_pairs(sorted(pairs), known, explained, set(before)))
    members = [known[ref] for ref in sorted({*facts, *groups}) if ref in known]
    for fault in faults(members):
        if set(fault.claims) & set(facts) and not explained.settles(fault):
            found[_key(fault)] = fault
    return _remember(published, found, {one.key: one for one in standing}, set(known), facts, at)


def _pairs(
    pairs: Iterable[tuple[str, str]], known: Mapping[str, Fact], explained: Explained, standing: set[str]
) -> Iterator[tuple[str, Finding]]:
    """The pairs to suspect, by key: those that stand already, and new ones up to MOST_EACH open ones a claim."""
    pairs = list(pairs)
    open_ones = SuspectedClaim.objects.filter(suspicion__outcome=Outcome.OPEN)
    counted = open_ones.filter(claim__ref__in={ref for pair in pairs for ref in pair}).order_by()
    brought = dict(counted.values_list("claim__ref").annotate(number=Count("pk")))
    for a, b in pairs:
        one, other = known[a], known[b]
        if not (one.competes() and other.competes()):
            continue
        full = max(brought.get(a, 0), brought.get(b, 0)) >= MOST_EACH
        if full and " ".join(sorted((a, b))) not in standing:
            continue  # before the rules are asked, which is what a large group spends its time on
        finding = relate(one, other)
        if not suspicious(finding, one, other) or explained.settles(finding):
            continue
        key = _key(finding)
        if key not in standing:
            brought[a], brought[b] = brought.get(a, 0) + 1, brought.get(b, 0) + 1
        yield key, finding


def _key(finding: Finding) -> str:
    """What is never suspected twice: a pair of claims, a rule and the whole or the claim that it is about."""
    if len(finding.claims) == 2 and finding.relation in (Relation.CONTRADICTORY, Relation.OTHER_QUESTION):
        return " ".join(sorted(finding.claims))
    if finding.relation == Relation.WRONG_SUM:
        return f"{finding.rule} {finding.claims[0]}"
    return f"{finding.rule} {' '.join(finding.claims)}"


@dataclass(frozen=True)
class Explained:
    """The disputes that claims are in already, on the desk or in the ledger."""

    disputes: Mapping[str, frozenset[str]]  # of a claim
    told_apart: frozenset[str]  # claims in a dispute whose state is different-scope

    @classmethod
    def of(cls, refs: Iterable[str]) -> Explained:
        wanted, found, apart = list(refs), dict[str, set[str]](), set[str]()
        desk = DisputeMember.objects.filter(claim__ref__in=wanted).exclude(dispute__state__in=PUT_ASIDE)
        for claim, dispute, verdict in desk.values_list("claim__ref", "dispute__ref", "dispute__verdict"):
            found.setdefault(claim, set()).add(dispute)
            if verdict == Dispute.Verdict.DIFFERENT_SCOPE:
                apart.add(claim)
        links = Link.objects.filter(role="member", target_ref__in=wanted, edition_to=OPEN)
        for dispute, claim in links.values_list("ref", "target_ref"):
            found.setdefault(claim, set()).add(dispute)
        return cls({claim: frozenset(some) for claim, some in found.items()}, frozenset(apart))

    def settles(self, finding: Finding) -> bool:
        """Whether one dispute holds all its claims; of two questions, whether either claim is told apart already."""
        common = [self.disputes.get(ref, frozenset()) for ref in finding.claims]
        if common and frozenset.intersection(*common):
            return True
        return finding.relation == Relation.OTHER_QUESTION and bool(self.told_apart & set(finding.claims))


def _remember(
    published: Published, found: Mapping[str, Finding], involved: Mapping[str, Suspicion], known: set[str],
    facts: Mapping[str, Fact], at: datetime,
) -> Tally:  # fmt: skip
    """Write what was found; a dismissed one opens again only if what its claims say has changed."""
    standing = {
        one.key: one for one in Suspicion.objects.select_for_update().filter(key__in=list(found))
    } | dict(involved)
    keys = dict(
        Claim.objects.filter(ref__in={ref for one in found.values() for ref in one.claims}).values_list(
            "ref", "pk"
        )
    )
    new, changed, fresh = list[Suspicion](), list[Suspicion](), list[tuple[Suspicion, Finding]]()
    reopened = 0
    for key, finding in found.items():
        if not set(finding.claims) <= set(keys):
            continue
        digest = _digest(published.bodies[ref] for ref in sorted(finding.claims))
        one = standing.get(key)
        if one is None:
            one = Suspicion(key=key, found_at=at)
            new.append(one)
        elif one.digest == digest and one.outcome in (Outcome.OPEN, Outcome.DISMISSED):
            continue  # it stands as it did; one that was opened is here again only if no dispute explains it any more
        else:
            reopened += one.outcome != Outcome.OPEN
            changed.append(one)
            if one.outcome != Outcome.OPEN:
                one.found_at = at
        one.relation, one.rule, one.reason, one.digest = (
            finding.relation.value, finding.rule, dict(finding.told), digest,
        )  # fmt: skip
        one.outcome, one.closed_at, one.closed_by, one.why, one.dispute = Outcome.OPEN, None, None, "", None
        fresh.append((one, finding))
    gone = [one for key, one in involved.items() if key not in found and one.outcome == Outcome.OPEN]
    for one in gone:
        one.outcome, one.closed_at, one.closed_by = Outcome.LAPSED, at, None
    Suspicion.objects.bulk_create(new)
    Suspicion.objects.bulk_update(
        [*changed, *gone],
        ["relation", "rule", "reason", "digest", "found_at", "outcome", "closed_at", "closed_by", "why", "dispute"],
        batch_size=200,
    )  # fmt: skip
    if changed:
        SuspectedClaim.objects.filter(suspicion__in=changed).delete()
    SuspectedClaim.objects.bulk_create(
        [
            SuspectedClaim(suspicion=one, claim_id=keys[ref], position=place)
            for one, finding in fresh
            for place, ref in enumerate(finding.claims)
        ]
    )
    return Tally(len(facts), len(new) + reopened, len(gone))


def _digest(bodies: Iterable[Mapping[str, Any]]) -> str:
    matter = [
        {name: body[name] for name in MATTER}
        | {"part_of": sorted(one["claim"] for one in body["links"] if one["relation"] == "part-of")}
        for body in bodies
    ]
    return sha256_text(canonical_json({"claims": matter}))


# What people make of them -------------------------------------------------------------------------------------


def dismiss(suspicion: Suspicion, *, by: User, why: str, at: datetime | None = None) -> Suspicion:
    """Note that this is no dispute, and why; it is not suspected again until what its claims say changes.

    Raises NotAllowed unless an editor asks; ValidationError without a reason, or when it is closed already.
    """
    if not can_approve(by):
        raise NotAllowed(_("to dismiss a suspected dispute takes more rights than you have"))
    if not why.strip():
        raise ValidationError({"why": _("Say why these claims are no dispute.")})
    with transaction.atomic():
        standing = Suspicion.objects.select_for_update().get(pk=suspicion.pk)
        if standing.outcome != Outcome.OPEN:
            said = {"outcome": standing.get_outcome_display()}
            raise ValidationError(_("This is closed already: %(outcome)s.") % said)
        standing.outcome, standing.closed_by, standing.closed_at = Outcome.DISMISSED, by, at or timezone.now()
        standing.why = why.strip()
        standing.full_clean(exclude=["dispute", "reason"])
        standing.save()
        return standing


def close_by_dispute(dispute: Dispute, *, by: User | None, at: datetime | None = None) -> int:
    """Close the open suspicions whose claims the dispute has all; how many. Called by the action that saves it."""
    members = set(DisputeMember.objects.filter(dispute=dispute).values_list("claim_id", flat=True))
    rows = Suspicion.objects.filter(outcome=Outcome.OPEN, claims__in=members).distinct()
    closed = 0
    for one in rows.prefetch_related("members"):
        if {member.claim_id for member in one.members.all()} <= members:
            one.outcome, one.closed_by, one.closed_at = Outcome.OPENED, by, at or timezone.now()
            one.dispute = dispute
            one.save()
            closed += 1
    return closed


def set_life_bound(prop: Property, bound: str, *, by: User, at: datetime | None = None) -> LifeBound:
    """Note that the dates of a property begin or end the life of their subjects. Raises NotAllowed; ValidationError."""
    if not can_approve(by):
        raise NotAllowed(_("to say what a property means takes more rights than you have"))
    if prop.data_type != "time":
        raise ValidationError(
            {"property": _("Only a property whose value is a time begins or ends anything.")}
        )
    with transaction.atomic():
        one = LifeBound.objects.select_for_update().filter(property=prop).first() or LifeBound(property=prop)
        one.bound, one.set_by, one.set_at = bound, by, at or timezone.now()
        one.full_clean()
        one.save()
        return one
