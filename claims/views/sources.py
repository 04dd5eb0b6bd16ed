"""The page of a source with its chain, and the list of sources."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from claims.ledger import read
from claims.ledger.read import Thing
from claims.views.paging import by_label
from claims.views.reading import Reading, not_found, page, show, withdrawn

MOST_CLAIMS = 100


@page
def source_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All sources, by title."""
    found = by_label(request, read.listed("source", reading.as_of))
    sources = reading.joined.sources([Thing.of(row.record) for row in found.rows])
    return show(request, reading, "claims/source_list.html", {"sources": sources, "slice": found})


@page
def source(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One source: what it was made from, what was made from it, and the claims that rest on it."""
    thing = read.find("source", key, reading.as_of)
    if thing is None:
        return not_found(request, reading, "source", key)
    if thing.gone:
        return withdrawn(request, reading, thing)
    if key != thing.ref:
        return redirect(reverse("claims:source", args=[thing.ref]) + reading.keep)
    chain = reading.joined.chain(thing.ref)
    claims = reading.joined.claims_from(thing.ref, MOST_CLAIMS)
    context = {
        "source": chain[0],
        "chain": chain,
        "copies": reading.joined.copies(thing.ref),
        "claims": claims,
        "most": MOST_CLAIMS if len(claims) == MOST_CLAIMS else 0,
    }
    return show(request, reading, "claims/source_detail.html", context)
