"""What small scripts of the desk do: a claim's form follows its property, a queue is ticked, a long list narrowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from claims.actions.reviews import submit
from companies.actions import NameDraft
from tests import building as build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(live_server: Any, browser: Browser) -> Iterator[Page]:
    User.objects.create_superuser("rina", password="a-long-password")
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_username", "rina")
    page.fill("#id_password", "a-long-password")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
    yield page
    page.context.close()


def _choose_property(desk: Page, name: str) -> None:
    desk.click("#id_property + .select2 .select2-selection")
    desk.keyboard.type(name)
    desk.click(f".select2-results__option--highlighted:has-text('{name}')")


def test_the_form_of_a_claim_follows_its_property(live_server: Any, desk: Page) -> None:
    tax = build.a_dimension("tax")
    build.a_dimension("aaa")
    build.a_property("fee", labels={"en": "transfer fee"}, required_scope=[tax])
    build.a_property("opened", labels={"en": "opened"}, data_type="time")
    desk.goto(f"{live_server.url}/admin/claims/claim/add/")
    entity, time = desk.locator(".form-row.field-value_entity"), desk.locator(".form-row.field-value_time")
    expect(entity).to_be_visible()
    _choose_property(desk, "transfer fee")
    expect(entity).to_be_hidden()
    expect(time).to_be_hidden()
    first = desk.locator("#id_scope-0-term optgroup").first
    expect(first).to_have_attribute("label", "tax")
    desk.fill("#id_amount", "1.6 billion")
    _choose_property(desk, "opened")
    expect(time).to_be_visible()
    expect(desk.locator("#id_amount")).to_have_value("1.6 billion")
    expect(desk.locator("#id_amount")).to_be_visible()  # what was typed is never hidden


def test_a_queue_is_ticked_with_the_keyboard(live_server: Any, desk: Page, editor: User) -> None:
    for _number in range(3):
        claim = build.a_claim(by=editor)
        submit(claim, by=editor, expect=claim.version)
    desk.goto(f"{live_server.url}/admin/queues/review/")
    ticked = desk.locator(".queue-rows input:checked")
    desk.keyboard.press("x")
    expect(ticked).to_have_count(3)
    desk.keyboard.press("x")
    expect(ticked).to_have_count(0)
    for key in ("j", "j", "k", "j", "Space"):
        desk.keyboard.press(key)
    expect(ticked).to_have_count(1)
    expect(desk.locator(".queue-rows li").nth(1).locator("input")).to_be_checked()
    desk.click("text=Choose all on this page")
    expect(ticked).to_have_count(3)


def test_the_claims_of_a_split_are_narrowed_and_what_is_ticked_stays(live_server: Any, desk: Page) -> None:
    club = build.an_entity("the-club", kind="company", names=[NameDraft(text="Deep Sea", language="en")])
    for amount in ("5", "7", "9"):
        build.a_claim(subject=club, property=build.a_property(), value=build.euros(amount))
    desk.goto(f"{live_server.url}/admin/companies/entity/split/?entity={club.ref}")
    shown = desk.locator("#id_claims > div:visible")
    expect(shown).to_have_count(3)
    shown.filter(has_text="€7").locator("input").check()
    desk.fill("#narrow-claims", "€9")
    expect(shown).to_have_count(2)
    desk.press("#narrow-claims", "Enter")  # does not send the form
    expect(desk.locator(".narrow output")).to_have_text("2 / 3")
