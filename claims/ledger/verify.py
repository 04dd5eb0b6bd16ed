"""Recompute the whole ledger: hashes, chain, windows and index rows. One flipped byte is found and named."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db import DatabaseError, connection, models, transaction

from claims.ledger.columns import FULL_TEXT
from claims.ledger.models import GONE, OPEN, ClaimIndex, Edition, Link, Press, Record, SearchRow, ThingIndex
from claims.ledger.printing import edition_hash, index_rows
from claims.ledger.upcast import upcast
from kb.lib.text import HostileText, sha256_text


def faults() -> Iterator[str]:
    """What is wrong with the ledger, in sentences; nothing when all is well."""
    with reading_any_bytes():
        yield from _chain()
        yield from _records()


@contextmanager
def reading_any_bytes() -> Iterator[None]:
    """SQLite would stop at the first text that is UTF-8 no more; here it is read, and its hash tells."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    sqlite = connection.connection
    sqlite.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        sqlite.text_factory = str


def has_hash(text: str, digest: str) -> bool:
    """Whether the text has this sha-256; one that is no Unicode any more has none."""
    try:
        return sha256_text(text) == digest
    except HostileText:
        return False


def _invariants() -> Iterator[str]:
    """What must always hold of what stands now: no ref leads nowhere, no claim lacks evidence or required scope."""
    standing = dict(Record.objects.filter(edition_to=OPEN).exclude(op__in=GONE).values_list("ref", "kind"))
    links = Link.objects.filter(edition_to=OPEN).order_by("ref", "role", "target_ref")
    scope: dict[str, set[str]] = defaultdict(set)
    required: dict[str, set[str]] = defaultdict(set)
    property_of: dict[str, str] = {}
    quoting: set[str] = set()
    for ref, role, target in links.values_list("ref", "role", "target_ref").iterator():
        if target not in standing:
            yield f"{standing.get(ref, 'record')} {ref} refers to {target}, which is not published"
        match role:
            case "scope":
                scope[ref].add(target)
            case "requires":
                required[ref].add(target)
            case "property":
                property_of[ref] = target
            case "source":
                quoting.add(ref)
    for ref, kind in standing.items():
        if kind == "claim":
            if ref not in quoting:
                yield f"claim {ref} is published without evidence"
            if required[property_of.get(ref, "")] - scope[ref]:
                yield f"claim {ref} is published without the scope that its property requires"


def redacted_count() -> int:
    """How many records were emptied because the law ordered it."""
    return Record.objects.exclude(redacted="").count()


def _chain() -> Iterator[str]:
    number, previous, last_at = 0, "", None
    records = groupby(
        Record.objects.order_by("edition_from", "id").defer("body").iterator(),
        key=lambda one: one.edition_from,
    )
    printed, rest = 0, next(records, None)
    for edition in Edition.objects.order_by("number").iterator():
        number += 1
        if edition.number != number:
            yield f"edition {number} is missing before edition {edition.number}"
            number = edition.number
        if edition.previous_hash != previous:
            yield f"edition {edition.number} does not follow the hash of the one before it"
        if last_at is not None and edition.at < last_at:
            yield f"edition {edition.number} is dated before the one it follows"
        while rest is not None and rest[0] < edition.number:
            yield f"records stand under edition {rest[0]}, which does not exist"
            rest = next(records, None)
        mine: list[Record] = []
        if rest is not None and rest[0] == edition.number:
            mine = list(rest[1])
            rest = next(records, None)
        printed += len(mine)
        if not _has_its_hash(edition, mine):
            yield f"edition {edition.number} does not have the hash of what it printed"
        previous, last_at = edition.hash, edition.at
    if rest is not None:
        yield f"records stand under edition {rest[0]}, which does not exist"
    press = Press.objects.filter(pk=1).first()
    if (press.number, press.hash) != (number, previous) if press else number:
        yield f"the press stands elsewhere than after edition {number}"


def _has_its_hash(edition: Edition, records: list[Record]) -> bool:
    try:
        return edition_hash(edition, records) == edition.hash
    except ValueError:  # its note is no JSON any more, or a text of it no Unicode
        return False


def _records() -> Iterator[str]:
    """Bodies, windows and index rows, thing by thing in order of ref."""
    records = Record.objects.order_by("ref", "edition_from").iterator(chunk_size=2000)
    for _, versions in groupby(records, key=lambda one: one.ref):
        batch = list(versions)
        for record, successor in zip(batch, [*batch[1:], None], strict=True):
            name = f"{record.kind} {record.ref} of edition {record.edition_from}"
            ends = successor.edition_from if successor else OPEN
            if record.edition_to != ends:
                yield f"{name} ends with edition {record.edition_to}, not {ends}"
            if record.redacted:
                if record.body:
                    yield f"{name} is marked redacted and still has a body"
            elif not has_hash(record.body, record.body_sha256):
                yield f"{name} does not have the hash of its body"
    yield from _index()


def _index() -> Iterator[str]:
    """Index rows against what the bodies say, in batches of records."""
    last = 0
    while batch := list(Record.objects.filter(pk__gt=last).order_by("pk")[:500]):
        last = batch[-1].pk
        things = {row.record_id: row for row in ThingIndex.objects.filter(record__in=batch)}
        claims = {row.record_id: row for row in ClaimIndex.objects.filter(record__in=batch)}
        searches = {row.record_id: row for row in SearchRow.objects.filter(record__in=batch)}
        links: dict[int, list[Link]] = defaultdict(list)
        for link in Link.objects.filter(record__in=batch):
            links[link.record_id].append(link)
        for record in batch:
            rows = (things.get(record.pk), claims.get(record.pk), searches.get(record.pk))
            yield from _index_of(record, *rows, links[record.pk])
    yield from _full_text()


def _full_text() -> Iterator[str]:
    """SQLite's index is a table of its own; PostgreSQL's is no more than an index."""
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # 1: compare it with the words it indexes.
            cursor.execute(f"INSERT INTO {FULL_TEXT}({FULL_TEXT}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except DatabaseError:
        yield "the full-text index does not hold the words of the search rows"


def _index_of(
    record: Record,
    thing: ThingIndex | None,
    claim: ClaimIndex | None,
    search: SearchRow | None,
    links: list[Link],
) -> Iterator[str]:
    name = f"{record.kind} {record.ref} of edition {record.edition_from}"
    if record.redacted:
        if thing or claim or search or links:
            yield f"{name} is redacted and still has index rows"
        return
    try:
        body = upcast(record.kind, json.loads(record.body), record.format)
        expected = index_rows(record.kind, record.op, body)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        yield f"{name} has a body that cannot be read"
        return
    rows = (
        (thing, expected.thing, "list"),
        (claim, expected.claim, "claim"),
        (search, expected.search, "search"),
    )
    for row, columns, what in rows:
        if (row is None) != (columns is None):
            yield f"{name} has {'no' if row is None else 'a stray'} {what} index row"
        elif row is not None and columns is not None and _differs(row, record, columns):
            yield f"{name} has a wrong {what} index row"
    if any(row is not None and row.kind != record.kind for row in (thing, search, *links)):
        yield f"{name} has index rows of another kind"
    standing = sorted((link.role, link.target_ref, link.detail) for link in links)
    if standing != [(one.role, one.target_ref, one.detail) for one in expected.references]:
        yield f"{name} has wrong reference rows"
    if any((link.ref, link.edition_from, link.edition_to) != _window(record) for link in links):
        yield f"{name} has reference rows of another window"


def _window(record: Record) -> tuple[str, int, int]:
    return record.ref, record.edition_from, record.edition_to


def _differs(row: models.Model, record: Record, columns: dict[str, Any]) -> bool:
    expected = columns | dict(zip(("ref", "edition_from", "edition_to"), _window(record), strict=True))
    return any(not _same(getattr(row, name), value) for name, value in expected.items())


def _same(stored: Any, expected: Any) -> bool:
    if stored == expected:
        return True
    # SQLite keeps decimals as floating point: compare the digits it does keep.
    kept_as_float = connection.vendor == "sqlite" and hasattr(expected, "adjusted")
    return kept_as_float and bool(abs(stored - expected) <= abs(expected).scaleb(-14))
