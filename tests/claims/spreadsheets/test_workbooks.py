"""Workbooks out and in: everything is text going out; formulas, errors and bombs are refused coming in."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from claims.spreadsheets import tables, workbooks
from claims.spreadsheets.tables import TableFaults

HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "-5",
    "+1",
    "00123",
    "1e5",
    "2023-05",
    "ডিপসিক\nদুই",
    "'quoted",
    "'-mark",
    "''x",
    "<b>&",
]


def _book(*rows: list[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_every_cell_goes_out_as_text_and_comes_back():
    data = workbooks.written(["ref", *(f"c{n}" for n in range(len(HOSTILE)))], [["x", *HOSTILE], ["y"]])
    sheet = load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert workbooks.read(data)[1:] == [["x", *HOSTILE], ["y"]]


def test_what_people_type_is_read_as_the_text_they_see():
    data = _book(
        ["ref", "amount", "day", "at", "flag", "empty", "more"],
        ["x", 1600000000, date(2025, 4, 12), datetime(2025, 4, 12, 9, 30), True, None, 0.1],
        ["y", 5.576e15, 1e-7, 3.0],
    )
    assert workbooks.read(data)[1:] == [
        ["x", "1600000000", "2025-04-12", "2025-04-12T09:30:00", "true", "", "0.1"],
        ["y", "5576000000000000", "0.0000001", "3"],
    ]


def test_a_table_may_be_a_workbook():
    table = tables.read(_book(["ref", "name"], [None, None], ["x", "Ajax"]), ["ref", "name"])
    assert [(row.number, dict(row.cells)) for row in table.rows] == [(3, {"ref": "x", "name": "Ajax"})]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_book(["ref"], ["=1+1"]), "A2 holds a formula"),
        (_book(["ref"], ["#REF!"]), "A2 holds the error #REF!"),
        (b"PK\x03\x04 and nothing else", "no workbook"),
        (b"\xd0\xcf\x11\xe0 old", "old kind"),
    ],
)
def test_what_cannot_be_taken_says_why(data, said):
    with pytest.raises(TableFaults, match=said):
        tables.read(data, ["ref"])


def test_a_bomb_is_stopped():
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_book(["ref"]))) as book,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in book.namelist():
            if not name.endswith("sheet1.xml"):
                bomb.writestr(name, book.read(name))
        with bomb.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
            )
            for _ in range(400):
                sheet.write(b"9" * 1_000_000)
    assert len(file.getvalue()) < 1_000_000
    with pytest.raises(TableFaults):
        tables.read(file.getvalue(), ["ref"])


@pytest.mark.parametrize("text", ["x" * 32_768, "a\x0cb"])
def test_what_no_cell_holds_is_refused_not_cut(text):
    with pytest.raises(workbooks.UnwritableWorkbook, match="note"):
        workbooks.written(["ref", "note"], [["x", text]])


def test_marks_before_a_formula_come_back_as_they_were():
    data = workbooks.written(["ref", "name"], [["x", "'-mark"]])
    assert tables.read(data, ["ref", "name"]).rows[0].cells["name"] == "'-mark"
