"""Reviewing, approving, publishing and withdrawing on the desk."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.claims import save_claim
from claims.ledger.models import Edition
from claims.models import Approval, Claim
from companies.models import Entity
from kb.models import Root
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff


@pytest.fixture(autouse=True)
def _one_person(settings: Any) -> None:
    settings.ONE_PERSON_MODE = True


def changed(story: Story, **changes: Any) -> Claim:
    draft = build.draft_of(
        story.claim, **({"value": build.euros("2000000"), "note": {"en": "New figure."}} | changes)
    )
    return save_claim(draft, by=None, ref=story.claim.ref)


def seen(*roots: Root) -> list[str]:
    return [f"{root.ref}:{root.version}" for root in roots]


def decision(*roots: Root, **changes: Any) -> dict[str, Any]:
    return {"seen": seen(*roots), "decision": "publish", "reason": "update"} | changes


def test_a_review_says_what_will_change_in_words(desk: Client, story: Story) -> None:
    claim = changed(story)
    page = desk.get("/admin/review/", {"ref": claim.ref})
    shown = page.context["previews"][0]
    rows = {(one.name, str(row.old), str(row.new)) for one in shown.comparison.changed for row in one.rows}
    assert rows == {
        ("value", "<del>€1</del> million", "<ins>€2</ins> million"), ("note", "", "<ins>New figure.</ins>"),
    }  # fmt: skip
    assert "1000000" not in page.content.decode()
    assert page.context["may_publish"]


@pytest.mark.parametrize("where", ["review", "schedule"])
def test_reviewing_many_takes_the_queries_of_reviewing_few(
    desk: Client, editor: User, story: Story, where: str, settings: Any
) -> None:
    settings.ONE_PERSON_MODE = False
    alike: dict[str, Any] = {"subject": story.entity, "property": story.claim.property, "by": editor}
    evidence = [build.some_evidence(build.a_source())]
    claims = [build.a_claim(**alike, evidence=evidence) for _ in range(9)]
    counts = []
    for few in (3, 9):
        with CaptureQueriesContext(connection) as counted:
            page = desk.get(f"/admin/{where}/", {"ref": [claim.ref for claim in claims[:few]]})
        assert len(page.context["previews"]) == few
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_a_review_of_something_new_speaks_in_labels(desk: Client, story: Story) -> None:
    claim = build.a_claim(subject=story.entity, property=story.claim.property)
    html = desk.get("/admin/review/", {"ref": claim.ref}).content.decode()
    assert "Deep Sea" in html
    assert story.entity.ref not in html
    assert "requires the scope dimension" in html


def test_publishing_prints_one_edition(desk: Client, editor: User, story: Story) -> None:
    claim, entity = changed(story), build.an_entity("fresh", kind="company")
    answer = desk.post("/admin/review/", decision(claim, entity), follow=True)
    assert "Published in edition 2." in answer.content.decode()
    edition = Edition.objects.get(number=2)
    assert (edition.reason, edition.by, edition.review) == ("update", "the desk", "one-person")
    assert json.loads(build.record_of(claim).body)["value"]["amount"] == "2000000"
    assert Claim.objects.get(pk=claim.pk).state == "approved"
    assert build.record_of(entity).edition_from == 2


def test_selected_rows_lead_to_the_review(desk: Client, story: Story) -> None:
    build.an_entity("fresh", kind="company")
    keys = list(Entity.objects.filter(kind="company").values_list("pk", flat=True))
    page = desk.post("/admin/companies/company/", {"action": "review_selected", "_selected_action": keys})
    assert [one.label for one in page.context["previews"]].count("Deep Sea") == 1
    assert len(page.context["previews"]) == len(keys)
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("reason", ["correction", "retraction"])
def test_a_correction_needs_a_public_note(reason: str, desk: Client, story: Story) -> None:
    claim = changed(story)
    answer = desk.post("/admin/review/", decision(claim, reason=reason))
    assert answer.status_code == 409
    assert "public note" in answer.content.decode()
    assert Edition.objects.count() == 1
    desk.post("/admin/review/", decision(claim, reason=reason, note__en="A digit was lost."))
    assert json.loads(Edition.objects.get(number=2).note) == {"en": "A digit was lost."}


@pytest.mark.parametrize("reason", ["import", "source-changed", "format", ""])
def test_no_editor_gives_a_reason_that_passes_review(reason: str, desk: Client, story: Story) -> None:
    answer = desk.post("/admin/review/", decision(changed(story), reason=reason))
    assert answer.status_code == 409
    assert Edition.objects.count() == 1


def test_what_moved_since_the_review_is_not_published(desk: Client, story: Story) -> None:
    claim = changed(story)
    asked = decision(claim)
    changed(story, value=build.euros("9"))
    answer = desk.post("/admin/review/", asked)
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.content.decode()
    assert Edition.objects.count() == 1


def test_what_is_missing_is_named_and_can_be_added(desk: Client, story: Story) -> None:
    claim = build.a_claim(subject=build.an_entity("unheard-of"), property=story.claim.property, scope=[
        one.term for one in story.claim.scope.all()
    ])  # fmt: skip
    page = desk.get("/admin/review/", {"ref": claim.ref})
    assert "Unheard-Of" in [label for label, _url in page.context["missing"]]
    assert not page.context["may_publish"]
    together = desk.get(page.context["together_url"])
    assert not together.context["missing"]
    refused = desk.post("/admin/review/", decision(claim))
    assert "would not be published" in refused.content.decode()
    assert Edition.objects.count() == 1
    roots = [one.root for one in together.context["previews"]]
    assert desk.post("/admin/review/", decision(*roots, reason="new")).status_code == 302
    assert Edition.objects.count() == 2


def test_nothing_to_print_is_said(desk: Client, story: Story) -> None:
    answer = desk.post("/admin/review/", decision(story.claim))
    assert answer.status_code == 409
    assert "already published" in answer.content.decode()


def test_who_may_edit_may_not_publish(story: Story) -> None:
    claim = changed(story)
    writer = logged_in(staff("writer", "claims.change_claim", "claims.view_claim"))
    assert "Publish…" not in writer.get(f"/admin/claims/claim/{claim.pk}/change/").content.decode()
    assert writer.get("/admin/review/", {"ref": claim.ref}).status_code == 403
    assert writer.post("/admin/review/", decision(claim)).status_code == 403
    assert writer.post("/admin/review/", decision(claim, decision="approve")).status_code == 403
    assert writer.post("/admin/approve/", {"seen": seen(claim)}).status_code == 403
    assert writer.post("/admin/withdraw/", {"ref": claim.ref, "note__en": "x"}).status_code == 403
    action = {"action": "review_selected", "_selected_action": [claim.pk]}
    assert "previews" not in (writer.post("/admin/claims/claim/", action).context or {})
    assert "review_selected" not in writer.get("/admin/claims/claim/").content.decode()
    assert Edition.objects.count() == 1
    assert not Approval.objects.exists()


def test_who_may_approve_may_not_publish(story: Story) -> None:
    claim = changed(story)
    approver = logged_in(staff("approver", "claims.approve_claim", "claims.view_claim"))
    assert approver.post("/admin/review/", decision(claim)).status_code == 403
    assert Edition.objects.count() == 1


def test_strangers_and_forged_requests_reach_nothing(editor: User, story: Story) -> None:
    claim = changed(story)
    assert Client().post("/admin/review/", decision(claim)).status_code == 302  # to the login
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(editor)
    for url in ("/admin/review/", "/admin/approve/", "/admin/withdraw/"):
        assert forger.post(url, decision(claim)).status_code == 403
    outsider = User.objects.create_user("reader", password="a-long-password")
    assert logged_in(outsider).post("/admin/review/", decision(claim)).status_code == 302
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("forged", [[], ["nonsense"], ["c0000000aa:1"], ["c0000000aa:x"], ["../x:1"]])
def test_forged_versions_are_not_found(forged: list[str], desk: Client, story: Story) -> None:
    assert (
        desk.post("/admin/review/", {"seen": forged, "decision": "publish", "reason": "new"}).status_code
        == 404
    )
    assert desk.post("/admin/approve/", {"seen": forged}).status_code == 404


def test_reading_a_review_changes_nothing(desk: Client, story: Story) -> None:
    claim = changed(story)
    desk.get("/admin/review/", {"ref": claim.ref, "decision": "publish", "reason": "update"})
    assert desk.get("/admin/approve/", {"seen": seen(claim)}).status_code == 405
    assert Edition.objects.count() == 1


def test_four_eyes_one_writes_another_approves(
    settings: Any, editor: User, colleague: User, story: Story
) -> None:
    settings.ONE_PERSON_MODE = False
    draft = build.draft_of(story.claim, note={"en": "Checked."})
    claim = save_claim(draft, by=editor, ref=story.claim.ref)
    mine, theirs = logged_in(editor), logged_in(colleague)
    url = f"/admin/claims/claim/{claim.pk}/change/"
    assert 'action="/admin/approve/"' not in mine.get(url).content.decode()
    refused = mine.post("/admin/approve/", {"seen": seen(claim)})
    assert "somebody else approves it" in refused.content.decode()
    assert "second person has yet to approve" in mine.post("/admin/review/", decision(claim)).content.decode()
    assert 'action="/admin/approve/"' in theirs.get(url).content.decode()
    assert theirs.post("/admin/approve/", {"seen": seen(claim)}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == "approved"
    assert mine.post("/admin/review/", decision(claim)).status_code == 302
    assert Edition.objects.get(number=2).review == "four-eyes"


def test_withdrawing_asks_for_a_note_and_keeps_the_address(desk: Client, story: Story) -> None:
    claim = build.a_claim()
    build.published(claim)
    claim.refresh_from_db()
    page = desk.get("/admin/withdraw/", {"ref": claim.ref})
    assert page.status_code == 200
    assert "say why" in desk.post("/admin/withdraw/", {"seen": seen(claim)}).content.decode()
    given = {"seen": seen(claim), "note__en": "It was made up."}
    answer = desk.post("/admin/withdraw/", given, follow=True)
    assert "Withdrawn in edition 3." in answer.content.decode()
    assert build.record_of(claim).op == "withdrawn"
    assert "withdrawn" in desk.get(f"/admin/claims/claim/{claim.pk}/change/").content.decode()


def test_withdrawing_what_others_lean_on_is_refused_with_the_list(desk: Client, story: Story) -> None:
    page = desk.get("/admin/withdraw/", {"ref": story.claim.ref})
    assert [label for label, _url in page.context["leaning"]] == ["How much?"]
    answer = desk.post("/admin/withdraw/", {"seen": seen(story.claim), "note__en": "Wrong."})
    assert answer.status_code == 409
    assert "How much?" in answer.content.decode()
    assert Edition.objects.count() == 1
    both = seen(story.claim, story.dispute)
    assert desk.post("/admin/withdraw/", {"seen": both, "note__en": "Wrong."}).status_code == 302


def test_withdrawing_another_version_than_the_one_seen_is_refused(desk: Client, story: Story) -> None:
    claim = build.a_claim()
    build.published(claim)
    claim.refresh_from_db()
    page = desk.get("/admin/withdraw/", {"ref": claim.ref})
    assert f'name="seen" value="{seen(claim)[0]}"' in page.content.decode()
    save_claim(build.draft_of(claim, note={"en": "Corrected."}), by=None, ref=claim.ref)
    answer = desk.post("/admin/withdraw/", {"seen": seen(claim), "note__en": "Wrong."})
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.content.decode()
    assert build.record_of(claim).op != "withdrawn"
    claim.refresh_from_db()
    assert desk.post("/admin/withdraw/", {"seen": seen(claim), "note__en": "Wrong."}).status_code == 302
    assert desk.post("/admin/withdraw/", {"note__en": "Wrong."}).status_code == 404
