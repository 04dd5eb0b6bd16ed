"""The table of the workflow, in the docs and in what the actions let through: every role, state and action."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from functools import cache
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from claims import actions, press, workflow
from claims.actions.claims import save_claim
from claims.actions.entities import save_entity
from claims.actions.reviews import DECISIONS
from claims.ledger.models import Reason
from claims.models import Approval, Claim, Comment
from claims.permissions import NotAllowed
from claims.press import writers
from claims.workflow import AFTER_SAVING, Action, Role, Whose, after_saving, approvable
from companies.actions import EntityDraft
from companies.models import Entity
from kb.models import State
from tests import building as build
from tests.claims.workflow_matrix import DEEDS
from tests.conftest import ROOT
from tests.roles import member

STATES: list[State | None] = [None, *State]
LETTERS = {
    Role.PARTNER: "S",
    Role.CONTRIBUTOR: "C",
    Role.EDITOR: "E",
    Role.PUBLISHER: "P",
    Role.ADMINISTRATOR: "A",
}
MARKS = {Whose.ANYBODYS: "", Whose.OWN: " own", Whose.OTHERS: " others’"}


@cache
def documented() -> dict[tuple[Action, State | None], str]:
    """The grid of docs/workflow.md: what stands in each cell."""
    text = (ROOT / "docs/workflow.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split("|") for line in text.splitlines() if re.match(r"\| `[a-z-]+` \|", line)]
    return {
        (Action(cells[0].strip(" `")), state): cell.strip()
        for cells in rows
        for state, cell in zip(STATES, cells[1:], strict=True)
    }


def test_the_documented_grid_is_the_table_and_complete() -> None:
    cells = {
        (action, state): ", ".join(
            f"{LETTERS[rule.role]}{MARKS[rule.whose]}" for rule in workflow.rules(action, state)
        )
        or "–"
        for action, state in product(Action, STATES)
    }
    assert documented() == cells


def test_every_state_has_its_row() -> None:
    assert set(AFTER_SAVING) == {None, *State}


def test_saving_never_approves_and_each_way_is_an_action_of_the_table() -> None:
    for state, ways in AFTER_SAVING.items():
        assert State.APPROVED not in after_saving(state)
        for to in ways:
            assert workflow.actions_of_saving(state, to), (state, to)


def test_what_is_put_aside_is_not_approvable() -> None:
    assert [state for state in State if not approvable(state)] == [
        State.PROPOSED,
        State.REJECTED,
        State.DISCARDED,
    ]


def test_no_action_is_missing_from_table_or_matrix() -> None:
    assert {rule.action for rule in workflow.TABLE} == set(Action) == set(DEEDS)


# What writes the desk for a person is an action of the table, or says here why not.
NOT_IN_THE_TABLE = {
    "remove_evidence": "an edit",
    "add_evidence": "an edit, through save_claim",
    "add_claim": "an edit, through save_claim",
    "save_body": "an edit, through the action of the kind",
    "change_all": "edits, through save_claim",
    "rehearse": "an edit that is undone",
    "approve_all": "approvals",
    "submit_all": "submissions",
    "cancel": "asks for the right to schedule",
    "publish_now": "asks for the right to publish",
    "set_half_life": "asks for a permission of its own",
    "request_redaction": "the law's, by two people",
    "confirm_redaction": "the law's, by two people",
    "put_back": "edits, through save_body",
    "prefer": "one's own wishes; asks for a place on the staff",
    "arrive": "a sign of life, no change",
    "leave": "a sign of life, no change",
    "notify": "follows from another action",
    "remember": "follows from another action",
    "take_up_sources": "follows from another action",
    "withdraw_submission": "discards, through reviews",
    "close_by_dispute": "follows from saving a dispute",
}


def test_every_action_that_takes_a_person_is_known_to_the_matrix() -> None:
    """A new function with `by` under claims/actions fails here until it asks the table, or is named above."""
    table = set(NOT_IN_THE_TABLE) | {"save_claim", "approve", "publish_seen", "schedule", "withdraw"}
    table |= {"submit", "take_back", "request_changes", "reject", "discard", "reopen"}
    table |= {"take_up", "check_again", "comment", "assign"}
    asked = re.compile(r"\b(require\w*|refusal|_decide|save_\w+|publish_seen|can_\w+)\(")
    for info in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"claims.actions.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            if "by" in inspect.signature(function).parameters and name not in table:
                assert asked.search(inspect.getsource(function)), f"{info.name}.{name} asks nobody"


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """One member of each group, and an outsider of the staff who is in none."""
    found = {role.value: member(role.value, f"the-{role.value}") for role in Role}
    found["nobody"] = User.objects.create_user("nobody", is_staff=True)
    return found


RANKS = list(Role)


def allowed(role: str, state: State | None, action: Action, *, own: bool) -> bool:
    """What the grid says: a role is in a cell when it, or a lower one, stands there for such a body."""
    if role == "nobody":
        return False
    for part in documented()[action, state].split(", "):
        letter, _space, whose = part.partition(" ")
        if letter == "–":
            continue
        fits = {"": True, "own": own, "others’": not own}[whose]
        if fits and RANKS.index(Role(role)) >= list(LETTERS.values()).index(letter):
            return True
    return False


@pytest.fixture
def parts(db: None) -> dict[str, Any]:
    """What every claim of the matrix rests on, published."""
    subject, prop, source = build.an_entity(), build.a_property(), build.a_source()
    build.published(subject, prop, source)
    return {"subject": subject, "property": prop, "evidence": [build.some_evidence(source)]}


def _claim_for(action: Action, author: User, approver: User, parts: dict[str, Any]) -> Claim:
    at_first = State.PROPOSED if author.groups.filter(name=Role.PARTNER).exists() else State.DRAFT
    claim = build.a_claim(by=author, state=at_first, **parts)
    Claim.objects.filter(pk=claim.pk).update(state=State.DRAFT)
    if action == Action.WITHDRAW:
        press.publish([claim], by=None, reason=Reason.IMPORT)
    if action in (Action.PUBLISH, Action.SCHEDULE):  # approved by somebody else already
        Approval.objects.create(
            kind="claim", ref=claim.ref, version=claim.version, body_sha256=claim.body_sha256(),
            approved_by=approver, approved_at=build.NOON,
        )  # fmt: skip
    return claim


def _is_let(action: Action, claim: Claim, state: State | None, user: User) -> bool:
    """Whether it is done, to a claim in that state or to none at all; afterwards all is as it was."""
    with transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state=state or claim.state)
        before = _traces()
        try:
            with transaction.atomic():
                DEEDS[action](None if state is None else Claim.objects.get(pk=claim.pk), user)
            done = True
        except NotAllowed:
            done = False
            assert _traces() == before
        transaction.set_rollback(True)
    return done


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("own", [True, False], ids=["own", "others"])
def test_each_role_does_in_each_state_what_the_grid_allows(
    action: Action, own: bool, people: dict[str, User], parts: dict[str, Any], editor: User, colleague: User
) -> None:
    """role × state × action, carried out: what is refused raises NotAllowed and leaves no trace."""
    anew = action in (Action.PROPOSE, Action.EDIT, Action.IMPORT)
    if not anew:
        assert documented()[action, None] == "–"  # there is nothing to do it to
    for role, user in people.items():
        mine = own and role != "nobody"
        with transaction.atomic():
            claim = _claim_for(action, user if mine else editor, colleague, parts)
            if mine:
                _brought_in_by(claim, user)
            for state in STATES if anew else list(State):
                expected = allowed(role, state, action, own=mine and state is not None)
                done = _is_let(action, claim, state, user)
                assert done == expected, (role, state, action, "own" if own else "others’")
            transaction.set_rollback(True)


HANDING_ON = (Action.SUBMIT, Action.APPROVE)  # and saving into review


@pytest.mark.parametrize("action", HANDING_ON)
@pytest.mark.parametrize("own", [True, False], ids=["own", "others"])
def test_what_is_incomplete_is_handed_on_by_no_role_in_no_state(
    action: Action, own: bool, people: dict[str, User], parts: dict[str, Any], editor: User
) -> None:
    """role × state × action again, without scope and evidence: who may do it is told all that is missing."""
    prop = build.a_property(required_scope=[build.a_dimension("tax")])
    for (role, user), state in product(people.items(), State):
        with transaction.atomic():
            mine = own and role not in ("nobody", "partner")
            claim = build.a_claim(by=user if mine else editor, **parts | {"property": prop, "evidence": []})
            Claim.objects.filter(pk=claim.pk).update(state=state)
            claim.refresh_from_db()
            before = _traces()
            with pytest.raises(ValidationError) as refused, transaction.atomic():
                DEEDS[action](claim, user)
            assert _traces() == before
            if allowed(role, state, action, own=mine):
                assert not isinstance(refused.value, NotAllowed)
                assert "requires the scope dimension “tax”" in refused.value.messages[0]
                assert refused.value.messages[1] == "it has no evidence"
            else:
                assert isinstance(refused.value, NotAllowed)
            transaction.set_rollback(True)


def test_what_is_incomplete_is_saved_as_a_draft_only(editor: User) -> None:
    draft = build.draft_of(build.a_claim(by=editor), evidence=[])
    claim = save_claim(draft, by=editor)
    with pytest.raises(ValidationError) as refused:
        save_claim(draft, by=editor, ref=claim.ref, state=State.IN_REVIEW)
    assert "it has no evidence" in refused.value.message_dict["next_state"]
    with pytest.raises(ValidationError) as refused:
        save_entity(EntityDraft(slug="nameless", kind="company", names=[]), by=editor, state=State.IN_REVIEW)
    assert "it has no label in any language" in refused.value.message_dict["next_state"]
    assert not Entity.objects.filter(slug="nameless").exists()
    machines = save_claim(draft, by=None, state=State.IN_REVIEW)
    assert machines.state == State.IN_REVIEW  # it is not asked


def _brought_in_by(claim: Claim, user: User) -> None:
    assert writers(claim) == {user.pk}


def _traces() -> tuple[Any, ...]:
    return (
        list(Claim.objects.order_by("pk").values_list("pk", "version", "state")),
        Approval.objects.count(),
        Comment.objects.count(),
    )


@pytest.mark.parametrize("action", sorted(workflow.NEEDS_COMMENT))
@pytest.mark.parametrize("words", ["", "  \n"])
def test_what_is_said_to_the_author_has_to_be_said(
    action: Action, words: str, editor: User, colleague: User
) -> None:
    claim = build.a_claim(by=editor, state=State.IN_REVIEW)
    with pytest.raises(ValidationError, match="comment"):
        DECISIONS[action](claim, by=colleague, expect=claim.version, comment=words)
    assert Claim.objects.get(pk=claim.pk).state == State.IN_REVIEW


def test_in_one_person_mode_one_reviews_oneself(editor: User, settings: Any) -> None:
    settings.ONE_PERSON_MODE = True
    claim = build.a_claim(by=editor, state=State.IN_REVIEW)
    DEEDS[Action.REQUEST_CHANGES](claim, editor)
    assert Claim.objects.get(pk=claim.pk).state == State.DRAFT


def test_what_readers_see_is_not_put_aside(editor: User, colleague: User) -> None:
    claim = build.a_claim(by=editor)
    build.published(claim)
    Claim.objects.filter(pk=claim.pk).update(state=State.IN_REVIEW)
    claim.refresh_from_db()
    for action in workflow.PUTS_ASIDE:
        with pytest.raises(NotAllowed, match="withdraw it"):
            DEEDS[action](claim, colleague)


def test_a_request_for_changes_takes_back_the_approval_of_that_body(editor: User, colleague: User) -> None:
    claim = build.a_claim(by=editor, state=State.IN_REVIEW)
    DEEDS[Action.APPROVE](claim, colleague)
    Claim.objects.filter(pk=claim.pk).update(state=State.IN_REVIEW)
    claim.refresh_from_db()
    DEEDS[Action.REQUEST_CHANGES](claim, colleague)
    assert not Approval.objects.filter(ref=claim.ref).exists()
