"""The page of a dispute, its figures side by side, and the list of disputes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from claims.charts import figure_chart
from claims.ledger import read
from claims.ledger.read import Thing
from claims.timelines import draw, events
from claims.views.entities import sources_of
from claims.views.paging import by_label
from claims.views.reading import Reading, not_found, page, show, withdrawn
from claims.views.timelines import label, strips

Shape = dict[str, Any]


@page
def dispute_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All disputes, by question."""
    found = by_label(request, read.listed("dispute", reading.as_of))
    disputes = reading.joined.disputes([Thing.of(row.record) for row in found.rows])
    return show(request, reading, "claims/dispute_list.html", {"disputes": disputes, "slice": found})


@page
def dispute(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One dispute: the answer, the figures on one axis, and a table that says the same."""
    thing = read.find("dispute", key, reading.as_of)
    if thing is None:
        return not_found(request, reading, "dispute", key)
    if thing.gone:
        return withdrawn(request, reading, thing)
    shape = reading.joined.disputes([thing])[0]
    if key != shape["slug"]:
        return redirect(reverse("claims:dispute", args=[shape["slug"]]) + reading.keep)
    return show(
        request, reading, "claims/dispute_detail.html", {"dispute": shape} | drawn(shape, reading.language)
    )


def drawn(shape: Shape, language: str) -> Shape:
    """What a dispute's pictures need: its live members, the axis of its figures, the strip of its dates."""
    members = [member for member in shape["members"] if not member["claim"].get("withdrawn")]
    claims = [member["claim"] for member in members]
    chart = figure_chart(claims, language)
    found = [] if chart else events(claims)
    if sum(len(event.claims) for event in found) < 2:
        found = []
    return {
        "members": [member | {"sources": sources_of(member["claim"])} for member in members],
        "chart": chart,
        "dated": strips(found),
        "drawing": draw([("", found)], label),
    }
