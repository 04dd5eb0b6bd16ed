"""Everything of one kind in one file, as of one edition, streamed: JSON Lines, or CSV for spreadsheets.

With the filters of the kind's list, or `listed=on`, a file holds what that list shows, which is what pages offer to
download.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims import wording
from claims.api.openapi.operations import Operation, file_of, plain
from claims.api.problems import BadParameter, Problem
from claims.api.reading.base import ReadingViewSet
from claims.api.reading.shaping import shaped, stored
from claims.exports import TABLES, cells, table
from claims.filters import OF_LISTS
from claims.ledger import read
from claims.ledger.addresses import SEGMENT
from claims.ledger.joining import Shape
from claims.ledger.read import Thing

CHUNK: Final = 500  # things in memory at a time
KINDS: Final = {plural: kind for kind, plural in SEGMENT.items()} | {"entities": "entity"}
MEDIA: Final = {"jsonl": "application/jsonl", "csv": "text/csv"}
NAMES: Final = [f"{plural}.{form}" for plural in KINDS for form in MEDIA]


class _AsAddressed(DefaultContentNegotiation):
    """The address says what comes, not the Accept header."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ExportViewSet(ReadingViewSet):
    """What can be downloaded whole, and the downloads."""

    tag = "exports"
    content_negotiation_class = _AsAddressed

    def parameters(self) -> tuple[str, ...]:
        common = ("edition", "known_at")
        if self.action == "list":
            return common
        plural, _dot, form = str(self.kwargs.get("key", "")).partition(".")
        filters = tuple(OF_LISTS[plural].base_filters) if plural in OF_LISTS else ()
        return (*common, "lang", "listed", *(("labels",) if form == "jsonl" else ()), *filters)

    def operation(self) -> Operation:
        if self.action == "list":
            return plain(self.tag, "ExportList", self.parameters())
        common = ("edition", "known_at", "lang", "labels", "listed")
        filters = {name: one for kind in OF_LISTS.values() for name, one in kind.base_filters.items()}
        return file_of(self.tag, NAMES, list(MEDIA.values()), common, filters)

    def list(self, request: Request) -> Response:
        """What can be downloaded whole, as of this edition."""
        counted = {plural: self._rows(kind).count() for plural, kind in KINDS.items()}
        return Response({"results": [self._entry(name, counted) for name in NAMES]})

    def download(self, request: Request, key: str) -> HttpResponseBase:
        """All of one kind, deprecated claims among them, oldest first; or what a list of it shows."""
        if key not in NAMES:
            raise Problem(
                HTTPStatus.NOT_FOUND, f"there is no export {key!r}; write one of {', '.join(NAMES)}"
            )
        plural, form = key.split(".")
        rows = self._asked_for(plural)
        lines = self._json(KINDS[plural], rows) if form == "jsonl" else self._csv(plural, rows)
        answer = StreamingHttpResponse(
            lines if request.method == "GET" else (), content_type=f"{MEDIA[form]}; charset=utf-8"
        )
        name = f"{plural}-{self.asked.as_of.number}.{form}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _entry(self, name: str, counted: dict[str, int]) -> Shape:
        plural, form = name.split(".")
        address = reverse("api-export", args=[name])
        return {
            "name": name,
            "url": f"{self.site()}{address}?edition={self.asked.as_of.number}",
            "media_type": MEDIA[form],
            "edition": self.asked.as_of.number,
            "records": counted[plural],
            "license": settings.CLAIM_LICENSE,
        }

    def _rows(self, kind: str) -> QuerySet[Any]:
        return read.claims(self.asked.as_of) if kind == "claim" else read.listed(kind, self.asked.as_of)

    def _asked_for(self, plural: str) -> QuerySet[Any]:
        """The rows of a file: all of them, or those of the list narrowed by the same parameters."""
        rows, filters = self._rows(KINDS[plural]), OF_LISTS[plural]
        asked = self.request.query_params
        if (listed := asked.get("listed", "off")) not in ("on", "off"):
            raise BadParameter({"listed": "write on or off"})
        if listed == "off" and not set(asked) & set(filters.base_filters):
            return rows
        chosen = filters(asked, queryset=rows, as_of=self.asked.as_of)
        if not chosen.form.is_valid():
            raise BadParameter({name: " ".join(faults) for name, faults in chosen.form.errors.items()})
        found: QuerySet[Any] = chosen.qs
        return found

    def _chunks(self, rows: QuerySet[Any]) -> Iterator[Sequence[Thing]]:
        """The rows in the order of printing. Each chunk is one short query, so no snapshot is held."""
        last = 0
        while found := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            last = found[-1].pk
            yield [Thing.of(row.record) for row in found]

    def _json(self, kind: str, rows: QuerySet[Any]) -> Iterator[bytes]:
        for things in self._chunks(rows):
            shapes = self._shaped(kind, things) if self.asked.labels else [stored(thing) for thing in things]
            yield b"".join(orjson.dumps(shape, option=orjson.OPT_APPEND_NEWLINE) for shape in shapes)

    def _csv(self, plural: str, rows: QuerySet[Any]) -> Iterator[str]:
        yield table([TABLES[plural]])
        for things in self._chunks(rows):
            shapes = self._shaped(KINDS[plural], things)
            if plural == "claims":
                shapes = self._with_sentences(shapes)
            yield table(cells(shape, TABLES[plural]) for shape in shapes)

    def _shaped(self, kind: str, things: Sequence[Thing]) -> Sequence[Shape]:
        return shaped(kind, things, self.asked.as_of, self.asked.language, self.site())

    def _with_sentences(self, shapes: Sequence[Shape]) -> Sequence[Shape]:
        language = self.wording_language()
        with translation.override(language):
            return [shape | {"sentence": wording.sentence(shape, language)} for shape in shapes]
