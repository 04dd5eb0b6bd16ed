"""Tables as spreadsheet programs write them: workbooks, or text separated by commas, semicolons or tabs.

What a cell says must not run. A cell that a program would take for a formula is written with an apostrophe before it,
and read back without (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from django.utils.translation import gettext as _

from claims.spreadsheets import workbooks

LARGEST: Final = 10_000_000  # bytes
MOST_ROWS: Final = 20_000
SEPARATORS: Final = ",;\t"
_FORMULA: Final = "=+-@\t\r\n＝＋－＠"
_MARK: Final = "'"


@dataclass(frozen=True, order=True, slots=True)
class CellFault:
    """What is wrong, and where: the row as the program numbers it (0: the table as a whole) and the column's name."""

    row: int
    column: str
    message: str


class TableFaults(Exception):
    """A table that cannot be taken; `faults` are in order of rows."""

    def __init__(self, faults: Iterable[CellFault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(f"{one.row} {one.column}: {one.message}" for one in self.faults))


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the program, the header being 1; only cells of named columns."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    header: Sequence[str]
    rows: Sequence[Row]


def guarded(text: str) -> str:
    """The text as a cell that no program runs. `bare` gives the text back."""
    marked = text[:1] == _MARK and len(text) > 1 and text[1] in _FORMULA + _MARK
    return _MARK + text if marked or (text and text[0] in _FORMULA) else text


def bare(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell[:1] == _MARK and len(cell) > 1 and cell[1] in _FORMULA + _MARK else cell


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The table as CSV, a piece at a time, with the mark by which programs know UTF-8."""
    yield "\ufeff"
    for row in chain([header], rows):
        line = io.StringIO()
        csv.writer(line).writerow([guarded(cell) for cell in row])
        yield line.getvalue()


def read(data: bytes, known: Iterable[str]) -> Table:
    """The table in `data`; the separator is the one that shows most of the `known` columns. Raises TableFaults."""
    if len(data) > LARGEST:
        raise _whole(_("the file is larger than %(most)s bytes: split it") % {"most": f"{LARGEST:,}"})
    lines = _lines(data, set(known))
    if not lines:
        raise _whole(_("the file is empty: its first row names the columns"))
    header = [cell.strip() for cell in lines[0]]
    _check_header(header)
    if len(lines) - 1 > MOST_ROWS:
        said = {"rows": f"{len(lines) - 1:,}", "most": f"{MOST_ROWS:,}"}
        raise _whole(_("%(rows)s rows are too many, the most is %(most)s: split the file") % said)
    faults, rows = [], []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            said = {"cells": str(len(cells)), "columns": str(len(header))}
            faults.append(
                CellFault(number, "", _("the row has %(cells)s cells, the header %(columns)s") % said)
            )
        named = zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=False)
        rows.append(Row(number, {name: cell for name, cell in named if name}))
    if faults:
        raise TableFaults(faults)
    return Table([name for name in header if name], rows)


def _check_header(header: Sequence[str]) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        said = _("this column stands here twice: leave one")
        raise TableFaults([CellFault(1, name, said) for name in twice])


def _whole(message: str) -> TableFaults:
    return TableFaults([CellFault(0, "", message)])


def _lines(data: bytes, known: set[str]) -> list[list[str]]:
    if workbooks.is_workbook(data):
        try:
            return workbooks.read(data)
        except workbooks.UnreadableWorkbook as fault:
            raise _whole(fault.said(_)) from fault
    text = _decoded(data)
    return _records(text, _separator(text, known))


def _decoded(data: bytes) -> str:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _whole(_("this is a workbook of an old kind: save it as XLSX, or the sheet as “CSV UTF-8”"))
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise _whole(
            _("byte %(place)s (line %(line)s) is no UTF-8: save the sheet as “CSV UTF-8”")
            % {"place": fault.start, "line": line}
        ) from fault
    if "\0" in text:
        raise _whole(_("the file holds null characters, so it is no text: save the sheet as “CSV UTF-8”"))
    return text


def _separator(text: str, known: set[str]) -> str:
    """The separator whose first row names most known columns."""

    def named(separator: str) -> int:
        first = next(csv.reader(io.StringIO(text[:20_000]), delimiter=separator), [])
        return len(known & {cell.strip() for cell in first})

    return max(SEPARATORS, key=named)


def _records(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [[bare(cell.replace("\r\n", "\n")) for cell in row] for row in reader]
    except csv.Error as fault:
        raise _whole(
            _("line %(line)s cannot be read (%(fault)s): look for a quotation mark left open")
            % {"line": reader.line_num, "fault": fault}
        ) from fault
