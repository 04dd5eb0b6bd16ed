"""Entities, their kinds and names."""

from __future__ import annotations

import pytest

from companies import models
from companies.actions import IdentifierDraft, NameDraft
from companies.models import Company, Entity, Hardware
from tests.building import an_entity

pytestmark = pytest.mark.django_db

PROXIES = [
    getattr(models, name) for name in models.__all__ if getattr(getattr(models, name), "OF_KIND", None)
]


def test_every_kind_has_its_proxy():
    assert {proxy.OF_KIND for proxy in PROXIES} == set(Entity.Kind.values)


@pytest.mark.parametrize("proxy", PROXIES, ids=lambda proxy: proxy.__name__)
def test_a_proxy_holds_its_own_kind_only(proxy):
    mine = an_entity(kind=proxy.OF_KIND)
    other = an_entity(kind="person" if proxy.OF_KIND != "person" else "event")
    assert list(proxy.objects.values_list("ref", flat=True)) == [mine.ref]
    assert proxy().kind == proxy.OF_KIND
    assert other.ref in set(Entity.objects.values_list("ref", flat=True))


def test_a_proxy_keeps_a_kind_that_it_was_given():
    assert Company(kind="hardware").kind == "hardware"
    assert Hardware.objects.model is Hardware


def test_the_label_is_the_readers_then_english_then_any_then_the_slug():
    names = [NameDraft(text="আয়াক্স", language="bn"), NameDraft(text="Ajax", language="en")]
    entity = an_entity("ajax", names=[*names, NameDraft(text="Ayax", language="es", role="misspelling")])
    assert [entity.label(tag) for tag in ("bn", "en", "es", "vi")] == ["আয়াক্স", "Ajax", "Ajax", "Ajax"]
    assert an_entity(names=names[:1]).label("vi") == "আয়াক্স"
    assert an_entity("nameless", names=[]).label() == "nameless"


def test_the_body_of_a_merged_entity_leads_on_and_says_nothing_more():
    entity, heir = an_entity("ayax"), an_entity("ajax")
    entity.merged_into = heir
    assert entity.body() == {
        "ref": entity.ref,
        "kind": entity.kind,
        "slug": "ayax",
        "merged_into": heir.ref,
    }


def test_bodies_of_many_entities_take_a_fixed_number_of_queries(django_assert_num_queries):
    for _ in range(3):
        an_entity(identifiers=[IdentifierDraft(scheme="website", value="https://example.org")])
    with django_assert_num_queries(3):
        assert all(one.body()["identifiers"] for one in Entity.objects.with_parts())
