"""The registry's kinds as one works with them: with what is claimed about them, and by them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from claims.admin.desk import DeskAdmin, StandingFilter
from claims.models import Claim
from companies.admin import EntityAdmin
from companies.models import Entity


def _number(field: str) -> Coalesce:
    """How many claims refer to an entity by `field`."""
    counted = (
        Claim.objects.filter(**{field: OuterRef("pk")}).order_by().values(field).annotate(number=Count("pk"))
    )
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), Value(0))


class DeskEntityAdmin(DeskAdmin, EntityAdmin):
    """What all kinds share; each adds the columns that say most about it."""

    def for_list(self, queryset: Any) -> Any:
        return queryset.annotate(
            claims_about=_number("subject"),
            claims_naming=_number("value_entity"),
            claims_by=_number("asserted_by"),
        )

    @admin.display(description=_("claims about it"), ordering="claims_about")
    def about(self, entity: Any) -> str:
        return self._claims_link(entity, "subject", entity.claims_about)

    @admin.display(description=_("named as a value"), ordering="claims_naming")
    def naming(self, entity: Any) -> str:
        return self._claims_link(entity, "value_entity", entity.claims_naming)

    @admin.display(description=_("claims by it"), ordering="claims_by")
    def asserting(self, entity: Any) -> str:
        return self._claims_link(entity, "asserted_by", entity.claims_by)

    def _claims_link(self, entity: Entity, field: str, number: int) -> str:
        if not number:
            return format_html('<span class="quiet">{}</span>', 0)
        return format_html('<a href="../../claims/claim/?{}__id__exact={}">{}</a>', field, entity.pk, number)


NAMES = ("label", "other_names", "identifier_list")
STATE = ("standing",)


class CompanyAdmin(DeskEntityAdmin):
    list_display = (*NAMES, "about", "asserting", *STATE)


class HardwareAdmin(DeskEntityAdmin):
    list_display = (*NAMES, "about", "naming", *STATE)


class AIModelAdmin(DeskEntityAdmin):
    list_display = (*NAMES, "about", "naming", *STATE)


class OrganizationAdmin(DeskEntityAdmin):
    list_display = (*NAMES, "about", "asserting", *STATE)


class PersonAdmin(DeskEntityAdmin):
    list_display = (*NAMES, "about", "asserting", *STATE)


class TechniqueAdmin(DeskEntityAdmin):
    list_display = ("label", "other_names", "about", "naming", *STATE)


class PolicyAdmin(DeskEntityAdmin):
    list_display = ("label", "other_names", "about", "naming", *STATE)


class EventAdmin(DeskEntityAdmin):
    list_display = ("label", "other_names", "about", *STATE)


class FacilityAdmin(DeskEntityAdmin):
    list_display = ("label", "other_names", "about", "naming", *STATE)


class PublicationAdmin(DeskEntityAdmin):
    list_display = (*NAMES, "asserting", "about", *STATE)


class EveryEntityAdmin(DeskEntityAdmin):
    """All kinds together: where pickers look, and where the kind itself is chosen."""

    list_display = ("label", "kind", "other_names", "identifier_list", "about", *STATE)
    list_filter = ("kind", StandingFilter, "state")
    fieldsets = ((None, {"fields": ("kind", "slug", "description")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind",) if obj is not None else ()
