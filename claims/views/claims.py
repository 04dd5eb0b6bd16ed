"""The page of a claim and the list of claims."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import linked, trees, wording
from claims.citing import FORMS, Citation
from claims.exports import counts_text
from claims.ledger import read
from claims.ledger.read import Thing
from claims.views.changes import history
from claims.views.files import MEDIA, listed, shown
from claims.views.narrowing import narrowed
from claims.views.paging import newest_first
from claims.views.reading import Reading, base_of, page, show, social, standing

Shape = dict[str, Any]


@page
def claim_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """Claims, the newest edition first, narrowed by the same parameters as the API's; deprecated ones if asked for."""
    asked = narrowed(request, reading)
    found = newest_first(request, asked.rows)
    claims = reading.joined.claims([Thing.of(row.record) for row in found.rows])
    offered = listed(request, reading, "claims")
    base = base_of(request)
    context = {
        "claims": claims,
        "slice": found,
        "asked": asked,
        "facets": asked.facets,
        "offered": offered,
        "linked": linked.dataset(
            str(_("Claims")),
            str(_("Who says what, on what evidence, and how much of that evidence is independent.")),
            request.build_absolute_uri(),
            {MEDIA[name]: base + address for name, address in offered.files},
            base,
        ),
    }
    return show(request, reading, "claims/claim_list.html", context, status=400 if asked.faults else 200)


@page
def claim(request: HttpRequest, reading: Reading, ref: str) -> HttpResponse:
    """One claim with its evidence, told by origin."""
    thing = standing(request, reading, "claim", ref)
    shape = reading.joined.claims([thing])[0]
    versions = read.history(thing.ref, reading.as_of)
    parents = trees.parents_of(shape, read.parents(trees.named(shape), reading.as_of))
    sources = source_shapes(reading, trees.named(shape) | set(parents.values()))
    said = wording.sentence(shape, reading.language)
    context = {
        "claim": shape,
        "origins": origins(shape, sources),
        "trees": trees.grown(shape, parents, sources),
        "copies": trees.copied(shape, parents),
        "related": related(reading, shape),
        "disputes": _disputes(reading, shape["disputes"]),
        "history": history(versions),
        "permanent": f"?edition={reading.as_of.number}",
        "citation": citation_of(request, reading, shape),
        "linked": linked.claim(shape, said, request.build_absolute_uri(request.path), base_of(request)),
        "social": social(
            request, reading, said, counts_text(shape, reading.language), "claims:claim-share", shape["ref"]
        ),
        "offered": shown(request, reading, "claim", shape),
    }
    return show(request, reading, "claims/claim_detail.html", context)


@page
def cited(request: HttpRequest, reading: Reading, ref: str, form: str) -> HttpResponse:
    """The citation of a claim as a file: txt, bib or json (CSL)."""
    thing = standing(request, reading, "claim", ref, f"claims:cite-{form}")
    media_type, method = FORMS[form]
    citation = citation_of(request, reading, reading.joined.claims([thing])[0])
    answer = HttpResponse(getattr(citation, method)(), content_type=media_type)
    answer["Content-Disposition"] = f'inline; filename="claimbook-{thing.ref}.{form}"'
    return answer


def citation_of(request: HttpRequest, reading: Reading, shape: Shape) -> Citation:
    """The claim as it stands in the edition that is read, under its permanent address."""
    number = reading.as_of.number
    edition = read.editions(reading.as_of).filter(number=number).first()
    address = reverse("claims:claim", args=[shape["ref"]])
    return Citation(
        ref=shape["ref"],
        sentence=wording.sentence(shape, reading.language),
        asserter="" if wording.names_asserter(shape) else str(shape["asserted_by"]["label"]),
        edition=number,
        printed_on=(edition.at if edition else timezone.now()).date(),
        address=request.build_absolute_uri(f"{address}?edition={number}"),
        language=reading.language,
        when="" if shape["value"]["time"] else wording.when_text(shape, reading.language),
    )


def source_shapes(reading: Reading, refs: Collection[str]) -> dict[str, Shape]:
    """The sources by ref; what is withdrawn or was redacted is left out."""
    found = [thing for thing in read.things(refs, reading.as_of).values() if not thing.gone]
    return {source["ref"]: source for source in reading.joined.sources(found)}


def origins(shape: Shape, sources: Mapping[str, Shape]) -> list[Shape]:
    """The evidence in groups of one origin, the best supported first; several quotes of a source together."""
    groups: dict[str, Shape] = {}
    for item in shape["evidence"]:
        ref = item["source"]["origin"]
        group = groups.setdefault(ref, {"source": sources.get(ref), "documents": {}})
        document = group["documents"].setdefault(
            item["source"]["ref"], {"source": item["source"], "items": []}
        )
        behind = sources.get(item["figure_source"]) if item["figure_source"] else None
        document["items"].append(item | {"behind": behind})
    return [group | {"documents": list(group["documents"].values())} for group in groups.values()]


def related(reading: Reading, shape: Shape) -> list[Shape]:
    """The claims this one is linked to and those linked to it, each with the relation."""
    forward = [(link["relation"], link["claim"], True) for link in shape["links"]]
    rows = read.links(reading.as_of).filter(role="link", target_ref=shape["ref"]).values_list("detail", "ref")
    backward = [(relation, ref, False) for relation, ref in rows]
    found = read.things({ref for _relation, ref, _forward in forward + backward}, reading.as_of)
    claims = {one["ref"]: one for one in reading.joined.claims(list(found.values()))}
    return [
        {"relation": relation, "forward": is_forward, "claim": claims[ref]}
        for relation, ref, is_forward in forward + backward
        if ref in claims and not claims[ref].get("withdrawn")
    ]


def _disputes(reading: Reading, slugs: Sequence[str]) -> list[Shape]:
    if not slugs:
        return []
    rows = read.listed("dispute", reading.as_of).filter(slug__in=slugs).order_by("sort", "ref")
    return reading.joined.disputes([Thing.of(row.record) for row in rows])
