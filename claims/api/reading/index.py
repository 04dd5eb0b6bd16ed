"""The root of the API: where everything is."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.openapi.operations import Operation, plain
from claims.api.reading.base import ReadingViewSet
from claims.ledger.addresses import PLURAL, SEGMENT

LISTS: Final = (
    *SEGMENT.values(),
    "entities",
    *PLURAL.values(),
    "editions",
    "changes",
    "search",
    "match",
    "exports",
)


class IndexViewSet(ReadingViewSet):
    """Every list, the edition that is read, and the documentation."""

    tag = "index"

    def parameters(self) -> tuple[str, ...]:
        return ("edition", "known_at")

    def operation(self) -> Operation:
        return plain(self.tag, "Index", self.parameters())

    def list(self, request: Request) -> Response:
        as_of, here = self.asked.as_of, request.build_absolute_uri(request.path)
        return Response(
            {
                "edition": as_of.number,
                "at": as_of.at.isoformat().replace("+00:00", "Z") if as_of.at else None,
                "lists": {name: f"{here}{name}/" for name in LISTS},
                "documentation": self.site() + reverse("api-docs"),
                "schema": self.site() + reverse("api-schema"),
                "license": settings.CLAIM_LICENSE,
            }
        )
