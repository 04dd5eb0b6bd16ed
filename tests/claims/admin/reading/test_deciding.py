"""The reading desk: what each decision does."""

from __future__ import annotations

import html
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.actions.claims import save_claim
from claims.admin.reading import find_places
from claims.ledger.models import Edition
from claims.models import Claim, Property, Source
from companies.actions import NameDraft
from companies.models import Entity
from tests import building as build
from tests.claims.admin.reading.article import (
    FIVE,
    SEVEN,
    accept,
    address,
    at,
    card,
)
from tests.claims.admin.reading_forms import fields

pytestmark = pytest.mark.django_db


# Accepting ------------------------------------------------------------------------------------------------


def test_accepting_adds_the_quote_goes_on_and_publishes_nothing(
    desk: Client, source: Source, claim: Claim, editor: User
) -> None:
    answer = desk.post(address(source), accept(claim))
    assert answer["Location"] == f"{address(source)}?at={at(SEVEN)}"
    evidence = claim.evidence.last()
    assert evidence is not None
    assert (evidence.exact, evidence.original_value, evidence.source) == (FIVE, FIVE, source)
    assert f"{evidence.start}-{evidence.end}" == at(FIVE)
    page = desk.get(answer["Location"])
    (message,) = page.context["messages"]
    assert f'<a href="/admin/claims/claim/{claim.pk}/change/">Deep Sea: transfer fee' in str(message)
    assert card(page, SEVEN).current
    assert re.search(rf'id="card-{at(SEVEN)}"[^>]*open>\s*<summary autofocus>', page.content.decode())
    assert not Edition.objects.exists()


def test_a_stale_claim_is_refused_with_a_message(desk: Client, source: Source, claim: Claim) -> None:
    save_claim(build.draft_of(claim, value=build.euros("1")), by=None, ref=claim.ref)
    page = desk.post(address(source), accept(claim))
    assert page.status_code == 409
    assert "has changed since you opened it" in page.content.decode()
    assert claim.evidence.count() == 1
    assert card(page, FIVE).current


def test_the_same_words_twice_are_refused(desk: Client, source: Source, claim: Claim) -> None:
    desk.post(address(source), accept(claim))
    claim.refresh_from_db()
    page = desk.post(address(source), accept(claim))
    assert page.status_code == 409
    assert "evidence of this claim already" in page.content.decode()
    assert claim.evidence.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"span": "x"},
        {"span": "5-3"},
        {"span": "0-9999"},
        {"seen": ""},
        {"seen": "c0abcdefgh:1"},
        {"decision": "burn"},
    ],
)
def test_what_nobody_was_shown_is_not_there(
    desk: Client, source: Source, claim: Claim, changes: dict[str, str]
) -> None:
    assert desk.post(address(source), accept(claim, **changes)).status_code == 404
    assert claim.evidence.count() == 1


# A new claim ----------------------------------------------------------------------------------------------


def test_the_form_is_filled_in_and_saves_a_draft(
    desk: Client, source: Source, club: Entity, fee: Property, claim: Claim
) -> None:
    page = desk.get(address(source), {"new": at(FIVE)})
    data = fields(page, "reading-form")
    assert data["subject"] == "the-club"
    assert data["property"] == "fee"
    assert (data["comparator"], data["amount"], data["unit"]) == ("gt", "5000000", "EUR")
    assert (data["scope-tax"], data["mode"], data["stance"]) == ("before-tax", "attributed", "supports")
    answer = desk.post(address(source), data | {"decision": "claim", "asserted_by": "Deep Sea"})
    assert answer.status_code == 302, answer.context["form"].errors
    made = Claim.objects.latest("pk")
    assert made != claim
    assert (made.subject, made.property, made.asserted_by, made.rank) == (club, fee, club, "normal")
    assert (made.comparator, made.amount, made.unit, made.state) == ("gt", "5000000", "EUR", "draft")
    assert made.scope.get().term.slug == "before-tax"
    evidence = made.evidence.get()
    assert (evidence.exact, evidence.original_value) == (FIVE, FIVE)
    assert not Edition.objects.exists()
    assert card(desk.get(address(source)), FIVE).state == "done"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1.6 billion", ("eq", "1600000000")),
        ("1,6 tỷ", ("eq", "1600000000")),
        ("৫০ হাজার", ("eq", "50000")),
        ("> 500 triệu", ("gt", "500000000")),
    ],
)
def test_figures_and_dates_are_typed_as_in_the_form_of_a_claim(
    typed: str, kept: tuple[str, str], desk: Client, source: Source, claim: Claim
) -> None:
    data = fields(desk.get(address(source), {"new": at(FIVE)}), "reading-form")
    data |= {"decision": "claim", "comparator": "eq", "amount": typed, "asserted_on": "মে ২০২৩"}
    answer = desk.post(address(source), data)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Claim.objects.latest("pk")
    assert ((made.comparator, made.amount), made.asserted_on) == (kept, "2023-05")


def test_what_is_proposed_is_read_back_in_words_and_has_the_keyboard(
    desk: Client, source: Source, claim: Claim
) -> None:
    page = desk.get(address(source), {"new": at(FIVE)}).content.decode()
    assert re.search(r'<input[^>]* value="5000000"[^>]*><output[^>]*>5 million</output>', page)
    assert re.search(r'<input[^>]*name="subject"[^>]* autofocus', page)
    assert page.count(" autofocus") == 1
    form = page[page.index('id="reading-form"') :]
    first = re.search(r'<button type="submit"[^>]*>', form)
    assert first is not None
    assert 'value="claim"' in first[0]  # what Enter presses


def test_another_property_brings_its_own_fields_and_keeps_what_was_typed(
    desk: Client, source: Source, claim: Claim
) -> None:
    build.a_property("nickname", data_type="text", labels={"en": "nickname"})
    data = fields(desk.get(address(source), {"new": at(FIVE)}), "reading-form")
    data |= {"decision": "again", "property": "nickname", "asserted_on": "2024-05"}
    page = desk.post(address(source), data)
    form = page.context["form"]
    assert "amount" not in form.fields
    assert "scope-tax" not in form.fields
    again = fields(page, "reading-form")
    assert (again["property"], again["asserted_on"], again["subject"]) == ("nickname", "2024-05", "the-club")
    again |= {"decision": "claim", "value_text__en": "the big spenders"}
    assert desk.post(address(source), again).status_code == 302
    assert Claim.objects.latest("pk").value_text["en"] == "the big spenders"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"subject": "nobody-knows"}, "Nothing in the registry"),
        ({"subject": ""}, "required"),
        ({"amount": "a lot"}, "is not understood as a figure"),
        ({"unit": "count"}, "is measured in currency"),
        ({"property": "no-such"}, "valid choice"),
        ({"asserted_on": "yesterday"}, "is not understood as a date"),
        ({"scope-tax": "no-such"}, "valid choice"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_is_lost(
    desk: Client, source: Source, claim: Claim, wrong: dict[str, str], said: str
) -> None:
    data = fields(desk.get(address(source), {"new": at(FIVE)}), "reading-form")
    page = desk.post(address(source), data | {"decision": "claim", "point_in_time": "2024"} | wrong)
    assert page.status_code == 200
    assert said in html.unescape(page.content.decode())
    assert 'value="2024"' in page.content.decode()
    assert Claim.objects.count() == 1


def test_a_name_of_several_is_not_guessed(desk: Client, source: Source, claim: Claim) -> None:
    for slug in ("one", "two"):
        build.an_entity(slug, kind="company", names=[NameDraft(text="Twin", language="en")])
    data = fields(desk.get(address(source), {"new": at(FIVE)}), "reading-form")
    page = desk.post(address(source), data | {"decision": "claim", "subject": "twin"})
    assert "write one of these: one, two" in page.content.decode()


# Words by hand --------------------------------------------------------------------------------------------


def test_words_by_hand_are_read_and_quoted_as_they_were_chosen(
    desk: Client, source: Source, claim: Claim
) -> None:
    words = "fee of more than 5 million euros"
    answer = desk.get(address(source), {"words": words})
    assert answer["Location"] == f"{address(source)}?new={at(words)}"
    page = desk.get(answer["Location"])
    assert page.context["hand"].matches[0].claim.ref == claim.ref
    assert fields(page, "reading-form")["amount"] == "5000000"
    desk.post(address(source), accept(claim, words))
    evidence = claim.evidence.last()
    assert evidence is not None
    assert (evidence.exact, evidence.original_value) == (words, FIVE)
    assert card(desk.get(address(source)), FIVE).state == "done"


def test_words_in_several_places_ask_which(desk: Client, source: Source) -> None:
    page = desk.get(address(source), {"words": "Deep Sea"})
    assert [place["exact"] for place in page.context["places"]] == ["Deep Sea"] * 3
    assert f'?new={at("Deep Sea")}"' in html.unescape(page.content.decode())


def test_words_that_stand_nowhere_say_so(desk: Client, source: Source) -> None:
    page = desk.get(address(source), {"words": "Deep Ocean"})
    assert "do not stand in the text" in page.content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [("Straße", [(5, 11)]), ("STRASSE", []), ("die STRAßE", [(1, 11)]), ("  12 ", [(12, 14)])],
)
def test_places_are_found_exactly_else_whatever_their_case(words: str, found: list[tuple[int, int]]) -> None:
    assert find_places("·Die Straße ১২", words) == found


def test_words_without_a_figure_make_a_claim_of_their_own(desk: Client, source: Source, club: Entity) -> None:
    build.a_property("remark", data_type="text", labels={"en": "remark"})
    page = desk.get(address(source), {"new": at("breaks the bank")})
    data = fields(page, "reading-form")
    assert data["property"] == "remark"
    assert data["value_text__en"] == "breaks the bank"
    assert desk.post(address(source), data | {"decision": "claim"}).status_code == 302
    made = Claim.objects.get()
    assert (made.subject, made.value_text) == (club, {"en": "breaks the bank"})
