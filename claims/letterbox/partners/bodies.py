"""Reading what was sent, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any, Final

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from claims.api.problems import Problem

LARGEST: Final = 256 * 1024  # bytes


class LimitedJson(BaseParser):
    """application/json of at most LARGEST bytes; neither lone surrogates nor NaN nor endless nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"send at most {LARGEST} bytes at once")
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as fault:
            raise ParseError(f"this is no JSON: {fault}") from fault
