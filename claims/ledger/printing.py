"""Printing: the only code that writes the ledger. One call, one edition, one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.ledger import indexing, searching
from claims.ledger.columns import FULL_TEXT
from claims.ledger.models import (
    GONE,
    OPEN,
    ClaimIndex,
    Edition,
    Link,
    Op,
    Press,
    Reason,
    Record,
    Review,
    SearchRow,
    ThingIndex,
)
from kb.lib.text import canonical_json, sha256_text

FORMAT = 2
Body = dict[str, Any]


@dataclass(frozen=True)
class Leaf:
    """One thing as it is to stand from this edition on; without a body it is withdrawn."""

    kind: str
    ref: str
    body: Body | None


@dataclass(frozen=True)
class Imprint:
    """What an edition says of itself."""

    by: str
    reason: Reason
    review: Review
    note: dict[str, str]
    at: datetime


class NothingToPrint(Exception):
    """Every page is already in the ledger as it stands."""


class NotClosed(Exception):
    """The edition would leave refs that lead nowhere: `dangling` lists (what refers, its kind, to what)."""

    def __init__(self, dangling: Sequence[tuple[str, str, str]]) -> None:
        self.dangling = dangling
        lines = "; ".join(
            _("%(kind)s %(ref)s refers to %(target)s") % {"kind": kind, "ref": ref, "target": target}
            for ref, kind, target in dangling[:20]
        )
        said = ngettext(
            "Not published: %(number)s reference would lead to something unpublished: %(lines)s. "
            "Publish what is referred to, or withdraw what refers to it, in the same edition.",
            "Not published: %(number)s references would lead to something unpublished: %(lines)s. "
            "Publish what is referred to, or withdraw what refers to it, in the same edition.",
            len(dangling),
        )
        super().__init__(said % {"number": len(dangling), "lines": lines})


class SlugTaken(Exception):
    """A slug that once named another thing is never reused; `ref` is the thing that asked for it."""

    def __init__(self, ref: str, slug: str, owner: str) -> None:
        self.ref = ref
        super().__init__(
            _("the slug %(slug)s already led to %(owner)s; a slug is never reused, choose another")
            % {"slug": repr(slug), "owner": owner}
        )


def lock_press() -> Press:
    """The press, locked until the transaction ends. Take it after all row locks."""
    Press.objects.get_or_create(pk=1)
    return Press.objects.select_for_update().get(pk=1)


def live(refs: Iterable[str]) -> dict[str, Record]:
    """The open records of `refs`, withdrawn ones among them."""
    return {record.ref: record for record in Record.objects.filter(ref__in=list(refs), edition_to=OPEN)}


class Redacted(Exception):
    """What the law ordered removed is never printed again; `ref` is the thing."""

    def __init__(self, kind: str, ref: str) -> None:
        self.ref = ref
        super().__init__(
            _("%(kind)s %(ref)s was redacted and cannot be published again") % {"kind": kind, "ref": ref}
        )


def print_edition(pages: Sequence[Leaf], imprint: Imprint) -> Edition:
    """Print one edition of all `pages` that differ from what stands.

    Raises NothingToPrint; NotClosed; SlugTaken; Redacted; ValueError when something is withdrawn that is not published,
    or a correction or retraction has no note.
    """
    if imprint.reason in (Reason.CORRECTION, Reason.RETRACTION) and not imprint.note:
        raise ValueError(_("a correction or retraction needs a public note that says why"))
    with transaction.atomic():
        press = lock_press()
        standing = live(page.ref for page in pages)
        number = press.number + 1
        records = [
            record for page in pages if (record := _record(page, standing.get(page.ref), number)) is not None
        ]
        if not records:
            raise NothingToPrint(_("everything is already published as it stands"))
        _refuse_taken_slugs(records)
        _write(records, number)
        _refuse_dangling(records)
        return _close(press, records, imprint)


def redact(kind: str, ref: str, category: str, imprint: Imprint) -> Edition:
    """Empty every version of one thing, because the law orders it, and print an edition that says so.

    Hashes, editions and the category stay, so the chain still holds; bodies and index rows go.
    Raises NotClosed while anything published refers to the thing; ValueError when it never was published.
    """
    with transaction.atomic():
        press = lock_press()
        versions = Record.objects.filter(kind=kind, ref=ref, redacted="")
        if not versions.exists():
            raise ValueError(f"{kind} {ref} never was published, or is redacted already")
        number = press.number + 1
        text = canonical_json({"ref": ref, "redacted": category})
        record = Record(
            kind=kind,
            ref=ref,
            op=Op.REDACTED,
            format=FORMAT,
            body=text,
            body_sha256=sha256_text(text),
            edition_from=number,
        )
        _write([record], number)
        _refuse_dangling([record])
        versions.exclude(pk=record.pk).update(body="", redacted=category)
        owners: tuple[type[models.Model], ...] = (ThingIndex, ClaimIndex, Link, SearchRow)
        for owner in owners:
            owner._default_manager.filter(ref=ref).delete()
        _forget_words()
        return _close(press, [record], imprint)


def _record(page: Leaf, standing: Record | None, number: int) -> Record | None:
    if standing is not None and standing.op == Op.REDACTED:
        raise Redacted(page.kind, page.ref)
    published = standing is not None and standing.op not in GONE
    if page.body is None:
        if standing is None or not published:
            raise ValueError(f"{page.kind} {page.ref} is not published, so it cannot be withdrawn")
        slug = json.loads(standing.body).get("slug")
        body = {"ref": page.ref, "withdrawn": True} | ({"slug": slug} if slug else {})
        op = Op.WITHDRAWN
    else:
        body, op = page.body, Op.MODIFIED if published else Op.ADDED
    text = canonical_json(body)
    if standing is not None and standing.body == text:
        return None
    return Record(
        kind=page.kind,
        ref=page.ref,
        op=op,
        format=FORMAT,
        body=text,
        body_sha256=sha256_text(text),
        edition_from=number,
    )


def _write(records: Sequence[Record], number: int) -> None:
    """Stamp what stood, then insert the records with their index rows."""
    refs = [record.ref for record in records]
    owners: tuple[type[models.Model], ...] = (Record, ThingIndex, ClaimIndex, Link, SearchRow)
    for owner in owners:
        owner._default_manager.filter(ref__in=refs, edition_to=OPEN).update(edition_to=number)
    Record.objects.bulk_create(records)
    things, claims, links, searches = [], [], [], []
    for record in records:
        body = json.loads(record.body)
        rows = index_rows(record.kind, record.op, body)
        window = {"record": record, "ref": record.ref, "edition_from": number}
        if rows.thing is not None:
            things.append(ThingIndex(kind=record.kind, **window, **rows.thing))
        if rows.claim is not None:
            claims.append(ClaimIndex(**window, **rows.claim))
        if rows.search is not None:
            searches.append(SearchRow(kind=record.kind, **window, **rows.search))
        links += [
            Link(kind=record.kind, role=one.role, target_ref=one.target_ref, detail=one.detail, **window)
            for one in rows.references
        ]
    ThingIndex.objects.bulk_create(things)
    ClaimIndex.objects.bulk_create(claims)
    Link.objects.bulk_create(links, batch_size=1000)
    SearchRow.objects.bulk_create(searches)


def _forget_words() -> None:
    """Full-text indexes keep the words of rows that are gone until they are written anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {FULL_TEXT}({FULL_TEXT}) VALUES ('rebuild')")  # noqa: S608  our own name
        else:
            cursor.execute("REINDEX INDEX ledger_search_words")


@dataclass(frozen=True)
class IndexRows:
    thing: dict[str, Any] | None
    claim: dict[str, Any] | None
    search: dict[str, Any] | None
    references: list[indexing.Reference]


def index_rows(kind: str, op: str, body: Body) -> IndexRows:
    """What a record's index rows must say; nothing for what is gone, references only for what is merged."""
    if op in GONE:
        return IndexRows(None, None, None, [])
    references = indexing.references(kind, body)
    if "merged_into" in body:
        return IndexRows(None, None, None, references)
    search = searching.search_row(kind, body)
    if kind == "claim":
        return IndexRows(None, indexing.claim_row(body), search, references)
    return IndexRows(indexing.thing_row(kind, body), None, search, references)


def _refuse_taken_slugs(records: Sequence[Record]) -> None:
    wanted = {
        (record.kind, body["slug"]): record.ref
        for record in records
        if record.kind != "claim" and record.op not in GONE and "slug" in (body := json.loads(record.body))
    }
    for kind, slug, ref in ThingIndex.objects.filter(slug__in=[slug for _kind, slug in wanted]).values_list(
        "kind", "slug", "ref"
    ):
        if wanted.get((kind, slug), ref) != ref:
            raise SlugTaken(wanted[kind, slug], slug, f"{kind} {ref}")


def _refuse_dangling(records: Sequence[Record]) -> None:
    gone = [record.ref for record in records if record.op in GONE]
    links = Link.objects.filter(
        models.Q(record__in=records) | models.Q(target_ref__in=gone), edition_to=OPEN
    ).values_list("ref", "kind", "target_ref")
    found = sorted(set(links))
    resolved = set(
        Record.objects.filter(ref__in={target for _, _, target in found}, edition_to=OPEN)
        .exclude(op__in=GONE)
        .values_list("ref", flat=True)
    )
    dangling = [link for link in found if link[2] not in resolved]
    if dangling:
        raise NotClosed(dangling)


def _close(press: Press, records: Sequence[Record], imprint: Imprint) -> Edition:
    last = Edition.objects.filter(number=press.number).first()
    edition = Edition(
        number=press.number + 1,
        at=max(imprint.at, last.at).astimezone(UTC) if last else imprint.at.astimezone(UTC),
        by=imprint.by,
        reason=imprint.reason,
        review=imprint.review,
        note=canonical_json(imprint.note),
        previous_hash=press.hash,
    )
    edition.hash = edition_hash(edition, records)
    edition.save(force_insert=True)
    press.number, press.hash = edition.number, edition.hash
    press.save()
    return edition


def edition_hash(edition: Edition, records: Iterable[Record]) -> str:
    """sha-256 over the previous hash, what the edition says of itself, and what it printed."""
    head = {
        "number": edition.number,
        "at": edition.at.isoformat(),
        "by": edition.by,
        "reason": str(edition.reason),
        "review": str(edition.review),
        "note": json.loads(edition.note),
    }
    printed = sorted([one.kind, one.ref, str(one.op), one.format, one.body_sha256] for one in records)
    return sha256_text("\n".join([edition.previous_hash, canonical_json(head), canonical_json(printed)]))
