"""The smallest believable things for tests, made through the real actions, in a field of their own: football."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import count
from threading import Thread
from typing import Any

from django.db import connection, connections

from claims import press
from claims.actions.claims import ClaimDraft, EvidenceDraft, QuoteDraft, ValueDraft, save_claim
from claims.actions.disputes import DisputeDraft, save_dispute
from claims.actions.pages import PageDraft, save_page
from claims.actions.sources import PublisherDraft, SnapshotDraft, SourceDraft, save_publisher, save_source
from claims.actions.timelines import TimelineDraft, save_timeline
from claims.actions.vocabulary import DimensionDraft, PropertyDraft, TermDraft, save_dimension, save_property
from claims.ledger.models import OPEN, Edition, Reason, Record
from claims.models import (
    Claim,
    Dispute,
    Page,
    Property,
    Publisher,
    ScopeDimension,
    Snapshot,
    Source,
    Timeline,
)
from companies.actions import EntityDraft, NameDraft, save_entity
from companies.models import Entity
from kb.models import Root

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


def _slug(word: str) -> str:
    return f"{word}-{next(_numbers)}"


def an_entity(slug: str = "", *, ref: str | None = None, **changes: Any) -> Entity:
    """A football club unless told otherwise."""
    slug = slug or _slug("club")
    values = {"kind": "organization", "names": [NameDraft(text=slug.title(), language="en")]} | changes
    how = {key: values.pop(key) for key in ("by", "expect", "state", "at", "why") if key in values}
    return save_entity(EntityDraft(slug=slug, **values), **({"by": None, "ref": ref} | how))


def a_dimension(slug: str = "", terms: Iterable[str] = ("before-tax", "after-tax")) -> ScopeDimension:
    slug = slug or _slug("tax")
    drafts = [TermDraft(slug=term, labels={"en": term}) for term in terms]
    return save_dimension(DimensionDraft(slug=slug, labels={"en": slug}, terms=drafts), by=None)


def a_property(slug: str = "", *, ref: str | None = None, **changes: Any) -> Property:
    """An amount of money unless told otherwise."""
    slug = slug or _slug("fee")
    values = {"labels": {"en": slug}, "data_type": "amount"} | changes
    if values["data_type"] == "amount":
        values.setdefault("unit_dimension", "currency")
    return save_property(PropertyDraft(slug=slug, **values), by=None, ref=ref)


def a_publisher(slug: str = "", *, ref: str | None = None, **changes: Any) -> Publisher:
    slug = slug or _slug("gazette")
    return save_publisher(PublisherDraft(slug=slug, **({"name": slug.title()} | changes)), by=None, ref=ref)


def a_source(slug: str = "", *, ref: str | None = None, **changes: Any) -> Source:
    """A secondary source in English; with `derived_from` a copy of it."""
    slug = slug or _slug("report")
    values = {"title": slug.title(), "language": "en", "source_type": "secondary"} | changes
    if values.get("derived_from"):
        values.setdefault("derivation", "copy")
    return save_source(SourceDraft(slug=slug, **values), by=None, ref=ref)


def a_snapshot(text: str, **changes: Any) -> SnapshotDraft:
    digest = hashlib.sha256(text.encode()).hexdigest()
    values: dict[str, Any] = {"sha256": digest, "text_sha256": digest, "characters": len(text)} | changes
    return SnapshotDraft(**values)


def a_quote(snapshot: Snapshot, text: str, exact: str, **changes: Any) -> QuoteDraft:
    """`exact` where it stands first in `text`."""
    start = text.index(exact)
    values: dict[str, Any] = {"snapshot": snapshot, "exact": exact, "start": start, "end": start + len(exact)}
    return QuoteDraft(**(values | changes))


def some_evidence(source: Source | None = None, **changes: Any) -> EvidenceDraft:
    quoted = changes.get("quote") is not None
    return EvidenceDraft(source=source or a_source(), **({} if quoted else {"locator": "page 1"}) | changes)


def euros(amount: str = "1000000", **changes: Any) -> ValueDraft:
    return ValueDraft(**({"amount": amount, "comparator": "eq", "unit": "EUR"} | changes))


def a_draft(**changes: Any) -> ClaimDraft:
    values: dict[str, Any] = {"value": euros()} | changes
    if "subject" not in values:
        values["subject"] = an_entity()
    if "property" not in values:
        values["property"] = a_property()
    if "evidence" not in values:
        values["evidence"] = [some_evidence()]
    return ClaimDraft(**values)


def a_claim(*, ref: str | None = None, **changes: Any) -> Claim:
    """A fee of one million euros, on one piece of evidence."""
    how: dict[str, Any] = {"by": None, "ref": ref}
    how |= {key: changes.pop(key) for key in ("by", "expect", "state", "at", "why") if key in changes}
    return save_claim(a_draft(**changes), **how)


def a_dispute(*claims: Claim, slug: str = "", **changes: Any) -> Dispute:
    values = {"question": {"en": "How much?"}, "verdict": "contested"} | changes
    members: list[tuple[Claim, dict[str, str]]] = [(claim, {}) for claim in claims]
    return save_dispute(DisputeDraft(slug=slug or _slug("how-much"), members=members, **values), by=None)


def a_timeline(*, slug: str = "", **changes: Any) -> Timeline:
    values = {"title": {"en": "What happened"}} | changes
    return save_timeline(TimelineDraft(slug=slug or _slug("season"), **values), by=None)


def a_page(*, slug: str = "", **changes: Any) -> Page:
    values = {"title": {"en": "Who we are"}, "text": {"en": "We are few."}} | changes
    return save_page(PageDraft(slug=slug or _slug("page"), **values), by=None)


def draft_of(claim: Claim, **changes: Any) -> ClaimDraft:
    """The claim as it stands, to be saved again with `changes`."""
    claim = Claim.objects.with_parts().get(ref=claim.ref)
    values: dict[str, Any] = {
        "subject": claim.subject,
        "property": claim.property,
        "value": ValueDraft(
            kind=claim.value_kind,
            comparator=claim.comparator,
            amount=claim.amount,
            upper_amount=claim.upper_amount,
            unit=claim.unit,
            lower_bound=claim.lower_bound,
            upper_bound=claim.upper_bound,
            entity=claim.value_entity,
            text=claim.value_text,
            time=claim.value_time,
        ),
        "scope": [one.term for one in claim.scope.all()],
        "asserted_by": claim.asserted_by,
        "asserted_on": claim.asserted_on,
        "point_in_time": claim.point_in_time,
        "links": [(link.relation, link.target) for link in claim.links.all()],
        "note": claim.note,
        "evidence": [
            EvidenceDraft(
                source=one.source,
                stance=one.stance,
                original_value=one.original_value,
                quote=QuoteDraft(
                    snapshot=one.snapshot,
                    exact=one.exact,
                    start=one.start,
                    end=one.end,
                    prefix=one.prefix,
                    suffix=one.suffix,
                )
                if one.snapshot and one.start is not None and one.end is not None
                else None,
                locator=one.locator,
                translation=one.translation,
                drift=one.drift,
                figure_source=one.figure_source,
                note=one.note,
            )
            for one in claim.evidence.all()
        ],
    }
    return ClaimDraft(**(values | changes))


def resting_on(*roots: Root) -> list[Root]:
    """The roots with everything that they refer to, each once."""
    found: dict[str, Root] = {}
    waiting = list(roots)
    while waiting:
        root = waiting.pop()
        if root.ref not in found:
            found[root.ref] = root
            waiting += _referred(root)
    return list(found.values())


def _referred(root: Root) -> list[Root]:
    referred: list[Root | None] = []
    if isinstance(root, Claim):
        referred += [root.subject, root.property, root.value_entity, root.asserted_by]
        referred += [one.dimension for one in root.scope.all()] + [link.target for link in root.links.all()]
        for evidence in root.evidence.all():
            referred += [evidence.source, evidence.figure_source]
    elif isinstance(root, Property):
        referred += root.required_scope.all()
    elif isinstance(root, Source):
        referred += [root.publisher, root.derived_from]
    elif isinstance(root, Dispute):
        referred += [member.claim for member in root.members.all()]
    elif isinstance(root, Timeline):
        for related in (root.entities, root.properties, root.pinned, root.excluded):
            referred += related.all()
    return [one for one in referred if one is not None]


def published(*roots: Root, **changes: Any) -> Edition:
    """An edition of the roots and of all that they rest on."""
    values: dict[str, Any] = {"by": None, "reason": Reason.IMPORT, "at": NOON} | changes
    return press.publish(resting_on(*roots), **values)


def record_of(root: Root) -> Record:
    """What stands in the ledger under the root's ref."""
    return Record.objects.get(ref=root.ref, edition_to=OPEN)


def together(*jobs: Callable[[], object], seconds: float = 60) -> list[Any]:
    """Run the jobs in threads with connections of their own; what each returned, or the exception it raised."""
    results: list[Any] = [None] * len(jobs)

    def run(number: int, job: Callable[[], object]) -> None:
        try:
            results[number] = job()
        except Exception as fault:
            results[number] = fault
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number, job), daemon=True) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    assert not any(thread.is_alive() for thread in threads), "a writer still waits: a deadlock?"
    return results


def is_postgres() -> bool:
    return connection.vendor == "postgresql"
