"""Readers report an error: from a published page to the desk's queue, within limits, and nothing comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from claims.actions import reports
from claims.actions.withdrawals import withdraw
from claims.letterbox.views import sender_of
from claims.models import Report
from tests.building import a_claim, a_source, published
from tests.roles import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    claim = a_claim()
    published(claim)
    return claim


def _send(client, claim, message="It says 5, not 6.", **more):
    return client.post(f"/report/{claim.ref}/", {"message": message, "contact": "", "website": "", **more})


def test_a_letter_goes_to_the_desk_with_what_was_read(client, claim):
    assert "report" in client.get(f"/claims/{claim.ref}/").content.decode()
    page = client.get(f"/report/{claim.ref}/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    answer = _send(client, claim, contact="reader@mail.example", follow=True)
    assert answer.status_code == 302
    assert "Thank you" in client.get(answer["Location"]).content.decode()
    report = Report.objects.get()
    assert (report.ref, report.edition, report.language) == (claim.ref, 1, "en")
    assert (report.message, report.contact, report.outcome) == (
        "It says 5, not 6.",
        "reader@mail.example",
        "",
    )
    assert "127.0.0.1" not in report.sender


def test_the_language_and_the_edition_of_the_page_are_kept(client, claim):
    published(a_claim())
    client.post(f"/bn/report/{claim.ref}/?edition=1", {"message": "ভুল"})
    report = Report.objects.get()
    assert (report.language, report.edition) == ("bn", 1)


@pytest.mark.parametrize("message", ["", "   ", "x" * 2001, "a\0b", "a \u202e b"])
def test_what_cannot_be_taken_keeps_the_text_and_says_why(client, claim, message):
    answer = _send(client, claim, message)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Report.objects.exists()


def test_a_program_that_fills_in_every_field_is_thanked_and_ignored(client, claim):
    assert _send(client, claim, website="https://spam.example").status_code == 302
    assert not Report.objects.exists()


def test_too_many_letters_of_one_sender_are_refused_for_an_hour(client, claim):
    for _ in range(reports.MOST_OF_ONE):
        assert _send(client, claim).status_code == 302
    answer = _send(client, claim, "One more.")
    assert answer.status_code == 429
    assert "One more." in answer.content.decode()
    assert Report.objects.count() == reports.MOST_OF_ONE
    Report.objects.update(at=timezone.now() - timedelta(hours=2))
    assert _send(client, claim).status_code == 302


def test_too_many_letters_of_all_are_refused_too(claim, monkeypatch):
    monkeypatch.setattr(reports, "MOST_OF_ALL", 2)
    for number in range(2):
        reports.take_in(claim.ref, "x", edition=1, language="en", address=f"10.0.0.{number}")
    with pytest.raises(reports.TooMany):
        reports.take_in(claim.ref, "x", edition=1, language="en", address="10.0.0.9")


def test_only_what_is_published_can_be_reported(client, claim):
    hidden = a_claim()
    for ref in (hidden.ref, "c0000000aa", "zzzz"):
        assert client.get(f"/report/{ref}/").status_code == 404
        assert client.post(f"/report/{ref}/", {"message": "x"}).status_code == 404
    source = a_source()
    published(source)
    assert client.get(f"/report/{source.ref}/").status_code == 200


def test_the_form_is_guarded_against_other_sites(claim):
    assert _send(Client(enforce_csrf_checks=True), claim).status_code == 403


def test_the_desk_reads_it_and_closes_it(client, claim):
    _send(client, claim, "<b>It says 5.</b>", contact="reader@mail.example")
    desk = Client()
    desk.force_login(member("editor", "rina"))
    assert "Readers&#x27; reports" in desk.get("/admin/").content.decode()
    listed = desk.get("/admin/claims/report/").content.decode()
    assert "&lt;b&gt;It says 5.&lt;/b&gt;" in listed
    address = f"/admin/claims/report/{Report.objects.get().pk}/change/"
    page = desk.get(address).content.decode()
    assert "reader@mail.example" in page
    assert f"/claims/{claim.ref}/?edition=1" in page
    assert "Say what came of it" in desk.post(address, {"outcome": ""}).content.decode()
    assert desk.post(address, {"outcome": "mended", "answer": "Put right."}).status_code == 302
    report = Report.objects.get()
    assert (report.outcome, report.answer, report.contact) == ("mended", "Put right.", "")
    assert "&lt;b&gt;" not in desk.get("/admin/claims/report/").content.decode()
    with pytest.raises(ValidationError):
        reports.close(report, by=report.resolved_by, outcome="spam")


def test_who_may_not_edit_claims_may_not_read_letters(client, claim):
    _send(client, claim)
    report = Report.objects.get()
    nobody = User.objects.create_user("nobody", is_staff=True)
    stranger = Client()
    stranger.force_login(nobody)
    assert stranger.get("/admin/claims/report/").status_code in (302, 403)
    with pytest.raises(PermissionDenied):
        reports.close(report, by=nobody, outcome="mended")


def test_who_reads_an_old_edition_is_thanked_too(client, claim):
    withdraw([claim], by=None, note={"en": "Made up."})
    answer = client.post(f"/report/{claim.ref}/?edition=1", {"message": "It was right."})
    assert client.get(answer["Location"]).status_code == 200
    assert Report.objects.get().edition == 1


def test_behind_a_proxy_readers_are_told_apart(client, claim, settings):
    settings.BEHIND_PROXY = True
    for number in range(reports.MOST_OF_ONE + 2):
        answer = client.post(
            f"/report/{claim.ref}/",
            {"message": "x"},
            headers={"X-Forwarded-For": f"10.9.9.9, 192.0.2.{number}"},
        )
        assert answer.status_code == 302
    assert Report.objects.values("sender").distinct().count() == reports.MOST_OF_ONE + 2


@pytest.mark.parametrize(
    ("told", "counted"), [("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("192.0.2.7", "192.0.2.7"), ("", "")]
)
def test_a_household_is_one_sender(rf, told, counted):
    assert sender_of(rf.get("/", REMOTE_ADDR=told)) == counted
