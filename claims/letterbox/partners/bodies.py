"""Reading what was sent, within limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import IO, Any, Final

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from claims.api.problems import Problem

LARGEST: Final = 256 * 1024  # bytes
DEEPEST: Final = 10  # objects and lists inside each other
MOST_MEMBERS: Final = 2000  # of all of them together


class LimitedJson(BaseParser):
    """application/json of at most LARGEST bytes, DEEPEST levels and MOST_MEMBERS, no member of an object twice."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"send at most {LARGEST} bytes at once")
        try:
            sent = orjson.loads(data)  # refuses halves of characters, NaN and endless nesting
        except orjson.JSONDecodeError as fault:
            raise ParseError(f"this is no JSON: {fault}") from fault
        _check_size(sent)
        json.loads(data, object_pairs_hook=_no_name_twice)
        return sent


def _check_size(sent: Any) -> None:
    """What is too large to look at is refused before anything does."""
    level, depth, members = [sent], 0, 0
    while level:
        inside = [part for one in level if isinstance(one, list | dict) for part in _parts(one)]
        depth, members, level = depth + 1, members + len(inside), inside
        if depth > DEEPEST or members > MOST_MEMBERS:
            said = f"send at most {MOST_MEMBERS} members, at most {DEEPEST} levels deep"
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)


def _parts(one: Any) -> Sequence[Any]:
    return list(one.values()) if isinstance(one, dict) else one


def _no_name_twice(pairs: Sequence[tuple[str, Any]]) -> None:
    names = [name for name, _value in pairs]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ParseError(f"the member {twice[0]!r} stands twice in one object")
