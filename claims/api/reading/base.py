"""What every address of the reading API does: settle the edition, answer 304, name the edition, refuse in documents."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.http.response import HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from claims.api.openapi.operations import Operation, ReadingSchema
from claims.api.problems import BadParameter
from claims.api.reading.requests import ON_EVERYTHING, ON_LISTS, Asked, asked, etag
from claims.ledger import read
from claims.ledger.addresses import path
from kb.lib.pagination import BadCursor, Cursor


class NotModified(Exception):
    """The caller holds this very representation already."""


class ReadingViewSet(ViewSet):
    """Open to everybody; reads nothing but the ledger, as of one edition."""

    permission_classes = (AllowAny,)
    lookup_url_kwarg = "key"
    schema = ReadingSchema()
    asked: Asked
    etag: str

    # What addresses differ in -------------------------------------------------------------------------------

    tag: ClassVar[str]  # under which the documentation lists it
    repeatable: ClassVar[tuple[str, ...]] = ("scope",)  # parameters that may be given more than once
    orderings: ClassVar[dict[str, tuple[str, ...]]]

    def parameters(self) -> tuple[str, ...]:
        """The query parameters that the action takes."""
        return ON_LISTS if self.action == "list" else ON_EVERYTHING

    def operation(self) -> Operation:
        """The action as the OpenAPI document describes it."""
        raise NotImplementedError

    # Shared -------------------------------------------------------------------------------------------------

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.asked = asked(request.query_params, known=self.parameters(), repeatable=self.repeatable)
        held = {one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))}
        self.etag = etag(request, self.asked.as_of)
        if request.method in ("GET", "HEAD") and self.etag in held:
            raise NotModified

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, NotModified):
            return HttpResponseNotModified()  # type: ignore[return-value]  # finalize_response takes any response
        if isinstance(exc, BadCursor):
            exc = BadParameter({"cursor": str(exc)})
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        as_of = self.asked.as_of if hasattr(self, "asked") else read.latest()
        answer["X-Edition"] = str(as_of.number)
        if hasattr(self, "asked"):
            answer["Content-Language"] = self.asked.language
            if answer.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
                answer["ETag"] = self.etag
                patch_cache_control(answer, public=True, no_cache=True)
        return answer

    def ordering(self) -> str:
        """The ordering asked for, else the first. Raises BadParameter."""
        ordering = self.request.query_params.get("ordering") or next(iter(self.orderings))
        if ordering not in self.orderings:
            raise BadParameter({"ordering": f"write one of {', '.join(self.orderings)}"})
        return ordering

    def page(
        self, results: Sequence[Any], following: Cursor | None, previous: Cursor | None
    ) -> dict[str, Any]:
        """A list's envelope."""
        return {
            "next": self._page_url(following),
            "previous": self._page_url(previous),
            "results": list(results),
        }

    def _page_url(self, cursor: Cursor | None) -> str | None:
        if cursor is None:
            return None
        parameters = self.request.query_params.copy()
        parameters["cursor"] = str(cursor)
        return self.request.build_absolute_uri(f"{self.request.path}?{parameters.urlencode()}")

    def site(self) -> str:
        """The site's own address, without the last slash."""
        return self.request.build_absolute_uri("/").rstrip("/")

    def wording_language(self) -> str:
        """The language of words that are not editors' own: one that the site is in."""
        main = self.asked.language.split("-")[0]
        return main if main in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def page_of_site(self, kind: str, key: str) -> str:
        """The address of the thing's page; `kind` is an entity's own kind."""
        return self.site() + path(kind, key)
