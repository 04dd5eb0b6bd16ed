"""Keyset paging of the plain lists: `after=` names the last thing of the page before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from claims.ledger.models import ClaimIndex, ThingIndex
from kb.lib.refs import is_ref

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of index rows; `next` is the query of the page after it, empty on the last one."""

    rows: list[Any]
    next: str
    first: bool


def changed(request: HttpRequest, changes: Mapping[str, str | list[str]]) -> str:
    """The query of this page with `changes` made, back on the first page; an empty value drops a parameter."""
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        query.setlist(name, [one for one in ([value] if isinstance(value, str) else value) if one])
    for name in [name for name in query if not any(query.getlist(name))]:
        del query[name]
    return f"?{query.urlencode()}" if query else request.path


def cursor_of(request: HttpRequest) -> str:
    """The ref behind `after=`; empty for what is none."""
    cursor = request.GET.get("after", "")
    return cursor if is_ref(cursor) else ""


def _slice(request: HttpRequest, rows: list[Any], cursor: str) -> Slice:
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return Slice(rows, changed(request, {"after": rows[-1].ref}) if more else "", first=not cursor)


def by_label(request: HttpRequest, rows: QuerySet[ThingIndex]) -> Slice:
    """Things in the order of their folded label."""
    cursor = cursor_of(request)
    if cursor and (last := ThingIndex.objects.filter(ref=cursor).order_by("-edition_from").first()):
        rows = rows.filter(Q(sort__gt=last.sort) | Q(sort=last.sort, ref__gt=last.ref))
    return _slice(request, list(rows.order_by("sort", "ref")[: PAGE_SIZE + 1]), cursor)


def newest_first(request: HttpRequest, rows: QuerySet[ClaimIndex]) -> Slice:
    """Claims by the edition that printed them, the newest first."""
    cursor = cursor_of(request)
    if cursor and (last := rows.filter(ref=cursor).first()):
        rows = rows.filter(
            Q(edition_from__lt=last.edition_from) | Q(edition_from=last.edition_from, ref__gt=last.ref)
        )
    return _slice(request, list(rows.order_by("-edition_from", "ref")[: PAGE_SIZE + 1]), cursor)
