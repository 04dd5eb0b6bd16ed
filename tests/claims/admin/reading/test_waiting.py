"""The queue of machine suggestions: which sources wait, what their lines say, and how much the page asks."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.merging import fold_entity
from claims.actions.readings import Passage, add_evidence, skip
from claims.actions.suggestions import suggest_figures
from claims.admin.labels import label
from claims.admin.queues import Asked, queue_of
from claims.models import Claim, Property, Source, SuggestedFigure
from companies.models import Entity
from kb.models import OUTSIDE, State
from tests import building as build
from tests.claims.admin.conftest import logged_in, staff
from tests.claims.admin.reading.article import ARTICLE, FIVE, SEVEN, address, an_article, at, card

pytestmark = pytest.mark.django_db
PAGE = "/admin/queues/suggestions/"


@pytest.fixture
def waiting(claim: Claim) -> Source:
    source = an_article(ARTICLE, publisher=build.a_publisher("gazette", name="The Gazette"))
    suggest_figures(source)
    return source


def refs(user: User) -> list[str]:
    queue = queue_of("suggestions")
    assert queue is not None
    return [item.ref for item in queue.items(Asked(user, timezone.now()), 100)]


def test_a_source_waits_until_all_of_it_is_read(waiting: Source, editor: User) -> None:
    oldest = SuggestedFigure.objects.earliest("start").found_at
    queue = queue_of("suggestions")
    assert queue is not None
    assert [(item.at, item.ref) for item in queue.items(Asked(editor, timezone.now()), 9)] == [
        (oldest, waiting.ref)
    ]
    for words in (FIVE, SEVEN):
        assert refs(editor) == [waiting.ref]
        start, end = map(int, at(words).split("-"))
        skip(waiting.snapshots.get(), start, end, by=editor)
    assert refs(editor) == []


@pytest.mark.parametrize("state", State)
def test_the_queue_and_the_article_agree_on_what_is_read(
    state: State, waiting: Source, claim: Claim, desk: Client
) -> None:
    """Whatever becomes of the claim: what is evidence of it is shown as such, and read while the desk stands for it."""
    start, end = map(int, at(FIVE).split("-"))
    words = Passage(snapshot=waiting.snapshots.get(), start=start, end=end)
    add_evidence(claim.ref, words, by=None, expect=claim.version)
    Claim.objects.filter(pk=claim.pk).update(state=state)
    open_ones = SuggestedFigure.objects.waiting().values_list("printed", flat=True)
    shown = card(desk.get(f"{address(waiting)}?at={at(FIVE)}"), FIVE)
    assert (FIVE in open_ones) == (shown.state == "open") == (state in OUTSIDE)
    ((label, _url),) = shown.evidence_of
    assert label.endswith(f" ({state.label})") == (state in OUTSIDE)


def test_what_is_about_a_merged_entity_waits_under_its_heir(
    waiting: Source, club: Entity, desk: Client
) -> None:
    heir, last = (build.an_entity(slug, kind="company") for slug in ("heir", "last"))
    fold_entity(club, into=heir, by=None)
    fold_entity(Entity.objects.get(pk=heir.pk), into=last, by=None)
    (row,) = desk.get(PAGE).context["rows"]
    assert {subject for _printed, subject, _property in row.figures.first} == {label(last)}
    assert label(last) != label(club)


def test_the_longest_waiting_comes_first(waiting: Source, editor: User) -> None:
    later = an_article(ARTICLE, "later")
    suggest_figures(later)
    suggest_figures(waiting, again=True)  # and keeps its day
    assert refs(editor) == [waiting.ref, later.ref]


def test_its_line_says_what_waits_and_leads_to_the_first_of_it(
    waiting: Source, desk: Client, editor: User
) -> None:
    page = desk.get(PAGE)
    (row,) = page.context["rows"]
    assert row.figures.count == 2
    assert row.figures.first == [
        (FIVE, "Deep Sea", "transfer fee"),
        (SEVEN, "Deep Sea", "transfer fee"),
    ]
    html = page.content.decode()
    assert "2 figures to read" in html
    assert "The Gazette, English" in html
    start, end = map(int, at(FIVE).split("-"))
    skip(waiting.snapshots.get(), start, end, by=editor)
    (row,) = desk.get(PAGE).context["rows"]
    assert at(SEVEN) in row.figures.url
    assert card(desk.get(row.figures.url), SEVEN).current


def test_it_shows_three_figures_of_a_source_and_counts_the_rest(desk: Client, claim: Claim) -> None:
    lines = [f"Deep Sea paid a transfer fee of {number} million euros." for number in range(2, 7)]
    suggest_figures(an_article("\n".join(lines), "long"))
    page = desk.get(PAGE)
    (row,) = page.context["rows"]
    assert [printed for printed, _subject, _property in row.figures.first] == [
        f"{number} million euros" for number in (2, 3, 4)
    ]
    assert "and 2 more" in page.content.decode()


def test_nothing_is_chosen_approved_or_published_from_there(waiting: Source, desk: Client) -> None:
    html = desk.get(PAGE).content.decode()
    assert 'type="checkbox"' not in html
    assert "data-chooses" not in html
    assert "/admin/review/" not in html
    assert "/admin/bulk/" not in html


def test_it_is_for_who_writes_claims_and_sees_sources(waiting: Source) -> None:
    writer = staff("writer", "claims.view_source", "claims.change_claim")
    assert logged_in(writer).get(PAGE).status_code == 200
    for one in ("claims.view_source", "claims.change_claim"):
        assert logged_in(staff(one, one)).get(PAGE).status_code == 403


def test_the_page_takes_the_same_queries_however_many_wait(
    waiting: Source, desk: Client, fee: Property
) -> None:
    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(page).status_code == 200
        return len(counted)

    for page in (PAGE, "/admin/"):
        desk.get(page)
    before = queries(PAGE), queries("/admin/")
    for number in range(4):
        suggest_figures(an_article(f"{ARTICLE}{number}", f"more-{number}", publisher=build.a_publisher()))
    assert len(desk.get(PAGE).context["rows"]) == 5
    assert (queries(PAGE), queries("/admin/")) == before


def test_the_front_page_counts_every_queue_the_empty_ones_as_well(waiting: Source, desk: Client) -> None:
    page = desk.get("/admin/")
    counts = {
        head.queue.slug: head.count
        for name in ("queues", "empty_queues")
        for head, _url in page.context[name]
    }
    assert counts["suggestions"] == 1
    assert counts["submissions"] == counts["suspected"] == 0
    html = page.content.decode()
    places = [
        html.index(words) for words in ("Machine suggestions", '"queues-empty"', "Partners&#x27; submissions")
    ]
    assert places == sorted(places)
    assert '<span>0</span> <a href="/admin/queues/submissions/">' in html
