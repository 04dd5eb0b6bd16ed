"""Merging and judging entries of the registry: each shows what would change, then asks, then makes one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.judging import judge, open_pairs
from claims.actions.merging import Gains, fold_entity, gains, merged_on, taken_over, unfold_entity
from claims.admin.counting import counted
from claims.admin.finding import admin_url
from claims.admin.labels import label
from claims.admin.standing import Standing, standings
from claims.admin.usage import addresses, judgements, uses
from claims.models import Claim, Judgement, Verdict
from companies.actions import IdentifierDraft, NameDraft
from companies.admin import called
from companies.likeness import Likeness
from companies.models import Entity
from kb.admin import faults_of
from kb.lib.refs import is_ref
from kb.lib.text import fold
from kb.models import StaleVersion

PAGE = 25
MOST_FOUND = 12
REFUSALS = (ValidationError, StaleVersion)


class WhyForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history and in the log of judgements; never public."),
    )


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one, with the signs of it."""

    first: Entity
    second: Entity
    likeness: Likeness
    unsure: bool
    standings: Mapping[str, Standing]

    @property
    def both(self) -> Sequence[tuple[Entity, Standing]]:
        return [(one, self.standings[one.ref]) for one in (self.first, self.second)]

    @property
    def merge_url(self) -> str:
        return merging_url(self.first, self.second)

    @property
    def draft_place(self) -> str:
        return f"doubles.{self.first.ref}.{self.second.ref}"


def merge_url(entity: Entity, into: Entity | None = None) -> str:
    query = {"entity": entity.ref} | ({"into": into.ref} if into else {})
    return f"{reverse('admin:companies_entity_merge')}?{urlencode(query)}"


def weighed(entities: QuerySet[Entity]) -> QuerySet[Entity]:
    """With how often claims name each, which `merging_url` reads."""
    used = counted(Claim, "subject") + counted(Claim, "value_entity") + counted(Claim, "asserted_by")
    return entities.annotate(used=used)


def merging_url(one: Entity, other: Entity) -> str:
    """The merge in which that entry stays which readers have, then the one that is used most, then the older one."""

    def weight(entity: Any) -> tuple[bool, int, int]:
        return bool(entity.printed_version), entity.used, -entity.pk

    goes, stays = sorted((one, other), key=weight)
    return merge_url(goes, into=stays)


def split_url(entity: Entity) -> str:
    return f"{reverse('admin:companies_entity_split')}?{urlencode({'entity': entity.ref})}"


def likeness_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: pairs that may be one, likeliest first. POST: judge one of them."""
    may_edit(request)
    refused, asked = list[str](), request.GET.get("p", "")
    if request.method == "POST":
        refused, asked = _judge(request), request.POST.get("p", "")
        if not refused:
            return HttpResponseRedirect(f"{request.path}?p={asked}" if asked.isdigit() else request.path)
    page = Paginator(open_pairs(), PAGE).get_page(asked)
    log = Judgement.objects.select_related("first", "second", "judged_by")
    context = {
        **site.each_context(request),
        "title": _("Entries that may be one"),
        "pairs": _pairs(list(page.object_list)),
        "page": page,
        "log": log.prefetch_related("first__names", "second__names")[:PAGE],
        "verdicts": [Verdict.DIFFERENT, Verdict.UNSURE],
        "refused": refused,
    }
    return TemplateResponse(request, "admin/judge.html", context, status=409 if refused else 200)


def _pairs(found: Sequence[Likeness]) -> list[Pair]:
    refs = {ref for one in found for ref in (one.first, one.second)}
    entities = {one.ref: one for one in weighed(Entity.objects.with_parts().filter(ref__in=refs))}
    judged = Judgement.objects.of(entities.values()).standing()
    known = standings(list(entities.values()))
    return [
        Pair(entities[one.first], entities[one.second], one, (one.first, one.second) in judged, known)
        for one in found
        if one.first in entities and one.second in entities
    ]


def _judge(request: HttpRequest) -> list[str]:
    """Keep the verdict that was posted; why not, where it is refused."""
    one, other = (entity_or_404(request.POST.get(name, "")) for name in ("first", "second"))
    try:
        judge(
            one, other, request.POST.get("verdict", ""), by=cast(User, request.user),
            why=request.POST.get("why", "").strip()[:300],
        )  # fmt: skip
    except ValidationError as fault:
        return list(fault.messages)
    messages.success(
        request, _("Noted: “%(one)s” and “%(other)s”.") % {"one": label(one), "other": label(other)}
    )
    return []


def merge_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET ?entity=: choose what it is the same as. GET ?entity=&into=: what merging would change. POST: merge."""
    may_edit(request)
    asked = request.POST if request.method == "POST" else request.GET
    entity = entity_or_404(asked.get("entity", ""))
    if not asked.get("into"):
        return _choose(site, request, entity)
    into = entity_or_404(asked["into"])
    form, refused = WhyForm(request.POST or None), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            fold_entity(
                entity,
                into=into,
                by=cast(User, request.user),
                why=form.cleaned_data["why"],
                expect=versions(request, entity, into),
            )
        except REFUSALS as fault:
            refused = sentences(fault)
        else:
            return _done(request, entity, into, _("Merged on the desk. Readers see it when it is published."))
    context = {
        **site.each_context(request),
        "title": _("Merge"),
        "entity": entity,
        "into": into,
        "gained": gains(entity, into),
        "names": [f"{one.text} ({one.language})" for one in into.names.all()],
        "uses": uses(entity),
        "addresses": addresses(entity),
        "swap_url": merge_url(into, entity),
        "form": form,
        "refused": refused or _obstacles(entity, into),
    }
    return TemplateResponse(request, "admin/merge.html", context, status=409 if refused else 200)


def unmerge_view(site: admin.AdminSite, request: HttpRequest, entity: Entity) -> HttpResponse:
    """GET: what undoing the merge would change. POST: undo it."""
    heir = cast(Entity, entity.merged_into)
    back, form, refused = taken_over(entity), WhyForm(request.POST or None), list[str]()
    if request.method == "POST" and form.is_valid():
        given = {name: request.POST.getlist(name) for name in ("name", "identifier")}
        try:
            unfold_entity(
                entity,
                by=cast(User, request.user),
                why=form.cleaned_data["why"],
                keep=Gains(
                    [one for one in back.names if name_key(one) not in given["name"]],
                    [one for one in back.identifiers if identifier_key(one) not in given["identifier"]],
                ),
                expect=versions(request, entity, heir),
            )
        except REFUSALS as fault:
            refused = sentences(fault)
        else:
            return _done(request, entity, heir, _("Undone on the desk. Readers see it when it is published."))
    context = {
        **site.each_context(request),
        "title": _("Undo a merge"),
        "entity": entity,
        "into": heir,
        "names": [(name_key(one), one) for one in back.names],
        "identifiers": [(identifier_key(one), one) for one in back.identifiers],
        "uses": uses(entity),
        "addresses": addresses(entity),
        "form": form,
        "refused": refused or [merged_on(entity)] * bool(heir.merged_into),
    }
    return TemplateResponse(request, "admin/unmerge.html", context, status=409 if refused else 200)


def name_key(name: NameDraft) -> str:
    """A name in a form's box."""
    return f"{name.language}|{name.role}|{name.text}"


def identifier_key(one: IdentifierDraft) -> str:
    return f"{one.scheme}|{one.value}"


def _choose(site: admin.AdminSite, request: HttpRequest, entity: Entity) -> HttpResponse:
    """Which entry is it the same as? The likely ones first, then what a search finds."""
    term = request.GET.get("q", "").strip()
    likely = _pairs([one for one in open_pairs() if entity.ref in (one.first, one.second)])
    context = {
        **site.each_context(request),
        "title": _("Merge"),
        "entity": entity,
        "term": term,
        "likely": [
            (other, pair.merge_url, pair.likeness.reasons)
            for pair in likely
            for other in (pair.first, pair.second)
            if other.ref != entity.ref
        ],
        "found": _found(entity, term) if term else [],
        "judgements": judgements(entity),
    }
    return TemplateResponse(request, "admin/merge_choose.html", context)


def _found(entity: Entity, term: str) -> list[tuple[Entity, str]]:
    """The entries of its kind that the search finds, each with the page that shows the merge."""
    this = weighed(Entity.objects.filter(pk=entity.pk)).get()
    rows = Entity.objects.with_parts().filter(kind=entity.kind, merged_into=None).exclude(pk=entity.pk)
    if is_ref(term):
        found = rows.filter(ref=term)
    else:
        named = Q(slug__contains=term.casefold()) | (called(term) if fold(term) else Q())
        found = rows.filter(named)
    return [(one, merging_url(this, one)) for one in weighed(found)[:MOST_FOUND]]


def _obstacles(entity: Entity, into: Entity) -> list[str]:
    """What would be refused, said before anybody presses the button."""
    if entity.kind != into.kind:
        said = {"one": entity.get_kind_display(), "other": into.get_kind_display()}
        return [
            _("These are of two kinds, %(one)s and %(other)s: only entries of one kind are merged.") % said
        ]
    if entity.merged_into is not None or into.merged_into is not None:
        return [_("One of them is merged into another already: undo that first.")]
    return [_("Choose two different entries.")] if entity.pk == into.pk else []


def _done(request: HttpRequest, entity: Entity, other: Entity, said: str) -> HttpResponse:
    """To the review of both, for who may go on there; else back to the entry that stands."""
    messages.success(request, said)
    user = request.user
    if permissions.can_publish(user) or permissions.can_approve(user):
        refs = [("ref", entity.ref), ("ref", other.ref)]
        return HttpResponseRedirect(f"{reverse('admin:review')}?{urlencode(refs)}")
    return HttpResponseRedirect(admin_url(other))


def may_edit(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the user may change entries of the registry."""
    if not permissions.can_edit(request.user, Entity):
        raise PermissionDenied
    if request.method not in ("GET", "HEAD", "POST"):
        raise Http404


def entity_or_404(ref: str) -> Entity:
    found = Entity.objects.with_parts().select_related("merged_into").filter(ref=ref).first()
    if found is None:
        raise Http404("no entry has this ref")
    return found


def versions(request: HttpRequest, *entities: Entity) -> Mapping[str, int]:
    """The versions that the page showed. One that it does not name is a 404."""
    seen: dict[str, int] = {}
    for pair in request.POST.getlist("seen"):
        ref, _colon, version = pair.partition(":")
        if version.isascii() and version.isdigit():
            seen[ref] = int(version)
    if set(seen) != {one.ref for one in entities}:
        raise Http404("no such version")
    return seen


def sentences(fault: Exception) -> list[str]:
    if isinstance(fault, ValidationError):
        return [line for lines in faults_of(fault).values() for line in lines]
    return [str(fault)]
