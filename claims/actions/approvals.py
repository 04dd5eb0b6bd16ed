"""Approving: somebody's word that one exact body may be published."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from claims import press
from claims.actions.talk import Event, notify, remember
from claims.models import Approval
from claims.permissions import NotAllowed, refusal, require_complete
from claims.workflow import Action
from kb.models import Root, State


class NotApprovable(NotAllowed):
    """Why this person may not approve this version, in a sentence for them."""


def approve(root: Root, *, by: User, expect: int, comment: str = "", at: datetime | None = None) -> Approval:
    """Approve the version of `root` that `by` has read; the approval lapses by itself when the root moves on.

    Raises NotApprovable: nobody approves what they wrote, except in one-person mode. Raises ValidationError for what
    could not be published as it stands, and StaleVersion when the root is no longer at version `expect`.
    """
    at = at or timezone.now()
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=expect)
        if fault := refusal(by, Action.APPROVE, fresh):
            raise NotApprovable(fault)
        require_complete(by, fresh)
        writers = press.writers(fresh)
        fresh.state = State.APPROVED
        fresh.seal(by=by, why=comment.strip() or "approved", at=at)
        approval, _created = Approval.objects.get_or_create(
            kind=fresh.KIND,
            ref=fresh.ref,
            version=fresh.version,
            approved_by=by,
            defaults={"approved_at": at, "body_sha256": fresh.body_sha256()},
        )
        remember(fresh, by=by, text=comment, decision=Action.APPROVE, at=at)
        notify(writers, Event.APPROVED, fresh, by=by, text=comment, at=at)
        return approval
