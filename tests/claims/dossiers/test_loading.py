"""Loading a dossier: all or nothing, every fault with its file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from claims.dossiers.loading import load
from claims.dossiers.reading import DossierFaults
from claims.ledger.models import Edition, Record
from claims.models import Claim, Source
from companies.models import Entity
from kb.lib import blobs
from kb.lib.refs import is_ref
from kb.models import Revision, State
from tests.building import record_of

FOOTBALL = Path(__file__).resolve().parents[2] / "dossiers" / "football"
TEXTS = FOOTBALL.parent / "football-texts"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the football dossier, to be spoilt."""
    return Path(shutil.copytree(FOOTBALL, tmp_path / "football"))


def _spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Replace `old` in the file, once; the line it stood in."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def _faults(folder: Path, **how: Any) -> list[tuple[str, int, str]]:
    with pytest.raises(DossierFaults) as refusal:
        load(folder, **how)
    return [(fault.file, fault.line, fault.message) for fault in refusal.value.faults]


def _nothing_is_written() -> bool:
    return not any(model.objects.exists() for model in (Entity, Source, Claim, Revision, Edition, Record))


TRANSFER, PLAYING, WORDS, PEOPLE = (
    "claims/transfer.yaml",
    "claims/playing.yaml",
    "vocabulary.yaml",
    "people-and-clubs.yaml",
)

# What is wrong: file, what stands there, what is put instead, lines from there to the fault, what is said.
FAULTS = {
    "unknown property": (TRANSFER, "property: transfer-fee", "property: price", 0, "no property 'price'"),
    "unknown subject": (TRANSFER, "subject: rafiq-hossain", "subject: rafik", 0, "no entity 'rafik'"),
    "unknown asserter": (TRANSFER, "asserted_by: abahani", "asserted_by: nobody", 0, "no entity 'nobody'"),
    "unknown value": (TRANSFER, "{entity: abahani}", "{entity: nobody}", 0, "no entity 'nobody'"),
    "unknown source": (TRANSFER, "- source: prothom-bn", "- source: rumour", 0, "no source 'rumour'"),
    "unknown publisher": (PEOPLE, "publisher: daily-goal", "publisher: nobody", 0, "no publisher 'nobody'"),
    "unknown dimension": (TRANSFER, "scope: {bonuses: without", "scope: {tax: without", 0, "no scope dimension 'tax'"),
    "unknown term": (TRANSFER, "bonuses: with-bonuses", "bonuses: perhaps", 0, "'perhaps' is no term of bonuses"),
    "unknown claim": (TRANSFER, "relation: supersedes, claim: c", "relation: supersedes, claim: c9zzzzzzzz}] # c", 0, "no claim"),  # noqa: E501
    "missing required scope": (TRANSFER, "  scope: {bonuses: without-bonuses}\n", "", -4, "requires the scope dimension bonuses"),  # noqa: E501
    "offsets beyond the text": (TRANSFER, "start: ", "start: 9", -2, "a quote needs its start"),
    "impossible date": (TRANSFER, "point_in_time: 2026-02~", "point_in_time: 2026-13", 0, "point_in_time"),
    "date in words": (PLAYING, "time: 2019-08~", "time: last summer", 0, "value_time"),
    "date of an open kind": (PEOPLE, "published_on: 2026-02-10", "published_on: 10.02.2026", 0, "published_on"),
    "unknown language": (PEOPLE, "Rafiq Hossain, language: en", "Rafiq Hossain, language: qx", 0, "no language that CLDR knows"),  # noqa: E501
    "no language at all": (PEOPLE, "  language: bn\n", "  language: in Bengali\n", 0, "no language tag"),
    "unknown language of prose": (WORDS, "transfer fee, bn:", "transfer fee, qx:", 0, "no language that CLDR knows"),
    "itself derived from its copy": (PEOPLE, "  slug: prothom-bn\n", "  slug: prothom-bn\n  derived_from: daily-goal-en\n  derivation: copy\n", 1, "circle"),  # noqa: E501
    "bad scheme": (PEOPLE, '"https://abahani.example"', "{bidi: x}", 0, "identifiers"),
    "javascript address": (PEOPLE, "  name: প্রথম খেলা\n", "  name: প্রথম খেলা\n  url: javascript:alert(1)\n", 1, "must start with https"),  # noqa: E501
    "address with a password": (PEOPLE, "  name: প্রথম খেলা\n", '  name: প্রথম খেলা\n  url: "https://a:b@c.example"\n', 1, "user name or password"),  # noqa: E501
    "duplicate key": (PLAYING, "  property: goals-scored\n", "  property: goals-scored\n  property: debut-on\n", 1, "stands here twice"),  # noqa: E501
    "an anchor and its alias": (PLAYING, "slug: price-of-rafiq\n  question: {en", "slug: price-of-rafiq\n  answer: &a {en: x}\n  reason: *a\n  question: {en", 1, "anchors and aliases"),  # noqa: E501
    "unknown field": (PLAYING, "  property: goals-scored\n", "  property: goals-scored\n  propperty: x\n", -2, "propperty"),  # noqa: E501
    "wrong type": (PLAYING, "{time: 2019-08~}", "[2019]", 0, "is not of type"),
    "unit of another dimension": (TRANSFER, "amount: 5000000, unit: BDT", "amount: 5000000, unit: kg", 0, "measured in currency"),  # noqa: E501
    "unit that is none": (TRANSFER, "amount: 5000000, unit: BDT", "amount: 5000000, unit: taka", 0, "taka"),
    "amount with commas": (TRANSFER, "amount: 8000000", 'amount: "8,000,000"', 0, "8,000,000"),
    "kind of subject": (WORDS, "subject_kinds: [person]", "subject_kinds: [planet]", 0, "planet"),
    "subject of another kind": (WORDS, "  subject_kinds: [person]\n  required", "  subject_kinds: [company]\n  required", None, "is: person"),  # noqa: E501
    "reliability without a date": (PEOPLE, "  graded_on: 2026-03\n", "", None, "when the grade was given"),
    "hidden direction control": (PEOPLE, "title: Rafiq moves", 'title: "Rafiq \\u202e moves"', 0, "invisible direction control"),  # noqa: E501
    "control character": (PEOPLE, "title: Rafiq moves", 'title: "Rafiq \\0 moves"', 0, "control character"),
    "slug with capitals": (PEOPLE, "slug: abahani", "slug: Abahani", 0, "slug"),
    "quote of another length": (TRANSFER, 'exact: "5 million taka"', 'exact: "5 million"', 0, "its offsets span"),
    "verdict without a reason": (PLAYING, '  reason: {en: "One figure leaves the bonuses out."}\n', "", None, "say why"),  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_said_with_its_file_and_line(folder, what):
    file, old, new, below, said = FAULTS[what]
    line = _spoil(folder, file, old, new)
    found = _faults(folder, publish=True)
    if below is None:  # it shows elsewhere than where it was spoilt
        assert any(said in words for _, _, words in found), found
    else:
        assert any((file, line + below) == (name, at) and said in words for name, at, words in found), found
    assert _nothing_is_written()


def test_a_quote_that_is_not_at_its_offsets_is_found_where_the_text_is_held(folder):
    blobs.write((TEXTS / "daily-star.txt").read_bytes())
    line = _spoil(folder, TRANSFER, '"5 million taka"', '"6 million taka"')
    ((file, at, message),) = _faults(folder)
    assert (file, at) == (TRANSFER, line)
    assert "the text has '5 million taka'" in message
    assert _nothing_is_written()


def test_a_duplicate_ref_names_the_first_and_offers_another(folder):
    ref = re.search("ref: (c[0-9a-z]{9})", (folder / TRANSFER).read_text(encoding="utf-8"))[1]
    own = re.search("ref: (c[0-9a-z]{9})", (folder / PLAYING).read_text(encoding="utf-8"))[1]
    _spoil(folder, PLAYING, f"ref: {own}", f"ref: {ref}")
    ((file, line, message), *_) = [fault for fault in _faults(folder) if "stands already" in fault[2]]
    assert f"the ref {ref} stands already in {PLAYING}:2" in message
    assert (file, line) == (TRANSFER, 2)
    assert is_ref(message.split()[-1], "claim")
    assert _nothing_is_written()


def test_a_missing_ref_is_offered_one(folder):
    own = re.search("ref: (e[0-9a-z]{9})", (folder / PEOPLE).read_text(encoding="utf-8"))[1]
    _spoil(folder, PEOPLE, f"- ref: {own}\n  slug", "- slug")
    ((file, line, message),) = _faults(folder)
    assert (file, line) == (PEOPLE, 2)
    assert is_ref(message.split()[-1], "entity")


def test_a_ref_of_another_kind_is_refused(folder):
    line = _spoil(folder, PEOPLE, "- ref: e", "- ref: c")
    ((file, at, message),) = _faults(folder)
    assert (file, at) == (PEOPLE, line)
    assert "no ref of a entity" in message or "no ref of an entity" in message


def test_a_duplicate_slug_names_the_first(folder):
    line = _spoil(folder, PEOPLE, "slug: abahani", "slug: mohammedan")
    found = _faults(folder)
    assert any((file, at) == (PEOPLE, line) and "stands already in" in words for file, at, words in found)


def test_a_slug_that_belongs_to_another_in_the_base_is_refused(folder):
    load(folder)
    shutil.rmtree(folder / "claims")
    ref = re.search("ref: (e[0-9a-z]{9})\n  slug: abahani", (folder / PEOPLE).read_text(encoding="utf-8"))[1]
    _spoil(folder, PEOPLE, f"ref: {ref}", "ref: e0abcdefgh")
    assert any(f"belongs to {ref}" in words for _, _, words in _faults(folder))


def test_what_is_no_yaml_is_said_with_its_line(folder):
    (folder / "broken.yaml").write_text("claims:\n- ref: [\n", encoding="utf-8")
    ((file, line, message),) = _faults(folder)
    assert (file, line) == ("broken.yaml", 3)
    assert message.startswith("this is no YAML")


def test_what_is_no_utf8_is_said_with_its_byte(folder):
    (folder / "latin.yaml").write_bytes("# café".encode("latin-1"))
    assert _faults(folder) == [("latin.yaml", 0, "byte 5 is no UTF-8; save the file as UTF-8")]


@pytest.mark.parametrize("text", ["", "- a list\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(folder, text):
    (folder / "list.yaml").write_text(text, encoding="utf-8")
    ((file, _, message),) = _faults(folder)
    assert file == "list.yaml"
    assert "a mapping with any of" in message


def test_a_file_that_nests_too_deeply_is_refused(folder):
    (folder / "deep.yaml").write_text("claims: " + "[" * 20_000 + "]" * 20_000, encoding="utf-8")
    assert [file for file, _, _ in _faults(folder)] == ["deep.yaml"]


@pytest.mark.parametrize(
    "make", [lambda path: path.mkdir(), lambda path: None, lambda path: path.write_text("x")]
)
def test_a_folder_without_a_dossier_is_refused(tmp_path, make):
    make(tmp_path / "empty")
    ((file, line, message),) = _faults(tmp_path / "empty")
    assert (file, line) == (str(tmp_path / "empty"), 0)
    assert "there is no dossier here" in message


def test_all_faults_are_said_at_once_in_order(folder):
    _spoil(folder, TRANSFER, "property: transfer-fee", "property: price")
    _spoil(folder, PLAYING, "property: goals-scored", "property: gols")
    _spoil(folder, PLAYING, "source: league-register", "source: nowhere")
    found = _faults(folder)
    assert len(found) == 3
    assert found == sorted(found)


def test_faults_of_the_desk_are_all_said_at_once(folder):
    first = _spoil(folder, PLAYING, "time: 2019-08~", "time: summer")
    second = _spoil(folder, PLAYING, "upper_amount: 34", "upper_amount: 3")
    assert {line for _, line, _ in _faults(folder)} == {first, second}


def test_a_fault_after_a_load_leaves_the_base_as_it_was(folder):
    load(folder, publish=True)
    before = list(Revision.objects.order_by("pk").values()), list(Record.objects.order_by("pk").values())
    _spoil(folder, PEOPLE, "title: Rafiq moves", "title: Rafiq moves on")
    _spoil(folder, TRANSFER, "amount: 8000000", "amount: many")
    _faults(folder, publish=True)
    assert (
        list(Revision.objects.order_by("pk").values()),
        list(Record.objects.order_by("pk").values()),
    ) == before
    assert Source.objects.filter(title="Rafiq moves").exists()


def test_what_cannot_be_published_undoes_the_load(folder):
    """A published claim that rests on a source held back."""
    line = _spoil(folder, PEOPLE, "  slug: league-register\n", "  slug: league-register\n  publish: false\n")
    assert line
    found = _faults(folder, publish=True)
    assert {file for file, _, _ in found} == {TRANSFER, PLAYING}
    assert all("league-register, which is not published" in words for _, _, words in found)
    assert _nothing_is_written()


# What a load does -----------------------------------------------------------------------------------------


def test_a_dossier_of_another_field_loads_and_is_published_in_one_edition(folder):
    loaded = load(folder, publish=True)
    assert (sum(loaded.added.values()), sum(loaded.changed.values())) == (23, 0)
    assert (loaded.edition.number, loaded.edition.review) == (1, "import")
    assert Edition.objects.count() == 1


def test_loading_twice_changes_nothing(folder):
    load(folder, publish=True)
    before = Revision.objects.count(), Record.objects.count()
    again = load(folder, publish=True)
    assert sum(again.unchanged.values()) == 23
    assert (sum(again.added.values()), sum(again.changed.values())) == (0, 0)
    assert again.edition is None
    assert (Revision.objects.count(), Record.objects.count()) == before
    assert Edition.objects.count() == 1


def test_loading_a_changed_item_changes_that_one(folder):
    load(folder, publish=True)
    _spoil(folder, PEOPLE, "title: Rafiq moves", "title: Rafiq moves on")
    again = load(folder, publish=True)
    assert dict(again.changed) == {"sources": 1}
    assert [one.kind for one in Record.objects.filter(edition_from=again.edition.number)] == ["source"]


def test_an_item_held_back_is_a_draft_and_not_published(folder):
    load(folder, publish=True)
    held = Claim.objects.get(property__slug="style-of-play")
    assert held.state == State.DRAFT
    assert not Record.objects.filter(ref=held.ref).exists()
    assert set(Claim.objects.exclude(pk=held.pk).values_list("state", flat=True)) == {State.APPROVED}


def test_a_dry_run_counts_and_writes_nothing(folder):
    loaded = load(folder, publish=True, dry_run=True)
    assert sum(loaded.added.values()) == 23
    assert _nothing_is_written()


def test_a_dry_run_finds_faults(folder):
    _spoil(folder, TRANSFER, "amount: 8000000", "amount: many")
    assert _faults(folder, dry_run=True)


def test_a_load_is_attributed(folder, editor):
    load(folder, by=editor)
    assert set(Revision.objects.values_list("by__username", "why")) == {("editor", "loaded from a dossier")}


def test_claims_that_link_in_a_circle_load(folder):
    joined = re.search(r"ref: (c[0-9a-z]{9})\n  subject: \S+\n  property: joined-club\n  value: {entity: abahani",
                       (folder / TRANSFER).read_text(encoding="utf-8"))[1]  # fmt: skip
    _spoil(
        folder,
        TRANSFER,
        "  value: {entity: mohammedan}\n",
        f"  value: {{entity: mohammedan}}\n  links: [{{relation: narrows, claim: {joined}}}]\n",
    )
    load(folder, publish=True)
    left = Claim.objects.get(value_entity__slug="abahani")
    joined = Claim.objects.get(value_entity__slug="mohammedan")
    assert left.links.get().target == joined
    assert joined.links.get().target == left
    again = load(folder, publish=True)
    assert sum(again.unchanged.values()) == 23
    assert again.edition is None


def test_whole_numbers_without_quotes_are_text_and_exact(folder):
    _spoil(folder, PEOPLE, "{text: Abahani, language: en}", "{text: 1972, language: en}")
    _spoil(folder, TRANSFER, "amount: 5000000,", "amount: 5000000.50,")
    with pytest.raises(DossierFaults, match=r"5000000\.5"):
        load(folder)
    _spoil(folder, TRANSFER, "amount: 5000000.50,", "amount: 5000000.5,")
    load(folder)
    assert Entity.objects.get(slug="abahani").names.filter(text="1972").exists()
    assert Claim.objects.filter(amount="5000000.5").exists()


def test_an_import_keeps_what_this_base_withdrew_withdrawn(folder):
    from claims import press
    from claims.ledger.models import Reason

    load(folder, publish=True)
    goals = Claim.objects.get(property__slug="goals-scored")
    press.publish([], withdraw=[goals], by=None, reason=Reason.RETRACTION, note={"en": "wrong"})
    loaded = load(folder, publish=True)
    assert loaded.edition is None
    assert any(goals.ref in sentence for sentence in loaded.left_out)
    assert record_of(goals).op == "withdrawn"
