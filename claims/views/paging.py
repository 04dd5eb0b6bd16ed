"""Keyset paging of the plain lists: `after=` names the last thing of the page before."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

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


def _after(request: HttpRequest) -> str:
    cursor = request.GET.get("after", "")
    return cursor if is_ref(cursor) else ""


def _slice(request: HttpRequest, rows: list[Any], cursor: str) -> Slice:
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    following = ""
    if more:
        kept = {key: request.GET[key] for key in ("known_at", "edition") if request.GET.get(key)}
        following = "?" + urlencode({**kept, "after": rows[-1].ref})
    return Slice(rows, following, first=not cursor)


def by_label(request: HttpRequest, rows: QuerySet[ThingIndex]) -> Slice:
    """Things in the order of their folded label."""
    cursor = _after(request)
    if cursor and (last := ThingIndex.objects.filter(ref=cursor).order_by("-edition_from").first()):
        rows = rows.filter(Q(sort__gt=last.sort) | Q(sort=last.sort, ref__gt=last.ref))
    return _slice(request, list(rows.order_by("sort", "ref")[: PAGE_SIZE + 1]), cursor)


def newest_first(request: HttpRequest, rows: QuerySet[ClaimIndex]) -> Slice:
    """Claims by the edition that printed them, the newest first."""
    cursor = _after(request)
    if cursor and (last := rows.filter(ref=cursor).first()):
        rows = rows.filter(
            Q(edition_from__lt=last.edition_from) | Q(edition_from=last.edition_from, ref__gt=last.ref)
        )
    return _slice(request, list(rows.order_by("-edition_from", "ref")[: PAGE_SIZE + 1]), cursor)
