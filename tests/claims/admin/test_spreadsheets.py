"""Tables and dossiers through the admin: previewed, confirmed, refused."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.admin.dossiers import foreseen
from claims.dossiers.loading import Written
from claims.ledger.models import Edition
from claims.models import Claim, Source
from companies.actions import NameDraft
from companies.models import Entity
from tests import building as build
from tests.claims.admin.conftest import Story, logged_in, staff
from tests.conftest import ROOT

DOSSIER = "/admin/import/dossier/"


def exported(desk: Client, where: str, *keys: int) -> list[list[str]]:
    answer = desk.post(f"/admin/{where}/", {"action": "export_selected", "_selected_action": keys})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def sent(desk: Client, kind: str, rows: list[list[str]] | bytes) -> Any:
    text = io.StringIO()
    if not isinstance(rows, bytes):
        csv.writer(text).writerows(rows)
    data = rows if isinstance(rows, bytes) else text.getvalue().encode()
    return desk.post(f"/admin/import/{kind}/", {"file": SimpleUploadedFile("table.csv", data)})


def test_a_table_goes_out_is_changed_and_comes_in_after_a_look(desk: Client, story: Story) -> None:
    rows = exported(desk, "claims/claim", story.claim.pk)
    cell = rows[0].index("note:en")
    rows[1][cell] = "Checked."
    page = sent(desk, "claim", rows)
    assert page.context["counts"] == {"added": 0, "changed": 1, "unchanged": 0}
    assert [(one.column, one.becomes) for one, _words in page.context["changes"]] == [("note:en", "Checked.")]
    assert Claim.objects.get(pk=story.claim.pk).note == {}
    answer = desk.post("/admin/import/claim/", {"sha256": page.context["sha256"]})
    assert answer.status_code == 302
    claim = Claim.objects.get(pk=story.claim.pk)
    assert (claim.note, claim.state, claim.evidence.count()) == ({"en": "Checked."}, "draft", 2)
    assert Edition.objects.count() == 1
    again = desk.post("/admin/import/claim/", {"sha256": page.context["sha256"]})
    assert "no longer the file" in again.content.decode()


def test_figures_and_dates_are_read_back_in_words(desk: Client, story: Story) -> None:
    page = sent(desk, "claim", [["ref", "amount", "point_in_time"], [story.claim.ref, "1,6 tỷ", "মে ২০২৩"]])
    assert [(one.becomes, words) for one, words in page.context["changes"]] == [
        ("1600000000", "1.6 billion"), ("2023-05", "May 2023"),
    ]  # fmt: skip


@pytest.mark.parametrize("where", ["companies/company", "companies/entity", "claims/source", "claims/claim"])
def test_what_goes_out_comes_in_unchanged(where: str, desk: Client, story: Story) -> None:
    root = {"claims/source": story.source, "claims/claim": story.claim}.get(where, story.entity)
    page = sent(desk, root.KIND, exported(desk, where, root.pk))
    assert page.context["counts"] == {"added": 0, "changed": 0, "unchanged": 1}
    assert page.context["sha256"] == ""
    assert "says all of this already" in page.content.decode()


def test_a_workbook_goes_out_and_comes_in_unchanged(desk: Client, story: Story) -> None:
    asked = {"action": "export_workbook", "_selected_action": [story.claim.pk]}
    answer = desk.post("/admin/claims/claim/", asked)
    assert answer["Content-Disposition"] == 'attachment; filename="claim.xlsx"'
    page = sent(desk, "claim", answer.content)
    assert page.context["counts"] == {"added": 0, "changed": 0, "unchanged": 1}


def test_faults_are_shown_by_row_and_column_and_nothing_can_be_confirmed(desk: Client, story: Story) -> None:
    page = sent(
        desk, "entity", [["slug", "kind"], ["new-one", "company"], ["Not A Slug", "company"], ["x", ""]]
    )
    assert page.status_code == 422
    assert [(one.row, one.column) for one in page.context["faults"]] == [(3, "slug"), (4, "kind")]
    assert "sha256" not in page.content.decode()
    assert not Entity.objects.filter(slug="new-one").exists()
    assert "no workbook" in sent(desk, "entity", b"PK\x03\x04...").content.decode()
    assert desk.get("/admin/import/nothing/").status_code == 404


def test_only_the_file_that_was_looked_at_is_taken_in(desk: Client, story: Story) -> None:
    first = sent(desk, "entity", [["slug", "kind", "names"], ["one", "company", "en: One"]])
    second = sent(desk, "entity", [["slug", "kind", "names"], ["two", "company", "en: Two"]])
    desk.post("/admin/import/entity/", {"sha256": first.context["sha256"]})
    assert not Entity.objects.filter(slug__in=["one", "two"]).exists()
    desk.post("/admin/import/entity/", {"sha256": second.context["sha256"]})
    assert list(Entity.objects.filter(slug__in=["one", "two"]).values_list("slug", flat=True)) == ["two"]


def test_who_may_only_look_may_export_and_not_import(story: Story) -> None:
    reader = logged_in(staff("looker", "claims.view_claim"))
    assert len(exported(reader, "claims/claim", story.claim.pk)) == 2
    assert reader.get("/admin/import/claim/").status_code == 403
    assert sent(reader, "claim", [["ref"], [story.claim.ref]]).status_code == 403
    assert reader.get(DOSSIER).status_code == 403


def zipped(folder: Path) -> SimpleUploadedFile:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for path in folder.rglob("*.yaml"):
            archive.write(path, path.relative_to(folder.parent).as_posix())
    return SimpleUploadedFile("dossier.zip", whole.getvalue())


def test_a_dossier_is_previewed_loaded_and_not_published(desk: Client) -> None:
    folder = ROOT / "tests" / "dossiers" / "football"
    page = desk.post(DOSSIER, {"file": zipped(folder)})
    assert page.status_code == 200, page.context["faults"]
    counts = {name: added for name, added, _changed, _same in page.context["sections"]}
    assert counts["claims"] == 7
    assert not Source.objects.exists()
    assert desk.post(DOSSIER, {"sha256": page.context["sha256"]}).status_code == 302
    assert Claim.objects.count() == counts["claims"]
    assert not Edition.objects.exists()
    again = desk.post(DOSSIER, {"file": zipped(folder)})
    assert "says all of this already" in again.content.decode()


def test_a_dossiers_faults_are_shown_by_file_and_line(desk: Client, tmp_path: Path) -> None:
    (tmp_path / "topic").mkdir()
    (tmp_path / "topic" / "a.yaml").write_text("entities:\n  - slug: x\n    kind: nonsense\n    names: []\n")
    page = desk.post(DOSSIER, {"file": zipped(tmp_path / "topic")})
    assert page.status_code == 422
    assert {(one.file, one.line) for one in page.context["faults"]} >= {("a.yaml", 3)}
    assert not Entity.objects.exists()


def colleague(claim: Claim, **changes: Any) -> None:
    build.save_claim(build.draft_of(claim, **changes), by=None, ref=claim.ref)


@pytest.mark.parametrize("column", ["ref", "version"])
def test_what_a_colleague_saved_after_the_preview_is_not_overwritten(
    column: str, desk: Client, story: Story
) -> None:
    row = {"ref": story.claim.ref, column: getattr(story.claim, column), "note:en": "From the table."}
    page = sent(desk, "claim", [list(row), [str(cell) for cell in row.values()]])
    assert page.context["counts"]["changed"] == 1
    colleague(story.claim, note={"en": "A colleague's."}, point_in_time="2021")
    answer = desk.post("/admin/import/claim/", {"sha256": page.context["sha256"]})
    assert answer.status_code == 422
    (fault,) = answer.context["faults"]
    assert (fault.row, fault.column) == (2, column)
    assert "version 2, now 3 (point_in_time, note:en): export it again" in fault.message
    assert Claim.objects.get(pk=story.claim.pk).note == {"en": "A colleague's."}


def test_a_row_that_said_nothing_new_takes_no_change_back(desk: Client, story: Story) -> None:
    other = build.a_claim()
    page = sent(desk, "claim", [["ref", "note:en"], [story.claim.ref, ""], [other.ref, "New."]])
    assert page.context["counts"] == {"added": 0, "changed": 1, "unchanged": 1}
    colleague(story.claim, note={"en": "A colleague's."})
    assert desk.post("/admin/import/claim/", {"sha256": page.context["sha256"]}).status_code == 422
    assert Claim.objects.get(pk=story.claim.pk).note == {"en": "A colleague's."}
    assert Claim.objects.get(pk=other.pk).note == {}


def test_the_way_back_from_an_import_is_called_by_what_stands_there(desk: Client) -> None:
    html = desk.get("/admin/import/claim/").content.decode()
    assert (
        '<a href="/admin/claims/claim/">Claims</a>' in html.split('class="breadcrumbs"')[1].split("</div>")[0]
    )


def test_a_file_too_large_is_refused_before_it_is_read(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.spreadsheets.tables.LARGEST", 10)
    monkeypatch.setattr("claims.admin.dossiers.LARGEST", 10)
    monkeypatch.setattr(InMemoryUploadedFile, "read", property(lambda _: pytest.fail("it was read")))
    for where, name in ((DOSSIER, "d.zip"), ("/admin/import/claim/", "t.csv")):
        file = io.BytesIO(b"x" * 11)
        file.name = name
        page = desk.post(where, {"file": file})
        assert f"“{name}” has 11 bytes, the most is 10" in page.content.decode()


def a_club(folder: Path, name: str) -> SimpleUploadedFile:
    club = (
        f"  - {{ref: e0abcdefgh, slug: the-city, kind: company, names: [{{text: {name}, language: en}}]}}\n"
    )
    (folder / "topic").mkdir(exist_ok=True)
    (folder / "topic" / "a.yaml").write_text(f"entities:\n{club}")
    return zipped(folder / "topic")


def test_a_dossiers_preview_shows_each_thing_part_by_part(desk: Client, tmp_path: Path) -> None:
    first = desk.post(DOSSIER, {"file": a_club(tmp_path, "City")})
    (one,) = first.context["foreseen"]
    assert (one.section, one.label, one.is_new) == ("entities", "City", True)
    names = [part.entries for part in one.comparison.changed if part.name == "names"]
    assert [[(entry.title, str(entry.change)) for entry in entries] for entries in names] == [
        [("City", "added")]
    ]
    desk.post(DOSSIER, {"sha256": first.context["sha256"]})
    second = desk.post(DOSSIER, {"file": a_club(tmp_path, "Town")})
    (one,) = second.context["foreseen"]
    assert not one.is_new
    rows = [row for part in one.comparison.changed for entry in part.entries for row in entry.rows]
    assert [(str(row.old), str(row.new)) for row in rows] == [("<del>City</del>", "<ins>Town</ins>")]


def test_a_dossiers_preview_is_bounded_and_costs_the_same_for_few_and_many(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [build.a_claim() for _ in range(6)]
    written = [Written("claims", claim.ref, 0, claim.version) for claim in claims]
    queries = []
    for few in (2, 6):
        with CaptureQueriesContext(connection) as caught:
            assert len(foreseen(written[:few])) == few
        queries.append(len(caught))
    assert queries[0] == queries[1]
    monkeypatch.setattr("claims.admin.dossiers.SHOWN", 5)
    page = desk.post(DOSSIER, {"file": zipped(ROOT / "dossiers" / "deepseek")})
    added = sum(row[1] for row in page.context["sections"])
    assert (len(page.context["foreseen"]), page.context["more"]) == (5, added - 5)


def test_a_dossier_is_shown_again_when_the_desk_has_changed_since(desk: Client, tmp_path: Path) -> None:
    page = desk.post(DOSSIER, {"file": a_club(tmp_path, "City")})
    build.an_entity("the-city", ref="e0abcdefgh", names=[NameDraft(text="Colleague's", language="en")])
    again = desk.post(DOSSIER, {"sha256": page.context["sha256"]})
    assert "The desk has changed since you looked" in again.content.decode()
    assert [one.is_new for one in again.context["foreseen"]] == [False]
    assert Entity.objects.get(ref="e0abcdefgh").names.get().text == "Colleague's"
    assert desk.post(DOSSIER, {"sha256": again.context["sha256"]}).status_code == 302
    assert Entity.objects.get(ref="e0abcdefgh").names.get().text == "City"
