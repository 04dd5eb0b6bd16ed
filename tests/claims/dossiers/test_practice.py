"""The practice dossier brings its texts along: quotes from them are verified, and a text that is off is refused."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from claims.actions.captures import capture
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.dossiers import texts
from claims.dossiers.dumping import NotADossierFolder, dump
from claims.dossiers.loading import load
from claims.dossiers.reading import DossierFaults
from claims.dossiers.reading import read as read_dossier
from claims.extraction.reading import read as read_figures
from claims.ledger import read
from claims.ledger.models import Edition, Record
from claims.models import Claim, Evidence, Snapshot, Source
from kb.lib import blobs
from kb.lib.text import sha256_text
from kb.models import Revision
from tests.building import a_claim, a_quote, a_snapshot, a_source, some_evidence
from tests.claims.dossiers.bases import ROOT, an_empty_base, elsewhere, tree

PRACTICE = ROOT / "dossiers" / "practice"
ENGLISH = "texts/tower-en.txt"

pytestmark = pytest.mark.django_db


def _texts() -> dict[str, str]:
    """The sha-256 of each article's text to the text."""
    found = [path.read_text(encoding="utf-8") for path in sorted((PRACTICE / "texts").iterdir())]
    return {sha256_text(text): text for text in found}


def _quote_states() -> Counter[str]:
    return Counter(
        behind["quote"]
        for row in read.claims(read.latest())
        for behind in read.Thing.of(row.record).body["derived"]["evidence"]
    )


# The articles -----------------------------------------------------------------------------------------------


def test_every_quote_is_found_in_its_text_and_the_public_pages_say_so(client: Client):
    assert load(PRACTICE, publish=True).texts == 3
    evidence = Evidence.objects.count()
    assert evidence == 37
    assert _quote_states() == {"verified": evidence}
    for claim in Claim.objects.all():
        page = client.get(f"/claims/{claim.ref}/").content.decode()
        assert page.count("found in the text") == claim.evidence.count(), claim
    out = StringIO()
    call_command("verify", stdout=out)
    assert "no fault(s)" in out.getvalue()


def test_the_translation_adds_no_origin_and_the_other_article_does():
    load(PRACTICE, publish=True)
    bodies = {row.ref: read.Thing.of(row.record).body for row in read.claims(read.latest())}
    origins = {
        (len(body["evidence"]), len({one["origin"] for one in body["derived"]["evidence"]}))
        for body in bodies.values()
    }
    assert origins == {(3, 2), (2, 1)}


def test_each_figure_that_is_quoted_is_read_as_what_the_claim_says():
    load(PRACTICE)
    found: dict[str, list[Any]] = {}
    for source in Source.objects.all():
        text = source.snapshots.get().text() or ""
        found[source.slug] = list(read_figures(text, source.language).figures)
    for one in Evidence.objects.select_related("claim", "source"):
        (figure,) = [
            figure
            for figure in found[one.source.slug]
            if figure.start < (one.end or 0) and figure.end > (one.start or 0)
        ]
        if "digit-lost" in one.drift:
            assert (figure.value, figure.suspect) == (None, "digit-lost")
        elif figure.suspect == "unit":
            assert one.claim.unit == "FRF", one  # which country's francs the words do not say
        else:
            assert figure.value == (one.claim.amount or one.claim.value_time), one
            assert figure.unit in (None, one.claim.unit or None), one


def test_one_figure_lost_its_number():
    load(PRACTICE)
    lost = Evidence.objects.get(drift=["digit-lost"])
    assert (lost.source.slug, lost.exact) == ("tower-bn", "million মিলিয়ন ফ্রাঁ")


def test_it_shares_no_ref_and_no_slug_with_the_dossier_that_ships_beside_it():
    named = [
        {
            name
            for item in read_dossier(folder)
            for name in (item.data["ref"], (item.section, item.data.get("slug", item.data["ref"])))
        }
        for folder in (PRACTICE, ROOT / "dossiers" / "deepseek")
    ]
    assert not named[0] & named[1]


def test_loading_it_twice_changes_nothing():
    load(PRACTICE, publish=True)
    before = Revision.objects.count(), Record.objects.count(), Edition.objects.count()
    again = load(PRACTICE, publish=True)
    assert (sum(again.changed.values()), again.edition, again.recounted) == (0, None, None)
    assert (Revision.objects.count(), Record.objects.count(), Edition.objects.count()) == before


# Texts that are refused -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the dossier, to be spoilt."""
    return Path(shutil.copytree(PRACTICE, tmp_path / "practice"))


def _pipe(folder: Path) -> None:
    (folder / ENGLISH).unlink()
    os.mkfifo(folder / ENGLISH)


def _link_out(folder: Path) -> None:
    (folder / ENGLISH).rename(folder.parent / "outside.txt")
    (folder / ENGLISH).symlink_to(folder.parent / "outside.txt")


def _folder_linked_out(folder: Path) -> None:
    (folder / "texts").rename(folder.parent / "outside")
    (folder / "texts").symlink_to(folder.parent / "outside")


def _file(instead: str) -> Callable[[Path], None]:
    """Names another file for the English article."""

    def spoil(folder: Path) -> None:
        path = folder / "sources.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(ENGLISH, instead), encoding="utf-8")

    return spoil


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / ENGLISH).write_bytes(change((folder / ENGLISH).read_bytes()))

    return spoil


# What is done to the dossier, the field whose line is named, what is said.
SPOILT: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "tampered": (_bytes(lambda data: data.replace(b"330", b"331")), "text_sha256", "has the sha-256"),
    "tampered, as to the file": (_bytes(lambda data: data.replace(b"330", b"331")), "sha256", "has the sha-256"),
    "longer": (_bytes(lambda data: data + b"\n"), "characters", "has 1050 characters"),
    "missing": (lambda folder: (folder / ENGLISH).unlink(), "file", "is no file"),
    "a folder": (_file("texts"), "file", "is no file"),
    "a pipe": (_pipe, "file", "is no file"),
    "above": (_file("../practice/texts/tower-en.txt"), "file", "leads out"),
    "above in between": (_file("texts/../../practice/texts/tower-en.txt"), "file", "leads out"),
    "absolute": (_file(str(PRACTICE / ENGLISH)), "file", "leads out"),
    "a link out": (_link_out, "file", "is a link that leads out"),
    "a folder that is a link out": (_folder_linked_out, "file", "is a link that leads out"),
    "a zero byte in its name": (_file('"texts/\\0"'), "file", "is no file"),
    "a name without end": (_file("a" * 400), "file", "cannot be read"),
    "no UTF-8": (_bytes(lambda data: data[:9] + b"\xff" + data[9:]), "file", "is no UTF-8 (byte 9)"),
    "a control character": (_bytes(lambda data: data + b"\x07"), "file", "control character"),
    "lines of another system": (_bytes(lambda data: data.replace(b"\n", b"\r\n")), "file", "U+000D"),
    "a byte order mark": (_bytes(lambda data: b"\xef\xbb\xbf" + data), "file", "byte order mark"),
}  # fmt: skip


def _refusal(folder: Path) -> DossierFaults:
    with pytest.raises(DossierFaults) as refusal:
        load(folder, publish=True)
    assert not any(model.objects.exists() for model in (Source, Claim, Revision, Edition, Record))
    assert not any(blobs.held(digest) for digest in _texts())
    return refusal.value


@pytest.mark.parametrize("what", SPOILT)
def test_a_text_that_is_off_is_refused_at_its_line_and_nothing_is_kept(folder, what):
    spoil, field, said = SPOILT[what]
    spoil(folder)
    lines = (folder / "sources.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.lstrip(" -").startswith(f"{field}:"))
    faults = _refusal(folder).faults
    assert any(
        (fault.file, fault.line) == ("sources.yaml", line) and said in fault.message for fault in faults
    )


def test_a_text_that_is_too_large_is_refused(folder, monkeypatch):
    monkeypatch.setattr(texts, "LARGEST", 1300)
    said = str(_refusal(folder))
    assert "'texts/tower-bn.txt' is larger than 1,300 bytes" in said
    assert ENGLISH not in said


def test_every_text_that_is_off_is_named(folder):
    shutil.rmtree(folder / "texts")
    assert [fault.message.split()[0] for fault in _refusal(folder).faults] == [
        "'texts/tower-en.txt'",
        "'texts/tower-bn.txt'",
        "'texts/tower-vi.txt'",
    ]


def test_a_quote_that_is_not_in_the_text_is_refused_at_its_line_and_no_text_is_kept(folder):
    path = folder / "claims.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next(number for number, line in enumerate(lines) if '"28 January 1887", prefix' in line)
    lines[number] = lines[number].replace("28 January", "29 January")
    path.write_text("".join(lines), encoding="utf-8")
    (fault,) = _refusal(folder).faults
    assert (fault.file, fault.line) == ("claims.yaml", number + 1)
    assert "the text has '28 January 1887'" in fault.message


def test_a_claim_outside_of_the_dossier_that_misquotes_the_text_stands_in_the_way():
    text = (PRACTICE / ENGLISH).read_text(encoding="utf-8")
    source = a_source(snapshots=[a_snapshot(text)])
    quote = a_quote(source.snapshots.get(), "x" * 20 + "four hundred", "four hundred")
    claim = a_claim(evidence=[some_evidence(source, quote=quote)])
    with pytest.raises(DossierFaults, match=f"claim {claim.ref}: the text has"):
        load(PRACTICE)
    assert not Source.objects.filter(slug="tower-en").exists()
    assert not any(blobs.held(digest) for digest in _texts())


def test_a_dry_run_keeps_no_text():
    load(PRACTICE, publish=True, dry_run=True)
    assert not any(blobs.held(digest) for digest in _texts())


def test_a_text_that_was_held_before_stays_when_a_load_fails(folder):
    held = blobs.write((PRACTICE / ENGLISH).read_bytes())
    (folder / "texts" / "tower-vi.txt").unlink()
    with pytest.raises(DossierFaults):
        load(folder)
    assert blobs.held(held)


def test_a_text_that_was_captured_while_a_load_failed_stays():
    text = "what somebody captured"

    def fail_at_last() -> None:
        with texts.kept({sha256_text(text): text.encode()}):
            capture(text.encode(), a_source(), by=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_at_last()
    assert blobs.held(sha256_text(text))


def test_texts_that_come_later_verify_what_is_live_already(tmp_path, folder):
    path = folder / "sources.yaml"
    without = [line for line in path.read_text(encoding="utf-8").splitlines() if "file:" not in line]
    path.write_text("\n".join(without), encoding="utf-8")
    load(folder, publish=True)
    assert set(_quote_states()) == {"not-held"}
    out = StringIO()
    call_command("load_dossier", str(PRACTICE), stdout=out)
    assert "recounted in edition 2" in out.getvalue()
    assert set(_quote_states()) == {"verified"}


def test_the_text_of_a_source_that_was_redacted_is_not_brought_back(folder, editor, colleague):
    for name in ("claims.yaml", "questions.yaml"):
        (folder / name).unlink()
    load(folder, publish=True)
    source = Source.objects.get(slug="tower-vi")
    digest = source.snapshots.get().text_sha256
    confirm_redaction(request_redaction(source, category="court-order", by=editor), by=colleague)
    blobs.remove(digest)  # what the redaction does once it is committed, which a test never is
    loaded = load(folder, publish=True)
    assert [line for line in loaded.left_out if source.ref in line]
    assert loaded.texts == 2
    assert not blobs.held(digest)


# Out and in again -------------------------------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where to dump: the stored files lie elsewhere in the test's folder."""
    return tmp_path / "dump"


def _files(folder: Path) -> dict[str, bytes]:
    return tree(folder) | {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.txt")}


@pytest.mark.once
@pytest.mark.parametrize("option", [[], ["--texts"]])
def test_another_base_dumps_what_it_loaded(tmp_path, option):
    load(PRACTICE, publish=True)
    call_command("dump_dossier", str(tmp_path / "here"), *option, stdout=StringIO())
    elsewhere(
        an_empty_base(tmp_path),
        ["load_dossier", str(tmp_path / "here"), "--publish"],
        ["dump_dossier", str(tmp_path / "there"), *option],
        ["verify"],
    )
    here = _files(tmp_path / "here")
    assert _files(tmp_path / "there") == here
    copied = [data.decode() for name, data in here.items() if name.endswith(".txt")]
    assert sorted(copied) == (sorted(_texts().values()) if option else [])


def test_a_dump_with_texts_loads_over_what_it_was_dumped_from_without_a_change(out):
    load(PRACTICE, publish=True)
    dump(out, texts=True)
    again = load(out, publish=True)
    assert (again.texts, sum(again.changed.values()), again.edition) == (3, 0, None)


def test_a_dump_replaces_the_texts_of_an_earlier_one(out):
    load(PRACTICE)
    dump(out, texts=True)
    dump(out, texts=True)
    assert len(_files(out)) - len(tree(out)) == 3
    dump(out)
    assert _files(out) == tree(out)


def test_a_dump_does_not_bury_the_texts_of_a_dossier_that_somebody_wrote(folder):
    load(PRACTICE)
    with pytest.raises(NotADossierFolder, match="empty folder"):
        dump(folder, texts=True)
    assert _files(folder) == _files(PRACTICE)


def test_a_dump_of_one_entity_holds_the_texts_of_its_sources_alone(out):
    load(PRACTICE)
    other = a_source(snapshots=[a_snapshot("another text")])
    blobs.write(b"another text")
    dump(out, entities=["eiffel-tower"], texts=True)
    assert f"texts/{other.snapshots.get().text_sha256}.txt" not in _files(out)
    assert len(_files(out)) - len(tree(out)) == 3


def test_the_text_of_a_page_comes_along_and_one_of_another_encoding_stays_behind(out):
    page, recoded = "what the page says", "was UTF-16"
    a_source("page", snapshots=[a_snapshot(page, sha256="1" * 64, media_type="text/html")])
    a_source("recoded", snapshots=[a_snapshot(recoded, sha256="2" * 64)])
    blobs.write(page.encode())
    blobs.write(recoded.encode())
    dump(out, texts=True)
    assert [data for name, data in _files(out).items() if name.endswith(".txt")] == [page.encode()]
    blobs.remove(sha256_text(page))
    assert load(out).texts == 1
    assert Snapshot.objects.get(source__slug="page").text() == page
