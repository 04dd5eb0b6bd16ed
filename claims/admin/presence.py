"""Somebody else is editing this: signs of life of open forms, and what they are told in return."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from claims.actions.presence import arrive, leave, others
from claims.admin.finding import admin_for, root_or_404

if TYPE_CHECKING:
    from django.contrib import admin


def presence_view(site: admin.AdminSite, request: HttpRequest, ref: str) -> HttpResponse:
    """POST: I am here, or with leaving=1 I was. Answers who else is: {"others": […], "version": 7}."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    root, by, at = root_or_404(ref), cast(User, request.user), timezone.now()
    if not admin_for(site, root).has_change_permission(request, root):
        raise PermissionDenied
    if request.POST.get("leaving"):
        leave(ref, by=by)
    else:
        arrive(ref, by=by, at=at)
    return JsonResponse({"others": others(ref, than=by, at=at), "version": root.version})
