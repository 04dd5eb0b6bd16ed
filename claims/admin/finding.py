"""From a ref to its root on the desk, and to the admin that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from claims import press
from claims.admin.labels import with_labels
from companies import models as companies
from companies.models import Entity
from kb.lib.refs import kind_of
from kb.models import Root

if TYPE_CHECKING:
    from django.contrib import admin

PROXIES: Mapping[str | None, type[Entity]] = {
    kind.OF_KIND: kind
    for kind in (
        companies.Company, companies.Hardware, companies.AIModel, companies.Organization, companies.Person,
        companies.Technique, companies.Policy, companies.Event, companies.Facility, companies.Publication,
    )
}  # fmt: skip


def model_of(root: Root) -> type[Root]:
    """The model whose admin shows the root: an entity's is its kind's."""
    return PROXIES[root.kind] if isinstance(root, Entity) else type(root)


def nothing_chosen(request: HttpRequest) -> HttpResponse:
    """Back to where somebody sent a form without choosing anything."""
    messages.error(request, _("Choose something first."))
    back = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if known else reverse("admin:index"))


def admin_url(root: Root, page: str = "change") -> str:
    """Where the root is edited, or another page of it."""
    meta = model_of(root)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[root.pk])


def admin_for(site: admin.AdminSite, root: Root) -> Any:
    """The admin that knows who may do what with the root."""
    return site._registry[model_of(root)]


def roots_of(refs: Iterable[str]) -> list[Root]:
    """The roots of the desk under `refs` with all that bodies and labels read, by kind and ref."""
    wanted: dict[str, list[str]] = {}
    for ref in refs:
        if kind := kind_of(ref):
            wanted.setdefault(kind, []).append(ref)
    found: list[Root] = []
    for kind, some in wanted.items():
        rows: Any = press.ROOTS[kind]._default_manager.filter(ref__in=some).order_by("ref")
        found += list(with_labels(rows.with_parts() if hasattr(rows, "with_parts") else rows))
    return found


def root_or_404(ref: str) -> Root:
    found = roots_of([ref])
    if not found:
        raise Http404("nothing on the desk has this ref")
    return found[0]
