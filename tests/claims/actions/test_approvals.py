"""Approvals are bound to one body and one reader who did not write it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims import press
from claims.actions.approvals import NotApprovable, approve
from claims.actions.claims import save_claim
from claims.models import Approval, Claim
from kb.models import StaleVersion, State
from tests import building as build

LATER = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def claim(editor: User) -> Claim:
    return build.a_claim(by=editor)


def test_approve_binds_to_the_body_that_was_read(claim: Claim, colleague: User) -> None:
    approval = approve(claim, by=colleague, expect=claim.version, at=LATER)
    fresh = Claim.objects.get(pk=claim.pk)
    assert (approval.body_sha256, approval.approved_at) == (claim.body_sha256(), LATER)
    assert (fresh.state, fresh.version) == (State.APPROVED, claim.version + 1)
    assert press.approved_by_another(fresh)


def test_an_approval_lapses_when_the_body_changes(claim: Claim, editor: User, colleague: User) -> None:
    approve(claim, by=colleague, expect=claim.version)
    draft = build.draft_of(claim, note={"en": "One word more."})
    changed = save_claim(draft, by=editor, ref=claim.ref)
    assert changed.state == State.DRAFT
    assert not press.approved_by_another(changed)


def test_nobody_approves_what_they_wrote(claim: Claim, editor: User) -> None:
    with pytest.raises(NotApprovable, match="you wrote this version"):
        approve(claim, by=editor, expect=claim.version)
    assert not Approval.objects.exists()


def test_in_one_person_mode_one_may_but_it_is_no_second_pair_of_eyes(
    claim: Claim, editor: User, settings: Any
) -> None:
    settings.ONE_PERSON_MODE = True
    approve(claim, by=editor, expect=claim.version)
    assert not press.approved_by_another(Claim.objects.get(pk=claim.pk))


def test_who_brings_a_body_back_has_written_it_too(claim: Claim, editor: User, colleague: User) -> None:
    original = build.draft_of(claim)
    save_claim(build.draft_of(claim, note={"en": "No."}), by=editor, ref=claim.ref)
    back = save_claim(original, by=colleague, ref=claim.ref)
    assert press.writers(back) == {editor.pk, colleague.pk}
    with pytest.raises(NotApprovable):
        approve(back, by=colleague, expect=back.version)


def test_approving_is_not_writing(claim: Claim, editor: User, colleague: User) -> None:
    approve(claim, by=colleague, expect=claim.version)
    assert press.writers(Claim.objects.get(pk=claim.pk)) == {editor.pk}


def test_a_version_that_has_moved_on_is_not_approved(claim: Claim, editor: User, colleague: User) -> None:
    save_claim(build.draft_of(claim, note={"en": "Later."}), by=editor, ref=claim.ref)
    with pytest.raises(StaleVersion):
        approve(claim, by=colleague, expect=claim.version)
    assert not Approval.objects.exists()


@pytest.mark.parametrize("state", [State.PROPOSED, State.REJECTED, State.DISCARDED])
def test_what_is_put_aside_is_not_approved(state: State, editor: User, colleague: User) -> None:
    claim = build.a_claim(by=editor)
    Claim.objects.filter(pk=claim.pk).update(state=state)
    with pytest.raises(NotApprovable, match=str(state.label)):
        approve(claim, by=colleague, expect=claim.version)
