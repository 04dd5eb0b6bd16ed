"""Withdrawing a source reprints its claims without that evidence, and withdraws those left with none."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.claims import save_claim
from claims.actions.withdrawals import withdraw
from claims.ledger import verify
from claims.ledger.printing import NotClosed
from claims.models import Claim, Suspicion
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


def test_what_is_reprinted_is_held_against_the_others():
    club, fee, other = build.an_entity(), build.a_property(), build.a_source()
    counts = []
    for number in (2, 20):
        source = build.a_source()
        evidence = [build.some_evidence(source), build.some_evidence(other)]
        claim = build.a_claim(subject=club, property=fee, evidence=evidence)
        rivals = [build.a_claim(subject=club, property=fee, value=build.euros("7")) for _ in range(number)]
        build.published(claim, *rivals)  # as the press does by itself: nobody has looked at them
        Suspicion.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            withdraw([source], by=None, note=NOTE)
        counts.append(len(queries))
        found = {frozenset(one.ref for one in each.claims.all()) for each in Suspicion.objects.all()}
        # Which of very many rivals are kept is a matter of their refs; that there are some is not.
        assert sum(claim.ref in pair for pair in found) >= 2
    assert counts[0] == counts[1]
