"""Columns that both databases compare alike: text in order of its bytes, and words found through a full-text index.

Neither engine's own tokenizer, dictionary or stemmer takes part: `claims.ledger.searching` has split and folded the
words in Python, so that the same words match on SQLite (FTS5) and on PostgreSQL (tsvector, GIN). See ADR 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:  # Django's fields take type parameters only in their stubs
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Col
    from django.db.models.sql.compiler import SQLCompiler

    Char = models.CharField[str, str]
    Text = models.TextField[str, str]
    Lookup = models.Lookup[Any]
else:
    Char, Text, Lookup = models.CharField, models.TextField, models.Lookup

FULL_TEXT = "ledger_search_fts"  # SQLite's index over SearchRow.words, kept by triggers (migration 0002)


class Bytewise(Char):
    """Short text that sorts by its code points on every database, whatever the database's collation."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        collation = "C" if connection.vendor == "postgresql" else None
        return super().db_parameters(connection) | {"collation": collation}


@dataclass(frozen=True, slots=True)
class Term:
    """One word as it stands in the index, or the beginning of one."""

    word: str
    prefix: bool = False


Wanted = tuple[tuple[Term, ...], ...]  # every group must match, by any of its terms


class Words(Text):
    """Words joined by single spaces, each once."""


@Words.register_lookup
class Hold(Lookup):
    """`words__hold=Wanted`: rows whose words match every group. Only for a table whose key is `record`."""

    lookup_name = "hold"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column: Col = self.lhs
        key = (
            f"{compiler.quote_name_unless_alias(column.alias or '')}.{connection.ops.quote_name('record_id')}"
        )
        # The only names put in are this module's own.
        inner = f"SELECT rowid FROM {FULL_TEXT} WHERE {FULL_TEXT} MATCH %s"  # noqa: S608
        return f"{key} IN ({inner})", [fts5(self.rhs)]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        words, parameters = self.process_lhs(compiler, connection)
        return f"array_to_tsvector(string_to_array({words}, ' ')) @@ %s::tsquery", [
            *parameters,
            tsquery(self.rhs),
        ]


def fts5(wanted: Wanted) -> str:
    """The query in FTS5's syntax, every word quoted."""

    def one(term: Term) -> str:
        quoted = '"' + term.word.replace('"', '""') + '"'
        return f"{quoted} *" if term.prefix else quoted

    return " AND ".join("(" + " OR ".join(map(one, group)) + ")" for group in wanted)


def tsquery(wanted: Wanted) -> str:
    """The query in PostgreSQL's syntax, every word quoted; for a cast, which folds and drops nothing."""

    def one(term: Term) -> str:
        quoted = "'" + term.word.replace("\\", "\\\\").replace("'", "''") + "'"
        return f"{quoted}:*" if term.prefix else quoted

    return " & ".join("(" + " | ".join(map(one, group)) + ")" for group in wanted)
