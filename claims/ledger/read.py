"""The one door for what a reader may see: what stood in the ledger in one edition.

Everything here takes an edition number, so no read needs a transaction: a record never changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db import connection, models

from claims.ledger.models import GONE, ClaimIndex, Edition, Link, Op, Record, ThingIndex
from claims.ledger.upcast import upcast
from kb.lib.refs import is_ref

Body = dict[str, Any]
LONGEST_CHAIN = 100  # steps from a copy to its root; the desk refuses circles


class NoSuchEdition(Exception):
    """An edition or day that has not come yet, or that is no number at all."""


@dataclass(frozen=True)
class AsOf:
    """The edition a request reads. Number 0 is the empty ledger before the first."""

    number: int
    hash: str
    at: datetime | None
    latest: bool


def latest() -> AsOf:
    """The newest edition."""
    edition = Edition.objects.order_by("-number").first()
    if edition is None:
        return AsOf(0, "", None, latest=True)
    return AsOf(edition.number, edition.hash, edition.at, latest=True)


def as_of_edition(number: int) -> AsOf:
    """Edition `number`; 0 is before the first. Raises NoSuchEdition when it has not come."""
    newest = latest()
    if number == newest.number:
        return newest
    if number == 0:
        return AsOf(0, "", None, latest=False)
    edition = Edition.objects.filter(number=number).first()
    if edition is None:
        raise NoSuchEdition(f"there is no edition {number}; the newest is {newest.number}")
    return AsOf(edition.number, edition.hash, edition.at, latest=False)


def as_of_day(day: date, *, today: date) -> AsOf:
    """The last edition of `day` (UTC) or before. Raises NoSuchEdition for a day after `today`."""
    if day > today:
        raise NoSuchEdition(f"{day} has not come yet; give a day up to {today}")
    end = (
        datetime.combine(day, time.min, UTC) + timedelta(days=1)
        if day < date.max
        else datetime.max.replace(tzinfo=UTC)
    )
    edition = Edition.objects.filter(at__lt=end).order_by("-number").first()
    return as_of_edition(edition.number if edition else 0)


@dataclass(frozen=True)
class Thing:
    """One published version of one thing, its body lifted to the present format."""

    kind: str
    ref: str
    op: str
    edition: int
    text: str  # the stored body, byte for byte
    format: int
    redacted: str

    @classmethod
    def of(cls, record: Record) -> Thing:
        return cls(
            record.kind,
            record.ref,
            record.op,
            record.edition_from,
            record.body,
            record.format,
            record.redacted,
        )

    @cached_property
    def body(self) -> Body:
        return upcast(self.kind, json.loads(self.text), self.format) if self.text else {"ref": self.ref}

    @property
    def gone(self) -> bool:
        """Withdrawn or redacted: it keeps its address and says why."""
        return self.op in GONE or bool(self.redacted)


def state(as_of: AsOf) -> str:
    """What answers read in this edition depend on: its hash, and the last redaction, which empties old bodies too."""
    last = Record.objects.filter(op=Op.REDACTED).aggregate(last=models.Max("edition_from"))["last"]
    return f"{as_of.hash} {last or 0}"


def window(number: int) -> models.Q:
    """The condition on a windowed table for what stands in edition `number`."""
    return models.Q(edition_from__lte=number, edition_to__gt=number)


def things(refs: Iterable[str], as_of: AsOf) -> dict[str, Thing]:
    """What stands under each of `refs`; one query, merged refs under their own name."""
    wanted = set(refs)
    if not wanted:
        return {}
    return {
        record.ref: Thing.of(record) for record in Record.objects.filter(window(as_of.number), ref__in=wanted)
    }


def last_said(refs: Iterable[str], as_of: AsOf) -> dict[str, Thing]:
    """Each of `refs` as it last said something up to this edition, even if it is withdrawn by then; one query."""
    wanted = set(refs)
    if not wanted:
        return {}
    spoken = Record.objects.filter(ref=models.OuterRef("ref"), edition_from__lte=as_of.number).exclude(
        op__in=GONE
    )
    newest = spoken.order_by("-edition_from").values("pk")[:1]
    rows = Record.objects.filter(ref__in=wanted, pk=models.Subquery(newest))
    return {record.ref: Thing.of(record) for record in rows}


def find(kind: str, key: str, as_of: AsOf) -> Thing | None:
    """The thing of `kind` under a ref or a slug, following merges; its slugs of other editions lead to it too.

    Withdrawn things are found (see `Thing.gone`); what was never published by then is None.
    """
    if not is_ref(key):
        # A slug never names two things, so one of another edition, former or later, leads to the same ref.
        row = ThingIndex.objects.filter(kind=kind, slug=key).order_by().values_list("ref", flat=True).first()
        if row is None:
            return None
        key = row
    seen: set[str] = set()
    while key not in seen:
        seen.add(key)
        thing = things([key], as_of).get(key)
        if thing is None or thing.kind != kind:
            return None
        if "merged_into" not in thing.body:
            return thing
        key = thing.body["merged_into"]
    return None


def listed(kind: str, as_of: AsOf) -> models.QuerySet[ThingIndex]:
    """The index rows of all published things of a kind, with their records."""
    return ThingIndex.objects.filter(window(as_of.number), kind=kind).select_related("record")


def claims(as_of: AsOf) -> models.QuerySet[ClaimIndex]:
    """The index rows of all published claims, deprecated ones among them, with their records."""
    return ClaimIndex.objects.filter(window(as_of.number)).select_related("record")


def links(as_of: AsOf) -> models.QuerySet[Link]:
    """All references that stand in published bodies."""
    return Link.objects.filter(window(as_of.number))


def same_as(refs: Iterable[str], as_of: AsOf) -> set[str]:
    """`refs` with every ref that was merged into one of them, directly or by steps."""
    found = set(refs)
    fresh = found
    while fresh:
        fresh = (
            set(links(as_of).filter(role="merged-into", target_ref__in=fresh).values_list("ref", flat=True))
            - found
        )
        found |= fresh
    return found


def ancestry(source_ref: str, as_of: AsOf) -> list[str]:
    """The refs of a source, of the one it is derived from, and so on to the root. One query."""
    table = connection.ops.quote_name(Link._meta.db_table)
    statement = f"""
        WITH RECURSIVE chain(ref, step) AS (
            SELECT CAST(%s AS varchar(10)), 0
            UNION ALL
            SELECT link.target_ref, chain.step + 1 FROM {table} AS link JOIN chain ON link.ref = chain.ref
            WHERE link.role = 'derived-from' AND link.edition_from <= %s AND link.edition_to > %s AND chain.step < %s
        ) SELECT ref FROM chain ORDER BY step"""  # noqa: S608  the only name put in is our own table's
    with connection.cursor() as cursor:
        cursor.execute(statement, [source_ref, as_of.number, as_of.number, LONGEST_CHAIN])
        return list(dict.fromkeys(ref for (ref,) in cursor.fetchall()))


def parents(source_refs: Iterable[str], as_of: AsOf) -> dict[str, str]:
    """From each of the sources, and from those above them, to the one it is derived from. One query."""
    refs = sorted(set(source_refs))
    if not refs:
        return {}
    table = connection.ops.quote_name(Link._meta.db_table)
    standing = "link.role = 'derived-from' AND link.edition_from <= %s AND link.edition_to > %s"
    named = ", ".join(["%s"] * len(refs))
    statement = f"""
        WITH RECURSIVE derived(ref, parent) AS (
            SELECT link.ref, link.target_ref FROM {table} AS link WHERE link.ref IN ({named}) AND {standing}
            UNION
            SELECT link.ref, link.target_ref FROM {table} AS link JOIN derived ON link.ref = derived.parent
            WHERE {standing}
        ) SELECT ref, parent FROM derived"""  # noqa: S608  names of our own and placeholders
    with connection.cursor() as cursor:
        cursor.execute(statement, [*refs, as_of.number, as_of.number, as_of.number, as_of.number])
        return dict(cursor.fetchall())


def editions(as_of: AsOf) -> models.QuerySet[Edition]:
    """All editions up to this one, newest first."""
    return Edition.objects.filter(number__lte=as_of.number)


def history(ref: str, as_of: AsOf) -> list[Thing]:
    """Every published version of one thing up to this edition, newest first."""
    records = Record.objects.filter(ref=ref, edition_from__lte=as_of.number).order_by("-edition_from")
    return [Thing.of(record) for record in records]
