"""Withdrawing a source reprints its claims without that evidence, and withdraws those left with none."""

from __future__ import annotations

import json

import pytest

from claims.actions.claims import save_claim
from claims.actions.withdrawals import withdraw
from claims.ledger import verify
from claims.ledger.printing import NotClosed
from claims.models import Claim
from tests import building as build

pytestmark = pytest.mark.django_db
NOTE = {"en": "The paper retracted it."}


def test_a_claim_with_other_evidence_is_reprinted_without_the_source():
    source, other = build.a_source(), build.a_source()
    claim = build.a_claim(evidence=[build.some_evidence(source), build.some_evidence(other)])
    build.published(claim)
    edition = withdraw([source], by=None, note=NOTE)
    body = json.loads(build.record_of(claim).body)
    assert [one["source"] for one in body["evidence"]] == [other.ref]
    assert (body["derived"]["sources"], build.record_of(claim).edition_from) == (1, edition.number)
    assert [one.source for one in Claim.objects.get(ref=claim.ref).evidence.all()] == [other]
    assert list(verify.faults()) == []


def test_a_claim_left_with_none_goes_with_it():
    source = build.a_source()
    claim = build.a_claim(evidence=[build.some_evidence(source)])
    build.published(claim)
    withdraw([source], by=None, note=NOTE)
    assert {build.record_of(root).op for root in (source, claim)} == {"withdrawn"}


def test_a_figure_that_came_from_it_stands_without_that_origin():
    report, paper = build.a_source(), build.a_source()
    claim = build.a_claim(evidence=[build.some_evidence(paper, figure_source=report)])
    build.published(claim)
    withdraw([report], by=None, note=NOTE)
    (one,) = json.loads(build.record_of(claim).body)["evidence"]
    assert (one["source"], one["figure_source"]) == (paper.ref, None)


def test_an_unpublished_draft_of_the_claim_is_not_let_out():
    source, other = build.a_source(), build.a_source()
    claim = build.a_claim(evidence=[build.some_evidence(source), build.some_evidence(other)])
    build.published(claim)
    save_claim(build.draft_of(claim, value=build.euros("2000000")), by=None, ref=claim.ref)
    withdraw([source], by=None, note=NOTE)
    assert json.loads(build.record_of(claim).body)["value"]["amount"] == "1000000"
    assert Claim.objects.get(ref=claim.ref).amount == "2000000"


def test_a_dispute_over_a_claim_left_with_none_stops_it_whole():
    source = build.a_source()
    claim = build.a_claim(evidence=[build.some_evidence(source)])
    build.published(build.a_dispute(claim), claim)
    with pytest.raises(NotClosed):
        withdraw([source], by=None, note=NOTE)
    assert build.record_of(source).op == "added"
    assert Claim.objects.get(ref=claim.ref).evidence.count() == 1
