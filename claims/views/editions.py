"""The editions: each an act of publishing, with everything it changed; and those that corrected something."""

from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from claims.ledger import read
from claims.ledger.models import Edition, Reason, Record
from claims.ledger.read import Thing
from claims.views.changes import Change, changes
from claims.views.facets import Facet, facet
from claims.views.files import of_the_api
from claims.views.paging import PAGE_SIZE, changed, cursor_of
from claims.views.reading import Reading, edition_shape, not_found, page, show
from claims.wording import THINGS

Shape = dict[str, Any]
CORRECTIONS = (Reason.CORRECTION, Reason.RETRACTION)
MOST_CORRECTED = 10  # things shown of one correction; the edition's own page has them all
CORRECTIONS_SIZE = 20


@page
def edition_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All editions, newest first; `after` is the number of the last one seen."""
    rows = read.editions(reading.as_of)
    found, following = _numbered(request, rows, PAGE_SIZE)
    context = {
        "editions": [edition_shape(one, reading.language) for one in found],
        "next": following,
        "offered": of_the_api(reading, "api-edition-list"),
    }
    return show(request, reading, "claims/edition_list.html", context)


@page
def edition(request: HttpRequest, reading: Reading, number: int) -> HttpResponse:
    """One edition: who published it, when and why, and what it changed."""
    found = read.editions(reading.as_of).filter(number=number).first()
    if found is None:
        return not_found(request, reading, "edition", "")
    rows = Record.objects.filter(edition_from=number).order_by("ref")
    kinds = _kinds(request, number)
    if (kind := request.GET.get("kind", "")) in THINGS:
        rows = rows.filter(kind=kind)
    if cursor := cursor_of(request):
        rows = rows.filter(ref__gt=cursor)
    records = list(rows[: PAGE_SIZE + 1])
    more, records = len(records) > PAGE_SIZE, records[:PAGE_SIZE]
    context = {
        "edition": edition_shape(found, reading.language),
        "facets": [kinds],
        "changes": changes(reading, [Thing.of(record) for record in records]),
        "before": number - 1,
        "offered": of_the_api(reading, "api-edition-detail", str(number)),
        "next": changed(request, {"after": records[-1].ref}) if more else "",
    }
    return show(request, reading, "claims/edition_detail.html", context)


@page
def corrections(request: HttpRequest, reading: Reading) -> HttpResponse:
    """The editions that corrected or retracted something: what we said, what we say now, and why."""
    rows = read.editions(reading.as_of).filter(reason__in=CORRECTIONS)
    found, following = _numbered(request, rows, CORRECTIONS_SIZE)
    records = (
        Record.objects.filter(edition_from__in=[one.number for one in found])
        .annotate(
            place=Window(
                RowNumber(), partition_by="edition_from", order_by=[F("kind").asc(), F("ref").asc()]
            ),
            number=Window(Count("ref"), partition_by="edition_from"),
        )
        .filter(place__lte=MOST_CORRECTED)
        .order_by("-edition_from", "place")
    )
    printed = list(records)
    totals = {record.edition_from: record.number for record in printed}
    grouped: dict[int, list[Change]] = {}
    for change in changes(reading, [Thing.of(record) for record in printed]):
        grouped.setdefault(change.thing.edition, []).append(change)
    context = {
        "corrections": [
            {
                "edition": edition_shape(one, reading.language),
                "retraction": one.reason == Reason.RETRACTION,
                "changes": grouped.get(one.number, []),
                "more": max(totals.get(one.number, 0) - MOST_CORRECTED, 0),
            }
            for one in found
        ],
        "next": following,
    }
    return show(request, reading, "claims/corrections.html", context)


def _numbered(request: HttpRequest, rows: Any, size: int) -> tuple[list[Edition], str]:
    """One page of editions, newest first, and the query of the page after it."""
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) <= 15:
        rows = rows.filter(number__lt=int(after))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    return found, changed(request, {"after": str(found[-1].number)}) if more else ""


def _kinds(request: HttpRequest, number: int) -> Facet:
    counts = (
        Record.objects.filter(edition_from=number).order_by().values_list("kind").annotate(number=Count("pk"))
    )
    ordered = sorted(counts, key=lambda one: (-one[1], one[0]))
    return facet(request, "kind", _("Kind"), ordered, lambda kind: THINGS.get(kind, kind))
