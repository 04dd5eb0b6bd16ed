"""A partner learns nothing of the desk: not from refusals, not from what is missing, not from a claim's fate."""

from __future__ import annotations

import pytest

from claims.actions import reviews
from claims.actions.approvals import approve
from claims.actions.withdrawals import withdraw
from claims.models import Claim
from kb.lib import blobs
from tests import building as build
from tests.claims.partners.sending import TEXT, URL, Partner, a_request, published_things
from tests.claims.partners.test_submitting import NEW

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(db):
    return published_things()


@pytest.fixture
def partner(things, editor):
    return Partner("the-gazette", by=editor)


@pytest.fixture
def claim(partner):
    return Claim.objects.get(ref=partner.send(a_request()).json()["ref"])


@pytest.mark.parametrize(
    "changes", [{"published_on": "2024-13"}, {"title": "a \u202e b"}, {"url": "https://x.example/\0"}]
)
def test_whether_the_desk_has_an_address_shows_in_no_refusal(partner, changes):
    failing = {"source": "report", "quote": "nowhere"}
    evidence = [{"new_source": NEW | changes, "locator": "page 1"}, failing]
    before = partner.send(a_request(evidence=evidence))
    build.a_source("held", url=NEW["url"])
    after = partner.send(a_request(evidence=evidence))
    assert before.status_code == after.status_code == 422
    assert before.json() == after.json()


def test_a_requirement_and_a_name_that_are_not_published_are_not_told(partner, things):
    _club, fee, _report = things
    secret = build.a_dimension("secret")
    build.a_property("fee", ref=fee.ref, labels={"en": "SECRET"}, required_scope=[secret])
    answer = partner.send(a_request(scope=[]))
    assert answer.json()["missing"] == ["scope: a term of the dimension tax: before-tax, after-tax"]
    refused = partner.send(a_request(value={"amount": "5", "unit": "kg"}))
    assert b"SECRET" not in answer.content + refused.content


def test_what_the_desk_makes_of_a_property_meanwhile_is_not_told(partner, things):
    _club, fee, _report = things
    build.a_property("fee", ref=fee.ref, labels={"en": "SECRET"}, unit_dimension="mass")
    refused = partner.send(a_request())
    assert refused.json()["fields"] == {"property": ["the desk takes no claims of this property for now"]}


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"subject_kinds": ["person", "organization"]}, {"amount": "5", "unit": "EUR"}),
        ({"data_type": "time"}, {"time": "1902-03"}),
        ({"data_type": "entity"}, {"entity": "united"}),
        ({"data_type": "text"}, {"text": {"en": "Up."}}),
        ({"data_type": "time"}, {"kind": "unknown"}),
    ],
)
def test_every_kind_of_property_is_taken(partner, changes, value):
    build.published(build.a_property("other", **changes))
    answer = partner.send(a_request(property="other", scope=[], value=value))
    assert answer.status_code == 201, answer.content


def test_a_copy_that_is_not_published_tells_nothing_of_its_words(partner, things):
    report = things[2]
    fresh = "The fee was secret."
    blobs.write(fresh.encode())
    build.a_source("report", ref=report.ref, snapshots=[build.a_snapshot(TEXT), build.a_snapshot(fresh)])
    secret = partner.send(a_request(evidence=[{"source": "report", "quote": "was secret"}]))
    assert secret.status_code == 422
    assert partner.send(a_request()).status_code == 201  # words of the copy that readers know


def test_an_unpublished_sources_copy_tells_nothing_either(partner):
    blobs.write(TEXT.encode())
    build.a_source("held", url=NEW["url"], snapshots=[build.a_snapshot(TEXT)])
    answers = {
        partner.send(a_request(evidence=[{"new_source": NEW, "locator": "1", "quote": words}])).status_code
        for words in ("5 million euros", "no such words")
    }
    assert answers == {201}


def test_words_between_colleagues_stay_between_them(partner, claim, editor, colleague):
    reviews.take_up(claim, by=editor, expect=1)
    reviews.submit(Claim.objects.get(pk=claim.pk), by=editor, expect=2)
    reviews.reject(Claim.objects.get(pk=claim.pk), by=colleague, expect=3, comment="Between us.")
    told = partner.get(f"{URL}{claim.ref}/").json()
    assert (told["state"], told["comment"]) == ("declined", "")


def test_what_was_said_to_the_sender_stays_said(partner, claim, editor):
    reviews.reject(claim, by=editor, expect=1, comment="A rumour.")
    reviews.discard(Claim.objects.get(pk=claim.pk), by=editor, expect=2)
    told = partner.get(f"{URL}{claim.ref}/").json()
    assert (told["state"], told["comment"]) == ("declined", "A rumour.")


def test_what_is_said_with_a_discard_reaches_the_sender(partner, claim, editor):
    reviews.discard(claim, by=editor, expect=1, comment="We have it already.")
    told = partner.get(f"{URL}{claim.ref}/").json()
    assert (told["state"], told["comment"]) == ("declined", "We have it already.")


def test_what_was_published_once_is_retracted(partner, claim, editor, colleague):
    reviews.take_up(claim, by=editor, expect=1)
    approve(Claim.objects.get(pk=claim.pk), by=colleague, expect=2)
    build.published(Claim.objects.get(pk=claim.pk))
    withdraw([Claim.objects.get(pk=claim.pk)], by=editor, note={"en": "Wrong."})
    told = partner.get(f"{URL}{claim.ref}/").json()
    assert (told["state"], told["claim"]) == ("retracted", None)


def test_a_refusal_to_take_back_does_not_say_how_things_stand(partner, claim, editor):
    reviews.take_up(claim, by=editor, expect=1)
    answer = partner.take_back(claim.ref)
    assert answer.status_code == 409
    assert answer.json()["detail"] == "it waits no more: nothing can be taken back"
