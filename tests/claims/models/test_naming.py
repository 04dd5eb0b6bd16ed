"""What the things of the desk are called: in words, in the language of who reads."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from claims.actions.claims import ValueDraft
from claims.models import Claim
from companies.actions import NameDraft
from tests import building as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    club = build.an_entity(
        names=[NameDraft(text="Deep Sea", language="en"), NameDraft(text="ডিপসিক", language="bn")]
    )
    fee = build.a_property(
        labels={"en": "transfer fee", "bn": "দলবদলের ফি"},
        sentence={
            "en": "{subject} paid {value}, says {asserter}",
            "bn": "{asserter}: {subject} {value} দিয়েছে",
        },
    )
    return build.a_claim(
        subject=club, property=fee, asserted_by=club, value=build.euros("500000000", comparator="approx")
    )


def test_a_claim_is_called_by_its_sentence_in_the_language_of_who_reads(claim: Claim) -> None:
    assert str(claim) == "Deep Sea paid about €500 million, says Deep Sea"
    with override("bn"):
        assert str(claim).startswith("ডিপসিক: ডিপসিক")
        assert "500000000" not in str(claim)
        assert str(claim.subject) == "ডিপসিক"
        assert str(claim.property) == "দলবদলের ফি"
    with override("vi"):
        assert str(claim.subject) == "Deep Sea"  # in no language of theirs: in English


def test_a_text_is_said_in_english_where_it_is_not_in_the_readers_language() -> None:
    said = build.a_property(data_type="text", labels={"en": "motto"})
    claim = build.a_claim(property=said, value=ValueDraft(text={"hi": "आगे बढ़ो", "en": "Go on"}))
    assert str(claim).endswith(": motto Go on")
    with override("hi"):
        assert str(claim).endswith("आगे बढ़ो")


def test_a_dispute_a_timeline_and_a_page_are_called_by_their_titles(claim: Claim) -> None:
    page = build.a_page(title={"en": "How to read this", "bn": "কীভাবে পড়বেন"})
    assert str(page) == "How to read this"
    with override("bn"):
        assert str(page) == "কীভাবে পড়বেন"
