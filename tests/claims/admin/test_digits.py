"""The desk in Bengali writes Bengali digits where people read, and none where a machine does."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import Client
from django.utils import dateformat, translation
from django.utils.formats import date_format, localize, localize_input, time_format

from claims.actions.preferences import prefer
from claims.actions.reviews import set_half_life
from claims.admin.moments import MomentForm
from claims.models import Claim
from companies.actions import NameDraft
from kb.lib.formats import digits
from tests import building as build
from tests.claims.admin.conftest import Story
from tests.claims.admin.reading_forms import fields
from tests.claims.kin import a_pair

AT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
BENGALI = re.compile("[০-৯]")
READ = {"title", "placeholder", "aria-label", "alt", "content", "label"}  # attributes that people read
TYPED = {"value", "data-prose"}  # what somebody wrote may have any digits


def rendered(template: str, **context: Any) -> str:
    return Template("{% load i18n %}" + template).render(Context(context))


# What Django writes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "moment", "day", "clock"),
    [
        ("bn", "২২ নভেম্বর ২০২৬, ০৯:০৫", "২২ নভেম্বর ২০২৬", "০৯:০৫"),
        ("en", "22 Nov 2026, 09:05", "22 Nov 2026", "09:05"),
        ("hi", "22 नवमबर 2026, 09:05", "22 नवमबर 2026", "09:05"),
        ("vi", "09:05, 22/11/2026", "22/11/2026", "09:05"),
    ],
)
def test_dates_and_times_in_a_named_format(language: str, moment: str, day: str, clock: str) -> None:
    with translation.override(language):
        assert date_format(AT, "DATETIME_FORMAT") == localize(AT) == moment
        assert rendered('{{ at|date:"DATETIME_FORMAT" }}|{{ at }}', at=AT) == f"{moment}|{moment}"
        assert date_format(AT.date()) == rendered("{{ at|date }}", at=AT) == day
        assert time_format(time(9, 5)) == rendered("{{ at|time }}", at=AT) == clock


def test_what_a_machine_reads_stays_as_it_is() -> None:
    with translation.override("bn"):
        told = rendered('{{ at|date:"c" }} {{ at|date:"U" }} {{ at|date:"Y-m-d" }}', at=AT)
        assert told == "2026-11-22T09:05:00+00:00 1795338300 2026-11-22"
        assert dateformat.format(AT, "r") == "Sun, 22 Nov 2026 09:05:00 +0000"
        assert rendered('<a href="?p={{ key }}">', key=7) == '<a href="?p=7">'
        assert [localize_input(one) for one in (7, Decimal("7.5"), date(2026, 11, 22))] == [
            "7", "7.5", "22/11/2026",
        ]  # fmt: skip
        assert json.dumps({"n": 7}) == '{"n": 7}'


def test_spans_of_time_and_numbers_in_sentences() -> None:
    counted = (
        "{% blocktranslate count counter=n %}{{ counter }} new notice{% plural %}{{ counter }} new notices"
        "{% endblocktranslate %}"
    )
    named = "{% blocktranslate with number=n %}in edition {{ number }}{% endblocktranslate %}"
    called = "{% blocktranslate with who=n %}says {{ who }}{% endblocktranslate %}"
    with translation.override("bn"):
        assert rendered("{{ at|timesince:now }}", at=AT, now=AT + timedelta(days=3)) == "৩\xa0দিন"
        assert rendered("{{ now|timeuntil:at }}", at=AT, now=AT + timedelta(days=3)) == "৩\xa0দিন"
        assert "১২" in rendered(counted, n=12)
        assert "১২" in rendered(named, n=12)
        assert "V3" in rendered(called, n="DeepSea-V3")  # a name is no number
        assert rendered(called, n="<7>").count("&lt;7&gt;") == 1
    assert rendered(counted, n=12) == "12 new notices"


def test_it_is_installed_once() -> None:
    before = dateformat.format
    digits.install()
    assert dateformat.format is before


# The desk ------------------------------------------------------------------------------------------------


class Machines(HTMLParser):
    """What of a page is read by machines: attributes, scripts, styles."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.silent = tag in ("script", "style")
        typed = tag in ("input", "textarea", "option")
        for name, value in attrs:
            skipped = name in READ or (typed and name in TYPED)
            if value and not skipped and BENGALI.search(value):
                self.found.append(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if self.silent and BENGALI.search(data):
            self.found.append(data)


def pages(story: Story) -> list[str]:
    claim, source = story.claim, story.source
    return [
        "", "notices/", "schedules/", "suspicions/", "kinships/", f"kinships/{a_pair().pk}/", "preferences/",
        "import/claim/", "claims/claim/", "claims/source/", "companies/company/", "claims/halflife/", "auth/user/",
        "auth/user/add/", "auth/group/", "companies/entity/likeness/", f"claims/source/{source.ref}/read/",
        f"claims/claim/{claim.pk}/change/", f"claims/claim/{claim.pk}/history/", f"talk/{claim.ref}/",
        f"claims/source/{source.pk}/change/", f"companies/company/{story.entity.pk}/change/",
        f"companies/company/{story.entity.pk}/history/", f"compare/{claim.ref}/", f"review/?ref={claim.ref}",
        f"withdraw/?ref={claim.ref}", f"schedule/?ref={claim.ref}", f"bulk/?ref={claim.ref}", "editions/1/reverse/",
        f"compare/{claim.ref}/back-to/1/", f"claims/dispute/{story.dispute.pk}/change/", "queues/gaps/",
        f"claims/timeline/{story.timeline.pk}/change/", f"companies/entity/split/?entity={story.entity.ref}",
    ]  # fmt: skip


@pytest.mark.django_db
def test_no_page_gives_a_machine_bengali_digits(story: Story, editor: User, desk: Client) -> None:
    prefer(by=editor, language="bn", time_zone="UTC")
    build.an_entity("the-club-again", kind="company", names=[NameDraft(text="Deep-Sea", language="en")])
    faults, native = dict[str, list[str]](), 0
    for address in pages(story):
        answer = desk.get(f"/admin/{address}")
        assert answer.status_code == 200, address
        page = Machines()
        page.feed(answer.content.decode())
        native += bool(BENGALI.search(answer.content.decode()))
        if page.found:
            faults[address] = page.found
    assert native > 20
    assert faults == {}


@pytest.mark.django_db
def test_moments_and_counts_of_a_page(story: Story, editor: User, desk: Client) -> None:
    prefer(by=editor, language="bn", time_zone="Asia/Dhaka")
    html = desk.get(f"/admin/claims/claim/{story.claim.pk}/history/").content.decode()
    shown = re.findall(r'<time datetime="(\d{4}-[^"]*)">([^<]*)</time>', html)
    assert shown
    assert all(BENGALI.search(words) and not re.search("[0-9]", words) for _iso, words in shown)
    assert 'value="1"' in html  # the number of a version, for the list's marker


@pytest.mark.django_db
def test_a_form_takes_what_it_shows(story: Story, editor: User, desk: Client) -> None:
    prefer(by=editor, language="bn", time_zone="Asia/Dhaka")
    address = f"/admin/claims/claim/{story.claim.pk}/change/"
    before = story.claim.body()
    form = fields(desk.get(address), "claim_form")
    assert desk.post(address, form | {"note__en": "Read again."}).status_code == 302
    after = Claim.objects.get(pk=story.claim.pk).body()
    assert after == before | {"note": after["note"]}
    assert after["note"]["en"] == "Read again."


@pytest.mark.django_db
def test_moments_and_numbers_typed_in_either_digits(story: Story, desk: Client, editor: User) -> None:
    prefer(by=editor, language="bn", time_zone="Asia/Dhaka")
    one = set_half_life(story.claim.property, months=18, by=editor)
    address = f"/admin/claims/halflife/{one.pk}/change/"
    assert 'value="18"' in desk.get(address).content.decode()
    for typed in ("24", "২৪"):
        assert desk.post(address, {"property": one.property_id, "months": typed}).status_code == 302
        one.refresh_from_db()
        assert one.months == 24
    with translation.override("bn"):
        shown = str(MomentForm(initial={"when": AT, "zone": "UTC"})["when"])
        assert 'value="2026-11-22T09:05"' in shown
        for typed in ("2026-11-22T09:05", "২০২৬-১১-২২ ০৯:০৫"):
            form = MomentForm({"when": typed, "zone": "UTC"})
            assert form.is_valid(), form.errors
            assert form.cleaned_data["moment"] == AT
