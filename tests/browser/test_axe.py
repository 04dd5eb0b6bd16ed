"""axe finds no violation of WCAG 2.2 A and AA on any kind of page: the reading room and the desk, light and dark."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Page

from companies.actions import NameDraft
from tests import building as build
from tests.claims.kin import a_pair
from tests.claims.partners.sending import Partner, a_request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
ALL: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
BUT_COLORS = ALL | {"rules": {"color-contrast": {"enabled": False}}}  # which no language changes
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
READERS = [
    "/", "/about/", "/companies/", "/companies/deepseek/", "/claims/", "/claims/c0q1877bxj/", "/sources/",
    "/sources/s81x1zrhj9/", "/disputes/", "/disputes/cost-of-deepseek-v3/", "/timelines/", "/timelines/deepseek/",
    "/properties/", "/properties/training-cost/", "/search/?q=deepseek", "/search/?q=zymurgy", "/editions/",
    "/editions/1/", "/corrections/", "/report/c0q1877bxj/", "/nothing/", "/claims/?amount_min=x&unit=USD",
    "/?edition=0", "/compare/c0q1877bxj/", "/embed/timelines/deepseek/", "/embed/disputes/cost-of-deepseek-v3/",
    "/embed/claims/c0q1877bxj/", "/timelines/export-controls/?by=subject",
]  # fmt: skip
# Every kind of page once more in each other language; what colors do does not depend on it.
KINDS = [
    "/", "/about/", "/companies/deepseek/", "/claims/", "/claims/c0q1877bxj/", "/sources/s81x1zrhj9/",
    "/disputes/cost-of-deepseek-v3/", "/timelines/deepseek/", "/properties/training-cost/", "/search/?q=deepseek",
    "/editions/1/", "/corrections/", "/compare/c0q1877bxj/", "/report/c0q1877bxj/",
]  # fmt: skip
DESK = [
    "/admin/", "/admin/claims/claim/", "/admin/claims/claim/add/", "/admin/claims/claim/{claim}/change/",
    "/admin/claims/claim/{claim}/history/", "/admin/companies/company/", "/admin/claims/source/",
    "/admin/claims/source/{source}/change/", "/admin/claims/source/capture/", "/admin/compare/c2a583mq56/",
    "/admin/review/?ref=c2a583mq56", "/admin/withdraw/?ref=s81x1zrhj9", "/admin/queues/gaps/", "/admin/suspicions/",
    "/admin/kinships/", "/admin/kinships/{kinship}/", "/admin/notices/", "/admin/schedules/", "/admin/shortcuts/",
    "/admin/import/claim/", "/admin/preferences/",
    "/admin/import/dossier/", "/admin/claims/report/", "/admin/claims/captureattempt/", "/admin/claims/dispute/add/",
    "/admin/claims/halflife/", "/admin/auth/user/", "/admin/claims/timeline/add/",
    "/admin/claims/timeline/{timeline}/change/", "/admin/claims/dispute/{dispute}/change/",
    "/admin/companies/company/add/", "/admin/companies/entity/split/?entity=e0zqta63s1",
    "/admin/companies/entity/merge/?entity=e0zqta63s1",
    "/admin/companies/entity/merge/?entity=e0zqta63s1&into=e8mwrrgdm0",
    "/admin/companies/entity/likeness/", "/admin/talk/c2a583mq56/", "/admin/schedule/?ref=c2a583mq56",
    "/admin/bulk/?ref=c2a583mq56", "/admin/compare/c2a583mq56/back-to/1/", "/admin/editions/1/reverse/",
    "/admin/claims/source/s81x1zrhj9/read/", "/admin/queues/submissions/", "/admin/talk/{submission}/",
    "/admin/queues/suggestions/", "/admin/claims/partnerkey/", "/admin/claims/partnerkey/add/",
    "/admin/claims/partnerkey/{key}/change/",
]  # fmt: skip


def _faults(page: Page, address: str, rules: dict[str, Any]) -> list[str]:
    """What breaks a rule on light paper, and which colors do on dark paper unless colors are left out."""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.wait_for_load_state("load")
    page.wait_for_function("!document.querySelector('.select2-selection:not([aria-label])')")  # see names.js
    found = Axe().run(page, options=rules | {"resultTypes": ["violations"]}).response["violations"]
    if "rules" not in rules:
        page.emulate_media(color_scheme="dark")
        page.evaluate("document.getAnimations().forEach(one => one.finish())")  # colors do not fade
        found += page.evaluate("rules => axe.run(document, rules)", COLORS)["violations"]
    return [f"{one['id']} × {len(one['nodes'])}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_no_page_breaks_a_rule(live_server, browser):
    from claims.models import Claim, Dispute, Snapshot, Source, SuggestedFigure, Timeline

    call_command("load_dossier", str(ROOT / "dossiers" / "deepseek"), publish=True, stdout=StringIO())
    partner = Partner("the-gazette", by=User.objects.create_superuser("rina", password="a-long-password"))
    evidence = [{"source": "seed-000", "locator": "the headline", "quote": "Six million."}]
    sent = a_request(
        subject="deepseek-v3", property="training-cost", scope=[], evidence=evidence, message="Look."
    )
    for slug, name, language in (("dipsik", "ডিপসিক", "bn"), ("deep-seek", "Deep Seek", "en")):
        build.an_entity(slug, kind="company", names=[NameDraft(text=name, language=language)])
    keys = {
        "kinship": a_pair().pk,
        "submission": partner.send(sent).json()["ref"],
        "key": partner.key.prefix,
        "claim": Claim.objects.get(ref="c2a583mq56").pk,
        "source": Source.objects.get(ref="s81x1zrhj9").pk,
        "timeline": Timeline.objects.get(slug="deepseek").pk,
        "dispute": Dispute.objects.get(slug="cost-of-deepseek-v3").pk,
    }
    SuggestedFigure.objects.create(
        snapshot=Snapshot.objects.filter(source=keys["source"])[0], start=3, end=9, printed="5 million",
        subject=Claim.objects.get(pk=keys["claim"]).subject, found_at=build.NOON,
        property=Claim.objects.get(pk=keys["claim"]).property,
    )  # fmt: skip
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    faults = {path: _faults(page, live_server.url + path, ALL) for path in READERS}
    for path in (f"/{language}{kind}" for language in ("bn", "hi", "vi") for kind in KINDS):
        faults[path] = _faults(page, live_server.url + path, BUT_COLORS)
    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_username", "rina")
    page.fill("#id_password", "a-long-password")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
    for path in DESK:
        faults[path] = _faults(page, live_server.url + path.format(**keys), ALL)
    broken = [f"{where}: {one}" for where, what in faults.items() for one in what]
    assert broken == [], "\n".join(broken)
