"""What partners send in: a proposed claim, with the sources it needs, for the desk to take up or to decline.

Senders learn nothing of the desk: what is refused depends on what they sent and on what is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import reviews
from claims.actions.arrivals import free_slug
from claims.actions.claims import ClaimDraft, EvidenceDraft, save_claim
from claims.actions.readings import Passage, evidence_from
from claims.actions.sources import SourceDraft, check_fields, save_source
from claims.ledger import read
from claims.ledger.models import GONE, OPEN, Record
from claims.models import Claim, Comment, Snapshot, Source, Submission
from claims.permissions import NotAllowed
from claims.workflow import Action, Role
from kb.lib import checked
from kb.lib.text import canonical_json, sha256_text
from kb.models import PUT_ASIDE, Revision, Root, State

WHY: Final = "sent in"


class Fate(StrEnum):
    """What became of a submission, as its sender is told."""

    WAITING = "waiting"
    TAKEN_UP = "taken-up"
    PUBLISHED = "published"
    RETRACTED = "retracted"  # was published once
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by its sender


@dataclass(frozen=True, kw_only=True)
class OfferedEvidence:
    """A source, or what a new one is to be, and where in it: words that stand there once, or a locator."""

    source: Source | SourceDraft
    stance: str = "supports"
    original_value: str = ""
    quote: str = ""
    locator: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A claim as it was sent; `claim` has no evidence yet."""

    claim: ClaimDraft
    evidence: Sequence[OfferedEvidence]
    message: str = ""
    sent: Any = field(repr=False)  # the JSON it came as


def submit(offer: Offer, *, by: User, at: datetime | None = None) -> tuple[Submission, bool]:
    """Keep the offer as a proposed claim; False when these very words came before. Nothing is kept of a refused one.

    New sources are proposed with it. Raises NotAllowed; ValidationError, its keys naming the place.
    """
    at = at or timezone.now()
    sent = canonical_json(offer.sent)
    digest = sha256_text(sent)
    with _one_at_a_time():
        if standing := Submission.objects.filter(partner=by, sha256=digest).first():
            return standing, False
        evidence = []
        for place, one in enumerate(offer.evidence):
            with _named(f"evidence.{place}"):
                evidence.append(_evidence(one, by=by, at=at))
        draft = replace(offer.claim, evidence=evidence)
        claim = save_claim(draft, by=by, why=WHY, state=State.PROPOSED, at=at)
        submission = Submission(
            claim=claim, partner=by, received_at=at, sent=sent, sha256=digest, message=offer.message
        )
        checked.save(submission)
        return submission, True


def withdraw_submission(submission: Submission, *, by: User, at: datetime | None = None) -> None:
    """Take it back, with the sources proposed for it that nothing else names. Raises NotAllowed once it is taken up."""
    with _one_at_a_time():
        claim = Claim.locked(submission.claim.ref, expect=None)
        if claim.state != State.PROPOSED:
            raise NotAllowed(_("The desk has it in hand already."))
        reviews.discard(claim, by=by, expect=claim.version, at=at)
        proposed = Source.objects.filter(evidence__claim=claim, state=State.PROPOSED).distinct()
        for source in proposed.order_by("ref"):
            try:
                reviews.discard(source, by=by, expect=source.version, at=at)
            except NotAllowed:
                continue  # something else names it, or somebody else has a part in it: it is for the desk


def fates(submissions: Sequence[Submission]) -> dict[int, tuple[Fate, str]]:
    """What became of each by its key, and what the desk said when it declined; in two queries.

    Give them with their claims. What colleagues say to each other is not told, only with what they put it aside.
    """
    refs = [one.claim.ref for one in submissions]
    ops = dict(Record.objects.filter(ref__in=refs, edition_to=OPEN).values_list("ref", "op"))
    before = Revision.objects.filter(kind=Claim.KIND, ref=OuterRef("ref"), version=OuterRef("version") - 1)
    words = Comment.objects.filter(ref__in=refs, decision__in=[Action.REJECT, Action.DISCARD]).annotate(
        was=Subquery(before.values("state"))
    )
    said = {one.ref: one.text for one in words.filter(was=State.PROPOSED).order_by("at", "pk")}
    return {one.pk: _fate(one, ops.get(one.claim.ref, ""), said) for one in submissions}


def _fate(submission: Submission, op: str, said: dict[str, str]) -> tuple[Fate, str]:
    claim = submission.claim
    if op:
        return (Fate.RETRACTED if op in GONE else Fate.PUBLISHED), ""
    if claim.state not in PUT_ASIDE:
        return (Fate.WAITING if claim.state == State.PROPOSED else Fate.TAKEN_UP), ""
    if claim.state == State.DISCARDED and claim.sealed_by_id == submission.partner_id:
        return Fate.WITHDRAWN, ""
    return Fate.DECLINED, said.get(claim.ref, "")


def forget_submissions(root: Root) -> None:
    """Empty what was sent of the claim, or of claims that ever named the source; when and by whom stays."""
    refs = {root.ref}
    if isinstance(root, Source):
        named = Revision.objects.filter(kind=Claim.KIND, body__contains=f'"{root.ref}"')
        refs = set(named.values_list("ref", flat=True))
    Submission.objects.filter(claim__ref__in=refs).update(sent="", message="")


def _evidence(offered: OfferedEvidence, *, by: User, at: datetime) -> EvidenceDraft:
    source = offered.source if isinstance(offered.source, Source) else _source(offered.source, by=by, at=at)
    snapshot, text = _published_copy(source)
    if offered.quote and snapshot is not None:
        start, times = text.find(offered.quote), text.count(offered.quote)
        if times != 1:
            said = (
                _("These words stand %(times)s times in the copy held here: quote more of them.")
                if times
                else _("These words do not stand in the copy of this source that is held here.")
            )
            raise ValidationError({"quote": said % {"times": times}})
        passage = Passage(
            snapshot=snapshot,
            start=start,
            end=start + len(offered.quote),
            printed=offered.original_value,
            stance=offered.stance,
        )
        return replace(evidence_from(passage), locator=offered.locator)
    if not offered.locator:
        said = _(
            "Say where in the source it stands, such as a page or a heading: no copy of it is held here."
        )
        raise ValidationError({"locator": said})
    return EvidenceDraft(
        source=source, stance=offered.stance, original_value=offered.original_value, locator=offered.locator
    )


def _source(draft: SourceDraft, *, by: User, at: datetime) -> Source:
    """The desk's source of that address, else a proposed one. What was sent is judged first, whichever it is."""
    with _named("new_source"):
        check_fields(draft)
        standing = Source.objects.select_for_update().filter(url=draft.url).exclude(state__in=PUT_ASIDE)
        if known := standing.order_by("pk").first():
            return known
        named = replace(draft, slug=free_slug(draft.title, draft.url))
        return save_source(named, by=by, why=WHY, state=State.PROPOSED, at=at)


def _published_copy(source: Source) -> tuple[Snapshot | None, str]:
    """The newest copy that readers know of and whose text is held here, with its text."""
    thing = read.things([source.ref], read.latest()).get(source.ref)
    hashes = [one["text_sha256"] for one in thing.body.get("snapshots", ())] if thing else []
    copies = {one.text_sha256: one for one in source.snapshots.filter(text_sha256__in=hashes)}
    for digest in reversed(hashes):
        if digest in copies and (text := copies[digest].text()) is not None:
            return copies[digest], text
    return None, ""


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A transaction in which no other partner's does anything: none meets what another is about to take back."""
    with transaction.atomic():
        list(Group.objects.select_for_update().filter(name=Role.PARTNER))
        yield


@contextmanager
def _named(place: str) -> Iterator[None]:
    """Faults found inside are said to be at the place."""
    try:
        yield
    except NotAllowed:
        raise
    except ValidationError as fault:
        inside = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
        raise ValidationError(
            {".".join(filter(None, (place, name))): messages for name, messages in inside.items()}
        ) from fault
