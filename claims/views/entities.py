"""The page of an entity, which opens with its best facts, and the lists of entities by kind."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from claims import linked
from claims.filters import OneKindFilter
from claims.leading import Claim, leading
from claims.ledger.read import Thing
from claims.views.facets import listing
from claims.views.files import Offered, listed, versions
from claims.views.kinds import KIND_BY_CODE
from claims.views.paging import by_label
from claims.views.reading import Reading, look_up, moved, not_found, page, show, withdrawn

Shape = dict[str, Any]
MOST_CLAIMS = 300


@page
def entity_list(request: HttpRequest, reading: Reading, kind: str) -> HttpResponse:
    """All entities of one kind, by label."""
    asked = listing(request, reading, "entity", OneKindFilter)
    found = by_label(request, asked.rows.filter(subkind=kind))
    entities = reading.joined.entities([Thing.of(row.record) for row in found.rows])
    context = {
        "entities": entities,
        "kind": KIND_BY_CODE[kind],
        "slice": found,
        "asked": asked,
        "offered": listed(request, reading, "entities", kind=kind),
    }
    return show(request, reading, "companies/entity_list.html", context, status=asked.status)


@page
def entity(request: HttpRequest, reading: Reading, kind: str, key: str) -> HttpResponse:
    """One entity: its names, its best facts with their sources, and everything else said about it."""
    thing = look_up(reading, "entity", key)
    if thing is None:
        return not_found(request, reading, "entity", key)
    if thing.gone:
        return withdrawn(request, reading, thing)
    shape = reading.joined.entities([thing])[0]
    if (shape["kind"], shape["slug"]) != (kind, key):
        return moved(request, reverse(f"claims:{shape['kind']}", args=[shape["slug"]]))
    claims = reading.joined.claims_about(thing.ref, MOST_CLAIMS)
    context = {
        "entity": shape,
        "kind": KIND_BY_CODE[kind],
        "facts": best_facts(claims),
        "linked": linked.entity(shape, request.build_absolute_uri(request.path)),
        "names": other_names(shape),
        "offered": Offered([], compare=versions(reading, shape["ref"])),
        "most": MOST_CLAIMS if len(claims) == MOST_CLAIMS else 0,
    }
    return show(request, reading, "companies/entity_detail.html", context)


def best_facts(claims: Sequence[Shape]) -> list[Shape]:
    """One row a property: the claim that leads, and the others behind it; best supported properties first."""
    grouped: dict[str, list[Shape]] = {}
    for claim in claims:
        grouped.setdefault(claim["property"]["ref"], []).append(claim)
    return [
        {
            "property": leader.claim["property"],
            "claim": leader.claim,
            "others": leader.others,
            "sources": sources_of(leader.claim),
        }
        for leader in map(leading, grouped.values())
    ]


def sources_of(claim: Claim) -> list[Shape]:
    """The sources of a claim, each once, those that support it first."""
    found: dict[str, Shape] = {}
    for item in sorted(claim["evidence"], key=lambda item: str(item["stance"]) != "supports"):
        found.setdefault(item["source"]["ref"], item["source"] | {"stance": item["stance"]})
    return list(found.values())


def other_names(shape: Shape) -> list[Shape]:
    """All names but the one in the heading, by language, known misspellings marked."""
    grouped: dict[str, list[Shape]] = {}
    for name in shape["names"]:
        if name["text"] != shape["label"]:
            grouped.setdefault(name["language"], []).append(name)
    return [{"language": language, "names": names} for language, names in grouped.items()]
