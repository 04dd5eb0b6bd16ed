"""Entities on the desk: names and identifiers inline, found in every script.

Nothing is registered here. Who refers to an entity, and whether it is published, are not the registry's to know:
claims.admin.entities adds both, and registers each kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from companies.actions import EntityDraft, IdentifierDraft, NameDraft, save_entity
from companies.models import Entity, Identifier, Name
from kb.admin import Cleaned, How, RootAdmin, Rows
from kb.lib.prose import FALLBACK
from kb.lib.refs import is_ref
from kb.lib.text import fold
from kb.models import Root


def called(text: str) -> Q:
    """The condition on entities that every word of `text` stands in one of their names, in any script."""
    found = Q()
    for word in fold(text).split():
        found &= Q(pk__in=Name.objects.filter(folded__contains=word).values("entity"))
    return found


class NameInline(Rows):
    model = Name
    fields = ("text", "language", "role")


class IdentifierInline(Rows):
    model = Identifier
    fields = ("scheme", "value")


class EntityAdmin(RootAdmin):
    """One kind of entity, or all of them."""

    inlines = (NameInline, IdentifierInline)
    fieldsets = ((None, {"fields": ("slug", "description")}),)
    list_display: Any = ("label", "other_names", "identifier_list")
    list_display_links = ("label",)
    search_fields = ("slug",)
    search_help_text = _("A name in any language and script, an identifier, a slug or a ref.")
    ordering = ("slug",)

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        return queryset.prefetch_related("names", "identifiers")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if is_ref(term):
            return queryset.filter(ref=term), False
        found = Q(slug__contains=term.casefold()) | Q(
            pk__in=Identifier.objects.filter(value__iexact=term).values("entity")
        )
        return queryset.filter(found | called(term) if fold(term) else found), False

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        draft = EntityDraft(
            kind=own.get("kind") or cast(Entity, root).kind,
            slug=own["slug"],
            names=[
                NameDraft(text=one["text"], language=one["language"], role=one["role"])
                for one in children["names"]
            ],
            identifiers=[
                IdentifierDraft(scheme=one["scheme"], value=one["value"]) for one in children["identifiers"]
            ],
            description=own["description"],
        )
        return self.save_draft(draft, how)

    def save_draft(self, draft: EntityDraft, how: How) -> Entity:
        return save_entity(draft, **how)

    @admin.display(description=_("label"), ordering="slug")
    def label(self, entity: Entity) -> str:
        return format_html('<span lang="{}">{}</span>', FALLBACK, entity.label())

    @admin.display(description=_("in other languages"))
    def other_names(self, entity: Entity) -> str:
        english = entity.label()
        others = [
            (name.language, name.text)
            for name in entity.names.all()
            if name.role in (Name.Role.LABEL, Name.Role.TRANSLITERATION) and name.text != english
        ]
        return format_html_join(" · ", '<span lang="{}">{}</span>', others[:6])

    @admin.display(description=_("identifiers"))
    def identifier_list(self, entity: Entity) -> str:
        found = [(one.scheme, one.value) for one in entity.identifiers.all()]
        return format_html_join(" ", '<span class="identifier">{} <b>{}</b></span>', found[:4])
