"""One deed on many claims: what the rehearsal shows, all of it or nothing, and everything in the way named."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.actions import bulk
from claims.actions.claims import EvidenceDraft, save_claim
from claims.actions.seen import Moved
from claims.models import Approval, Claim
from kb.models import Revision, State
from tests import building as build


@pytest.fixture
def claims(editor: User) -> list[Claim]:
    return [build.a_claim(by=editor) for _ in range(3)]


def seen(claims: list[Claim]) -> dict[str, int]:
    return {claim.ref: claim.version for claim in claims}


def rows() -> tuple[Any, ...]:
    return (
        Revision.objects.count(),
        Approval.objects.count(),
        list(Claim.objects.order_by("pk").values_list("version", "state", "rank")),
    )


def test_evidence_from_one_source_goes_under_each(claims: list[Claim], colleague: User) -> None:
    source = build.a_source("annual-report")
    change = bulk.with_evidence(EvidenceDraft(source=source, locator="table 3"))
    changed = bulk.change_all(seen(claims), change, by=colleague, why="the report is out")
    assert len(changed) == 3
    for claim in claims:
        assert [one.source.slug for one in claim.evidence.all()][-1] == "annual-report"
        last = Revision.objects.filter(ref=claim.ref).order_by("version").last()
        assert (last.by, last.why, last.version) == (colleague, "the report is out", claim.version + 1)


def test_evidence_that_is_there_already_is_refused_by_name(claims: list[Claim], colleague: User) -> None:
    source = build.a_source("annual-report")
    change = bulk.with_evidence(EvidenceDraft(source=source, locator="table 3"))
    bulk.change_all(seen(claims[:1]), change, by=colleague)
    fresh = list(Claim.objects.order_by("pk"))
    before = rows()
    with pytest.raises(bulk.Refused) as refused:
        bulk.change_all(seen(fresh), change, by=colleague)
    assert len(refused.value.messages) == 1
    assert claims[0].subject.label() in refused.value.messages[0]
    assert rows() == before


def test_a_scope_takes_the_place_of_another_of_its_dimension(colleague: User) -> None:
    tax, period = build.a_dimension("tax"), build.a_dimension("period", terms=["season", "year"])
    claim = build.a_claim(scope=[tax.terms.get(slug="before-tax"), period.terms.get(slug="year")])
    bulk.change_all(seen([claim]), bulk.with_scope(tax.terms.get(slug="after-tax")), by=colleague)
    assert {str(one) for one in claim.scope.all()} == {"tax: after-tax", "period: year"}


def test_a_rank_comes_with_its_reason_and_normal_without(claims: list[Claim], colleague: User) -> None:
    bulk.change_all(seen(claims), bulk.with_rank("deprecated", {"en": "Superseded."}), by=colleague)
    assert {(one.rank, one.rank_reason["en"]) for one in Claim.objects.all()} == {
        ("deprecated", "Superseded.")
    }
    bulk.change_all(seen(list(Claim.objects.all())), bulk.with_rank("normal", {}), by=colleague)
    assert {(one.rank, str(one.rank_reason)) for one in Claim.objects.all()} == {("normal", "{}")}


def test_the_rehearsal_shows_what_then_happens_and_leaves_no_trace(
    claims: list[Claim], colleague: User
) -> None:
    before, change = rows(), bulk.with_rank("deprecated", {"en": "Superseded."})
    shown = bulk.rehearse(seen(claims), change, by=colleague)
    assert rows() == before
    done = bulk.change_all(seen(claims), change, by=colleague)
    assert shown == done
    assert {one.before["rank"] for one in done} == {"normal"}
    assert {one.after["rank"] for one in done} == {"deprecated"}


def test_what_moved_is_named_and_nothing_is_done(claims: list[Claim], editor: User, colleague: User) -> None:
    asked = seen(claims)
    for claim in claims[:2]:
        save_claim(build.draft_of(claim, note={"en": "Faster."}), by=editor, ref=claim.ref)
    before = rows()
    deeds: list[Any] = [
        lambda: bulk.change_all(asked, bulk.with_rank("preferred", {"en": "Best."}), by=colleague),
        lambda: bulk.approve_all(asked, by=colleague),
        lambda: bulk.submit_all(asked, by=editor),
    ]
    for deed in deeds:
        with pytest.raises(Moved) as moved:
            deed()
        assert len(moved.value.messages) == 2
        assert all("has changed since you opened it" in line for line in moved.value.messages)
    assert rows() == before


def test_approving_is_all_or_nothing(claims: list[Claim], editor: User, colleague: User) -> None:
    mine = build.a_claim(by=colleague)
    before = rows()
    with pytest.raises(bulk.Refused, match="somebody else approves it") as refused:
        bulk.approve_all(seen([*claims, mine]), by=colleague)
    assert [line.count(str(mine)) for line in refused.value.messages] == [1]  # called once, by its sentence
    assert rows() == before
    assert bulk.approve_all(seen(claims), by=colleague) == 3
    assert set(Claim.objects.exclude(pk=mine.pk).values_list("state", flat=True)) == {State.APPROVED}


def test_what_is_missing_is_said_of_each_by_name(claims: list[Claim], editor: User, colleague: User) -> None:
    bare = [save_claim(build.draft_of(claims[0], evidence=[]), by=editor) for _ in range(2)]
    for deed, user in ((bulk.approve_all, colleague), (bulk.submit_all, editor)):
        with pytest.raises(bulk.Refused) as refused:
            deed(seen([*claims, *bare]), by=user)
        assert refused.value.messages == [f"{claim}: it has no evidence" for claim in bare]
    assert set(Claim.objects.values_list("state", flat=True)) == {State.DRAFT}


def test_submitting_is_all_or_nothing(claims: list[Claim], editor: User) -> None:
    Claim.objects.filter(pk=claims[0].pk).update(state=State.APPROVED)
    with pytest.raises(bulk.Refused, match="approved"):
        bulk.submit_all(seen(claims), by=editor)
    assert set(Claim.objects.exclude(pk=claims[0].pk).values_list("state", flat=True)) == {State.DRAFT}
    assert bulk.submit_all(seen(claims[1:]), by=editor) == 2
