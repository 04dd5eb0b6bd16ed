"""A published claim keeps its last evidence, though two editors each remove "the other" piece at one moment."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.db import IntegrityError

from claims.actions.claims import LastEvidence, is_live, remove_evidence, save_claim
from claims.models import Claim, Evidence
from kb.models import Root
from tests.building import a_claim, draft_of, is_postgres, published, some_evidence, together


def _live_claim_with_two_pieces() -> Claim:
    claim = a_claim(evidence=[some_evidence(), some_evidence()])
    published(claim)
    return Claim.objects.get(ref=claim.ref)


def _each_removes_the_other(claim: Claim) -> list[object]:
    start = Barrier(2)

    def remove(position: int) -> None:
        start.wait(30)
        remove_evidence(claim, position, by=None)

    return together(lambda: remove(0), lambda: remove(1))


@pytest.mark.django_db
def test_the_last_evidence_of_a_live_claim_is_not_removed():
    claim = _live_claim_with_two_pieces()
    remove_evidence(claim, 1, by=None, why="a copy")
    with pytest.raises(LastEvidence, match="withdraw it"):
        remove_evidence(claim, 0, by=None)
    with pytest.raises(LastEvidence):
        save_claim(draft_of(claim, evidence=[]), by=None, ref=claim.ref)
    assert claim.evidence.count() == 1


@pytest.mark.django_db
def test_the_last_evidence_of_a_draft_may_go():
    claim = a_claim()
    remove_evidence(claim, 0, by=None)
    assert not claim.evidence.exists()
    assert not is_live(claim.ref)


@pytest.mark.django_db
def test_removing_evidence_that_is_not_there_is_an_index_error():
    claim = _live_claim_with_two_pieces()
    with pytest.raises(IndexError):
        remove_evidence(claim, 2, by=None)
    assert claim.evidence.count() == 2


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_editors_who_each_remove_the_other_evidence_leave_one():
    for _ in range(10):
        claim = _live_claim_with_two_pieces()
        results = _each_removes_the_other(claim)
        assert sorted(type(one).__name__ for one in results) == ["LastEvidence", "NoneType"]
        assert claim.evidence.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_editors_who_each_save_without_the_other_evidence_leave_one():
    for _ in range(5):
        claim = _live_claim_with_two_pieces()
        first, second = draft_of(claim).evidence
        drafts = [draft_of(claim, evidence=[one]) for one in (first, second)]
        start = Barrier(2)

        def save(draft, claim=claim, start=start) -> None:
            start.wait(30)
            save_claim(draft, by=None, ref=claim.ref, expect=claim.version)

        results = together(*[lambda draft=draft: save(draft) for draft in drafts])
        assert sorted(type(one).__name__ for one in results) == ["NoneType", "StaleVersion"]
        assert claim.evidence.count() == 1


# Negative controls: the same race with one guard taken out must break what it guards. ------------------------


def _meet_before_deleting(monkeypatch) -> None:
    """Both editors have counted two pieces before either deletes one."""
    meet, delete = Barrier(2), Evidence.delete

    def wait_and_delete(self: Evidence) -> object:
        with suppress(BrokenBarrierError):  # the other is kept out by a guard, and never comes
            meet.wait(2)
        return delete(self)

    monkeypatch.setattr(Evidence, "delete", wait_and_delete)


def _without_the_row_lock(monkeypatch) -> None:
    monkeypatch.setattr(Claim, "locked", classmethod(lambda cls, ref, *, expect: cls.objects.get(ref=ref)))


def _without_history(monkeypatch) -> None:
    monkeypatch.setattr(Root, "seal", lambda self, **_: self)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_with_the_guards_the_very_same_meeting_leaves_one(monkeypatch):
    claim = _live_claim_with_two_pieces()
    _meet_before_deleting(monkeypatch)
    results = _each_removes_the_other(claim)
    assert sorted(type(one).__name__ for one in results) == ["LastEvidence", "NoneType"]
    assert claim.evidence.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_race_empties_a_published_claim(monkeypatch):
    """PostgreSQL's guard is the row lock; SQLite's is that counting and deleting are one transaction."""
    claim = _live_claim_with_two_pieces()
    _meet_before_deleting(monkeypatch)
    if is_postgres():
        _without_the_row_lock(monkeypatch)
        _without_history(monkeypatch)
    else:
        monkeypatch.setattr("claims.actions.claims.transaction", SimpleNamespace(atomic=nullcontext))
    _each_removes_the_other(claim)
    assert claim.evidence.count() == 0
    assert is_live(claim.ref)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_without_the_row_lock_the_history_is_a_second_guard(monkeypatch):
    """One version once: the loser's whole transaction goes, if with an error that no editor should meet."""
    claim = _live_claim_with_two_pieces()
    _meet_before_deleting(monkeypatch)
    _without_the_row_lock(monkeypatch)
    results = _each_removes_the_other(claim)
    refusal = IntegrityError if is_postgres() else LastEvidence  # SQLite has no row lock to take out
    assert [type(one) for one in results].count(refusal) == 1
    assert claim.evidence.count() == 1
