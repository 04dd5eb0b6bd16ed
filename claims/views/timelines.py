"""The page of a timeline, drawn and in words; the same for other programs; and the list of timelines."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from claims import wording
from claims.events import Event, events
from claims.exports import timeline_csv, timeline_js
from claims.feeds import EPOCH, Printed, timeline_atom
from claims.ledger import read
from claims.ledger.models import Record
from claims.ledger.read import Thing
from claims.timelines import draw, strip
from claims.views.files import listed, shown
from claims.views.kinds import KIND_BY_CODE
from claims.views.paging import by_label
from claims.views.reading import Reading, page, revalidated, show, standing

Shape = dict[str, Any]
Address = Callable[[Mapping[str, Any]], str]


@page
def timeline_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All timelines, by title."""
    found = by_label(request, read.listed("timeline", reading.as_of))
    timelines = reading.joined.timelines([Thing.of(row.record) for row in found.rows])
    offered = listed(request, reading, "timelines")
    context = {"timelines": timelines, "slice": found, "offered": offered}
    return show(request, reading, "claims/timeline_list.html", context)


@page
def timeline(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One timeline."""
    thing = standing(request, reading, "timeline", key)
    shape = reading.joined.timelines([thing])[0]
    rows = events(reading.joined.timeline_claims(thing))
    context = {
        "timeline": shape,
        "years": by_year(rows),
        "count": len(rows),
        "drawing": (drawing := draw([("", rows)], label)),
        "offered": shown(request, reading, "timeline", key, drawing=drawing),
    }
    return show(request, reading, "claims/timeline_detail.html", context)


@page
def timeline_as(request: HttpRequest, reading: Reading, key: str, form: str) -> HttpResponse:
    """The same for other programs: json (TimelineJS), csv or atom, with an ETag; anybody's page may fetch it."""
    thing = standing(request, reading, "timeline", key, f"claims:timeline-{form}")
    shape = reading.joined.timelines([thing])[0]
    claims = reading.joined.timeline_claims(thing)

    def address(claim: Mapping[str, Any]) -> str:
        return request.build_absolute_uri(reverse("claims:claim", args=[claim["ref"]]) + reading.keep)

    if form == "atom":
        text, kind = _atom(request, reading, thing, shape, claims, address), "application/atom+xml"
    elif form == "csv":
        text, kind = timeline_csv(events(claims), reading.language, address), "text/csv"
    else:
        body = timeline_js(shape, events(claims), reading.language, address, _group)
        text, kind = json.dumps(body, ensure_ascii=False), "application/json"
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    if form == "csv":
        answer["Content-Disposition"] = f'attachment; filename="{shape["slug"]}.csv"'
    return revalidated(request, reading, answer)


def _group(claim: Mapping[str, Any]) -> str:
    kind = KIND_BY_CODE.get(claim["subject"]["kind"])
    return str(kind.plural) if kind else ""


def _atom(
    request: HttpRequest,
    reading: Reading,
    thing: Thing,
    shape: Shape,
    claims: Sequence[Shape],
    address: Address,
) -> str:
    refs = [claim["ref"] for claim in claims]
    versions = Record.objects.filter(ref__in=refs, edition_from__lte=reading.as_of.number)
    first = dict(versions.order_by().values_list("ref").annotate(number=Min("edition_from")))
    numbers = {*first.values(), *(claim["edition"] for claim in claims), thing.edition}
    editions = read.editions(reading.as_of).in_bulk(list(numbers))
    printed = {
        claim["ref"]: Printed(
            editions[first[claim["ref"]]].at, editions[claim["edition"]].at, editions[claim["edition"]].by
        )
        for claim in claims
    }
    return timeline_atom(
        shape,
        claims,
        printed,
        reading.language,
        updated=editions[thing.edition].at if thing.edition in editions else EPOCH,
        page=request.build_absolute_uri(reverse("claims:timeline", args=[shape["slug"]]) + reading.keep),
        feed=request.build_absolute_uri(),
        address=address,
    )


def label(event: Event) -> str:
    """An event in a few words for the drawing: a date is not said twice."""
    claim, language = event.lead, get_language() or "en"
    if claim["value"].get("time"):
        return f"{wording.subject_text(claim, language)}: {claim['property']['label']}"
    return wording.sentence(claim, language)


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
            "together": event.together,
            "contested": event.contested,
            "strips": [strip(found, event.year) for found in _distinct(event)],
            "dated": [{"claim": claim, "moment": found} for claim, found in event.dated],
        }
        for event in rows
    ]


def _distinct(event: Event) -> list[Any]:
    return list(dict.fromkeys(event.moments))
