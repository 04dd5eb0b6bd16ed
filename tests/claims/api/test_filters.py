"""The filters of claims, with their exact meaning, on a table of cases."""

from __future__ import annotations

import pytest
from django.test import Client

from claims.actions.claims import ValueDraft
from claims.models import Claim
from tests.building import a_claim, euros, published
from tests.claims.api.asking import every, get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]

# (what is said of the amount, could it lie in [100, 200], must it): exact, about, one-sided, spans.
BOUNDS = [
    ({"comparator": "eq", "amount": "150"}, True, True),
    ({"comparator": "eq", "amount": "100"}, True, True),
    ({"comparator": "eq", "amount": "200.5"}, False, False),
    ({"comparator": "approx", "amount": "150"}, True, True),
    ({"comparator": "approx", "amount": "200"}, True, False),
    ({"comparator": "approx", "amount": "90"}, False, False),
    ({"comparator": "approx", "amount": "60", "lower_bound": "50", "upper_bound": "110"}, True, False),
    ({"comparator": "gt", "amount": "150"}, True, False),
    ({"comparator": "gt", "amount": "200"}, False, False),
    ({"comparator": "ge", "amount": "200"}, True, False),
    ({"comparator": "lt", "amount": "100"}, False, False),
    ({"comparator": "le", "amount": "100"}, True, False),
    ({"comparator": "lt", "amount": "150"}, True, False),
    ({"comparator": "range", "amount": "120", "upper_amount": "180"}, True, True),
    ({"comparator": "range", "amount": "180", "upper_amount": "220"}, True, False),
    ({"comparator": "range", "amount": "210", "upper_amount": "220"}, False, False),
]
# The same amounts where only one end is asked for: at least 100; at most 200.
ONE_SIDED = [
    ({"comparator": "gt", "amount": "100"}, (True, True), (True, False)),
    ({"comparator": "gt", "amount": "50"}, (True, False), (True, False)),
    ({"comparator": "gt", "amount": "200"}, (True, True), (False, False)),
    ({"comparator": "ge", "amount": "200"}, (True, True), (True, False)),
    ({"comparator": "lt", "amount": "100"}, (False, False), (True, True)),
    ({"comparator": "le", "amount": "100"}, (True, False), (True, True)),
    ({"comparator": "lt", "amount": "500"}, (True, False), (True, False)),
    ({"comparator": "eq", "amount": "500"}, (True, True), (False, False)),
    ({"comparator": "approx", "amount": "200"}, (True, True), (True, False)),
    ({"comparator": "range", "amount": "50", "upper_amount": "300"}, (True, False), (True, False)),
]


def _found(client: Client, claim: Claim, query: str) -> bool:
    path = f"/claims/?property={claim.property.slug}&unit=EUR&{query}"
    return claim.ref in {one["ref"] for one in get(client, path)["results"]}


@pytest.mark.parametrize(("value", "could", "must"), BOUNDS)
def test_amounts_within_both_ends(client, value, could, must):
    claim = a_claim(value=euros(**value))
    published(claim)
    both = "amount_min=100&amount_max=200"
    assert (_found(client, claim, both), _found(client, claim, f"bounds=could&{both}")) == (could, could)
    assert _found(client, claim, f"bounds=must&{both}") == must


@pytest.mark.parametrize(("value", "least", "most"), ONE_SIDED)
def test_amounts_within_one_end(client, value, least, most):
    claim = a_claim(value=euros(**value))
    published(claim)
    for query, (could, must) in (("amount_min=100", least), ("amount_max=200", most)):
        assert _found(client, claim, f"bounds=could&{query}") == could, query
        assert _found(client, claim, f"bounds=must&{query}") == must, query


@pytest.mark.parametrize("kind", ["unknown", "none", "undisclosed"])
def test_what_has_no_amount_is_in_no_range(client, kind):
    claim = a_claim(value=ValueDraft(kind=kind))
    published(claim)
    assert _found(client, claim, "amount_min=-1e30") is False
    assert _found(client, claim, "bounds=must&amount_max=1e30") is False


def test_publisher_language_and_words_narrow_claims(client):
    every_claim = every(client, "/claims/?page_size=100")
    bengali = every(client, "/claims/?language=bn&page_size=100")
    assert {one["ref"] for one in bengali} == {
        claim["ref"]
        for claim in every_claim
        if any(one["source"]["language"] == "bn" for one in claim["evidence"])
    }
    name = bengali[0]["evidence"][0]["source"]["publisher"]
    slug = next(
        one["publisher"]["slug"]
        for one in every(client, "/sources/")
        if (one["publisher"] or {}).get("name") == name
    )
    from_it = every(client, f"/claims/?publisher={slug}&page_size=100")
    assert {one["ref"] for one in from_it} == {
        claim["ref"]
        for claim in every_claim
        if any(one["source"]["publisher"] == name for one in claim["evidence"])
    }
    found = every(client, "/claims/?q=h800&page_size=100")
    assert found
    assert {one["ref"] for one in found} >= {
        one["ref"] for one in every(client, "/claims/?subject=h800&page_size=100")
    }
    assert get(client, "/claims/?q=%22%27*")["results"] == []
