"""What the commands print and how they end."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.ledger.models import Edition, Record
from claims.models import Evidence, Snapshot, Source
from companies.models import Entity
from kb.lib import blobs
from kb.lib.text import canonical_json
from kb.models import Revision
from tests.building import a_claim, a_quote, a_snapshot, a_source, published, record_of, some_evidence

FOOTBALL = Path(__file__).resolve().parents[2] / "dossiers" / "football"

pytestmark = pytest.mark.django_db


def _run(*args: str, **options: Any) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=out, **options)
    return out.getvalue()


def _refused(*args: str, **options: Any) -> tuple[CommandError, str]:
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(*args, stdout=out, stderr=out, **options)
    return refusal.value, out.getvalue()


# load_dossier ---------------------------------------------------------------------------------------------


def test_load_dossier_prints_what_was_added_and_the_edition():
    said = _run("load_dossier", str(FOOTBALL), publish=True)
    assert "claims            7 added, 0 changed, 0 unchanged" in said
    assert "published in edition 1" in said


def test_load_dossier_again_says_that_nothing_changed():
    _run("load_dossier", str(FOOTBALL), publish=True)
    said = _run("load_dossier", str(FOOTBALL), publish=True)
    assert "claims            0 added, 0 changed, 7 unchanged" in said
    assert "nothing to publish" in said


def test_load_dossier_without_publish_prints_no_edition():
    assert "edition" not in _run("load_dossier", str(FOOTBALL))
    assert not Edition.objects.exists()


def test_load_dossier_dry_run_says_so_and_writes_nothing():
    said = _run("load_dossier", str(FOOTBALL), publish=True, dry_run=True)
    assert "claims            7 added" in said
    assert said.endswith("dry run: nothing was written\n")
    assert not Entity.objects.exists()


def test_load_dossier_names_every_fault_with_file_and_line(tmp_path):
    (tmp_path / "one.yaml").write_text(
        "entities:\n- slug: ajax\n  kind: club\n  names: []\n", encoding="utf-8"
    )
    (tmp_path / "two.yaml").write_text("x: 1\n", encoding="utf-8")
    fault, _ = _refused("load_dossier", str(tmp_path))
    assert fault.returncode == 1
    assert "one.yaml:3: " in str(fault)
    assert "two.yaml:1: " in str(fault)
    assert str(fault).endswith("fault(s); nothing was loaded.")


def test_load_dossier_by_nobody_is_refused():
    fault, _ = _refused("load_dossier", str(FOOTBALL), by="nobody")
    assert "there is no user 'nobody'" in str(fault)


def test_load_dossier_attributes_what_it_loads(editor):
    _run("load_dossier", str(FOOTBALL), by="editor")
    assert set(Revision.objects.values_list("by", flat=True)) == {editor.pk}


# dump_dossier ---------------------------------------------------------------------------------------------


def test_dump_dossier_prints_how_many_of_each(tmp_path):
    _run("load_dossier", str(FOOTBALL))
    said = _run("dump_dossier", str(tmp_path / "dump"))
    assert "3 entities, 3 sources, 7 claims, 1 disputes, 1 timelines" in said


def test_dump_dossier_of_one_entity(tmp_path):
    _run("load_dossier", str(FOOTBALL))
    assert "1 entities" in _run("dump_dossier", str(tmp_path / "dump"), "--entity", "abahani")
    fault, _ = _refused("dump_dossier", str(tmp_path / "none"), "--entity", "nobody")
    assert "nobody" in str(fault)


def test_dump_dossier_refuses_a_folder_with_other_files(tmp_path):
    (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
    fault, _ = _refused("dump_dossier", str(tmp_path))
    assert "other files" in str(fault)


# capture --------------------------------------------------------------------------------------------------

TEXT = "The fee was 1 million euros."


def _quoted() -> Source:
    source = a_source("report", snapshots=[a_snapshot(TEXT)])
    quote = a_quote(source.snapshots.get(), TEXT, "1 million euros")
    published(a_claim(evidence=[some_evidence(source, quote=quote)]))
    return source


@pytest.mark.parametrize("key", ["ref", "slug"])
def test_capture_says_what_was_stored_and_what_was_found(tmp_path, key):
    source = _quoted()
    (tmp_path / "copy.txt").write_text(TEXT, encoding="utf-8")
    said = _run("capture", str(tmp_path / "copy.txt"), source=getattr(source, key))
    digest = source.snapshots.get().text_sha256
    assert said == f"report: the snapshot it has already {digest}, 1 quote(s) found in it\n"
    assert blobs.held(digest)


def test_capture_of_another_text_is_a_new_snapshot(tmp_path):
    source = _quoted()
    (tmp_path / "copy.txt").write_text("Something else.", encoding="utf-8")
    assert "a new snapshot" in _run("capture", str(tmp_path / "copy.txt"), source=source.ref)
    assert source.snapshots.count() == 2


def test_capture_refuses_what_it_cannot_store(tmp_path):
    source = _quoted()
    (tmp_path / "latin.txt").write_bytes("café".encode("latin-1"))
    (tmp_path / "nul.txt").write_bytes(b"a\0b")
    for file, words in {
        "latin.txt": "byte 3 is no UTF-8",
        "nul.txt": "control character",
        "none.txt": "there is no file",
        "": "there is no file",
    }.items():
        fault, _ = _refused("capture", str(tmp_path / file), source=source.ref)
        assert words in str(fault)
        assert fault.returncode == 1
    assert source.snapshots.count() == 1


def test_capture_for_an_unknown_source_is_refused(tmp_path):
    (tmp_path / "copy.txt").write_text(TEXT, encoding="utf-8")
    fault, _ = _refused("capture", str(tmp_path / "copy.txt"), source="nothing")
    assert "there is no source 'nothing'" in str(fault)


def test_capture_where_a_quote_is_not_in_the_text_keeps_nothing(tmp_path):
    source = _quoted()
    Evidence.objects.update(start=0, end=15)
    (tmp_path / "copy.txt").write_text(TEXT, encoding="utf-8")
    fault, _ = _refused("capture", str(tmp_path / "copy.txt"), source=source.ref)
    assert "the text has 'The fee was 1 m'" in str(fault)
    assert not blobs.held(source.snapshots.get().text_sha256)


# verify ---------------------------------------------------------------------------------------------------


def test_verify_of_a_sound_base_says_so():
    published(a_claim())
    assert _run("verify").startswith("1 editions, 4 records (0 redacted), 8 revisions: no fault(s)")


def test_verify_exits_1_and_names_a_record_with_one_flipped_byte():
    claim = a_claim()
    published(claim)
    record = record_of(claim)
    Record.objects.filter(pk=record.pk).update(body=record.body.replace("1000000", "1000001"))
    fault, said = _refused("verify")
    assert fault.returncode == 1
    assert f"claim {claim.ref} of edition 1 does not have the hash of its body" in said


def test_verify_names_a_revision_that_was_changed():
    claim = a_claim()
    Revision.objects.filter(ref=claim.ref).update(body="{}")
    fault, said = _refused("verify")
    assert fault.returncode == 1
    assert f"claim {claim.ref} v1 does not have the hash of its body" in said


def test_verify_names_a_claim_that_misquotes(tmp_path):
    source = _quoted()
    (tmp_path / "copy.txt").write_text(TEXT, encoding="utf-8")
    _run("capture", str(tmp_path / "copy.txt"), source=source.ref)
    Evidence.objects.update(exact="2 million euros")
    fault, said = _refused("verify")
    assert fault.returncode == 1
    assert f"misquotes source {source.ref}" in said


def test_verify_names_a_stored_file_that_was_changed(tmp_path, settings):
    source = _quoted()
    (tmp_path / "copy.txt").write_text(TEXT, encoding="utf-8")
    _run("capture", str(tmp_path / "copy.txt"), source=source.ref)
    (stored,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    stored.chmod(0o600)
    stored.write_text(TEXT.replace("1", "2"), encoding="utf-8")
    fault, said = _refused("verify")
    assert fault.returncode == 1
    assert Snapshot.objects.get().text_sha256 in said


def test_recount_grades_what_was_printed_before_there_were_grades_and_nothing_twice():
    claims = [a_claim() for _ in range(3)]
    published(*claims)
    for record in Record.objects.filter(kind="claim"):
        body = json.loads(record.body)
        body["derived"] = {
            key: None if key == "credibility" else value for key, value in body["derived"].items()
        }
        del body["derived"]["grounds"]
        Record.objects.filter(pk=record.pk).update(body=canonical_json(body), format=1)
    assert "3 claims recounted: edition 2" in _run("recount")
    assert {json.loads(record_of(claim).body)["derived"]["credibility"] for claim in claims} == {6}
    assert "3 claims recounted: nothing changed" in _run("recount")
