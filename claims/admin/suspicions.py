"""Suspected disputes: claims side by side with the reason, and what an editor makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.suspecting import dismiss, set_life_bound
from claims.admin.disputed import Held, held, members_of
from claims.admin.finding import admin_url, roots_of
from claims.admin.labels import label
from claims.admin.reasons import Dimensions, Said, draft, said
from claims.disputes.drafting import state
from claims.disputes.facts import Fact, Trait, fact
from claims.disputes.rules import Finding, Relation, relate
from claims.models import Claim, Dispute, LifeBound, Property, Suspicion
from kb.changelists import Headed
from kb.lib.refs import is_ref
from kb.models import PUT_ASIDE

if TYPE_CHECKING:
    LifeBoundBase = admin.ModelAdmin[LifeBound]
    LifeBoundModelForm = forms.ModelForm[LifeBound]
else:
    LifeBoundBase, LifeBoundModelForm = admin.ModelAdmin, forms.ModelForm

SIZE: Final = 25
MOST_OTHERS: Final = 30  # claims of the same subject and property that a claim's page holds it against


@dataclass(frozen=True)
class Side:
    """A claim of a suspicion as its row shows it."""

    value: str
    url: str
    about: str  # what it is about, where that is not the same for all
    asserter: str
    scope: Sequence[str]
    when: str
    moved: bool  # the desk has changed it since it was published, and the reason is about what was published


@dataclass(frozen=True)
class Row:
    """One suspicion of the queue."""

    suspicion: Suspicion
    title: str
    said: Said
    sides: Sequence[Side]
    open_url: str
    disputes: Sequence[Held]  # those that one of the claims is in already, or all of them

    @property
    def draft_place(self) -> str:
        return f"suspicion.{self.suspicion.pk}"


@dataclass(frozen=True)
class Against:
    """Another claim of the same subject and property, and how a claim stands to it."""

    value: str
    url: str
    said: Said
    open_url: str  # empty where they do not differ, or are in a dispute already
    disputes: Sequence[Held] = ()


def concerns(user: Any) -> bool:
    """Whether the queue is there for the user: who may write disputes."""
    return permissions.can_edit(user, Dispute)


def suspicions_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: suspected disputes, the longest open first, from ?after=. POST: one of them is no dispute."""
    if not concerns(request.user):
        raise PermissionDenied
    refused: list[str] = []
    if request.method == "POST":
        refused = _dismiss(request)
        if not refused:
            return HttpResponseRedirect(request.get_full_path())
    waiting = Suspicion.objects.waiting().order_by("found_at", "pk")
    after = request.GET.get("after", "")
    if after:
        waiting = _behind(waiting, after)
    shown = list(waiting.prefetch_related("members__claim")[: SIZE + 1])
    rows = rows_of(shown[:SIZE])
    here = reverse("admin:suspicions")
    context = {
        **site.each_context(request),
        "title": _("Suspected disputes"),
        "rows": rows,
        "refused": refused,
        "may_dismiss": permissions.can_approve(request.user),
        "may_open": request.user.has_perm("claims.add_dispute"),
        "may_join": request.user.has_perm("claims.change_dispute"),
        "first_url": here if after else "",
        "next_url": f"{here}?{urlencode({'after': shown[SIZE - 1].pk})}" if len(shown) > SIZE else "",
        "bounds_url": reverse("admin:claims_lifebound_changelist")
        if permissions.can_approve(request.user)
        else "",
    }
    return TemplateResponse(request, "admin/suspicions.html", context, status=409 if refused else 200)


def _behind(waiting: Any, after: str) -> Any:
    last = Suspicion.objects.filter(pk=int(after)).first() if after.isascii() and after.isdigit() else None
    if last is None:
        raise Http404("this page has gone; begin at the first")
    return waiting.filter(
        models.Q(found_at__gt=last.found_at) | models.Q(found_at=last.found_at, pk__gt=last.pk)
    )


def _dismiss(request: HttpRequest) -> list[str]:
    suspicion = _suspicion(request.POST.get("suspicion", ""))
    try:
        dismiss(suspicion, by=cast(User, request.user), why=request.POST.get("why", "")[:300])
    except ValidationError as fault:
        return list(fault.messages)
    messages.success(
        request, _("Noted: no dispute. It is not suspected again until one of the claims changes.")
    )
    return []


def _suspicion(key: str) -> Suspicion:
    found = Suspicion.objects.filter(pk=int(key)).first() if key.isascii() and key.isdigit() else None
    if found is None:
        raise Http404("there is no such suspicion")
    return found


def rows_of(suspicions: Sequence[Suspicion]) -> list[Row]:
    """The suspicions with what their rows show; a few queries, however many."""
    findings = {one.pk: finding_of(one) for one in suspicions}
    claims = _claims(ref for finding in findings.values() for ref in finding.claims)
    dimensions = Dimensions(findings.values())
    standing = members_of(claims)
    rows = []
    for one in suspicions:
        words = said(findings[one.pk], claims, dimensions)
        if words is not None:
            open_url = _add_url({"suspicion": one.pk})
            topics = list(dict.fromkeys(_topic(claim) for claim in words.claims))
            sides = [_side(claim, several=len(topics) > 1) for claim in words.claims]
            disputes = held([claim.ref for claim in words.claims], standing)
            whole = any(dispute.whole for dispute in disputes)
            rows.append(Row(one, topics[0], words, sides, "" if whole else open_url, disputes))
    return rows


def finding_of(suspicion: Suspicion) -> Finding:
    refs = tuple(member.claim.ref for member in suspicion.members.all())
    return Finding(Relation(suspicion.relation), suspicion.rule, refs, suspicion.reason)


def _claims(refs: Iterable[str]) -> dict[str, Claim]:
    return {root.ref: cast(Claim, root) for root in roots_of(set(refs))}


def _topic(claim: Claim) -> str:
    return f"{label(claim.subject)} · {label(claim.property)}"


def _side(claim: Claim, *, several: bool) -> Side:
    return Side(
        value=claim.value_words(),
        url=admin_url(claim),
        about=_topic(claim) if several else "",
        asserter=label(claim.asserted_by) if claim.asserted_by else "",
        scope=[f"{one.dimension}: {one.term}" for one in claim.scope.all()],
        when=claim.when_words(),
        moved=claim.printed_version not in (0, claim.version),
    )


def _add_url(query: dict[str, Any]) -> str:
    return f"{reverse('admin:claims_dispute_add')}?{urlencode(query)}"


# On a claim's page, and in a new dispute ----------------------------------------------------------------------


def against(claim: Claim) -> list[Against]:
    """How the claim, as it stands on the desk, stands to others of its subject and property; what differs first."""
    same = Claim.objects.filter(subject=claim.subject_id, property=claim.property_id).exclude(pk=claim.pk)
    refs = list(same.exclude(state__in=PUT_ASIDE).order_by("-pk").values_list("ref", flat=True)[:MOST_OTHERS])
    if not refs:
        return []
    claims = _claims([claim.ref, *refs])
    facts = _facts(claims.values())
    findings = {ref: relate(facts[claim.ref], facts[ref]) for ref in refs}
    dimensions = Dimensions(findings.values())
    standing = members_of(claims)
    rows = []
    for ref, finding in findings.items():
        words = said(finding, claims, dimensions)
        if words is not None:
            differs = finding.relation not in (Relation.EQUAL, Relation.COMPATIBLE, Relation.NOT_COMPARABLE)
            disputes = held(finding.claims, standing) if differs else []
            may_open = differs and not any(dispute.whole for dispute in disputes)
            open_url = _add_url({"claims": ",".join(finding.claims)}) if may_open else ""
            rows.append(Against(claims[ref].value_words(), admin_url(claims[ref]), words, open_url, disputes))
    order = list(Relation)
    first = (Relation.CONTRADICTORY, Relation.OTHER_QUESTION)
    return sorted(
        rows,
        key=lambda row: (
            row.said.finding.relation not in first, order.index(row.said.finding.relation), row.url,
        ),
    )  # fmt: skip


def _facts(claims: Iterable[Claim]) -> dict[str, Fact]:
    """Claims of the desk as the rules see them; a merged entity on it is under its heir already."""
    return {
        claim.ref: fact(
            claim.body(),
            Trait(
                claim.property.functional,
                claim.property.event,
                "",
                frozenset(one.ref for one in claim.property.required_scope.all()),
            ),
        )
        for claim in claims
    }


@dataclass(frozen=True)
class Beginning:
    """What the form of a new dispute begins with."""

    fields: dict[str, Any]
    members: Sequence[Claim]
    disputes: Sequence[Held]  # those that one of the members is in already, or all of them


def beginning(request: HttpRequest) -> Beginning | None:
    """The dispute that ?suspicion= or ?claims= asks for; None without either. What is neither is a 404."""
    if key := request.GET.get("suspicion", ""):
        finding = finding_of(_suspicion(key))
    elif asked := request.GET.get("claims", ""):
        refs = asked.split(",")
        if len(refs) != 2 or not all(is_ref(ref) for ref in refs):
            raise Http404("name two claims")
        facts = _facts(_claims(refs).values())
        if len(facts) != 2:
            raise Http404("there is no such claim on the desk")
        finding = relate(facts[refs[0]], facts[refs[1]])
    else:
        return None
    claims = _claims(finding.claims)
    words = said(finding, claims, Dimensions([finding]))
    if words is None:
        raise Http404("one of the claims is no longer on the desk")
    facts = _facts(claims.values())
    verdict = state(finding, facts[finding.claims[0]], facts[finding.claims[-1]])
    refs = [claim.ref for claim in words.claims]
    return Beginning(draft(words, verdict), words.claims, held(refs, members_of(refs)))


# Which dates begin and end a life ------------------------------------------------------------------------------


class LifeBoundForm(LifeBoundModelForm):
    class Meta:
        model = LifeBound
        fields = ("property", "bound")

    def clean_property(self) -> Property:
        prop: Property = self.cleaned_data["property"]
        if prop.data_type != "time":
            raise ValidationError(_("Only a property whose value is a time begins or ends anything."))
        return prop


class LifeBoundAdmin(Headed, LifeBoundBase):
    """For editors: whoever may vouch for what others wrote."""

    form = LifeBoundForm
    list_display = ("property_label", "bound", "set_by", "set_at")
    list_select_related = ("property", "set_by")
    autocomplete_fields = ("property",)
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.can_approve(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.can_approve(request.user)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    @admin.display(description=gettext_lazy("property"), ordering="property__slug")
    def property_label(self, one: LifeBound) -> str:
        return label(one.property)

    def save_model(self, request: HttpRequest, obj: LifeBound, form: Any, change: bool) -> None:
        saved = set_life_bound(obj.property, obj.bound, by=cast(User, request.user))
        obj.pk = saved.pk
