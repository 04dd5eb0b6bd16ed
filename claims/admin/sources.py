"""Sources and their publishers. Snapshots come by capture and are only shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.actions.sources import PublisherDraft, SourceDraft, save_publisher, save_source
from claims.admin import drifting
from claims.admin.counting import counted
from claims.admin.desk import DeskAdmin, StandingFilter
from claims.admin.relatives import relatives
from claims.admin.spreadsheets import Exchange
from claims.models import Claim, Evidence, Snapshot, Source, SourceIdentifier
from claims.permissions import can_edit
from kb.admin import Cleaned, How, Rows
from kb.models import Root

if TYPE_CHECKING:
    SnapshotBase = admin.ModelAdmin[Snapshot]
    SnapshotInlineBase = admin.TabularInline[Snapshot, Source]
else:
    SnapshotBase, SnapshotInlineBase = admin.ModelAdmin, admin.TabularInline


def reading_url(source: Source) -> str:
    """Where the source is read."""
    return reverse("admin:claims_source_read", args=[source.ref])


class ReadOnly:
    """What comes by capture: seen by who may see sources, changed by nobody."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return any(request.user.has_perm(f"claims.{verb}_source") for verb in ("view", "change"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SnapshotInline(ReadOnly, SnapshotInlineBase):
    model = Snapshot
    template = "admin/edit_inline/snapshots.html"
    fields = ("retrieved_on", "media_type", "characters", "text_sha256")
    extra = 0


class SnapshotAdmin(ReadOnly, SnapshotBase):
    """Registered so that evidence can pick one; not on the index."""

    list_display = ("__str__", "of_source", "characters", "retrieved_on")
    list_select_related = ("source",)
    search_fields = ("source__title", "source__slug", "text_sha256")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Snapshot]:
        return super().get_queryset(request).select_related("source")

    @admin.display(description=_("source"), ordering="source__title")
    def of_source(self, snapshot: Snapshot) -> str:
        return snapshot.source.title

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


class SourceIdentifierInline(Rows):
    model = SourceIdentifier
    fields = ("scheme", "value")


class SourceAdmin(Exchange, DeskAdmin):
    change_form_template = "admin/source_change_form.html"
    inlines = (SourceIdentifierInline, SnapshotInline)
    autocomplete_fields = ("publisher", "derived_from")
    list_display = (
        "heading", "reading", "standing", "publisher", "published_on", "source_type", "origin", "quoting"
    )  # fmt: skip
    list_display_links = ("heading",)
    list_filter = (StandingFilter, "state", "source_type", "language", "derivation")
    search_fields = ("title", "slug", "ref", "url", "publisher__name", "identifiers__value")
    search_help_text = _("A title, a publisher, an address, an identifier, a slug or a ref.")
    fieldsets = (
        (None, {"fields": ("title", ("language", "source_type"), "slug", "url")}),
        (
            _("Where it comes from"),
            {"fields": ("publisher", "authors", "published_on", ("derived_from", "derivation"))},
        ),
        (None, {"fields": ("note",)}),
    )

    def for_list(self, queryset: Any) -> Any:
        return queryset.select_related("publisher", "derived_from").annotate(
            claim_count=counted(Evidence, "source", different="claim"),
            has_copy=Exists(Snapshot.objects.filter(source=OuterRef("pk"))),
        )

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        source: Source | None = kwargs.get("obj")
        if source is not None and source.snapshots.exists():
            context["read_url"] = reading_url(source)
        stored = (
            Source.objects.select_related("derived_from").filter(pk=source.pk).first() if source else None
        )
        context["relatives"] = relatives(stored) if stored else None
        context["drift"] = drifting.rows(stored) if stored else []
        context["may_note_drift"] = can_edit(request.user, Claim)
        context["may_add_claim"] = request.user.has_perm("claims.add_claim")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        draft = SourceDraft(
            **{
                name: own[name]
                for name in (
                    "slug", "title", "language", "source_type", "publisher", "authors", "url", "published_on",
                    "derived_from", "derivation", "note",
                )
            },
            identifiers=[(one["scheme"], one["value"]) for one in children["identifiers"]],
        )  # fmt: skip
        return save_source(draft, **how)

    @admin.display(description=_("title"), ordering="title")
    def heading(self, source: Source) -> SafeString:
        return format_html('<span lang="{}" dir="auto">{}</span>', source.language, source.title)

    @admin.display(description=_("text"))
    def reading(self, source: Any) -> str:
        return format_html('<a href="{}">{}</a>', reading_url(source), _("read")) if source.has_copy else ""

    @admin.display(description=_("derived from"), ordering="derived_from__slug")
    def origin(self, source: Source) -> str:
        if source.derived_from is None:
            return ""
        return format_html("{}: {}", source.get_derivation_display(), source.derived_from.title)

    @admin.display(description=_("claims"), ordering="claim_count")
    def quoting(self, source: Any) -> str:
        if not source.claim_count:
            return "0"
        return format_html(
            '<a href="../claim/?evidence__source__id__exact={}">{}</a>', source.pk, source.claim_count
        )


class PublisherAdmin(DeskAdmin):
    list_display = ("name", "reliability", "graded_on", "source_number", "standing")
    list_filter = (StandingFilter, "state", "reliability")
    search_fields = ("name", "slug", "ref", "url")
    fieldsets = (
        (None, {"fields": ("name", "slug", "url")}),
        (_("Grade"), {"fields": (("reliability", "graded_on"), "rationale")}),
    )

    def for_list(self, queryset: Any) -> Any:
        return queryset.annotate(source_count=counted(Source, "publisher"))

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        names = ("slug", "name", "url", "reliability", "rationale", "graded_on")
        return save_publisher(PublisherDraft(**{name: own[name] for name in names}), **how)

    @admin.display(description=_("sources"), ordering="source_count")
    def source_number(self, publisher: Any) -> int:
        return int(publisher.source_count)
