"""A stale save is refused; what both changed is chosen, the rest goes together, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.actions.bodies import save_body
from claims.actions.claims import save_claim
from claims.actions.presence import arrive
from claims.comparing import merge
from claims.models import Claim, Dispute, ScopeDimension
from companies.actions import NameDraft
from companies.models import Entity
from kb.models import Presence, Revision, Root, StaleVersion, State
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff
from tests.claims.admin.reading_forms import fields
from tests.claims.admin.test_saving import opened

SETTLE = {"_settle": "1"}


def faster(story: Story, by: User, **changes: Any) -> Claim:
    """A colleague saves the claim while the form is open."""
    return save_claim(build.draft_of(story.claim, **changes), by=by, ref=story.claim.ref, why="theirs")


def claim_of(story: Story) -> Claim:
    return Claim.objects.get(pk=story.claim.pk)


def test_only_what_both_changed_has_to_be_chosen(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    faster(story, colleague, value=build.euros("3000000"), point_in_time="2024", note={"en": "theirs"})
    answer = desk.post(url, data | {"amount": "5000000", "note__bn": "আমার"})
    conflict = answer.context["conflict"]
    assert answer.status_code == 409
    assert [one.title for one in conflict.choices] == ["value"]
    assert {one.title: one.outcome.value for one in conflict.joined} == {
        "note · English": "theirs", "note · Bengali": "mine", "point in time": "theirs",
    }  # fmt: skip
    html = answer.content.decode()
    assert "€1 million" in html
    assert "<ins>€3</ins>" in html
    assert "<ins>€5</ins>" in html


@pytest.mark.parametrize(("side", "amount"), [("theirs", "3000000"), ("mine", "5000000")])
def test_a_choice_is_saved_with_what_goes_together(
    side: str, amount: str, desk: Client, editor: User, colleague: User, story: Story
) -> None:
    url, data = opened(desk, story.claim)
    theirs = faster(story, colleague, value=build.euros("3000000"), point_in_time="2024")
    kept = fields(
        desk.post(url, data | {"amount": "5000000", "note__bn": "আমার", "why": "mine"}), "claim_form"
    )
    answer = desk.post(url, kept | SETTLE | {"choice.value": side})
    assert answer.status_code == 302
    claim = claim_of(story)
    assert (claim.amount, claim.point_in_time, claim.note) == (amount, "2024", {"bn": "আমার"})
    assert claim.version == theirs.version + 1
    revision = Revision.objects.get(ref=claim.ref, version=claim.version)
    assert (revision.by, revision.why) == (editor, "mine")


def test_without_a_choice_nothing_is_saved_and_nothing_is_lost(
    desk: Client, colleague: User, story: Story
) -> None:
    url, data = opened(desk, story.claim)
    theirs = faster(story, colleague, value=build.euros("3000000"))
    kept = fields(desk.post(url, data | {"amount": "5000000", "note__vi": "của tôi"}), "claim_form")
    answer = desk.post(url, kept | SETTLE)
    assert answer.status_code == 409
    assert "Choose one side" in answer.content.decode()
    again = fields(answer, "claim_form")
    assert (again["amount"], again["note__vi"]) == ("5000000", "của tôi")
    assert claim_of(story).version == theirs.version


def test_what_needs_no_choice_takes_one_click(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    faster(story, colleague, point_in_time="2024")
    answer = desk.post(url, data | {"note__en": "mine"})
    assert "Save both together" in answer.content.decode()
    assert desk.post(url, fields(answer, "claim_form") | SETTLE).status_code == 302
    assert (claim_of(story).point_in_time, claim_of(story).note) == ("2024", {"en": "mine"})


def test_a_third_who_saves_meanwhile_is_not_overwritten(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    faster(story, colleague, value=build.euros("3000000"))
    kept = fields(desk.post(url, data | {"amount": "5000000"}), "claim_form")
    third = faster(story, colleague, value=build.euros("3000000"), asserted_by=None)
    answer = desk.post(url, kept | SETTLE | {"choice.value": "mine"})
    assert answer.status_code == 409
    assert [one.title for one in answer.context["conflict"].joined] == ["asserted by"]
    assert answer.context["conflict"].choices[0].chosen == "mine"  # what was chosen is not asked twice
    assert claim_of(story).version == third.version
    assert desk.post(url, fields(answer, "claim_form") | SETTLE).status_code == 302
    assert (claim_of(story).amount, claim_of(story).asserted_by) == ("5000000", None)


def test_evidence_that_both_added_stands(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    theirs, mine = build.a_source("theirs"), build.a_source("mine")
    draft = build.draft_of(story.claim)
    faster(story, colleague, evidence=[*draft.evidence, build.some_evidence(theirs)])
    row = {
        "evidence-TOTAL_FORMS": "3", "evidence-2-source": str(mine.pk), "evidence-2-stance": "refutes",
        "evidence-2-locator": "page 7", "evidence-0-note__en": "read again",
    }  # fmt: skip
    answer = desk.post(url, data | row)
    assert not answer.context["conflict"].choices
    assert desk.post(url, fields(answer, "claim_form") | SETTLE).status_code == 302
    evidence = list(claim_of(story).evidence.all())
    assert [one.source.slug for one in evidence] == ["report", "copy", "theirs", "mine"]
    assert (evidence[0].note, evidence[3].locator) == ({"en": "read again"}, "page 7")


def test_names_of_an_entity_meet_name_by_name(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.entity, "company")
    build.an_entity(
        "the-club", ref=story.entity.ref, kind="company", by=colleague, description=story.entity.description,
        names=[
            NameDraft(text="Deep Sea FC", language="en"), NameDraft(text="ডিপসিক", language="bn"),
            NameDraft(text="दीपसेक", language="hi", role="alias"), NameDraft(text="Biển Sâu", language="vi"),
        ],
    )  # fmt: skip
    answer = desk.post(url, data | {"names-0-text": "The Deep Sea", "names-1-text": "গভীর সমুদ্র"})
    (choice,) = answer.context["conflict"].choices
    assert "Deep Sea" in choice.base
    kept = fields(answer, "company_form")
    assert desk.post(url, kept | SETTLE | {choice.name: "mine"}).status_code == 302
    found = {(one.language, one.text) for one in Entity.objects.get(pk=story.entity.pk).names.all()}
    assert found == {("en", "The Deep Sea"), ("bn", "গভীর সমুদ্র"), ("hi", "दीपसेक"), ("vi", "Biển Sâu")}


def test_members_and_terms_meet_as_well(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.dispute)
    dispute = story.dispute
    members = [(one.claim, {"en": "theirs"}) for one in dispute.members.select_related("claim")]
    body = dispute.body() | {"members": [{"claim": claim.ref, "note": note} for claim, note in members]}
    save_body("dispute", body, by=colleague, expect=None, state=State.DRAFT)
    answer = desk.post(url, data | {"members-0-note__en": "mine", "members-1-note__bn": "আমার"})
    (choice,) = answer.context["conflict"].choices
    kept = fields(answer, "dispute_form")
    assert desk.post(url, kept | SETTLE | {choice.name: "theirs"}).status_code == 302
    notes = [member.note for member in Dispute.objects.get().members.all()]
    assert notes == [{"en": "theirs"}, {"en": "theirs", "bn": "আমার"}]

    dimension = ScopeDimension.objects.get()
    url, data = opened(desk, dimension)
    body = dimension.body()
    body["terms"][0]["labels"] = {"en": "before any tax"}
    save_body("scope-dimension", body, by=colleague, expect=None, state=State.DRAFT)
    answer = desk.post(url, data | {"terms-0-labels__bn": "করের আগে"})
    assert desk.post(url, fields(answer, "scopedimension_form") | SETTLE).status_code == 302
    labels = ScopeDimension.objects.get().terms.order_by("position").first().labels
    assert labels == {"en": "before any tax", "bn": "করের আগে"}


def test_a_merge_that_the_action_refuses_is_explained_and_kept(
    desk: Client, colleague: User, story: Story
) -> None:
    """Theirs gives a span, mine keeps a point: each fits alone, together they do not."""
    claim = build.a_claim()
    url, data = opened(desk, claim)
    save_claim(build.draft_of(claim, valid_from="2022"), by=colleague, ref=claim.ref)
    kept = fields(desk.post(url, data | {"point_in_time": "2023"}), "claim_form")
    answer = desk.post(url, kept | SETTLE)
    assert answer.status_code == 409
    assert "at a point in time or over a span" in answer.content.decode()
    assert fields(answer, "claim_form")["point_in_time"] == "2023"
    assert Claim.objects.get(pk=claim.pk).point_in_time == ""


def test_trying_how_a_form_would_be_saved_leaves_nothing(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    faster(story, colleague, value=build.euros("3000000"))
    before, revisions = claim_of(story).body(), Revision.objects.count()
    desk.post(url, data | {"amount": "5000000"})
    assert (claim_of(story).body(), Revision.objects.count()) == (before, revisions)


def test_a_form_without_changes_has_nothing_to_save(desk: Client, colleague: User, story: Story) -> None:
    url, data = opened(desk, story.claim)
    faster(story, colleague, value=build.euros("3000000"))
    answer = desk.post(url, data)
    assert "You changed nothing" in answer.content.decode()
    assert 'name="_settle"' not in answer.content.decode()


def test_a_saved_form_tells_the_browser_to_forget_its_draft(
    desk: Client, editor: User, colleague: User, story: Story
) -> None:
    url, data = opened(desk, story.claim)
    answer = desk.post(url, data | {"note__en": "x"})
    assert answer.cookies["desk_saved"].value == f"{editor.pk}:{story.claim.ref}:{story.claim.version}"
    assert answer.cookies["desk_saved"]["samesite"] == "Lax"
    assert "desk_saved" not in desk.post(url, data | {"note__en": "y"}).cookies  # stale: not saved
    forged = fields(desk.get(url), "claim_form") | {"note__en": "z", "draft_place": "a;b=c"}
    assert "desk_saved" not in desk.post(url, forged).cookies


def test_words_said_of_a_thing_are_named_by_a_key_of_their_own(
    desk: Client, editor: User, story: Story
) -> None:
    url, key = f"/admin/talk/{story.claim.ref}/", "#0123456789abcdef"
    said = desk.post(url, {"decision": "comment", "text": "Look again.", "draft_key": key})
    assert said.cookies["desk_saved"].value == f"{editor.pk}:{key}"
    refused = desk.post(url, {"decision": "comment", "text": "", "draft_key": key})
    assert "desk_saved" not in refused.cookies
    assert f'name="draft_key" value="{key}"' in refused.content.decode()
    assert (
        "desk_saved" not in Client().post(url, {"text": "x", "draft_key": key}).cookies
    )  # sent to the login


# Who else is here ---------------------------------------------------------------------------------------------


def test_somebody_else_with_the_form_open_is_named(desk: Client, colleague: User, story: Story) -> None:
    url = f"/admin/claims/claim/{story.claim.pk}/change/"
    assert desk.get(url).context["others"] == []
    theirs = logged_in(colleague).get(url)
    assert theirs.context["others"] == ["editor"]
    assert "Also editing this now: <b>editor</b>" in theirs.content.decode()
    beat = desk.post(f"/admin/presence/{story.claim.ref}/").json()
    assert beat == {"others": ["colleague"], "version": story.claim.version}
    desk.post(f"/admin/presence/{story.claim.ref}/", {"leaving": "1"})
    assert logged_in(colleague).get(url).context["others"] == []


def test_who_has_gone_silent_is_gone(desk: Client, colleague: User, story: Story) -> None:
    now = timezone.now()
    arrive(story.claim.ref, by=colleague, at=now - timedelta(minutes=3))
    assert desk.post(f"/admin/presence/{story.claim.ref}/").json()["others"] == []
    arrive(story.claim.ref, by=colleague, at=now - timedelta(days=2))
    desk.post(f"/admin/presence/{story.claim.ref}/")
    assert list(Presence.objects.values_list("by__username", flat=True)) == ["editor"]


def test_presence_is_for_editors_of_the_thing(story: Story) -> None:
    looker = logged_in(staff("looker", "claims.view_claim"))
    assert looker.post(f"/admin/presence/{story.claim.ref}/").status_code == 403
    assert looker.get(f"/admin/presence/{story.claim.ref}/").status_code == 405
    page = looker.get(f"/admin/claims/claim/{story.claim.pk}/change/")
    assert b"desk-presence" not in page.content
    assert not Presence.objects.exists()


# A hundred pairs who save at one moment -----------------------------------------------------------------------

PAIRS = 100


def _race(people: tuple[User, User]) -> list[Entity]:
    """Each pair reads one version and saves at once: one the English text, one the Bengali. Who is refused merges."""
    clubs = [build.an_entity() for _ in range(PAIRS)]
    bodies = {club.ref: club.body() for club in clubs}

    def edit(language: str, by: User) -> None:
        for turn, club in enumerate(clubs):
            mine = bodies[club.ref] | {"description": {language: f"{language} {turn}"}}
            _save(club, bodies[club.ref], mine, by)

    results = build.together(
        *(partial(edit, language, by) for language, by in zip(("en", "bn"), people, strict=True))
    )
    assert results == [None, None]
    return clubs


def _save(club: Entity, base: dict[str, Any], mine: dict[str, Any], by: User) -> None:
    """As the admin saves: against the version read; refused, both together against the version that is there."""
    expect, body = 1, mine
    while True:
        try:
            save_body("entity", body, by=by, expect=expect, state=State.DRAFT)
        except StaleVersion as stale:
            expect = stale.root.version
            theirs = Entity.objects.get(pk=club.pk).body()
            body = merge(base, theirs, mine).body
        else:
            return


def _lost(clubs: list[Entity]) -> int:
    texts = [Entity.objects.get(pk=club.pk).description for club in clubs]
    wanted = [{"en": f"en {turn}", "bn": f"bn {turn}"} for turn in range(PAIRS)]
    return sum(text != both for text, both in zip(texts, wanted, strict=True))


@pytest.fixture
def people(transactional_db: None) -> tuple[User, User]:
    return User.objects.create_superuser("one"), User.objects.create_superuser("two")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_hundred_racing_pairs_lose_nothing(people: tuple[User, User]) -> None:
    clubs = _race(people)
    assert _lost(clubs) == 0
    assert Revision.objects.filter(by__in=people).count() == 2 * PAIRS  # and each is on record


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_control_without_the_version_check_pairs_overwrite_each_other(
    people: tuple[User, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = Root.locked.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(
        Root, "locked", classmethod(lambda cls, ref, *, expect: checked(cls, ref, expect=None))
    )
    assert _lost(_race(people)) == PAIRS
