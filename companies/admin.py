"""Entities on the desk: names and identifiers inline, found in every script.

Nothing is registered here. Who refers to an entity, and whether it is published, are not the registry's to know:
claims.admin.entities adds both, and registers each kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from companies.actions import EntityDraft, IdentifierDraft, NameDraft, save_entity
from companies.models import Entity, Identifier, Name
from kb.admin import Cleaned, How, RootAdmin, RootForm, Rows
from kb.lib.prose import FALLBACK
from kb.lib.refs import is_ref
from kb.lib.text import fold
from kb.models import Root

LONGEST_SLUG: Final = 60  # of one made of a name


def called(text: str) -> Q:
    """The condition on entities that every word of `text` stands in one of their names, in any script."""
    found = Q()
    for word in fold(text).split():
        found &= Q(pk__in=Name.objects.filter(folded__contains=word).values("entity"))
    return found


def slug_of(names: Sequence[NameDraft]) -> str:
    """A slug out of the first label in Latin script, an English one before others; "" where there is none."""
    order = sorted(names, key=lambda name: (name.role != Name.Role.LABEL, name.language != FALLBACK))
    return next(
        (slug for slug in (slugify(fold(name.text))[:LONGEST_SLUG].strip("-") for name in order) if slug), ""
    )


def _made_of(names: Sequence[NameDraft]) -> str:
    """A slug for an entry that has none yet. Raises ValidationError where its names give none, or one that is taken."""
    slug = slug_of(names)
    if not slug:
        raise ValidationError({"slug": _("No slug can be made of these names: write one in Latin letters.")})
    if Entity.objects.filter(slug=slug).exists():
        said = _(
            "An entry has the slug “%(slug)s” already. Is it the same thing? If not, write another slug here."
        )
        raise ValidationError({"slug": said % {"slug": slug}})
    return slug


class NameInline(Rows):
    model = Name
    fields = ("text", "language", "role")
    explanation = _("A label in each language you know, then aliases and spellings one may meet in a text.")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return int(request.method != "POST" and obj is None) or super().get_extra(request, obj, **kwargs)


class IdentifierInline(Rows):
    model = Identifier
    fields = ("scheme", "value")


class EntityForm(RootForm):
    """A new entry may leave its slug to its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            field = self.fields["slug"]
            field.required = self.instance.pk is not None
            field.help_text = _("Its readable name in addresses: small letters, digits and hyphens.")
            if not field.required:
                field.help_text = _(
                    "Its readable name in addresses: small letters, digits and hyphens. Left empty, it is made of "
                    "its first name below."
                )


class EntityAdmin(RootAdmin):
    """One kind of entity, or all of them."""

    form: Any = EntityForm
    inlines = (NameInline, IdentifierInline)
    fieldsets = ((None, {"fields": ("description", "slug")}),)
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
        names = [
            NameDraft(text=one["text"], language=one["language"], role=one["role"])
            for one in children["names"]
        ]
        draft = EntityDraft(
            kind=own.get("kind") or cast(Entity, root).kind,
            slug=own["slug"] or _made_of(names),
            names=names,
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
