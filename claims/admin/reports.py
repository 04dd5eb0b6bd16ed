"""Readers' reports at the desk: the queue, one letter, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.reports import close
from claims.admin.captures import OpenFilter
from claims.admin.finding import admin_url, roots_of
from claims.admin.labels import by_ref, label
from claims.admin.sources import ReadOnly
from claims.ledger import read
from claims.ledger.addresses import path
from claims.models import Claim, Report

if TYPE_CHECKING:
    ReportBase = admin.ModelAdmin[Report]
else:
    ReportBase = admin.ModelAdmin


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=[("", "—"), *Report.Outcome.choices], required=False
    )
    answer = forms.CharField(
        label=gettext_lazy("What was done"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReportAdmin(ReadOnly, ReportBase):
    """Who may edit claims reads the letters and closes them."""

    list_display = ("at", "about", "edition", "said", "outcome", "resolved_by")
    list_filter = (OpenFilter,)
    search_fields = ("ref", "message")
    list_select_related = ("resolved_by",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("at", "pk")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.can_edit(cast(User, request.user), Claim)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page: Any = super().get_changelist_instance(request)
        page.title = capfirst(page.opts.verbose_name_plural)
        page.result_list = list(page.result_list)
        labels = by_ref({report.ref for report in page.result_list})
        for report in page.result_list:
            vars(report)["label"] = labels.get(report.ref, report.ref)
        return page

    @admin.display(description=gettext_lazy("about"))
    def about(self, report: Any) -> str:
        return str(report.label)

    @admin.display(description=gettext_lazy("message"))
    def said(self, report: Report) -> str:
        return report.message if len(report.message) <= 120 else f"{report.message[:119]}…"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """GET: the letter beside what it is about. POST: it is closed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        report = self.get_object(request, object_id)
        if report is None:
            raise Http404("no such report")
        form = CloseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                close(report, by=cast(User, request.user), **form.cleaned_data)
            except ValidationError as fault:
                form.add_error(None, fault.messages)
            else:
                self.message_user(request, _("The report is closed."))
                return HttpResponseRedirect(reverse("admin:claims_report_changelist"))
        root = next(iter(roots_of([report.ref])), None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Readers' report"),
            "opts": self.opts,
            "report": report,
            "form": form,
            "about": (label(root), admin_url(root)) if root else None,
            "public_url": _public(report),
        }
        return TemplateResponse(request, "admin/report.html", context)


def _public(report: Report) -> str:
    """The page as its writer read it."""
    thing = read.things([report.ref], read.as_of_edition(report.edition)).get(report.ref)
    if thing is None or thing.gone:
        return ""
    return f"{path(thing.body.get('kind', thing.kind), report.ref)}?edition={report.edition}"
