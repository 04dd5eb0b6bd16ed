"""What lists can be narrowed by: one FilterSet a thing over the ledger's index, shared by pages and API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Collate
from django.forms import CharField, Field, IntegerField, MultipleHiddenInput
from django.utils.translation import gettext_lazy as _

from claims.ledger import read
from claims.ledger.addresses import PLURAL
from claims.ledger.models import ClaimIndex, Record, ThingIndex
from claims.ledger.read import AsOf
from claims.search import matching
from kb.lib import edtf
from kb.lib.quantities import QuantityError, base, decimal, unit
from kb.lib.refs import is_ref
from kb.lib.text import HostileText, language_tag

Rows = QuerySet[ClaimIndex]
Things = QuerySet[ThingIndex]
MOST_COUNTED = 10_000  # rows that a facet counts
KINDS = tuple((kind, kind) for kind in PLURAL)
BOUNDS = (("could", _("could lie within")), ("must", _("must lie within")))
SWITCH = (("true", _("yes")), ("false", _("no")))
RANKS = (("preferred", _("preferred")), ("normal", _("normal")), ("deprecated", _("deprecated")))


class _Edtf(CharField):
    """A day, month or year as EDTF."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return edtf.desk_date(text)
        except edtf.EdtfError as fault:
            raise ValidationError(str(fault)) from fault


class EdtfFilter(filters.CharFilter):
    field_class = _Edtf


class _Amount(CharField):
    """An exact decimal."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return decimal(text) if text else None
        except (QuantityError, InvalidOperation) as fault:
            raise ValidationError(str(fault)) from fault


class AmountFilter(filters.CharFilter):
    field_class = _Amount


class _Scopes(Field):
    """dimension:term, both slugs, as often as wanted."""

    widget = MultipleHiddenInput

    def clean(self, value: Any) -> Any:
        if any(one.count(":") != 1 for one in value or ()):
            raise ValidationError("write scope=<dimension>:<term>, both as slugs")
        return value


class ScopeFilter(filters.CharFilter):
    field_class = _Scopes


class _Unit(CharField):
    """A unit's code."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return unit(text).code if text else text
        except QuantityError as fault:
            raise ValidationError(str(fault)) from fault


class UnitFilter(filters.CharFilter):
    field_class = _Unit


class _Language(CharField):
    """A BCP 47 tag."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return language_tag(text) if text else text
        except HostileText as fault:
            raise ValidationError(str(fault)) from fault


class LanguageFilter(filters.CharFilter):
    field_class = _Language


class WholeNumberFilter(filters.NumberFilter):
    field_class = IntegerField


class AsOfFilterSet(filters.FilterSet):
    """A FilterSet that knows the edition it reads."""

    def __init__(self, *args: Any, as_of: AsOf, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.as_of = as_of

    def _refs(self, kind: str, key: str) -> set[str]:
        """The refs that a slug or ref stands for, merged things included; none when there is no such thing."""
        thing = read.find(kind, key, self.as_of)
        if thing is None:
            return {key} if is_ref(key) else set()
        return read.same_as([thing.ref], self.as_of)


class ClaimFilter(AsOfFilterSet):
    """Filters of claims. A deprecated claim is listed only when its rank is asked for."""

    subject = filters.CharFilter(method="by_entity", label=_("slug or ref of the subject"))
    subject_kind = filters.ChoiceFilter(
        method="by_subject_kind", choices=KINDS, label=_("kind of the subject")
    )
    property = filters.CharFilter(method="by_property", label=_("slug or ref of the property"))
    asserted_by = filters.CharFilter(method="by_entity", label=_("slug or ref of who asserts it"))
    source = filters.CharFilter(method="by_source", label=_("slug or ref of a source in its evidence"))
    publisher = filters.CharFilter(
        method="by_publisher", label=_("slug or ref of the publisher of a source in its evidence")
    )
    language = LanguageFilter(method="by_language", label=_("language of a source in its evidence"))
    origin = filters.CharFilter(method="by_source", label=_("slug or ref of an origin of its evidence"))
    rank = filters.ChoiceFilter(choices=RANKS, label=_("rank"))
    unit = UnitFilter(method="by_unit", label=_("unit of the amount"))
    scope = ScopeFilter(method="by_scope", label=_("dimension:term; may be repeated"))
    amount_min = AmountFilter(method="passed", label=_("least amount, in the unit given"))
    amount_max = AmountFilter(method="passed", label=_("largest amount, in the unit given"))
    bounds = filters.ChoiceFilter(method="passed", choices=BOUNDS, label=_("could (default) or must"))
    time_from = EdtfFilter(method="passed", label=_("overlaps the time from here on"))
    time_to = EdtfFilter(method="passed", label=_("overlaps the time up to here"))
    valid_on = EdtfFilter(method="by_validity", label=_("may hold on this day"))
    disputed = filters.ChoiceFilter(method="by_dispute", choices=SWITCH, label=_("is a member of a dispute"))
    dispute = filters.CharFilter(
        method="by_one_dispute", label=_("slug or ref of a dispute; its deprecated members too")
    )
    min_origins = WholeNumberFilter(
        field_name="origins",
        lookup_expr="gte",
        min_value=0,
        max_value=10**6,
        label=_("at least so many origins"),
    )
    q = filters.CharFilter(method="by_words", label=_("words of it, or of what it refers to"))

    class Meta:
        model = ClaimIndex
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: Rows) -> Rows:
        queryset = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("rank") and not self.form.cleaned_data.get("dispute"):
            queryset = queryset.exclude(rank="deprecated")
        return self._within_time(self._within_amounts(queryset))

    def by_entity(self, queryset: Rows, name: str, key: str) -> Rows:
        return queryset.filter(**{f"{name}__in": self._refs("entity", key)})

    def by_subject_kind(self, queryset: Rows, name: str, kind: str) -> Rows:
        return queryset.filter(
            subject__in=read.listed("entity", self.as_of).filter(subkind=kind).values("ref")
        )

    def by_property(self, queryset: Rows, name: str, key: str) -> Rows:
        return queryset.filter(property__in=self._refs("property", key))

    def by_source(self, queryset: Rows, name: str, key: str) -> Rows:
        links = read.links(self.as_of).filter(role=name, target_ref__in=self._refs("source", key))
        return queryset.filter(ref__in=links.values("ref"))

    def by_publisher(self, queryset: Rows, name: str, key: str) -> Rows:
        links = read.links(self.as_of)
        sources = links.filter(role="publisher", target_ref__in=self._refs("publisher", key)).values("ref")
        return queryset.filter(ref__in=links.filter(role="source", target_ref__in=sources).values("ref"))

    def by_language(self, queryset: Rows, name: str, tag: str) -> Rows:
        sources = read.listed("source", self.as_of).filter(_in_language(tag)).values("ref")
        links = read.links(self.as_of).filter(role="source", target_ref__in=sources)
        return queryset.filter(ref__in=links.values("ref"))

    def by_scope(self, queryset: Rows, name: str, wanted: list[str]) -> Rows:
        for one in wanted:
            dimension, _, term = one.partition(":")
            links = read.links(self.as_of).filter(
                role="scope", target_ref__in=self._refs("scope-dimension", dimension), detail=term
            )
            queryset = queryset.filter(ref__in=links.values("ref"))
        return queryset

    def by_unit(self, queryset: Rows, name: str, code: str) -> Rows:
        return queryset.filter(base_unit=_base_unit(code))

    def by_validity(self, queryset: Rows, name: str, day: edtf.DeskDate) -> Rows:
        return queryset.filter(
            valid_earliest__lte=day.latest or date.max, valid_latest__gte=day.earliest or date.min
        )

    def by_dispute(self, queryset: Rows, name: str, disputed: str) -> Rows:
        members = Q(ref__in=read.links(self.as_of).filter(role="member").values("target_ref"))
        return queryset.filter(members if disputed == "true" else ~members)

    def by_one_dispute(self, queryset: Rows, name: str, key: str) -> Rows:
        members = read.links(self.as_of).filter(role="member", ref__in=self._refs("dispute", key))
        return queryset.filter(ref__in=members.values("target_ref"))

    def passed(self, queryset: Rows, name: str, value: Any) -> Rows:
        """Taken together with others, in filter_queryset."""
        return queryset

    def by_words(self, queryset: Rows, name: str, text: str) -> Rows:
        return queryset.filter(record__in=matching(text, self.as_of, "claim").values("record"))

    def _within_amounts(self, queryset: Rows) -> Rows:
        """could: the true amount may lie in [min, max]; must: it cannot lie elsewhere. Ends are inclusive."""
        data = self.form.cleaned_data
        low, high = data.get("amount_min"), data.get("amount_max")
        if low is None and high is None:
            return queryset
        code = data.get("unit") or "count"
        queryset = queryset.filter(base_unit=_base_unit(code))
        low, high = (None if bound is None else base(bound, code)[0] for bound in (low, high))
        if data.get("bounds") == "must":
            if low is not None:
                queryset = queryset.filter(lower__gte=low)
            return queryset if high is None else queryset.filter(upper__lte=high)
        if low is not None:
            queryset = queryset.filter(Q(upper__gt=low) | Q(upper=low, upper_open=False))
        if high is not None:
            queryset = queryset.filter(Q(lower__lt=high) | Q(lower=high, lower_open=False))
        return queryset

    def _within_time(self, queryset: Rows) -> Rows:
        """Claims whose time overlaps the span from the start of time_from to the end of time_to."""
        start, end = self.form.cleaned_data.get("time_from"), self.form.cleaned_data.get("time_to")
        if start is None and end is None:
            return queryset
        queryset = queryset.filter(has_time=True)
        if start is not None and start.earliest is not None:
            queryset = queryset.filter(latest__gte=start.earliest)
        if end is not None and end.latest is not None:
            queryset = queryset.filter(earliest__lte=end.latest)
        return queryset


def with_subjects(rows: Rows, as_of: AsOf) -> Rows:
    """The rows with `subject_slug`, for sorting: the slug that the subject has, or had before it was merged, by its
    code points. A slug belongs to the subject, not to the claim's record, so no index holds the two together: sorting
    by it costs a look-up for each row that the filters leave."""
    said = Record.objects.filter(ref=OuterRef("subject"), edition_from__lte=as_of.number).exclude(thing=None)
    slug = Subquery(said.order_by("-edition_from").values("thing__slug")[:1])
    collation = "C" if connection.vendor == "postgresql" else "BINARY"
    return rows.annotate(subject_slug=Collate(Coalesce(slug, Value("")), collation))


def facet_counts(rows: QuerySet[Any], field: str) -> list[tuple[str, int]]:
    """How many of the first MOST_COUNTED of `rows` have each value of `field`, the most frequent first. One query."""
    counted = rows.order_by().values("pk")[:MOST_COUNTED]
    groups = rows.model._default_manager.filter(pk__in=counted).values(field).annotate(rows=Count("pk"))
    return [(value, count) for value, count in groups.order_by("-rows", field).values_list(field, "rows")]


def _in_language(tag: str) -> Q:
    """bn finds bn and bn-IN."""
    return Q(language=tag) | Q(language__startswith=f"{tag}-")


def _base_unit(code: str) -> str:
    return base(Decimal(0), code)[1]


class ThingFilter(AsOfFilterSet):
    """Filters that every list of something else than claims has."""

    q = filters.CharFilter(method="by_words", label=_("words of it, or of what it refers to"))
    kind_of_thing = ""

    class Meta:
        model = ThingIndex
        fields: tuple[str, ...] = ()

    def by_words(self, queryset: Things, name: str, text: str) -> Things:
        return queryset.filter(record__in=matching(text, self.as_of, self.kind_of_thing).values("record"))


class OneKindFilter(ThingFilter):
    """Filters of entities of one kind."""

    kind_of_thing = "entity"


class EntityFilter(ThingFilter):
    """Filters of entities of all kinds."""

    kind_of_thing = "entity"
    kind = filters.ChoiceFilter(field_name="subkind", choices=KINDS, label=_("kind of entity"))


class SourceFilter(ThingFilter):
    """Filters of sources."""

    kind_of_thing = "source"
    publisher = filters.CharFilter(method="by_publisher", label=_("slug or ref of the publisher"))
    language = LanguageFilter(method="by_language", label=_("language of the source"))
    source_type = filters.CharFilter(field_name="subkind", label=_("primary, secondary or tertiary"))

    def by_publisher(self, queryset: Things, name: str, key: str) -> Things:
        links = read.links(self.as_of).filter(role="publisher", target_ref__in=self._refs("publisher", key))
        return queryset.filter(ref__in=links.values("ref"))

    def by_language(self, queryset: Things, name: str, tag: str) -> Things:
        return queryset.filter(_in_language(tag))


class PropertyFilter(ThingFilter):
    """Filters of properties."""

    kind_of_thing = "property"
    data_type = filters.CharFilter(field_name="subkind", label=_("type of its values"))


class DisputeFilter(ThingFilter):
    """Filters of disputes."""

    kind_of_thing = "dispute"
    state = filters.CharFilter(field_name="subkind", label=_("state"))


class TimelineFilter(ThingFilter):
    """Filters of timelines."""

    kind_of_thing = "timeline"


OF_LISTS: Final[Mapping[str, type[AsOfFilterSet]]] = {  # by the plural that stands in an address
    "claims": ClaimFilter,
    "entities": EntityFilter,
    "sources": SourceFilter,
    "properties": PropertyFilter,
    "disputes": DisputeFilter,
    "timelines": TimelineFilter,
}
