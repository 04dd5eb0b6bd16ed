"""In a real browser: two spellings merged by keyboard and mouse, figures read back while they are typed, `?`."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from companies.actions import NameDraft
from tests import building as build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def logged_in(browser: Browser, url: str, **context: Any) -> Page:
    if not User.objects.filter(username="editor").exists():
        User.objects.create_superuser("editor", password="a-long-password")
    page = browser.new_context(**context).new_page()
    page.goto(f"{url}/admin/login/?next=/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "a-long-password")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
    return page


def test_two_spellings_are_merged_and_the_old_address_leads_on(
    live_server: Any, browser: Browser, settings: Any
) -> None:
    settings.ONE_PERSON_MODE = True
    heir = build.an_entity("deepseek", kind="company", names=[NameDraft(text="DeepSeek", language="en")])
    double = build.an_entity("dipsik", kind="company", names=[NameDraft(text="ডিপসিক", language="bn")])
    build.published(heir, double)
    faults: list[str] = []
    page = logged_in(browser, live_server.url)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"{live_server.url}/admin/companies/entity/likeness/")
    for words in ("sound alike", "DeepSeek", "ডিপসিক"):
        expect(page.locator(".reasons")).to_contain_text(words)
    page.click("text=Merge…")
    if page.locator(".heir code").inner_text() != "deepseek":
        page.click("text=The other way round")
    expect(page.locator(".taken")).to_contain_text("ডিপসিক")
    page.fill("[name=why]", "one company in two scripts")
    page.click("text=Merge on the desk")
    page.wait_for_url("**/admin/review/**")
    page.click("button[value=publish]")
    expect(page.locator(".messagelist")).to_contain_text("Published in edition 2")
    page.goto(f"{live_server.url}/companies/dipsik/")
    assert page.url == f"{live_server.url}/companies/deepseek/"
    expect(page.locator("main")).to_contain_text("ডিপসিক")
    assert faults == []


def test_a_figure_is_read_back_while_it_is_typed(live_server: Any, browser: Browser) -> None:
    claim = build.a_claim()
    page = logged_in(browser, live_server.url)
    page.goto(f"{live_server.url}/admin/claims/claim/{claim.pk}/change/")
    said = page.locator("output[for=id_amount]")
    expect(said).to_have_text("1 million")
    page.fill("#id_amount", "> 1,6 tỷ EUR")
    expect(said).to_have_text("more than €1.6 billion")
    page.fill("#id_amount", "12 parrots")
    expect(said).to_contain_text("not understood")
    page.fill("#id_amount", "1,6 tỷ")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state()
    expect(page.locator("#id_amount")).to_have_value("1600000000")


def test_keys_go_press_focus_and_are_listed(live_server: Any, browser: Browser) -> None:
    page = logged_in(browser, live_server.url)
    page.keyboard.press("?")
    expect(page.locator("dialog#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#shortcuts")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/admin/claims/claim/")
    page.keyboard.press("/")
    expect(page.locator("#searchbar")).to_be_focused()
    page.keyboard.type("?gs")
    expect(page.locator("#searchbar")).to_have_value("?gs")
    expect(page.locator("dialog#shortcuts")).to_be_hidden()


def test_without_javascript_the_list_is_a_page(live_server: Any, browser: Browser) -> None:
    page = logged_in(browser, live_server.url, java_script_enabled=False)
    page.click("text=Keyboard shortcuts")
    page.wait_for_url("**/admin/shortcuts/")
    expect(page.locator("#content-main kbd").first).to_be_visible()
