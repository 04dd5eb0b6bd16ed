"""Two editors in two windows of a real browser: nobody overwrites anybody, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from claims.models import Claim
from companies.models import Entity
from kb.lib import blobs
from tests import building as build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVE = "[name=_save]"
FAULTS: list[str] = []


@pytest.fixture
def claim(transactional_db: None) -> Claim:
    claim = build.a_claim(subject=build.an_entity("the-club", kind="company"))
    build.published(claim)
    return Claim.objects.get(pk=claim.pk)


def login(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def window(browser: Browser, user: User, url: str, *, scripts: bool = True) -> Page:
    """A window of its own, logged in; what its scripts or its policy complain of is in FAULTS."""
    context = browser.new_context(java_script_enabled=scripts)
    login(context, user, url)
    page = context.new_page()
    page.on("pageerror", lambda error: FAULTS.append(str(error)))
    page.on("console", lambda message: FAULTS.append(message.text) if "Policy" in message.text else None)
    return page


@pytest.fixture(autouse=True)
def no_faults() -> Iterator[None]:
    FAULTS.clear()
    yield
    assert FAULTS == []


def form_of(claim: Claim, url: str) -> str:
    return f"{url}/admin/claims/claim/{claim.pk}/change/"


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('claimbook-draft'))")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_two_windows_on_one_claim(
    live_server, browser: Browser, editor: User, colleague: User, claim: Claim, scripts: bool
) -> None:
    there = form_of(claim, live_server.url)
    mine = window(browser, editor, live_server.url, scripts=scripts)
    theirs = window(browser, colleague, live_server.url, scripts=scripts)
    mine.goto(there)
    theirs.goto(there)
    expect(theirs.get_by_text("Also editing this now:")).to_be_visible()
    expect(theirs.get_by_text("editor", exact=True)).to_be_visible()

    theirs.fill("[name=amount]", "3000000")
    theirs.fill("[name=point_in_time]", "2024")
    theirs.click(SAVE)
    expect(theirs.locator(".messagelist .success")).to_be_visible()

    mine.fill("[name=amount]", "5000000")
    mine.fill("[name=note__en]", "What I wrote for an hour.")
    mine.click(SAVE)
    expect(mine.get_by_role("heading", name="Not saved: somebody was faster")).to_be_visible()
    expect(mine.locator("[name=note__en]")).to_have_value("What I wrote for an hour.")
    assert Claim.objects.get(pk=claim.pk).amount == "3000000"

    expect(mine.locator(".choice")).to_have_count(1)
    mine.get_by_role("button", name="Save with these choices").click()
    expect(mine.get_by_text("Choose one side for every field")).to_be_visible()
    mine.locator("label", has_text="Take mine").click()
    mine.get_by_role("button", name="Save with these choices").click()
    expect(mine.locator(".messagelist .success")).to_be_visible()
    after = Claim.objects.get(pk=claim.pk)
    assert (after.amount, after.point_in_time, after.note) == (
        "5000000", "2024", {"en": "What I wrote for an hour."},
    )  # fmt: skip
    if scripts:
        assert drafts(mine) == drafts(theirs) == []


def test_a_list_action_does_not_publish_over_somebody(
    live_server, browser: Browser, editor: User, colleague: User, claim: Claim, settings
) -> None:
    settings.ONE_PERSON_MODE = True
    there, lists = form_of(claim, live_server.url), f"{live_server.url}/admin/claims/claim/"
    theirs = window(browser, colleague, live_server.url)
    theirs.goto(there)
    theirs.fill("[name=amount]", "2000000")
    theirs.click(SAVE)
    mine = window(browser, editor, live_server.url)
    mine.goto(lists)
    mine.check("#action-toggle")
    mine.select_option("select[name=action]", "review_selected")
    mine.click("button[name=index]")
    expect(mine.get_by_role("button", name="Publish in one edition")).to_be_visible()
    theirs.goto(there)
    theirs.fill("[name=amount]", "9000000")
    theirs.click(SAVE)
    expect(theirs.locator(".messagelist .success")).to_be_visible()
    mine.get_by_role("button", name="Publish in one edition").click()
    expect(mine.get_by_text("has changed since you opened it")).to_be_visible()
    assert build.record_of(claim).edition_from == 1


def test_a_draft_survives_a_crash_and_is_discarded_when_asked(
    live_server, browser: Browser, editor: User, claim: Claim
) -> None:
    there = form_of(claim, live_server.url)
    page = window(browser, editor, live_server.url)
    page.goto(there)
    page.fill("[name=note__en]", "Half an hour of thought.")
    page.click("#evidence-group .add-row a")
    page.fill("[name=evidence-1-locator]", "page 9")
    page.wait_for_timeout(1500)  # a draft is written after a pause in the typing
    assert drafts(page)
    context = page.context
    page.close(run_before_unload=False)

    page = context.new_page()
    page.goto(there)
    expect(page.get_by_text("restored: it is in the form again")).to_be_visible()
    expect(page.locator("[name=note__en]")).to_have_value("Half an hour of thought.")
    expect(page.locator("[name=evidence-1-locator]")).to_have_value("page 9")
    assert Claim.objects.get(pk=claim.pk).note == {}

    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("[name=note__en]")).to_have_value("")
    expect(page.locator(".desk-draft")).to_be_hidden()
    assert drafts(page) == []


def test_a_draft_survives_an_expired_login_and_a_lost_network(
    live_server, browser: Browser, editor: User, claim: Claim
) -> None:
    there = form_of(claim, live_server.url)
    page = window(browser, editor, live_server.url)
    page.goto(there)
    page.fill("[name=note__en]", "Typed with an old login.")
    Session.objects.all().delete()
    page.click(SAVE)
    expect(page.locator("#id_username")).to_be_visible()
    page.fill("#id_username", "editor")
    page.fill("#id_password", "a-long-password")
    page.click("[type=submit]")
    page.goto(there)
    expect(page.locator("[name=note__en]")).to_have_value("Typed with an old login.")

    page.context.set_offline(True)
    page.fill("[name=note__en]", "Typed in a tunnel.")
    with page.expect_event("requestfailed"):
        page.click(SAVE, no_wait_after=True)
    page.context.set_offline(False)
    page.goto(there)
    expect(page.locator("[name=note__en]")).to_have_value("Typed in a tunnel.")
    page.click(SAVE)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Claim.objects.get(pk=claim.pk).note == {"en": "Typed in a tunnel."}
    assert drafts(page) == []


def test_a_draft_on_an_older_version_meets_the_newer_one(
    live_server, browser: Browser, editor: User, colleague: User, claim: Claim
) -> None:
    there = form_of(claim, live_server.url)
    page = window(browser, editor, live_server.url)
    page.goto(there)
    page.fill("[name=note__en]", "Mine, from before.")
    page.goto(f"{live_server.url}/admin/")
    build.a_claim(
        ref=claim.ref, subject=claim.subject, property=claim.property, by=colleague, point_in_time="2022",
        evidence=build.draft_of(claim).evidence,
    )  # fmt: skip
    page.goto(there)
    expect(page.get_by_text("The desk has a newer one by now")).to_be_visible()
    expect(page.locator("[name=note__en]")).to_have_value("")
    page.get_by_role("button", name="Put it back in the form").click()
    page.click(SAVE)
    page.get_by_role("button", name="Save both together").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    after = Claim.objects.get(pk=claim.pk)
    assert (after.note, after.point_in_time) == ({"en": "Mine, from before."}, "2022")
    assert drafts(page) == []


def test_a_refused_form_and_a_new_thing_keep_their_text(
    live_server, browser: Browser, editor: User, claim: Claim
) -> None:
    page = window(browser, editor, live_server.url)
    add = f"{live_server.url}/admin/companies/company/add/"
    page.goto(add)
    page.fill("[name=slug]", "Not A Slug")
    page.fill("[name=description__en]", "A club by the sea.")
    page.click(SAVE)
    expect(page.locator(".errornote")).to_be_visible()
    page.goto(f"{live_server.url}/admin/")
    page.goto(add)
    expect(page.locator("[name=description__en]")).to_have_value("A club by the sea.")
    page.fill("[name=slug]", "sea-club")
    page.click(SAVE)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Entity.objects.get(slug="sea-club").description == {"en": "A club by the sea."}
    page.goto(add)
    expect(page.locator("[name=description__en]")).to_have_value("")


def typed(page: Page, field: str, words: str) -> None:
    page.wait_for_selector("form[data-drafting]")
    page.fill(field, words)
    page.wait_for_timeout(700)  # a draft is written after a pause in the typing


def test_a_colleague_who_saves_on_this_device_leaves_my_draft(
    live_server, browser: Browser, editor: User, colleague: User, claim: Claim
) -> None:
    there = form_of(claim, live_server.url)
    page = window(browser, editor, live_server.url)
    page.goto(there)
    typed(page, "[name=note__en]", "Mine.")
    page.context.clear_cookies(name="sessionid")
    login(page.context, colleague, live_server.url)
    page.goto(there)
    expect(page.locator("[name=note__en]")).to_have_value("")
    typed(page, "[name=note__en]", "Theirs.")
    page.click(SAVE)
    expect(page.locator(".messagelist .success")).to_be_visible()
    (left,) = drafts(page)
    assert left == f"claimbook-draft:{editor.pk}:{claim.ref}:{claim.version}"


def test_two_windows_each_add_something_new(
    live_server, browser: Browser, editor: User, claim: Claim
) -> None:
    add, note = f"{live_server.url}/admin/companies/company/add/", "[name=description__en]"
    first = window(browser, editor, live_server.url)
    first.goto(add)
    typed(first, note, "The first.")
    second = first.context.new_page()
    second.goto(add)
    second.wait_for_selector("form[data-drafting]")
    second.wait_for_timeout(600)
    expect(second.locator(note)).to_have_value("")
    typed(second, note, "The second.")
    assert len(drafts(second)) == 2
    first.reload()
    expect(first.locator(note)).to_have_value("The first.")
    second.fill("[name=slug]", "second-club")
    second.click(SAVE)
    expect(second.locator(".messagelist .success")).to_be_visible()
    assert Entity.objects.get(slug="second-club").description == {"en": "The second."}
    first.wait_for_function("Object.keys(localStorage).filter((key) => key.includes('#')).length === 1")
    first.close(run_before_unload=False)
    third = second.context.new_page()
    third.goto(add)
    expect(third.locator(note)).to_have_value("The first.")
    expect(third.get_by_text("restored: it is in the form again")).to_be_visible()


def places(claim: Claim) -> dict[str, tuple[str, str, str]]:
    """Where words are typed: by name the address, the field and what sends it."""
    build.save_claim(build.draft_of(claim, note={"en": "Not published yet."}), by=None, ref=claim.ref)
    other = build.an_entity("the-city", kind="company")
    club = claim.subject
    return {
        "talk": (f"talk/{claim.ref}/", ".talk-form [name=text]", ".talk-form [value=comment]"),
        "bulk": (f"bulk/?ref={claim.ref}&deed=rank", "[name=rank_reason__en]", "[value=preview]"),
        "merge": (
            f"companies/entity/merge/?entity={other.ref}&into={club.ref}",
            "[name=why]",
            ".decision .default",
        ),
        "split": (f"companies/entity/split/?entity={club.ref}", "[name=why]", ".decision .default"),
        "review": (f"review/?ref={claim.ref}", "[name=note__en]", "[value=publish]"),
    }


@pytest.mark.parametrize("place", ["talk", "bulk", "merge", "split", "review"])
def test_words_typed_with_an_old_login_come_back(
    live_server, browser: Browser, editor: User, claim: Claim, place: str
) -> None:
    address, field, button = places(claim)[place]
    page = window(browser, editor, live_server.url)
    page.goto(f"{live_server.url}/admin/{address}")
    page.wait_for_selector("form[data-drafting]")
    page.fill(field, "Half an hour of thought.")
    Session.objects.all().delete()
    page.locator("form[data-drafting]").evaluate("(form) => form.noValidate = true")
    page.locator(button).first.click()
    page.fill("#id_username", "editor")
    page.fill("#id_password", "a-long-password")
    page.press("#id_password", "Enter")
    expect(page.locator(field)).to_have_value("Half an hour of thought.")


def test_a_claim_begun_on_the_reading_desk_comes_back_with_the_fields_of_its_property(
    live_server, browser: Browser, editor: User, claim: Claim
) -> None:
    text = "Deep Sea paid five million for a striker."
    blobs.write(text.encode())
    build.a_property("crowd", data_type="text", labels={"en": "crowd"})
    source = build.a_source("article", snapshots=[build.a_snapshot(text)])
    start = text.index("five million")
    page = window(browser, editor, live_server.url)
    page.goto(f"{live_server.url}/admin/claims/source/{source.ref}/read/?new={start}-{start + 12}")
    form = page.locator("#reading-form[data-drafting]")
    form.locator("[name=property]").select_option("crowd")
    value, subject = form.locator("[name=value_text__en]"), form.locator("[name=subject]")
    value.fill("A full house.")
    subject.fill("the-club")
    Session.objects.all().delete()
    form.locator(".default").click()
    page.fill("#id_username", "editor")
    page.fill("#id_password", "a-long-password")
    page.press("#id_password", "Enter")
    expect(value).to_have_value("A full house.")
    expect(subject).to_have_value("the-club")
    form.locator(".default").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Claim.objects.get(property__slug="crowd").value_text == {"en": "A full house."}
    page.wait_for_function("Object.keys(localStorage).filter((key) => key.includes('#')).length === 0")


def test_the_beat_tells_who_came_and_what_was_saved(
    live_server, browser: Browser, editor: User, colleague: User, claim: Claim
) -> None:
    mine = window(browser, editor, live_server.url)
    mine.clock.install()
    mine.goto(form_of(claim, live_server.url))
    expect(mine.locator("[data-when=others]")).to_be_hidden()
    theirs = window(browser, colleague, live_server.url)
    theirs.goto(form_of(claim, live_server.url))
    mine.clock.run_for(31_000)
    expect(mine.get_by_text("colleague")).to_be_visible()
    theirs.fill("[name=note__en]", "x")
    theirs.click(SAVE)
    expect(theirs.locator(".messagelist .success")).to_be_visible()
    mine.clock.run_for(31_000)
    expect(mine.get_by_text("Somebody has saved version")).to_be_visible()
    expect(mine.locator("[data-when=others]")).to_be_hidden()
    Session.objects.all().delete()
    mine.clock.run_for(31_000)
    expect(mine.get_by_text("You are not logged in any more")).to_be_visible()
