"""Who may do what to a version on the desk, and where it leads. One table: TABLE.

*Published*, *changed since* and *withdrawn* are no states: the ledger says them. Approved is reached by an approval or
by publishing, never by saving.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kb.models import State


class Role(TextChoices):
    """Groups, each with what the one before it may do. Partners are no staff: they come by the API alone."""

    PARTNER = "partner", _("partner")
    CONTRIBUTOR = "contributor", _("contributor")
    EDITOR = "editor", _("editor")
    PUBLISHER = "publisher", _("publisher")
    ADMINISTRATOR = "administrator", _("administrator")


class Action(TextChoices):
    """What can be done to one version."""

    PROPOSE = "propose", _("propose")
    TAKE_UP = "take-up", _("take up")
    EDIT = "edit", _("edit")
    SUBMIT = "submit", _("submit for review")
    TAKE_BACK = "take-back", _("take back from review")
    REQUEST_CHANGES = "request-changes", _("request changes")
    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")
    DISCARD = "discard", _("discard")
    REOPEN = "reopen", _("reopen")
    PUBLISH = "publish", _("publish")
    SCHEDULE = "schedule", _("schedule")
    WITHDRAW = "withdraw", _("withdraw")
    EMBARGO = "embargo", _("set an embargo")
    LIFT = "lift", _("lift an embargo")
    CHECK = "check", _("check again")
    COMMENT = "comment", _("comment")
    ASSIGN = "assign", _("assign")
    IMPORT = "import", _("import as approved")


class Whose(StrEnum):
    """Whether it matters who wrote the body."""

    ANYBODYS = "anybody's"
    OWN = "own"  # only who wrote it
    OTHERS = "others'"  # never who wrote it, but in one-person mode


@dataclass(frozen=True)
class Rule:
    """`role` and those above it may do `action` to a version in `state`; it is then in `to`."""

    action: Action
    state: State | None  # None: not there yet
    to: State | None  # None: nothing about the version changes
    role: Role
    whose: Whose = Whose.ANYBODYS


NEW: Final = None
A, S, R, W = Action, State, Role, Whose
TABLE: tuple[Rule, ...] = (
    Rule(A.PROPOSE, NEW, S.PROPOSED, R.PARTNER),
    Rule(A.TAKE_UP, S.PROPOSED, S.DRAFT, R.CONTRIBUTOR),
    Rule(A.EDIT, NEW, S.DRAFT, R.CONTRIBUTOR),
    Rule(A.EDIT, S.PROPOSED, S.DRAFT, R.CONTRIBUTOR),
    Rule(A.EDIT, S.DRAFT, S.DRAFT, R.CONTRIBUTOR),
    Rule(A.EDIT, S.IN_REVIEW, S.IN_REVIEW, R.CONTRIBUTOR, W.OWN),
    Rule(A.EDIT, S.IN_REVIEW, S.IN_REVIEW, R.EDITOR),
    Rule(A.EDIT, S.APPROVED, S.DRAFT, R.CONTRIBUTOR),
    Rule(A.SUBMIT, S.DRAFT, S.IN_REVIEW, R.CONTRIBUTOR),
    Rule(A.TAKE_BACK, S.IN_REVIEW, S.DRAFT, R.CONTRIBUTOR, W.OWN),
    Rule(A.REQUEST_CHANGES, S.IN_REVIEW, S.DRAFT, R.EDITOR, W.OTHERS),
    Rule(A.APPROVE, S.DRAFT, S.APPROVED, R.EDITOR, W.OTHERS),
    Rule(A.APPROVE, S.IN_REVIEW, S.APPROVED, R.EDITOR, W.OTHERS),
    Rule(A.APPROVE, S.APPROVED, S.APPROVED, R.EDITOR, W.OTHERS),
    Rule(A.REJECT, S.PROPOSED, S.REJECTED, R.EDITOR),
    Rule(A.REJECT, S.IN_REVIEW, S.REJECTED, R.EDITOR, W.OTHERS),
    Rule(A.DISCARD, S.PROPOSED, S.DISCARDED, R.PARTNER, W.OWN),
    Rule(A.DISCARD, S.PROPOSED, S.DISCARDED, R.EDITOR),
    Rule(A.DISCARD, S.DRAFT, S.DISCARDED, R.CONTRIBUTOR, W.OWN),
    Rule(A.DISCARD, S.DRAFT, S.DISCARDED, R.EDITOR),
    Rule(A.DISCARD, S.IN_REVIEW, S.DISCARDED, R.CONTRIBUTOR, W.OWN),
    Rule(A.DISCARD, S.IN_REVIEW, S.DISCARDED, R.EDITOR),
    Rule(A.DISCARD, S.REJECTED, S.DISCARDED, R.EDITOR),
    Rule(A.REOPEN, S.REJECTED, S.DRAFT, R.EDITOR),
    Rule(A.REOPEN, S.DISCARDED, S.DRAFT, R.CONTRIBUTOR, W.OWN),
    Rule(A.REOPEN, S.DISCARDED, S.DRAFT, R.EDITOR),
    Rule(A.IMPORT, NEW, S.APPROVED, R.PUBLISHER),
    *(Rule(A.IMPORT, state, S.APPROVED, R.PUBLISHER) for state in State),
    *(Rule(A.PUBLISH, state, S.APPROVED, R.PUBLISHER) for state in (S.DRAFT, S.IN_REVIEW, S.APPROVED)),
    *(Rule(A.SCHEDULE, state, None, R.PUBLISHER) for state in (S.DRAFT, S.IN_REVIEW, S.APPROVED)),
    *(Rule(A.WITHDRAW, state, None, R.PUBLISHER) for state in State),
    *(Rule(A.EMBARGO, state, None, R.CONTRIBUTOR) for state in State),
    *(Rule(A.LIFT, state, None, R.PUBLISHER) for state in State),
    *(Rule(A.CHECK, state, None, R.CONTRIBUTOR) for state in (S.DRAFT, S.IN_REVIEW, S.APPROVED)),
    *(Rule(A.COMMENT, state, None, R.CONTRIBUTOR) for state in State),
    *(Rule(A.ASSIGN, state, None, R.CONTRIBUTOR) for state in State),
)

# What is said to the author has to be said.
NEEDS_COMMENT: Final = frozenset({Action.REQUEST_CHANGES, Action.REJECT})
# What takes the desk's version away, so that readers must not see the thing.
PUTS_ASIDE: Final = frozenset({Action.REJECT, Action.DISCARD})

# From each state: where a save may lead, the usual one first. Rejecting is no saving: it has something to say.
AFTER_SAVING: Mapping[State | None, tuple[State, ...]] = {
    None: (State.DRAFT, State.IN_REVIEW),  # new
    State.PROPOSED: (State.DRAFT, State.IN_REVIEW, State.DISCARDED),
    State.DRAFT: (State.DRAFT, State.IN_REVIEW, State.DISCARDED),
    State.IN_REVIEW: (State.IN_REVIEW, State.DRAFT, State.DISCARDED),
    State.APPROVED: (State.DRAFT, State.IN_REVIEW),
    State.REJECTED: (State.DRAFT, State.IN_REVIEW, State.DISCARDED),
    State.DISCARDED: (State.DRAFT,),
}
_CARRIED = (Action.TAKE_BACK, Action.DISCARD, Action.REOPEN)


def rules(action: Action, state: State | None) -> tuple[Rule, ...]:
    """The rows for doing `action` to a version in `state`, the lowest role first; none: it cannot be done."""
    return _by_action_and_state().get((action, state), ())


@cache
def _by_action_and_state() -> dict[tuple[Action, State | None], tuple[Rule, ...]]:
    found: dict[tuple[Action, State | None], tuple[Rule, ...]] = {}
    for rule in TABLE:
        key = (rule.action, rule.state)
        found[key] = (*found.get(key, ()), rule)
    return found


def actions_of_saving(state: State | None, to: State) -> tuple[Action, ...]:
    """What somebody does who saves something in `state` so that it is then in `to`; empty when no way leads there."""
    if to == State.APPROVED:
        return (Action.IMPORT,)
    if to == State.PROPOSED:
        return (Action.PROPOSE,) if rules(Action.PROPOSE, state) else ()
    edited = next((rule.to for rule in rules(Action.EDIT, state)), None)
    if edited == to:
        return (Action.EDIT,)
    for action in _CARRIED:
        if any(rule.to == to for rule in rules(action, state)):
            return (action,)
    if to != State.IN_REVIEW:
        return ()
    first = Action.EDIT if edited else Action.REOPEN
    return (first, Action.SUBMIT) if rules(first, state) else ()


def after_saving(state: State | None) -> tuple[State, ...]:
    """Where saving something in `state` may lead; None for what is new."""
    return AFTER_SAVING[state]


def approvable(state: State) -> bool:
    return bool(rules(Action.APPROVE, state))
