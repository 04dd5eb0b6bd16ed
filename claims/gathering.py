"""What an article is read with, gathered from the base: names, the vocabulary, claims with its values, quotes.

In a fixed number of queries for LEAF figures, however many claims there are: candidates come by index, by value and
by subject; never are all claims loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.db.models import Prefetch, Q

from claims.disputes.ranges import hull
from claims.extraction import reading as extraction
from claims.extraction.results import Figure, Mention, Reading
from claims.models import Claim, ClaimScope, Evidence, Property, ScopeDimension, ScopeTerm, Source
from claims.suggesting.known import Knowledge, KnownClaim, KnownProperty, KnownQuote, KnownTerm
from claims.suggesting.values import TIMES, Value, unit_of, value_of
from companies.matching import Matcher, Spelling
from companies.models import Entity, Name
from kb.lib.quantities import Interval, base
from kb.models import OUTSIDE, PUT_ASIDE

LEAF: Final = 40  # figures that the base is asked about at once
MOST_CLAIMS: Final = (
    1000  # of those about the subjects of one article, and of those with its values: the newest
)
MOST_QUOTES: Final = 2000  # pieces of evidence in one language whose words are compared: the newest
COLUMNS: Final = (
    "pk", "ref", "subject__slug", "property__slug", "comparator", "amount", "unit", "base_lower", "base_upper",
    "base_unit", "value_time", "point_in_time", "valid_from", "value_entity__slug", "asserted_by__slug", "rank",
)  # fmt: skip


def read(text: str, language: str) -> Reading:
    """What is found in the text with the names of the registry; one query."""
    names = Name.objects.filter(entity__merged_into=None).exclude(entity__state__in=PUT_ASIDE)
    rows = names.order_by("pk").values_list("text", "entity__slug", "language", "role")
    return _read(text, language, tuple(Spelling(*row) for row in rows))


@lru_cache(maxsize=8)
def _read(text: str, language: str, spellings: tuple[Spelling, ...]) -> Reading:
    found = _matcher(spellings).find(text, language)
    mentions = [Mention(one.start, one.end, one.printed, one.entity, one.likely) for one in found]
    return extraction.read(text, language, mentions)


@lru_cache(maxsize=2)
def _matcher(spellings: tuple[Spelling, ...]) -> Matcher:
    return Matcher(spellings)


def of_the_article(reading: Reading) -> list[Figure]:
    """The figures of the article itself, in its order; not those of what the page hung around it."""
    return [one for one in reading.figures if one.region != "boilerplate"]


def properties() -> Sequence[Property]:
    """Every property with the dimensions that it requires and their terms; three queries."""
    terms = Prefetch("terms", ScopeTerm.objects.order_by("position", "id"))
    dimensions = Prefetch("required_scope", ScopeDimension.objects.prefetch_related(terms))
    rows = Property.objects.exclude(state__in=PUT_ASIDE).order_by("slug")
    return list(rows.prefetch_related(dimensions))


def entities(slugs: Collection[str]) -> dict[str, Entity]:
    """The entities by slug, with their names; two queries."""
    return {one.slug: one for one in Entity.objects.filter(slug__in=slugs).prefetch_related("names")}


def knowledge(
    source: Source,
    figures: Sequence[Figure],
    named: Mapping[str, Entity],
    vocabulary: Sequence[Property],
    values: Collection[str] = (),
) -> Knowledge:
    """What may bear on the figures of an article about the entities `named`; five queries.

    Claims that nobody of the desk stands for suggest nothing, nor do their quotes. `values` are
    entities, by slug, that may be the value of a claim.
    """
    rows = {row[0]: row for row in (*_by_value(figures, values), *_by_subject(figures, list(named)))}
    quotes = list(
        Evidence.objects.filter(source__language=source.language)
        .exclude(exact="")
        .exclude(claim__state__in=OUTSIDE)
        .order_by("-pk")
        .values_list("claim_id", "claim__property__slug", "prefix", "exact", "suffix")[:MOST_QUOTES]
    )
    scope: dict[int, list[tuple[str, str]]] = {}
    scoped = ClaimScope.objects.filter(claim__in={*rows, *(row[0] for row in quotes)})
    for claim, dimension, term in scoped.order_by("dimension__slug").values_list(
        "claim_id", "dimension__slug", "term__slug"
    ):
        scope.setdefault(claim, []).append((dimension, term))
    here = set(Evidence.objects.filter(source=source, claim__in=rows).values_list("claim_id", flat=True))
    return Knowledge(
        kinds={slug: one.kind for slug, one in named.items()},
        properties=[_known_property(one) for one in vocabulary],
        claims=[_known_claim(rows[pk], scope.get(pk, ()), pk in here) for pk in sorted(rows)],
        quotes=[
            KnownQuote(prop, tuple(scope.get(claim, ())), f"{before} {exact} {after}")
            for claim, prop, before, exact, after in quotes
        ],
    )


def _by_value(figures: Sequence[Figure], values: Collection[str]) -> Sequence[Any]:
    wanted = Q(value_entity__slug__in=values)
    for value in sorted({one for figure in figures if (one := value_of(figure))}, key=_order):
        near = hull(value.rounded, Interval(*value.anchor))
        low, high = near.lower, near.upper
        if value.time:
            wanted |= Q(value_time=value.time)
            continue
        of_unit = Q(base_unit=value.base_unit)
        wanted |= of_unit & Q(base_lower__lte=high, base_upper__gte=low)
        wanted |= of_unit & Q(base_lower__range=(low, high), base_upper=None)
        wanted |= of_unit & Q(base_upper__range=(low, high), base_lower=None)
    return _rows(Claim.objects.filter(wanted))


def _order(value: Value) -> tuple[Any, ...]:
    return value.base_unit, value.amount, value.anchor, value.time


def _by_subject(figures: Sequence[Figure], slugs: Sequence[str]) -> Sequence[Any]:
    units = {base(0, unit_of(one))[1] for one in figures if one.kind not in TIMES and value_of(one)}
    wanted = Q(base_unit__in=units)
    if any(one.kind in TIMES for one in figures):
        wanted |= ~Q(value_time="") | ~Q(point_in_time="") | ~Q(valid_from="")
    about = Q(subject__slug__in=slugs) | Q(value_entity__slug__in=slugs)
    return _rows(Claim.objects.filter(about, wanted))


def _rows(claims: Any) -> Sequence[Any]:
    return list(claims.exclude(state__in=OUTSIDE).order_by("-pk").values_list(*COLUMNS)[:MOST_CLAIMS])


def _known_claim(row: Any, scope: Iterable[tuple[str, str]], here: bool) -> KnownClaim:
    (
        _pk, ref, subject, prop, comparator, amount, unit, lower, upper, base_unit, *times, about, asserter, rank
    ) = row  # fmt: skip
    return KnownClaim(
        ref=ref,
        subject=subject,
        property=prop,
        comparator=comparator,
        amount=base(amount, unit)[0] if amount else None,
        lower=lower,
        upper=upper,
        base_unit=base_unit,
        times=tuple(time for time in times if time),
        scope=tuple(scope),
        about=about or "",
        asserted_by=asserter or "",
        deprecated=rank == "deprecated",
        here=here,
    )


def _known_property(one: Property) -> KnownProperty:
    return KnownProperty(
        slug=one.slug,
        data_type=one.data_type,
        unit_dimension=one.unit_dimension,
        subject_kinds=tuple(one.subject_kinds),
        labels=(*one.labels.values(), *one.unit_label.values()),
        terms=tuple(
            KnownTerm(dimension.slug, term.slug, tuple(term.labels.values()))
            for dimension in sorted(one.required_scope.all(), key=lambda dimension: dimension.slug)
            for term in dimension.terms.all()
        ),
    )
