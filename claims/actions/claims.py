"""Claims with their scope, links and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Context, Decimal

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.actions.reviews import take_up_sources
from claims.models import (
    Claim,
    ClaimLink,
    ClaimScope,
    DataType,
    Evidence,
    Property,
    ScopeTerm,
    Snapshot,
    Source,
)
from claims.permissions import is_live as is_live
from claims.permissions import require_handed_on_complete, require_saving
from companies.models import Entity
from kb.lib import checked, quantities
from kb.lib.children import replace_children
from kb.lib.edtf import EdtfError, desk_date
from kb.lib.saying import Sentence
from kb.models import State

Prose = Mapping[str, str]
LARGEST = (
    Decimal(10) ** 36
)  # what the amount columns take, in a base unit; they are for ranges and order only
FINEST = Decimal("1e-16")
COLUMN = Context(prec=60)


@dataclass(frozen=True, kw_only=True)
class QuoteDraft:
    """The quoted words, pinned: `start` and `end` in code points of the snapshot's text."""

    snapshot: Snapshot
    exact: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, kw_only=True)
class EvidenceDraft:
    source: Source
    stance: str = "supports"
    original_value: str = ""
    quote: QuoteDraft | None = None
    locator: str = ""
    translation: Prose = field(default_factory=dict)
    drift: Sequence[str] = ()
    figure_source: Source | None = None
    note: Prose = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ValueDraft:
    """One value, of the property's data type. Decimals are exact text."""

    kind: str = "known"
    comparator: str = ""
    amount: str = ""
    upper_amount: str = ""
    unit: str = ""
    lower_bound: str = ""
    upper_bound: str = ""
    entity: Entity | None = None
    text: Prose = field(default_factory=dict)
    time: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimDraft:
    """A claim as an editor wants it; `links` are (relation, claim) pairs."""

    subject: Entity
    property: Property
    value: ValueDraft
    scope: Sequence[ScopeTerm] = ()
    point_in_time: str = ""
    valid_from: str = ""
    valid_to: str = ""
    asserted_by: Entity | None = None
    asserted_on: str = ""
    mode: str = "attributed"
    method: str = ""
    rank: str = "normal"
    rank_reason: Prose = field(default_factory=dict)
    note: Prose = field(default_factory=dict)
    links: Sequence[tuple[str, Claim]] = ()
    evidence: Sequence[EvidenceDraft] = ()


class LastEvidence(ValidationError):
    """A published claim keeps at least one piece of evidence: withdraw the claim instead."""


def save_claim(
    draft: ClaimDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Claim:
    """Create the claim, or make the one under `ref` what the draft says.

    Raises ValidationError, its keys naming the field ("evidence.0.exact"); LastEvidence; StaleVersion.
    """
    with transaction.atomic():
        claim = Claim.opened(ref, expect=expect)
        require_saving(by, claim, state)
        _fill(claim, draft)
        claim.state = state
        _check_meaning(claim)
        if not draft.evidence and is_live(claim.ref):
            raise LastEvidence({"evidence": _last_evidence()})
        checked.save(claim)
        terms = sorted(draft.scope, key=lambda term: term.dimension.slug)
        replace_children(claim, "scope", [ClaimScope(dimension=term.dimension, term=term) for term in terms])
        links = sorted(draft.links, key=lambda link: (link[0], link[1].ref))
        replace_children(
            claim, "links", [ClaimLink(relation=relation, target=target) for relation, target in links]
        )
        replace_children(claim, "evidence", [_evidence(one) for one in draft.evidence])
        _check_quotes(claim)
        require_handed_on_complete(by, claim)
        if by is not None and state in (State.DRAFT, State.IN_REVIEW):
            take_up_sources(claim, by=by, at=at)
        return claim.seal(by=by, why=why, at=at)


def remove_evidence(
    claim: Claim, position: int, *, by: User | None, why: str = "", at: datetime | None = None
) -> Claim:
    """Take one piece of evidence off a claim. Raises LastEvidence; IndexError when there is none there.

    The claim's row is locked before its evidence is counted: of two editors who each remove "the other" piece,
    the second finds one left.
    """
    with transaction.atomic():
        claim = Claim.locked(claim.ref, expect=None)
        standing = list(claim.evidence.all())
        if len(standing) == 1 and is_live(claim.ref):
            raise LastEvidence({"evidence": _last_evidence()})
        standing[position].delete()
        return claim.seal(by=by, why=why, at=at)


def _last_evidence() -> str:
    return _("this claim is published: withdraw it rather than leave it without evidence")


def _fill(claim: Claim, draft: ClaimDraft) -> None:
    value = draft.value
    claim.subject, claim.property, claim.asserted_by = draft.subject, draft.property, draft.asserted_by
    claim.value_kind, claim.comparator, claim.unit = value.kind, value.comparator, value.unit
    claim.amount, claim.upper_amount = value.amount, value.upper_amount
    claim.lower_bound, claim.upper_bound = value.lower_bound, value.upper_bound
    claim.value_entity, claim.value_text, claim.value_time = value.entity, dict(value.text), value.time
    claim.point_in_time, claim.valid_from, claim.valid_to = (
        draft.point_in_time,
        draft.valid_from,
        draft.valid_to,
    )
    claim.asserted_on, claim.mode, claim.method = draft.asserted_on, draft.mode, draft.method
    claim.rank, claim.rank_reason, claim.note = draft.rank, dict(draft.rank_reason), dict(draft.note)


def _check_meaning(claim: Claim) -> None:
    """What holds across fields and tables: the property's types, units and kinds. Sets the base amounts."""
    prop, faults = claim.property, dict[str, str]()
    if prop.subject_kinds and claim.subject.kind not in prop.subject_kinds:
        said_of = [str(Entity.Kind(kind).label) for kind in prop.subject_kinds]
        faults["subject"] = _("“%(property)s” is said of: %(kinds)s. “%(subject)s” is: %(kind)s.") % {
            "property": prop,
            "kinds": ", ".join(said_of),
            "subject": claim.subject,
            "kind": claim.subject.get_kind_display(),
        }
    given = {
        DataType.AMOUNT: bool(claim.amount),
        DataType.ENTITY: claim.value_entity is not None,
        DataType.TEXT: bool(claim.value_text),
        DataType.TIME: bool(claim.value_time),
    }
    for data_type, is_given in given.items():
        if is_given and data_type != prop.data_type:
            faults["value"] = _("“%(property)s” takes this: %(wanted)s. Given was this: %(given)s.") % {
                "property": prop,
                "wanted": prop.get_data_type_display(),
                "given": data_type.label,
            }
    claim.base_lower = claim.base_upper = None
    claim.base_unit = ""
    if claim.amount and "value" not in faults:
        try:
            _set_base(claim)
        except quantities.QuantityError as fault:
            faults["amount"] = fault.said(_)
    if claim.valid_from and claim.valid_to and _runs_backwards(claim.valid_from, claim.valid_to):
        faults["valid_to"] = _("the span ends before it begins")
    if faults:
        raise ValidationError(faults)


def _set_base(claim: Claim) -> None:
    unit = quantities.unit(claim.unit)
    if unit.dimension != claim.property.unit_dimension:
        raise quantities.QuantityError(
            gettext_noop("“%(property)s” is measured in %(wanted)s; %(unit)s is %(given)s"),
            property=claim.property,
            wanted=Sentence(claim.property.unit_dimension),
            unit=unit.code,
            given=Sentence(unit.dimension),
        )
    known = quantities.interval(
        claim.comparator,
        claim.amount,
        claim.upper_amount or None,
        claim.lower_bound or None,
        claim.upper_bound or None,
    )
    bounds = [
        None if bound is None else quantities.base(bound, claim.unit)[0]
        for bound in (known.lower, known.upper)
    ]
    if any(bound is not None and abs(bound) >= LARGEST for bound in bounds):
        raise quantities.QuantityError(gettext_noop("the amount is larger than any this base can compare"))
    claim.base_lower, claim.base_upper = (
        None if bound is None else bound.quantize(FINEST, context=COLUMN) for bound in bounds
    )
    claim.base_unit = quantities.base(Decimal(0), claim.unit)[1]


def _runs_backwards(first: str, last: str) -> bool:
    try:
        start, end = desk_date(first).earliest or date.min, desk_date(last).latest or date.max
    except EdtfError:
        return False  # the fields say so themselves
    return end < start


def _evidence(draft: EvidenceDraft) -> Evidence:
    quote = draft.quote
    if quote is not None and quote.snapshot.source_id != draft.source.pk:
        raise ValidationError(
            {
                "evidence": _("the quote is pinned to a snapshot of another source than %(source)s")
                % {"source": draft.source.slug}
            }
        )
    return Evidence(
        source=draft.source,
        stance=draft.stance,
        original_value=draft.original_value,
        snapshot=quote.snapshot if quote else None,
        exact=quote.exact if quote else "",
        prefix=quote.prefix if quote else "",
        suffix=quote.suffix if quote else "",
        start=quote.start if quote else None,
        end=quote.end if quote else None,
        locator=draft.locator,
        translation=dict(draft.translation),
        drift=list(draft.drift),
        figure_source=draft.figure_source,
        note=dict(draft.note),
    )


def _check_quotes(claim: Claim) -> None:
    """Every quote is as long as its offsets say, and stands in its text where that is held here."""
    for number, evidence in enumerate(claim.evidence.select_related("snapshot")):
        snapshot = evidence.snapshot
        if snapshot is None or evidence.start is None or evidence.end is None:
            continue
        fault = ""
        if evidence.end - evidence.start != len(evidence.exact):
            fault = _("the quote has %(number)s characters, its offsets span %(span)s") % {
                "number": len(evidence.exact),
                "span": evidence.end - evidence.start,
            }
        elif evidence.end > snapshot.characters:
            fault = _("the offsets reach to %(end)s; the text has %(number)s characters") % {
                "end": evidence.end,
                "number": snapshot.characters,
            }
        elif (text := snapshot.text()) is not None:
            fault = evidence.misquotes(text)
        if fault:
            raise ValidationError({f"evidence.{number}.quote": fault})
