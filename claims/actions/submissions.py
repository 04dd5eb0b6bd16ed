"""What partners send in: a proposed claim, with the sources it needs, for the desk to take up or to decline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, Final, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import reviews
from claims.actions.arrivals import free_slug
from claims.actions.claims import ClaimDraft, EvidenceDraft, save_claim
from claims.actions.readings import Passage, evidence_from
from claims.actions.sources import SourceDraft, save_source
from claims.models import Claim, Comment, Snapshot, Source, Submission
from claims.models.capture import newest
from claims.permissions import NotAllowed, require_unused
from claims.workflow import Action
from kb.lib import checked
from kb.lib.text import canonical_json, sha256_text
from kb.models import Root, State

PUT_ASIDE: Final = (State.REJECTED, State.DISCARDED)
WHY: Final = "sent in"


class Fate(StrEnum):
    """What became of a submission, as its sender is told."""

    WAITING = "waiting"
    TAKEN_UP = "taken-up"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


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
    with transaction.atomic():
        User.objects.select_for_update().get(
            pk=by.pk
        )  # the same words twice at once: one waits for the other
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


def _evidence(offered: OfferedEvidence, *, by: User, at: datetime) -> EvidenceDraft:
    source = offered.source if isinstance(offered.source, Source) else _source(offered.source, by=by, at=at)
    text = _text(source)
    if offered.quote and text is not None:
        start, times = text.find(offered.quote), text.count(offered.quote)
        if times != 1:
            said = (
                _("These words stand %(times)s times in the copy held here: quote more of them.")
                if times
                else _("These words do not stand in the copy of this source that is held here.")
            )
            raise ValidationError({"quote": said % {"times": times}})
        passage = Passage(
            snapshot=cast(Snapshot, newest(source)),
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
    """The desk's source of that address, else a proposed one."""
    known = Source.objects.filter(url=draft.url).exclude(state__in=PUT_ASIDE).order_by("pk").first()
    if known is not None:
        return known
    with _named("new_source"):
        named = replace(draft, slug=free_slug(draft.title, draft.url))
        return save_source(named, by=by, why=WHY, state=State.PROPOSED, at=at)


def _text(source: Source) -> str | None:
    """The text of the newest copy of a source that readers have; of others senders learn nothing."""
    snapshot = newest(source) if source.printed_version else None
    return snapshot.text() if snapshot else None


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


def withdraw_submission(submission: Submission, *, by: User, at: datetime | None = None) -> None:
    """Take it back, with the sources proposed for it that nothing else names. Raises NotAllowed once it is taken up."""
    with transaction.atomic():
        claim = Claim.objects.with_parts().get(pk=submission.claim_id)
        reviews.discard(claim, by=by, expect=claim.version, at=at)
        for source in {one.source for one in claim.evidence.all()}:
            if source.state == State.PROPOSED and source.sealed_by_id == by.pk:
                try:
                    require_unused(by, source)
                except NotAllowed:
                    continue
                reviews.discard(source, by=by, expect=source.version, at=at)


def forget_submissions(root: Root) -> None:
    """Empty what was sent of the root, or names it; that something was sent, when and by whom stays."""
    if isinstance(root, Claim):
        rows = Q(claim=root)
    else:  # a source is named by an address too; what was sent may say more than the claim still does
        named = {root.ref, getattr(root, "slug", ""), getattr(root, "url", "")} - {""}
        rows = reduce(or_, (Q(sent__contains=canonical_json(name)) for name in named))
    Submission.objects.filter(rows).update(sent="", message="")


def fates(submissions: Sequence[Submission]) -> dict[int, tuple[Fate, str]]:
    """What became of each by its key, and what the desk said to it; in one query more. Give them with their claims."""
    declined = [one.claim.ref for one in submissions if one.claim.state == State.REJECTED]
    words = Comment.objects.filter(ref__in=declined, decision=Action.REJECT).order_by("at", "pk")
    said = {one.ref: one.text for one in words}
    return {one.pk: (_fate(one), said.get(one.claim.ref, "")) for one in submissions}


def _fate(submission: Submission) -> Fate:
    claim = submission.claim
    if claim.printed_version:
        return Fate.PUBLISHED
    if claim.state == State.DISCARDED and claim.sealed_by_id == submission.partner_id:
        return Fate.WITHDRAWN
    standing = {
        State.PROPOSED: Fate.WAITING,
        State.REJECTED: Fate.DECLINED,
        State.DISCARDED: Fate.DECLINED,
    }
    return standing.get(State(claim.state), Fate.TAKEN_UP)
