"""The queues know the writers of a thing as the press does, whatever became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims import press
from claims.actions import reviews
from claims.actions.approvals import approve
from claims.actions.sources import SourceDraft, save_source
from claims.admin import queues
from claims.admin.queues import Asked, queue_of
from claims.ledger.models import Reason
from claims.ledger.printing import NothingToPrint
from claims.models import Source
from kb.models import State
from tests.roles import member

pytestmark = pytest.mark.django_db

WORDS = count()
REFUSALS = (ValidationError, press.NotPublishable, NothingToPrint)


@pytest.fixture
def partner() -> User:
    return member("partner", "partner")


@pytest.fixture
def contributor() -> User:
    return member("contributor", "contributor")


def saved(by: User | None, state: State, source: Source | None = None, note: str = "") -> Source:
    draft = SourceDraft(slug="page", title="A page", language="en", source_type="secondary",
                        note={"en": note} if note else source.note if source else {})  # fmt: skip
    return save_source(draft, by=by, ref=source.ref if source else None, state=state)


def current(source: Source) -> Source:
    return Source.objects.get(pk=source.pk)


def awaited(user: User) -> list[str]:
    queue = queue_of("review")
    assert queue is not None
    return [item.ref for item in queue.items(Asked(user, timezone.now()), 9)]


def told_apart(source: Source, people: list[User]) -> tuple[set[int], set[int]]:
    """The writers, as the press has them and as the queues have them."""
    in_queues = {
        one.pk
        for one in people
        if Source.objects.filter(queues._written_by(Source, one), pk=source.pk).exists()
    }
    return set(press.writers(source)), in_queues


def test_who_rejects_a_proposal_did_not_write_it(partner: User, editor: User, colleague: User) -> None:
    source = saved(partner, State.PROPOSED)
    reviews.reject(source, by=colleague, expect=1, comment="no")
    reviews.reopen(source, by=editor, expect=2)
    reviews.submit(source, by=editor, expect=3)
    people = [partner, editor, colleague]
    assert told_apart(current(source), people) == ({partner.pk, editor.pk}, {partner.pk, editor.pk})
    assert awaited(colleague) == [source.ref]
    assert awaited(editor) == []


def test_a_writer_is_one_though_it_was_approved_until_somebody_changes_it(
    contributor: User, editor: User, colleague: User
) -> None:
    source = saved(editor, State.DRAFT)
    approve(source, by=colleague, expect=1)
    again = saved(contributor, State.IN_REVIEW, current(source))
    people = [contributor, editor, colleague]
    assert told_apart(again, people) == ({editor.pk}, {editor.pk})
    assert awaited(editor) == []
    changed = saved(colleague, State.IN_REVIEW, again, note="More.")
    assert told_apart(changed, people) == ({colleague.pk}, {colleague.pk})
    assert awaited(editor) == [source.ref]


def _save(source: Source, by: User | None, note: str) -> None:
    state = State.IN_REVIEW if source.state == State.IN_REVIEW else State.DRAFT
    saved(by, state, source, note)


def _publish(source: Source, by: User) -> None:
    press.publish([source], by=by, reason=Reason.UPDATE)


def _decision(action: Callable[..., Any]) -> Callable[[Source, User], Any]:
    return lambda source, by: action(source, by=by, expect=source.version, comment="why")


DEEDS: Mapping[str, Callable[[Source, User], Any]] = {
    "edit": lambda source, by: _save(source, by, f"words {next(WORDS)}"),
    "edit back": lambda source, by: _save(source, by, "words as before"),
    "save as it stands": lambda source, by: _save(source, by, ""),
    "edit by the machine": lambda source, by: _save(source, None, f"words {next(WORDS)}"),
    "publish": _publish,
    "approve": _decision(approve),
    **{action.value: _decision(decide) for action, decide in reviews.DECISIONS.items()},
}


BEGINNINGS = (
    "edit",
    "take-up",
    "reject",
    "reject reopen",
    "reject reopen submit",
    "edit submit approve publish",
)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_queues_and_press_agree_whatever_happens(
    beginning: str, seed: int, partner: User, contributor: User, editor: User, colleague: User
) -> None:
    """A proposal, how its way on the desk began, and a walk through the workflow by whoever may take the next step."""
    chance, staff = Random(f"{beginning} {seed}"), [contributor, editor, colleague]  # noqa: S311  no secret
    source = saved(partner, State.PROPOSED)
    for deed in beginning.split():
        DEEDS[deed](source, colleague if deed in ("reject", "approve") else editor)
        source = current(source)
    history: list[tuple[str, str, str]] = []
    while len(history) < 7:
        deed, by = chance.choice(list(DEEDS)), chance.choice(staff)
        before = source.version, source.printed_version
        try:
            DEEDS[deed](source, by)
        except REFUSALS:
            continue
        source = current(source)
        if before != (source.version, source.printed_version):
            history.append((deed, by.username, source.state))
            by_press, by_queues = told_apart(source, [partner, *staff])
            assert by_press == by_queues, history
