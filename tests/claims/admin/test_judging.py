"""Merging, splitting and judging entries through the screens."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.merging import fold_entity
from claims.ledger.models import Edition
from claims.models import Claim, Judgement
from companies.actions import NameDraft
from companies.models import Entity
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff

MERGE, SPLIT, LIKENESS = (f"/admin/companies/entity/{name}/" for name in ("merge", "split", "likeness"))


@pytest.fixture(autouse=True)
def _one_person(settings: Any) -> None:
    settings.ONE_PERSON_MODE = True


@pytest.fixture
def double(story: Story) -> Entity:
    return build.an_entity(
        "deepsea",
        kind="company",
        names=[NameDraft(text="Deep-Sea", language="en"), NameDraft(text="Дип Си", language="ru")],
    )


def seen(*entities: Entity) -> list[str]:
    return [f"{one.ref}:{one.version}" for one in entities]


def merge(desk: Client, entity: Entity, into: Entity, **changes: Any) -> Any:
    data = {"entity": entity.ref, "into": into.ref, "seen": seen(entity, into), "why": "one club"} | changes
    return desk.post(MERGE, data)


def test_the_preview_says_what_would_change_and_changes_nothing(
    desk: Client, story: Story, double: Entity
) -> None:
    page = desk.get(MERGE, {"entity": story.entity.ref, "into": double.ref})
    html = page.content.decode()
    assert [name.text for name in page.context["gained"].names] == ["Deep Sea", "ডিপসিক", "दीपसेक"]
    assert [one.value for one in page.context["gained"].identifiers] == ["Q42"]
    assert {str(one.name): one.number for one in page.context["uses"]} == {
        "Claims about it": 2, "Claims it asserts": 1, "Disputes": 1, "Timelines": 1,
    }  # fmt: skip
    assert page.context["addresses"] == ["/companies/the-club/"]
    assert "/companies/the-club/" in html
    assert Entity.objects.get(pk=story.entity.pk).merged_into is None


def test_two_spellings_become_one_and_the_old_address_leads_on(
    desk: Client, story: Story, double: Entity
) -> None:
    build.published(double)
    double.refresh_from_db()
    answer = merge(desk, double, story.entity)
    assert answer.status_code == 302
    assert "/admin/review/" in answer.url
    assert Client().get("/companies/deepsea/").status_code == 200  # readers see it when it is published
    review = desk.get(answer.url)
    roots = [one.root for one in review.context["previews"]]
    published = desk.post(
        "/admin/review/",
        {"seen": [f"{root.ref}:{root.version}" for root in roots], "decision": "publish", "reason": "update"},
    )
    assert published.status_code == 302, published.content.decode()
    led: Any = Client().get("/companies/deepsea/")
    assert (led.status_code, led.url) == (301, "/companies/the-club/")
    assert "Deep-Sea" in Client().get("/companies/the-club/").content.decode()


def test_a_merge_of_what_has_moved_on_is_refused(desk: Client, story: Story, double: Entity) -> None:
    old = seen(double, story.entity)
    build.an_entity("deepsea", ref=double.ref, kind="company", names=[NameDraft(text="Deep", language="en")])
    answer = merge(desk, double, story.entity, seen=old)
    assert answer.status_code == 409
    assert "has changed since you opened it" in answer.content.decode()
    assert Entity.objects.get(pk=double.pk).merged_into is None
    assert merge(desk, double, story.entity, seen=[]).status_code == 404
    assert merge(desk, double, story.entity, why="").status_code == 200  # asked for the reason
    assert not Judgement.objects.exists()


def test_what_may_be_the_same_is_proposed_with_reasons_and_found_by_search(
    desk: Client, story: Story, double: Entity
) -> None:
    page = desk.get(MERGE, {"entity": double.ref})
    assert [entity for entity, _url, _reasons in page.context["likely"]] == [story.entity]
    found = desk.get(MERGE, {"entity": double.ref, "q": "ডিপসিক"}).context["found"]
    assert [entity for entity, _url in found] == [story.entity]
    assert "is called that" in desk.get(MERGE, {"entity": double.ref, "q": "nobody"}).content.decode()


@pytest.mark.parametrize("published", [True, False])
def test_the_published_entry_stays_then_the_one_most_used(
    published: bool, desk: Client, story: Story, double: Entity
) -> None:
    if published:
        used = build.an_entity("dip-si", kind="company", names=[NameDraft(text="Deep-Sea", language="en")])
        build.a_claim(subject=used)
        pairs = {
            frozenset((one.first, one.second)): one.merge_url for one in desk.get(LIKENESS).context["pairs"]
        }
        assert f"entity={double.ref}&into={used.ref}" in pairs[frozenset((double, used))]
        for _number in range(4):
            build.a_claim(subject=double)  # more than the club has; readers do not see them
    entity, into = double.ref, story.entity.ref
    (url,) = [
        one.merge_url
        for one in desk.get(LIKENESS).context["pairs"]
        if {one.first, one.second} == {double, story.entity}
    ]
    assert f"entity={entity}&into={into}" in url
    for page in (
        desk.get(MERGE, {"entity": story.entity.ref, "q": "deepsea"}).context["found"],
        [one[:2] for one in desk.get(MERGE, {"entity": story.entity.ref}).context["likely"]],
    ):
        assert f"entity={entity}&into={into}" in dict(page)[double]
    chosen = {"action": "merge_selected", "_selected_action": [double.pk, story.entity.pk]}
    assert f"entity={entity}&into={into}" in desk.post("/admin/companies/company/", chosen)["Location"]


def test_a_merged_entry_says_only_what_is_so(desk: Client, story: Story, double: Entity) -> None:
    address = f"/admin/companies/company/{double.pk}/change/"
    fold_entity(double, into=story.entity, by=None)
    said = "It was never published: no address of readers leads there."
    assert said in desk.get(address).content.decode()
    fresh = build.an_entity("deep-c", kind="company", names=[NameDraft(text="Deep C", language="en")])
    build.published(fresh)
    fresh.refresh_from_db()
    address = f"/admin/companies/company/{fresh.pk}/change/"
    fold_entity(fresh, into=story.entity, by=None)
    assert "are led there once this is published." in desk.get(address).content.decode()
    build.published(Entity.objects.get(pk=fresh.pk), Entity.objects.get(pk=story.entity.pk))
    assert "Readers who ask for it are led there." in desk.get(address).content.decode()


def test_what_is_judged_different_is_never_proposed_again(desk: Client, story: Story, double: Entity) -> None:
    pair = desk.get(LIKENESS).context["pairs"]
    assert [{one.first, one.second} for one in pair] == [{story.entity, double}]
    verdict = {"first": double.ref, "second": story.entity.ref}
    desk.post(LIKENESS, verdict | {"verdict": "unsure"})
    assert [one.unsure for one in desk.get(LIKENESS).context["pairs"]] == [True]
    desk.post(LIKENESS, verdict | {"verdict": "different", "why": "another town"})
    page = desk.get(LIKENESS)
    assert page.context["pairs"] == []
    assert [(one.verdict, one.why, str(one.judged_by)) for one in page.context["log"]] == [
        ("different", "another town", "editor"), ("unsure", "", "editor"),
    ]  # fmt: skip
    assert desk.get(MERGE, {"entity": double.ref}).context["likely"] == []
    assert Judgement.objects.count() == 2


def test_a_refused_verdict_leaves_the_reason_in_its_form(desk: Client, story: Story, double: Entity) -> None:
    (pair,) = desk.get(LIKENESS).context["pairs"]
    assert {(str(one), str(standing)) for one, standing in pair.both} == {
        ("Deep Sea", "published"), ("Deep-Sea", "never"),
    }  # fmt: skip
    given = {"first": double.ref, "second": story.entity.ref, "why": "another town", "verdict": "perhaps"}
    answer = desk.post(LIKENESS, given | {"draft_place": pair.draft_place, "draft_key": "#0123456789abcdef"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "A verdict is" in html
    assert 'name="why" value="another town"' in html
    assert 'name="draft_key" value="#0123456789abcdef"' in html
    assert "desk_saved" not in answer.cookies  # the browser keeps its draft
    assert not Judgement.objects.exists()


def test_a_merge_is_undone_with_what_was_taken_over(desk: Client, story: Story, double: Entity) -> None:
    fold_entity(double, into=story.entity, by=None)
    double.refresh_from_db()
    heir = Entity.objects.get(pk=story.entity.pk)
    page = desk.get(SPLIT, {"entity": double.ref})
    assert [one.text for _key, one in page.context["names"]] == ["Deep-Sea", "Дип Си"]
    keys = [key for key, one in page.context["names"] if one.language == "ru"]
    answer = desk.post(SPLIT, {"entity": double.ref, "seen": seen(double, heir), "name": keys, "why": "two"})
    assert answer.status_code == 302
    assert Entity.objects.get(pk=double.pk).merged_into is None
    left = [name.text for name in heir.names.all()]
    assert "Deep-Sea" in left
    assert "Дип Си" not in left


def test_a_split_is_shown_before_it_is_done(desk: Client, story: Story) -> None:
    boxes = {
        "entity": story.entity.ref, "seen": seen(story.entity), "slug": "other-club", "why": "two clubs",
        "names": ["hi|alias|दीपसेक"], "identifiers": ["wikidata|Q42"], "claims": [f"{story.claim.ref}|subject"],
    }  # fmt: skip
    page = desk.post(SPLIT, boxes | {"decision": "preview"})
    assert [name.text for name in page.context["left"].names] == ["Deep Sea", "ডিপসিক"]
    assert len(page.context["moving"]) == 1
    assert not Entity.objects.filter(slug="other-club").exists()
    answer = desk.post(SPLIT, boxes | {"decision": "split"})
    assert answer.status_code == 302, answer.content.decode()
    new = Entity.objects.get(slug="other-club")
    assert [(name.text, name.role) for name in new.names.all()] == [("दीपसेक", "label")]
    assert Claim.objects.get(pk=story.claim.pk).subject == new
    assert Claim.objects.get(pk=story.claim.pk).asserted_by == story.entity
    assert desk.post(SPLIT, boxes | {"names": ["no such"]}).context["parting"] is None
    assert Edition.objects.count() == 1


def test_where_it_is_used_stands_on_the_form_in_a_fixed_number_of_queries(desk: Client, story: Story) -> None:
    address = f"/admin/companies/company/{story.entity.pk}/change/"

    def queries() -> int:
        desk.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(address).status_code == 200
        return len(caught)

    few = queries()
    page = desk.get(address)
    assert {one.number for one in page.context["uses"]} == {1, 2}
    term = story.claim.scope.get().term
    more = [
        build.a_claim(subject=story.entity, property=story.claim.property, scope=[term]) for _ in range(12)
    ]
    build.a_dispute(*more[:2])
    build.a_dispute(*more[2:4])
    assert queries() in (few, few - 1)  # one is saved where what is shown was read by another part already
    about = desk.get(address).context["uses"][0]
    assert (about.number, len(about.first)) == (14, 5)
    assert f"subject__id__exact={story.entity.pk}" in about.url


def test_a_merged_entry_says_so_and_pickers_leave_it_out(desk: Client, story: Story, double: Entity) -> None:
    fold_entity(double, into=story.entity, by=None)
    html = desk.get(f"/admin/companies/company/{double.pk}/change/").content.decode()
    assert "merged into “Deep Sea”" in html
    assert "Undo the merge…" in html
    found = desk.get(
        "/admin/autocomplete/",
        {"term": "deep", "app_label": "claims", "model_name": "claim", "field_name": "subject"},
    )
    assert [one["id"] for one in found.json()["results"]] == [str(story.entity.pk)]


def test_the_action_of_the_list_takes_two(desk: Client, story: Story, double: Entity) -> None:
    act = {"action": "merge_selected", "_selected_action": [story.entity.pk, double.pk]}
    answer: Any = desk.post("/admin/companies/company/", act)
    assert f"entity={double.ref}&into={story.entity.ref}" in answer.url
    one = desk.post("/admin/companies/company/", act | {"_selected_action": [double.pk]}, follow=True)
    assert "Select two entries" in one.content.decode()


def test_who_may_not_edit_entries_may_not_merge_split_or_judge(story: Story, double: Entity) -> None:
    reader = logged_in(staff("looker", "companies.view_entity", "companies.view_company"))
    for address in (MERGE, SPLIT, LIKENESS):
        assert reader.get(address, {"entity": double.ref}).status_code == 403
        assert reader.post(address, {"entity": double.ref, "into": story.entity.ref}).status_code == 403
    assert "Merge…" not in reader.get(f"/admin/companies/company/{double.pk}/change/").content.decode()
    assert not Judgement.objects.exists()
