"""Disputes with their members, and timelines with their rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from claims.actions.disputes import DisputeDraft, save_dispute
from claims.actions.timelines import TimelineDraft, save_timeline
from claims.admin.counting import counted
from claims.admin.desk import DeskAdmin, LabelledChildren, StandingFilter
from claims.admin.disputed import held, joining, members_of
from claims.admin.labels import label
from claims.admin.suspicions import beginning
from claims.models import Claim, Dispute, DisputeMember, Timeline, TimelineEra
from kb.admin import Cleaned, How, RootForm
from kb.lib.spoken import numeral
from kb.models import Root


class MemberInline(LabelledChildren):
    model = DisputeMember
    template = "admin/edit_inline/rows.html"
    fields = ("claim", "note")
    autocomplete_fields = ("claim",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        more = super().get_extra(request, obj, **kwargs)
        if request.method == "POST":
            return more
        if obj is not None:
            return more + len(joining(request, obj))
        begun = beginning(request)
        return more + (len(begun.members) if begun else 0)


class DisputeForm(RootForm):
    needed = ("question",)


class DisputeAdmin(DeskAdmin):
    form = DisputeForm
    change_form_template = "admin/dispute_change_form.html"
    inlines = (MemberInline,)
    list_display = ("asked", "verdict", "member_number", "standing")
    list_filter = (StandingFilter, "state", "verdict")
    search_fields = ("slug", "ref")
    prose_search = "question"
    fieldsets = (
        (None, {"fields": ("question", "slug")}),
        (_("Where it stands"), {"fields": ("verdict", "reason", "answer")}),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        begun = beginning(request)
        return begun.fields if begun else super().get_changeform_initial_data(request)

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The members that a new dispute begins with, or that join one; a form that was sent brings its own."""
        found: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if request.method != "POST":
            found["initial"] = [{"claim": claim.pk} for claim in self._brought(request, obj)]
        return found

    def _brought(self, request: HttpRequest, dispute: Any) -> Sequence[Claim]:
        if dispute is not None and dispute.pk:
            return joining(request, dispute)
        begun = beginning(request)
        return begun.members if begun else ()

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        dispute = kwargs.get("obj")
        if request.method != "POST":
            begun = None if dispute is not None else beginning(request)
            context["held"] = begun.disputes if begun else ()
            context["joining"] = joining(request, dispute) if dispute is not None else ()
        return super().render_change_form(request, context, *args, **kwargs)

    def for_list(self, queryset: Any) -> Any:
        return queryset.annotate(member_count=counted(DisputeMember, "dispute"))

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        draft = DisputeDraft(
            slug=own["slug"],
            question=own["question"],
            verdict=own["verdict"],
            answer=own["answer"],
            reason=own["reason"],
            members=[(one["claim"], one["note"]) for one in children["members"]],
        )
        if how["ref"] is None:
            _refuse_a_second(draft)
        return save_dispute(draft, **how)

    @admin.display(description=_("question"), ordering="slug")
    def asked(self, dispute: Dispute) -> str:
        return label(dispute)

    @admin.display(description=_("claims"), ordering="member_count")
    def member_number(self, dispute: Any) -> str:
        return numeral(dispute.member_count)


def _refuse_a_second(draft: DisputeDraft) -> None:
    """A new dispute has a claim that no other dispute has together with its others. Raises ValidationError."""
    refs = {claim.ref for claim, _note in draft.members}
    found = [one for one in held(refs, members_of(refs)) if one.whole] if refs else []
    if found:
        said = _("All its claims are in one dispute already; change that one, or add another claim here:")
        raise ValidationError(format_html('{} <a href="{}">{}</a>', said, found[0].url, found[0].label))


class TimelineForm(RootForm):
    needed = ("title",)


class EraInline(LabelledChildren):
    model = TimelineEra
    template = "admin/edit_inline/rows.html"
    fields = ("label", "time")
    extra = 0


class TimelineAdmin(DeskAdmin):
    form = TimelineForm
    inlines = (EraInline,)
    autocomplete_fields = ("entities", "properties", "pinned", "excluded")
    list_display = ("titled", "slug", "about", "standing")
    search_fields = ("slug", "ref")
    prose_search = "title"
    fieldsets = (
        (None, {"fields": ("title", "slug", "description")}),
        (
            _("Which claims"),
            {
                "fields": ("entities", "properties", "pinned", "excluded"),
                "description": _(
                    "Claims about any of these entities, by any of these properties, that have a time."
                ),
            },
        ),
    )

    def for_list(self, queryset: Any) -> Any:
        return queryset.prefetch_related("entities__names")

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        names = ("slug", "title", "description", "entities", "properties", "pinned", "excluded")
        eras = [(one["label"], one["time"]) for one in children["eras"]]
        return save_timeline(TimelineDraft(**{name: own[name] for name in names}, eras=eras), **how)

    @admin.display(description=_("title"), ordering="slug")
    def titled(self, timeline: Timeline) -> str:
        return str(timeline)

    @admin.display(description=_("about"))
    def about(self, timeline: Timeline) -> str:
        return ", ".join(label(entity) for entity in timeline.entities.all())
