"""The reading room in a real browser: every kind of page in every language, wide and narrow, light and dark.

One base is loaded once for all of it. Nothing may be clipped, lie upon something else, or need a script.
"""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page

from claims.actions.claims import ClaimDraft, EvidenceDraft, ValueDraft, save_claim
from claims.actions.timelines import TimelineDraft, save_timeline
from claims.ledger.models import Reason
from claims.models import ValueKind
from claims.press import publish
from tests.building import a_property, a_source, an_entity, resting_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
KINDS = [
    "/", "/about/", "/about/corrections-policy/", "/companies/", "/companies/deepseek/", "/claims/",
    "/claims/c0q1877bxj/", "/claims/c2a583mq56/", "/sources/", "/sources/s81x1zrhj9/", "/disputes/",
    "/disputes/cost-of-deepseek-v3/", "/disputes/when-high-flyer-spun-off-deepseek/", "/timelines/",
    "/timelines/deepseek/", "/timelines/export-controls/?by=subject", "/properties/", "/properties/training-cost/",
    "/search/?q=deepseek", "/editions/", "/editions/1/", "/corrections/", "/compare/c0q1877bxj/",
    "/report/c0q1877bxj/", "/embed/timelines/export-controls/", "/embed/disputes/cost-of-deepseek-v3/",
]  # fmt: skip
ODD = [
    "/nothing/",
    "/?known_at=x",
    "/claims/?amount_min=x&unit=USD",
    "/search/?q=zymurgy",
    "/companies/deepseek/?edition=0",
]
PREFIXES = ("", "/bn", "/hi", "/vi")
WIDTHS = (390, 1280)
PAPER = {"light": "rgb(251, 250, 247)", "dark": "rgb(22, 21, 18)"}
EVENTS = 300

# Elements whose own text does not fit into them, and elements with text that stick out of the page at the side.
CLIPPED = """() => {
  const wide = document.documentElement.clientWidth, found = [];
  for (const one of document.querySelectorAll("body *")) {
    if (one.closest(".visually-hidden, [aria-hidden=true], [popover], svg, option, .skip, textarea")) continue;
    const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!own) continue;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (!box.width || !one.checkVisibility()) continue;
    const cut = style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1
             || style.overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1;
    if (cut || box.right > wide + 1 || box.left < -1)
      found.push(`${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`);
  }
  return found;
}"""
LABELS = """() => [...document.querySelectorAll(".drawing__label")].map(one => {
  const b = one.getBBox(); return [b.x, b.y + 4, b.x + b.width, b.y + b.height - 4, one.textContent];
})"""
MARKS = """() => [...document.querySelectorAll(".drawing circle, .drawing__event rect")].map(one => {
  const b = one.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height, one.tagName];
})"""
LINES = """() => [...document.querySelectorAll(".moment")].map(one => {
  const b = one.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom, one.id];
})"""


def _load(*dossiers: str) -> None:
    for one in dossiers:
        call_command("load_dossier", str(ROOT / "dossiers" / one), publish=True, stdout=StringIO())


def test_every_kind_of_page_fits_in_every_language(live_server, browser):
    _load("deepseek", "deepseek-coverage", "house")
    faults: list[str] = []
    said: list[str] = []
    page, asked = _window(browser, WIDTHS[0])
    page.on("console", lambda message: said.append(message.text))
    for path in [*(prefix + kind for prefix in PREFIXES for kind in KINDS), *ODD]:
        faults += _faults(page, live_server.url + path, *WIDTHS)
    assert all(address.startswith((live_server.url, "data:")) for address in asked)
    page.context.close()
    assert not faults, "\n".join(faults)
    assert [one for one in said if "Content Security" in one] == []
    _labels_of_drawings_do_not_meet(live_server.url, browser)
    _magnified_twice_it_still_fits(live_server.url, browser)
    _everything_is_there_without_a_script(live_server.url, browser)
    _the_keyboard_reaches_everything_in_the_order_of_reading(live_server.url, browser)
    _a_newcomer_finds_how_many_origins_in_three_clicks(live_server.url, browser)


def _window(browser: Browser, width: int, **options: Any) -> tuple[Page, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    return page, asked


def _faults(page: Page, address: str, *widths: int) -> list[str]:
    """What does not fit into windows so many pixels wide, on paper of either color."""
    found: list[str] = []
    page.goto(address)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.fonts.status === 'loaded'")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{wide} pixels wide at {width}")
        found += [f"{one} at {width}" for one in page.evaluate(CLIPPED)]
    for scheme, paper in PAPER.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if (seen := page.evaluate("getComputedStyle(document.body).backgroundColor")) != paper:
            found.append(f"the paper is {seen} in {scheme}")
    return [f"{address}: {one}" for one in found]


def _labels_of_drawings_do_not_meet(url: str, browser: Browser) -> None:
    """The guessed widths of the pure layout hold for the real fonts."""
    page, _asked = _window(browser, 1280)
    for path in (
        "/",
        "/timelines/deepseek/",
        "/bn/timelines/deepseek/",
        "/hi/timelines/export-controls/?by=subject",
    ):
        page.goto(url + path)
        page.wait_for_function("document.fonts.status === 'loaded'")
        labels = page.evaluate(LABELS)
        assert labels
        assert all(left >= -1 and right <= 1001 for left, _top, right, _bottom, _text in labels)
        assert _meeting(labels) == []


def _magnified_twice_it_still_fits(url: str, browser: Browser) -> None:
    """WCAG 1.4.4: a window 1280 pixels wide at 200 % is one of 640."""
    page, _asked = _window(browser, 640, device_scale_factor=2)
    for path in (
        "/claims/c0q1877bxj/",
        "/bn/disputes/cost-of-deepseek-v3/",
        "/vi/timelines/deepseek/",
        "/hi/properties/training-cost/",
    ):
        assert _faults(page, url + path, 640) == []


def _everything_is_there_without_a_script(url: str, browser: Browser) -> None:
    scripted, bare = _window(browser, 1280)[0], _window(browser, 1280, java_script_enabled=False)[0]
    for path in ("/", "/claims/c0q1877bxj/", "/timelines/deepseek/", "/search/?q=deepseek"):
        scripted.goto(url + path)
        bare.goto(url + path)
        assert bare.locator("main").inner_text() == scripted.locator("main").inner_text()


def _the_keyboard_reaches_everything_in_the_order_of_reading(url: str, browser: Browser) -> None:
    page, _asked = _window(browser, 1280)
    page.goto(f"{url}/claims/c0q1877bxj/")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]"
        ".filter(one => one.tabIndex >= 0 && one.checkVisibility()).length"
    )
    places = []
    for _press in range(wanted + 4):  # a date has several stops, for day, month and year
        page.keyboard.press("Tab")
        places.append(page.evaluate(
            "(() => {const one = document.activeElement, style = getComputedStyle(one);"
            "if (one === document.body) return 0;"
            "const shown = one.type === 'date' || style.outlineStyle !== 'none';"  # a date's parts show it themselves
            "return [...document.querySelectorAll('*')].indexOf(one) * (shown ? 1 : -1)})()"
        ))  # fmt: skip
    assert all(place >= 0 for place in places), "something takes the focus and does not show it"
    seen = [place for place in dict.fromkeys(places) if place][:wanted]
    assert len(seen) == wanted
    assert seen == sorted(seen)
    page.goto(url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.goto(f"{url}/claims/c0q1877bxj/")
    term = page.locator("button.term").first
    term.focus()
    page.keyboard.press("Enter")
    assert page.locator(".term__about:popover-open").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".term__about:popover-open").count() == 0


def _a_newcomer_finds_how_many_origins_in_three_clicks(url: str, browser: Browser) -> None:
    page, _asked = _window(browser, 390)
    page.goto(f"{url}/")
    page.get_by_role("navigation").get_by_role("link", name="Companies", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="DeepSeek", exact=True).click()
    row = page.locator("tr", has_text="50,000").first
    assert "1 origin" in row.inner_text()
    row.get_by_role("link", name="evidence").click()
    assert page.locator(".counts--large").inner_text().split()[:4] == ["27", "sources", "1", "origin"]


def test_three_hundred_events_neither_meet_nor_are_cut(live_server, browser):
    _three_hundred_events()
    for prefix, width in (("", 1280), ("/bn", 1280), ("", 390), ("/vi", 390)):
        page, _asked = _window(browser, width)
        page.goto(f"{live_server.url}{prefix}/timelines/dense/")
        page.wait_for_function("document.fonts.status === 'loaded'")
        assert page.evaluate(CLIPPED) == []
        lines = page.evaluate(LINES)
        assert len(lines) == EVENTS
        assert _meeting(lines) == []
        assert [line[1] for line in lines] == sorted(line[1] for line in lines)
        labels = page.evaluate(LABELS)
        assert len(labels) == (EVENTS if width > 900 else 0) or not page.locator(".drawing").is_visible()
        if width > 900:
            assert all(left >= -1 and right <= 1001 for left, _top, right, _bottom, _text in labels)
            assert _meeting(labels) == []
            assert _meeting(labels, page.evaluate(MARKS)) == []
        page.context.close()


def _three_hundred_events() -> None:
    """Half of them within one month, the others over twelve years, as days, months, years, and about."""
    firm, source = an_entity("the-firm"), a_source("the-paper")
    said = a_property("said", data_type="text", unit_dimension="", event=True)
    claims = []
    for number in range(EVENTS):
        day = (
            date(2020, 3, 1) + timedelta(days=number % 30)
            if number % 2
            else date(2012, 1, 5) + timedelta(days=14 * number)
        )
        when = (day.isoformat(), day.isoformat(), f"{day:%Y-%m}", f"{day.year}", f"{day:%Y-%m}~")[number % 5]
        draft = ClaimDraft(
            subject=firm,
            property=said,
            value=ValueDraft(
                kind=ValueKind.KNOWN, text={"en": f"announced a thing of some importance, number {number}"}
            ),
            point_in_time=when,
            evidence=[EvidenceDraft(source=source, original_value="", locator="page 1")],
        )
        claims.append(save_claim(draft, by=None))
    timeline = save_timeline(TimelineDraft(slug="dense", title={"en": "Dense"}, entities=[firm]), by=None)
    publish(resting_on(timeline, *claims), by=None, reason=Reason.IMPORT)


Box = tuple[float, float, float, float, str]


def _meeting(boxes: list[Box], others: list[Box] | None = None) -> list[tuple[str, str]]:
    """Pairs of boxes that lie upon one another."""
    return [
        (one[4], other[4])
        for place, one in enumerate(boxes)
        for other in (boxes[place + 1 :] if others is None else others)
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
