"""What a request asks for beyond filters: the edition, the language, the page; and the headers of the answer."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from rest_framework.request import Request

from claims.api.problems import BadParameter
from claims.ledger import read
from claims.ledger.read import AsOf
from kb.lib.pagination import BadCursor, Cursor
from kb.lib.text import HostileText, language_tag

PAGE_SIZE, LARGEST_PAGE = 20, 100
ON_EVERYTHING = ("edition", "known_at", "lang", "labels")
ON_PAGES = ("cursor", "page_size")
ON_LISTS = (*ON_EVERYTHING, *ON_PAGES, "ordering", "count")


@dataclass(frozen=True)
class Asked:
    """A request's common parameters, understood."""

    as_of: AsOf
    language: str
    labels: bool
    size: int
    cursor: Cursor | None
    count: bool


def asked(parameters: QueryDict, *, known: Iterable[str], repeatable: Container[str] = ()) -> Asked:
    """Understand the common parameters. Raises BadParameter naming every one that is unknown or malformed."""
    faults = {
        name: f"unknown; this address takes {', '.join(sorted(known))}"
        for name in parameters
        if name not in known
    }
    faults |= {
        name: "given more than once"
        for name, values in parameters.lists()
        if name in known and len(values) > 1 and name not in repeatable
    }
    faults |= {
        name: "holds a NUL character"
        for name, values in parameters.lists()
        if any("\0" in one for one in values)
    }
    if faults:
        raise BadParameter(faults)
    cursor = _cursor(parameters.get("cursor"))
    return Asked(
        as_of=_as_of(parameters, cursor),
        language=_language(parameters.get("lang", settings.LANGUAGE_CODE)),
        labels=_switch("labels", parameters.get("labels", "on")),
        size=_size(parameters.get("page_size", str(PAGE_SIZE))),
        cursor=cursor,
        count=_switch("count", parameters.get("count", "off")),
    )


def _as_of(parameters: QueryDict, cursor: Cursor | None) -> AsOf:
    edition, day = parameters.get("edition"), parameters.get("known_at")
    if edition is not None and day is not None:
        raise BadParameter({"known_at": "give edition or known_at, not both"})
    if cursor is not None:  # a listing stays in the edition it began in
        edition, day = str(cursor.edition), None
    try:
        if edition is not None:
            if not (edition.isascii() and edition.isdigit() and len(edition) < 16):
                raise BadParameter({"edition": "write the number of an edition, such as 3"})
            return read.as_of_edition(int(edition))
        if day is not None:
            return read.as_of_day(_day(day), today=timezone.now().date())
        return read.latest()
    except read.NoSuchEdition as fault:
        name = "cursor" if cursor is not None else "edition" if edition is not None else "known_at"
        raise BadParameter({name: str(fault)}) from fault


def _day(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as fault:
        raise BadParameter({"known_at": "write a day as YYYY-MM-DD"}) from fault


def _cursor(text: str | None) -> Cursor | None:
    try:
        return Cursor.parse(text) if text is not None else None
    except BadCursor as fault:
        raise BadParameter({"cursor": str(fault)}) from fault


def _language(tag: str) -> str:
    try:
        return language_tag(tag)
    except HostileText as fault:
        raise BadParameter({"lang": str(fault)}) from fault


def _size(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= LARGEST_PAGE:
        return int(text)
    raise BadParameter({"page_size": f"write a number from 1 to {LARGEST_PAGE}"})


def _switch(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise BadParameter({name: "write on or off"})
    return text == "on"


def etag(request: Request, as_of: AsOf) -> str:
    """Edition hash, build and representation: the same address in the same edition is the same bytes."""
    wanted = f"{request.build_absolute_uri()}\n{settings.BUILD}\n{read.state(as_of)}"
    return f'"{sha256(wanted.encode()).hexdigest()[:32]}"'
