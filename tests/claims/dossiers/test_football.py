"""A dossier about a field that no code knows reads like any other: nothing in the code knows a topic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from claims.actions.captures import capture
from claims.dossiers.loading import load
from claims.ledger import read, verify
from claims.ledger.joining import Joined
from claims.models import Source

FOLDER = Path(__file__).resolve().parents[2] / "dossiers"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("football")]


@pytest.fixture(scope="module")
def football(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The football dossier, loaded and published once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(FOLDER / "football", publish=True)
        yield
        transaction.set_rollback(True)


def _joined(language: str = "en") -> Joined:
    return Joined(read.latest(), language)


def _claims(language: str = "en") -> dict[str, dict]:
    things = [read.Thing.of(row.record) for row in read.claims(read.latest())]
    return {f"{one['property']['slug']} {one['asserted_by'] and one['asserted_by']['slug']}": one
            for one in _joined(language).claims(things)}  # fmt: skip


def test_its_claims_show_with_labels_in_the_readers_language():
    fee = _claims("bn")["transfer-fee mohammedan"]
    assert fee["subject"]["label"] == "রফিক হোসেন"
    assert fee["property"]["label"] == "দলবদলের ফি"
    assert fee["asserted_by"]["label"] == "মোহামেডান স্পোর্টিং"
    assert [(one["dimension_label"], one["term_label"]) for one in fee["scope"]] == [("বোনাস", "বোনাস ছাড়া")]
    assert (fee["value"]["amount"], fee["value"]["unit"]) == ("5000000", "BDT")


def test_its_translation_counts_with_its_original():
    fee = _claims()["transfer-fee mohammedan"]
    assert (fee["sources"], fee["origins"], fee["voices"]) == (2, 1, 1)
    assert {one["source"]["origin"] for one in fee["evidence"]} == {fee["evidence"][0]["source"]["ref"]}


def test_its_dispute_shows_both_figures():
    (row,) = read.listed("dispute", read.latest())
    (dispute,) = _joined("bn").disputes([read.Thing.of(row.record)])
    assert dispute["question"] == "দলবদলে কত খরচ হয়েছে?"
    assert [one["claim"]["value"]["amount"] for one in dispute["members"]] == ["5000000", "8000000"]
    assert dispute["members"][0]["claim"]["disputes"] == ["price-of-rafiq"]


def test_its_timeline_shows_what_happened_in_order():
    timeline = read.find("timeline", "rafiq", read.latest())
    shown = _joined().timeline_claims(timeline)
    assert [one["property"]["slug"] for one in shown] == [
        "debut-on",
        "joined-club",
        "transfer-fee",
        "joined-club",
    ]


def test_what_is_held_back_shows_nowhere():
    assert "style-of-play None" not in _claims()
    person = read.find("entity", "rafiq-hossain", read.latest())
    assert "style-of-play" not in {one["property"]["slug"] for one in _joined().claims_about(person.ref, 50)}


def test_its_quotes_are_found_in_its_texts():
    for slug, file, quotes in (("prothom-bn", "prothom-bn.txt", 1), ("daily-goal-en", "daily-star.txt", 2)):
        text = (FOLDER / "football-texts" / file).read_bytes()
        captured = capture(text, Source.objects.get(slug=slug), by=None)
        assert (captured.new, captured.verified) == (False, quotes)
    statuses = {one["quote_status"] for claim in _claims().values() for one in claim["evidence"]}
    assert statuses == {"verified", "none"}


def test_its_ledger_is_sound():
    assert list(verify.faults()) == []
