"""The page of a timeline, drawn and in words; the same for other programs; and the list of timelines."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from claims.exports import timeline_csv, timeline_js
from claims.feeds import EPOCH, Printed, timeline_atom
from claims.ledger import read
from claims.ledger.models import Record
from claims.ledger.read import Thing
from claims.views.files import listed, shown
from claims.views.framing import framed
from claims.views.kinds import KIND_BY_CODE
from claims.views.moments import by_year
from claims.views.paging import by_label, changed
from claims.views.reading import Elsewhere, Reading, page, revalidated, show, standing

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
    frame = framed(request, reading, reading.joined.timeline_claims(thing), shape["eras"])
    drawing = frame.drawing
    context = {
        "timeline": shape,
        "frame": frame,
        "years": by_year(frame.rows),
        "count": len(frame.rows),
        "drawing": drawing,
        "offered": shown(request, reading, "timeline", shape, drawing=drawing),
        "narrowing": changed(request, {"edition": str(reading.as_of.number), "known_at": ""}),
    }
    return show(request, reading, "claims/timeline_detail.html", context, status=400 if frame.faults else 200)


@page
def timeline_as(request: HttpRequest, reading: Reading, key: str, form: str) -> HttpResponse:
    """The same for other programs: json (TimelineJS), csv or atom (which is always whole), with an ETag."""
    thing = standing(request, reading, "timeline", key, f"claims:timeline-{form}")
    return revalidated(request, reading, lambda: _file(request, reading, thing, form))


def _file(request: HttpRequest, reading: Reading, thing: Thing, form: str) -> HttpResponse:
    shape = reading.joined.timelines([thing])[0]
    claims = reading.joined.timeline_claims(thing)

    def address(claim: Mapping[str, Any]) -> str:
        return request.build_absolute_uri(reverse("claims:claim", args=[claim["ref"]]) + reading.keep)

    if form == "atom":
        text = _atom(request, reading, thing, shape, claims, address)
        return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    frame = framed(request, reading, claims)
    if frame.faults:
        said = "\n".join(frame.faults)
        raise Elsewhere(HttpResponse(said, status=400, content_type="text/plain; charset=utf-8"))
    if form == "csv":
        text = timeline_csv(frame.rows, reading.language, address)
        name = f'attachment; filename="{shape["slug"]}.csv"'
        return HttpResponse(
            text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
        )
    body = timeline_js(shape, frame.rows, reading.language, address, _group)
    return HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")


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
