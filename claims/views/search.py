"""The search page: names in every script, claims, sources and the rest, grouped by kind, with what matched marked."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims import wording
from claims.ledger import read
from claims.ledger.read import AsOf, NoSuchEdition
from claims.reconciliation import LONGEST_NAME, candidates
from claims.search import Found, Hit, known_words, search
from claims.views.files import of_the_api
from claims.views.paging import changed
from claims.views.reading import Reading, base_of, page, revalidated, show
from kb.lib.marking import holds, snippet
from kb.lib.pagination import BadCursor, Cursor

Shape = dict[str, Any]
SIZE = 40
LONGEST = 200
SUGGESTED = ("entity", "property", "timeline", "dispute")
SUGGESTIONS = 8
SHORTEST = 4  # letters of a word that may be a misspelled name
ALIKE = Decimal("0.7")
MOST_MEANT = 5
MOST_TRIED = 3  # words of a question that are searched for alone
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
    kind = "".join(kinds)
    found = _found(request, reading, query, kinds) if query else Found([], None, None)
    instead = ""
    if query and not found.hits:
        found, instead = _in_other_words(reading, query, kinds)
    context = {
        "query": query,
        "instead": instead,
        "offered": found.hits and of_the_api(reading, "api-search-list", q=instead or query, kind=kind),
        "groups": groups(reading, found.hits, instead or query),
        "meant": meant(reading, query) if query and not found.hits else [],
        "kinds": [
            {"code": code, "title": title, "address": changed(request, {"kind": code, "cursor": ""})}
            for code, title in TITLES.items()
        ],
        "kind": kind,
        "everything": changed(request, {"kind": "", "cursor": ""}),
        "next": changed(request, {"cursor": str(found.next)}) if found.next else "",
        "previous": changed(request, {"cursor": str(found.previous)}) if found.previous else "",
    }
    return show(request, reading, "claims/search.html", context)


@page
def suggest(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Names for what somebody types as `q`, as OpenSearch Suggestions 1.1: query, labels, kinds, addresses."""
    return revalidated(request, reading, lambda: _suggestions(request, reading))


def _suggestions(request: HttpRequest, reading: Reading) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST]
    found = search(query, reading.as_of, kinds=SUGGESTED, size=SUGGESTIONS, language=reading.language)
    lines = [
        (
            _title(group["kind"], hit["shape"]),
            _hint(group, hit),
            _address(request, reading, group["kind"], hit),
        )
        for group in groups(reading, found.hits, query)
        for hit in group["hits"]
    ]
    return JsonResponse(
        [query, *([line[part] for line in lines] for part in range(3))],
        safe=False,
        content_type="application/x-suggestions+json",
        json_dumps_params={"ensure_ascii": False},
    )


@page
def opensearch(request: HttpRequest, reading: Reading) -> HttpResponse:
    """The description by which a browser adds our search to its own (OpenSearch 1.1)."""
    context = {"base": base_of(request)}
    return render(
        request,
        "opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


def _hint(group: Shape, hit: Shape) -> str:
    """The kind, and the name that was typed where it is not the label: browsers hide lines without what is typed."""
    name = hit.get("name")
    return f"{group['title']} · {name['text']}" if name else str(group["title"])


def _title(kind: str, shape: Shape) -> str:
    return str(shape["question"] if kind == "dispute" else shape.get("title") or shape["label"])


def _address(request: HttpRequest, reading: Reading, kind: str, hit: Shape) -> str:
    shape = hit["shape"]
    name = shape["kind"] if kind == "entity" else kind
    return request.build_absolute_uri(reverse(f"claims:{name}", args=[shape["slug"]]) + reading.keep)


def meant(reading: Reading, query: str) -> list[Shape]:
    """Entities whose names are spelled much like the query or a word of it, the likest first."""
    asked = [query, *(word for word in query.split() if len(word) >= SHORTEST)][:MOST_MEANT]
    near = {
        one.thing.ref: one
        for found in reversed(candidates([one[:LONGEST_NAME] for one in asked], reading.as_of))
        for one in reversed(found)
        if one.score >= ALIKE
    }
    best = sorted(near.values(), key=lambda one: -one.score)[:MOST_MEANT]
    return reading.joined.entities([one.thing for one in best])


def _in_other_words(reading: Reading, query: str, kinds: Sequence[str]) -> tuple[Found, str]:
    """For a question in whole sentences: what its telling words find, all of them or a long one; and these words."""
    known = known_words(query, reading.as_of)
    for asked in dict.fromkeys([" ".join(known), *sorted(known, key=len, reverse=True)[:MOST_TRIED]]):
        if asked and asked != query:
            found = search(asked, reading.as_of, kinds=kinds, size=SIZE, language=reading.language)
            if found.hits:
                return Found(found.hits, None, None), asked
    return Found([], None, None), ""


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
