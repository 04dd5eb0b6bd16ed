"""Tables as spreadsheet programs write them, and cells that no program runs."""

from __future__ import annotations

import random

import pytest

from claims.spreadsheets.tables import LARGEST, MOST_ROWS, TableFaults, bare, guarded, read, written

KNOWN = ("ref", "name", "note:en")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=x", "＝1", "'=1", "''", "'"])
def test_what_a_program_would_run_is_guarded_and_comes_back(text: str) -> None:
    assert text == "'" or guarded(text)[0] == "'"
    assert bare(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "5-10", "'tis", "a=b", "৫০"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text == bare(text)


def test_any_text_goes_out_and_comes_back() -> None:
    chance = random.Random(3)  # noqa: S311  not cryptography
    for _ in range(3000):
        text = "".join(chance.choices("'=+-@\t\r\nab\",;＝", k=chance.randint(0, 5)))
        assert bare(guarded(text)) == text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings_are_found_out(separator: str, encoding: str) -> None:
    data = f'name{separator}note:en\r\n"ডিপ{separator}সিক"{separator}"two\r\nlines"\r\n\r\nx\r\n'.encode(
        encoding
    )
    table = read(data, KNOWN)
    assert table.header == ["name", "note:en"]
    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (2, {"name": f"ডিপ{separator}সিক", "note:en": "two\nlines"}),
        (4, {"name": "x", "note:en": ""}),
    ]


def test_what_is_written_is_read_again() -> None:
    rows = [["e1", "=1+1", 'a "quoted", word\nand a line'], ["e2", "", "'=x"]]
    table = read("".join(written(KNOWN, iter(rows))).encode(), KNOWN)
    assert [list(row.cells.values()) for row in table.rows] == rows


@pytest.mark.parametrize(
    ("data", "row", "says"),
    [
        (b"", 0, "empty"),
        (b"PK\x03\x04rest", 0, "workbook"),
        (b"name\n\xff\xfe", 0, "UTF-8"),
        (b"name,ref\nx,\"open", 0, "quotation mark"),
        (b"name\nx\x00", 0, "null"),
        (b"name,name\nx,y\n", 1, "twice"),
        (b"name,ref\na,b,c\n", 2, "3 cells"),
        (b"x" * (LARGEST + 1), 0, "larger"),
        (b"name\n" + b"x\n" * (MOST_ROWS + 1), 0, "too many"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_says_where_and_what_to_do(data: bytes, row: int, says: str) -> None:
    with pytest.raises(TableFaults, match=says) as found:
        read(data, KNOWN)
    assert found.value.faults[0].row == row
