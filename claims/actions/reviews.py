"""The decisions of a review, one function each: who may take it and where it leads is in workflow.TABLE.

Each takes the version that was looked at (`expect`), says so to whom it concerns, and leaves the body alone.
Each raises NotAllowed; StaleVersion; ValidationError when it needs a comment and has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import press, workflow
from claims.actions.talk import Event, looked_after_by, notify, remember
from claims.models import Approval, Claim, HalfLife, Property, Recheck, Source
from claims.permissions import (
    NotAllowed,
    can_edit,
    require,
    require_comment,
    require_complete,
    require_unused,
)
from claims.workflow import Action
from kb.lib import checked
from kb.models import Root, State


def take_up(root: Root, *, by: User, expect: int, comment: str = "", at: datetime | None = None) -> Root:
    """Make what was proposed a draft of the desk, as it stands; who does so stands for it as its writer.

    The sources that were proposed with a claim come along.
    """
    return _begin(root, Action.TAKE_UP, by=by, expect=expect, comment=comment, at=at)


def take_up_sources(claim: Claim, *, by: User, at: datetime | None = None) -> None:
    """Take up the sources of the claim that are only proposed: what the desk holds rests on nothing outside."""
    named = Q(evidence__claim=claim) | Q(figures__claim=claim)
    for source in Source.objects.filter(named, state=State.PROPOSED).distinct().order_by("ref"):
        _decide(source, Action.TAKE_UP, by=by, expect=source.version, comment="", at=at)


def submit(root: Root, *, by: User, expect: int, comment: str = "", at: datetime | None = None) -> Root:
    """Ask for a review; who looks after it is told. What could not be published as it stands is refused."""
    return _decide(root, Action.SUBMIT, by=by, expect=expect, comment=comment, at=at)


def take_back(root: Root, *, by: User, expect: int, comment: str = "", at: datetime | None = None) -> Root:
    """Take it out of review again."""
    return _decide(root, Action.TAKE_BACK, by=by, expect=expect, comment=comment, at=at)


def request_changes(root: Root, *, by: User, expect: int, comment: str, at: datetime | None = None) -> Root:
    """Send it back to who wrote it, saying what to change. Approvals of this very body are taken back."""
    return _decide(root, Action.REQUEST_CHANGES, by=by, expect=expect, comment=comment, at=at)


def reject(root: Root, *, by: User, expect: int, comment: str, at: datetime | None = None) -> Root:
    """Put it aside, saying why. Approvals of this very body are taken back."""
    return _decide(root, Action.REJECT, by=by, expect=expect, comment=comment, at=at)


def discard(root: Root, *, by: User, expect: int, comment: str = "", at: datetime | None = None) -> Root:
    """Put it aside: nobody needs it, so what others name is refused."""
    return _decide(root, Action.DISCARD, by=by, expect=expect, comment=comment, at=at)


def reopen(root: Root, *, by: User, expect: int, comment: str = "", at: datetime | None = None) -> Root:
    """Take what was put aside up again, as a draft; with a claim, its sources that are only proposed."""
    return _begin(root, Action.REOPEN, by=by, expect=expect, comment=comment, at=at)


DECISIONS: Mapping[Action, Callable[..., Root]] = {
    Action.TAKE_UP: take_up,
    Action.SUBMIT: submit,
    Action.TAKE_BACK: take_back,
    Action.REQUEST_CHANGES: request_changes,
    Action.REJECT: reject,
    Action.DISCARD: discard,
    Action.REOPEN: reopen,
}
_TOLD = {
    Action.SUBMIT: Event.SUBMITTED,
    Action.REQUEST_CHANGES: Event.CHANGES_REQUESTED,
    Action.REJECT: Event.REJECTED,
}


def _begin(root: Root, action: Action, *, by: User, **more: Any) -> Root:
    with transaction.atomic():
        begun = _decide(root, action, by=by, **more)
        if isinstance(begun, Claim):
            take_up_sources(begun, by=by, at=more["at"])
        return begun


def _decide(root: Root, action: Action, *, by: User, expect: int, comment: str, at: datetime | None) -> Root:
    at = at or timezone.now()
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=expect)
        require(by, action, fresh)
        require_comment(action, comment)
        if action == Action.SUBMIT:
            require_complete(by, fresh)
        if action == Action.DISCARD:
            require_unused(by, fresh)
        writers = press.writers(fresh)
        if action in workflow.NEEDS_COMMENT:
            Approval.objects.filter(ref=fresh.ref, body_sha256=fresh.body_sha256()).delete()
        fresh.state = next(rule.to for rule in workflow.rules(action, State(fresh.state)) if rule.to)
        fresh.seal(by=by, why=comment.strip() or action.value, at=at)
        remember(fresh, by=by, text=comment, decision=action, at=at)
        if event := _TOLD.get(action):
            told = looked_after_by(fresh) if action == Action.SUBMIT else writers
            notify(told, event, fresh, by=by, text=comment, at=at)
        return fresh


def check_again(claim: Claim, *, by: User, expect: int, at: datetime | None = None) -> Recheck:
    """Somebody has looked again, and the claim still says what there is to say. Raises NotAllowed; StaleVersion."""
    with transaction.atomic():
        fresh = Claim.locked(claim.ref, expect=expect)
        require(by, Action.CHECK, fresh)
        recheck, _made = Recheck.objects.update_or_create(
            claim=fresh, defaults={"checked_at": at or timezone.now(), "checked_by": by}
        )
        return recheck


def set_half_life(prop: Property, *, months: int, by: User, at: datetime | None = None) -> HalfLife:
    """Have claims of the property looked at again after so many months. Raises NotAllowed; ValidationError."""
    if not can_edit(by, HalfLife):
        raise NotAllowed(_("to set a half-life takes more rights than you have"))
    with transaction.atomic():
        standing = HalfLife.objects.select_for_update().filter(property=prop).first() or HalfLife(
            property=prop
        )
        standing.months, standing.set_by, standing.set_at = months, by, at or timezone.now()
        checked.save(standing)
        return standing
