"""Nobody publishes what nobody else approved, and an approval is bound to the body it was given to."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from claims import press
from claims.actions.claims import save_claim
from claims.ledger.models import Reason, Review
from claims.models import Approval
from kb.models import State
from tests.building import (
    NOON,
    a_claim,
    a_dimension,
    a_quote,
    a_snapshot,
    a_source,
    an_entity,
    draft_of,
    euros,
    some_evidence,
)
from tests.claims.printed import nothing_is_printed, with_quote

pytestmark = pytest.mark.django_db


# Four eyes ------------------------------------------------------------------------------------------------


def _approve(root, by: User) -> None:
    Approval.objects.create(
        kind=root.KIND, ref=root.ref, body_sha256=root.body_sha256(), approved_by=by, approved_at=NOON
    )


def test_publishing_waits_for_a_second_person(editor, colleague):
    entity = an_entity(by=editor)
    with pytest.raises(press.NotPublishable, match="second person"):
        press.publish([entity], by=editor, reason=Reason.NEW)
    assert nothing_is_printed()
    _approve(entity, colleague)
    assert press.publish([entity], by=editor, reason=Reason.NEW).review == Review.FOUR_EYES


def test_nobody_approves_what_they_wrote(editor):
    entity = an_entity(by=editor)
    _approve(entity, editor)
    assert not press.approved_by_another(entity)


def test_what_the_machine_wrote_anybody_may_approve(editor):
    entity = an_entity()
    _approve(entity, editor)
    assert press.approved_by_another(entity)


def test_an_approval_counts_though_the_approver_moved_the_state(editor, colleague):
    entity = an_entity(by=editor)
    _approve(entity, colleague)
    entity.state = State.APPROVED
    entity.seal(by=colleague, why="approved")
    assert press.approved_by_another(entity)


def test_a_writer_may_not_approve_after_somebody_else_moved_the_state(editor, colleague):
    entity = an_entity(by=editor)
    _approve(entity, editor)
    entity.state = State.IN_REVIEW
    entity.seal(by=colleague, why="sent to review")
    assert not press.approved_by_another(entity)


def test_an_approval_lapses_when_the_value_changes_and_returns_with_it(editor, colleague):
    claim = a_claim(by=editor)
    _approve(claim, colleague)
    assert press.approved_by_another(claim)
    changed = save_claim(draft_of(claim, value=euros("2000000")), by=editor, ref=claim.ref)
    assert not press.approved_by_another(changed)
    back = save_claim(draft_of(claim, value=euros()), by=editor, ref=claim.ref)
    assert press.approved_by_another(back)


def test_an_approval_lapses_when_the_scope_changes(editor, colleague):
    dimension = a_dimension()
    before, after = dimension.terms.all()
    claim = a_claim(scope=[before], by=editor)
    _approve(claim, colleague)
    changed = save_claim(draft_of(claim, scope=[after]), by=editor, ref=claim.ref)
    assert not press.approved_by_another(changed)


def test_an_approval_lapses_when_the_quote_changes(editor, colleague):
    _, source, text, quote = with_quote()
    claim = a_claim(evidence=[some_evidence(source, quote=quote)], by=editor)
    _approve(claim, colleague)
    assert press.approved_by_another(claim)
    wider = a_quote(source.snapshots.get(), text, "was 1 million euros")
    changed = save_claim(
        draft_of(claim, evidence=[some_evidence(source, quote=wider)]), by=editor, ref=claim.ref
    )
    assert not press.approved_by_another(changed)


def test_an_approval_lapses_when_the_quote_moves_to_another_snapshot(editor, colleague):
    text, newer = "The fee was 1 million euros.", "The fee was 1 million euros, it says."
    source = a_source(snapshots=[a_snapshot(text), a_snapshot(newer)])
    older_copy, newer_copy = source.snapshots.all()
    claim = a_claim(evidence=[some_evidence(source, quote=a_quote(older_copy, text, "1 million"))], by=editor)
    _approve(claim, colleague)
    moved = some_evidence(source, quote=a_quote(newer_copy, newer, "1 million"))
    changed = save_claim(draft_of(claim, evidence=[moved]), by=editor, ref=claim.ref)
    assert not press.approved_by_another(changed)


def test_an_approval_of_one_thing_is_none_of_another(editor, colleague):
    first, second = an_entity(by=editor), an_entity(by=editor)
    _approve(first, colleague)
    assert not press.approved_by_another(second)
