"""What every root's admin has because it can be published: its standing, review, approval, withdrawal, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions, press, workflow
from claims.actions.claims import is_live
from claims.actions.presence import arrive, others
from claims.admin.comparing import compare_url
from claims.admin.conflicts import CONFLICT, settle
from claims.admin.histories import past, printed
from claims.admin.labels import label, long_label, saying, with_labels
from claims.admin.publishing import review_page
from claims.admin.standing import Standing, standings, with_standing
from claims.admin.submitted import sent_in
from claims.admin.talk import sent_back, talk_url
from claims.models import Embargo
from kb.admin import Children, How, RootAdmin, RootForm, Save
from kb.models import PUT_ASIDE, Root, StaleVersion, State

if TYPE_CHECKING:
    FieldMaker = admin.options.BaseModelAdmin[models.Model]
    StandingBase = admin.SimpleListFilter
else:
    FieldMaker, StandingBase = object, admin.SimpleListFilter


class Labelled(FieldMaker):
    """Pickers that call things what people call them."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return _labelled(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return _labelled(super().formfield_for_manytomany(db_field, request, **kwargs))


def _labelled(field: Any) -> Any:
    if isinstance(field, forms.ModelChoiceField):
        field.label_from_instance = long_label  # type: ignore[method-assign,assignment]
        if field.queryset is not None:
            field.queryset = with_labels(field.queryset)
    return field


class LabelledChildren(Labelled, Children):
    """An inline whose pickers call things what people call them."""


class StandingFilter(StandingBase):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Standing.choices)

    def queryset(self, request: Any, queryset: Any) -> Any:
        return with_standing(queryset, self.value() or "")


class DeskAdmin(Labelled, RootAdmin):
    """An aggregate root that the press can print."""

    change_form_template = "admin/root_change_form.html"
    object_history_template = "admin/root_history.html"
    actions: Any = ("review_selected",)
    form: Any = RootForm
    list_display: Any = ("__str__",)
    prose_search = ""  # the text per language that search looks into as well
    list_filter: ClassVar[Any] = (StandingFilter, "state")

    # Lists ------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset = super().get_queryset(request)
        match = request.resolver_match
        return (
            self.for_list(queryset) if match and (match.url_name or "").endswith("_changelist") else queryset
        )

    def for_list(self, queryset: Any) -> Any:
        """With what the list's columns read."""
        return with_labels(queryset)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if not self.prose_search or not search_term.strip():
            return found, duplicates
        said = saying(queryset.model, self.prose_search, search_term)
        chosen = models.Q(pk__in=found.order_by().values("pk")) | models.Q(pk__in=said)
        return queryset.filter(chosen), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page: Any = super().get_changelist_instance(request)
        page.result_list = list(page.result_list)
        page.title = capfirst(page.opts.verbose_name_plural)
        known = standings(page.result_list)
        for root in page.result_list:
            vars(root)["standing"] = known[root.ref]
        return page

    @admin.display(description=gettext_lazy("standing"), ordering="state")
    def standing(self, root: Root) -> SafeString:
        """What readers have of it and, unless it is approved, where the desk's version stands."""
        found: Standing = vars(root)["standing"]
        state = State(root.state)
        desk = "" if state == State.APPROVED else state.label
        return format_html(
            '<span class="standing {}">{}</span> {} <a class="compare" href="{}">{}</a>',
            found.value, found.label, desk, compare_url(root), _("Compare"),
        )  # fmt: skip

    @admin.action(description=gettext_lazy("Review selected…"), permissions=["review"])
    def review_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        refs = list(queryset.values_list("ref", flat=True))
        return review_page(self.admin_site, request, refs)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return permissions.can_publish(request.user) or permissions.can_approve(request.user)

    # Forms ------------------------------------------------------------------------------------------------

    def next_states(self, root: Root | None) -> Sequence[tuple[str, Any]]:
        allowed = workflow.after_saving(State(root.state) if root else None)
        return [(state.value, state.label) for state in allowed]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        gone = form.cleaned_data["next_state"] in PUT_ASIDE
        if change and gone and is_live(form.instance.ref):
            raise ValidationError({"next_state": _("Readers see this: withdraw it before it is put aside.")})
        super().save_related(request, form, formsets, change)

    def render_change_form(
        self,
        request: Any,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None:
            user, query = request.user, urlencode({"ref": obj.ref})
            stored = press.ROOTS[obj.KIND]._default_manager.get(
                pk=obj.pk
            )  # obj holds what a refused form says
            standing = standings([stored])[obj.ref]
            context |= {
                "standing": standing,
                "desk_state": State(stored.state).label,
                "version": stored.version,
                "faults": press.unpublishable(stored),
                "embargo": Embargo.objects.standing(timezone.now()).filter(ref=obj.ref).first(),
                "sent_back": sent_back(stored),
                "sent_in": sent_in(stored),
                "talk_url": talk_url(stored),
                "may_publish": permissions.can_publish(user),
                "review_url": f"{reverse('admin:review')}?{query}"
                if self.has_review_permission(request)
                else "",
                "withdraw_url": f"{reverse('admin:withdraw')}?{query}"
                if permissions.can_publish(user) and is_live(obj.ref)
                else "",
                "can_approve": stored.version != stored.printed_version
                and not (hands := press.hands([stored])[stored.ref]).approved
                and permissions.can_approve_root(user, stored, hands.writers),
                "subtitle": label(stored),
                "compare_url": compare_url(stored),
                "conflict": request.__dict__.get(CONFLICT),
                **self._visitors(request, stored),
            }
        if "stale" in context:
            context["errors"] = None  # nothing in the form is wrong: the section on top says all
        context["draft_place"] = obj.ref if obj is not None else self.opts.label_lower
        context["may_edit"] = (
            self.has_change_permission(request, obj) if change else self.has_add_permission(request)
        )
        return super().render_change_form(
            request, context, add=add, change=change, form_url=form_url, obj=obj
        )

    def _visitors(self, request: HttpRequest, root: Root) -> dict[str, Any]:
        """Who else has the form open; who looks at it to change it is written down as here."""
        if not self.has_change_permission(request, root):
            return {}
        now, user = timezone.now(), cast(User, request.user)
        arrive(root.ref, by=user, at=now)
        return {
            "presence_url": reverse("admin:presence", args=[root.ref]),
            "others": others(root.ref, than=user, at=now),
        }

    def save_stale(self, request: HttpRequest, stale: StaleVersion, save: Save, how: How) -> Root:
        return settle(request, stale, save, how)

    # History ----------------------------------------------------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        root = self.get_object(request, object_id)
        if root is not None and not self.has_view_or_change_permission(request, root):
            raise PermissionDenied
        context = dict(extra_context or {})
        if root is not None:
            before = request.GET.get("before", "")
            pages, more = past(
                root,
                before=int(before) if before.isascii() and before.isdigit() else None,
                may_revert=self.has_change_permission(request, root),
            )
            context |= {
                "title": _("History: %(thing)s") % {"thing": label(root)},
                "root_label": label(root),
                "past": pages,
                "more": more,
                "printed": printed(root, may_reverse=permissions.can_publish(request.user)),
                "compare_page": compare_url(root),
            }
        return super().history_view(request, object_id, context)
