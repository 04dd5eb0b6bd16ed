"""The list of claims narrowed from the address bar: fields with their faults, what is set as chips, facets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters import ClaimFilter, facet_counts
from claims.ledger import read
from claims.ledger.models import ClaimIndex
from claims.ledger.read import Thing
from claims.views.facets import MOST_VALUES, Chip, Facet, facet, given
from claims.views.kinds import KINDS
from claims.views.paging import changed
from claims.views.reading import Reading
from claims.wording import RANKS

MOST_CHOICES = 300  # of a select or a list of suggestions

Words = str | Promise
TITLES: Mapping[str, Words] = {
    "q": gettext_lazy("Words"),
    "subject": gettext_lazy("About"),
    "subject_kind": gettext_lazy("Kind of thing"),
    "property": gettext_lazy("Property"),
    "asserted_by": gettext_lazy("Who says so"),
    "source": gettext_lazy("Source"),
    "origin": gettext_lazy("Origin"),
    "publisher": gettext_lazy("Publisher"),
    "language": gettext_lazy("Language of a source"),
    "rank": gettext_lazy("Rank"),
    "scope": gettext_lazy("Covers"),
    "unit": gettext_lazy("Unit"),
    "amount_min": gettext_lazy("Amount from"),
    "amount_max": gettext_lazy("Amount to"),
    "bounds": gettext_lazy("Open bounds"),
    "time_from": gettext_lazy("Time from"),
    "time_to": gettext_lazy("Time to"),
    "valid_on": gettext_lazy("Holds on"),
    "disputed": gettext_lazy("In dispute"),
    "dispute": gettext_lazy("Dispute"),
    "min_origins": gettext_lazy("Origins, at least"),
}
EXAMPLES: Mapping[str, str] = {
    "unit": "USD", "amount_min": "400000000", "time_from": "2023-10", "time_to": "2023", "valid_on": "2024-05-01",
    "min_origins": "2", "language": "bn",
}  # fmt: skip
FIRST = ("q", "subject", "property", "asserted_by")  # the others are in a fold
_YES_NO: Mapping[str, Words] = {"true": gettext_lazy("yes"), "false": gettext_lazy("no")}
_BOUNDS: Mapping[str, Words] = {
    "could": gettext_lazy("could lie within"),
    "must": gettext_lazy("must lie within"),
}


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form. With `choices` a select, with `suggestions` a text with proposals."""

    name: str
    title: Words
    value: str
    faults: Sequence[str]
    example: str = ""
    choices: Sequence[tuple[str, object]] = ()
    suggestions: Sequence[tuple[str, object]] = ()


@dataclass(frozen=True, slots=True)
class Narrowed:
    rows: QuerySet[ClaimIndex]
    first: list[Input]
    more: list[Input]
    chips: list[Chip]
    kept: list[tuple[str, str]] = field(default_factory=list)  # what the form carries along unseen
    facets: list[Facet] = field(default_factory=list)

    @property
    def faults(self) -> bool:
        return any(one.faults for one in [*self.first, *self.more])

    @property
    def folded(self) -> bool:
        """Whether nothing behind the fold needs to be seen; what is set there stands in the chips."""
        return not any(one.faults for one in self.more)


def narrowed(request: HttpRequest, reading: Reading) -> Narrowed:
    """What the address asks of the list of claims. With a fault nothing is listed, and the field says why."""
    asked = given(request.GET, list(ClaimFilter.base_filters))
    everything = read.claims(reading.as_of)
    filtering = ClaimFilter(asked, queryset=everything, as_of=reading.as_of)
    faults = {} if filtering.is_valid() else dict(filtering.errors)
    rows = everything.none() if faults else filtering.qs
    choices = _choices(reading)
    inputs = [_input(name, asked, faults, choices) for name in TITLES if name in ClaimFilter.base_filters]
    return Narrowed(
        rows=rows,
        first=[one for one in inputs if one.name in FIRST],
        more=[one for one in inputs if one.name not in FIRST],
        chips=_chips(request, asked, choices),
        kept=[(name, request.GET[name]) for name in ("known_at", "edition") if request.GET.get(name)],
        facets=_facets(request, reading, rows, choices),
    )


Choices = Mapping[str, Sequence[tuple[str, object]]]


def _choices(reading: Reading) -> Choices:
    """What a field may be set to: one query a kind of thing, at most MOST_CHOICES of each."""

    def shapes(kind: str) -> list[Thing]:
        rows = read.listed(kind, reading.as_of).order_by("sort", "ref")[:MOST_CHOICES]
        return [Thing.of(row.record) for row in rows]

    entities = [(one["slug"], one["label"]) for one in reading.joined.entities(shapes("entity"))]
    terms = [
        (f"{thing.body['slug']}:{term['slug']}", reading.joined.say(term["labels"]) or term["slug"])
        for thing in shapes("scope-dimension")
        for term in thing.body["terms"]
    ]
    return {
        "subject": entities,
        "asserted_by": entities,
        "property": [
            (thing.body["slug"], reading.joined.say(thing.body["labels"]) or thing.body["slug"])
            for thing in shapes("property")
        ],
        "scope": terms,
        "subject_kind": [(kind.code, kind.plural) for kind in KINDS],
        "rank": list(RANKS.items()),
        "disputed": list(_YES_NO.items()),
        "bounds": list(_BOUNDS.items()),
    }


def _input(name: str, asked: QueryDict, faults: Mapping[str, Any], choices: Choices) -> Input:
    found = choices.get(name, ())
    value = ", ".join(asked.getlist(name)) if name not in ("scope",) else asked.get(name, "")
    suggested = name in ("subject", "asserted_by") or len(found) == MOST_CHOICES
    known = not value or value in dict(found)
    return Input(
        name=name,
        title=TITLES[name],
        value=value,
        faults=[str(fault) for fault in faults.get(name, ())],
        example=EXAMPLES.get(name, ""),
        choices=() if suggested or not found else found if known else [(value, value), *found],
        suggestions=found if suggested else (),
    )


def _chips(request: HttpRequest, asked: QueryDict, choices: Choices) -> list[Chip]:
    chips = []
    for name in TITLES:
        values = asked.getlist(name)
        for value in values:
            rest = [one for one in values if one != value]
            shown = dict(choices.get(name, ())).get(value, value)
            chips.append(Chip(TITLES[name], shown, changed(request, {name: rest})))
    return chips


def _facets(
    request: HttpRequest, reading: Reading, rows: QuerySet[ClaimIndex], choices: Choices
) -> list[Facet]:
    by_property, by_asserter = facet_counts(rows, "property"), facet_counts(rows, "asserted_by")
    refs = [ref for counts in (by_property, by_asserter) for ref, _count in counts[: MOST_VALUES + 1] if ref]
    labels = reading.joined.labels(refs)

    def label(ref: str) -> object:
        return labels[ref]["label"]

    def slug(ref: str) -> str:
        return str(labels[ref]["slug"])

    def known(counts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        return [one for one in counts if one[0] in labels]

    return [
        facet(request, "property", _("Property"), known(by_property), label, slug),
        facet(request, "asserted_by", _("Who says so"), known(by_asserter), label, slug),
        facet(request, "rank", _("Rank"), facet_counts(rows, "rank"), lambda code: RANKS.get(code, code)),
    ]
