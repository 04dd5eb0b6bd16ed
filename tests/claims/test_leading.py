"""Which claim leads, and by what."""

import pytest

from claims.leading import leading
from kb.lib.times import time_body
from tests.claims.story import COST, V3, claim


def a_cost(ref, **changes):
    return claim(ref, V3, COST, amount="1") | changes


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ({"rank": "preferred"}, {"origins": 9}, "preferred"),
        ({"origins": 2}, {"sources": 9}, "origins"),
        ({"sources": 2}, {"asserted_on": time_body("2026")}, "sources"),
        ({"asserted_on": time_body("2025-01")}, {"asserted_on": time_body("2024")}, "newest"),
        ({"asserted_on": time_body("2024")}, {}, "newest"),
        ({}, {}, "equal"),
    ],
)
def test_the_leader_and_its_reason(first, second, why):
    claims = [a_cost("c1", **first), a_cost("c2", **second)]
    for order in (claims, claims[::-1]):
        found = leading(order)
        assert (found.claim["ref"], found.why) == ("c1", why)
        assert [one["ref"] for one in found.others] == ["c2"]


def test_a_claim_alone_leads_as_the_only_one():
    assert leading([a_cost("c1")]).why == "only"
    assert leading([a_cost("c1", rank="preferred")]).why == "preferred"


def test_what_rounds_another_does_not_lead_over_it_however_often_it_is_printed():
    exact = a_cost("c1", origins=1, sources=1)
    rounded = a_cost("c2", origins=13, sources=34) | {"links": [{"relation": "rounds", "claim": "c1"}]}
    found = leading([rounded, exact])
    assert (found.claim["ref"], found.why) == ("c1", "exact")
    assert leading([rounded]).claim["ref"] == "c2"
    elsewhere = rounded | {"links": [{"relation": "rounds", "claim": "c9"}]}
    assert leading([elsewhere, exact]).claim["ref"] == "c2"
