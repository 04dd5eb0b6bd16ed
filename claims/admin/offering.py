"""Sources offered while one is typed, in forms that take a source by its ref, slug or address."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse_lazy

from claims import permissions
from claims.admin.labels import long_label, with_labels
from claims.models import Source

MOST_OFFERED: Final = 12


class SourceInput(forms.TextInput):
    """A line for a source; static/admin-claimbook/offer.js offers those that match what is typed."""

    def __init__(self, **attrs: Any) -> None:
        offers = reverse_lazy("admin:offered_sources")
        super().__init__(
            {"class": "vTextField", "dir": "auto", "autocomplete": "off", "data-offers": offers} | attrs
        )


def offered_sources_view(site: admin.AdminSite, request: HttpRequest) -> JsonResponse:
    """GET ?q=: {"sources": [{"ref", "label"}]}, as the list of sources finds them."""
    if not permissions.can_view(request.user, Source):
        raise PermissionDenied
    term = request.GET.get("q", "").strip()[:200]
    if not term:
        return JsonResponse({"sources": []})
    found, _duplicates = site._registry[Source].get_search_results(request, Source.objects.all(), term)
    rows = with_labels(found.order_by("-pk"))[:MOST_OFFERED]
    return JsonResponse({"sources": [{"ref": one.ref, "label": long_label(one)} for one in rows]})
