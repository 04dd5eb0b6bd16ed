"""JSON-LD of pages, read as a program reads it."""

from __future__ import annotations

import json
import re

import pytest

from companies.actions import NameDraft
from tests.building import a_claim, an_entity, published

pytestmark = pytest.mark.django_db


def linked(client, path):
    html = client.get(path).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, flags=re.S)
    return json.loads(text)


@pytest.mark.usefixtures("dossier")
def test_a_claim_is_reviewed_on_a_scale_whose_best_is_the_greatest(client):
    said = linked(client, "/claims/c2a583mq56/")
    assert (said["@context"], said["@type"]) == ("https://schema.org", "ClaimReview")
    assert said["itemReviewed"]["@type"] == "Claim"
    assert said["itemReviewed"]["author"] == {"@type": "Organization", "name": "DeepSeek"}
    assert said["reviewRating"] == {
        "@type": "Rating", "worstRating": 1, "bestRating": 6, "ratingValue": 4, "alternateName": "possibly true",
    }  # fmt: skip
    appearances = said["itemReviewed"]["appearance"]
    assert {one["inLanguage"] for one in appearances} >= {"bn", "hi", "vi"}


@pytest.mark.usefixtures("dossier")
def test_a_dispute_and_an_entity(client):
    dispute = linked(client, "/disputes/cost-of-deepseek-v3/")
    assert dispute["@type"] == "ClaimReview"
    assert all(one["url"].startswith("http://testserver/claims/c") for one in dispute["itemReviewed"])
    company = linked(client, "/companies/deepseek/")
    assert company["@type"] == "Organization"
    assert "ডিপসিক" in company["alternateName"]


def test_a_hostile_name_does_not_end_the_script(client):
    entity = an_entity("club-of-thieves", names=[NameDraft(text="</script><b>&", language="en")])
    claim = a_claim(subject=entity)
    published(claim)
    html = client.get(f"/organizations/{entity.slug}/").content.decode()
    assert "</script><b>" not in html
    assert linked(client, f"/organizations/{entity.slug}/")["name"] == "</script><b>&"
