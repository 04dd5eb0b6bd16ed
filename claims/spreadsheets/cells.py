"""Cells: how a part of a body stands in one, and how it goes back. Bodies are `Root.body()`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from claims.extraction import typed
from kb.lib.refs import kind_of
from kb.lib.times import time_body

Body = dict[str, Any]


class Wrong(ValueError):
    """Why a cell cannot be taken."""


class Names:
    """Refs and slugs of what bodies name: from the desk, both ways. Raises Wrong for a slug that nothing has."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """`rows` are (kind, ref, slug); claims have their ref for a slug."""
        self._slug = {ref: slug for _kind, ref, slug in rows}
        self._ref = {(kind, slug): ref for kind, ref, slug in rows}

    def slug(self, ref: str | None) -> str:
        return self._slug.get(ref, ref) if ref else ""

    def ref(self, kind: str, slug: str) -> str:
        """The ref of `slug`, or of a ref itself."""
        if kind_of(slug) == kind and slug in self._slug:
            return slug
        found = self._ref.get((kind, slug))
        if found is None:
            raise Wrong(
                _("there is no %(kind)s “%(slug)s” on this desk: add it first, or correct the slug")
                % {"kind": kind, "slug": slug}
            )
        return found

    def add(self, kind: str, ref: str, slug: str) -> None:
        self._slug[ref], self._ref[kind, slug] = slug, ref


@dataclass(frozen=True, slots=True)
class Reader:
    """What cells are read with: the names of things, and the languages in which figures and dates may be typed."""

    names: Names
    languages: Sequence[str] = ()


Show = Callable[[Body, Names], str]
Put = Callable[[Body, str, Reader], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how its cell is made of a body, and how it goes back into one (`put` raises Wrong)."""

    name: str
    show: Show
    put: Put


def plain(name: str, *, empty: Any = "") -> Column:
    def put(body: Body, cell: str, _reader: Reader) -> None:
        body[name] = cell.strip() or empty

    return Column(name, lambda body, _names: body[name] or "", put)


def dated(name: str) -> Column:
    def put(body: Body, cell: str, reader: Reader) -> None:
        body[name] = time_body(date_in(cell, reader)) if cell.strip() else None

    return Column(name, lambda body, _names: body[name]["edtf"] if body[name] else "", put)


def date_in(cell: str, reader: Reader) -> str:
    try:
        return typed.date(cell, reader.languages)
    except typed.Unclear as fault:
        raise Wrong(fault.said(_)) from fault


def thing(name: str, kind: str) -> Column:
    def put(body: Body, cell: str, reader: Reader) -> None:
        body[name] = reader.names.ref(kind, cell.strip()) if cell.strip() else None

    return Column(name, lambda body, names: names.slug(body[name]), put)


def prose(name: str, languages: Sequence[str]) -> list[Column]:
    return [spoken(f"{name}:{tag}", lambda body: body[name], tag) for tag in languages]


def spoken(column: str, texts: Callable[[Body], dict[str, str]], tag: str) -> Column:
    def put(body: Body, cell: str, _reader: Reader) -> None:
        words = cell.strip()
        if words:
            texts(body)[tag] = words
        else:
            texts(body).pop(tag, None)

    return Column(column, lambda body, _names: texts(body).get(tag, ""), put)


def lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.split("\n") if line.strip()]


def several(name: str) -> Column:
    def put(body: Body, cell: str, _reader: Reader) -> None:
        body[name] = lines(cell)

    return Column(name, lambda body, _names: "\n".join(body[name]), put)


def _show_identifiers(body: Body, _names: Names) -> str:
    return "\n".join(f"{one['scheme']}: {one['value']}" for one in body["identifiers"])


def _put_identifiers(body: Body, cell: str, _reader: Reader) -> None:
    found = []
    for line in lines(cell):
        scheme, colon, value = line.partition(":")
        if not colon or not value.strip():
            raise Wrong(
                _("“%(line)s”: write scheme: value, such as wikidata: Q42, one a line") % {"line": line}
            )
        found.append({"scheme": scheme.strip(), "value": value.strip()})
    body["identifiers"] = found


IDENTIFIERS: Final = Column("identifiers", _show_identifiers, _put_identifiers)
