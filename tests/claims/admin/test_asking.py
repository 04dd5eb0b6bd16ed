"""A claim's form follows its property, and a new entry's form begins with a name."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from claims.models import Claim
from companies.models import Entity
from tests import building as build
from tests.claims.admin.conftest import Story
from tests.claims.admin.reading_forms import fields

ADD = "/admin/claims/claim/add/"
COMPANY = "/admin/companies/company/add/"


def _takes(client: Client, address: str) -> str:
    found = re.search(r'data-takes="(\w*)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def _groups(page: Any) -> list[str]:
    form = page.content.decode().split('name="scope-0-term"')[1].split("</select>")[0]
    return re.findall(r'<optgroup label="([^"]+)"', form)


def test_the_form_shows_the_value_that_the_property_takes(desk: Client, story: Story) -> None:
    opened = build.a_property("opened", data_type="time")
    assert _takes(desk, ADD) == ""
    assert _takes(desk, f"{ADD}?property={opened.pk}") == "time"
    assert _takes(desk, f"/admin/claims/claim/{story.claim.pk}/change/") == "amount"
    assert _takes(desk, f"{ADD}?property={opened.pk}&amount=5") == ""  # what is filled in is never hidden
    assert _takes(desk, f"{ADD}?property=99999") == ""


def test_the_terms_that_the_property_asks_for_come_first(desk: Client, story: Story) -> None:
    build.a_dimension("aaa")
    page = desk.get(f"/admin/claims/claim/{story.claim.pk}/change/")
    assert [html.unescape(one) for one in _groups(page)] == ["tax", "Not asked for: aaa"]
    assert _groups(desk.get(ADD)) == ["aaa", "tax"]
    asked = desk.get(f"/admin/asks/{story.claim.property_id}/").json()
    assert (asked["takes"], [title for title, _terms in asked["terms"]]) == (
        "amount",
        ["tax", "Not asked for: aaa"],
    )
    assert desk.get("/admin/asks/99999/").status_code == 404
    assert Client().get(f"/admin/asks/{story.claim.property_id}/").status_code == 302


def test_a_new_claim_has_a_row_of_evidence_open_which_may_stay_empty(desk: Client, story: Story) -> None:
    data = fields(desk.get(ADD), "claim_form")
    assert data["evidence-TOTAL_FORMS"] == data["scope-TOTAL_FORMS"] == "1"
    data |= {"subject": story.entity.pk, "property": build.a_property("pay").pk, "amount": "5", "unit": "EUR"}
    answer = desk.post(ADD, data)
    assert answer.status_code == 302, answer.context["errors"]
    made = Claim.objects.latest("pk")
    assert (made.amount, made.evidence.count(), made.scope.count()) == ("5", 0, 0)


def test_rows_are_opened_without_a_script(desk: Client, story: Story) -> None:
    address = f"/admin/claims/claim/{story.claim.pk}/change/"
    page = desk.get(address)
    assert '<noscript><p class="desk-line"><a href="?rows=1">' in page.content.decode()
    before = fields(page, "claim_form")
    after = fields(desk.get(f"{address}?rows=1"), "claim_form")
    for prefix in ("evidence", "scope", "links"):
        name = f"{prefix}-TOTAL_FORMS"
        assert int(after[name]) == int(before[name]) + 1


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"amount": "5"}, "unit", "The unit is missing: USD, EUR"),
        ({"unit": "EUR"}, "amount", "An amount is missing; or take out what stands in “Unit”."),
        ({"unit": "EUR", "comparator": "gt"}, "amount", "in “Comparator”, “Unit”."),
    ],
)
def test_what_is_missing_of_an_amount_is_said_at_its_field(
    given: dict[str, str], field: str, said: str, desk: Client, story: Story
) -> None:
    data = fields(desk.get(ADD), "claim_form")
    data |= {"subject": story.entity.pk, "property": build.a_property("pay").pk} | given
    page = desk.post(ADD, data)
    errors = page.context["adminform"].form.errors
    assert said in " ".join(errors[field])
    assert "needs a comparator and a unit" not in page.content.decode()


# A new entry ----------------------------------------------------------------------------------------------


def _company(desk: Client, **changes: str) -> Any:
    data = fields(desk.get(COMPANY), "company_form")
    assert data["names-TOTAL_FORMS"] == "1"
    return desk.post(COMPANY, data | {"names-0-language": "en"} | changes)


@pytest.mark.parametrize(
    ("name", "slug"), [("Deep Sea 2", "deep-sea-2"), ("Đà Nẵng Société", "da-nang-societe")]
)
def test_a_slug_is_made_of_the_name(name: str, slug: str, desk: Client, story: Story) -> None:
    assert _company(desk, **{"names-0-text": name}).status_code == 302
    assert Entity.objects.get(slug=slug).names.get().text == name


def test_a_slug_that_cannot_be_made_or_is_taken_is_asked_for(desk: Client, story: Story) -> None:
    page = _company(desk, **{"names-0-text": "ডিপসিক", "names-0-language": "bn"})
    assert "write one in Latin letters" in page.content.decode()
    page = _company(desk, **{"names-0-text": "The club"})
    assert "An entry has the slug “the-club” already." in page.content.decode()
    assert _company(desk, **{"names-0-text": "The club", "slug": "other-club"}).status_code == 302
