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
