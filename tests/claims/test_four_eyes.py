"""Nobody publishes what nobody else approved, and an approval is bound to the body it was given to."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from claims import press
from claims.actions.approvals import approve
from claims.actions.captures import capture
from claims.actions.claims import save_claim
from claims.actions.sources import SourceDraft, save_source
from claims.ledger.models import Reason, Review
from claims.models import Approval, Claim
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
    published,
    some_evidence,
)
from tests.claims.printed import nothing_is_printed, with_quote

pytestmark = pytest.mark.django_db


# Four eyes ------------------------------------------------------------------------------------------------


def _approve(root, by: User) -> None:
    """The row that an approval leaves, whoever gave it."""
    Approval.objects.create(
        kind=root.KIND,
        ref=root.ref,
        version=root.version,
        body_sha256=root.body_sha256(),
        approved_by=by,
        approved_at=NOON,
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
    entity.state = State.APPROVED
    entity.seal(by=colleague, why="approved")
    _approve(entity, colleague)
    assert press.approved_by_another(entity)
    assert press.writers(entity) == {editor.pk}


def test_a_writer_may_not_approve_after_somebody_else_moved_the_state(editor, colleague):
    entity = an_entity(by=editor)
    entity.state = State.IN_REVIEW
    entity.seal(by=colleague, why="sent to review")
    _approve(entity, editor)
    assert not press.approved_by_another(entity)


def test_a_touch_by_somebody_else_does_not_make_a_writer_a_second_person(editor, colleague):
    claim = a_claim(by=editor)
    touched = save_claim(draft_of(claim, note={"en": "A comma."}), by=colleague, ref=claim.ref)
    assert press.writers(touched) == {editor.pk, colleague.pk}
    _approve(touched, editor)
    assert not press.approved_by_another(touched)


def test_a_copy_taken_by_the_machine_leaves_the_writers_what_they_are(editor):
    source = save_source(
        SourceDraft(slug="page", title="A page", language="en", source_type="secondary"), by=editor
    )
    capture(b"What the page said, long enough to be read as plain text.", source, by=None)
    source.refresh_from_db()
    assert press.writers(source) == {editor.pk}


def test_what_was_accepted_is_the_ground_of_what_comes_next(editor, colleague):
    claim = a_claim(by=editor)
    _approve(claim, colleague)
    changed = save_claim(draft_of(claim, note={"en": "More."}), by=colleague, ref=claim.ref)
    assert press.writers(changed) == {colleague.pk}  # the first body had two people behind it
    published(changed)
    printed = Claim.objects.get(pk=claim.pk)
    after = save_claim(draft_of(printed, note={"en": "Again."}), by=editor, ref=claim.ref)
    assert press.writers(after) == {editor.pk}


def test_an_approval_lapses_when_the_value_changes_and_does_not_return_with_it(editor, colleague):
    claim = a_claim(by=editor)
    _approve(claim, colleague)
    assert press.approved_by_another(claim)
    changed = save_claim(draft_of(claim, value=euros("2000000")), by=editor, ref=claim.ref)
    assert not press.approved_by_another(changed)
    back = save_claim(draft_of(claim, value=euros()), by=editor, ref=claim.ref)
    assert not press.approved_by_another(back)


def test_a_new_copy_takes_an_approved_source_back(editor, colleague):
    source = save_source(
        SourceDraft(slug="page", title="A page", language="en", source_type="secondary"), by=editor
    )
    approve(source, by=colleague, expect=source.version)
    capture(b"What the page said, long enough to be read as plain text.", source, by=colleague)
    source.refresh_from_db()
    assert source.state == State.DRAFT
    assert not press.approved_by_another(source)


def test_hands_are_asked_in_two_queries_for_many(editor, django_assert_num_queries):
    roots = [an_entity(by=editor) for _ in range(5)]
    with django_assert_num_queries(2):
        known = press.hands(roots)
    assert {one.writers for one in known.values()} == {frozenset({editor.pk})}


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
