"""Tables through the admin: chosen, shown with all that they would change, and only then taken in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from claims import permissions
from claims.admin.typing import AMOUNTS, DATES, read_back
from claims.admin.uploads import FileForm, forget, keep, upload_of
from claims.models import Claim, Source
from claims.spreadsheets import columns, exchange, tables, workbooks
from claims.spreadsheets.tables import CellFault, TableFaults
from companies.models import Entity
from kb.lib.prose import FALLBACK
from kb.lib.spoken import numeral

if TYPE_CHECKING:
    ExchangeBase = admin.ModelAdmin[models.Model]
else:
    ExchangeBase = object

MODELS: Final[dict[str, type[models.Model]]] = {"claim": Claim, "entity": Entity, "source": Source}
SHOWN: Final = 200  # changes and faults on one page; the counts say how many there are


class Exchange(ExchangeBase):
    """An admin whose rows go out as a table and come in again."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if IS_POPUP_VAR not in request.GET and self.has_view_permission(request):
            actions["export_selected"] = (
                export_selected, "export_selected", _("Export the selected as a table (CSV)")
            )  # fmt: skip
            actions["export_workbook"] = (
                export_workbook, "export_workbook", _("Export the selected as a workbook (XLSX)")
            )  # fmt: skip
        return actions


def export_selected(model_admin: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
    """The rows as CSV."""
    kind = model_admin.model.KIND
    if (found := _exported(model_admin, request, queryset)) is None:
        return HttpResponseRedirect(request.get_full_path())
    response = StreamingHttpResponse(tables.written(*found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response


def export_workbook(model_admin: Any, request: HttpRequest, queryset: models.QuerySet[Any]) -> Any:
    """The rows as XLSX."""
    kind = model_admin.model.KIND
    if (found := _exported(model_admin, request, queryset)) is None:
        return HttpResponseRedirect(request.get_full_path())
    try:
        book = workbooks.written(*found)
    except workbooks.UnwritableWorkbook as fault:
        said = _(
            "A cell of the column %(column)s is too long for a workbook, or holds a sign that it cannot: use CSV."
        )
        model_admin.message_user(request, said % {"column": fault}, messages.WARNING)
        return HttpResponseRedirect(request.get_full_path())
    response = HttpResponse(book, content_type=workbooks.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return response


def _exported(
    model_admin: Any, request: HttpRequest, queryset: models.QuerySet[Any]
) -> tuple[list[str], Iterator[list[str]]] | None:
    """Header and rows. More than a table takes in are not given out either: then nothing, and a message."""
    kind = model_admin.model.KIND
    refs = list(queryset.order_by("ref").values_list("ref", flat=True)[: tables.MOST_ROWS + 1])
    if len(refs) > tables.MOST_ROWS:
        said = _("A table has at most %(most)s rows: narrow the list first.") % {
            "most": numeral(tables.MOST_ROWS)
        }
        model_admin.message_user(request, said, messages.WARNING)
        return None
    rows: Any = MODELS[kind]._default_manager.filter(ref__in=refs).order_by("ref")
    return exchange.exported(kind, rows.with_parts())


def import_view(site: admin.AdminSite, request: HttpRequest, kind: str) -> HttpResponse:
    """GET: choose a file. POST with a file: what it would change. POST with its sha256: take it in."""
    model = MODELS.get(kind)
    if model is None:
        raise Http404("no such table")
    if not (permissions.can_edit(request.user, model) and site._registry[model].has_add_permission(request)):
        raise PermissionDenied
    user = cast(User, request.user)
    form = FileForm(tables.LARGEST, request.POST or None, request.FILES or None)
    upload = upload_of(request, kind, form)
    context = _context(site, request, form) | {
        "title": _("Import %(things)s") % {"things": model._meta.verbose_name_plural},
        "kind": kind,
        "columns": ", ".join([*columns.OURS, *columns.columns(kind, [FALLBACK])]),
        "list_name": model._meta.verbose_name_plural,
        "list_url": reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
    }
    if upload is None:
        return TemplateResponse(request, "admin/import_table.html", context)
    try:
        table = tables.read(upload.data, [*columns.OURS, *columns.columns(kind, [FALLBACK])])
        languages = [get_language() or FALLBACK]
        outcome = exchange.load(
            kind, table, by=user, languages=languages, dry_run=not upload.confirmed, seen=upload.seen
        )
    except TableFaults as fault:
        forget(user, kind)
        context |= {"faults": fault.faults[:SHOWN], "fault_number": len(fault.faults)}
        return TemplateResponse(request, "admin/import_table.html", context, status=422)
    counts = outcome.counts
    if upload.confirmed:
        forget(user, kind)
        number = counts["added"] + counts["changed"]
        said = ngettext("%(number)s row taken in.", "%(number)s rows taken in.", number) % {
            "number": numeral(number)
        }
        messages.success(request, said)
        return HttpResponseRedirect(context["list_url"])
    context |= {
        "counts": {name: counts[name] for name in ("added", "changed", "unchanged")},
        "changes": [(one, _words(one)) for one in outcome.changes[:SHOWN]],
        "more": max(0, len(outcome.changes) - SHOWN),
        "sha256": keep(user, kind, upload.data, outcome.seen) if outcome.roots else "",
    }
    return TemplateResponse(request, "admin/import_table.html", context)


def _words(change: exchange.Change) -> str:
    """A figure or date that a cell becomes, read back in words."""
    if not change.becomes or change.column not in (*AMOUNTS, *DATES, "published_on"):
        return ""
    return read_back("amount" if change.column in AMOUNTS else "date", change.becomes, [])


def _context(site: admin.AdminSite, request: HttpRequest, form: FileForm) -> dict[str, Any]:
    faults: list[CellFault] = []
    return {
        **site.each_context(request),
        "form": form,
        "faults": faults,
        "fault_number": 0,
        "counts": None,
    }
