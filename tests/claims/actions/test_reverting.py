"""A revert is a new revision, a reversal a new edition, and neither goes round a check."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims import press
from claims.actions.approvals import approve
from claims.actions.bodies import save_body
from claims.actions.claims import save_claim
from claims.actions.merging import merge_entity
from claims.actions.reverting import NotReversible, put_back, reversal, reverse_edition, revert
from claims.actions.withdrawals import withdraw
from claims.ledger import verify
from claims.ledger.models import GONE, OPEN, Edition, Reason, Record, Review
from claims.models import Claim
from companies.models import Entity
from kb.models import Revision, Root, StaleVersion, State
from tests import building as build

pytestmark = pytest.mark.django_db

NOTE = {"en": "It was wrong."}


@pytest.fixture(autouse=True)
def one_person(settings: Any) -> None:
    settings.ONE_PERSON_MODE = True


def reversed_by(number: int, by: User, **changes: Any) -> Edition:
    values: dict[str, Any] = {"by": by, "reason": Reason.CORRECTION, "note": NOTE} | changes
    return reverse_edition(number, **values)


def standing(root: Root) -> dict[str, Any]:
    """What readers have of it, without what is derived; empty when it is withdrawn."""
    record = Record.objects.get(ref=root.ref, edition_to=OPEN)
    body = json.loads(record.body) if record.op not in GONE else {}
    return {name: value for name, value in body.items() if name != "derived"}


# One thing ----------------------------------------------------------------------------------------------------


def test_a_revert_is_a_new_revision_with_its_name_and_reason(editor: User) -> None:
    claim = build.a_claim(note={"en": "one"})
    save_claim(build.draft_of(claim, note={"en": "two"}), by=None, ref=claim.ref)
    after = revert(claim, 1, by=editor, expect=2, why="typo")
    assert (after.version, after.body()["note"], after.state) == (3, {"en": "one"}, State.DRAFT)
    revision = Revision.objects.get(ref=claim.ref, version=3)
    assert (revision.by, revision.why) == (editor, "back to version 1: typo")
    assert Revision.objects.filter(ref=claim.ref).count() == 3


def test_a_revert_checks_the_version_and_what_holds_today(editor: User) -> None:
    dimension = build.a_dimension(terms=["gross", "net"])
    claim = build.a_claim(scope=[dimension.terms.get(slug="net")])
    save_claim(build.draft_of(claim, scope=[]), by=None, ref=claim.ref)
    with pytest.raises(StaleVersion):
        revert(claim, 1, by=editor, expect=1)
    body = dimension.body()
    save_body("scope-dimension", body | {"terms": body["terms"][:1]}, by=None, expect=1, state=State.DRAFT)
    with pytest.raises(ValidationError, match="no term net any more"):
        revert(claim, 1, by=editor, expect=2)
    with pytest.raises(Revision.DoesNotExist):
        revert(claim, 9, by=editor, expect=2)
    assert Claim.objects.get(pk=claim.pk).version == 2


def test_a_published_claim_is_not_reverted_to_one_without_evidence(editor: User) -> None:
    claim = build.a_claim(evidence=[])
    save_claim(build.draft_of(claim, evidence=[build.some_evidence()]), by=None, ref=claim.ref)
    build.published(Claim.objects.get(pk=claim.pk))
    with pytest.raises(ValidationError, match="withdraw it rather than"):
        revert(claim, 1, by=editor, expect=Claim.objects.get(pk=claim.pk).version)


def test_what_was_merged_does_not_come_back(editor: User) -> None:
    one, other = build.an_entity(), build.an_entity()
    build.published(one, other)
    merge_entity(one, into=other, by=editor)
    with pytest.raises(ValidationError, match="merged"):
        revert(one, 1, by=editor, expect=Entity.objects.get(pk=one.pk).version)


# A whole edition ----------------------------------------------------------------------------------------------


def test_what_an_edition_changed_goes_back_and_what_it_added_is_withdrawn(editor: User) -> None:
    old = build.a_claim(note={"en": "one"})
    build.published(old)
    before = standing(old)
    new = build.a_claim(subject=old.subject, property=old.property)
    changed = save_claim(build.draft_of(old, note={"en": "two"}), by=None, ref=old.ref)
    build.published(changed, new)
    edition = reversed_by(2, editor)
    assert (edition.number, edition.reason, json.loads(edition.note)) == (3, Reason.CORRECTION, NOTE)
    assert standing(old) == before == Claim.objects.get(pk=old.pk).body()
    assert standing(new) == {}
    assert Claim.objects.get(pk=new.pk).evidence.exists()  # the desk keeps it
    assert standing(new.evidence.get().source) == {}  # it came with the same edition
    assert Claim.objects.get(pk=old.pk).state == State.APPROVED
    assert "edition 2 reversed" in Revision.objects.filter(ref=old.ref).values_list("why", flat=True)
    assert list(verify.faults()) == []


def test_what_an_edition_withdrew_returns(editor: User) -> None:
    claim = build.a_claim()
    build.published(claim)
    before = standing(claim)
    withdraw([claim], by=editor, note=NOTE)
    reversed_by(2, editor)
    assert standing(claim) == before
    assert list(verify.faults()) == []


def test_a_withdrawn_source_returns_with_the_evidence_it_took_along(editor: User) -> None:
    source = build.a_source()
    claim = build.a_claim(evidence=[build.some_evidence(source), build.some_evidence()])
    build.published(claim)
    before = standing(claim)
    withdraw([source], by=editor, note=NOTE)
    assert len(standing(claim)["evidence"]) == 1
    reversed_by(2, editor)
    assert standing(claim) == before
    assert standing(source) == source.body()


def test_a_reversal_can_be_reversed(editor: User) -> None:
    claim = build.a_claim(note={"en": "one"})
    build.published(claim)
    build.published(save_claim(build.draft_of(claim, note={"en": "two"}), by=None, ref=claim.ref))
    reversed_by(2, editor)
    reversed_by(3, editor)
    assert standing(claim)["note"] == {"en": "two"}


def test_the_very_first_edition_can_be_taken_back(editor: User) -> None:
    claim = build.a_claim()
    build.published(claim)
    reversed_by(1, editor, reason=Reason.RETRACTION)
    assert not Record.objects.filter(edition_to=OPEN).exclude(op__in=GONE).exists()


def test_a_later_edition_stands_in_the_way_and_a_mere_recount_does_not(editor: User) -> None:
    claim = build.a_claim()
    build.published(claim)
    build.published(save_claim(build.draft_of(claim, note={"en": "two"}), by=None, ref=claim.ref))
    source = claim.evidence.get().source
    origin = build.a_source()
    build.published(origin)
    copy = build.a_source(source.slug, ref=source.ref, derived_from=origin, title=source.title)
    build.published(copy)  # prints the source, and recounts the claim in an edition of its own
    assert Record.objects.get(ref=claim.ref, edition_to=OPEN).edition_from == 5
    assert reversal(2).obstacles == []
    build.published(save_claim(build.draft_of(claim, note={"en": "three"}), by=None, ref=claim.ref))
    with pytest.raises(NotReversible, match="edition 6 printed it again"):
        reversed_by(2, editor)


def test_work_on_the_desk_stands_in_the_way(editor: User) -> None:
    claim = build.a_claim()
    build.published(claim)
    build.published(save_claim(build.draft_of(claim, note={"en": "two"}), by=None, ref=claim.ref))
    save_claim(build.draft_of(claim, note={"en": "a draft"}), by=None, ref=claim.ref)
    with pytest.raises(NotReversible, match="not published"):
        reversed_by(2, editor)
    assert Claim.objects.get(pk=claim.pk).note == {"en": "a draft"}


def test_what_rests_on_an_addition_stands_in_the_way(editor: User) -> None:
    source = build.a_source()
    build.published(source)
    claim = build.a_claim(evidence=[build.some_evidence(source)])
    build.published(claim)
    (obstacle,) = reversal(1).obstacles
    assert (obstacle.ref, obstacle.by) == (source.ref, claim.ref)
    with pytest.raises(NotReversible):
        reversed_by(1, editor)
    assert Edition.objects.count() == 2


def test_a_merge_and_a_redaction_are_not_reversed(editor: User) -> None:
    one, other = build.an_entity(), build.an_entity()
    build.published(one, other)
    merge_entity(one, into=other, by=editor)
    with pytest.raises(NotReversible, match="merged into another"):
        reversed_by(2, editor)


def test_a_reversal_says_why_and_passes_four_eyes(editor: User, colleague: User, settings: Any) -> None:
    claim = build.a_claim()
    build.published(claim)
    build.published(save_claim(build.draft_of(claim, note={"en": "two"}), by=None, ref=claim.ref))
    with pytest.raises(ValidationError, match="note"):
        reversed_by(2, editor, note={"en": " "})
    with pytest.raises(ValidationError, match="correction or a retraction"):
        reversed_by(2, editor, reason=Reason.IMPORT)
    settings.ONE_PERSON_MODE = False
    with pytest.raises(press.NotPublishable, match="second person"):
        reversed_by(2, editor)
    assert Claim.objects.get(pk=claim.pk).note == {"en": "two"}  # the desk's half went back with it
    (back,) = put_back(2, by=editor)
    assert (back.body()["note"], back.state) == ({}, State.IN_REVIEW)
    assert reversal(2).obstacles == []  # what was put back by then is no work in the way
    with pytest.raises(press.NotPublishable, match="second person"):
        reversed_by(2, editor)
    approve(back, by=colleague, expect=back.version)
    edition = reversed_by(2, editor)
    assert (edition.number, edition.review) == (3, Review.FOUR_EYES)


def test_a_new_copy_of_a_source_is_kept_and_stands_in_no_way(editor: User) -> None:
    source = build.a_source(note={"en": "one"})
    build.published(source)
    changed = build.a_source(source.slug, ref=source.ref, title=source.title, note={"en": "two"})
    build.published(changed)
    build.a_source(
        source.slug, ref=source.ref, title=source.title, note={"en": "two"}, snapshots=[build.a_snapshot("x")]
    )
    reversed_by(2, editor)
    assert (standing(source)["note"], len(standing(source)["snapshots"])) == ({"en": "one"}, 1)
