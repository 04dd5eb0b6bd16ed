"""Merging two entries, undoing it, and parting one entry in two."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from claims.actions.merging import (
    Gains,
    Parting,
    fold_entity,
    gains,
    merged_on,
    split_entity,
    taken_over,
    unfold_entity,
)
from claims.ledger import read
from claims.models import Claim, Judgement
from companies.actions import IdentifierDraft, NameDraft, draft_of
from companies.models import Entity
from kb.models import OUTSIDE, StaleVersion, State
from tests import building as build

pytestmark = pytest.mark.django_db

ENGLISH = NameDraft(text="Deep Sea", language="en")
BENGALI = NameDraft(text="ডিপ সি", language="bn")
OTHER_ENGLISH = NameDraft(text="Deepsea FC", language="en")
ALIAS = NameDraft(text="Deepsea FC", language="en", role="alias")
WIKIDATA = IdentifierDraft(scheme="wikidata", value="Q42")


@pytest.fixture
def heir() -> Entity:
    return build.an_entity("deep-sea", names=[ENGLISH])


@pytest.fixture
def double() -> Entity:
    return build.an_entity("deepsea-fc", names=[OTHER_ENGLISH, BENGALI], identifiers=[WIKIDATA])


def names(entity: Entity) -> list[NameDraft]:
    return list(draft_of(Entity.objects.get(pk=entity.pk)).names)


def test_the_heir_takes_over_what_it_has_not_and_a_second_label_becomes_an_alias(heir, double):
    found = gains(double, heir)
    assert found == Gains([ALIAS, BENGALI], [WIKIDATA])
    entity, into = fold_entity(double, into=heir, by=None, why="one club")
    assert names(into) == [ENGLISH, ALIAS, BENGALI]
    assert entity.body() == {
        "ref": double.ref, "kind": "organization", "slug": "deepsea-fc", "merged_into": heir.ref
    }  # fmt: skip
    assert gains(heir, heir) == Gains([], [])


def test_merging_is_judged_the_same_and_says_why(heir, double):
    fold_entity(double, into=heir, by=None, why="one club")
    judgement = Judgement.objects.get()
    assert (judgement.verdict, judgement.why) == ("same", "one club")
    assert {judgement.first, judgement.second} == {heir, double}


def test_merging_changes_nothing_that_readers_see_until_it_is_published(heir, double):
    claim = build.a_claim(subject=double)
    build.published(claim, heir)
    folded = fold_entity(double, into=heir, by=None)
    now = read.latest()
    assert read.find("entity", "deepsea-fc", now).ref == double.ref
    build.published(*folded)
    assert read.find("entity", "deepsea-fc", read.latest()).ref == heir.ref
    assert read.find("entity", "deepsea-fc", now).ref == double.ref  # as it was known


def test_undoing_gives_back_what_was_taken_over_and_no_more(heir, double):
    heir = build.an_entity("deep-sea", ref=heir.ref, names=[ENGLISH, BENGALI])
    fold_entity(double, into=heir, by=None)
    entity = Entity.objects.get(pk=double.pk)
    assert taken_over(entity) == Gains([ALIAS], [WIKIDATA])
    back, left = unfold_entity(entity, by=None, why="two clubs after all")
    assert names(left) == [ENGLISH, BENGALI]
    assert not left.identifiers.exists()
    assert names(back) == [OTHER_ENGLISH, BENGALI]
    assert "merged_into" not in back.body()
    assert [one.verdict for one in Judgement.objects.all()] == ["different", "same"]


def test_undoing_leaves_the_heir_what_it_is_told_to_keep(heir, double):
    fold_entity(double, into=heir, by=None)
    _back, left = unfold_entity(Entity.objects.get(pk=double.pk), by=None, keep=Gains([ALIAS], []))
    assert names(left) == [ENGLISH, ALIAS]


def test_an_undone_merge_is_published_like_anything_else(heir, double):
    build.published(*fold_entity(double, into=heir, by=None), heir)
    build.published(*unfold_entity(Entity.objects.get(pk=double.pk), by=None))
    found = read.find("entity", "deepsea-fc", read.latest())
    assert found.ref == double.ref
    assert [one["text"] for one in found.body["names"]] == ["Deepsea FC", "ডিপ সি"]


def test_two_kinds_are_not_merged_nor_what_leads_elsewhere(heir, double):
    with pytest.raises(ValidationError, match=r"is not merged into .*person"):
        fold_entity(double, into=build.an_entity(kind="person"), by=None)
    fold_entity(double, into=heir, by=None)
    merged, third = Entity.objects.get(pk=double.pk), build.an_entity()
    with pytest.raises(ValidationError, match="already"):
        fold_entity(merged, into=third, by=None)
    with pytest.raises(ValidationError, match="itself merged"):
        fold_entity(third, into=merged, by=None)
    with pytest.raises(ValidationError, match="itself"):
        fold_entity(Entity.objects.get(pk=heir.pk), into=merged, by=None)
    with pytest.raises(ValidationError, match="nothing to undo"):
        unfold_entity(third, by=None)


def test_a_merge_of_what_has_moved_on_is_refused_whole(heir, double):
    seen = {heir.ref: heir.version, double.ref: double.version}
    build.an_entity("deep-sea", ref=heir.ref, names=[ENGLISH, BENGALI])
    with pytest.raises(StaleVersion):
        fold_entity(double, into=heir, by=None, expect=seen)
    assert Entity.objects.get(pk=double.pk).merged_into is None
    assert not Judgement.objects.exists()


def test_splitting_moves_names_and_the_parts_of_claims_that_were_chosen(double):
    prop = build.a_property()
    about, stays = (build.a_claim(subject=double, property=prop) for _ in range(2))
    said = build.a_claim(property=prop, asserted_by=double)
    parted = split_entity(
        double,
        Parting(
            slug="deep-c",
            names=[BENGALI],
            identifiers=[WIKIDATA],
            claims=[(about.ref, "subject"), (said.ref, "asserted_by")],
        ),
        by=None,
        why="two clubs",
    )
    assert names(parted.new) == [BENGALI]
    assert names(parted.old) == [OTHER_ENGLISH]
    assert Claim.objects.get(pk=about.pk).subject == parted.new
    assert Claim.objects.get(pk=said.pk).asserted_by == parted.new
    assert Claim.objects.get(pk=stays.pk).subject == double
    assert Claim.objects.get(pk=stays.pk).version == stays.version
    assert Judgement.objects.get().verdict == "different"


@pytest.mark.parametrize("state", State)
def test_splitting_moves_what_nobody_stands_for_and_leaves_it_so(state, double):
    claim = build.a_claim(subject=double, state=state)
    parting = Parting(slug="deep-c", names=[BENGALI], claims=[(claim.ref, "subject")])
    parted = split_entity(double, parting, by=None)
    moved = Claim.objects.get(pk=claim.pk)
    assert moved.subject == parted.new
    assert moved.state == (state if state in OUTSIDE else State.DRAFT)


def test_a_split_gives_the_new_entry_a_label_and_leaves_the_old_one_its_own(double):
    double = build.an_entity(
        "deepsea-fc", ref=double.ref, names=[OTHER_ENGLISH, NameDraft(text="DS", language="en", role="alias")]
    )
    alias = NameDraft(text="DS", language="en", role="alias")
    parted = split_entity(double, Parting(slug="ds", names=[alias]), by=None)
    assert [one.role for one in names(parted.new)] == ["label"]
    with pytest.raises(ValidationError, match="keeps at least one label"):
        split_entity(parted.old, Parting(slug="none-left", names=[OTHER_ENGLISH]), by=None)
    with pytest.raises(ValidationError, match="at least one name"):
        split_entity(parted.old, Parting(slug="nothing", names=[]), by=None)


def test_a_split_refuses_claims_that_do_not_name_the_entry(double):
    other = build.a_claim()
    with pytest.raises(ValidationError, match="does not name this entry"):
        split_entity(
            double, Parting(slug="deep-c", names=[BENGALI], claims=[(other.ref, "subject")]), by=None
        )
    assert not Entity.objects.filter(slug="deep-c").exists()
    assert json.loads(json.dumps(Entity.objects.get(pk=double.pk).body()))["slug"] == "deepsea-fc"


# Every order of undoing ---------------------------------------------------------------------------------------


def entry(slug: str, *texts: str, **identifiers: str) -> Entity:
    """An entry with these names, the first a label."""
    roles = ["label", *["alias"] * (len(texts) - 1)]
    return build.an_entity(
        slug,
        names=[
            NameDraft(text=text, language="en", role=role) for text, role in zip(texts, roles, strict=True)
        ],
        identifiers=[IdentifierDraft(scheme=scheme, value=value) for scheme, value in identifiers.items()],
    )


def stands(entity: Entity) -> tuple[list[NameDraft], list[IdentifierDraft]]:
    draft = draft_of(Entity.objects.get(pk=entity.pk))
    return list(draft.names), list(draft.identifiers)


def fresh(entity: Entity) -> Entity:
    return Entity.objects.select_related("merged_into__merged_into").get(pk=entity.pk)


Merge = tuple[str, str]  # who went, into whom
SHAPES: dict[str, list[Merge]] = {
    "one after another": [("a", "b"), ("b", "c"), ("c", "d")],
    "all into one": [("a", "d"), ("b", "d"), ("c", "d")],
    "two pairs, then both": [("a", "b"), ("c", "d"), ("b", "d")],
    "a pair into one that goes on": [("a", "c"), ("b", "c"), ("c", "d")],
}


@pytest.mark.parametrize("merges", SHAPES.values(), ids=SHAPES.keys())
def test_every_order_of_undoing_ends_where_it_began(merges: list[Merge]) -> None:
    for order in permutations(merges):
        sid = transaction.savepoint()
        known = {
            "a": entry("aa", "Ajax", "Shared", wikidata="Q1"),
            "b": entry("bb", "Benfica", "Shared", "Ajax", wikidata="Q2"),
            "c": entry("cc", "Celtic", "Ajax", gleif="X"),
            "d": entry("dd", "Dinamo", "Shared", gleif="X"),
        }
        began = {slug: stands(entity) for slug, entity in known.items()}
        for who, into in merges:
            fold_entity(fresh(known[who]), into=fresh(known[into]), by=None)
        left = list(order)
        while left:
            for merge in list(left):
                entity = fresh(known[merge[0]])
                if merged_on(entity):
                    with pytest.raises(ValidationError, match="undo that merge first"):
                        unfold_entity(entity, by=None)
                    continue
                unfold_entity(entity, by=None)
                left.remove(merge)
                for merged, heir in left:  # whoever is still merged is still found under the heir's names
                    there = {one.text for one in stands(known[heir])[0]}
                    assert {one.text for one in stands(known[merged])[0]} <= there, (order, merged, heir)
                break
            else:
                pytest.fail(f"nothing of {left} can be undone")
        assert {slug: stands(entity) for slug, entity in known.items()} == began, order
        transaction.savepoint_rollback(sid)


def test_what_the_heir_entered_anew_after_a_merge_is_its_own(heir, double):
    fold_entity(double, into=heir, by=None)
    build.an_entity("deep-sea", ref=heir.ref, names=[ENGLISH], identifiers=[WIKIDATA])
    build.an_entity("deep-sea", ref=heir.ref, names=[ENGLISH, BENGALI], identifiers=[WIKIDATA])
    assert taken_over(fresh(double)) == Gains([], [WIKIDATA])


def test_a_merge_undone_and_done_again_is_undone_whole(heir, double):
    for _again in range(2):
        fold_entity(fresh(double), into=fresh(heir), by=None)
        assert names(heir) == [ENGLISH, ALIAS, BENGALI]
        unfold_entity(fresh(double), by=None)
        assert names(heir) == [ENGLISH]
