"""Parting one entry in two: what goes is chosen, then shown, then done. For a merged entry: undoing the merge."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.merging import ROLES, Parting, split_entity, without
from claims.admin.finding import admin_url
from claims.admin.judging import (
    REFUSALS,
    WhyForm,
    entity_or_404,
    identifier_key,
    may_edit,
    name_key,
    sentences,
    unmerge_view,
    versions,
)
from claims.admin.labels import label, with_labels
from claims.admin.usage import naming
from claims.models import Claim
from companies.actions import draft_of
from companies.models import Entity
from kb.lib.validators import validate_slug

MOST_CLAIMS = 300
PARTS = {
    "subject": gettext_lazy("its subject"),
    "value_entity": gettext_lazy("its value"),
    "asserted_by": gettext_lazy("its asserter"),
}


class SplitForm(WhyForm):
    """What goes to the new entry. Boxes say names and identifiers in full, claims by ref and role."""

    slug = forms.SlugField(
        label=gettext_lazy("Slug of the new entry"),
        validators=[validate_slug],
        help_text=gettext_lazy("Its readable name in addresses: small letters, digits and hyphens."),
    )
    names = forms.MultipleChoiceField(
        label=gettext_lazy("Names that go"), widget=forms.CheckboxSelectMultiple
    )
    identifiers = forms.MultipleChoiceField(
        label=gettext_lazy("Identifiers that go"), widget=forms.CheckboxSelectMultiple, required=False
    )
    claims = forms.MultipleChoiceField(
        label=gettext_lazy("Claims that go"), widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("names", "slug", "identifiers", "claims", "why")

    def __init__(self, entity: Entity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = draft_of(entity)
        self.known_names = {name_key(one): one for one in draft.names}
        self.known_identifiers = {identifier_key(one): one for one in draft.identifiers}
        self.shown = _claims(entity)
        roles = {name.role: name.get_role_display() for name in entity.names.all()}
        self._choices(
            "names",
            [
                (key, f"{one.text} – {one.language}, {roles[one.role]}")
                for key, one in self.known_names.items()
            ],
        )
        self._choices(
            "identifiers",
            [(key, f"{one.scheme}: {one.value}") for key, one in self.known_identifiers.items()],
        )
        self._choices("claims", self.shown)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast(forms.MultipleChoiceField, self.fields[name]).choices = choices
        if not choices:
            del self.fields[name]

    def parting(self) -> Parting:
        given = self.cleaned_data
        pairs = [key.partition("|") for key in given.get("claims", ())]
        return Parting(
            slug=given["slug"],
            names=[self.known_names[key] for key in given["names"]],
            identifiers=[self.known_identifiers[key] for key in given.get("identifiers", ())],
            claims=[(ref, role) for ref, _bar, role in pairs],
        )


def _claims(entity: Entity) -> list[tuple[str, str]]:
    """A box for each role in which a claim names the entity, the newest claims first."""
    claims = with_labels(Claim.objects.filter(naming(entity)).order_by("-pk"))[:MOST_CLAIMS]
    return [
        (f"{claim.ref}|{role}", f"{label(claim)} ({PARTS[role]})")
        for claim in claims
        for role in ROLES
        if getattr(claim, f"{role}_id") == entity.pk
    ]


def split_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET ?entity=: choose what goes. POST: show what would stand; POST with decision=split: do it."""
    may_edit(request)
    entity = entity_or_404((request.POST if request.method == "POST" else request.GET).get("entity", ""))
    if entity.merged_into is not None:
        return unmerge_view(site, request, entity)
    form = SplitForm(entity, request.POST or None)
    refused: list[str] = []
    parting = form.parting() if request.method == "POST" and form.is_valid() else None
    if parting is not None and request.POST.get("decision") == "split":
        try:
            parted = split_entity(
                entity,
                parting,
                by=cast(User, request.user),
                why=form.cleaned_data["why"],
                expect=versions(request, entity)[entity.ref],
            )
        except REFUSALS as fault:
            refused = sentences(fault)
        else:
            messages.success(request, _("Parted on the desk. Readers see it when it is published."))
            refs = [one.ref for one in (parted.new, parted.old, *parted.claims)]
            if permissions.can_publish(request.user) or permissions.can_approve(request.user):
                query = urlencode([("ref", ref) for ref in refs])
                return HttpResponseRedirect(f"{reverse('admin:review')}?{query}")
            return HttpResponseRedirect(admin_url(parted.new))
    context = {
        **site.each_context(request),
        "title": _("Split"),
        "entity": entity,
        "form": form,
        "parting": parting,
        "left": without(entity, parting.names, parting.identifiers) if parting else None,
        "moving": _moving(form) if parting else [],
        "more": len(form.shown) >= MOST_CLAIMS,
        "refused": refused,
    }
    return TemplateResponse(request, "admin/split.html", context, status=409 if refused else 200)


def _moving(form: SplitForm) -> list[str]:
    """The claims that go, in words."""
    shown = dict(form.shown)
    return [shown[key] for key in form.cleaned_data.get("claims", ())]
