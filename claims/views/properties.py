"""The page of a property, one question asked of everything, and the list of properties."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from claims.charts import Chart, figure_chart
from claims.filters import PropertyFilter, facet_counts
from claims.leading import leading
from claims.ledger import read
from claims.ledger.models import ClaimIndex, ThingIndex
from claims.ledger.read import Thing
from claims.views.entities import sources_of
from claims.views.facets import Column, listing
from claims.views.files import listed, shown
from claims.views.kinds import KIND_BY_CODE
from claims.views.paging import PAGE_SIZE, by_label
from claims.views.reading import Reading, page, show, standing
from claims.wording import DATA_TYPES

Shape = dict[str, Any]
COMPARED = 20  # claims of one subject, the best supported of them


@page
def property_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All properties by label, or those of one type of value, each with the number of its claims."""
    columns = [Column("data_type", _("Value"), "subkind", lambda code: DATA_TYPES.get(code, code))]
    asked = listing(request, reading, "property", PropertyFilter, columns)
    found = by_label(request, asked.rows)
    shapes = reading.joined.properties([Thing.of(row.record) for row in found.rows])
    about = _claims(reading).filter(property__in=[shape["ref"] for shape in shapes])
    numbers = dict(facet_counts(about, "property"))
    context = {
        "properties": [shape | {"claims": numbers.get(shape["ref"], 0)} for shape in shapes],
        "slice": found,
        "asked": asked,
        "offered": listed(request, reading, "properties"),
    }
    return show(request, reading, "claims/property_list.html", context, status=asked.status)


@page
def property_page(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One property across everything that has it: the leading claim of each subject, and why it leads."""
    thing = standing(request, reading, "property", key)
    shape = reading.joined.properties([thing])[0]
    claims = _claims(reading).filter(property__in=read.same_as([thing.ref], reading.as_of))
    found = by_label(request, _subjects(reading, claims))
    rows = _leaders(reading, claims, [row.ref for row in found.rows])
    context = {
        "property": shape,
        "kinds": [KIND_BY_CODE[code] for code in shape["subject_kinds"] if code in KIND_BY_CODE],
        "rows": rows,
        "slice": found,
        "chart": (chart := chart_of(rows, reading.language)),
        "offered": shown(request, reading, "property", shape, drawing=chart, property=str(shape["slug"])),
        "scoped": any(row["claim"]["scope"] for row in rows),
        "compared": COMPARED,
        "size": PAGE_SIZE,
    }
    return show(request, reading, "claims/property_detail.html", context)


def first_rows(reading: Reading, thing: Thing) -> list[Shape]:
    """The rows of the property's first page."""
    claims = _claims(reading).filter(property__in=read.same_as([thing.ref], reading.as_of))
    subjects = _subjects(reading, claims).order_by("sort", "ref")[:PAGE_SIZE]
    return _leaders(reading, claims, [row.ref for row in subjects])


def chart_of(rows: Sequence[Shape], language: str) -> Chart | None:
    """The leading figures on one axis."""
    return figure_chart([row["claim"] for row in rows], language)


def _claims(reading: Reading) -> QuerySet[ClaimIndex]:
    return read.claims(reading.as_of).exclude(rank="deprecated")


def _subjects(reading: Reading, claims: QuerySet[ClaimIndex]) -> QuerySet[ThingIndex]:
    """The entities that the claims are about, under the names they were merged into."""
    merges = read.links(reading.as_of).filter(role="merged-into")
    merged: set[str] = set()
    goals = set(merges.filter(ref__in=claims.values("subject")).values_list("target_ref", flat=True))
    while fresh := goals - merged:
        merged |= fresh
        goals |= set(merges.filter(ref__in=fresh).values_list("target_ref", flat=True))
    return read.listed("entity", reading.as_of).filter(
        Q(ref__in=claims.values("subject")) | Q(ref__in=merged)
    )


def _leaders(reading: Reading, claims: QuerySet[ClaimIndex], subjects: Sequence[str]) -> list[Shape]:
    """A row a subject, in the order given; of very many claims about one only the best supported are compared."""
    best_first = [F("rank").desc(), F("origins").desc(), F("sources").desc(), F("ref").asc()]
    rows = (
        claims.filter(subject__in=read.same_as(subjects, reading.as_of))
        .annotate(
            place=Window(RowNumber(), partition_by="subject", order_by=best_first),
            number=Window(Count("ref"), partition_by="subject"),
        )
        .filter(place__lte=COMPARED)
        .order_by("subject", "place")
    )
    found = list(rows)
    grouped: dict[str, list[Shape]] = {}
    numbers: dict[str, int] = {}
    for row, claim in zip(found, reading.joined.claims([Thing.of(row.record) for row in found]), strict=True):
        entity = claim["subject"]["ref"]
        grouped.setdefault(entity, []).append(claim)
        if row.place == 1:
            numbers[entity] = numbers.get(entity, 0) + row.number
    return [
        {
            "claim": leader.claim,
            "others": leader.others,
            "why": leader.why,
            "next": leader.others[0] if leader.others else None,
            "unseen": numbers[entity] - len(grouped[entity]),
            "sources": sources_of(leader.claim),
        }
        for entity in subjects
        if entity in grouped
        for leader in [leading(grouped[entity])]
    ]
