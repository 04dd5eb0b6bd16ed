"""Drift on a source's form: how a copy prints figures that its origin prints otherwise, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import permissions
from claims.actions.drifting import Drifted, accept_drift, drifted
from claims.admin.finding import admin_url
from claims.admin.labels import label
from claims.admin.publishing import REFUSALS, sentences
from claims.models import Claim, ClaimLink, DataType, Drift, Source
from kb.lib.refs import is_ref

BEGUN: Final = "claim_begun"


@dataclass(frozen=True)
class Row:
    """A figure of a claim as the origin and the copy print it."""

    drifted: Drifted
    label: str
    url: str
    kinds: Sequence[tuple[str, str]]  # those that the evidence does not have yet, with their names
    restated: Sequence[tuple[str, str, str]]  # a kind, and the words that say it in the origin and here
    noted: Sequence[str]  # those that it has
    own_url: str  # a claim of its own, begun; empty where there is none to make
    relation: str


def rows(source: Source) -> list[Row]:
    """What to note, and which claims to begin, of the figures that a copy prints otherwise than its origin."""
    named = dict(Drift.choices)
    found = []
    for one in drifted(source):
        query = {"drifted": f"{source.ref}:{one.claim.ref}:{one.copy.position}"}
        begun = bool(one.relation) and not one.is_linked
        found.append(
            Row(
                drifted=one,
                label=label(one.claim),
                url=admin_url(one.claim),
                kinds=[(kind, str(named[kind])) for kind in one.new_kinds],
                restated=[(str(named[each.kind]), each.origin, each.copy) for each in one.restated],
                noted=[str(named[kind]) for kind in one.copy.drift],
                own_url=f"{reverse('admin:claims_claim_add')}?{urlencode(query)}" if begun else "",
                relation=str(ClaimLink.Relation(one.relation).label) if begun else "",
            )
        )
    return found


def drift_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """POST: note the drift on the evidence, and back to the source."""
    if not permissions.can_edit(request.user, Claim):
        raise PermissionDenied
    if request.method != "POST":
        raise Http404("this is done from a source's form")
    source, claim = _root(Source, request.POST.get("source", "")), _root(Claim, request.POST.get("claim", ""))
    position, version = request.POST.get("position", ""), request.POST.get("version", "")
    if not (position.isascii() and position.isdigit() and version.isascii() and version.isdigit()):
        raise Http404("no such evidence")
    try:
        accept_drift(
            claim, int(position), request.POST.getlist("kind"), by=cast(User, request.user), expect=int(version)
        )  # fmt: skip
    except REFUSALS as fault:
        messages.error(request, " ".join(sentences(fault)))
    else:
        messages.success(request, _("Noted on the evidence. Readers see it when the claim is published."))
    return HttpResponseRedirect(f"{admin_url(source)}#relatives")


def _root(model: Any, ref: str) -> Any:
    found = model.objects.filter(ref=ref).first() if is_ref(ref) else None
    if found is None:
        raise Http404("nothing on the desk has this ref")
    return found


@dataclass(frozen=True)
class Begun:
    """What the form of a claim begins with that says what a copy prints."""

    fields: dict[str, Any]
    scope: Sequence[dict[str, Any]]
    evidence: Sequence[dict[str, Any]]
    links: Sequence[dict[str, Any]]

    def of(self, prefix: str) -> Sequence[dict[str, Any]]:
        """The rows of the inline with this prefix."""
        rows: Sequence[dict[str, Any]] = getattr(self, prefix, ())
        return rows


def beginning(request: HttpRequest) -> Begun | None:
    """The claim that ?drifted=source:claim:position asks for; None without it. What does not differ is a 404.

    A form asks several times: it is found once a request.
    """
    asked = request.GET.get("drifted", "")
    if asked and BEGUN not in request.__dict__:
        request.__dict__[BEGUN] = _found(asked)
    begun: Begun | None = request.__dict__.get(BEGUN)
    return begun


def _found(asked: str) -> Begun:
    source, claim, position = (*asked.split(":"), "", "")[:3]
    for one in drifted(_root(Source, source)):
        if one.claim.ref == claim and str(one.copy.position) == position and one.relation:
            return _begun(one)
    raise Http404("the copy prints this figure as its origin does")


def _begun(one: Drifted) -> Begun:
    claim, figure = one.claim, one.figure
    assert figure is not None  # noqa: S101  what says another value was read
    names = ("subject", "property", "point_in_time", "valid_from", "valid_to", "asserted_by", "asserted_on", "mode",
             "method", "value_kind")  # fmt: skip
    fields = model_to_dict(claim, names)
    if claim.property.data_type == DataType.TIME:
        fields["value_time"] = figure.value
    elif claim.property.data_type == DataType.AMOUNT:
        fields |= {
            "comparator": "range" if figure.value_max else figure.comparator,
            "amount": figure.value,
            "upper_amount": figure.value_max or "",
            "unit": figure.unit or claim.unit,
        }
    evidence = model_to_dict(one.copy, exclude=["id", "claim", "drift"])
    return Begun(
        fields,
        scope=[{"term": each.term_id} for each in claim.scope.all()],
        evidence=[evidence],
        links=[{"relation": one.relation, "target": claim.pk}],
    )
