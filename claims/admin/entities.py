"""The registry's kinds as one works with them: with what is claimed about them, and by them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from claims import permissions
from claims.actions.entities import save_entity
from claims.admin.counting import counted
from claims.admin.desk import DeskAdmin, StandingFilter
from claims.admin.judging import likeness_view, merge_url, merge_view, merging_url, split_url, weighed
from claims.admin.splitting import split_view
from claims.admin.spreadsheets import Exchange
from claims.admin.usage import judgements, uses
from claims.models import Claim
from companies.actions import EntityDraft
from companies.admin import EntityAdmin, EntityForm
from companies.models import Entity
from kb.admin import How
from kb.lib.spoken import numeral


class DeskEntityAdmin(Exchange, DeskAdmin, EntityAdmin):
    """What all kinds share; each adds the columns that say most about it."""

    form: Any = EntityForm
    change_form_template = "admin/entity_change_form.html"
    change_list_template = "admin/entity_change_list.html"
    actions: Any = (*DeskAdmin.actions, "merge_selected")

    def save_draft(self, draft: EntityDraft, how: How) -> Entity:
        return save_entity(draft, **how)

    def for_list(self, queryset: Any) -> Any:
        return queryset.annotate(
            claims_about=counted(Claim, "subject"),
            claims_naming=counted(Claim, "value_entity"),
            claims_by=counted(Claim, "asserted_by"),
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        match = request.resolver_match
        picking = match is not None and match.url_name == "autocomplete"
        return found.filter(merged_into=None) if picking else found, duplicates

    @admin.action(description=_("Merge the two selected…"), permissions=["change"])
    def merge_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        chosen = list(weighed(Entity.objects.filter(pk__in=queryset.values("pk")))[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Select two entries to merge."), messages.WARNING)
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(merging_url(*chosen))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = permissions.can_edit(request.user, Entity)
        context = {"likeness_url": reverse("admin:companies_entity_likeness") if may else ""}
        return super().changelist_view(request, context | (extra_context or {}))

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        entity: Entity | None = kwargs.get("obj")
        if entity is not None:
            context |= {
                "uses": uses(entity),
                "judgements": judgements(entity),
                "heir": entity.merged_into,
            }
            if permissions.can_edit(request.user, Entity):
                context |= {"merge_url": merge_url(entity), "split_url": split_url(entity)}
        return super().render_change_form(request, context, *args, **kwargs)

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
            return format_html('<span class="quiet">{}</span>', numeral(0))
        return format_html(
            '<a href="../../claims/claim/?{}__id__exact={}">{}</a>', field, entity.pk, numeral(number)
        )


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
    fieldsets = ((None, {"fields": ("kind", "description", "slug")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind",) if obj is not None else ()

    def get_urls(self) -> list[Any]:
        pages = {"merge": merge_view, "split": split_view, "likeness": likeness_view}
        return [
            path(
                f"{name}/",
                self.admin_site.admin_view(partial(view, self.admin_site)),
                name=f"companies_entity_{name}",
            )
            for name, view in pages.items()
        ] + super().get_urls()
