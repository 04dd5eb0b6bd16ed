"""The page of a source with its chain, and the list of sources."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims import wording
from claims.filters import SourceFilter
from claims.ledger.read import Thing
from claims.views.facets import Column, listing
from claims.views.files import Offered, listed, versions
from claims.views.paging import by_label
from claims.views.reading import Reading, page, show, standing
from kb.lib.figures import language_name

MOST_CLAIMS = 100


@page
def source_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All sources, by title, or those of one type, language or publisher."""
    columns = [
        Column("source_type", _("Type"), "subkind", _type_name),
        Column("language", _("Language"), "language", _language),
    ]
    asked = listing(request, reading, "source", SourceFilter, columns, by_publisher=True)
    found = by_label(request, asked.rows)
    sources = reading.joined.sources([Thing.of(row.record) for row in found.rows])
    offered = listed(request, reading, "sources")
    context = {"sources": sources, "slice": found, "asked": asked, "offered": offered}
    return show(request, reading, "claims/source_list.html", context, status=asked.status)


def _language(tag: str) -> object:
    return language_name(tag, get_language() or "en")


def _type_name(code: str) -> object:
    return wording.SOURCE_TYPES.get(code, code)


@page
def source(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One source: what it was made from, what was made from it, and the claims that rest on it."""
    thing = standing(request, reading, "source", key)
    chain = reading.joined.chain(thing.ref)
    claims = reading.joined.claims_from(thing.ref, MOST_CLAIMS)
    context = {
        "source": chain[0],
        "chain": chain,
        "copies": reading.joined.copies(thing.ref),
        "claims": claims,
        "offered": Offered([], compare=versions(reading, thing.ref)),
        "most": MOST_CLAIMS if len(claims) == MOST_CLAIMS else 0,
    }
    return show(request, reading, "claims/source_detail.html", context)
