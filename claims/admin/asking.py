"""What a property asks of a claim's form: which value it takes, and what its figures cover."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from claims import permissions
from claims.models import Claim, DataType, Property, ScopeTerm

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    DataType.AMOUNT: ("amount", "upper_amount", "unit", "lower_bound", "upper_bound"),
    DataType.ENTITY: ("value_entity",),
    DataType.TIME: ("value_time",),
    DataType.TEXT: ("value_text",),
}


def property_of(request: HttpRequest, claim: Claim | None) -> int | None:
    """The key of the property that a claim's form is about: as sent, as asked for in its address, as it stands."""
    asked = request.POST if request.method == "POST" else request.GET
    key = asked.get("property", "")
    if key.isascii() and key.isdigit() and len(key) < 16:
        return int(key)
    return claim.property_id if claim is not None and claim.pk else None


def takes(form: Any, key: int | None) -> str:
    """The data type whose fields alone the form shows; "" for all, where no property is chosen or more is filled in."""
    prop = Property.objects.filter(pk=key).first() if key else None
    if prop is None:
        return ""
    others = [name for kind, names in VALUES.items() if kind != prop.data_type for name in names]
    return "" if any(form[name].value() for name in others if name in form.fields) else prop.data_type


def terms_by_dimension(key: int | None) -> list[tuple[str, Any]]:
    """Choices of terms, those of the dimensions that the property (its key) requires first; one query."""
    required = Property.required_scope.through._default_manager.filter(
        property_id=key or 0, scopedimension_id=OuterRef("dimension")
    )
    terms = ScopeTerm.objects.select_related("dimension").annotate(asked=Exists(required))
    rows: Any = terms.order_by("-asked", "dimension__slug", "position")
    several = any(one.asked for one in rows)

    def name(term: Any) -> str:
        if several and not term.asked:
            return _("Not asked for: %(dimension)s") % {"dimension": term.dimension}
        return str(term.dimension)

    groups = groupby(rows, key=name)
    return [("", "–"), *((title, [(term.pk, str(term)) for term in some]) for title, some in groups)]


def asks_view(site: admin.AdminSite, request: HttpRequest, key: int) -> JsonResponse:
    """GET: {"takes": a data type, "terms": the groups of terms as [title, [[key, term]]]} of a property."""
    if not permissions.can_view(request.user, Property):
        raise PermissionDenied
    prop = get_object_or_404(Property, pk=key)
    return JsonResponse({"takes": prop.data_type, "terms": terms_by_dimension(prop.pk)[1:]})
