"""Saving publishers and sources, and capturing texts."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from claims.actions.captures import capture
from claims.models import Source
from kb.lib import blobs
from kb.models import Revision
from tests.building import a_claim, a_publisher, a_quote, a_snapshot, a_source, an_entity, some_evidence

pytestmark = pytest.mark.django_db


def test_a_circle_of_derivations_is_refused_with_its_path():
    first = a_source("first")
    second = a_source("second", derived_from=first)
    third = a_source("third", derived_from=second)
    with pytest.raises(ValidationError, match="first ← third ← second ← first"):
        a_source("first", ref=first.ref, derived_from=third)
    first.refresh_from_db()
    assert first.derived_from is None


def test_a_source_is_not_derived_from_itself():
    source = a_source("first")
    with pytest.raises(ValidationError, match="circle"):
        a_source("first", ref=source.ref, derived_from=source)


@pytest.mark.parametrize("changes", [{"derivation": "copy"}, {"derived_from": True, "derivation": ""}])
def test_derivation_and_origin_come_together(changes):
    if "derived_from" in changes:
        changes = changes | {"derived_from": a_source()}
    before = Source.objects.count()
    with pytest.raises(ValidationError, match="derived from and how"):
        a_source(**changes)
    assert Source.objects.count() == before


def test_a_grade_says_when_it_was_given():
    with pytest.raises(ValidationError, match="when the grade"):
        a_publisher(reliability="B")
    assert a_publisher(reliability="B", graded_on="2026-03").body()["graded_on"]["latest"] == "2026-03-31"


def test_snapshots_that_are_not_mentioned_stay():
    source = a_source("report", snapshots=[a_snapshot("one")])
    a_source("report", ref=source.ref, title="Another")
    assert source.snapshots.count() == 1


def test_a_snapshot_that_a_quote_is_pinned_to_stays():
    source = a_source("report", snapshots=[a_snapshot("one")])
    a_claim(evidence=[some_evidence(source, quote=a_quote(source.snapshots.get(), "one", "one"))])
    with pytest.raises(ValidationError, match="still used"):
        a_source("report", ref=source.ref, snapshots=[])
    a_source("report", ref=source.ref, snapshots=[a_snapshot("newer"), a_snapshot("one")])
    assert [one.position for one in source.snapshots.all()] == [0, 1]


def test_a_capture_is_a_revision_of_its_source(editor):
    source = a_source()
    captured = capture("ডিপসিক".encode(), source, by=editor)
    assert (captured.snapshot.characters, captured.verified) == (6, 0)
    assert blobs.held(captured.snapshot.sha256)
    revision = Revision.objects.filter(ref=source.ref).last()
    assert (revision.version, revision.by, revision.why) == (2, editor, "captured")


def test_a_capture_that_a_quote_contradicts_leaves_no_trace():
    source = a_source(snapshots=[a_snapshot("the fee")])
    quote = a_quote(source.snapshots.get(), "the fee", "fee", prefix="a ")
    a_claim(evidence=[some_evidence(source, quote=quote)])
    with pytest.raises(ValidationError, match="the text before 4"):
        capture(b"the fee", source, by=None)
    assert not blobs.held(source.snapshots.get().sha256)


def test_a_source_of_another_slug_takes_nobody_elses():
    a_source("report")
    with pytest.raises(ValidationError, match="already exists"):
        a_source("report")
    assert an_entity("report").slug == "report"
