"""Workbooks (XLSX, ECMA-376): a sheet out, and the first sheet of a stranger's file in, read in a confined process."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from kb.lib import confined
from kb.lib.saying import Fault
from kb.lib.saying import gettext_noop as _

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL: Final = 32_767  # characters, of the format
MOST_CELLS: Final = 4_000_000
LIMITS: Final = confined.Limits(seconds=30, cpu_seconds=30, memory=500_000_000)


class UnwritableWorkbook(Exception):
    """A cell that no workbook holds; the message names its column."""


class _Unusable(Fault, ValueError):
    """What is wrong with the workbook, said in the confined process."""


class UnreadableWorkbook(Fault):
    """Why the file gave no sheet, in words for whoever chose it."""


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a zip, as workbooks are."""
    return data.startswith(b"PK\x03\x04")


def written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet. Every cell is text, so that nothing is taken for a formula, a number or a date.

    Raises UnwritableWorkbook.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    written_rows = list(rows)
    for row in written_rows:
        for name, text in zip(header, row, strict=False):
            if len(text) > LONGEST_CELL or ILLEGAL_CHARACTERS_RE.search(text):
                raise UnwritableWorkbook(name)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Claimbook")
    sheet.freeze_panes = "A2"

    def cell(text: str, *, strong: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value=text)
        made.data_type, made.number_format = "s", "@"
        if strong:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(name, strong=True) for name in header])
    for row in written_rows:
        sheet.append([cell(text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(data: bytes) -> list[list[str]]:
    """The cells of the first sheet as text, as `sheet` gives them. Raises UnreadableWorkbook."""
    try:
        rows: list[list[str]] = confined.run(f"{__name__}:sheet", data, limits=LIMITS)
    except confined.Stopped as fault:
        raise UnreadableWorkbook(fault.sentence) from fault
    return rows


def sheet(data: bytes) -> list[list[str]]:
    """What runs inside the confined process. Numbers are text without an exponent, days are written year-month-day.

    Raises ValueError for what is no workbook, for a formula, an error value, or too many cells.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as fault:  # a library's many ways to say that a zip is no workbook
        raise _Unusable(
            _("this is no workbook that can be read (%(fault)s)"), fault=type(fault).__name__
        ) from fault
    if not book.worksheets:
        raise _Unusable(_("the workbook has no sheet with cells"))
    rows, cells = [], 0
    for row in book.worksheets[0].iter_rows():
        cells += len(row)
        if cells > MOST_CELLS:
            raise _Unusable(_("the sheet has more than %(most)s cells: split it"), most=f"{MOST_CELLS:,}")
        texts = [_text(one) for one in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(texts)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        place = cell.coordinate
        if cell.data_type == "f":
            raise _Unusable(
                _("cell %(place)s holds a formula: put what it should say in its place"), place=place
            )
        raise _Unusable(
            _("cell %(place)s holds the error %(error)s: put what it should say in its place"),
            place=place,
            error=value,
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n")
