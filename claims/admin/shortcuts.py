"""The list of keyboard shortcuts, for whom the dialog does not open."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _


def shortcuts_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    context = {**site.each_context(request), "title": _("Keyboard shortcuts")}
    return TemplateResponse(request, "admin/shortcuts.html", context)
