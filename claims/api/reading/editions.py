"""Editions, and the feed of everything that they changed."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, ClassVar

import orjson
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.openapi.operations import Operation, detail_of, list_of
from claims.api.problems import BadParameter, Problem
from claims.api.reading.base import ReadingViewSet
from claims.api.reading.requests import ON_EVERYTHING, ON_PAGES
from claims.ledger import read
from claims.ledger.addresses import HOUSE, SEGMENT
from claims.ledger.joining import Said, Shape
from claims.ledger.models import Edition, Record
from claims.ledger.read import Thing
from kb.lib.pagination import Page, paginate

CAPPED = 1001
MOST_CHANGES = 1000  # that the detail of an edition lists; the feed has them all


class EditionViewSet(ReadingViewSet):
    """Acts of publishing. `labels=off` gives notes in all their languages."""

    tag = "editions"
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-number": ("-number",), "number": ("number",)}

    def operation(self) -> Operation:
        if self.action == "list":
            return list_of(self.tag, "Edition", None, list(self.orderings))
        return detail_of(self.tag, "EditionWithChanges", key={"type": "integer", "minimum": 1})

    def list(self, request: Request) -> Response:
        ordering = self.ordering()
        rows = read.editions(self.asked.as_of)
        page = paginate(
            rows,
            self.orderings[ordering],
            ordering=ordering,
            edition=self.asked.as_of.number,
            size=self.asked.size,
            cursor=self.asked.cursor,
        )
        body = self.page([self._shape(one) for one in page.rows], page.next, page.previous)
        if self.asked.count:
            body["count"] = rows.order_by()[:CAPPED].count()
        return Response(body)

    def retrieve(self, request: Request, key: str) -> Response:
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 16 else 0
        edition = read.editions(self.asked.as_of).filter(number=number).first()
        if edition is None:
            raise Problem(
                HTTPStatus.NOT_FOUND, f"there is no edition {key!r} up to edition {self.asked.as_of.number}"
            )
        rows = Record.objects.filter(edition_from=number).order_by("edition_from", "kind", "ref")
        found = list(
            rows.values_list("kind", "ref", "op", "format", "body_sha256", "thing__slug", "thing__subkind")[
                : MOST_CHANGES + 1
            ]
        )
        changes = [self._change(*one) for one in found[:MOST_CHANGES]]
        return Response(self._shape(edition) | {"changes": changes, "truncated": len(found) > MOST_CHANGES})

    def _shape(self, edition: Edition) -> Shape:
        note = json.loads(edition.note)
        return {
            "number": edition.number,
            "at": edition.at.isoformat().replace("+00:00", "Z"),
            "by": edition.by,
            "reason": edition.reason,
            "review": edition.review,
            "note": str(Said.of(note, self.asked.language)) if self.asked.labels else note,
            "hash": edition.hash,
            "previous_hash": edition.previous_hash,
            "url": self.request.build_absolute_uri(f"/editions/{edition.number}/"),
        }

    def _change(
        self, kind: str, ref: str, op: str, form: int, digest: str, slug: str | None, subkind: str | None
    ) -> Shape:
        public = subkind if kind == "entity" else kind if kind in SEGMENT or kind in HOUSE else None
        return {
            "kind": kind,
            "ref": ref,
            "op": op,
            "format": form,
            "sha256": digest,
            "slug": slug or None,
            "url": self.page_of_site(public, slug or ref) if public else None,
        }


class ChangeViewSet(ReadingViewSet):
    """Every record in the order of editions: what a mirror needs.

    An edition is here as soon as it is complete, so whoever has read to its end has missed nothing before it.
    """

    tag = "changes"

    def parameters(self) -> tuple[str, ...]:
        return (*(name for name in ON_EVERYTHING if name not in ("lang", "labels")), *ON_PAGES, "after")

    def operation(self) -> Operation:
        return list_of(self.tag, "Change", None, [], extra=["after"], component_list="ChangeList")

    def list(self, request: Request) -> Response:
        until = self.asked.as_of.number
        after = request.query_params.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 16):
            raise BadParameter({"after": "write the number of an edition, such as 3"})
        rows: QuerySet[Record] = Record.objects.filter(edition_from__gt=int(after), edition_from__lte=until)
        page: Page[Record] = paginate(
            rows,
            ("edition_from", "kind", "ref"),
            ordering="changes",
            edition=until,
            size=self.asked.size,
            cursor=self.asked.cursor,
        )
        changes = [self._change(Thing.of(record), record.body_sha256) for record in page.rows]
        complete = page.rows[-1].edition_from - 1 if page.next else until
        return Response(
            self.page(changes, page.next, page.previous) | {"after": max(complete, min(int(after), until))}
        )

    def _change(self, thing: Thing, digest: str) -> dict[str, Any]:
        return {
            "edition": thing.edition,
            "kind": thing.kind,
            "ref": thing.ref,
            "op": thing.op,
            "format": thing.format,
            "body": orjson.Fragment(thing.text.encode()) if thing.text else None,
            "sha256": digest,
        }
