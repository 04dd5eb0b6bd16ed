"""The queues of the front page: what is in each, for whom, how many queries it takes, and its pages by key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions import talk
from claims.actions.approvals import approve
from claims.actions.claims import ValueDraft, save_claim
from claims.actions.reviews import check_again, request_changes, set_half_life, submit
from claims.admin.queues import CAP, QUEUES, Asked, queue_of
from claims.models import CaptureAttempt, Claim, Inapplicable, Property, Recheck
from companies.models import Entity
from kb.models import OUTSIDE, Root, State
from tests import building as build
from tests.claims.admin.conftest import logged_in, staff
from tests.claims.admin.reading_forms import fields
from tests.roles import member

OLD = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def writer(db: None) -> User:
    return member("contributor", "writer")


def refs(slug: str, user: User) -> list[str]:
    queue = queue_of(slug)
    assert queue is not None
    return [item.ref for item in queue.items(Asked(user, timezone.now()), 100)]


def test_a_review_waits_for_everybody_but_its_authors(writer: User, editor: User, colleague: User) -> None:
    claim = build.a_claim(by=writer)
    submit(claim, by=writer, expect=claim.version)
    club = build.an_entity(by=editor, state=State.IN_REVIEW)
    assert refs("review", editor) == [claim.ref]
    assert refs("review", colleague) == [claim.ref, club.ref]


def test_who_only_passed_it_on_has_not_written_it(writer: User, editor: User) -> None:
    claim = build.a_claim(by=writer)
    submit(claim, by=editor, expect=claim.version)
    assert refs("review", editor) == [claim.ref]


def test_in_one_person_mode_ones_own_wait_too(editor: User, settings: Any) -> None:
    settings.ONE_PERSON_MODE = True
    claim = build.a_claim(by=editor, state=State.IN_REVIEW)
    assert refs("review", editor) == [claim.ref]


def test_what_was_sent_back_waits_until_it_is_touched(writer: User, editor: User) -> None:
    claim = build.a_claim(by=writer)
    root: Root = submit(claim, by=writer, expect=claim.version)
    request_changes(root, by=editor, expect=root.version, comment="Which page?")
    assert refs("sent-back", writer) == [claim.ref]
    assert refs("my-drafts", writer) == []
    page = logged_in(writer).get("/admin/queues/sent-back/").content.decode()
    assert "Which page?" in page
    save_claim(build.draft_of(claim, note={"en": "Page 3."}), by=writer, ref=claim.ref)
    assert refs("sent-back", writer) == []
    assert refs("my-drafts", writer) == [claim.ref]


def test_drafts_by_who_wrote_them(writer: User, editor: User) -> None:
    mine, theirs, machines = build.a_claim(by=editor), build.a_claim(by=writer), build.a_claim()
    assert [ref for ref in refs("my-drafts", editor) if ref[0] == "c"] == [mine.ref]
    assert [ref for ref in refs("drafts", editor) if ref[0] == "c"] == [theirs.ref, machines.ref]


def test_an_assignment_waits_until_the_thing_is_done(writer: User, editor: User, colleague: User) -> None:
    claim = build.a_claim(by=writer)
    talk.assign(claim, to=editor, by=colleague)
    assert refs("assigned", editor) == [claim.ref]
    approve(claim, by=editor, expect=claim.version)
    assert refs("assigned", editor) == []


def test_approved_waits_for_publishers_until_readers_have_it(editor: User, colleague: User) -> None:
    claim = build.a_claim(by=editor)
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    approve(claim, by=colleague, expect=claim.version)
    assert refs("ready", editor) == [claim.ref]
    claim.refresh_from_db()
    build.published(claim)
    assert refs("ready", editor) == []


def test_submissions_wait_for_who_takes_them_up(writer: User) -> None:
    claim = build.a_claim(state=State.PROPOSED)
    assert refs("submissions", writer) == [claim.ref]


def test_changed_is_what_readers_have_in_another_version(editor: User) -> None:
    claim, other = build.a_claim(), build.a_claim()
    build.published(claim, other)
    assert refs("changed", editor) == []
    save_claim(build.draft_of(claim, note={"en": "New."}), by=editor, ref=claim.ref)
    assert refs("changed", editor) == [claim.ref]


def test_a_stale_page_waits_and_leads_to_its_own_screen(editor: User) -> None:
    source = build.a_source()
    CaptureAttempt.objects.create(source=source, at=OLD, outcome="dead")
    assert refs("stale", editor) == [source.ref]
    html = logged_in(editor).get("/admin/").content.decode()
    assert 'href="/admin/claims/captureattempt/"' in html


def test_claims_are_checked_again_after_the_half_life(editor: User, writer: User) -> None:
    claim, fresh = build.a_claim(at=OLD), build.a_claim()
    assert refs("recheck", writer) == []
    set_half_life(claim.property, months=6, by=editor)
    assert refs("recheck", writer) == []  # readers do not have it
    build.published(claim, fresh, at=OLD)
    assert refs("recheck", writer) == [claim.ref]
    claim.refresh_from_db()
    page = logged_in(writer).post(
        "/admin/queues/recheck/", {"seen": f"{claim.ref}:{claim.version}"}, follow=True
    )
    assert "1 claim checked" in page.content.decode()
    assert refs("recheck", writer) == []
    recheck = Recheck.objects.get(claim=claim)
    assert recheck.checked_by == writer
    Recheck.objects.update(checked_at=timezone.now() - timedelta(days=200))
    assert refs("recheck", writer) == [claim.ref]
    with pytest.raises(Exception, match="has changed since"):
        check_again(claim, by=writer, expect=claim.version - 1)


def test_a_gap_is_what_nobody_entered_and_unknown_is_an_answer(editor: User, writer: User) -> None:
    fee = build.a_property("fee", subject_kinds=["company"])
    clubs = [build.an_entity(f"club-{number}", kind="company") for number in range(5)]
    claims = [build.a_claim(subject=club, property=fee) for club in clubs[:3]]
    build.published(*claims, *clubs)
    assert set(refs("gaps", writer)) == {clubs[3].ref, clubs[4].ref}
    html = logged_in(editor).get("/admin/queues/gaps/").content.decode()
    assert f"subject={clubs[3].pk}&amp;property={fee.pk}&amp;value_kind=unknown" in html
    build.a_claim(subject=clubs[3], property=fee, value=ValueDraft(kind="unknown"))
    assert refs("gaps", writer) == [clubs[4].ref]
    for state in OUTSIDE:
        build.a_claim(subject=clubs[4], property=fee, state=state)
    assert refs("gaps", writer) == [clubs[4].ref]


def test_half_or_less_is_no_expectation(writer: User) -> None:
    fee = build.a_property("fee", subject_kinds=["company"])
    clubs = [build.an_entity(f"club-{number}", kind="company") for number in range(4)]
    build.published(*[build.a_claim(subject=club, property=fee) for club in clubs[:2]], *clubs)
    assert refs("gaps", writer) == []


def test_the_front_page_takes_the_same_queries_whatever_waits(editor: User, writer: User) -> None:
    client = logged_in(editor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/admin/").status_code == 200
        return len(counted)

    client.get("/admin/")
    before = queries()
    for _ in range(4):
        claim = build.a_claim(by=writer)
        submit(claim, by=writer, expect=claim.version)
        build.a_claim(by=editor)
        build.a_claim(state=State.PROPOSED)
    assert queries() == before


def test_a_count_goes_no_further_than_its_cap(editor: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("claims.admin.queues.CAP", 2)
    for _ in range(3):
        build.a_claim(state=State.PROPOSED)
    assert CAP == 1000
    html = logged_in(editor).get("/admin/").content.decode()
    assert "1,000+" in html


def test_a_queue_is_paged_by_key_and_shows_each_once(editor: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("claims.admin.queue_pages.SIZE", 2)
    at = timezone.now() - timedelta(days=1)
    made = [build.a_claim(state=State.PROPOSED, at=at).ref for _ in range(5)]  # all of one moment
    client, url, found = logged_in(editor), "/admin/queues/submissions/", list[str]()
    while url:
        page = client.get(url)
        found += [row.root.ref for row in page.context["rows"]]
        url = page.context["next_url"]
    assert found == sorted(made)


@pytest.mark.parametrize("cursor", ["x", "bnVsbA==", "WzEsMiwzXQ==", "WyIyMDI2LTAxLTAxIiwiYSIsImIiXQ==", "é"])
def test_a_cursor_that_is_none_is_not_found(cursor: str, editor: User) -> None:
    assert logged_in(editor).get("/admin/queues/submissions/", {"after": cursor}).status_code == 404


@pytest.mark.parametrize("queue", [queue for queue in QUEUES if not queue.page], ids=lambda queue: queue.slug)
def test_every_queue_has_a_page_also_when_it_is_empty(queue: Any, editor: User) -> None:
    page = logged_in(editor).get(f"/admin/queues/{queue.slug}/")
    assert page.status_code == 200
    assert "Nothing here now." in page.content.decode()


def test_queues_are_for_those_whom_they_concern(writer: User) -> None:
    build.a_claim(state=State.PROPOSED)
    client = logged_in(writer)
    assert client.get("/admin/queues/review/").status_code == 403
    assert client.get("/admin/queues/ready/").status_code == 403
    assert client.get("/admin/queues/nowhere/").status_code == 404
    nobody = logged_in(staff("nobody"))
    assert nobody.get("/admin/queues/submissions/").status_code == 403
    assert nobody.get("/admin/queues/drafts/").context["rows"] == []
    assert Client().get("/admin/queues/drafts/").status_code == 302
    assert Claim.objects.count() == 1


# Gaps that are none, and choosing all -----------------------------------------------------------------------


@pytest.fixture
def gap(db: None) -> tuple[Entity, Property]:
    """Three of four clubs have a fee; the fourth has none entered."""
    fee = build.a_property("fee", labels={"en": "transfer fee"}, subject_kinds=["company"])
    clubs = [build.an_entity(f"club-{number}", kind="company") for number in range(4)]
    build.published(*clubs, *(build.a_claim(subject=club, property=fee) for club in clubs[:3]))
    cache.clear()
    return Entity.objects.get(slug="club-3"), fee


def test_a_gap_that_does_not_apply_is_remembered_with_its_reason(
    gap: tuple[Entity, Property], writer: User
) -> None:
    club, fee = gap
    client, page = logged_in(writer), "/admin/queues/gaps/"
    asked = {"gap": f"{club.ref}:{fee.ref}"}
    assert refs("gaps", writer) == [club.ref]
    assert client.post(page, asked | {"why": " "}).status_code == 409
    assert client.post(page, {"gap": "x", "why": "x"}).status_code == 404
    assert client.post(page, asked | {"why": "It buys nobody."}).status_code == 302
    assert refs("gaps", writer) == []
    html = client.get(page).content.decode()
    assert "It buys nobody." in html
    judged = Inapplicable.objects.get()
    assert (judged.entity, judged.property, judged.judged_by) == (club, fee, writer)
    client.post(page, asked | {"decision": "applies"})
    assert refs("gaps", writer) == [club.ref]
    reader = staff("reader", "claims.view_claim")
    assert logged_in(reader).post(page, asked | {"why": "x"}).status_code == 403


def test_entering_what_is_missing_leads_back_to_the_queue(gap: tuple[Entity, Property], editor: User) -> None:
    client = logged_in(editor)
    (row,) = client.get("/admin/queues/gaps/").context["rows"]
    data = fields(client.get(row.unknown_url), "claim_form")
    assert data["value_kind"] == "unknown"
    answer = client.post(row.unknown_url, data)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/queues/gaps/")
    assert refs("gaps", editor) == []
    away = client.post(
        "/admin/claims/claim/add/?back=//evil.example/", data | {"property": build.a_property().pk}
    )
    assert away["Location"] == "/admin/claims/claim/"


def test_all_of_a_page_is_chosen_without_a_script(writer: User, editor: User) -> None:
    for _number in range(2):
        claim = build.a_claim(by=writer)
        submit(claim, by=writer, expect=claim.version)
    client = logged_in(editor)
    html = client.get("/admin/queues/review/").content.decode()
    assert " checked" not in html
    link = html.split("data-chooses")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert client.get(f"/admin/queues/review/{link}").content.decode().count(" checked") == 2
