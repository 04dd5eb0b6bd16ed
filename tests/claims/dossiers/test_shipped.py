"""The shipped dossier: what FACTS.md lists stands in the ledger, and it comes out of a base as it went in."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from claims.actions.captures import capture
from claims.dossiers.dumping import dump
from claims.dossiers.loading import load
from claims.ledger import read, verify
from claims.ledger.models import Edition, Record
from claims.models import Claim, Source
from kb.models import Revision, State
from tests.claims.dossiers.bases import an_empty_base, elsewhere, tree

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "dossiers" / "deepseek"
ROWS = json.loads((Path(__file__).parent / "rows.json").read_text(encoding="utf-8"))
SAME_ORIGIN = {"000", "001", "003"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


def _seeds() -> dict[str, str]:
    """The ref of each seed's source to its number."""
    refs = Source.objects.filter(slug__startswith="seed-").values_list("ref", "slug")
    return {ref: slug.removeprefix("seed-") for ref, slug in refs}


def _bodies() -> dict[str, dict]:
    return {row.ref: read.Thing.of(row.record).body for row in read.claims(read.latest())}


def _facts(shared: Path) -> dict[str, set[str]]:
    """The number of each row of the first table of statements, and the seeds that its last column names."""
    text = (shared / "FACTS.md").read_text(encoding="utf-8")
    table = text.split("## Every statement in them")[1].split("### ")[0]
    rows = re.findall(r"^\| (\d+) \|.*\|([^|]*)\|$", table, re.MULTILINE)
    return {number: set(re.findall(r"\b00[0-3]\b", seeds)) for number, seeds in rows}


# The facts ------------------------------------------------------------------------------------------------


def test_every_row_of_the_facts_is_a_published_claim_with_its_sources(shared):
    facts = _facts(shared)
    assert list(facts) == [str(number) for number in range(1, 27)] == sorted(ROWS, key=int)
    bodies, seeds = _bodies(), _seeds()
    wrong = {}
    for number, expected in facts.items():
        # A claim that stands for two rows has the evidence of both.
        sharing = [other for other in facts if set(ROWS[other]) & set(ROWS[number])]
        possible = set.union(*(facts[other] for other in sharing))
        unpublished = [ref for ref in ROWS[number] if ref not in bodies]
        cited = {
            seeds[one["source"]]
            for ref in ROWS[number]
            if ref in bodies
            for one in bodies[ref]["evidence"]
            if one["source"] in seeds
        }
        if unpublished or not expected <= cited <= possible:
            wrong[number] = (unpublished, sorted(cited), sorted(expected))
    assert wrong == {}


def test_each_seed_names_itself_as_evidence_of_many_rows(shared):
    assert len({seed for seeds in _facts(shared).values() for seed in seeds}) == 4


def test_the_three_copies_share_one_origin_in_every_claim_that_they_carry_together():
    """Where a claim's figure is named from elsewhere, they share that; 002 never shares theirs by copying."""
    seeds, together = _seeds(), 0
    for ref, body in _bodies().items():
        origins: dict[str, set[str]] = {}
        for one, behind in zip(body["evidence"], body["derived"]["evidence"], strict=True):
            if seeds.get(one["source"]) in SAME_ORIGIN:
                origins.setdefault(one["source"], set()).add(behind["origin"])
        if len(origins) > 1:
            together += 1
            assert len(set.union(*origins.values())) == 1, ref
    assert together >= 15


def test_the_four_articles_are_two_origins():
    sources = {one.slug: one for one in Source.objects.filter(slug__startswith="seed-")}

    def root(source: Source) -> str:
        return root(source.derived_from) if source.derived_from else source.slug

    assert len({root(one) for one in sources.values()}) == 2
    assert root(sources["seed-002"]) == "seed-002"


def test_every_quote_of_the_seeds_is_found_in_them(shared):
    found = 0
    for number in ("000", "001", "002", "003"):
        (path,) = (shared / "seeds").glob(f"{number}_*.txt")
        captured = capture(path.read_bytes(), Source.objects.get(slug=f"seed-{number}"), by=None)
        assert not captured.new, "the dossier's snapshot is of other bytes"
        found += captured.verified
    quoted = Claim.objects.filter(evidence__exact__gt="").values("evidence__pk").count()
    assert found == quoted > 80
    states = {
        behind["quote"]
        for body in _bodies().values()
        for one, behind in zip(body["evidence"], body["derived"]["evidence"], strict=True)
        if one["quote"]
    }
    assert states == {"verified"}
    call_command("verify", stdout=StringIO())


def test_no_quote_is_longer_than_the_words_that_a_figure_is_printed_with():
    longest = max(
        len(one["quote"]["exact"]) for body in _bodies().values() for one in body["evidence"] if one["quote"]
    )
    assert longest <= 80


def test_the_shipped_ledger_is_sound_and_one_edition():
    assert list(verify.faults()) == []
    assert Edition.objects.get().review == "import"


# In and out -----------------------------------------------------------------------------------------------


@pytest.mark.once
def test_two_bases_dump_the_same_bytes(tmp_path):
    """Another base is another process with an SQLite file of its own: on PostgreSQL this joins two databases."""
    elsewhere(
        an_empty_base(tmp_path),
        ["load_dossier", str(SHIPPED)],
        ["dump_dossier", str(tmp_path / "there")],
    )
    dump(tmp_path / "here")
    here, there = tree(tmp_path / "here"), tree(tmp_path / "there")
    assert list(here) == list(there)
    differing = [
        (name, mine, yours)
        for name in here
        for mine, yours in zip(here[name].splitlines(), there[name].splitlines(), strict=False)
        if mine != yours
    ]
    assert differing[:3] == []
    assert here == there


def test_a_dump_loads_over_what_it_was_dumped_from_without_a_change(tmp_path):
    before = Revision.objects.count(), Record.objects.count(), Edition.objects.count()
    dump(tmp_path / "dump")
    again = load(tmp_path / "dump", publish=True)
    assert (sum(again.added.values()), sum(again.changed.values()), again.edition) == (0, 0, None)
    assert (Revision.objects.count(), Record.objects.count(), Edition.objects.count()) == before
    dump(tmp_path / "second")
    assert tree(tmp_path / "second") == tree(tmp_path / "dump")


def test_what_is_held_back_stays_held_back(tmp_path):
    dump(tmp_path)
    items = [
        item
        for path in tmp_path.rglob("*.yaml")
        for section, items in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        if section != "dossier"
        for item in items
    ]
    drafts = set(Claim.objects.filter(state=State.DRAFT).values_list("ref", flat=True))
    assert {item["ref"] for item in items if item.get("publish") is False} >= drafts
    assert len(items) == sum(
        len(json_items)
        for path in SHIPPED.rglob("*.yaml")
        for section, json_items in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        if section != "dossier"
    )


@pytest.mark.once
def test_the_dump_of_one_entity_loads_alone(tmp_path):
    counts = dump(tmp_path / "part", entities=["high-flyer"])
    assert 0 < counts["claims"] < Claim.objects.count()
    elsewhere(
        an_empty_base(tmp_path),
        ["load_dossier", str(tmp_path / "part"), "--publish"],
        ["dump_dossier", str(tmp_path / "again")],
    )
    assert tree(tmp_path / "again") == tree(tmp_path / "part")
