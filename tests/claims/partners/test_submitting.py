"""A partner sends a claim in: it waits on the desk, and readers see nothing of it until the desk has published it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from jsonschema import Draft202012Validator

from claims import press
from claims.actions import reviews
from claims.actions.approvals import approve
from claims.actions.claims import save_claim
from claims.actions.publishing import publish_seen
from claims.actions.sources import SourceDraft, save_source
from claims.actions.submissions import Fate
from claims.api.openapi.submissions import FATES
from claims.api.openapi.submissions import LONGEST_MESSAGE as LONGEST
from claims.ledger.models import Reason
from claims.models import Claim, Source, Submission
from claims.models.partner import LONGEST_MESSAGE
from claims.permissions import NotAllowed
from kb.models import Revision, State
from tests import building as build
from tests.claims.partners.sending import URL, Partner, a_request, published_things

pytestmark = pytest.mark.django_db
NEW = {
    "url": "https://gazette.example/a",
    "title": "Ten things",
    "language": "en",
    "source_type": "secondary",
}


@pytest.fixture
def partner(editor: User) -> Partner:
    published_things()
    return Partner("the-gazette", by=editor)


def sent(partner: Partner, **changes: Any) -> Claim:
    answer = partner.send(a_request(**changes))
    assert answer.status_code == 201, answer.content
    return Claim.objects.with_parts().get(ref=answer.json()["ref"])


def test_it_waits_as_a_proposed_claim_with_its_words_pinned(partner):
    answer = partner.send(a_request(message="Page one."))
    said = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == said["url"]
    assert (said["state"], said["claim"], said["missing"], said["sent"]["message"]) == (
        "waiting", None, [], "Page one.",
    )  # fmt: skip
    claim = Claim.objects.with_parts().get(ref=said["ref"])
    assert (claim.state, claim.sealed_by, claim.mode, claim.rank) == (
        State.PROPOSED, partner.account, "attributed", "normal",
    )  # fmt: skip
    (evidence,) = claim.evidence.all()
    assert (evidence.exact, evidence.start, evidence.end) == ("5 million euros", 14, 29)
    assert str(claim) == "United: fee €5 million"


def test_nothing_of_it_is_public_before_the_desk_publishes_it(partner, client):
    before = client.get("/api/v1/claims/").content
    claim = sent(partner)
    assert client.get("/api/v1/claims/").content == before
    for address in (f"/claims/{claim.ref}/", f"/api/v1/claims/{claim.ref}/"):
        assert client.get(address).status_code == 404
    with pytest.raises(press.NotPublishable, match="nobody has taken it up yet"):
        press.publish([claim], by=None, reason=Reason.IMPORT)


def test_the_sender_is_told_what_became_of_it(partner, colleague, editor):
    claim = sent(partner)
    own = f"{URL}{claim.ref}/"
    reviews.take_up(claim, by=editor, expect=1)
    assert partner.get(own).json()["state"] == "taken-up"
    approve(Claim.objects.get(pk=claim.pk), by=colleague, expect=2)
    fresh = Claim.objects.get(pk=claim.pk)
    publish_seen({claim.ref: fresh.version}, by=editor, reason=Reason.NEW, note={})
    told = partner.get(own).json()
    assert (told["state"], told["claim"]) == ("published", f"http://testserver/api/v1/claims/{claim.ref}/")
    assert Client().get(told["claim"]).status_code == 200


def test_a_refusal_is_told_with_the_desks_words_and_no_others(partner, editor):
    claim = sent(partner)
    reviews.reject(claim, by=editor, expect=1, comment="A rumour.")
    told = partner.get(f"{URL}{claim.ref}/").json()
    assert (told["state"], told["comment"], told["missing"]) == ("declined", "A rumour.", [])
    assert partner.get().json()["results"][0]["comment"] == "A rumour."


def test_the_same_words_are_one_submission(partner):
    first, again = partner.send(a_request()), partner.send(json.dumps(a_request(), indent=3))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Claim.objects.count() == Submission.objects.count() == 1


def test_what_was_taken_back_is_not_taken_again_in_the_same_words(partner):
    claim = sent(partner)
    partner.take_back(claim.ref)
    answer = partner.send(a_request())
    assert (answer.status_code, answer.json()["ref"]) == (409, claim.ref)
    assert partner.send(a_request(message="Again.")).status_code == 201


def test_a_new_source_is_proposed_with_it_once(partner):
    evidence = [
        {"new_source": NEW, "locator": "in the headline", "quote": "Ten million!"},
        {"new_source": NEW, "locator": "in the text"},
    ]
    claim = sent(partner, evidence=evidence)
    source = Source.objects.get(url=NEW["url"])
    assert {one.source for one in claim.evidence.all()} == {source}
    assert (source.state, source.slug, source.sealed_by) == (State.PROPOSED, "ten-things", partner.account)
    assert [one.exact for one in claim.evidence.all()] == ["", ""]  # no copy: nothing to pin it to


def test_a_source_of_the_desk_under_that_address_is_taken_instead(partner):
    known = build.a_source("known", url=NEW["url"])
    claim = sent(partner, evidence=[{"new_source": NEW, "locator": "page 2"}])
    assert claim.evidence.get().source == known
    assert Source.objects.filter(state=State.PROPOSED).count() == 0


def test_taking_it_back_takes_what_was_proposed_with_it(partner, editor):
    claim = sent(partner, evidence=[{"new_source": NEW, "locator": "page 2"}])
    answer = partner.take_back(claim.ref)
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert Source.objects.get(url=NEW["url"]).state == State.DISCARDED
    assert partner.take_back(claim.ref).status_code == 409
    taken = sent(partner)
    reviews.take_up(taken, by=editor, expect=1)
    answer = partner.take_back(taken.ref)
    assert answer.status_code == 409
    assert Claim.objects.get(pk=taken.pk).state == State.DRAFT


def test_a_source_that_others_rest_on_stays_when_it_is_taken_back(partner, editor):
    claim = sent(partner, evidence=[{"new_source": NEW, "locator": "page 2"}])
    source = Source.objects.get(url=NEW["url"])
    build.a_claim(evidence=[build.some_evidence(source)])
    assert partner.take_back(claim.ref).status_code == 200
    assert Source.objects.get(pk=source.pk).state == State.PROPOSED


@pytest.mark.parametrize("how", ["take up", "edit"])
def test_taking_a_claim_up_takes_its_sources_along(how, partner, editor):
    claim = sent(partner, evidence=[{"new_source": NEW, "locator": "page 2"}])
    if how == "edit":
        draft = build.draft_of(claim, note={"en": "Seen."})
        save_claim(draft, by=editor, ref=claim.ref, expect=1)
    else:
        reviews.take_up(claim, by=editor, expect=1)
    source = Source.objects.get(url=NEW["url"])
    assert (source.state, source.sealed_by) == (State.DRAFT, editor)


def test_reopening_one_that_was_rejected_takes_its_sources_along(partner, editor):
    claim = sent(partner, evidence=[{"new_source": NEW, "locator": "page 2"}])
    reviews.reject(claim, by=editor, expect=1, comment="No.")
    reviews.reopen(Claim.objects.get(pk=claim.pk), by=editor, expect=2)
    assert Source.objects.get(url=NEW["url"]).state == State.DRAFT


def test_no_source_of_the_desk_is_derived_from_one_that_is_only_proposed(partner, editor):
    sent(partner, evidence=[{"new_source": NEW, "locator": "page 2"}])
    draft = SourceDraft(
        slug="a-copy", title="A copy", language="en", source_type="tertiary", derivation="copy",
        derived_from=Source.objects.get(url=NEW["url"]),
    )  # fmt: skip
    with pytest.raises(ValidationError, match="only proposed"):
        save_source(draft, by=editor)


def test_whoever_takes_it_up_does_not_approve_it(partner, editor, colleague):
    claim = sent(partner)
    reviews.take_up(claim, by=editor, expect=1)
    fresh = Claim.objects.get(pk=claim.pk)
    assert press.writers(fresh) == {partner.account.pk, editor.pk}
    with pytest.raises(NotAllowed, match="somebody else approves it"):
        approve(fresh, by=editor, expect=2)
    approve(fresh, by=colleague, expect=2)


def test_nor_does_whoever_reopens_one_that_was_rejected(partner, editor, colleague):
    claim = sent(partner)
    reviews.reject(claim, by=colleague, expect=1, comment="No.")
    reviews.reopen(Claim.objects.get(pk=claim.pk), by=editor, expect=2)
    assert editor.pk in press.writers(Claim.objects.get(pk=claim.pk))


def test_what_is_missing_is_said_and_may_be_missing(partner):
    said = partner.send(a_request(scope=[])).json()
    assert said["missing"] == ["scope: a term of the dimension tax: before-tax, after-tax"]


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no evidence": ({"evidence": []}, "evidence", "at least one"),
    "no figure at all": ({"value": {"amount": 5}}, "value.amount", "in quotes"),
    "a slip": ({"subjcet": "x"}, "", "subjcet"),
    "no such subject": ({"subject": "city"}, "subject", "nothing published is called 'city'"),
    "a draft": ({"subject": "hidden"}, "subject", "nothing published is called 'hidden'"),
    "no such term": (
        {"scope": [{"dimension": "tax", "term": "both"}]}, "scope.0.term", "before-tax",
    ),
    "no figure": ({"value": {"amount": "5 million", "unit": "EUR"}}, "value.amount", "exact decimal"),
    "another unit": ({"value": {"amount": "5", "unit": "kg"}}, "value.unit", "measured in currency"),
    "another kind of unit": ({"value": {"amount": "5", "unit": "clams"}}, "value.unit", "clams"),
    "another type": ({"value": {"time": "2024"}}, "value", "fee takes this: amount"),
    "no unit": ({"value": {"amount": "5"}}, "value.unit", "say the unit; fee is measured in currency"),
    "two terms": (
        {"scope": [{"dimension": "tax", "term": "before-tax"}, {"dimension": "tax", "term": "after-tax"}]},
        "scope.1.dimension", "one term a dimension",
    ),
    "no value": ({"value": {}}, "", "one value"),
    "no text": ({"subject": None}, "subject", "wanted is this: string"),
    "a span of words": ({"valid_from": "measured", "valid_to": "2024"}, "valid_from", "EDTF"),
    "words that stand nowhere": (
        {"evidence": [{"source": "report", "quote": "6 million"}]}, "evidence.0.quote", "do not stand",
    ),
    "words that stand twice": (
        {"evidence": [{"source": "report", "quote": "5 million"}]}, "evidence.0.quote", "2 times",
    ),
    "nowhere in particular": (
        {"evidence": [{"new_source": NEW, "quote": "Ten million!"}]}, "evidence.0.locator", "no copy",
    ),
    "two sources": (
        {"evidence": [{"source": "report", "new_source": NEW, "locator": "1"}]}, "evidence.0", "one of them",
    ),
    "no address": (
        {"evidence": [{"new_source": NEW | {"url": "javascript:alert(1)"}, "locator": "1"}]},
        "evidence.0.new_source.url", "http",
    ),
    "no date": ({"asserted_on": "2024-13"}, "asserted_on", "2024-13"),
    "a hidden character": ({"message": "a \u202e b"}, "message", "U+202E"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "place", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused_at_its_place_and_leaves_nothing(partner, changes, place, words):
    build.an_entity("hidden")
    revisions = Revision.objects.count()
    answer = partner.send(a_request(**changes))
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert place in answer.json()["fields"], answer.json()
    assert words in " ".join(answer.json()["fields"][place])
    assert (Submission.objects.count(), Revision.objects.count()) == (0, revisions)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"subject": ' + b"[" * 900 + b"]" * 900 + b"}", 413),
        (b'{"evidence": [' + b"{}," * 80_000 + b"{}]}", 413),
        (b'{"subject": "united", "subject": "city"}', 400),
        (b'{"subject": "\\ud800"}', 400),
        (b'{"subject": NaN}', 400),
        (b'"' + b"x" * 300_000 + b'"', 413),
        (b"[]", 422),
        (b'{"subject": "a\\u0000b"}', 422),
    ],
    ids=[
        "empty",
        "broken",
        "endless",
        "deep",
        "many",
        "twice",
        "half a character",
        "no number",
        "too large",
        "a list",
        "a zero",
    ],
)
def test_hostile_bodies_are_refused(partner, body, status):
    assert partner.send(body).status_code == status


def test_other_media_are_refused(partner):
    headers = {"Authorization": f"Api-Key {partner.secret}"}
    answer = Client().post(URL, {"subject": "united"}, headers=headers)
    assert answer.status_code == 415


def test_each_partner_sees_their_own_only_the_newest_first(partner, editor):
    refs = [sent(partner, message=str(number)).ref for number in range(3)]
    other = Partner("the-herald", by=editor)
    assert other.get().json() == {"next": None, "previous": None, "results": []}
    assert other.get(f"{URL}{refs[0]}/").status_code == other.take_back(refs[0]).status_code == 404
    page = partner.get(f"{URL}?page_size=2").json()
    assert [one["ref"] for one in page["results"]] == refs[:0:-1]
    rest = partner.get(page["next"].removeprefix("http://testserver")).json()
    assert [one["ref"] for one in rest["results"]] == refs[:1]
    assert "no-store" in partner.get()["Cache-Control"]


def test_a_list_takes_the_same_number_of_queries_however_long(partner, django_assert_max_num_queries):
    for number in range(2):
        sent(partner, message=str(number))
    with django_assert_max_num_queries(8):
        partner.get()
    for number in range(2, 8):
        sent(partner, message=str(number))
    with django_assert_max_num_queries(8):
        assert len(partner.get().json()["results"]) == 8


def test_a_page_is_asked_for_in_order(partner):
    for query, name in (
        ("?cursor=cD1hYmM%3D", "cursor"),
        ("?page_size=0", "page_size"),
        ("?state=waiting", "state"),
    ):
        answer = partner.get(URL + query)
        assert (answer.status_code, [*answer.json()["parameters"]]) == (400, [name])


def test_states_and_limits_are_those_of_the_document():
    assert tuple(Fate) == FATES
    assert LONGEST == LONGEST_MESSAGE


def test_answers_have_the_shape_that_the_document_describes(partner):
    components = json.loads(Client().get("/api/schema/").content)["components"]
    made = partner.send(a_request(message="Page one."))
    own = f"{URL}{made.json()['ref']}/"
    for name, answer in {
        "Submission": made,
        "SubmissionList": partner.get(),
        "Problem": partner.send(a_request(evidence=[])),
    }.items():
        validator = Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})
        assert [fault.message for fault in validator.iter_errors(answer.json())] == [], name
    taken_back = partner.take_back(own.split("/")[-2]).json()
    assert taken_back == partner.get(own).json()
    assert taken_back.keys() == made.json().keys()
