"""Evidence and claims out of words of a snapshot, and figures put aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims.actions.claims import save_claim
from claims.actions.readings import AROUND, Passage, add_claim, add_evidence, around, draft_of, skip, take_up
from claims.models import Claim, SkippedFigure, Snapshot
from kb.lib import blobs
from kb.models import Revision, StaleVersion, State
from tests import building as build

TEXT = "ডিপসিক ব্যয় করেছে ৬ মিলিয়ন ডলার, সবাই বলে।\nAgain: 6 million dollars. 🙂 6 million dollars!"
PRINTED = "৬ মিলিয়ন ডলার"

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot() -> Snapshot:
    blobs.write(TEXT.encode())
    return build.a_source("report", language="bn", snapshots=[build.a_snapshot(TEXT)]).snapshots.get()


def passage(snapshot: Snapshot, exact: str = PRINTED, **changes: Any) -> Passage:
    start = TEXT.index(exact)
    values: dict[str, Any] = {"start": start, "end": start + len(exact), "printed": exact} | changes
    return Passage(snapshot=snapshot, **values)


def test_evidence_is_added_with_its_quote_pinned(snapshot: Snapshot, editor: User) -> None:
    claim = build.a_claim()
    add_evidence(claim.ref, passage(snapshot), by=editor, expect=1)
    first, second = claim.evidence.all()
    assert first.locator == "page 1"
    assert (second.source, second.snapshot, second.stance) == (snapshot.source, snapshot, "supports")
    assert (second.exact, second.original_value) == (PRINTED, PRINTED)
    assert TEXT[second.start : second.end] == PRINTED
    assert second.misquotes(TEXT) == ""
    assert (second.prefix, second.suffix) == ("ডিপসিক ব্যয় করেছে ", ", সবাই বলে।")
    last = Revision.objects.filter(ref=claim.ref).latest("version")
    assert (last.version, last.by) == (2, editor)


def test_all_else_that_the_claim_says_stays(snapshot: Snapshot, editor: User) -> None:
    dimension = build.a_dimension()
    entity = build.an_entity()
    claim = build.a_claim(
        property=build.a_property(required_scope=[dimension]),
        scope=[dimension.terms.get(slug="after-tax")],
        asserted_by=entity,
        asserted_on="2024-05~",
        valid_from="2023",
        method="estimated",
        rank="preferred",
        rank_reason={"en": "The newest."},
        note={"en": "Denied."},
        links=[("rounds", build.a_claim())],
        evidence=[build.some_evidence(drift=["unit"], translation={"en": "six"}, note={"en": "A note."})],
    )
    before = Claim.objects.with_parts().get(pk=claim.pk).body()
    add_evidence(claim.ref, passage(snapshot), by=editor, expect=1)
    after = Claim.objects.with_parts().get(pk=claim.pk).body()
    assert len(after.pop("evidence")) == len(before.pop("evidence")) + 1
    assert after == before


def test_the_draft_of_a_claim_leaves_it_as_it_is(snapshot: Snapshot, editor: User) -> None:
    claim = build.a_claim(evidence=[build.some_evidence(snapshot.source, quote=_quote(snapshot))])
    assert save_claim(draft_of(claim.ref), by=editor, ref=claim.ref).version == 1


def _quote(snapshot: Snapshot) -> Any:
    return build.a_quote(snapshot, TEXT, PRINTED)


def test_a_stale_version_is_refused(snapshot: Snapshot, editor: User) -> None:
    claim = build.a_claim()
    save_claim(build.draft_of(claim, value=build.euros("7")), by=None, ref=claim.ref)
    with pytest.raises(StaleVersion):
        add_evidence(claim.ref, passage(snapshot), by=editor, expect=1)
    assert claim.evidence.count() == 1


@pytest.mark.parametrize(
    ("state", "after"),
    [(State.DRAFT, State.DRAFT), (State.IN_REVIEW, State.IN_REVIEW), (State.APPROVED, State.DRAFT)],
)
def test_an_approved_claim_goes_back_to_draft_and_one_in_review_stays(
    snapshot: Snapshot, editor: User, state: State, after: State
) -> None:
    claim = build.a_claim(state=state)
    assert add_evidence(claim.ref, passage(snapshot), by=editor, expect=1).state == after


@pytest.mark.parametrize("state", [State.REJECTED, State.DISCARDED])
def test_a_claim_that_was_put_aside_takes_no_evidence(snapshot: Snapshot, editor: User, state: State) -> None:
    claim = build.a_claim(state=state)
    with pytest.raises(ValidationError, match="put aside"):
        add_evidence(claim.ref, passage(snapshot), by=editor, expect=1)


def test_the_same_words_are_evidence_once(snapshot: Snapshot, editor: User) -> None:
    claim = build.a_claim()
    add_evidence(claim.ref, passage(snapshot), by=editor, expect=1)
    with pytest.raises(ValidationError, match="already"):
        add_evidence(claim.ref, passage(snapshot, "করেছে ৬ মিলিয়ন"), by=editor, expect=2)
    add_evidence(claim.ref, passage(snapshot, "6 million dollars."), by=editor, expect=2)
    assert claim.evidence.count() == 3


def test_a_new_claim_rests_on_the_passage_and_is_a_draft(snapshot: Snapshot, editor: User) -> None:
    draft = replace(build.a_draft(), evidence=())
    claim = add_claim(draft, passage(snapshot, stance="refutes"), by=editor)
    (evidence,) = claim.evidence.all()
    assert (claim.state, evidence.exact, evidence.stance) == (State.DRAFT, PRINTED, "refutes")


def test_what_the_claim_cannot_be_leaves_nothing_behind(snapshot: Snapshot, editor: User) -> None:
    draft = build.a_draft(value=build.euros("7", unit="count"), evidence=())
    with pytest.raises(ValidationError) as refused:
        add_claim(draft, passage(snapshot), by=editor)
    assert set(refused.value.error_dict) == {"amount"}
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 3), (-1, 3), (0, len(TEXT) + 1)])
def test_words_outside_the_text_are_refused(snapshot: Snapshot, editor: User, start: int, end: int) -> None:
    claim = build.a_claim()
    with pytest.raises(ValidationError, match="no such words"):
        add_evidence(claim.ref, Passage(snapshot=snapshot, start=start, end=end), by=editor, expect=1)
    with pytest.raises(ValidationError, match="no such words"):
        skip(snapshot, start, end, by=editor)


def test_a_text_that_is_not_held_cannot_be_quoted(editor: User) -> None:
    snapshot = build.a_source(snapshots=[build.a_snapshot("elsewhere")]).snapshots.get()
    with pytest.raises(ValidationError, match="not held"):
        add_claim(
            replace(build.a_draft(), evidence=()), Passage(snapshot=snapshot, start=0, end=3), by=editor
        )


def test_what_stands_around_keeps_to_its_line_and_to_whole_words() -> None:
    text = "before\n" + "word " * 40 + "HERE" + " ending" * 40 + "\nafter"
    start = text.index("HERE")
    before, after = around(text, start, start + 4)
    assert before.startswith("word ")
    assert after.endswith(" ending")
    assert AROUND - 10 < len(before) <= AROUND
    assert around("one\nHERE\ntwo", 4, 8) == ("", "")
    assert around(TEXT, TEXT.index("🙂"), TEXT.index("🙂") + 1) == (
        "Again: 6 million dollars. ",
        " 6 million dollars!",
    )


def test_a_figure_is_put_aside_once_and_taken_up_again(snapshot: Snapshot, editor: User) -> None:
    for _time in range(2):
        skip(snapshot, 3, 9, by=editor, at=build.NOON)
    one = SkippedFigure.objects.get()
    assert (one.start, one.end, one.skipped_by, one.skipped_at) == (3, 9, editor, build.NOON)
    take_up(snapshot, 3, 8)
    assert SkippedFigure.objects.exists()
    take_up(snapshot, 3, 9)
    assert not SkippedFigure.objects.exists()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_who_skip_the_same_figure_do_not_fall_over_each_other() -> None:
    editor = User.objects.create_superuser("second", password="a-long-password")
    blobs.write(TEXT.encode())
    snapshot = build.a_source("report", language="bn", snapshots=[build.a_snapshot(TEXT)]).snapshots.get()
    results = build.together(*[lambda: skip(snapshot, 3, 9, by=editor)] * 4)
    assert results == [None] * 4
    assert SkippedFigure.objects.count() == 1
