"""In a real browser: the one-line reasons of a page with several forms, each with a draft of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from claims.actions.suspecting import suspect
from companies.actions import NameDraft
from tests import building as build
from tests.claims.kin import a_pair

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "[name=why]"


def at_the_desk(browser: Browser, url: str, **context: Any) -> Page:
    client = Client()
    client.force_login(User.objects.create_superuser("editor", password="a-long-password"))
    opened = browser.new_context(**context)
    session = client.cookies["sessionid"].value
    opened.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return opened.new_page()


def doubles() -> str:
    """Three entries that sound alike: three pairs."""
    for slug, name, language in (
        ("tik-tok", "Tik-Tok", "en"),
        ("tiktok", "TikTok", "en"),
        ("tik-tok-bn", "টিকটক", "bn"),
    ):
        build.an_entity(slug, kind="company", names=[NameDraft(text=name, language=language)])
    return "/admin/companies/entity/likeness/"


def suspicions() -> str:
    """Two pairs of claims that cannot both hold."""
    fee = build.a_property("fee", labels={"en": "transfer fee"})
    for slug in ("ajax", "anderlecht"):
        club = build.an_entity(slug)
        claims = [build.a_claim(subject=club, property=fee, value=build.euros(str(n))) for n in (5, 7)]
        suspect(build.published(*claims))
    return "/admin/suspicions/"


def gaps() -> str:
    """Two clubs without a fee, of five."""
    cache.clear()  # what is expected is remembered for an edition, and another test had one of that number
    clubs = [build.an_entity(f"club-{letter}") for letter in "abcde"]
    fee = build.a_property("fee", subject_kinds=["organization"])
    fees = [build.a_claim(subject=club, property=fee) for club in clubs[:3]]
    build.published(fee, *clubs, *(one.source for claim in fees for one in claim.evidence.all()), *fees)
    return "/admin/queues/gaps/"


def copies() -> str:
    return f"/admin/kinships/{a_pair().pk}/"


PLACES = {
    "doubles": (doubles, ".pairs form", "[value=unsure]"),
    "suspicions": (suspicions, ".suspicion-deeds form", ".button"),
    "copies": (copies, ".kin-deeds form", "[name=deed]"),
    "gaps": (gaps, ".gap form", ".button"),
}


def typed(page: Page, form: Any, words: str) -> None:
    form.evaluate("form => form.closest('details')?.setAttribute('open', '')")
    form.locator(WHY).fill(words)
    page.wait_for_timeout(700)  # a draft is written after a pause in the typing


def ready(page: Page, forms: str) -> None:
    page.wait_for_selector(f"{forms}[data-drafting]", state="attached")  # it may be folded away
    page.wait_for_function("forms => !document.querySelector(`${forms}:not([data-drafting])`)", arg=forms)
    page.wait_for_timeout(300)  # what lies there is looked for, and put back


def kept(page: Page) -> list[str]:
    said = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('claimbook-draft:'))"
        ".map((key) => JSON.parse(localStorage.getItem(key)).values.why[0])"
    )
    return sorted(said)


@pytest.mark.parametrize("place", PLACES)
def test_each_form_of_the_page_keeps_its_own_reason(live_server: Any, browser: Browser, place: str) -> None:
    make, forms, button = PLACES[place]
    address = live_server.url + make()
    page = at_the_desk(browser, live_server.url)
    page.goto(address)
    ready(page, forms)
    first, other = page.locator(forms).nth(-1), page.locator(forms).nth(0)  # the last leaves copies open
    typed(page, first, "The first reason.")
    typed(page, other, "Another reason.")
    assert kept(page) == ["Another reason.", "The first reason."]
    context = page.context
    page.close(run_before_unload=False)

    page = context.new_page()
    page.goto(address)
    first, other = page.locator(forms).nth(-1), page.locator(forms).nth(0)
    expect(first.locator(WHY)).to_have_value("The first reason.")
    expect(other.locator(WHY)).to_have_value("Another reason.")
    expect(page.locator(".desk-draft:visible")).to_have_count(2)

    first.locator(button).last.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert kept(page) == ["Another reason."]
    page.goto(address)
    ready(page, forms)
    expect(page.locator(f"{forms} .desk-draft:visible")).to_have_count(1)
    expect(page.locator(forms).first.locator(WHY)).to_have_value("Another reason.")
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator(".desk-draft:visible")).to_have_count(0)
    assert kept(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_refused_reason_stands_in_its_own_form_again(
    live_server: Any, browser: Browser, scripts: bool
) -> None:
    page = at_the_desk(browser, live_server.url, java_script_enabled=scripts)
    page.goto(live_server.url + copies())
    third, reject = page.locator(".kin-deeds form").nth(1), page.locator(".kin-deeds form").nth(2)
    if scripts:
        ready(page, ".kin-deeds form")
        typed(page, reject, "They met at a match.")
    third.locator(WHY).fill("Both quote the club.")
    third.locator("[name=deed]").click()
    expect(page.get_by_role("alert")).to_contain_text("Say which source both come from.")
    expect(third.locator(WHY)).to_have_value("Both quote the club.")
    if scripts:
        expect(reject.locator(WHY)).to_have_value("They met at a match.")
        assert kept(page) == ["Both quote the club.", "They met at a match."]
