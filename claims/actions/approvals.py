"""Approving: somebody's word that one exact body may be published."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from claims import press
from claims.models import Approval
from claims.workflow import approvable
from kb.models import Root, State


class NotApprovable(Exception):
    """Why this person may not approve this version, in a sentence for them."""


def approve(root: Root, *, by: User, expect: int, at: datetime | None = None) -> Approval:
    """Approve the version of `root` that `by` has read; the approval lapses by itself when the body changes.

    Raises NotApprovable: nobody approves what they wrote, except in one-person mode. Raises StaleVersion when the
    root is no longer at version `expect`.
    """
    at = at or timezone.now()
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=expect)
        if not approvable(State(fresh.state)):
            raise NotApprovable(f"{fresh} is {State(fresh.state).label}, so it cannot be approved")
        if by.pk in press.writers(fresh) and not settings.ONE_PERSON_MODE:
            raise NotApprovable(f"you wrote this version of {fresh}: somebody else approves it")
        approval, _created = Approval.objects.get_or_create(
            kind=fresh.KIND,
            ref=fresh.ref,
            body_sha256=fresh.body_sha256(),
            approved_by=by,
            defaults={"approved_at": at},
        )
        fresh.state = State.APPROVED
        fresh.seal(by=by, why="approved", at=at)
        return approval
