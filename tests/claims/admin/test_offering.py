"""Sources offered where one is typed."""

from __future__ import annotations

from django.test import Client

from claims.models import Claim
from tests.claims.admin.conftest import Story, logged_in, staff

OFFERED = "/admin/claims/source/offered/"


def test_sources_are_offered_by_what_they_are_called(desk: Client, story: Story) -> None:
    asked = desk.get(OFFERED, {"q": "gazette"}).json()["sources"]
    assert story.source.ref in [one["ref"] for one in asked]
    assert all(story.source.title in one["label"] for one in asked if one["ref"] == story.source.ref)
    assert desk.get(OFFERED, {"q": "nowhere"}).json() == {"sources": []}
    assert desk.get(OFFERED).json() == {"sources": []}
    assert logged_in(staff("reader", "claims.view_claim")).get(OFFERED, {"q": "x"}).status_code == 403


def test_forms_that_take_a_source_offer_them(desk: Client, story: Story) -> None:
    claim = Claim.objects.get(pk=story.claim.pk)
    html = desk.get("/admin/bulk/", {"ref": claim.ref, "deed": "evidence"}).content.decode()
    assert f'data-offers="{OFFERED}"' in html
    assert "admin-claimbook/offer.js" in html
