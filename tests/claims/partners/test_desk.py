"""What a partner sent in, as the desk sees it; and the pages of their keys."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.actions import reviews
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.models import Claim, PartnerKey, Source, Submission
from kb.models import State
from tests import building as build
from tests.claims.partners.sending import URL, Partner, a_request, published_things
from tests.roles import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(editor):
    published_things()
    return Partner("the-gazette", by=editor)


@pytest.fixture
def claim(partner):
    new = {
        "url": "https://gazette.example/a",
        "title": "Ten things",
        "language": "en",
        "source_type": "primary",
    }
    evidence = [{"new_source": new, "locator": "page 2", "quote": "He cost five million."}]
    answer = partner.send(a_request(evidence=evidence, message="<b>Look</b> at this."))
    return Claim.objects.get(ref=answer.json()["ref"])


def test_its_form_and_its_talk_say_who_sent_it_and_what_they_wrote(client, editor, claim):
    client.force_login(editor)
    for page in (
        reverse("admin:claims_claim_change", args=[claim.pk]),
        reverse("admin:talk", args=[claim.ref]),
    ):
        text = client.get(page).content.decode()
        assert "Sent in by the-gazette" in text
        assert "&lt;b&gt;Look&lt;/b&gt; at this." in text
        assert "He cost five million." in text


def test_it_is_taken_up_on_its_talk_page(client, claim):
    client.force_login(member("contributor", "somebody"))
    talk = reverse("admin:talk", args=[claim.ref])
    assert 'value="take-up"' in client.get(talk).content.decode()
    answer = client.post(talk, {"decision": "take-up", "seen": f"{claim.ref}:1", "text": ""})
    assert answer.status_code == 302
    assert Claim.objects.get(pk=claim.pk).state == State.DRAFT
    assert "Take it up" not in client.get(talk).content.decode()


def test_several_are_taken_up_at_once_from_their_queue(client, claim, partner, editor):
    client.force_login(editor)
    source = Source.objects.get(state=State.PROPOSED)
    queue = reverse("admin:queue", args=["submissions"])
    page = client.get(queue).content.decode()
    assert "the-gazette" in page
    assert "Look" in page
    seen = {"seen": [f"{claim.ref}:1", f"{source.ref}:1"]}
    assert client.post(queue, seen).status_code == 302
    assert {one.state for one in (Claim.objects.get(pk=claim.pk), Source.objects.get(pk=source.pk))} == {
        State.DRAFT
    }
    assert client.post(queue, seen).status_code == 409  # they are somebody's already


def test_nothing_chosen_is_said_where_one_was(client, editor, claim):
    client.force_login(editor)
    queue = reverse("admin:queue", args=["submissions"])
    here = {"Referer": f"http://testserver{queue}"}
    asked = ((client.post, queue), (client.get, reverse("admin:review")), (client.get, reverse("admin:bulk")))
    for ask, address in asked:
        answer = ask(address, {}, headers=here)
        assert answer.status_code == 302
        assert answer["Location"].endswith(queue)
        assert "Choose something first." in client.get(queue).content.decode()
    away = client.get(reverse("admin:review"), headers={"Referer": "https://elsewhere.example/"})
    assert away["Location"] == reverse("admin:index")


def test_a_key_is_shown_once(client, editor):
    client.force_login(editor)
    add = reverse("admin:claims_partnerkey_add")
    answer = client.post(add, {"partner": "the-herald", "name": "their site", "expires": "2030-01-31"})
    key = PartnerKey.objects.get()
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert key.expiry_date.isoformat() == "2030-01-31T23:59:59.999999+00:00"
    change = reverse("admin:claims_partnerkey_change", args=[key.prefix])
    for page in (reverse("admin:claims_partnerkey_changelist"), change, add):
        assert secret not in client.get(page).content.decode()
    assert client.get(URL, headers={"Authorization": f"Api-Key {secret}"}).status_code == 200


def test_a_refused_key_keeps_what_was_typed(client, editor):
    client.force_login(editor)
    add = reverse("admin:claims_partnerkey_add")
    answer = client.post(add, {"partner": "two words", "name": "their site"})
    assert answer.status_code == 200
    assert "two words" in answer.content.decode()
    assert "errorlist" in answer.content.decode()
    assert not PartnerKey.objects.exists()


def test_a_key_is_revoked_on_its_page(client, editor, partner):
    client.force_login(editor)
    page = reverse("admin:claims_partnerkey_change", args=[partner.key.prefix])
    assert "Revoke" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    assert partner.get().status_code == 401
    text = client.get(page).content.decode()
    assert "Revoked by editor" in text
    assert "Revoke the key" not in text


@pytest.mark.parametrize("role", ["contributor", "editor", "publisher"])
def test_keys_are_for_administrators(client, role, partner):
    client.force_login(member(role, "somebody"))
    for page in (reverse("admin:claims_partnerkey_changelist"), reverse("admin:claims_partnerkey_add"),
                 reverse("admin:claims_partnerkey_change", args=[partner.key.prefix])):  # fmt: skip
        assert client.get(page).status_code == client.post(page).status_code == 403
    assert not PartnerKey.objects.get().revoked


@pytest.mark.parametrize("what", ["claim", "source"])
def test_what_the_law_had_removed_is_gone_from_what_was_sent(what, claim, partner, editor, colleague):
    root = claim if what == "claim" else Source.objects.get(state=State.PROPOSED)
    reviews.take_up(claim, by=editor, expect=1)
    if what == "claim":
        build.published(*Source.objects.filter(slug="ten-things"), *Claim.objects.all())
    else:  # what was sent says more than the claim still does
        claim.evidence.all().delete()
        build.published(*Source.objects.filter(slug="ten-things"))
    redaction = request_redaction(root, category="court-order", by=editor)
    confirm_redaction(redaction, by=colleague)
    submission = Submission.objects.get()
    assert (submission.sent, submission.message) == ("", "")
    assert partner.get(f"{URL}{claim.ref}/").json()["sent"] == {}
    assert submission.sha256
