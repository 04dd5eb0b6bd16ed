"""The viewsets: one a thing, a list and a detail each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http.response import HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from claims.api.problems import BadParameter, Problem
from claims.api.reading.requests import ON_EVERYTHING, ON_LISTS, Asked, asked, etag
from claims.filters import AsOfFilterSet, ClaimFilter, EntityFilter, ThingFilter
from claims.ledger import read
from claims.ledger.addresses import path
from claims.ledger.joining import Joined, Shape
from claims.ledger.models import Edition
from claims.ledger.read import Thing
from kb.lib.pagination import BadCursor, Page, paginate

CAPPED = 1001
Shapes = list[Shape]  # inside a viewset, `list` is the action


class NotModified(Exception):
    """The caller holds this very representation already."""


class LedgerViewSet(ViewSet):
    """A kind of thing, as it stands in one edition. Open to everybody; reads nothing but the ledger."""

    permission_classes = (AllowAny,)
    kind: ClassVar[str]
    filterset: ClassVar[type[AsOfFilterSet]] = ThingFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"label": ("sort", "ref"), "-label": ("-sort", "-ref")}
    asked: Asked

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = ON_LISTS + tuple(self.filterset.base_filters) if self.action == "list" else ON_EVERYTHING
        self.asked = asked(request.query_params, known=known)
        held = parse_etags(request.headers.get("If-None-Match", ""))
        if request.method in ("GET", "HEAD") and etag(request, self.asked.as_of) in held:
            raise NotModified

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, NotModified):
            return HttpResponseNotModified()  # type: ignore[return-value]  # finalize_response takes any response
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        as_of = self.asked.as_of if hasattr(self, "asked") else read.latest()
        answer["X-Edition"] = str(as_of.number)
        if hasattr(self, "asked"):
            answer["Content-Language"] = self.asked.language
            if answer.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
                answer["ETag"] = etag(request, self.asked.as_of)
                patch_cache_control(answer, public=True, no_cache=True)
        return answer

    def list(self, request: Request) -> Response:
        ordering = request.query_params.get("ordering") or next(iter(self.orderings))
        if ordering not in self.orderings:
            raise BadParameter({"ordering": f"write one of {', '.join(self.orderings)}"})
        rows = self._filtered(request)
        try:
            page: Page[Any] = paginate(
                rows,
                self.orderings[ordering],
                ordering=ordering,
                edition=self.asked.as_of.number,
                size=self.asked.size,
                cursor=self.asked.cursor,
            )
        except BadCursor as fault:
            raise BadParameter({"cursor": str(fault)}) from fault
        body: dict[str, Any] = {
            "next": self._page_url(request, page.next),
            "previous": self._page_url(request, page.previous),
            "results": self._shaped([Thing.of(row.record) for row in page.rows]),
        }
        if self.asked.count:
            body["count"] = rows.order_by()[:CAPPED].count()
        return Response(body)

    def retrieve(self, request: Request, pk: str) -> Response:
        thing = self._find(pk)
        if thing is None:
            raise Problem(
                HTTPStatus.NOT_FOUND, f"there is no {self.kind} {pk!r} in edition {self.asked.as_of.number}"
            )
        if thing.gone:
            raise self._gone(thing)
        return Response(self._detail(thing))

    # What kinds differ in -----------------------------------------------------------------------------------

    def _rows(self) -> QuerySet[Any]:
        return read.listed(self.kind, self.asked.as_of)

    def _find(self, key: str) -> Thing | None:
        return read.find(self.kind, key, self.asked.as_of)

    def _join(self, joined: Joined, things: Sequence[Thing]) -> Shapes:
        raise NotImplementedError

    def _detail(self, thing: Thing) -> Any:
        return self._shaped([thing])[0]

    # Shared -------------------------------------------------------------------------------------------------

    def _filtered(self, request: Request) -> QuerySet[Any]:
        chosen = self.filterset(request.query_params, queryset=self._rows(), as_of=self.asked.as_of)
        if not chosen.form.is_valid():
            raise BadParameter({name: " ".join(faults) for name, faults in chosen.form.errors.items()})
        found: QuerySet[Any] = chosen.qs
        return found

    def _shaped(self, things: Sequence[Thing]) -> Shapes:
        if not self.asked.labels:
            return [
                {
                    "ref": thing.ref,
                    "edition": thing.edition,
                    "format": thing.format,
                    "body": orjson.Fragment(thing.text.encode()),
                }
                for thing in things
            ]
        shapes = self._join(Joined(self.asked.as_of, self.asked.language), things)
        return [self._with_url(shape) for shape in shapes]

    def _with_url(self, shape: Shape) -> Shape:
        kind = shape.get("kind", self.kind)
        address = path(kind, shape.get("slug") or shape["ref"])
        return shape | {"url": self.request.build_absolute_uri(address)}

    def _page_url(self, request: Request, cursor: object) -> str | None:
        if cursor is None:
            return None
        parameters = request.query_params.copy()
        parameters["cursor"] = str(cursor)
        return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")

    def _gone(self, thing: Thing) -> Problem:
        """A withdrawn thing keeps its address and says why: 410 with the edition's reason and note."""
        edition = Edition.objects.get(number=thing.edition)
        return Problem(
            HTTPStatus.GONE,
            f"this {thing.kind} was {thing.op} in edition {thing.edition}",
            ref=thing.ref,
            edition=thing.edition,
            reason=edition.reason,
            note=json.loads(edition.note),
        )


class ClaimViewSet(LedgerViewSet):
    kind = "claim"
    filterset = ClaimFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-edition": ("-edition_from", "ref"),
        "edition": ("edition_from", "ref"),
        "time": ("earliest", "ref"),
        "-time": ("-earliest", "-ref"),
    }

    def _rows(self) -> QuerySet[Any]:
        return read.claims(self.asked.as_of)

    def _join(self, joined: Joined, things: Sequence[Thing]) -> Shapes:
        return [claim | {"license": settings.CLAIM_LICENSE} for claim in joined.claims(things)]


class EntityViewSet(LedgerViewSet):
    """Entities of all kinds, or of one where a subclass names it."""

    kind = "entity"
    subkind: ClassVar[str | None] = None
    filterset = EntityFilter

    def _rows(self) -> QuerySet[Any]:
        rows = super()._rows()
        return rows.filter(subkind=self.subkind) if self.subkind else rows

    def _find(self, key: str) -> Thing | None:
        thing = super()._find(key)
        of_kind = thing is None or thing.gone or self.subkind in (None, thing.body["kind"])
        return thing if of_kind else None

    def _join(self, joined: Joined, things: Sequence[Thing]) -> Shapes:
        return joined.entities(things)


def entities_of(kind: str) -> type[EntityViewSet]:
    """The viewset of one kind of entity."""
    name = f"{kind.capitalize()}ViewSet"
    return type(
        name,
        (EntityViewSet,),
        {"subkind": kind, "filterset": ThingFilter, "__doc__": f"Entities of kind {kind}."},
    )


class SourceViewSet(LedgerViewSet):
    kind = "source"

    def _join(self, joined: Joined, things: Sequence[Thing]) -> Shapes:
        return joined.sources(things)


class PropertyViewSet(LedgerViewSet):
    kind = "property"

    def _join(self, joined: Joined, things: Sequence[Thing]) -> Shapes:
        return joined.properties(things)


class DisputeViewSet(LedgerViewSet):
    kind = "dispute"

    def _join(self, joined: Joined, things: Sequence[Thing]) -> Shapes:
        return joined.disputes(things)


class TimelineViewSet(LedgerViewSet):
    """Timelines; the detail holds its events, which are claims, in order of time."""

    kind = "timeline"

    def _join(self, joined: Joined, things: Sequence[Thing]) -> Shapes:
        return joined.timelines(things)

    def _detail(self, thing: Thing) -> Any:
        detail = self._shaped([thing])[0]
        if not self.asked.labels:
            return detail
        events = Joined(self.asked.as_of, self.asked.language).timeline_claims(thing)
        base = self.request.build_absolute_uri("/").rstrip("/")
        return detail | {
            "events": [
                event | {"url": base + path("claim", event["ref"]), "license": settings.CLAIM_LICENSE}
                for event in events
            ]
        }


class NowhereView(APIView):
    """Any other address below the API's root: a problem document, not a page."""

    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Problem(HTTPStatus.NOT_FOUND, f"the API has no address {request.path}")
