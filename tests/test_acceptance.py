"""The main job, end to end: the same facts on pages and in the API, from the shipped dossier."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims import press
from claims.ledger.models import Reason, Record
from claims.models import Claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


def words(client: Client, path: str) -> str:
    """What a page says, without its markup."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare)))


def hrefs(client: Client, path: str) -> set[str]:
    return set(re.findall(r'href="([^"]+)"', client.get(path).content.decode()))


def events(client: Client, slug: str, prop: str, subject: str) -> list[dict[str, Any]]:
    found = client.get(f"/api/v1/timelines/{slug}/").json()["events"]
    return [one for one in found if (one["property"]["slug"], one["subject"]["slug"]) == (prop, subject)]


def test_the_spin_off_of_2023_stands_on_its_timeline_with_its_sources(client):
    (event,) = [
        one
        for one in events(client, "deepseek", "spun-off-from", "deepseek")
        if one["point_in_time"]["edtf"] == "2023"
    ]
    assert event["value"]["entity"]["slug"] == "high-flyer"
    slugs = {one["source"]["slug"] for one in event["evidence"]}
    assert slugs >= {"seed-000", "seed-001"}
    page = words(client, "/timelines/deepseek/")
    assert "High-Flyer spun off DeepSeek" in page
    assert f"/claims/{event['ref']}/" in hrefs(client, "/timelines/deepseek/")
    claim = words(client, f"/claims/{event['ref']}/")
    assert "২০২৩" in claim
    assert "gdeac.com" in claim


def test_the_h800_ban_of_2023_stands_on_its_timeline_with_its_source(client):
    (event,) = [
        one
        for one in events(client, "export-controls", "export-banned", "h800")
        if one["point_in_time"]["edtf"] == "2023"
    ]
    assert event["evidence"][0]["source"]["slug"] == "seed-002"
    page = words(client, "/timelines/export-controls/")
    assert re.search(r"H800 was banned from export", page)
    claim = words(client, f"/claims/{event['ref']}/")
    assert "bongshomoy.in" in claim


def test_home_shows_both_events_the_dispute_and_the_latest_edition(client):
    home = words(client, "/")
    for said in (
        "High-Flyer spun off DeepSeek",
        "H800 was banned from export",
        "What did DeepSeek-V3 cost?",
        "Edition 1",
    ):
        assert said in home


FIGURES = {
    "$6 million": ("training-cost", "6000000"),
    "$5.576 million": ("training-cost", "5576000"),
    "$1.6 billion": ("server-investment", "1600000000"),
    "$944 million": ("operating-cost", "944000000"),
    "more than $500 million": ("ai-investment", "500000000"),
}


def test_the_cost_dispute_shows_its_five_figures_with_what_stands_behind_them(client):
    page = words(client, "/disputes/cost-of-deepseek-v3/")
    members = [one["claim"] for one in client.get("/api/v1/disputes/cost-of-deepseek-v3/").json()["members"]]
    by_value = {(one["property"]["slug"], one["value"]["amount"]): one for one in members}
    for shown, key in FIGURES.items():
        assert shown in page
        claim = by_value[key]
        assert claim["scope"]
        assert claim["asserted_by"]["label"] in page
        assert all(one["term_label"] in page for one in claim["scope"])
        assert claim["sources"] >= 1 <= claim["origins"]
        assert any(
            one["source"]["publisher"] in page or one["source"]["title"] in page for one in claim["evidence"]
        )


def test_training_cost_says_the_same_on_page_and_in_the_api(client):
    for claim in client.get("/api/v1/claims/?subject=deepseek-v3&property=training-cost").json()["results"]:
        page = words(client, f"/claims/{claim['ref']}/")
        for evidence in claim["evidence"]:
            if evidence["quote"]:
                assert evidence["quote"]["exact"] in page
        assert re.search(rf"\b{claim['origins']} origin", page)


def test_before_the_first_edition_pages_are_empty(client):
    day = (timezone.now() - timedelta(days=2)).date().isoformat()
    for path in ("/", "/claims/", "/companies/", "/timelines/"):
        page = words(client, f"{path}?known_at={day}")
        assert "DeepSeek-V3" not in page
        assert "H800" not in page
    assert client.get(f"/timelines/deepseek/?known_at={day}").status_code == 404


def test_a_retracted_claim_leaves_pages_keeps_its_address_and_says_why(client):
    free = Claim.objects.filter(
        memberships=None, linked_by=None, pinned_to=None, rank="normal", subject__slug="deepseek"
    )
    claim = next(one for one in free if Record.objects.filter(ref=one.ref).exists())
    address = f"/claims/{claim.ref}/"
    before = words(client, address)
    press.publish(
        [],
        by=None,
        reason=Reason.RETRACTION,
        note={"en": "The page turned out to be a hoax."},
        withdraw=[claim],
    )
    assert address not in hrefs(client, "/companies/deepseek/") | hrefs(client, "/claims/")
    assert "The page turned out to be a hoax." in words(client, address)
    assert words(client, f"{address}?edition=1").count(claim.property.labels["en"]) == before.count(
        claim.property.labels["en"]
    )


@pytest.mark.parametrize("language", ["bn", "hi", "vi"])
def test_pages_open_in_each_language_with_its_labels(client, language):
    page = client.get(f"/{language}/claims/?").content.decode()
    assert f'<html lang="{language}"' in page
    label = client.get(f"/api/v1/properties/training-cost/?lang={language}").json()["label"]
    home = words(client, f"/{language}/models/deepseek-v3/")
    assert label in home


@pytest.mark.parametrize("path", ["/companies/nobody/", "/claims/c0000000aa/", "/nowhere/", "/editions/999/"])
def test_what_is_not_there_is_a_helpful_404(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"<main" in answer.content


@pytest.mark.parametrize(
    "query",
    ["known_at=soon", "known_at=2999-01-01", "edition=x", "edition=99", "edition=1&known_at=2026-01-01"],
)
def test_a_malformed_edition_is_a_friendly_400(client, query):
    answer = client.get(f"/claims/?{query}")
    assert answer.status_code == 400
    assert b"<main" in answer.content


def test_a_count_that_everybody_takes_from_one_party_is_never_confirmed(client):
    asked = "/api/v1/claims/?property=accelerators-used&amount_min=2048&amount_max=2048&bounds=must"
    found = client.get(asked).json()["results"]
    assert found
    for claim in found:
        assert claim["voices"] <= 1 < claim["credibility"]
    assert "no second voice confirms it" in words(client, f"/claims/{found[0]['ref']}/")
