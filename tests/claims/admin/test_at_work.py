"""Pages of the desk at work: talk, notices, many at once, publishing later; by role, and for forged requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.approvals import approve
from claims.actions.bulk import approve_all
from claims.actions.claims import save_claim
from claims.admin.schedules import ScheduleForm
from claims.admin.talk import LISTED
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
    """Somebody of each group of the staff, logged in."""
    staff = [role for role in Role if role != Role.PARTNER]
    return {role.value: logged_in(member(role.value, f"the-{role.value}")) for role in staff}


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


def test_the_form_says_why_it_was_sent_back_until_it_goes_on(desks: Clients) -> None:
    claim = build.a_claim(by=person("contributor"))
    form = f"/admin/claims/claim/{claim.pk}/change/"

    def shown() -> Comment | None:
        return desks["contributor"].get(form).context["sent_back"]

    assert shown() is None
    decide(desks["contributor"], claim, "submit", "See page 3.")
    assert shown() is None
    decide(desks["editor"], claim, "request-changes", "Which edition of it?")
    said = shown()
    assert said is not None
    assert (said.by, said.text) == (person("editor"), "Which edition of it?")
    assert "the-editor sent it back on" in desks["contributor"].get(form).content.decode()
    draft = build.draft_of(claim, note={"en": "The second edition."})
    save_claim(draft, by=person("contributor"), ref=claim.ref)
    assert shown() is not None  # it is still to be submitted
    decide(desks["contributor"], claim, "submit")
    decide(desks["contributor"], claim, "take-back")
    assert shown() is None
    decide(desks["contributor"], claim, "submit")
    decide(desks["editor"], claim, "reject", "Nobody says so.")
    assert "the-editor rejected it on" in desks["contributor"].get(form).content.decode()
    decide(desks["editor"], claim, "reopen")
    assert shown() is not None


def test_what_is_incomplete_is_refused_with_the_list_and_the_words_are_kept(desks: Clients) -> None:
    claim = save_claim(build.a_draft(evidence=[]), by=person("contributor"))
    for role, decision in (("contributor", "submit"), ("editor", "approve")):
        refused = decide(desks[role], claim, decision, "Please look.")
        assert refused.status_code == 409
        assert refused.context["refused"] == ["it has no evidence"]
        assert "Please look.</textarea>" in refused.content.decode()
    assert current(claim).state == State.DRAFT


@pytest.mark.parametrize(
    ("decision", "state", "words", "done"),
    [("submit", State.DRAFT, "It is submitted for review.", "submitted for review"),
     ("approve", State.IN_REVIEW, "This version is approved.", "approved"),
     ("request-changes", State.IN_REVIEW, "It is sent back", "sent back"),
     ("discard", State.DRAFT, "It is discarded.", "discarded")],
)  # fmt: skip
def test_what_was_decided_is_said_in_a_sentence(
    desks: Clients, decision: str, state: State, words: str, done: str
) -> None:
    claim = build.a_claim(by=person("contributor"), state=state)
    decide(desks["editor"], claim, decision, "Because.")
    html = desks["editor"].get(f"/admin/talk/{claim.ref}/").content.decode()
    assert words in html
    assert f'<span class="standing">{done}</span>' in html


def test_notices_are_ones_own_and_read_up_to_the_last_shown(desks: Clients) -> None:
    claim = build.a_claim(by=person("contributor"))
    for number in range(3):
        decide(desks["editor"], claim, "comment", f"Remark {number}")
    page = desks["contributor"].get("/admin/notices/")
    assert [one.first.text for one in page.context["notices"]] == ["Remark 2", "Remark 1", "Remark 0"]
    assert "3 new notices" in page.content.decode()
    decide(desks["editor"], claim, "comment", "Remark 3")
    desks["editor"].post("/admin/notices/", {"up_to": page.context["up_to"]})
    assert Notice.objects.unread().count() == 4
    desks["contributor"].post("/admin/notices/", {"up_to": page.context["up_to"]})
    assert [one.text for one in Notice.objects.unread()] == ["Remark 3"]
    assert desks["contributor"].post("/admin/notices/", {"up_to": "x"}).status_code == 404


def test_what_was_done_to_many_at_once_is_one_notice(desks: Clients) -> None:
    def at_once(number: int) -> list[Claim]:
        claims = [build.a_claim(by=person("contributor")) for _ in range(number)]
        approve_all({claim.ref: claim.version for claim in claims}, by=person("editor"))
        return claims

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            desks["contributor"].get("/admin/notices/")
        return len(counted)

    at_once(2)
    before = queries()
    claims = at_once(LISTED + 4)
    assert queries() == before
    page = desks["contributor"].get("/admin/notices/")
    many, few = page.context["notices"]
    assert (len(many.things), many.more, many.unread) == (LISTED, 4, True)
    assert (len(few.things), few.more) == (2, 0)
    first = min(claims, key=lambda claim: claim.ref)
    assert many.things[0] == (str(first), f"/admin/talk/{first.ref}/")
    assert "2 new notices" in page.content.decode()
    assert "and 4 more things." in page.content.decode()
    desks["contributor"].post("/admin/notices/", {"up_to": page.context["up_to"]})
    assert not Notice.objects.unread().exists()


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
    evidence = [part for one in shown.context["previews"] for part in one["comparison"].changed]
    assert [(part.unchanged, [str(one.change) for one in part.entries]) for part in evidence] == [
        (1, ["added"])
    ] * 2
    assert all("p. 3" in [row.new for row in part.entries[0].rows][1] for part in evidence)
    assert [claim.evidence.count() for claim in claims] == [1, 1]
    assert desks["contributor"].post("/admin/bulk/", given | {"decision": "do"}).status_code == 302
    assert [claim.evidence.count() for claim in claims] == [2, 2]


def test_more_than_can_be_changed_at_once_is_said_and_the_first_are_offered(
    desks: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("claims", "bulk"):
        monkeypatch.setattr(f"claims.admin.{module}.MOST", 2)
    claims = sorted((build.a_claim() for _ in range(3)), key=lambda one: one.ref)
    action = {"action": "change_selected", "_selected_action": [claim.pk for claim in claims]}
    chosen = desks["editor"].post("/admin/claims/claim/?state=draft", action)
    assert chosen["Location"] == "/admin/claims/claim/?state=draft"
    for page in (
        desks["editor"].get(chosen["Location"]),
        desks["editor"].get("/admin/bulk/", {"ref": [claim.ref for claim in claims]}, follow=True),
    ):
        assert "At most 2 claims are changed at a time" in page.content.decode()
        first = f'/admin/bulk/?ref={claims[0].ref}&amp;ref={claims[1].ref}"'
        assert first in page.content.decode()


@pytest.mark.parametrize(("role", "page"), [("editor", "review"), ("contributor", "bulk")])
def test_after_a_bulk_change_its_author_submits_all_of_it(desks: Clients, role: str, page: str) -> None:
    claims = [build.a_claim(by=person("publisher")) for _ in range(2)]
    chosen = {"deed": "rank", "seen": seen(*claims), "rank": "deprecated", "rank_reason__en": "Old."}
    changed = desks[role].post("/admin/bulk/", chosen | {"decision": "do"}, follow=True)
    assert changed.redirect_chain[0][0].startswith(f"/admin/{page}/?")
    html = changed.content.decode()
    assert "2 claims are changed." in html
    assert "Submit all 2 for review" in html
    data = {"decision": "submit", "seen": seen(*(current(claim) for claim in claims))}
    submitted = desks[role].post(f"/admin/{page}/", data, follow=True)
    assert "2 are submitted for review." in submitted.content.decode()
    assert "Submit all" not in submitted.content.decode()
    assert {current(claim).state for claim in claims} == {State.IN_REVIEW}
    refused = desks[role].post(f"/admin/{page}/", data | {"seen": seen(*(current(one) for one in claims))})
    assert (refused.status_code, len(refused.context["refused"])) == (409, 2)


def test_what_is_approved_or_can_be_is_not_offered_for_submission(desks: Clients) -> None:
    approved, drafted = (
        _approved(person("contributor"), person("editor")),
        build.a_claim(by=person("contributor")),
    )
    for claim in (approved, drafted):
        html = desks["editor"].get("/admin/review/", {"ref": claim.ref}).content.decode()
        assert "Submit" not in html
    assert "Approve this version" in html


def test_the_form_names_what_one_may_do(desks: Clients) -> None:
    claim = build.a_claim(by=person("contributor"))
    words = {"publisher": "Review and publish…", "editor": "Review and approve…"}
    for role, said in words.items():
        html = desks[role].get(f"/admin/claims/claim/{claim.pk}/change/").content.decode()
        assert said in html
        title = desks[role].get("/admin/review/", {"ref": claim.ref}).context["title"]
        assert title == said.removesuffix("…")
        assert not any(other in html for other in words.values() if other != said)


def test_publishing_later_says_new_of_what_readers_never_had(desks: Clients) -> None:
    never = _approved(person("contributor"), person("editor"))
    assert 'value="new" required id="id_reason_0" checked' in _later(desks, never)
    build.published(never)
    assert 'value="update" required id="id_reason_1" checked' in _later(desks, never)


def _later(desks: Clients, claim: Claim) -> str:
    return desks["publisher"].get("/admin/schedule/", {"ref": claim.ref}).content.decode()


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
    assert str(claims[0]) in " ".join(answer.context["refused"])
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
        written = f"{day.day} {day:%b %Y}"
        assert f"{written}, 06:00 Asia/Dhaka ({written}, 00:00 UTC)" in answer.content.decode()
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
