"""Pages of the desk at work: talk, notices, many at once, publishing later; by role, and for forged requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.actions.approvals import approve
from claims.actions.claims import save_claim
from claims.admin.schedules import ScheduleForm
from claims.ledger.models import Edition
from claims.models import Approval, Assignment, Claim, Comment, HalfLife, Notice, Schedule
from claims.workflow import Role
from kb.models import State
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff
from tests.roles import member

Clients = dict[str, Client]


@pytest.fixture
def desks(db: None) -> Clients:
    """Somebody of each group, logged in."""
    return {role.value: logged_in(member(role.value, f"the-{role.value}")) for role in Role}


def person(role: str) -> User:
    return User.objects.get(username=f"the-{role}")


def seen(*claims: Any) -> list[str]:
    return [f"{claim.ref}:{claim.version}" for claim in claims]


def current(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def decide(client: Client, claim: Claim, decision: str, text: str = "") -> Any:
    claim = current(claim)
    data = {"seen": seen(claim), "decision": decision, "text": text}
    return client.post(f"/admin/talk/{claim.ref}/", data)


def test_a_claim_goes_from_hand_to_hand(desks: Clients) -> None:
    claim = build.a_claim(by=person("contributor"))
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    assert decide(desks["contributor"], claim, "submit").status_code == 302
    refused = decide(desks["editor"], claim, "request-changes")
    assert refused.status_code == 409
    assert "needs a comment" in refused.content.decode()
    assert decide(desks["editor"], claim, "request-changes", "Which page?").status_code == 302
    assert current(claim).state == State.DRAFT
    page = desks["contributor"].get(f"/admin/talk/{claim.ref}/").content.decode()
    assert "Which page?" in page
    assert "1 new notice" in page
    assert decide(desks["contributor"], claim, "comment", "Page 3.").status_code == 302
    assert decide(desks["contributor"], claim, "submit").status_code == 302
    assert decide(desks["editor"], claim, "approve").status_code == 302
    assert current(claim).state == State.APPROVED
    data = {"seen": seen(current(claim)), "decision": "publish", "reason": "new"}
    assert desks["editor"].post("/admin/review/", data).status_code == 403
    assert desks["publisher"].post("/admin/review/", data).status_code == 302
    assert Edition.objects.order_by("-number")[0].review == "four-eyes"


def test_only_what_one_may_do_is_offered_and_forging_it_does_nothing(desks: Clients) -> None:
    claim = build.a_claim(by=person("editor"), state=State.IN_REVIEW)
    offered = {
        role: [
            action.value for action, _comment in client.get(f"/admin/talk/{claim.ref}/").context["decisions"]
        ]
        for role, client in desks.items()
    }
    assert offered["contributor"] == []
    assert offered["editor"] == ["take-back", "discard"]
    assert offered["publisher"] == ["approve", "request-changes", "reject", "discard"]
    for role, client in desks.items():
        for decision in ("approve", "request-changes", "reject", "take-back", "discard", "reopen", "submit"):
            if decision not in offered[role]:
                assert decide(client, claim, decision, "Forged.").status_code == 409, (role, decision)
    for decision in ("publish", "import", "edit", "nonsense", ""):
        assert decide(desks["administrator"], claim, decision, "Forged.").status_code == 404
    assert (current(claim).state, current(claim).version) == (State.IN_REVIEW, 1)
    assert not Approval.objects.exists()
    assert not Comment.objects.exists()


def test_a_decision_on_an_older_version_is_refused_with_the_words_kept(desks: Clients, editor: User) -> None:
    claim = build.a_claim(by=editor, state=State.IN_REVIEW)
    asked = {"seen": seen(claim), "decision": "reject", "text": "Nobody says so."}
    save_claim(build.draft_of(claim, note={"en": "New."}), by=editor, ref=claim.ref, state=State.IN_REVIEW)
    answer = desks["editor"].post(f"/admin/talk/{claim.ref}/", asked)
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.content.decode()
    assert "Nobody says so.</textarea>" in answer.content.decode()
    assert current(claim).state == State.IN_REVIEW


def test_talk_is_for_who_may_look(story: Story) -> None:
    url = f"/admin/talk/{story.claim.ref}/"
    assert logged_in(staff("nobody")).get(url).status_code == 403
    looker = logged_in(staff("looker", "claims.view_claim"))
    page = looker.get(url)
    assert page.status_code == 200
    assert not page.context["may_comment"]
    assert looker.post(url, {"decision": "comment", "text": "Hm."}).status_code == 409
    assert looker.get("/admin/talk/c0nowherezz/").status_code == 404
    assert not Comment.objects.exists()


def test_somebody_is_asked_to_look_after_it(desks: Clients) -> None:
    claim = build.a_claim()
    url, editor = f"/admin/talk/{claim.ref}/", person("editor")
    assert desks["contributor"].post(url, {"decision": "assign", "to": editor.pk}).status_code == 302
    assert Assignment.objects.get().assigned_to == editor
    nobody = staff("nobody")
    assert desks["contributor"].post(url, {"decision": "assign", "to": nobody.pk}).status_code == 404
    desks["contributor"].post(url, {"decision": "assign", "to": ""})
    assert not Assignment.objects.exists()


def test_notices_are_ones_own_and_read_up_to_the_last_shown(desks: Clients) -> None:
    claim = build.a_claim(by=person("contributor"))
    for number in range(3):
        decide(desks["editor"], claim, "comment", f"Remark {number}")
    page = desks["contributor"].get("/admin/notices/")
    assert [one.text for one, _url in page.context["notices"]] == ["Remark 2", "Remark 1", "Remark 0"]
    assert "3 new notices" in page.content.decode()
    decide(desks["editor"], claim, "comment", "Remark 3")
    desks["editor"].post("/admin/notices/", {"up_to": page.context["up_to"]})
    assert Notice.objects.unread().count() == 4
    desks["contributor"].post("/admin/notices/", {"up_to": page.context["up_to"]})
    assert [one.text for one in Notice.objects.unread()] == ["Remark 3"]
    assert desks["contributor"].post("/admin/notices/", {"up_to": "x"}).status_code == 404


# Many at once -------------------------------------------------------------------------------------------------


def test_a_bulk_change_is_shown_first_and_then_done(desks: Clients) -> None:
    claims = [build.a_claim() for _ in range(2)]
    build.a_source("annual-report")
    action = {"action": "change_selected", "_selected_action": [claim.pk for claim in claims]}
    chosen = desks["contributor"].post("/admin/claims/claim/", action)
    assert set(parse_qs(urlsplit(chosen["Location"]).query)["ref"]) == {claim.ref for claim in claims}
    given = {
        "deed": "evidence",
        "seen": seen(*claims),
        "source": "annual-report",
        "stance": "supports",
        "locator": "p. 3",
    }
    shown = desks["contributor"].post("/admin/bulk/", given | {"decision": "preview"})
    lines = [
        line.text
        for one in shown.context["previews"]
        for part in one["differences"]
        for line in part.lines
        if line.mark
    ]
    assert sum("p. 3" in line for line in lines) == 2
    assert [claim.evidence.count() for claim in claims] == [1, 1]
    assert desks["contributor"].post("/admin/bulk/", given | {"decision": "do"}).status_code == 302
    assert [claim.evidence.count() for claim in claims] == [2, 2]


def test_a_bulk_change_of_what_moved_is_refused_by_name(desks: Clients, editor: User) -> None:
    claims = [build.a_claim() for _ in range(2)]
    given = {
        "deed": "rank",
        "seen": seen(*claims),
        "rank": "deprecated",
        "rank_reason__en": "Old.",
        "decision": "do",
    }
    save_claim(build.draft_of(claims[0], note={"en": "New."}), by=editor, ref=claims[0].ref)
    answer = desks["editor"].post("/admin/bulk/", given)
    assert answer.status_code == 409
    assert f"{claims[0].subject.slug}" in " ".join(answer.context["refused"])
    assert {current(claim).rank for claim in claims} == {"normal"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"source": "nowhere", "locator": "p. 3"}, "No source has this"),
        ({"source": "report-x"}, "one of the two"),
        ({"source": "report-x", "quote": "fee"}, "No text of this source is held"),
        ({"source": "report-x", "quote": "fee", "locator": "p. 3"}, "one of the two"),
    ],
)
def test_evidence_that_cannot_be_is_refused(given: dict[str, str], said: str, desks: Clients) -> None:
    claim = build.a_claim()
    build.a_source("report-x")
    data = {"deed": "evidence", "seen": seen(claim), "stance": "supports", "decision": "preview"} | given
    assert said in desks["editor"].post("/admin/bulk/", data).content.decode()
    assert claim.evidence.count() == 1


def test_a_quote_for_all_is_pinned_to_the_newest_copy(held: Story, desks: Clients) -> None:
    claim = build.a_claim()
    data = {
        "deed": "evidence",
        "seen": seen(claim),
        "stance": "supports",
        "source": held.source.ref,
        "decision": "do",
    }
    twice = desks["editor"].post("/admin/bulk/", data | {"quote": "6 মিলিয়ন ডলার"})
    assert "in 2 places" in twice.content.decode()
    desks["editor"].post("/admin/bulk/", data | {"quote": "sagt der Verein"})
    evidence = claim.evidence.last()
    assert evidence is not None
    assert (evidence.exact, evidence.snapshot) == ("sagt der Verein", held.source.snapshots.get())


def test_who_may_not_write_claims_changes_none(story: Story) -> None:
    looker = logged_in(staff("looker", "claims.view_claim"))
    assert looker.get("/admin/bulk/", {"ref": story.claim.ref}).status_code == 403
    assert looker.post("/admin/bulk/", {"decision": "submit", "seen": seen(story.claim)}).status_code == 403


def test_many_are_approved_or_none_and_published_in_one_edition(desks: Clients) -> None:
    claims = [build.a_claim(by=person("contributor")) for _ in range(20)]
    mine = build.a_claim(by=person("publisher"))
    rest = [root for root in build.resting_on(*claims, mine) if root.KIND != "claim"]
    build.published(*rest)
    refused = desks["publisher"].post("/admin/review/", {"seen": seen(*claims, mine), "decision": "approve"})
    assert refused.status_code == 409
    assert not Approval.objects.exists()
    desks["publisher"].post("/admin/review/", {"seen": seen(*claims), "decision": "approve"})
    assert Approval.objects.count() == 20
    data = {"seen": seen(*map(current, claims)), "decision": "publish", "reason": "new"}
    assert desks["publisher"].post("/admin/review/", data).status_code == 302
    assert {build.record_of(claim).edition_from for claim in claims} == {2}


# Publishing later ---------------------------------------------------------------------------------------------


def _approved(by: User, colleague: User) -> Claim:
    claim = build.a_claim(by=by)
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    approve(claim, by=colleague, expect=claim.version)
    return current(claim)


def test_a_publisher_schedules_in_a_zone_publishes_by_hand_and_cancels(desks: Clients) -> None:
    claims = [_approved(person("contributor"), person("editor")) for _ in range(2)]
    day = (timezone.now() + timedelta(days=3)).date()
    data = {"when": f"{day}T06:00", "zone": "Asia/Dhaka", "reason": "new"}
    for claim in claims:
        assert desks["publisher"].get("/admin/schedule/", {"ref": claim.ref}).status_code == 200
        answer = desks["publisher"].post("/admin/schedule/", data | {"seen": seen(claim)}, follow=True)
        assert f"{day} 06:00 Asia/Dhaka ({day} 00:00 UTC)" in answer.content.decode()
    first, second = Schedule.objects.order_by("id")
    assert first.publish_at == datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert desks["editor"].get("/admin/schedules/").status_code == 403
    assert desks["editor"].post("/admin/schedule/", data | {"seen": seen(claims[0])}).status_code == 403
    desks["publisher"].post("/admin/schedules/", {"schedule": first.pk, "decision": "publish"})
    desks["publisher"].post("/admin/schedules/", {"schedule": second.pk, "decision": "cancel"})
    assert list(Schedule.objects.order_by("id").values_list("outcome", flat=True)) == [
        "published",
        "canceled",
    ]
    again = desks["publisher"].post("/admin/schedules/", {"schedule": first.pk, "decision": "publish"})
    assert again.status_code == 409
    assert desks["publisher"].post("/admin/schedules/", {"schedule": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("when", "zone", "said"),
    [
        ("2026-03-29T02:30", "Europe/Paris", "does not exist"),
        ("2026-10-25T02:30", "Europe/Paris", "comes twice"),
        ("2026-10-25T02:30", "Mars/Base", "No time zone"),
        ("tomorrow", "UTC", "valid date"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(when: str, zone: str, said: str) -> None:
    form = ScheduleForm({"when": when, "zone": zone, "reason": "new"})
    assert not form.is_valid()
    assert said in str(form.errors)


def test_half_lives_are_set_by_editors_and_are_no_part_of_the_property(desks: Clients) -> None:
    fee = build.a_property()
    before = (fee.version, fee.body_sha256())
    assert (
        desks["contributor"]
        .post("/admin/claims/halflife/add/", {"property": fee.pk, "months": 6})
        .status_code
        == 403
    )
    assert (
        desks["editor"].post("/admin/claims/halflife/add/", {"property": fee.pk, "months": 6}).status_code
        == 302
    )
    half_life = HalfLife.objects.get()
    assert (half_life.months, half_life.set_by) == (6, person("editor"))
    url = f"/admin/claims/halflife/{half_life.pk}/change/"
    assert desks["editor"].post(url, {"property": fee.pk, "months": 0}).status_code == 200
    desks["editor"].post(url, {"property": fee.pk, "months": 12})
    assert HalfLife.objects.get().months == 12
    fee.refresh_from_db()
    assert (fee.version, fee.body_sha256()) == before
