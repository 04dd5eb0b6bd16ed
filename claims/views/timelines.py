"""The page of a timeline, drawn and in words, and the list of timelines."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from claims import wording
from claims.ledger import read
from claims.ledger.read import Thing
from claims.timelines import Event, draw, events, strip
from claims.views.paging import by_label
from claims.views.reading import Reading, not_found, page, show, withdrawn

Shape = dict[str, Any]


@page
def timeline_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All timelines, by title."""
    found = by_label(request, read.listed("timeline", reading.as_of))
    timelines = reading.joined.timelines([Thing.of(row.record) for row in found.rows])
    return show(request, reading, "claims/timeline_list.html", {"timelines": timelines, "slice": found})


@page
def timeline(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One timeline."""
    thing = read.find("timeline", key, reading.as_of)
    if thing is None:
        return not_found(request, reading, "timeline", key)
    if thing.gone:
        return withdrawn(request, reading, thing)
    shape = reading.joined.timelines([thing])[0]
    if key != shape["slug"]:
        return redirect(reverse("claims:timeline", args=[shape["slug"]]) + reading.keep)
    rows = events(reading.joined.timeline_claims(thing))
    context = {
        "timeline": shape,
        "years": by_year(rows),
        "count": len(rows),
        "drawing": draw([("", rows)], label),
    }
    return show(request, reading, "claims/timeline_detail.html", context)


def label(event: Event) -> str:
    """An event in a few words for the drawing: a date is not said twice."""
    claim = event.lead
    if claim["value"].get("time"):
        return f"{claim['subject']['label']}: {claim['property']['label']}"
    return wording.sentence(claim, get_language() or "en")


def by_year(rows: Sequence[Event]) -> list[Shape]:
    """The events under the year in which each may have begun."""
    years: dict[int, list[Event]] = {}
    for event in rows:
        years.setdefault(event.year, []).append(event)
    return [{"year": year, "events": strips(found)} for year, found in years.items()]


def strips(rows: Sequence[Event]) -> list[Shape]:
    """Each event with the strip of its year: a column a different moment, the claims beside it."""
    return [
        {
            "event": event,
            "claim": event.lead,
            "contested": event.contested,
            "strips": [strip(found, event.year) for found in _distinct(event)],
            "dated": [{"claim": claim, "moment": found} for claim, found in event.dated],
        }
        for event in rows
    ]


def _distinct(event: Event) -> list[Any]:
    return list(dict.fromkeys(event.moments))
