"""A newsroom in three windows: a contributor writes, an editor reviews, a publisher prints; readers see the outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from claims.actions.approvals import approve
from claims.ledger.models import Edition
from claims.models import Claim, Source
from companies.actions import NameDraft
from tests import building as build
from tests.roles import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIGURE = "$ 944 मिलियन"
MANY = 20


class Newsroom:
    """Three people, each in a window of their own. What a page's scripts or its policy complain of is in `faults`."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.faults: list[str] = []
        self.people = {role: member(role, f"the-{role}") for role in ("contributor", "editor", "publisher")}
        self.contributor, self.editor, self.publisher = map(self._window, self.people.values())

    def _window(self, user: User) -> Page:
        client = Client()
        client.force_login(user)
        context = self.browser.new_context()
        key = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])
        page = context.new_page()
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.on("console", lambda said: self.faults.append(said.text) if "Policy" in said.text else None)
        return page

    def reader(self) -> Page:
        return self.browser.new_context().new_page()

    def queue(self, page: Page, title: str) -> Locator:
        """Go from the first page to a queue; its rows."""
        page.goto(f"{self.url}/admin/")
        page.locator(".queues").get_by_role("link", name=title).click()
        return page.locator(".queue-rows > li")

    def approved(self, *, claims: int) -> list[Claim]:
        """Claims that the contributor wrote and the editor approved; only what they rest on is published."""
        club, fee, report = build.an_entity("the-club"), build.a_property("fee"), build.a_source("the-report")
        build.published(club, fee, report)
        made = []
        for number in range(1, claims + 1):
            claim = build.a_claim(
                subject=club,
                property=fee,
                value=build.euros(f"{number}000000"),
                evidence=[build.some_evidence(report)],
                by=self.people["contributor"],
            )
            approve(claim, by=self.people["editor"], expect=claim.version)
            made.append(claim)
        return made


@pytest.fixture
def newsroom(live_server: Any, browser: Browser, settings: Any) -> Iterator[Newsroom]:
    settings.ONE_PERSON_MODE = False
    room = Newsroom(browser, live_server.url)
    yield room
    assert room.faults == []


def said(page: Page) -> Locator:
    return page.locator(".messagelist .success")


# From an article to readers ---------------------------------------------------------------------------------


def test_a_figure_of_an_article_goes_through_three_hands_to_readers(newsroom: Newsroom, shared: Path) -> None:
    name = NameDraft(text="दीपसेक", language="hi")
    company = build.an_entity("deepseek", kind="company", names=[name])
    spent = build.a_property("running-costs", labels={"en": "running costs"}, subject_kinds=["company"])
    build.published(company, spent)
    (seed,) = shared.glob("seeds/001_*.txt")

    _draft_and_submit(newsroom, seed)
    claim, source = Claim.objects.get(), Source.objects.get()
    assert (claim.amount, claim.unit, claim.evidence.get().exact) == ("944000000", "USD", FIGURE)
    assert newsroom.contributor.request.get(f"{newsroom.url}/admin/review/?ref={claim.ref}").status == 403

    _send_back(newsroom)
    _mend_and_submit(newsroom)
    _approve_all(newsroom)
    assert not Edition.objects.filter(number=2).exists()

    page = newsroom.publisher
    for row in newsroom.queue(page, "Approved, not published").all():
        row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Review the chosen ones…").click()
    expect(page.get_by_text("approved by a second person")).to_have_count(2)
    page.get_by_role("button", name="Publish all 2 in one edition").click()
    expect(said(page)).to_have_text("Published in edition 2.")

    reader = newsroom.reader()
    reader.goto(f"{newsroom.url}/claims/{claim.ref}/")
    for words in ("about $944 million", FIGURE, source.title):
        expect(reader.locator("main")).to_contain_text(words)


def _draft_and_submit(newsroom: Newsroom, seed: Path) -> None:
    page = newsroom.contributor
    page.goto(f"{newsroom.url}/admin/claims/source/capture/")
    page.fill("textarea[name=text]", seed.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Capture and read").click()
    page.wait_for_url("**/read/**")
    page.locator("#reading-text mark a", has_text=FIGURE).click()
    page.keyboard.press("e")
    form = page.locator("#reading-form")
    form.locator("[name=property]").select_option("running-costs")
    form.locator("[name=subject]").fill("deepseek")
    form.get_by_role("button", name="Save as a draft").click()
    expect(said(page)).to_contain_text("$944 million")
    for _thing in ("the source", "the claim"):
        newsroom.queue(page, "My drafts").first.locator(".queue-thing a").click()
        page.click("button[value=submit]")
        expect(said(page)).to_have_text("It is submitted for review.")


def _send_back(newsroom: Newsroom) -> None:
    """The editor finds it waiting, compares it with what readers have, and asks for a change."""
    page = newsroom.editor
    rows = newsroom.queue(page, "Awaiting my review")
    expect(rows).to_have_count(2)
    rows.filter(has_text="running costs").locator(".queue-thing a").click()
    page.get_by_role("link", name="Compare").click()
    expect(page.locator(".sides")).to_contain_text("$944 million")
    expect(page.locator(".sides")).to_contain_text(FIGURE)
    page.go_back()
    page.click("button[value=request-changes]")
    expect(page.locator("[role=alert]")).to_contain_text("comment")
    page.get_by_label("Comment").fill("Is it exact?")
    page.click("button[value=request-changes]")
    expect(said(page)).to_contain_text("It is sent back")


def _mend_and_submit(newsroom: Newsroom) -> None:
    page = newsroom.contributor
    row = newsroom.queue(page, "Mine, sent back")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Is it exact?")
    row.get_by_role("link", name="Edit").click()
    expect(page.locator(".sent-back")).to_contain_text("Is it exact?")
    page.select_option("[name=comparator]", "approx")
    page.select_option("[name=next_state]", "in-review")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(said(page)).to_be_visible()


def _approve_all(newsroom: Newsroom) -> None:
    page = newsroom.editor
    rows = newsroom.queue(page, "Awaiting my review")
    for row in rows.all():
        row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Review the chosen ones…").click()
    expect(page.get_by_role("button", name=re.compile("^Publish"))).to_have_count(0)
    page.get_by_role("button", name="Approve these 2 versions").click()
    expect(said(page)).to_have_text("2 versions approved.")


# Many at once, and a mistake among them -----------------------------------------------------------------------


def test_twenty_at_once_then_a_correction_with_its_note(newsroom: Newsroom) -> None:
    claims = newsroom.approved(claims=MANY)
    page, reader = newsroom.publisher, newsroom.reader()
    page.goto(f"{newsroom.url}/admin/claims/claim/")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "review_selected")
    page.click("button[name=index]")
    expect(page.locator("article.preview h2")).to_contain_text(
        [f"€{number} million" for number in range(MANY, 0, -1)]  # as in the list, the newest first
    )
    page.get_by_role("button", name=f"Publish all {MANY} in one edition").click()
    expect(said(page)).to_have_text("Published in edition 2.")
    assert {build.record_of(claim).edition_from for claim in claims} == {2}
    reader.goto(f"{newsroom.url}/editions/2/")
    for number in (1, MANY):
        expect(reader.locator("main")).to_contain_text(f"€{number} million")
    reader.goto(f"{newsroom.url}/claims/")
    expect(reader.locator("main")).to_contain_text(f"€{MANY} million")

    _correct(newsroom, claims[6])
    reader.goto(f"{newsroom.url}/corrections/")
    expect(reader.locator("article.correction")).to_have_count(1)
    correction = reader.locator("article.correction")
    expect(correction.get_by_role("heading")).to_have_text("A digit was missing.")
    expect(correction.locator("del").first).to_contain_text("€7 million")
    expect(correction.locator("ins").first).to_contain_text("€70 million")


def _correct(newsroom: Newsroom, claim: Claim) -> None:
    there = f"{newsroom.url}/admin/claims/claim/{claim.pk}/change/"
    page = newsroom.contributor
    page.goto(there)
    page.fill("[name=amount]", "70 million")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(said(page)).to_be_visible()
    page = newsroom.editor
    page.goto(there)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(said(page)).to_have_text("1 version approved.")
    page = newsroom.publisher
    page.goto(there)
    page.get_by_role("link", name="Review and publish…").click()
    page.get_by_label("Correction").check()
    page.get_by_role("button", name="Publish in one edition").click()
    expect(page.locator("[role=alert]")).to_contain_text("note")
    page.fill("[name=note__en]", "A digit was missing.")
    page.get_by_role("button", name="Publish in one edition").click()
    expect(said(page)).to_have_text("Published in edition 3.")


# Later --------------------------------------------------------------------------------------------------------


def test_what_was_scheduled_is_printed_when_its_time_has_come(newsroom: Newsroom) -> None:
    (claim,) = newsroom.approved(claims=1)
    page, reader = newsroom.publisher, newsroom.reader()
    page.goto(f"{newsroom.url}/admin/review/?ref={claim.ref}")
    page.get_by_role("link", name="Publish later…").click()
    day = timezone.now() + timedelta(days=1)
    page.fill("[name=when]", f"{day:%Y-%m-%d}T09:30")
    page.fill("[name=zone]", "Asia/Dhaka")
    page.get_by_role("button", name="Schedule it").click()
    written = f"{day.day} {day:%b %Y}"
    expect(said(page)).to_contain_text(f"{written}, 09:30 Asia/Dhaka ({written}, 03:30 UTC)")

    there = f"{newsroom.url}/claims/{claim.ref}/"
    for moment, status in (("03:29", 404), ("03:31", 200)):
        with time_machine.travel(f"{day:%Y-%m-%d}T{moment}Z"):
            call_command("work", "--once", stdout=StringIO())
        answer = reader.goto(there)
        assert answer is not None
        assert answer.status == status
    expect(reader.locator("main")).to_contain_text("€1 million")
    page.goto(f"{newsroom.url}/admin/schedules/")
    expect(page.locator(".queue-rows")).to_contain_text("in edition 2")
