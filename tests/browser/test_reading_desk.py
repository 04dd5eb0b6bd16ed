"""An editor's hour in a real browser: paste an article, accept what it says, publish, and see it as a reader."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from claims.models import Claim, Source
from companies.actions import NameDraft
from companies.models import Entity
from kb.lib import blobs
from tests import building as build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
SEED = "seed-003"
HELD, FRESH = "500 triệu đô la", "1,3 triệu đô la"
EMOJI = "A smile 😀 before.\nDeep Sea paid 5 million euros 🙂 for a striker.\n"


@pytest.fixture
def dossier_without_the_seed(tmp_path: Path) -> Path:
    """The shipped dossier as if nobody had read the seed: its source, its evidence and one claim left out."""
    folder = tmp_path / "dossier"
    shutil.copytree(ROOT / "dossiers" / "deepseek", folder)
    for path in folder.rglob("*.yaml"):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "sources" in data:
            data["sources"] = [one for one in data["sources"] if one["slug"] != SEED]
        for one in data.get("claims", []):
            one["evidence"] = [some for some in one["evidence"] if some["source"] != SEED]
        data["claims"] = [
            one for one in data.get("claims", []) if one["property"] != "researcher-pay" and one["evidence"]
        ]
        if not data["claims"]:
            del data["claims"]
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@pytest.fixture
def desk(live_server: Any, browser: Browser, settings: Any) -> Iterator[Page]:
    """A page of somebody who has logged in."""
    settings.ONE_PERSON_MODE = True
    User.objects.create_superuser("editor", password="a-long-password")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", "a-long-password")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
    yield page
    assert [fault for fault in faults if "favicon" not in fault and "404" not in fault] == []
    context.close()


def test_an_article_becomes_evidence_and_a_claim_and_readers_see_both(
    live_server: Any, desk: Page, shared: Path, dossier_without_the_seed: Path
) -> None:
    call_command("load_dossier", str(dossier_without_the_seed), publish=True, stdout=StringIO())
    held = Claim.objects.get(property__slug="ai-investment", amount="500000000", comparator="gt")
    (seed,) = shared.glob("seeds/003_*.txt")

    desk.goto(f"{live_server.url}/admin/claims/source/capture/")
    desk.fill("textarea[name=text]", seed.read_text(encoding="utf-8"))
    desk.fill("input[name=title]", "Bài báo về chi phí")
    desk.get_by_role("button", name="Capture and read").click()
    desk.wait_for_url("**/read/**")
    source = Source.objects.get(title="Bài báo về chi phí")
    assert source.language == "vi"
    expect(desk.locator(".reading-progress label")).to_have_text(re.compile(r"0 of \d+ read"))
    assert desk.locator("#reading-text").get_attribute("lang") == "vi"
    assert desk.locator("details.boilerplate").count() >= 1
    assert desk.locator(".card .printed", has_text="Jan 07,2025").count() == 0

    _accept_by_key(desk, held)
    _make_a_claim(desk)
    fresh = Claim.objects.latest("pk")
    assert (fresh.property.slug, fresh.comparator, fresh.amount) == ("researcher-pay", "gt", "1300000")
    assert not fresh.evidence.get().misquotes(seed.read_text(encoding="utf-8"))

    _publish(live_server.url, desk, source, held, fresh)
    for claim, quote in ((held, HELD), (fresh, FRESH)):
        desk.goto(f"{live_server.url}/claims/{claim.ref}/")
        expect(desk.locator("main")).to_contain_text(quote)
        expect(desk.locator("main [lang=vi]", has_text=quote).first).to_be_visible()
        expect(desk.locator("main")).to_contain_text("Bài báo về chi phí")


def _card(desk: Page, printed: str) -> Any:
    return desk.locator("details.card", has=desk.locator(f".printed:text-is('{printed}')")).first


def _accept_by_key(desk: Page, held: Claim) -> None:
    """Step to the card with the keyboard, then accept its first suggestion."""
    card = _card(desk, HELD)
    for _step in range(30):
        if card.get_attribute("open") is not None:
            break
        desk.keyboard.press("j")
    expect(card.locator("li.first")).to_contain_text("invested more than $500 million in AI")
    desk.keyboard.press("a")
    expect(desk.locator(".messagelist .success")).to_contain_text("invested more than $500 million in AI")
    expect(desk.locator(".reading-progress label")).to_have_text(re.compile(r"1 of \d+ read"))
    assert desk.evaluate("document.activeElement.tagName") == "SUMMARY"
    evidence = held.evidence.get(source__title="Bài báo về chi phí")
    assert (evidence.exact, evidence.original_value) == (HELD, HELD)
    assert evidence.prefix.endswith("vượt qua ")


def _make_a_claim(desk: Page) -> None:
    """Open the card from the text, correct what the form proposes where it has to be, save."""
    desk.locator("#reading-text mark a", has_text=FRESH).click()
    card = _card(desk, FRESH)
    expect(card).to_have_attribute("open", "")
    assert "a year" in (card.locator(".reads").text_content() or "")
    desk.keyboard.press("e")
    form = desk.locator("#reading-form")
    expect(form).to_be_visible()
    assert form.locator("[name=subject]").input_value() == "deepseek"
    form.locator("[name=property]").select_option("researcher-pay")
    expect(form.locator("[name=scope-period]")).to_be_visible()
    form.locator("[name=scope-period]").select_option("year")
    assert form.locator("[name=amount]").input_value() == "1300000"
    assert form.locator("[name=comparator]").input_value() == "gt"
    assert form.locator("[name=unit]").input_value() == "USD"
    form.locator("[name=asserted_by]").fill("semianalysis")
    form.get_by_role("button", name="Save as a draft").click()
    expect(desk.locator(".messagelist .success")).to_contain_text("$1.3 million")


def _publish(url: str, desk: Page, source: Source, *claims: Claim) -> None:
    """By the review page, as an editor does."""
    refs = "&".join(f"ref={ref}" for ref in (source.ref, *(claim.ref for claim in claims)))
    desk.goto(f"{url}/admin/review/?{refs}")
    desk.get_by_label("Update").check()
    desk.get_by_role("button", name=re.compile("^Publish")).click()
    expect(desk.locator(".messagelist .success")).to_contain_text("Published in edition 2.")


def _club() -> Entity:
    return build.an_entity("the-club", kind="company", names=[NameDraft(text="Deep Sea", language="en")])


def test_selected_words_are_counted_in_code_points(live_server: Any, desk: Page) -> None:
    blobs.write(EMOJI.encode())
    club = _club()
    build.a_property("fee", labels={"en": "fee"}, subject_kinds=["company"])
    source = build.a_source("emoji", snapshots=[build.a_snapshot(EMOJI)])
    desk.goto(f"{live_server.url}/admin/claims/source/{source.ref}/read/")
    words = "euros 🙂 for a striker"
    desk.evaluate(
        """words => {
            const line = [...document.querySelectorAll("#reading-text p")].find(p => p.textContent.includes(words));
            const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            const ends = [line.textContent.indexOf(words), line.textContent.indexOf(words) + words.length];
            const range = document.createRange();
            let done = 0, node;
            while ((node = walk.nextNode())) {
                const next = done + node.data.length;
                if (ends[0] >= done && ends[0] < next) range.setStart(node, ends[0] - done);
                if (ends[1] > done && ends[1] <= next) range.setEnd(node, ends[1] - done);
                done = next;
            }
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        words,
    )
    expect(desk.locator("#words")).to_have_value(words)
    desk.keyboard.press("e")
    start = EMOJI.index(words)
    desk.wait_for_url(f"**/read/?new={start}-{start + len(words)}")
    expect(desk.locator("#reading-form [name=subject]")).to_be_focused()
    expect(desk.locator("details.by-hand .printed")).to_have_text(words)
    assert desk.locator("#reading-form [name=subject]").input_value() == "the-club"
    desk.locator("#reading-form [name=property]").select_option("fee")
    expect(desk.locator("#reading-form [name=amount]")).to_be_visible()
    expect(desk.locator("#reading-form [name=property]")).to_be_focused()
    desk.locator("#reading-form [name=amount]").fill("5 million")
    expect(desk.locator("#reading-form [name=amount] + output")).to_have_text("5 million")
    desk.locator("#reading-form [name=comparator]").select_option("eq")
    desk.locator("#reading-form [name=unit]").fill("EUR")
    desk.keyboard.press("Tab")
    desk.locator("#reading-form [name=unit]").press("Enter")
    expect(desk.locator(".messagelist .success")).to_be_visible()
    made = Claim.objects.get()
    evidence = made.evidence.get()
    assert (made.subject, evidence.exact) == (club, words)
    assert evidence.misquotes(EMOJI) == ""


def test_without_a_script_forms_and_links_do_the_same(live_server: Any, browser: Browser, desk: Page) -> None:
    blobs.write(EMOJI.encode())
    club = _club()
    claim = build.a_claim(
        subject=club, property=build.a_property("fee"), value=build.euros("5000000"), asserted_by=club
    )
    source = build.a_source("emoji", snapshots=[build.a_snapshot(EMOJI)])
    state = json.loads(json.dumps(desk.context.storage_state()))
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/claims/source/{source.ref}/read/")
    page.fill("#words", "5 million euros")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Add this source as evidence").first.click()
    expect(page.locator(".messagelist .success")).to_contain_text("€5 million")
    assert claim.evidence.count() == 2
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_page_fits_and_keys_work(live_server: Any, desk: Page, width: int, scheme: Any) -> None:
    text = "".join(f"The club sold {n} tickets.\n" for n in range(100, 105))
    blobs.write(text.encode())
    source = build.a_source("tickets", snapshots=[build.a_snapshot(text)])
    desk.set_viewport_size({"width": width, "height": 844})
    desk.emulate_media(color_scheme=scheme)
    desk.goto(f"{live_server.url}/admin/claims/source/{source.ref}/read/")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    opened = desk.locator("details.card[open] .printed")
    expect(opened).to_have_text("100")
    for key, shown in (("n", "101"), ("j", "102"), ("p", "101"), ("k", "100"), ("k", "100")):
        desk.keyboard.press(key)
        expect(opened).to_have_text(shown)
        expect(desk.locator("mark.current")).to_have_text(shown)
    desk.keyboard.press("?")
    expect(desk.locator("#reading-keys")).to_be_visible()
    desk.keyboard.press("?")
    expect(desk.locator("#reading-keys")).to_be_hidden()
    desk.keyboard.press("s")
    expect(desk.locator(".reading-progress label")).to_have_text("1 of 5 read")
    expect(opened).to_have_text("101")
    desk.locator("#words").focus()
    desk.keyboard.type("ans")
    expect(desk.locator("#words")).to_have_value("ans")
    expect(opened).to_have_text("101")
