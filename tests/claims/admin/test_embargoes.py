"""The page on which an embargo is set, moved and lifted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.admin.finding import admin_url
from claims.models import Claim, Embargo
from claims.workflow import Role
from tests import building as build
from tests.claims.admin.conftest import logged_in
from tests.roles import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    return build.a_claim()


def _sent(claim: Claim, **changes: str) -> dict[str, str]:
    return {
        "seen": f"{claim.ref}:{claim.version}", "when": "2999-05-01T18:00", "zone": "Asia/Dhaka",
        "why": "The paper asks us to wait.",
    } | changes  # fmt: skip


def test_a_writer_keeps_it_back_in_their_own_time_and_the_form_says_so(claim: Claim) -> None:
    desk = logged_in(member(Role.CONTRIBUTOR, "writer"))
    page = f"/admin/embargo/{claim.ref}/"
    assert b"Lift it now" not in desk.get(page).content
    answer = desk.post(page, _sent(claim), follow=True)
    assert "not published before" in answer.content.decode()
    assert Embargo.objects.get().until == datetime(2999, 5, 1, 12, tzinfo=UTC)
    form = desk.get(admin_url(claim)).content.decode()
    assert "Under embargo until" in form
    assert "The paper asks us to wait." in form
    assert b"Lift it now" not in desk.get(page).content  # that is a publisher's
    assert desk.post(page, _sent(claim, decision="lift")).status_code == 409


def test_a_publisher_lifts_it_and_the_review_has_nothing_against_it_any_more(
    claim: Claim, desk: Client, editor: User
) -> None:
    page, review = f"/admin/embargo/{claim.ref}/", f"/admin/review/?ref={claim.ref}"
    desk.post(page, _sent(claim))
    assert "it is under embargo until" in desk.get(review).content.decode()
    assert b"Lift it now" in desk.get(page).content
    assert desk.post(page, _sent(claim, decision="lift")).status_code == 302
    assert "under embargo" not in desk.get(review).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"when": "2020-01-01T00:00"}, "ends in the future"), ({"why": " "}, "why it has to wait"),
     ({"zone": "Nowhere"}, "No time zone is called"), ({"when": "soon"}, "Enter a valid date/time")],
)  # fmt: skip
def test_what_makes_no_sense_is_said_and_keeps_what_was_typed(
    claim: Claim, desk: Client, changes: dict[str, str], words: str
) -> None:
    answer = desk.post(f"/admin/embargo/{claim.ref}/", _sent(claim, **changes))
    html = answer.content.decode()
    assert words in html
    assert "The paper asks us to wait." in html or "why" in changes
    assert not Embargo.objects.exists()


def test_a_stale_page_is_refused(claim: Claim, desk: Client) -> None:
    build.save_claim(build.draft_of(claim, note={"en": "More."}), by=None, ref=claim.ref)
    answer = desk.post(f"/admin/embargo/{claim.ref}/", _sent(claim))
    assert answer.status_code == 409
    assert not Embargo.objects.exists()


def test_one_that_has_run_out_is_none(claim: Claim, desk: Client, editor: User) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Embargo.objects.create(kind="claim", ref=claim.ref, until=past, why="Wait.", set_by=editor, set_at=past)
    assert "Under embargo" not in desk.get(admin_url(claim)).content.decode()
    assert desk.post(f"/admin/embargo/{claim.ref}/", _sent(claim, decision="lift")).status_code == 409


def test_who_may_not_write_it_sees_no_such_page(claim: Claim) -> None:
    outsider = logged_in(User.objects.create_user("outsider", password="a-long-password", is_staff=True))
    assert outsider.get(f"/admin/embargo/{claim.ref}/").status_code == 403
    assert outsider.post(f"/admin/embargo/{claim.ref}/", _sent(claim)).status_code == 403
