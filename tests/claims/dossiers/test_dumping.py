"""Dumping the desk: what comes out goes in again, without a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from claims import press
from claims.actions.merging import merge_entity
from claims.dossiers.dumping import NoSuchEntity, NotADossierFolder, dump
from claims.dossiers.loading import load
from claims.ledger.models import Edition, Reason
from claims.models import Claim, Source
from companies.models import Entity
from kb.models import Revision, State
from tests.building import a_claim, a_source, an_entity, published, some_evidence
from tests.claims.dossiers.bases import an_empty_base, elsewhere, tree

FOOTBALL = Path(__file__).resolve().parents[2] / "dossiers" / "football"

pytestmark = pytest.mark.django_db


def _items(folder: Path) -> dict[str, dict]:
    return {
        item["ref"]: item
        for path in folder.rglob("*.yaml")
        for section, items in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        if section != "dossier"
        for item in items
    }


def test_load_dump_load_changes_nothing(tmp_path):
    load(FOOTBALL)
    dump(tmp_path / "first")
    before = Revision.objects.count()
    again = load(tmp_path / "first")
    assert (sum(again.added.values()), sum(again.changed.values())) == (0, 0)
    assert Revision.objects.count() == before
    dump(tmp_path / "second")
    assert tree(tmp_path / "second") == tree(tmp_path / "first")


@pytest.mark.once
def test_a_dump_loads_into_an_empty_base_and_dumps_the_same(tmp_path):
    load(FOOTBALL, publish=True)
    dump(tmp_path / "here")
    elsewhere(
        an_empty_base(tmp_path),
        ["load_dossier", str(tmp_path / "here"), "--publish"],
        ["dump_dossier", str(tmp_path / "there")],
        ["verify"],
    )
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_a_dump_says_what_the_dossier_said(tmp_path):
    load(FOOTBALL)
    counts = dump(tmp_path)
    said, given = _items(tmp_path), _items(FOOTBALL)
    assert set(said) == set(given)
    assert sum(counts.values()) == len(given)
    # Amounts become text and an entity's names lose nothing; what is left out are the defaults.
    for ref, item in given.items():
        assert {key for key in item if key not in said[ref]} <= {"publish"}
    assert {ref for ref in given if "publish" in given[ref]} <= {
        ref for ref in said if said[ref].get("publish") is False
    }
    names = {ref: item["names"] for ref, item in given.items() if "names" in item}
    assert {ref: said[ref]["names"] for ref in names} == names


def test_what_was_held_back_is_dumped_as_held_back(tmp_path):
    load(FOOTBALL, publish=True)
    dump(tmp_path)
    held = {ref for ref, item in _items(tmp_path).items() if item.get("publish") is False}
    assert held == {Claim.objects.get(property__slug="style-of-play").ref}


def test_what_was_withdrawn_is_dumped_as_held_back(tmp_path):
    load(FOOTBALL, publish=True)
    goals = Claim.objects.get(property__slug="goals-scored")
    press.publish([], withdraw=[goals], by=None, reason=Reason.RETRACTION, note={"en": "wrong"})
    dump(tmp_path)
    assert _items(tmp_path)[goals.ref]["publish"] is False


@pytest.mark.parametrize("state", [State.PROPOSED, State.REJECTED, State.DISCARDED])
def test_what_was_proposed_rejected_or_discarded_is_left_out(tmp_path, state):
    kept, left_out = an_entity(), an_entity(state=state)
    dump(tmp_path)
    assert set(_items(tmp_path)) == {kept.ref}
    assert left_out.ref not in _items(tmp_path)


def test_what_rests_on_a_proposal_is_left_out_with_it(tmp_path):
    offered, origin = a_source(), a_source()
    Source.objects.filter(pk=offered.pk).update(state=State.PROPOSED)
    derived = a_source(derived_from=offered)
    claims = [a_claim(evidence=[some_evidence(one)]) for one in (offered, derived, origin)]
    proposed = a_claim(evidence=[some_evidence(origin)], state=State.PROPOSED)
    linked = a_claim(links=[("supersedes", proposed)], evidence=[some_evidence(origin)])
    dump(tmp_path)
    kept = _items(tmp_path)
    assert {one.ref for one in (offered, derived, origin, *claims, proposed, linked)} & set(kept) == {
        origin.ref,
        claims[2].ref,
    }
    load(tmp_path)


def test_a_merged_entity_that_claims_still_name_does_not_stop_a_dump(tmp_path):
    claim, heir = a_claim(), an_entity("heir")
    published(claim, heir)
    merge_entity(Entity.objects.get(pk=claim.subject_id), into=heir, by=None, reason=Reason.IMPORT)
    dump(tmp_path)
    assert _items(tmp_path)[claim.ref]["subject"] == "heir"


def test_a_rejected_thing_that_a_claim_rests_on_does_not_stop_a_dump(tmp_path):
    subject = an_entity()
    claim = a_claim(subject=subject)
    an_entity(subject.slug, ref=subject.ref, state=State.REJECTED)
    dump(tmp_path)
    assert claim.ref not in _items(tmp_path) or subject.ref in _items(tmp_path)


def test_a_dump_replaces_the_dossier_in_its_folder(tmp_path):
    load(FOOTBALL)
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "old.yaml").write_text("claims: []\n", encoding="utf-8")
    dump(tmp_path)
    assert not (tmp_path / "claims" / "old.yaml").exists()


def test_a_dump_buries_nothing_else(tmp_path):
    (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(NotADossierFolder, match="empty folder"):
        dump(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_a_dump_of_an_empty_desk_is_a_dossier_of_nothing(tmp_path):
    assert sum(dump(tmp_path).values()) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["dossier.yaml"]


def test_a_dump_of_one_entity_holds_what_its_claims_rest_on(tmp_path):
    load(FOOTBALL)
    other = a_claim()
    dump(tmp_path, entities=["rafiq-hossain"])
    items = _items(tmp_path)
    assert set(items) == set(_items(FOOTBALL))
    assert other.ref not in items


def test_a_dump_of_an_entity_without_claims_holds_it_alone(tmp_path):
    load(FOOTBALL)
    dump(tmp_path, entities=["abahani"])
    assert {item["slug"] for item in _items(tmp_path).values()} == {"abahani"}


def test_a_dump_of_nobody_is_refused(tmp_path):
    with pytest.raises(NoSuchEntity, match="nobody"):
        dump(tmp_path / "x", entities=["nobody"])
    assert not (tmp_path / "x").exists()


def test_a_dump_prints_no_edition(tmp_path):
    load(FOOTBALL)
    dump(tmp_path)
    assert not Edition.objects.exists()
