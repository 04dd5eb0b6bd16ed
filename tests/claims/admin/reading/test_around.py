"""The reading desk: what is skipped, who may read, and how much a page asks."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.readings import skip
from claims.models import Claim, Property, ScopeDimension, Snapshot, Source
from companies.models import Entity
from kb.lib import blobs
from tests import building as build
from tests.claims.admin.conftest import logged_in, staff
from tests.claims.admin.reading.article import (
    ARTICLE,
    FIVE,
    SEVEN,
    YEAR,
    accept,
    address,
    an_article,
    at,
    card,
)

pytestmark = pytest.mark.django_db


# Skipping -------------------------------------------------------------------------------------------------


def test_skipped_figures_are_remembered_hidden_and_taken_up_again(
    desk: Client, source: Source, editor: User
) -> None:
    answer = desk.post(address(source), {"decision": "skip", "span": at(FIVE)})
    assert answer["Location"].endswith(f"?at={at(SEVEN)}")
    page = desk.get(address(source))
    assert FIVE not in [one.printed for one in page.context["cards"]]
    assert "1 of 3 read" in page.content.decode()
    assert "1 figure was skipped." in page.content.decode()
    shown = desk.get(page.context["sheet"].other_url)
    assert card(shown, FIVE).state == "skipped"
    assert shown.context["sheet"].other_url == address(source)
    desk.post(address(source), {"decision": "take-up", "span": at(FIVE)})
    assert card(desk.get(address(source)), FIVE).state == "open"


def test_when_all_is_read_the_page_says_so(desk: Client, source: Source, editor: User) -> None:
    snapshot = source.snapshots.get()
    for words in (FIVE, SEVEN, YEAR):
        start, end = map(int, at(words).split("-"))
        skip(snapshot, start, end, by=editor)
    assert "All of it is read." in desk.get(address(source)).content.decode()


# Who may, and what is there -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("may", "sees", "evidence", "claims"),
    [
        ((), 403, 403, 403),
        (("claims.view_source",), 200, 403, 403),
        (("claims.change_source", "claims.change_claim"), 200, 302, 403),
        (("claims.view_source", "claims.add_claim"), 200, 403, 302),
    ],
)
def test_each_step_needs_its_permission(
    source: Source, claim: Claim, may: tuple[str, ...], sees: int, evidence: int, claims: int
) -> None:
    client = logged_in(staff("somebody", *may))
    page = client.get(address(source), {"new": at(FIVE)})
    assert page.status_code == sees
    assert client.post(address(source), accept(claim)).status_code == evidence
    assert client.post(address(source), {"decision": "skip", "span": at(SEVEN)}).status_code == evidence
    data = {
        "decision": "claim", "span": at(FIVE), "subject": "the-club", "property": "fee", "comparator": "eq",
        "amount": "5000000", "unit": "EUR", "mode": "attributed", "stance": "supports", "scope-tax": "",
    }  # fmt: skip
    assert client.post(address(source), data).status_code == claims
    if sees == 200:
        shown = page.content.decode()
        assert ("Add this source as evidence" in shown) is (evidence == 302)
        assert ("Save as a draft" in shown) is (claims == 302)


def test_a_text_that_is_not_held_says_what_to_do(desk: Client) -> None:
    source = build.a_source(snapshots=[build.a_snapshot("elsewhere")])
    assert "Capture a copy of it first." in desk.get(address(source)).content.decode()
    assert desk.get(address(build.a_source())).status_code == 200
    assert desk.get("/admin/claims/source/s0abcdefgh/read/").status_code == 404


@pytest.mark.parametrize("query", [{"at": "x"}, {"new": "3-3"}, {"new": "0-99999"}, {"copy": "feed"}])
def test_a_place_that_is_not_there_is_a_404(desk: Client, source: Source, query: dict[str, str]) -> None:
    assert desk.get(address(source), query).status_code == 404


def test_an_older_copy_is_read_on_request(desk: Client, claim: Claim) -> None:
    newer = ARTICLE.replace("5 million", "6 million")
    blobs.write(ARTICLE.encode())
    blobs.write(newer.encode())
    source = build.a_source(snapshots=[build.a_snapshot(ARTICLE), build.a_snapshot(newer)])
    assert "6 million euros" in [one.printed for one in desk.get(address(source)).context["cards"]]
    older = Snapshot.objects.get(position=0).text_sha256[:12]
    page = desk.get(address(source), {"copy": older})
    assert card(page, FIVE).urls["new"] == f"{address(source)}?copy={older}&new={at(FIVE)}"
    answer = desk.post(f"{address(source)}?copy={older}", accept(claim))
    assert answer["Location"].startswith(f"{address(source)}?copy={older}&at=")
    evidence = claim.evidence.last()
    assert evidence is not None
    assert evidence.snapshot == source.snapshots.get(position=0)


def test_the_source_leads_to_the_desk(desk: Client, source: Source) -> None:
    bare = build.a_source("without-a-copy")
    assert address(source) in desk.get(f"/admin/claims/source/{source.pk}/change/").content.decode()
    shown = desk.get("/admin/claims/source/").content.decode()
    assert address(source) in shown
    assert address(bare) not in shown


# How much it asks -----------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_figures_or_claims(
    desk: Client, club: Entity, fee: Property, claim: Claim, tax: ScopeDimension
) -> None:
    few = an_article(ARTICLE)
    line = "Deep Sea paid a transfer fee of {} million euros before tax in {}.\n"
    many = an_article(ARTICLE + "".join(line.format(n, 1900 + n) for n in range(5, 95)), "long")

    def count(source: Source) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(address(source)).status_code == 200
        return len(queries)

    first = count(few)
    for number in range(30):
        value = build.euros(str((number + 5) * 1000000))
        term = tax.terms.get(slug="before-tax")
        build.a_claim(
            subject=club, property=fee, value=value, scope=[term], evidence=[build.some_evidence(few)]
        )
    assert count(many) == count(few) == first


def test_a_long_article_is_asked_about_in_leaves(desk: Client, club: Entity) -> None:
    text = "".join(f"Deep Sea had {n} fans.\n" for n in range(1000, 1100))
    source = an_article(text)
    page = desk.get(address(source))
    assert len(page.context["cards"]) == 40
    assert [shown for shown, _url, _here in page.context["sheet"].leaves] == ["1–40", "41–80", "81–100"]
    third = desk.get(page.context["sheet"].leaves[2][1])
    first = third.context["cards"][0]
    assert (first.printed, first.current) == ("1080", True)
