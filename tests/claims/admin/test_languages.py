"""Every word that the desk shows is marked for translation, and no word that it keeps is translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.utils import translation
from django.utils.translation import _trans  # type: ignore[attr-defined]

from claims.actions import schedules
from claims.actions.approvals import approve
from claims.actions.merging import fold_entity
from claims.actions.preferences import prefer
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.actions.reviews import submit
from claims.actions.withdrawals import withdraw
from claims.admin.queues import QUEUES
from claims.ledger.models import Reason
from claims.models import Claim, Notice
from kb.models import Preference
from tests import building as build
from tests.claims.admin.conftest import TEXT, Story

pytestmark = [pytest.mark.django_db, pytest.mark.once]
APPS = ("kb", "companies", "claims", "ledger")
MARKED = re.compile("⟦[^⟦⟧]*⟧")
WORD = re.compile("[A-Za-z]{3,}")
# Words of no language, or of the one they name.
NAMES = {"Claimbook", "UTC", "Asia", "Dhaka", "English", "USD", "https"}
INVISIBLE = re.compile(
    r"<(script|style|datalist|svg|kbd|code)\b.*?</\1>|<tr lang=.*?</tr>|<!--.*?-->", re.DOTALL
)
ATTRIBUTES = re.compile(r'\s(?:title|placeholder|aria-label|alt)="([^"]*)"')


@pytest.fixture
def fee(editor: User, colleague: User) -> Claim:
    """Approved by a colleague; what it rests on is published."""
    claim = build.a_claim(by=editor)
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    approve(claim, by=colleague, expect=claim.version)
    return Claim.objects.get(pk=claim.pk)


@pytest.fixture
def marked(monkeypatch: Any) -> Iterator[None]:
    """A language in which every word of ours stands between marks."""
    real, counting = _trans.gettext, _trans.ngettext

    def gettext(message: str) -> str:
        return f"⟦{message}⟧" if message and translation.get_language() == "bn" else real(message)

    def ngettext(one: str, many: str, number: int) -> str:
        return f"⟦{many}⟧" if translation.get_language() == "bn" else counting(one, many, number)

    monkeypatch.setattr(_trans, "gettext", gettext)
    monkeypatch.setattr(_trans, "ngettext", ngettext)
    with Preference(language="bn", time_zone="UTC").applied():
        yield


def test_what_is_stored_is_in_nobodys_language(
    fee: Claim, editor: User, colleague: User, marked: None
) -> None:
    """The desk is worked at in a language that shows: none of it may be kept, in the ledger least of all."""
    assert translation.gettext("Log out") == "⟦Log out⟧"
    future = datetime(2030, 1, 1, tzinfo=UTC)
    made = schedules.schedule(
        {fee.ref: fee.version}, by=editor, publish_at=future, reason=Reason.NEW, note={}
    )
    schedules.cancel(made, by=editor)
    build.published(fee)
    heir, double = build.an_entity("heir"), build.an_entity("double")
    fold_entity(double, into=heir, by=editor, why="The same.")
    withdraw([fee], by=editor, note={"en": "It was wrong."})
    again = build.a_claim(by=editor)
    submit(again, by=editor, expect=again.version)
    build.published(*build.resting_on(again))
    confirm_redaction(
        request_redaction(Claim.objects.get(pk=fee.pk), category="copyright", by=editor), by=colleague
    )
    kept = [
        (model.__name__, field.name, value)
        for label in ("kb", "companies", "claims", "ledger")
        for model in apps.get_app_config(label).get_models()
        if model is not Notice  # in the language of who gets it
        for field in model._meta.concrete_fields
        for value in model._default_manager.values_list(field.name, flat=True)
        if "⟦" in str(value)
    ]
    assert kept == []


def _data() -> set[str]:
    """All words in the base: what people and their sources wrote, names of people, codes."""
    found = set(WORD.findall(TEXT))
    for label in (*APPS, "auth"):
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField | models.TextField | models.JSONField):
                    for value in model._default_manager.values_list(field.name, flat=True):
                        found |= set(WORD.findall(str(value)))
    return found


def _unmarked(page: str) -> set[str]:
    """The words of a page that stand outside of all marks."""
    shown = INVISIBLE.sub(" ", page)
    texts = [re.sub("<[^>]*>", " ", shown), *ATTRIBUTES.findall(shown)]
    left = set[str]()
    for text in map(unescape, texts):
        while MARKED.search(text):
            text = MARKED.sub(" ", text)
        left |= set(WORD.findall(text))
    return left


def _pages(story: Story) -> list[str]:
    claim, source = story.claim, story.source
    changing = {
        "claims/claim": claim, "claims/source": source, "companies/company": story.entity,
        "claims/dispute": story.dispute, "claims/timeline": story.timeline,
    }  # fmt: skip
    forms = [
        f"{where}/{root.pk}/{page}/" for where, root in changing.items() for page in ("change", "history")
    ]
    about = [
        address for root in changing.values() for address in (
            f"compare/{root.ref}/", f"talk/{root.ref}/", f"review/?ref={root.ref}", f"withdraw/?ref={root.ref}",
            f"schedule/?ref={root.ref}", f"compare/{root.ref}/back-to/1/",
        )
    ]  # fmt: skip
    lists = [f"{where}/{end}" for where in changing for end in ("", "add/")]
    rest = [
        "", "notices/", "schedules/", "suspicions/", "kinships/", "shortcuts/", "preferences/", "import/claim/",
        "import/entity/", "import/source/", "import/dossier/", "claims/source/capture/", "claims/property/",
        "claims/property/add/", "claims/scopedimension/add/", "claims/publisher/add/", "claims/halflife/add/",
        "claims/lifebound/add/", "claims/report/", "claims/snapshot/", "claims/captureattempt/", "claims/page/add/",
        f"claims/source/{source.ref}/read/", f"bulk/?ref={claim.ref}", "editions/1/reverse/", "password_change/",
        "auth/user/add/", "auth/group/", "auth/group/add/",
        f"auth/user/{User.objects.latest('pk').pk}/change/",
    ]  # fmt: skip
    return [*forms, *about, *lists, *rest, *(f"queues/{one.slug}/" for one in QUEUES if not one.page)]


def test_every_word_that_the_desk_shows_is_marked(
    held: Story, editor: User, desk: Client, marked: None
) -> None:
    prefer(by=editor, language="bn", time_zone="Asia/Dhaka")
    data, faults, seen = _data() | NAMES, dict[str, set[str]](), 0
    for address in _pages(held):
        answer = desk.get(f"/admin/{address}")
        assert answer.status_code == 200, address
        seen += "⟦" in answer.content.decode()
        if left := _unmarked(answer.content.decode()) - data:
            faults[address] = left
    assert seen > 60
    assert faults == {}, "mark these for translation"
