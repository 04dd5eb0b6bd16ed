"""The pages of properties: one question asked of everything."""

import re

import pytest

from tests.building import (
    a_claim,
    a_property,
    a_source,
    an_entity,
    euros,
    published,
    resting_on,
    some_evidence,
)
from tests.claims.views.test_pages import get, words

pytestmark = pytest.mark.django_db


def rows(html):
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    return [words(row) for row in body.split("</tr>")[:-1]]


def test_each_subject_stands_with_its_leading_claim_and_the_reason(client):
    fee, (ajax, benfica) = a_property("transfer-fee"), (an_entity("ajax"), an_entity("benfica"))
    weak = a_claim(subject=ajax, property=fee, value=euros("1000000"))
    strong = a_claim(
        subject=ajax,
        property=fee,
        value=euros("2000000"),
        evidence=[some_evidence(), some_evidence(a_source())],
    )
    only = a_claim(subject=benfica, property=fee, value=euros("9000000"))
    published(*resting_on(weak, strong, only))
    html = get(client, "/properties/transfer-fee/")
    first, second = rows(html)
    assert first.startswith("Ajax")
    assert first.index("€2 million") < first.index("€1 million")
    assert "most origins: 2, the next 1" in first
    assert "the only claim" in second
    assert html.count('class="strip"') == 2  # one figure for each on one axis
    assert words(get(client, "/properties/")).count("3 claims") == 1


def test_editors_preference_leads_and_says_why(client):
    fee, ajax = a_property("transfer-fee"), an_entity("ajax")
    liked = a_claim(subject=ajax, property=fee, rank="preferred", rank_reason={"en": "The club's own books."})
    other = a_claim(
        subject=ajax, property=fee, value=euros("5"), evidence=[some_evidence(), some_evidence(a_source())]
    )
    published(*resting_on(liked, other))
    (row,) = rows(get(client, "/properties/transfer-fee/"))
    assert "editors prefer it" in row
    assert "The club's own books." in row


def test_units_that_differ_share_no_axis(client):
    fee = a_property("transfer-fee")
    euro, dollar = a_claim(property=fee), a_claim(property=fee, value=euros("7", unit="USD"))
    published(*resting_on(euro, dollar))
    assert 'class="chart"' not in get(client, "/properties/transfer-fee/")


def test_long_properties_are_paged(client, monkeypatch):
    monkeypatch.setattr("claims.views.paging.PAGE_SIZE", 2)
    fee = a_property("transfer-fee")
    published(*resting_on(*(a_claim(property=fee) for _number in range(3))))
    html = get(client, "/properties/transfer-fee/")
    after = re.search(r'rel="next" href="\?after=(\w+)"', html)
    assert len(rows(html)) == 2
    assert len(rows(get(client, f"/properties/transfer-fee/?after={after[1]}"))) == 1
