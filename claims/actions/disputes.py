"""Disputes and their members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.actions.suspecting import close_by_dispute
from claims.models import Claim, Dispute, DisputeMember
from claims.permissions import require_saving
from kb.lib import checked
from kb.lib.children import replace_children
from kb.models import State

Prose = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class DisputeDraft:
    """A dispute as an editor wants it; `members` are (claim, note) pairs in the order shown."""

    slug: str
    question: Prose
    verdict: str
    answer: Prose = field(default_factory=dict)
    reason: Prose = field(default_factory=dict)
    members: Sequence[tuple[Claim, Prose]] = ()


def save_dispute(
    draft: DisputeDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Dispute:
    """Create the dispute, or make the one under `ref` what the draft says. Raises ValidationError; StaleVersion."""
    with transaction.atomic():
        dispute = Dispute.opened(ref, expect=expect)
        require_saving(by, dispute, state)
        dispute.slug, dispute.verdict, dispute.state = draft.slug, draft.verdict, state
        dispute.question, dispute.answer, dispute.reason = (
            dict(draft.question),
            dict(draft.answer),
            dict(draft.reason),
        )
        checked.save(dispute)
        members = [DisputeMember(claim=claim, note=dict(note)) for claim, note in draft.members]
        replace_children(dispute, "members", members)
        close_by_dispute(dispute, by=by, at=at)
        return dispute.seal(by=by, why=why, at=at)
