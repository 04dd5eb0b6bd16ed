"""History in words, going back with a preview, and a whole edition reversed with a preview."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.claims import save_claim
from claims.ledger.models import Edition, Reason
from claims.models import Claim
from kb.models import Revision
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff
from tests.claims.admin.test_comparing import words


def looked_at(page: Any) -> dict[str, Any]:
    """What a page's form says of the versions that it shows."""
    return {"seen": page.context["seen"]}


NOTE = {"decision": "publish", "reason": "correction", "note__en": "It was wrong."}


def resave(story: Story, by: User | None = None, why: str = "", **changes: object) -> Claim:
    return save_claim(build.draft_of(story.claim, **changes), by=by, ref=story.claim.ref, why=why)


def history(client: Client, story: Story, query: str = "") -> str:
    answer = client.get(f"/admin/claims/claim/{story.claim.pk}/history/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_history_says_who_why_and_what_in_words(desk: Client, colleague: User, story: Story) -> None:
    resave(story, by=colleague, why="the club said so", value=build.euros("3000000"), note={"bn": "সতর্কতা"})
    page = words(history(desk, story))
    assert "colleague" in page
    assert "the club said so" in page
    assert "value: €1 million → €3 million" in page
    assert "note: Bengali added" in page
    assert "the machine" in page
    assert "added in edition 1" in page
    assert "only its state" in page  # the publishing


def test_long_histories_are_paged_in_a_fixed_number_of_queries(desk: Client, story: Story) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            history(desk, story)
        return len(counted)

    def more(number: int) -> None:
        for turn in range(number):
            resave(story, value=build.euros(str(1000 + number * 100 + turn)))

    more(2)
    queries()  # once before, so that nothing but the page itself is counted
    before = queries()
    more(60)
    assert queries() == before
    page = history(desk, story)
    assert "Older versions" in page
    assert "entered" not in words(page)
    assert "entered" in words(history(desk, story, "?before=13"))
    assert desk.get(f"/admin/claims/claim/{story.claim.pk}/history/?before=x").status_code == 200


def test_going_back_is_shown_first_and_is_a_new_version(desk: Client, editor: User, story: Story) -> None:
    first = story.claim.body()
    changed = resave(story, value=build.euros("3000000"), evidence=build.draft_of(story.claim).evidence[:1])
    url = f"/admin/compare/{story.claim.ref}/back-to/{story.claim.version}/"
    page = desk.get(url)
    assert "<del>€3</del>" in page.content.decode()
    assert "<ins>€1</ins>" in page.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).version == changed.version  # looking changes nothing
    answer = desk.post(url, {"version": changed.version, "why": "a typing error"})
    assert answer.status_code == 302
    claim = Claim.objects.get(pk=story.claim.pk)
    revision = Revision.objects.get(ref=claim.ref, version=claim.version)
    assert claim.body() == first
    assert (claim.version, claim.state) == (changed.version + 1, "draft")
    assert (revision.by, revision.why) == (editor, f"back to version {story.claim.version}: a typing error")


def test_going_back_over_somebody_elses_save_is_refused(desk: Client, colleague: User, story: Story) -> None:
    changed = resave(story, value=build.euros("3000000"))
    url = f"/admin/compare/{story.claim.ref}/back-to/{story.claim.version}/"
    resave(story, by=colleague, value=build.euros("4000000"))
    answer = desk.post(url, {"version": changed.version})
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).amount == "4000000"


def test_going_back_is_for_who_may_change_it(story: Story) -> None:
    looker = logged_in(staff("looker", "claims.view_claim"))
    url = f"/admin/compare/{story.claim.ref}/back-to/1/"
    assert looker.get(url).status_code == 403
    assert looker.post(url, {"version": story.claim.version}).status_code == 403
    assert "back-to" not in history(looker, story)
    assert "/reverse/" not in history(looker, story)


def test_a_version_that_there_is_not_is_not_found(desk: Client, story: Story) -> None:
    assert desk.get(f"/admin/compare/{story.claim.ref}/back-to/99/").status_code == 404
    assert desk.post(f"/admin/compare/{story.claim.ref}/back-to/1/", {}).status_code == 404


def test_reversing_an_edition_is_shown_first(desk: Client, story: Story, settings: object) -> None:
    settings.ONE_PERSON_MODE = True  # type: ignore[attr-defined]
    extra = build.a_claim(subject=story.entity, property=story.claim.property,
                          scope=[one.term for one in story.claim.scope.all()])  # fmt: skip
    build.published(resave(story, value=build.euros("3000000")), extra)
    page = desk.get("/admin/editions/2/reverse/")
    text = words(page.content.decode())
    assert "€3 million" in text
    assert "€1 million" in text
    assert "are withdrawn" in text  # the new claim, with the source it came on
    assert Edition.objects.count() == 2
    data = looked_at(page) | NOTE
    answer = desk.post("/admin/editions/2/reverse/", data, follow=True)
    assert "Edition 2 is reversed by edition 3" in answer.content.decode()
    assert (Edition.objects.get(number=3).reason, Claim.objects.get(pk=story.claim.pk).amount) == (
        Reason.CORRECTION, "1000000",
    )  # fmt: skip


def test_what_stands_in_the_way_is_listed(desk: Client, story: Story) -> None:
    build.published(resave(story, value=build.euros("3000000")))
    resave(story, value=build.euros("7000000"))
    page = desk.get("/admin/editions/2/reverse/")
    assert "changes of it that are not published" in page.content.decode()
    assert "Reverse in a new edition" not in page.content.decode()
    assert desk.post("/admin/editions/2/reverse/", NOTE).status_code == 409
    assert Edition.objects.count() == 2


def test_a_reversal_without_a_note_is_refused(desk: Client, story: Story) -> None:
    build.published(resave(story, value=build.euros("3000000")))
    page = desk.get("/admin/editions/2/reverse/")
    answer = desk.post("/admin/editions/2/reverse/", looked_at(page) | NOTE | {"note__en": " "})
    assert answer.status_code == 409
    assert "carries a note" in answer.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).amount == "3000000"


def test_four_eyes_hold_and_the_desk_can_be_put_back_for_review(desk: Client, story: Story) -> None:
    build.published(resave(story, value=build.euros("3000000")))
    seen = looked_at(desk.get("/admin/editions/2/reverse/"))
    answer = desk.post("/admin/editions/2/reverse/", seen | NOTE)
    assert answer.status_code == 409
    assert "second person has yet to approve" in answer.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).amount == "3000000"
    answer = desk.post("/admin/editions/2/reverse/", seen | {"decision": "desk"})
    assert answer.status_code == 302
    assert f"review/?ref={story.claim.ref}" in answer["Location"]
    claim = Claim.objects.get(pk=story.claim.pk)
    assert (claim.amount, claim.state) == ("1000000", "in-review")
    assert Edition.objects.count() == 2


@pytest.mark.parametrize("decision", ["publish", "desk"])
def test_a_reversal_of_what_has_moved_on_is_refused(
    decision: str, desk: Client, story: Story, settings: object
) -> None:
    settings.ONE_PERSON_MODE = True  # type: ignore[attr-defined]
    build.published(resave(story, value=build.euros("3000000")))
    page = desk.get("/admin/editions/2/reverse/")
    claim = Claim.objects.get(pk=story.claim.pk)
    claim.state = "in-review"
    claim.save()
    claim.seal(by=None)  # another version, and nothing that hinders the reversal
    answer = desk.post("/admin/editions/2/reverse/", looked_at(page) | NOTE | {"decision": decision})
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.content.decode()
    assert Claim.objects.get(pk=story.claim.pk).amount == "3000000"
    assert desk.post("/admin/editions/2/reverse/", NOTE | {"decision": decision}).status_code == 404


def test_reversing_is_for_publishers(story: Story) -> None:
    writer = logged_in(staff("writer", "claims.change_claim"))
    assert writer.get("/admin/editions/1/reverse/").status_code == 403
    assert writer.post("/admin/editions/1/reverse/", NOTE).status_code == 403


def test_an_edition_that_there_is_not_is_not_found(desk: Client, story: Story) -> None:
    assert desk.get("/admin/editions/99/reverse/").status_code == 404
