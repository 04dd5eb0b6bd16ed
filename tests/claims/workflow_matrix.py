"""One deed for each action of the workflow, as the matrix of tests/claims/test_workflow.py carries it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from claims.actions import reviews, talk
from claims.actions.approvals import approve
from claims.actions.claims import save_claim
from claims.actions.embargoes import embargo, lift
from claims.actions.publishing import publish_seen
from claims.actions.schedules import schedule
from claims.actions.withdrawals import withdraw
from claims.ledger.models import Reason
from claims.models import Claim, Embargo
from claims.workflow import Action
from kb.models import State
from tests import building as build

Deed = Callable[[Claim | None, User], Any]


def _saved(to: State) -> Deed:
    def save(claim: Claim | None, by: User) -> Any:
        if claim is None:
            return save_claim(build.a_draft(), by=by, state=to)
        return save_claim(
            build.draft_of(claim, note={"en": "New."}), by=by, ref=claim.ref, expect=claim.version, state=to
        )

    return save


def _edit(claim: Claim | None, by: User) -> Any:
    """A save that leaves a review, or what was put aside, where it is: leaving it is another action."""
    stay = claim is not None and claim.state in (State.IN_REVIEW, State.REJECTED, State.DISCARDED)
    return _saved(State(claim.state) if stay else State.DRAFT)(claim, by)


def _decided(decide: Callable[..., Any]) -> Deed:
    return lambda claim, by: decide(claim, by=by, expect=claim.version, comment="Because.")


def _published(claim: Claim | None, by: User) -> Any:
    return publish_seen({claim.ref: claim.version}, by=by, reason=Reason.NEW, note={})


def _scheduled(claim: Claim | None, by: User) -> Any:
    when = timezone.now() + timedelta(days=1)
    return schedule({claim.ref: claim.version}, by=by, publish_at=when, reason=Reason.NEW, note={})


def _lifted(claim: Claim | None, by: User) -> Any:
    """Of an embargo that an administrator has set."""
    Embargo.objects.create(
        kind="claim", ref=claim.ref, until=timezone.now() + timedelta(days=1), why="Wait.", set_by=by,
        set_at=timezone.now(),
    )  # fmt: skip
    lift(claim, by=by, expect=claim.version)


DEEDS: dict[Action, Deed] = {
    Action.PROPOSE: _saved(State.PROPOSED),
    Action.EDIT: _edit,
    Action.TAKE_UP: _decided(reviews.take_up),
    Action.SUBMIT: _decided(reviews.submit),
    Action.TAKE_BACK: _decided(reviews.take_back),
    Action.REQUEST_CHANGES: _decided(reviews.request_changes),
    Action.APPROVE: _decided(approve),
    Action.REJECT: _decided(reviews.reject),
    Action.DISCARD: _decided(reviews.discard),
    Action.REOPEN: _decided(reviews.reopen),
    Action.PUBLISH: _published,
    Action.SCHEDULE: _scheduled,
    Action.WITHDRAW: lambda claim, by: withdraw([claim], by=by, note={"en": "Wrong."}),
    Action.EMBARGO: lambda claim, by: embargo(
        claim,
        until=timezone.now() + timedelta(days=1),
        why="The paper asks us to.",
        by=by,
        expect=claim.version,
    ),
    Action.LIFT: _lifted,
    Action.CHECK: lambda claim, by: reviews.check_again(claim, by=by, expect=claim.version),
    Action.COMMENT: lambda claim, by: talk.comment(claim, by=by, text="Look."),
    Action.ASSIGN: lambda claim, by: talk.assign(claim, to=by, by=by),
    Action.IMPORT: _saved(State.APPROVED),
}
