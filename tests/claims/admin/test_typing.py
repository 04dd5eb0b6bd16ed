"""Figures and dates typed into the claim's form as people type them, and read back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims.admin.typing import settle
from claims.models import Claim
from tests import building as build
from tests.claims.admin.conftest import Story


def settled(
    initial: dict[str, Any] | None = None, languages: Any = ("en",), **cleaned: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    asked: dict[str, str] = {}
    settle(cleaned, initial or {}, languages, asked.__setitem__)
    return cleaned, asked


def test_a_figure_fills_the_fields_around_it() -> None:
    cleaned, asked = settled(amount="> 500 million USD", comparator="", unit="", upper_amount="")
    assert (cleaned["amount"], cleaned["comparator"], cleaned["unit"], asked) == (
        "500000000",
        "gt",
        "USD",
        {},
    )
    cleaned, _ = settled(amount="5-10 million", comparator="eq", unit="USD", upper_amount="")
    assert (cleaned["amount"], cleaned["comparator"], cleaned["upper_amount"]) == (
        "5000000",
        "range",
        "10000000",
    )
    cleaned, _ = settled(amount="6", comparator="", unit="USD", upper_amount="")
    assert cleaned["comparator"] == "eq"


def test_what_contradicts_the_fields_is_asked_and_not_decided() -> None:
    _, asked = settled(amount="> 6 EUR", comparator="lt", unit="USD", upper_amount="")
    assert set(asked) == {"comparator", "unit"}
    _, asked = settled(amount="6", upper_amount="> 7", comparator="range", unit="USD")
    assert set(asked) == {"upper_amount"}
    _, asked = settled(amount="1.234", comparator="eq", unit="USD", languages=["en", "vi"])
    assert "1.234 or 1234" in asked["amount"]


def test_what_stands_is_not_read_again() -> None:
    cleaned, asked = settled(
        {"amount": "1.234"}, languages=["en", "vi"], amount="1.234", comparator="eq", unit="USD"
    )
    assert (cleaned["amount"], asked) == ("1.234", {})


def data(story: Story, **changes: Any) -> dict[str, Any]:
    """The claim's form as a browser sends it, evidence left as it stands."""
    claim = story.claim
    fields: dict[str, Any] = {
        "subject": claim.subject_id, "property": claim.property_id, "value_kind": "known",
        "comparator": claim.comparator, "amount": claim.amount, "unit": claim.unit, "rank": "normal",
        "mode": claim.mode, "version": claim.version, "next_state": "draft",
        "scope-TOTAL_FORMS": 1, "scope-INITIAL_FORMS": 0, "scope-0-term": claim.scope.get().term_id,
        "links-TOTAL_FORMS": 0, "links-INITIAL_FORMS": 0, "evidence-TOTAL_FORMS": 1, "evidence-INITIAL_FORMS": 0,
    }  # fmt: skip
    evidence = {"source": story.source.pk, "stance": "supports", "locator": "p. 1"}
    return fields | {f"evidence-0-{name}": value for name, value in evidence.items()} | changes


@pytest.mark.parametrize(
    ("typed", "stored"), [("1.6 billion", "1600000000"), ("৫০ হাজার", "50000"), ("1,6 tỷ", "1600000000")]
)
def test_the_form_takes_what_people_type(typed: str, stored: str, desk: Client, story: Story) -> None:
    address = f"/admin/claims/claim/{story.claim.pk}/change/"
    answer = desk.post(address, data(story, amount=typed, point_in_time="মে ২০২৩"))
    assert answer.status_code == 302, answer.context["errors"]
    claim = Claim.objects.get(pk=story.claim.pk)
    assert (claim.amount, claim.point_in_time) == (stored, "2023-05")


def test_the_form_asks_where_the_source_is_read_otherwise(desk: Client, story: Story) -> None:
    address = f"/admin/claims/claim/{story.claim.pk}/change/"
    source = build.a_source("bericht", language="vi")
    answer = desk.post(address, data(story, amount="1.234", **{"evidence-0-source": source.pk}))
    html = answer.content.decode()
    assert "can be read as 1.234 or 1234" in html
    assert 'value="1.234"' in html
    assert Claim.objects.get(pk=story.claim.pk).amount == story.claim.amount


def test_the_form_reads_back_what_stands_in_words(desk: Client, story: Story) -> None:
    html = desk.get(f"/admin/claims/claim/{story.claim.pk}/change/").content.decode()
    assert ">1 million</output>" in html
    assert ">about May 2023</output>" in html


def test_the_endpoint_reads_asks_and_stays_in_the_admin(desk: Client, story: Story) -> None:
    def said(**query: Any) -> Any:
        return desk.get("/admin/typed/", query).json()

    assert said(kind="amount", text="> 500 million USD") == {"said": "more than $500 million"}
    assert said(kind="date", text="17 octobre 2023") == {"said": "17 October 2023"}
    assert said(kind="amount", text=" ") == {"said": ""}
    assert (
        "1.234 or 1234" in said(kind="amount", text="1.234", source=build.a_source(language="vi").pk)["asks"]
    )
    assert desk.get("/admin/typed/", {"kind": "x", "text": "1"}).status_code == 404
    assert Client().get("/admin/typed/", {"kind": "amount", "text": "1"}).status_code == 302


def test_the_shortcuts_are_a_page_too_and_every_key_leads_somewhere(desk: Client, story: Story) -> None:
    html = desk.get("/admin/shortcuts/").content.decode()
    goes = [part.split('"')[0] for part in html.split('data-goes="')[1:]]
    assert len(goes) >= 6
    assert {desk.get(address).status_code for address in goes} == {200}
    keys = [part.split('"')[0] for part in html.split('data-keys="')[1:]]
    assert len(set(keys)) * 2 == len(keys)  # once on the page, once in its dialog
