"""Properties and scope dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.actions.vocabulary import DimensionDraft, PropertyDraft, TermDraft, save_dimension, save_property
from claims.admin.counting import counted
from claims.admin.desk import DeskAdmin, StandingFilter
from claims.admin.labels import label
from claims.models import Claim, Property, ScopeDimension, ScopeTerm
from companies.models import Entity
from kb.admin import Cards, Cleaned, How, RootForm
from kb.lib.forms import TicksField
from kb.models import Root


class PropertyForm(RootForm):
    subject_kinds = TicksField(
        label=_("Subject kinds"), choices=Entity.Kind.choices, help_text=_("None ticked: of anything.")
    )

    class Meta:
        widgets = {"required_scope": forms.CheckboxSelectMultiple}


class PropertyAdmin(DeskAdmin):
    form = PropertyForm
    list_display = (
        "called", "slug", "data_type", "unit_dimension", "requires", "claim_number", "standing"
    )  # fmt: skip
    list_filter = (StandingFilter, "state", "data_type", "unit_dimension", "event", "functional")
    search_fields = ("slug", "ref")
    prose_search = "labels"
    fieldsets = (
        (None, {"fields": ("labels", "slug", "description")}),
        (
            _("What it takes"),
            {
                "fields": (
                    ("data_type", "unit_dimension"), "unit_label", "subject_kinds", "required_scope",
                    ("functional", "event"),
                )
            },
        ),
        (_("In a sentence"), {"fields": ("sentence",)}),
    )  # fmt: skip

    def for_list(self, queryset: Any) -> Any:
        return queryset.prefetch_related("required_scope").annotate(claim_count=counted(Claim, "property"))

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        names = (
            "slug", "labels", "data_type", "unit_dimension", "subject_kinds", "required_scope", "description",
            "sentence", "unit_label", "functional", "event",
        )  # fmt: skip
        return save_property(PropertyDraft(**{name: own[name] for name in names}), **how)

    @admin.display(description=_("label"), ordering="slug")
    def called(self, prop: Property) -> str:
        return label(prop)

    @admin.display(description=_("requires"))
    def requires(self, prop: Property) -> str:
        return ", ".join(str(dimension) for dimension in prop.required_scope.all())

    @admin.display(description=_("claims"), ordering="claim_count")
    def claim_number(self, prop: Any) -> int:
        return int(prop.claim_count)


class TermInline(Cards):
    model = ScopeTerm
    fields = ("slug", "labels", "description")


class ScopeDimensionAdmin(DeskAdmin):
    inlines = (TermInline,)
    list_display = ("called", "slug", "term_list", "standing")
    search_fields = ("slug", "terms__slug", "ref")
    prose_search = "labels"
    fieldsets = ((None, {"fields": ("labels", "slug", "description")}),)

    def for_list(self, queryset: Any) -> Any:
        return queryset.prefetch_related("terms")

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        draft = DimensionDraft(
            slug=own["slug"],
            labels=own["labels"],
            description=own["description"],
            terms=[
                TermDraft(slug=one["slug"], labels=one["labels"], description=one["description"])
                for one in children["terms"]
            ],
        )
        return save_dimension(draft, **how)

    @admin.display(description=_("label"), ordering="slug")
    def called(self, dimension: ScopeDimension) -> str:
        return str(dimension)

    @admin.display(description=_("terms"))
    def term_list(self, dimension: ScopeDimension) -> str:
        return ", ".join(str(term) for term in dimension.terms.all())
