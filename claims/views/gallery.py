"""Every component that pages are made of on one page, for whoever changes the look: with DEBUG only.

The components are filled with what is published, so the gallery shows what readers see.
"""

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from claims import trees
from claims.ledger import read
from claims.ledger.read import Thing
from claims.views.claims import origins, source_shapes
from claims.views.disputes import drawn
from claims.views.framing import framed
from claims.views.moments import strips
from claims.views.narrowing import narrowed
from claims.views.reading import Reading, page, show

Shape = dict[str, Any]
COLORS: Final = (
    "paper", "sheet", "wash", "ink", "ink-2", "rule", "accent", "link", "support", "refute", "doubt", "drift", "soft",
)  # fmt: skip
SHOWN: Final = 4


@page
def gallery(request: HttpRequest, reading: Reading) -> HttpResponse:
    """The gallery; 404 without DEBUG, and before anything is published."""
    rows = read.claims(reading.as_of).order_by("-sources", "ref")[:SHOWN]
    claims = reading.joined.claims([Thing.of(row.record) for row in rows])
    if not settings.DEBUG or not claims:
        raise Http404("the gallery is for whoever works on the look")
    context = {"claim": claims[0], "claims": claims, "colors": COLORS, "asked": narrowed(request, reading)}
    context |= _evidence(reading, claims[0]) | _drawings(request, reading)
    return show(request, reading, "kb/gallery.html", context)


def _evidence(reading: Reading, claim: Shape) -> Shape:
    parents = trees.parents_of(claim, read.parents(trees.named(claim), reading.as_of))
    sources = source_shapes(reading, trees.named(claim) | set(parents.values()))
    return {"trees": trees.grown(claim, parents, sources), "origins": origins(claim, sources)[:1]}


def _drawings(request: HttpRequest, reading: Reading) -> Shape:
    """The first dispute that has a chart, and the first timeline."""
    found: Shape = {"chart": None, "drawing": None, "events": []}
    rows = read.listed("dispute", reading.as_of).order_by("sort", "ref")[:20]
    disputes = reading.joined.disputes([Thing.of(row.record) for row in rows])
    charts = (drawn(dispute, reading.language)["chart"] for dispute in disputes)
    found["chart"] = next(filter(None, charts), None)
    if (first := read.listed("timeline", reading.as_of).order_by("-sort", "ref").first()) is not None:
        frame = framed(request, reading, reading.joined.timeline_claims(Thing.of(first.record)))
        found |= {"drawing": frame.drawing, "events": strips(frame.rows[:SHOWN])}
    return found
