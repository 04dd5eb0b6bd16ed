"""Every page of the desk renders, for whom it should, in a fixed number of queries."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.models import Company
from kb.admin import RootAdmin
from kb.models import Root
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff

ROOTS = [model for model in admin.site._registry if issubclass(model, Root)]


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_index_lists_what_is_used_most_first(desk: Client, story: Story) -> None:
    page = desk.get("/admin/")
    first = page.context["app_list"][0]["models"]
    assert [str(one["name"]) for one in first] == ["Companies", "Hardware", "AI models", "Claims", "Sources"]


def test_index_says_what_waits(desk: Client, story: Story) -> None:
    for _ in range(3):
        build.a_claim(subject=story.entity)
    waiting = {head.queue.slug: head.count for head, _url in desk.get("/admin/").context["queues"]}
    assert waiting["drafts"] >= 3


def test_login_is_asked_of_strangers(db: None) -> None:
    answer = Client().get("/admin/claims/claim/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_logging_in_leads_to_the_desk(editor: User) -> None:
    answer = Client().post(
        "/admin/login/?next=/admin/", {"username": "editor", "password": "a-long-password"}, follow=True
    )
    assert answer.status_code == 200
    assert b"What to do next" in answer.content


@pytest.mark.parametrize("model", ROOTS, ids=lambda model: model.__name__)
def test_every_page_of_a_root_renders(model: type[Root], desk: Client, story: Story) -> None:
    kind = getattr(model, "OF_KIND", None)
    if kind:
        build.an_entity(kind=kind)
    assert desk.get(address(model, "changelist")).status_code == 200
    assert desk.get(address(model, "add")).status_code == 200
    root = model._default_manager.order_by("pk").first()
    assert root is not None
    form = desk.get(address(model, "change", root.pk))
    assert form.status_code == 200
    assert f'name="version" value="{root.version}"' in form.content.decode()
    assert desk.get(address(model, "history", root.pk)).status_code == 200


@pytest.mark.parametrize("model", ROOTS, ids=lambda model: model.__name__)
def test_no_form_carries_a_primary_key(model: type[Root], desk: Client, story: Story) -> None:
    root = model._default_manager.first() or build.an_entity(kind=getattr(model, "OF_KIND", None))
    html = desk.get(address(model, "change", root.pk)).content.decode()
    posted = re.findall(r'name="([^"]+)"', html)
    assert not [name for name in posted if re.search(r"(^|-)id$", name) and not name.startswith("snapshots-")]


@pytest.mark.parametrize("model", ROOTS, ids=lambda model: model.__name__)
def test_lists_take_the_same_queries_however_long(model: type[Root], desk: Client, story: Story) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(address(model, "changelist")).status_code == 200
        return len(counted)

    kind = getattr(model, "OF_KIND", None)
    for _ in range(2):
        if kind:
            build.an_entity(kind=kind)
        build.published(build.a_dispute(build.a_claim(asserted_by=story.entity)))
    before = queries()
    for _ in range(3):
        if kind:
            build.an_entity(kind=kind)
        claim = build.a_claim(asserted_by=story.entity, subject=build.an_entity(kind=kind or "company"))
        build.a_dispute(claim)
        build.a_timeline(entities=[claim.subject])
        build.a_dimension()
        build.a_publisher()
    assert queries() == before


def test_nobody_deletes(desk: Client, editor: User, story: Story) -> None:
    for model, model_admin in admin.site._registry.items():
        if isinstance(model_admin, RootAdmin):
            root = model._default_manager.first() or story.entity
            assert desk.get(address(model, "delete", root.pk)).status_code in (302, 403)
            assert "delete_selected" not in desk.get(address(model, "changelist")).content.decode()
    assert desk.post(address(Company, "delete", story.entity.pk), {"post": "yes"}).status_code == 403
    assert Company.objects.filter(pk=story.entity.pk).exists()


def test_history_says_who_when_and_why(desk: Client, editor: User, story: Story) -> None:
    build.an_entity("the-club", ref=story.entity.ref, kind="company", by=editor, why="a rumor was checked")
    page = desk.get(address(Company, "history", story.entity.pk)).content.decode()
    assert "a rumor was checked" in page
    assert "editor" in page
    assert "names" in page


@pytest.mark.parametrize("query", ["deep sea", "DEEP", "ডিপসিক", "दीपसेक", "Q42", "the-club"])
def test_companies_are_found_in_every_script(query: str, desk: Client, story: Story) -> None:
    page = desk.get("/admin/companies/company/", {"q": query})
    assert [one.slug for one in page.context["cl"].result_list] == ["the-club"]


@pytest.mark.parametrize("query", ["ডিপসিক", "दीपसेक fee", "transfer", "মিলিয়ন", "দলবদলের ফি"])
def test_claims_are_found_by_subject_property_and_print(query: str, desk: Client, story: Story) -> None:
    page = desk.get("/admin/claims/claim/", {"q": query})
    assert story.claim.ref in [one.ref for one in page.context["cl"].result_list]
    assert not desk.get("/admin/claims/claim/", {"q": query + " nowhere"}).context["cl"].result_list


def _found(desk: Client, query: str) -> list[str]:
    page = desk.get("/admin/claims/claim/", {"q": query})
    return sorted(one.ref for one in page.context["cl"].result_list)


@pytest.mark.parametrize(
    "query", ["1.6 billion", "1,6 tỷ", "1600000000", "1.6 billion EUR", "Deep Sea 1.6 billion"]
)
def test_claims_are_found_by_their_figure_however_it_is_written(
    query: str, desk: Client, story: Story
) -> None:
    values = [
        build.euros("1600000000"),
        build.euros("1600000000", comparator="gt"),
        build.euros("1000000000", comparator="range", upper_amount="1600000000"),
    ]
    wanted = [build.a_claim(subject=story.entity, value=value).ref for value in values]
    build.a_claim(subject=story.entity, value=build.euros("1.6"))
    assert _found(desk, query) == sorted(wanted)
    assert _found(desk, query + " nowhere") == []


def test_a_bound_finds_what_lies_beyond_it_and_a_printed_figure_its_claim(desk: Client, story: Story) -> None:
    fifty = build.a_claim(
        subject=story.entity,
        value=build.euros("50000"),
        evidence=[build.some_evidence(story.source, original_value="৫০ হাজার")],
    )
    printed = build.a_claim(
        subject=story.entity,
        value=build.euros("5000"),
        evidence=[build.some_evidence(story.source, original_value="about ৫০ হাজার, they said")],
    )
    assert _found(desk, "৫০ হাজার") == sorted([fifty.ref, printed.ref])
    assert _found(desk, "50000") == [fifty.ref]
    assert _found(desk, "5-60 thousand EUR") == sorted([fifty.ref, printed.ref])
    assert _found(desk, "< 6000 EUR") == [printed.ref]
    assert _found(desk, "< 6000 USD") == []


@pytest.mark.parametrize(
    ("query", "number"), [("মে ২০২৩", 3), ("2023-05", 3), ("17 May 2023", 1), ("2024", 0)]
)
def test_claims_are_found_by_their_dates(query: str, number: int, desk: Client, story: Story) -> None:
    build.a_claim(subject=story.entity, point_in_time="2023-05-17")
    build.a_claim(subject=story.entity, asserted_on="2023-05", point_in_time="2022")
    assert len(_found(desk, query)) == number


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("property", "দলবদলের"),
        ("property", "fee"),
        ("dispute", "MUCH"),
        ("timeline", "happened"),
        ("source", "gazette"),
    ],
)
def test_other_lists_are_searched_by_what_they_say(
    model: str, query: str, desk: Client, story: Story
) -> None:
    url = f"/admin/claims/{model}/"
    assert desk.get(url, {"q": query}).context["cl"].result_list
    assert not desk.get(url, {"q": "nowhere"}).context["cl"].result_list


def test_pickers_find_names_in_every_script(desk: Client, story: Story) -> None:
    asked = {"app_label": "claims", "model_name": "claim", "field_name": "subject", "term": "দীপসেক"}
    assert desk.get("/admin/autocomplete/", asked).json()["results"] == []
    found = desk.get("/admin/autocomplete/", asked | {"term": "ডিপসিক"}).json()["results"]
    assert [one["text"] for one in found] == ["Deep Sea (company, the-club)"]


def test_lists_say_what_readers_have(desk: Client, story: Story) -> None:
    build.an_entity("the-club", ref=story.entity.ref, kind="company")
    fresh = build.an_entity("fresh", kind="company")
    page = desk.get("/admin/companies/company/")
    shown = {one.ref: vars(one)["standing"].value for one in page.context["cl"].result_list}
    assert shown == {story.entity.ref: "changed", fresh.ref: "never"}
    claims = desk.get("/admin/claims/claim/").context["cl"].result_list
    assert {vars(one)["standing"].value for one in claims} == {"published"}
    for standing, slugs in {
        "changed": ["the-club"],
        "never": ["fresh"],
        "published": [],
        "withdrawn": [],
    }.items():
        page = desk.get("/admin/companies/company/", {"standing": standing})
        assert [one.slug for one in page.context["cl"].result_list] == slugs


def test_who_may_only_look_sees_and_cannot_save(story: Story) -> None:
    looker = logged_in(staff("looker", "claims.view_claim", "claims.view_source"))
    for url in (
        f"/admin/claims/claim/{story.claim.pk}/change/",
        f"/admin/claims/source/{story.source.pk}/change/",
    ):
        page = looker.get(url)
        assert page.status_code == 200
        assert b'name="_save"' not in page.content
        assert looker.post(url, {}).status_code == 403
    assert looker.get("/admin/companies/company/").status_code == 403
