"""The search page: names in every script, claims, sources and the rest, grouped by kind, with what matched marked."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims import wording
from claims.ledger import read
from claims.ledger.read import AsOf, NoSuchEdition
from claims.search import Found, Hit, search
from claims.views.paging import changed
from claims.views.reading import Reading, page, show
from kb.lib.marking import holds, snippet
from kb.lib.pagination import BadCursor, Cursor

Shape = dict[str, Any]
SIZE = 40
LONGEST = 200
TITLES: dict[str, str | Promise] = {
    "entity": _("Names"),
    "claim": _("Claims"),
    "source": _("Sources"),
    "dispute": _("Disputes"),
    "timeline": _("Timelines"),
    "property": _("Properties"),
}


@page
def search_page(request: HttpRequest, reading: Reading) -> HttpResponse:
    """What matches `q`, best first; `kind` narrows it to one kind, `cursor` goes on."""
    query = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in TITLES else ()
    found = _found(request, reading, query, kinds) if query else Found([], None, None)
    context = {
        "query": query,
        "groups": groups(reading, found.hits, query),
        "kinds": [
            {"code": code, "title": title, "address": changed(request, {"kind": code, "cursor": ""})}
            for code, title in TITLES.items()
        ],
        "kind": kinds[0] if kinds else "",
        "everything": changed(request, {"kind": "", "cursor": ""}),
        "next": changed(request, {"cursor": str(found.next)}) if found.next else "",
        "previous": changed(request, {"cursor": str(found.previous)}) if found.previous else "",
    }
    return show(request, reading, "claims/search.html", context)


def _found(request: HttpRequest, reading: Reading, query: str, kinds: Sequence[str]) -> Found:
    """One page of hits; a broken cursor starts again. A search goes on in the edition it began in."""
    try:
        cursor = Cursor.parse(request.GET["cursor"])
        as_of: AsOf = (
            reading.as_of if cursor.edition == reading.as_of.number else read.as_of_edition(cursor.edition)
        )
        if as_of.number <= reading.as_of.number:
            return search(query, as_of, kinds=kinds, size=SIZE, cursor=cursor, language=reading.language)
    except (KeyError, BadCursor, NoSuchEdition):
        pass
    return search(query, reading.as_of, kinds=kinds, size=SIZE, language=reading.language)


def groups(reading: Reading, hits: Sequence[Hit], query: str) -> list[Shape]:
    """The hits under their kinds, the kind of the best hit first, each in the shape its line needs."""
    things = read.things({hit.ref for hit in hits}, reading.as_of)
    by_kind: dict[str, list[str]] = {}
    for hit in hits:
        if hit.kind in TITLES and hit.ref in things and not things[hit.ref].gone:
            by_kind.setdefault(hit.kind, []).append(hit.ref)
    joined = reading.joined
    reads = {
        "entity": joined.entities,
        "claim": joined.claims,
        "source": joined.sources,
        "dispute": joined.disputes,
        "timeline": joined.timelines,
        "property": joined.properties,
    }
    return [
        {
            "kind": kind,
            "title": TITLES[kind],
            "hits": [
                _line(kind, shape, query, reading.language)
                for shape in reads[kind]([things[ref] for ref in refs])
            ],
        }
        for kind, refs in by_kind.items()
    ]


def _line(kind: str, shape: Shape, query: str, language: str) -> Shape:
    """A hit with the words that made it one, where its own line does not hold them."""
    match kind:
        case "entity":
            others = () if holds(shape["label"], query) else shape["names"]
            name = next((one for one in others if holds(one["text"], query)), None)
            return {"shape": shape, "name": name}
        case "claim":
            shown = "" if holds(wording.sentence(shape, language), query) else _quoted(shape, query)
            return {"shape": shape, "quote": shown}
    return {"shape": shape}


def _quoted(claim: Shape, query: str) -> Shape | str:
    for item in claim["evidence"]:
        exact = item["quote"]["exact"] if item["quote"] else item["original_value"]
        for text, language in (
            (exact, item["source"]["language"]),
            (item["translation"], getattr(item["translation"], "language", "")),
        ):
            if text and holds(text, query):
                return {"text": snippet(text, query), "language": language}
    return ""
