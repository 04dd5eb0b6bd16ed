"""Keyset paging: a page is found by where the last one ended, not by counting rows.

A cursor carries the edition a listing began in, so that rows published meanwhile neither repeat nor hide others.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

M = TypeVar("M", bound=models.Model)


class BadCursor(ValueError):
    """The cursor is not one that this listing gave out."""


@dataclass(frozen=True)
class Cursor:
    """Where to go on: in which edition, in which ordering, after or before which key."""

    edition: int
    ordering: str
    backwards: bool
    key: tuple[str, ...]

    def __str__(self) -> str:
        packed = json.dumps(
            [self.edition, self.ordering, int(self.backwards), *self.key], separators=(",", ":")
        )
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises BadCursor."""
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            unpacked = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            edition, ordering, backwards, *key = unpacked
            json.dumps(unpacked, ensure_ascii=False).encode()  # no halves of surrogate pairs
        except (ValueError, TypeError, UnicodeError, binascii.Error, RecursionError) as fault:
            raise BadCursor("this cursor is damaged; start again from the first page") from fault
        if (
            not isinstance(edition, int)
            or not 0 <= edition < 2**62
            or not isinstance(ordering, str)
            or backwards not in (0, 1)
            or not key
            or not all(isinstance(part, str) and "\0" not in part for part in key)
        ):
            raise BadCursor("this cursor is damaged; start again from the first page")
        return cls(edition, ordering, bool(backwards), tuple(key))


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows in the listing's order, with the cursors of the pages around them."""

    rows: list[M]
    next: Cursor | None
    previous: Cursor | None


def paginate(
    queryset: models.QuerySet[M],
    columns: Sequence[str],
    *,
    ordering: str,
    edition: int,
    size: int,
    cursor: Cursor | None = None,
) -> Page[M]:
    """One page by `columns`, each "name" or "-name", NOT NULL and together unique; annotations must be text. One query.

    Raises BadCursor when the cursor belongs to another ordering or holds values of another type.
    """
    backwards = cursor is not None and cursor.backwards
    if cursor is not None:
        if cursor.ordering != ordering or len(cursor.key) != len(columns):
            raise BadCursor("this cursor belongs to another ordering; start again from the first page")
        queryset = queryset.filter(_beyond(queryset.model, columns, cursor))
    order = [_flip(column) if backwards else column for column in columns]
    found = list(queryset.order_by(*order)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()

    def at(row: M, *, back: bool) -> Cursor:
        return Cursor(
            edition, ordering, back, tuple(str(getattr(row, column.lstrip("-"))) for column in columns)
        )

    has_next = bool(rows) and (backwards or more)
    has_previous = bool(rows) and (more if backwards else cursor is not None)
    return Page(
        rows,
        at(rows[-1], back=False) if has_next else None,
        at(rows[0], back=True) if has_previous else None,
    )


def _flip(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _value(model: type[models.Model], name: str, text: str) -> Any:
    """A cursor's text as the column's type; a name that is no column is an annotation, and text. Raises BadCursor."""
    field = next((field for field in model._meta.concrete_fields if field.name == name), None)
    try:
        return text if field is None else field.to_python(text)
    except ValidationError as fault:
        raise BadCursor("this cursor is damaged; start again from the first page") from fault


def _beyond(model: type[models.Model], columns: Sequence[str], cursor: Cursor) -> models.Q:
    """Rows after the cursor's key (before it, backwards): (a, b) > (x, y) as a > x or a = x and b > y."""
    condition, equal = models.Q(), models.Q()
    for column, text in zip(columns, cursor.key, strict=True):
        name = column.lstrip("-")
        value = _value(model, name, text)
        upwards = column.startswith("-") == cursor.backwards
        condition |= equal & models.Q(**{f"{name}__{'gt' if upwards else 'lt'}": value})
        equal &= models.Q(**{name: value})
    return condition
