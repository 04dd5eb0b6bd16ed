"""Matching names with entities (reconciliation)."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.openapi.operations import Operation, plain
from claims.api.problems import BadParameter
from claims.api.reading.base import ReadingViewSet
from claims.ledger.addresses import PLURAL
from claims.ledger.joining import Joined, Shape
from claims.reconciliation import LONGEST_NAME, MOST_NAMES, Candidate, candidates


class MatchViewSet(ReadingViewSet):
    """Which entities names may mean: the very name first, then near spellings."""

    tag = "match"
    repeatable: ClassVar[tuple[str, ...]] = ("q",)

    def parameters(self) -> tuple[str, ...]:
        return ("edition", "known_at", "lang", "q", "kind")

    def operation(self) -> Operation:
        names = {"type": "array", "maxItems": MOST_NAMES}
        name = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": r"\S"}
        return plain(
            self.tag,
            "Matches",
            self.parameters(),
            q=("A name; may be repeated.", names | {"items": name}),
            kind=("Only entities of this kind.", {"type": "string", "enum": list(PLURAL)}),
        )

    def list(self, request: Request) -> Response:
        names, kind = request.query_params.getlist("q"), request.query_params.get("kind", "")
        if kind and kind not in PLURAL:
            raise BadParameter({"kind": f"write one of {', '.join(PLURAL)}"})
        if len(names) > MOST_NAMES:
            raise BadParameter({"q": f"{len(names)} names are too many; ask for {MOST_NAMES} at a time"})
        for place, name in enumerate(names, 1):
            if not name.strip() or len(name) > LONGEST_NAME:
                raise BadParameter({"q": f"name {place} is empty or longer than {LONGEST_NAME} characters"})
        found = candidates(names, self.asked.as_of, kind=kind)
        joined = Joined(self.asked.as_of, self.asked.language)
        return Response(
            {
                "results": [
                    {"q": name, "candidates": [self._shape(joined, one) for one in near]}
                    for name, near in zip(names, found, strict=True)
                ]
            }
        )

    def _shape(self, joined: Joined, candidate: Candidate) -> Shape:
        (entity,) = joined.entities([candidate.thing])
        return {
            **{key: entity[key] for key in ("ref", "edition", "slug", "kind", "label", "language")},
            "name": candidate.name,
            "score": f"{candidate.score:f}",
            "match": candidate.match,
            "url": self.page_of_site(entity["kind"], entity["slug"]),
        }
