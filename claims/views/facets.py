"""What a list can be narrowed by, with counts: each value a link that sets it, or drops it when it is set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from claims.filters import ThingFilter, facet_counts
from claims.ledger import read
from claims.ledger.models import ThingIndex
from claims.views.paging import changed
from claims.views.reading import Reading

MOST_VALUES = 9  # of one facet; a longer tail is reached by search and filters

Words = str | Promise
Label = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet; `address` sets it, or drops it when it is chosen."""

    label: object
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    title: Words
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing the list is narrowed by; `address` is the list without it."""

    title: Words
    value: object
    address: str


@dataclass(frozen=True, slots=True)
class Column:
    """A facet over a column: the parameter, its title, and how a value is called."""

    name: str
    title: Words
    field: str
    label: Label


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows a list's address asks for, what they are narrowed by, and what is wrong with it."""

    rows: QuerySet[ThingIndex]
    chips: list[Chip] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        return 400 if self.faults else 200


def given(asked: QueryDict, names: Sequence[str]) -> QueryDict:
    """The parameters of a filter, without empty ones, which a form sends for every field left alone."""
    clean = QueryDict(mutable=True)
    for name in names:
        if values := [one.strip().replace("\0", "\ufffd") for one in asked.getlist(name) if one.strip()]:
            clean.setlist(name, values)
    return clean


def facet(
    request: HttpRequest,
    name: str,
    title: Words,
    counts: Sequence[tuple[str, int]],
    label: Label,
    slug: Callable[[str], str] = str,
) -> Facet:
    """The values of one parameter, the most frequent first. `slug` gives what stands in the address."""
    values = []
    for code, count in [one for one in counts if one[0]][:MOST_VALUES]:
        chosen = request.GET.get(name) == slug(code)
        address = changed(request, {name: "" if chosen else slug(code)})
        values.append(Value(label(code), count, address, chosen))
    return Facet(name, title, values)


def listing(
    request: HttpRequest,
    reading: Reading,
    kind: str,
    filters: type[ThingFilter],
    columns: Sequence[Column] = (),
    *,
    by_publisher: bool = False,
) -> Listing:
    """A list of one kind of thing, narrowed by the parameters the API has too, with facets of what is left."""
    asked = given(request.GET, list(filters.base_filters))
    filtering = filters(asked, queryset=read.listed(kind, reading.as_of), as_of=reading.as_of)
    if not filtering.is_valid():
        faults = [f"{name}: {fault}" for name, found in filtering.errors.items() for fault in found]
        return Listing(read.listed(kind, reading.as_of).none(), faults=faults)
    rows = filtering.qs
    facets = [
        facet(request, one.name, one.title, facet_counts(rows, one.field), one.label) for one in columns
    ]
    names = {one.name: (one.title, one.label) for one in columns}
    names["q"] = (gettext_lazy("Words"), str)
    if by_publisher:
        found, label = _publishers(request, reading, rows)
        facets.append(found)
        names["publisher"] = (found.title, label)
    chips = [
        Chip(names[name][0], names[name][1](str(asked[name])), changed(request, {name: ""}))
        for name in asked
        if name in names
    ]
    return Listing(rows, chips, facets)


def _publishers(request: HttpRequest, reading: Reading, rows: QuerySet[ThingIndex]) -> tuple[Facet, Label]:
    """The facet of sources' publishers, and what a publisher's slug or ref is called."""
    links = read.links(reading.as_of).filter(role="publisher", ref__in=rows.order_by().values("ref"))
    counts = facet_counts(links, "target_ref")
    known = read.things([ref for ref, _count in counts[:MOST_VALUES]], reading.as_of)
    names = {ref: str(thing.body.get("name", ref)) for ref, thing in known.items()}
    slugs = {ref: str(thing.body.get("slug", ref)) for ref, thing in known.items()}
    found = facet(
        request,
        "publisher",
        gettext_lazy("Publisher"),
        [one for one in counts if one[0] in known],
        names.__getitem__,
        slugs.__getitem__,
    )
    by_slug = {slugs[ref]: name for ref, name in names.items()} | names
    return found, lambda key: by_slug.get(key, key)
