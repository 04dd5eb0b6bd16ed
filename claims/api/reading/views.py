"""The viewsets of things: a list and a detail each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import resolve
from django.utils.http import urlencode
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.api.openapi.operations import Operation, detail_of, list_of
from claims.api.problems import BadParameter, Problem
from claims.api.reading.base import ReadingViewSet
from claims.api.reading.shaping import finished, shaped, stored
from claims.filters import (
    AsOfFilterSet,
    ClaimFilter,
    DisputeFilter,
    EntityFilter,
    OneKindFilter,
    PropertyFilter,
    SourceFilter,
    ThingFilter,
    TimelineFilter,
    with_subjects,
)
from claims.ledger import read
from claims.ledger.addresses import PLURAL
from claims.ledger.joining import Joined, Shape
from claims.ledger.models import Edition
from claims.ledger.read import Thing
from kb.lib.pagination import Page, paginate

CAPPED = 1001
Shapes = list[Shape]  # inside a viewset, `list` is the action
BY_EDITION: dict[str, tuple[str, ...]] = {
    "edition": ("edition_from", "ref"),
    "-edition": ("-edition_from", "-ref"),
}


class LedgerViewSet(ReadingViewSet):
    """A kind of thing, as it stands in one edition."""

    kind: ClassVar[str]
    component: ClassVar[str]  # its schema in the OpenAPI document
    filterset: ClassVar[type[AsOfFilterSet]] = ThingFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "label": ("sort", "ref"),
        "-label": ("-sort", "-ref"),
    } | BY_EDITION

    def parameters(self) -> tuple[str, ...]:
        filters = tuple(self.filterset.base_filters) if self.action == "list" else ()
        return super().parameters() + filters

    def operation(self) -> Operation:
        if self.action == "list":
            return list_of(self.tag, self.component, self.filterset, list(self.orderings))
        return detail_of(self.tag, self.detail_component())

    def list(self, request: Request) -> Response:
        ordering = self.ordering()
        rows = self._filtered(request)
        page: Page[Any] = paginate(
            rows,
            self.orderings[ordering],
            ordering=ordering,
            edition=self.asked.as_of.number,
            size=self.asked.size,
            cursor=self.asked.cursor,
        )
        shapes = self._shaped([Thing.of(row.record) for row in page.rows])
        body = self.page(shapes, page.next, page.previous)
        if self.asked.count:
            body["count"] = rows.order_by()[:CAPPED].count()
        return Response(body)

    def retrieve(self, request: Request, key: str) -> Response:
        thing = self._find(key)
        if thing is None:
            raise Problem(
                HTTPStatus.NOT_FOUND, f"there is no {self.kind} {key!r} in edition {self.asked.as_of.number}"
            )
        if thing.gone:
            raise self._gone(thing)
        if key not in (thing.ref, thing.body.get("slug")):
            return self._moved(thing)
        return Response(self._detail(thing))

    # What kinds differ in -----------------------------------------------------------------------------------

    def detail_component(self) -> str:
        """The schema of the detail, where it is another one."""
        return self.component

    def _rows(self) -> QuerySet[Any]:
        return read.listed(self.kind, self.asked.as_of)

    def _find(self, key: str) -> Thing | None:
        return read.find(self.kind, key, self.asked.as_of)

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
            return [stored(thing) for thing in things]
        return shaped(self.kind, things, self.asked.as_of, self.asked.language, self.site())

    def _moved(self, thing: Thing) -> Response:
        """A former slug, or an entity merged into another: to the present address, with the query as it was asked."""
        folder = self.request.path.rstrip("/").rpartition("/")[0]
        query = self.request.query_params
        address = f"{folder}/{thing.body.get('slug') or thing.ref}/"
        target = f"{address}?{urlencode(query, doseq=True)}" if query else address
        return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": target})

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
    """Claims. A deprecated one is listed only when its rank is asked for."""

    kind, tag, component = "claim", "claims", "Claim"
    filterset = ClaimFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-edition": ("-edition_from", "ref"),
        "edition": ("edition_from", "ref"),
        "time": ("earliest", "ref"),
        "-time": ("-has_time", "-earliest", "-ref"),
        "amount": ("amount_key", "ref"),
        "-amount": ("-has_amount", "-amount_key", "-ref"),
        "origins": ("origins", "ref"),
        "-origins": ("-origins", "-ref"),
        "sources": ("sources", "ref"),
        "-sources": ("-sources", "-ref"),
        "subject": ("subject_slug", "ref"),
        "-subject": ("-subject_slug", "-ref"),
    }

    def _rows(self) -> QuerySet[Any]:
        rows = read.claims(self.asked.as_of)
        return with_subjects(rows, self.asked.as_of) if self.ordering().endswith("subject") else rows


class EntityViewSet(LedgerViewSet):
    """Entities of all kinds."""

    kind, tag, component = "entity", "entities", "Entity"
    subkind: ClassVar[str | None] = None
    filterset = EntityFilter

    def _rows(self) -> QuerySet[Any]:
        rows = super()._rows()
        return rows.filter(subkind=self.subkind) if self.subkind else rows

    def _find(self, key: str) -> Thing | None:
        thing = super()._find(key)
        of_kind = thing is None or thing.gone or self.subkind in (None, thing.body["kind"])
        return thing if of_kind else None


def entities_of(kind: str) -> type[EntityViewSet]:
    """The viewset of one kind of entity."""
    name = f"{kind.capitalize()}ViewSet"
    return type(
        name,
        (EntityViewSet,),
        {
            "subkind": kind,
            "tag": PLURAL[kind],
            "filterset": OneKindFilter,
            "__doc__": f"Entities of kind {kind}.",
        },
    )


class SourceViewSet(LedgerViewSet):
    """Sources."""

    kind, tag, component = "source", "sources", "Source"
    filterset = SourceFilter


class PropertyViewSet(LedgerViewSet):
    """Properties."""

    kind, tag, component = "property", "properties", "Property"
    filterset = PropertyFilter


class DisputeViewSet(LedgerViewSet):
    """Disputes with their claims."""

    kind, tag, component = "dispute", "disputes", "Dispute"
    filterset = DisputeFilter


class TimelineViewSet(LedgerViewSet):
    """Timelines; the detail holds its events, which are claims, in order of time."""

    kind, tag, component = "timeline", "timelines", "Timeline"
    filterset = TimelineFilter

    def detail_component(self) -> str:
        return "TimelineWithEvents"

    def _detail(self, thing: Thing) -> Any:
        detail = self._shaped([thing])[0]
        if not self.asked.labels:
            return detail
        events = Joined(self.asked.as_of, self.asked.language).timeline_claims(thing)
        return detail | {"events": finished("claim", events, self.site())}


class NowhereView(APIView):
    """Any other address below the API's root: one that lacks its last slash leads on, others are problem documents."""

    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        known = resolve(f"{request.path}/").url_name != "api-nowhere"
        if request.method not in ("GET", "HEAD") or not known:
            raise Problem(HTTPStatus.NOT_FOUND, f"the API has no address {request.path}")

    def get(self, request: Request) -> Response:
        query = request.META["QUERY_STRING"]
        target = f"{request.path}/?{query}" if query else f"{request.path}/"
        return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": target})
