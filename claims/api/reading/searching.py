"""Search over everything published."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response

from claims import search, wording
from claims.api.openapi.operations import Operation, list_of
from claims.api.problems import BadParameter
from claims.api.reading.base import ReadingViewSet
from claims.api.reading.requests import ON_EVERYTHING, ON_PAGES
from claims.api.reading.shaping import JOIN, stored
from claims.ledger import read
from claims.ledger.addresses import PLURAL
from claims.ledger.joining import Joined, Shape
from claims.ledger.read import Thing
from claims.search import Hit

MATCH = ("name", "name", "name", "text")  # by score
KINDS = (*search.KINDS, *PLURAL)


class SearchViewSet(ReadingViewSet):
    """Things by their names in every script, and by their words. Every word must match, the last one as a prefix."""

    tag = "search"

    def parameters(self) -> tuple[str, ...]:
        return (*ON_EVERYTHING, *ON_PAGES, "q", "kind")

    def operation(self) -> Operation:
        return list_of(self.tag, "Hit", None, [], extra=["q", "kind"])

    def list(self, request: Request) -> Response:
        text, kind = request.query_params.get("q", ""), request.query_params.get("kind", "")
        if kind and kind not in KINDS:
            raise BadParameter({"kind": f"write one of {', '.join(KINDS)}"})
        found = search.search(
            text,
            self.asked.as_of,
            kinds=[kind] if kind else [],
            size=self.asked.size,
            cursor=self.asked.cursor,
            language=self.asked.language,
        )
        things = read.things([hit.ref for hit in found.hits], self.asked.as_of)
        hits = [(hit, things[hit.ref]) for hit in found.hits]
        return Response(self.page(self._shaped(hits), found.next, found.previous))

    def _shaped(self, hits: Sequence[tuple[Hit, Thing]]) -> Sequence[Shape]:
        if not self.asked.labels:
            return [stored(thing) for _, thing in hits]
        joined = Joined(self.asked.as_of, self.asked.language)
        language = self.wording_language()
        label: dict[str, Callable[[Shape], str]] = {
            "dispute": lambda one: str(one["question"]),
            "timeline": lambda one: str(one["title"]),
            "source": lambda one: str(one["title"]),
            "claim": lambda one: wording.sentence(one, language),
        }
        shapes: dict[str, Shape] = {}
        for kind, join in JOIN.items():
            of_kind = [thing for _, thing in hits if thing.kind == kind]
            shapes |= {one["ref"]: one for one in join(joined, of_kind)}
        with translation.override(language):
            return [self._hit(hit, thing, shapes[hit.ref], label) for hit, thing in hits]

    def _hit(self, hit: Hit, thing: Thing, shape: Shape, label: dict[str, Callable[[Shape], str]]) -> Shape:
        kind, slug = shape.get("kind", hit.kind), shape.get("slug")
        named = label.get(hit.kind)
        return {
            "kind": kind,
            "ref": hit.ref,
            "edition": thing.edition,
            "slug": slug,
            "label": named(shape) if named else str(shape["label"]),
            "match": MATCH[hit.score],
            "url": self.page_of_site(kind, slug or hit.ref),
        }
