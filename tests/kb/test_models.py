"""Versions, history and the refusal of stale saves, shown on an entity: every root has them from `Root`."""

from __future__ import annotations

import json
from functools import partial
from threading import Barrier

import pytest

from companies.actions import NameDraft
from companies.models import Entity
from kb.lib.text import sha256_text
from kb.models import Revision, StaleVersion, State
from tests.building import NOON, a_claim, an_entity, together

NAMES = [NameDraft(text="Ajax", language="en")]


def _revisions(entity: Entity) -> list[Revision]:
    return list(Revision.objects.filter(ref=entity.ref).order_by("version"))


@pytest.mark.django_db
def test_seal_appends_the_whole_body_with_who_when_and_why(editor):
    entity = an_entity("ajax", by=editor, why="first look", at=NOON)
    (revision,) = _revisions(entity)
    assert (revision.kind, revision.version, revision.state) == ("entity", 1, "draft")
    assert (revision.by, revision.at, revision.why) == (editor, NOON, "first look")
    assert json.loads(revision.body) == entity.body()
    assert revision.body_sha256 == sha256_text(revision.body) == entity.body_sha256()
    assert str(revision) == f"entity {entity.ref} v1"


@pytest.mark.django_db
def test_seal_of_an_unchanged_root_appends_nothing():
    entity = an_entity("ajax", names=NAMES)
    again = an_entity("ajax", names=NAMES, ref=entity.ref)
    assert again.version == 1
    assert len(_revisions(entity)) == 1


@pytest.mark.django_db
def test_seal_notices_a_change_of_state_alone():
    entity = an_entity("ajax")
    entity.state = State.IN_REVIEW
    entity.seal(by=None)
    assert [one.state for one in _revisions(entity)] == ["draft", "in-review"]


@pytest.mark.django_db
def test_seal_notices_a_change_of_a_child_alone():
    entity = an_entity("ajax", names=NAMES)
    alias = NameDraft(text="de Joden", language="nl", role="alias")
    an_entity("ajax", ref=entity.ref, names=[*NAMES, alias])
    assert [len(json.loads(one.body)["names"]) for one in _revisions(entity)] == [1, 2]


@pytest.mark.django_db
def test_a_stale_save_is_refused_and_nothing_is_written():
    entity = an_entity("ajax")
    an_entity("ajax", ref=entity.ref, expect=1, description={"en": "the club"})
    with pytest.raises(StaleVersion, match=r"version 1 then, 2 now") as refusal:
        an_entity("psv", ref=entity.ref, expect=1, description={"en": "lost?"})
    assert (refusal.value.expected, refusal.value.root.version) == (1, 2)
    entity.refresh_from_db()
    assert (entity.slug, entity.description) == ("ajax", {"en": "the club"})
    assert len(_revisions(entity)) == 2


@pytest.mark.django_db
def test_a_save_that_expects_nothing_takes_what_is_there():
    entity = an_entity("ajax")
    assert an_entity("ajax", ref=entity.ref, description={"en": "x"}).version == 2


@pytest.mark.django_db
def test_a_ref_that_is_given_is_kept_and_none_is_made_up():
    assert an_entity(ref="e0abcdefgh").ref == "e0abcdefgh"
    assert an_entity().ref != an_entity().ref


@pytest.mark.django_db
def test_bodies_are_json_of_the_desk_for_every_kind_of_root():
    claim = a_claim()
    assert json.loads(json.dumps(claim.body())) == claim.body()


PAIRS = 20


def _add_an_alias(entity: Entity, word: str, *, checking: bool, read: Barrier) -> bool:
    """Read, think, write: as an editor with a form does. Whether it was taken."""
    standing = Entity.objects.get(ref=entity.ref)
    names = [NameDraft(text=one.text, language=one.language, role=one.role) for one in standing.names.all()]
    read.wait(30)  # both have read the same version
    try:
        an_entity(
            standing.slug,
            ref=standing.ref,
            names=[*names, NameDraft(text=word, language="en", role="alias")],
            expect=standing.version if checking else None,
        )
    except StaleVersion:
        return False
    return True


def _race(*, checking: bool) -> int:
    """How many accepted aliases are not there in the end, over PAIRS pairs of editors."""
    entity, accepted = an_entity("ajax", names=NAMES), set[str]()
    for pair in range(PAIRS):
        read, words = Barrier(2), (f"left {pair}", f"right {pair}")
        taken = together(
            *[partial(_add_an_alias, entity, word, checking=checking, read=read) for word in words]
        )
        assert set(taken) <= {True, False}, taken
        accepted |= {word for word, was_taken in zip(words, taken, strict=True) if was_taken}
        if checking:
            assert sorted(taken) == [False, True]
    return len(accepted - set(entity.names.values_list("text", flat=True)))


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_racing_pairs_of_editors_lose_nothing_that_was_accepted():
    assert _race(checking=True) == 0


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_control_without_the_check_the_same_pairs_lose_work():
    assert _race(checking=False) == PAIRS
