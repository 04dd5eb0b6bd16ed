"""Withdrawing takes a public note, something published, and nothing left leaning on it."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError

from claims.actions.withdrawals import withdraw
from claims.ledger.models import Edition
from claims.ledger.printing import NotClosed
from claims.models import Claim
from tests import building as build

pytestmark = pytest.mark.django_db
NOTE = {"en": "It was made up."}


def test_withdraw_prints_a_retraction_with_its_note() -> None:
    claim = build.a_claim()
    build.published(claim)
    edition = withdraw([claim], by=None, note=NOTE, at=build.NOON)
    assert (edition.reason, json.loads(edition.note)) == ("retraction", NOTE)
    assert build.record_of(claim).op == "withdrawn"
    assert Claim.objects.filter(pk=claim.pk).exists()


@pytest.mark.parametrize("note", [{}, {"en": ""}, {"en": "  "}])
def test_withdraw_without_a_note_is_refused(note: dict[str, str]) -> None:
    claim = build.a_claim()
    build.published(claim)
    with pytest.raises(ValidationError, match="say why"):
        withdraw([claim], by=None, note=note)
    assert Edition.objects.count() == 1


def test_withdraw_of_what_is_not_published_is_refused() -> None:
    claim, draft = build.a_claim(), build.a_claim()
    build.published(claim)
    with pytest.raises(ValidationError, match="is not published"):
        withdraw([claim, draft], by=None, note=NOTE)
    assert Edition.objects.count() == 1


def test_withdraw_twice_is_refused() -> None:
    claim = build.a_claim()
    build.published(claim)
    withdraw([claim], by=None, note=NOTE)
    with pytest.raises(ValidationError, match="is not published"):
        withdraw([claim], by=None, note=NOTE)


def test_withdraw_of_what_others_refer_to_is_refused_with_the_list() -> None:
    claim = build.a_claim()
    build.published(claim)
    with pytest.raises(NotClosed) as refused:
        withdraw([claim.subject], by=None, note=NOTE)
    assert claim.ref in {ref for ref, _kind, _target in refused.value.dangling}
    assert withdraw([claim.subject, claim], by=None, note=NOTE).number == 2
