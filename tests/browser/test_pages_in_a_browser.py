"""The reader pages in a real browser: they fit, load nothing from elsewhere, and need no script."""

import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    "/", "/companies/deepseek/", "/claims/c2a583mq56/", "/sources/s81x1zrhj9/", "/disputes/cost-of-deepseek-v3/",
    "/timelines/deepseek/", "/timelines/export-controls/", "/bn/", "/bn/disputes/cost-of-deepseek-v3/",
    "/hi/timelines/deepseek/", "/vi/companies/deepseek/", "/editions/1/", "/about/", "/nothing/", "/?known_at=x",
    "/claims/", "/claims/?amount_min=x&unit=USD", "/properties/", "/properties/training-cost/",
    "/search/?q=deepseek", "/hi/search/?q=zebra", "/sources/?language=bn", "/disputes/", "/corrections/",
    "/bn/properties/training-cost/", "/companies/", "/claims/?edition=1", "/hardware/h800/", "/models/deepseek-v3/",
    "/people/liang-wenfeng/", "/policies/", "/events/", "/sources/", "/timelines/", "/editions/", "/search/",
    "/search/?q=zymurgy", "/bn/claims/?unit=USD&disputed=true", "/hi/about/", "/vi/sources/?source_type=primary",
    "/disputes/when-high-flyer-spun-off-deepseek/", "/companies/deepseek/?edition=0",
]  # fmt: skip


@pytest.fixture
def browser(chromium: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setitem(
        os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
    )  # playwright runs an event loop beside us
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


def test_pages_fit_and_load_only_their_own(live_server, browser):
    call_command("load_dossier", str(ROOT / "dossiers" / "deepseek"), publish=True, stdout=StringIO())
    for width, scheme in ((390, "dark"), (1280, "light")):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=True
        )
        page = context.new_page()
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, faults=faults: faults.append(message.text))
        for path in PAGES:
            page.goto(live_server.url + path)
            page.wait_for_load_state("load")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} pixels wide at {width}"
            background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert background == ("rgb(22, 21, 18)" if scheme == "dark" else "rgb(251, 250, 247)")
        assert all(address.startswith(live_server.url) for address in asked)
        assert [fault for fault in faults if "Content Security Policy" in fault] == []
        context.close()
    _labels_do_not_meet(live_server.url, browser)
    _skip_link_comes_first(live_server.url, browser)


def _labels_do_not_meet(url: str, browser: Browser) -> None:
    """The guessed widths of the pure layout hold for the real fonts."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for path in ("/", "/timelines/deepseek/", "/bn/timelines/deepseek/", "/hi/timelines/export-controls/"):
        page.goto(url + path)
        page.wait_for_function("document.fonts.status === 'loaded'")
        boxes = page.evaluate(
            "[...document.querySelectorAll('.drawing a text')].map(t => {"
            "const b = t.getBBox(); return [b.x, b.y + 4, b.x + b.width, b.y + b.height - 4, t.textContent]})"
        )
        assert boxes
        for index, a in enumerate(boxes):
            assert a[0] >= -1, a
            assert a[2] <= 1001, a
            for b in boxes[index + 1 :]:
                apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
                assert apart, (path, a[4], b[4])


def _skip_link_comes_first(url: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
