"""A claim's evidence, scope and links, inline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.admin.asking import property_of, terms_by_dimension
from claims.admin.desk import LabelledChildren
from claims.admin.drifting import beginning
from claims.admin.quotes import NotPinned, place
from claims.models import ClaimLink, ClaimScope, Drift, Evidence, ScopeTerm, Snapshot, Source
from kb.admin import ChildForm, ChildFormSet
from kb.lib.forms import QuoteField, TicksField

if TYPE_CHECKING:
    TermField = forms.ModelChoiceField[ScopeTerm]
else:
    TermField = forms.ModelChoiceField


class EvidenceForm(ChildForm):
    """One source's word. A quote without offsets is pinned to where its words stand in the snapshot."""

    drift = TicksField(label=gettext_lazy("Drift"), choices=Drift.choices)
    exact = QuoteField(label=gettext_lazy("Quote"), required=False)
    prefix = QuoteField(  # type: ignore[assignment]  # a field of this name; the form's own prefix stays its own
        label=gettext_lazy("Before it"), required=False
    )
    suffix = QuoteField(label=gettext_lazy("After it"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("exact"):
            return cleaned
        source: Source | None = cleaned.get("source")
        snapshot: Snapshot | None = cleaned.get("snapshot")
        if snapshot is None and source is not None and "snapshot" not in self.errors:
            snapshot = cleaned["snapshot"] = source.snapshots.order_by("position").last()
            if snapshot is None:
                self.add_error("exact", _("This source has no snapshot: capture it, or use the locator."))
        if snapshot is not None and cleaned.get("start") is None and cleaned.get("end") is None:
            self._pin(snapshot, cleaned)
        return cleaned

    @property
    def heading(self) -> str:
        """A row that a refused form brings back has no caption of its own: it is called by its source."""
        return self.caption or str(getattr(self, "cleaned_data", {}).get("source") or "")

    def _pin(self, snapshot: Snapshot, cleaned: dict[str, Any]) -> None:
        text = snapshot.text()
        if text is None:
            self.add_error("start", _("The text is not held here, so its offsets have to be given."))
            return
        try:
            cleaned["start"], cleaned["end"] = place(
                text, cleaned["exact"], cleaned.get("prefix", ""), cleaned.get("suffix", "")
            )
        except NotPinned as fault:
            self.add_error("exact", str(fault))


class ClaimChildren(LabelledChildren):
    """Children of a claim; a new claim may begin with some (?drifted=)."""

    begun_as: ClassVar[str] = ""
    open_rows: ClassVar[int] = 0  # empty ones on a new claim

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        more = super().get_extra(request, obj, **kwargs)
        if request.method == "POST" or obj:
            return more
        begun = beginning(request)
        return more + (len(begun.of(self.begun_as)) if begun else self.open_rows)


class EvidenceInline(ClaimChildren):
    model = Evidence
    begun_as = "evidence"
    open_rows = 1
    form = EvidenceForm
    template = "admin/edit_inline/cards.html"
    autocomplete_fields = ("source", "figure_source", "snapshot")
    aliases = {"quote": "exact"}
    fieldsets = (
        (None, {"fields": ("source", ("stance", "original_value"))}),
        (
            gettext_lazy("Quote"),
            {
                "fields": (
                    "exact",
                    ("prefix", "suffix"),
                    ("snapshot", "start", "end"),
                    "locator",
                    "translation",
                ),
                "description": gettext_lazy(
                    "The source's own words. Leave start and end empty and they are counted, where the text is held."
                ),
            },
        ),
        (gettext_lazy("Reading it"), {"fields": ("figure_source", "drift", "note")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source")


class GroupedTerms(TermField):
    """The terms of every dimension, grouped; read once for all rows of a page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ScopeTerm.objects.select_related("dimension"), **kwargs)


class ScopeForm(ChildForm):
    term = GroupedTerms(label=gettext_lazy("Term"))


class ScopeFormSet(ChildFormSet):
    property_key: ClassVar[int | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.terms = terms_by_dimension(self.property_key)
        super().__init__(*args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["term"].widget.choices = self.terms

    def clean(self) -> None:
        super().clean()
        given = [
            form.cleaned_data["term"].dimension
            for form in self.wanted_forms()
            if form.cleaned_data.get("term")
        ]
        twice = sorted({str(one) for one in given if given.count(one) > 1})
        if twice:
            raise ValidationError(
                _("One term a dimension: %(names)s stands twice.") % {"names": ", ".join(twice)}
            )


class ScopeInline(ClaimChildren):
    model = ClaimScope
    begun_as = "scope"
    open_rows = 1
    explanation = gettext_lazy(
        "What the figure covers, so that nobody compares what differs: a price "
        "“before tax”, a cost “equipment only”. One term a dimension; a property may require some."
    )
    form = ScopeForm
    formset = ScopeFormSet
    template = "admin/edit_inline/rows.html"
    fields = ("term",)
    in_order = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("dimension", "term__dimension")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.property_key = property_of(request, obj)
        return formset


class LinkInline(ClaimChildren):
    model = ClaimLink
    begun_as = "links"
    fk_name = "claim"
    template = "admin/edit_inline/rows.html"
    fields = ("relation", "target")
    autocomplete_fields = ("target",)
    in_order = False
