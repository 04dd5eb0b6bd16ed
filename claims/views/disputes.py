"""The page of a dispute, its figures side by side, and the list of disputes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims import linked
from claims.charts import figure_chart
from claims.events import events
from claims.filters import DisputeFilter
from claims.ledger.read import Thing
from claims.timelines import draw
from claims.views.entities import sources_of
from claims.views.facets import Column, listing
from claims.views.files import listed, shown
from claims.views.moments import label, strips
from claims.views.paging import by_label
from claims.views.reading import Reading, base_of, page, show, social, standing
from claims.wording import DISPUTE_STATES, sentence

Shape = dict[str, Any]


@page
def dispute_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All disputes, by question, or those in one state."""
    columns = [Column("state", _("State"), "subkind", lambda code: DISPUTE_STATES.get(code, code))]
    asked = listing(request, reading, "dispute", DisputeFilter, columns)
    found = by_label(request, asked.rows)
    disputes = reading.joined.disputes([Thing.of(row.record) for row in found.rows])
    offered = listed(request, reading, "disputes")
    context = {"disputes": disputes, "slice": found, "asked": asked, "offered": offered}
    return show(request, reading, "claims/dispute_list.html", context, status=asked.status)


@page
def dispute(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One dispute: the answer, the figures on one axis, and a table that says the same."""
    shape = reading.joined.disputes([standing(request, reading, "dispute", key)])[0]
    pictures = drawn(shape, reading.language)
    drawing, slug = pictures["chart"] or pictures["drawing"], shape["slug"]
    context = {
        "dispute": shape,
        "linked": _linked(request, reading, shape),
        "social": social(
            request, reading, str(shape["question"]), str(shape["answer"]), "claims:dispute-share", slug
        ),
        "offered": shown(request, reading, "dispute", shape, drawing=drawing, dispute=slug),
        **pictures,
    }
    return show(request, reading, "claims/dispute_detail.html", context)


def _linked(request: HttpRequest, reading: Reading, shape: Shape) -> Shape:
    base = base_of(request)
    members = [
        (
            one["claim"],
            sentence(one["claim"], reading.language),
            base + reverse("claims:claim", args=[one["claim"]["ref"]]),
        )
        for one in shape["members"]
        if not one["claim"].get("withdrawn")
    ]
    return linked.dispute(shape, members, request.build_absolute_uri(request.path), base)


def drawn(shape: Shape, language: str) -> Shape:
    """What a dispute's pictures need: its live members, the axis of its figures, the strip of its dates."""
    members = [member for member in shape["members"] if not member["claim"].get("withdrawn")]
    claims = [member["claim"] for member in members]
    chart = figure_chart(claims, language, grouped=True)
    found = [] if chart else events(claims)
    if sum(len(event.claims) for event in found) < 2:
        found = []
    return {
        "members": [member | {"sources": sources_of(member["claim"])} for member in members],
        "chart": chart,
        "dated": strips(found),
        "drawing": draw([("", found)], label),
    }
