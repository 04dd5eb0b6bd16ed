"""Capturing from the desk, and its queue of stale evidence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.actions import captures
from claims.admin.capture_forms import MOST_PASTED
from claims.models import CaptureAttempt, Snapshot, Source
from kb.lib import blobs, confined
from kb.lib.net import Guard
from tests.building import a_claim, a_quote, a_source, published, some_evidence
from tests.claims.admin.conftest import TEXT, Story, logged_in, staff
from tests.claims.capturing.making import LONG, a_page, a_pdf
from tests.serving import PUBLIC, Site, serving

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1", "::1", PUBLIC])]
ADDRESS = "/admin/claims/source/capture/"
EMPTY = {"text": "", "address": "", "source_type": "secondary", "language": "", "title": "", "url": ""}


def offered(page: str) -> dict[str, str]:
    """The fields that the page carries to say what was offered."""
    return dict(re.findall(r'<input type="hidden" name="(offered\w*)" value="(\w*)">', page))


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving() as one:
        lax = Guard(
            agent="test", ports=frozenset({one.port}), excepted=frozenset({(PUBLIC, one.port)}), seconds=5
        )
        monkeypatch.setattr(captures, "guard", lambda: lax)
        yield one


def test_pasted_text_becomes_a_source_that_is_read_next(desk: Client, editor: User) -> None:
    text = "Die Ablöse\r\nbetrug 5 Millionen Euro, sagte der Verein am Montag."
    answer = desk.post(ADDRESS, EMPTY | {"text": text, "language": "DE"})
    source = Source.objects.get()
    assert (source.title, source.language, source.state) == ("Die Ablöse", "de", "draft")
    assert source.snapshots.get().text() == text.replace("\r\n", "\n")
    assert answer.status_code == 302
    assert source.ref in answer["Location"] or f"/source/{source.pk}/" in answer["Location"]
    assert desk.get(answer["Location"]).status_code == 200
    assert CaptureAttempt.objects.get().by == editor


def test_a_file_is_read_by_what_it_is(desk: Client) -> None:
    file = SimpleUploadedFile(
        "report.txt", a_pdf("The fee was 5 million euros.", title="The fee"), "text/plain"
    )
    desk.post(ADDRESS, EMPTY | {"file": file, "language": "en"})
    assert Snapshot.objects.get().media_type == "application/pdf"
    assert Source.objects.get().title == "The fee"


def test_an_address_is_fetched(desk: Client, site: Site) -> None:
    head = '<link rel="canonical" href="/fee">'
    url = site.page("/x", a_page(*LONG, head=head).encode())
    desk.post(ADDRESS, EMPTY | {"address": url})
    source = Source.objects.get()
    assert (source.title, source.url, source.language) == ("The fee", site.url("/fee"), "en")
    assert CaptureAttempt.objects.get().address == url


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give one of these"),
        ({"text": "a", "address": "https://gazette.example/"}, "Give one of these"),
        ({"address": "ftp://gazette.example/"}, "must start with https"),
        ({"address": "http://127.0.0.1/"}, "inside a network"),
        ({"text": "a\x01b"}, "U+0001"),
        ({"text": "a", "language": "English!"}, "is no language tag"),
        ({"text": "a", "url": "gazette"}, "must start with https"),
        ({"text": "a", "source_type": "rumour"}, "rumour"),
    ],
)
def test_what_cannot_be_captured_says_why_and_stays_in_the_form(
    desk: Client, given: dict[str, str], said: str
) -> None:
    answer = desk.post(ADDRESS, EMPTY | given)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert said in page
    assert "Nothing was stored" in page
    assert given.get("url", "") in page
    assert (Source.objects.count(), CaptureAttempt.objects.count()) == (0, 0)


def test_a_known_text_is_offered_and_stored_with_what_we_have(desk: Client, story: Story) -> None:
    given, before = EMPTY | {"text": TEXT, "language": "de"}, Source.objects.count()
    page = desk.post(ADDRESS, given).content.decode()
    assert "We have this source" in page
    assert "it holds the very same file" in page
    assert (Source.objects.count(), blobs.held(story.source.snapshots.get().text_sha256)) == (before, False)
    desk.post(ADDRESS, given | offered(page) | {"decision": "copy"})
    assert (Source.objects.count(), blobs.held(story.source.snapshots.get().text_sha256)) == (before, True)
    desk.post(ADDRESS, given | {"decision": "new"})
    assert Source.objects.count() == before + 1


def test_a_known_address_is_offered_before_anybody_is_asked(desk: Client, site: Site) -> None:
    a_source("report", url=site.url("/fee"))
    answer = desk.post(ADDRESS, EMPTY | {"address": site.url("/fee?utm_source=mail")})
    assert "it has the same address" in answer.content.decode()
    assert site.asked == []


def test_a_known_address_takes_whatever_is_there_once_that_was_decided(desk: Client, site: Site) -> None:
    """Also after a redirect to an address that we have not."""
    source = a_source("report", url=site.redirect("/fee", site.page("/moved", a_page(*LONG).encode())))
    given = EMPTY | {"address": site.url("/fee")}
    shown = offered(desk.post(ADDRESS, given).content.decode())
    assert shown == {"offered": source.ref, "offered_text": ""}
    desk.post(ADDRESS, given | shown | {"decision": "copy"})
    assert source.snapshots.count() == 1
    assert Source.objects.count() == 1


@pytest.fixture
def shown(desk: Client, site: Site) -> dict[str, str]:
    """What is posted to the offer of a source that is known by its text, under an address that is not."""
    desk.post(ADDRESS, EMPTY | {"text": "The fee was 5 million.", "language": "en"})
    given = EMPTY | {"address": site.page("/x", b"The fee was 5 million.", "text/plain"), "language": "en"}
    page = desk.post(ADDRESS, given).content.decode()
    assert "it holds the very same file" in page
    return given | offered(page) | {"decision": "copy"}


def test_a_copy_of_what_was_offered_is_stored(desk: Client, shown: dict[str, str]) -> None:
    assert desk.post(ADDRESS, shown).status_code == 302
    assert CaptureAttempt.objects.count() == 2


def test_a_page_that_changed_since_the_offer_makes_no_second_source(
    desk: Client, site: Site, shown: dict[str, str]
) -> None:
    site.page("/x", b"The fee was 6 million.", "text/plain")
    page = desk.post(ADDRESS, shown).content.decode()
    assert "no longer the one that this was offered for" in page
    assert "We have this source" not in page
    assert (Source.objects.count(), Snapshot.objects.count()) == (1, 1)


def test_a_page_that_became_another_known_one_is_offered_anew(
    desk: Client, site: Site, shown: dict[str, str]
) -> None:
    desk.post(ADDRESS, EMPTY | {"text": "The fee was 6 million.", "language": "en"})
    other = Source.objects.order_by("pk").last()
    site.page("/x", b"The fee was 6 million.", "text/plain")
    page = desk.post(ADDRESS, shown).content.decode()
    assert "no longer the one that this was offered for" in page
    assert offered(page)["offered"] == other.ref
    assert CaptureAttempt.objects.count() == 2
    desk.post(ADDRESS, shown | offered(page))
    assert other.attempts.count() == 2


def test_a_source_known_by_its_text_takes_no_other_text(
    desk: Client, site: Site, shown: dict[str, str]
) -> None:
    Source.objects.update(url=site.url("/y"))
    site.redirect("/x", site.page("/y", b"The fee was 6 million.", "text/plain"))
    page = desk.post(ADDRESS, shown).content.decode()
    assert "no longer the one that this was offered for" in page
    assert "it has the same address" in page
    assert Snapshot.objects.count() == 1
    desk.post(ADDRESS, shown | offered(page))
    assert (Source.objects.count(), Snapshot.objects.count()) == (1, 2)


@pytest.mark.parametrize("made_up", [{}, {"offered": "c0000", "offered_text": ""}])
def test_a_decision_about_what_was_not_offered_stores_nothing(desk: Client, made_up: dict[str, str]) -> None:
    page = desk.post(ADDRESS, EMPTY | {"text": "A text", "language": "en", "decision": "copy"} | made_up)
    assert "no longer the one" in page.content.decode()
    assert Source.objects.count() == 0


# Too much -----------------------------------------------------------------------------------------------------


def test_the_longest_text_that_may_be_pasted_comes_through(desk: Client) -> None:
    """In the widest characters, and with the line ends that browsers send."""
    text = "𑄌\n" * (MOST_PASTED // 2)
    answer = desk.post(ADDRESS, EMPTY | {"text": text.replace("\n", "\r\n"), "language": "ccp", "title": "x"})
    assert answer.status_code == 302
    assert Snapshot.objects.get().characters == MOST_PASTED
    assert MOST_PASTED * 4 + 100_000 < settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_one_character_more_is_refused_with_the_number_and_the_way_out(desk: Client) -> None:
    answer = desk.post(ADDRESS, EMPTY | {"text": "x" * (MOST_PASTED + 1)})
    assert answer.status_code == 200
    assert "longer than 1,000,000 characters: save it as a file" in answer.content.decode()
    assert Source.objects.count() == 0


def test_a_form_too_large_to_be_read_is_answered_in_words(editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    answer = strict.post(ADDRESS, EMPTY | {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "longer than 1,000,000 characters: save it as a file" in page
    assert "Give one of these" not in page
    assert Source.objects.count() == 0


def test_the_forms_token_is_checked_all_the_same(editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    given = EMPTY | {"text": "A text", "language": "en"}
    assert strict.post(ADDRESS, given).status_code == 403
    assert Source.objects.count() == 0
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', strict.get(ADDRESS).content.decode())[1]
    assert strict.post(ADDRESS, given | {"csrfmiddlewaretoken": token}).status_code == 302


def test_nobody_waits_long_for_a_page_that_is_made_to_take_long(
    desk: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, real = list[confined.Limits](), confined.run

    def run(parser: str, data: bytes, *, limits: confined.Limits, **options: Any) -> Any:
        given.append(limits)
        return real(parser, data, limits=replace(limits, seconds=0.01), **options)

    monkeypatch.setattr(confined, "run", run)
    page = a_page(*LONG).encode()
    for document in (
        {"address": site.page("/x", page)},
        {"file": SimpleUploadedFile("page.html", page)},
        {"text": page.decode()},
    ):
        answer = desk.post(ADDRESS, EMPTY | document)
        assert "seconds: save or paste only the part that you cite" in answer.content.decode()
    assert [(one.seconds <= 15, one.cpu_seconds <= 15) for one in given] == [(True, True)] * 3
    assert Source.objects.count() == 0


# What is shown ------------------------------------------------------------------------------------------------


def test_nothing_of_a_captured_page_is_served_as_markup(desk: Client, site: Site) -> None:
    hostile = a_page(*LONG, "<script>alert(1)</script>&lt;script&gt;alert(2)&lt;/script&gt; is what it said.")
    desk.post(ADDRESS, EMPTY | {"address": site.page("/x", hostile.encode())})
    source = Source.objects.get()
    for path in (
        f"/admin/claims/source/{source.pk}/change/",
        "/admin/claims/source/",
        f"/sources/{source.ref}/",
    ):
        assert b"<script>alert" not in desk.get(path).content
    digest = source.snapshots.get().sha256
    for path in (f"/files/blobs/{digest[:2]}/{digest}", f"/media/blobs/{digest[:2]}/{digest}"):
        assert desk.get(path).status_code == 404


def test_who_may_not_add_sources_captures_none(story: Story) -> None:
    reader = logged_in(staff("reader", "claims.view_source"))
    adder = logged_in(staff("adder", "claims.add_source"))
    assert reader.get(ADDRESS).status_code == 403
    assert reader.post(ADDRESS, EMPTY | {"text": "x"}).status_code == 403
    assert adder.get(ADDRESS).status_code == 200
    given = EMPTY | {"text": TEXT, "language": "de", "decision": "copy"}
    assert adder.post(ADDRESS, given).status_code == 403


# The queue --------------------------------------------------------------------------------------------------


@pytest.fixture
def changed(site: Site) -> CaptureAttempt:
    """A cited page one of whose two quoted figures has changed."""
    source = a_source("report", url=site.page("/fee", a_page(*LONG).encode()))
    first = captures.recapture(source, guard=captures.guard()).snapshot
    quotes = [a_quote(first, first.text(), f"fee of {number},5 million euros") for number in (1, 2)]
    published(a_claim(evidence=[some_evidence(source, quote=quote) for quote in quotes]))
    site.page("/fee", a_page(LONG[0].replace("1,5", "1,9"), *LONG[1:]).encode())
    return captures.recapture(source, guard=captures.guard())


def test_the_queue_shows_what_is_gone_and_the_difference(desk: Client, changed: CaptureAttempt) -> None:
    index = desk.get("/admin/").content.decode()
    assert "A cited page has changed or is gone." in index
    listing = desk.get("/admin/claims/captureattempt/").content.decode()
    url = reverse("admin:claims_captureattempt_change", args=[changed.pk])
    assert url in listing
    page = " ".join(desk.get(url).content.decode().split())
    assert "1 quote is no longer in the text." in page
    assert page.index("fee of 1,5 million euros</q>") < page.index("fee of 2,5 million euros</q>")
    assert f"Taken out:</span>{LONG[0]}</del>" in page.replace(" </span>", "</span>")
    assert f"Put in:</span>{LONG[0].replace('1,5', '1,9')}</ins>" in page.replace(" </span>", "</span>")
    assert LONG[4] not in page


def test_an_item_that_was_seen_to_leaves_the_queue(
    desk: Client, editor: User, changed: CaptureAttempt
) -> None:
    url = reverse("admin:claims_captureattempt_change", args=[changed.pk])
    assert desk.post(url).status_code == 302
    changed.refresh_from_db()
    assert changed.resolved_by == editor
    assert url not in desk.get("/admin/claims/captureattempt/").content.decode()
    assert url in desk.get("/admin/claims/captureattempt/?seen=yes").content.decode()
    assert "seen to already" in desk.post(url, follow=True).content.decode()


def test_a_dead_address_is_in_the_queue_without_a_difference(desk: Client, site: Site) -> None:
    source = a_source("report", url=site.url("/gone"))
    attempt = captures.recapture(source, guard=captures.guard())
    page = desk.get(reverse("admin:claims_captureattempt_change", args=[attempt.pk])).content.decode()
    assert "its address no longer gave the page:" in page
    assert "404 Not Found" in page
    assert "What changed" not in page


def test_the_queue_is_for_who_may_see_sources_and_resolved_by_who_may_change_them(
    changed: CaptureAttempt,
) -> None:
    url = reverse("admin:claims_captureattempt_change", args=[changed.pk])
    stranger = logged_in(staff("stranger"))
    reader = logged_in(staff("reader", "claims.view_source"))
    assert stranger.get(url).status_code == 403
    assert "cited page" not in stranger.get("/admin/").content.decode()
    assert reader.get(url).status_code == 200
    assert "I have seen to this" not in reader.get(url).content.decode()
    assert reader.post(url).status_code == 403
    changed.refresh_from_db()
    assert changed.is_open
