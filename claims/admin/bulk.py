"""Many claims at once: what to do, a rehearsal that shows exactly what changes, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims import permissions
from claims.actions.bulk import (
    Change,
    Changed,
    change_all,
    rehearse,
    submit_all,
    with_evidence,
    with_rank,
    with_scope,
)
from claims.actions.claims import EvidenceDraft
from claims.actions.readings import Passage, evidence_from
from claims.admin.finding import admin_url, nothing_chosen, roots_of
from claims.admin.labels import label
from claims.admin.offering import SourceInput
from claims.admin.publishing import (
    MOST,
    REFUSALS,
    page_of,
    ready_of,
    seen_of,
    sentences,
    submittable,
    submitted_words,
)
from claims.admin.sidebyside import words_of
from claims.comparing import compare
from claims.models import Claim, Rank, ScopeDimension, ScopeTerm, Source, Stance
from claims.sidebyside import comparison
from kb.lib.forms import ProseField
from kb.lib.spoken import numeral
from kb.lib.text import unix_lines
from kb.models import Root


class DeedForm(forms.Form):
    """What one deed asks for; `change` is what it then does to each claim."""

    why = forms.CharField(
        label=gettext_lazy("Why this change"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the desk's history; never public."),
    )

    def change(self) -> Change:
        raise NotImplementedError


class EvidenceForm(DeedForm):
    field_order = ["source", "stance", "quote", "locator", "why"]
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=2000,
        widget=SourceInput(),
        help_text=gettext_lazy("Its ref, slug or address; type some words of its title, and it is offered."),
    )
    stance = forms.ChoiceField(label=gettext_lazy("Stance"), choices=Stance.choices)
    quote = forms.CharField(
        label=gettext_lazy("Quote"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "class": "vLargeTextField"}),
        help_text=gettext_lazy("Words of its newest copy, exactly as they stand there, and only once."),
    )
    locator = forms.CharField(
        label=gettext_lazy("Or where in it"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A page, a table, a minute."),
    )

    def clean_source(self) -> Source:
        named = self.cleaned_data["source"].strip()
        for field in ("ref", "slug", "url"):
            found = list(Source.objects.filter(**{field: named})[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise ValidationError(_("More than one source has this address: give the ref of one."))
        raise ValidationError(_("No source has this ref, slug or address."))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("quote")) == bool(cleaned.get("locator")) and not self.errors:
            raise ValidationError(
                _("Quote the words, or say where in the source they stand: one of the two.")
            )
        return cleaned

    def change(self) -> Change:
        given = self.cleaned_data
        if not given["quote"]:
            return with_evidence(
                EvidenceDraft(source=given["source"], stance=given["stance"], locator=given["locator"])
            )
        return with_evidence(
            evidence_from(_passage(given["source"], unix_lines(given["quote"]), given["stance"]))
        )


def _passage(source: Source, words: str, stance: str) -> Passage:
    """Where the words stand in the newest copy. Raises ValidationError unless it is in exactly one place."""
    snapshot = source.snapshots.order_by("position").last()
    text = snapshot.text() if snapshot else None
    if snapshot is None or text is None:
        raise ValidationError(_("No text of this source is held here: say where in it instead."))
    places = text.count(words)
    if places != 1:
        said = ngettext(
            "These words do not stand in it once but in %(count)s place.",
            "These words do not stand in it once but in %(count)s places.",
            places,
        )
        raise ValidationError(said % {"count": numeral(places)})
    start = text.index(words)
    return Passage(snapshot=snapshot, start=start, end=start + len(words), stance=stance)


class ScopeForm(DeedForm):
    field_order = ["term", "why"]
    term = forms.ModelChoiceField(
        ScopeTerm.objects.none(),
        label=gettext_lazy("Term"),
        help_text=gettext_lazy("Takes the place of another term of its dimension."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[ScopeTerm]", self.fields["term"])
        field.queryset = ScopeTerm.objects.all()
        dimensions = ScopeDimension.objects.prefetch_related("terms")
        field.choices = [
            ("", "–"),
            *((str(one), [(term.pk, str(term)) for term in one.terms.all()]) for one in dimensions),
        ]

    def change(self) -> Change:
        return with_scope(self.cleaned_data["term"])


class RankForm(DeedForm):
    field_order = ["rank", "rank_reason", "why"]
    rank = forms.ChoiceField(label=gettext_lazy("Rank"), choices=Rank.choices, initial=Rank.DEPRECATED)
    rank_reason = ProseField(
        label=gettext_lazy("Why this rank"),
        required=False,
        help_text=gettext_lazy("Public, with the claim. Normal needs none."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("rank") != Rank.NORMAL and not cleaned.get("rank_reason"):
            raise ValidationError({"rank_reason": _("Say why this rank.")})
        return cleaned

    def change(self) -> Change:
        return with_rank(self.cleaned_data["rank"], self.cleaned_data["rank_reason"])


DEEDS: Final[Mapping[str, tuple[Any, type[DeedForm]]]] = {
    "evidence": (gettext_lazy("Add evidence from one source"), EvidenceForm),
    "scope": (gettext_lazy("Set the scope"), ScopeForm),
    "rank": (gettext_lazy("Change the rank"), RankForm),
}


def bulk_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: what can be done with ?ref=…, and the form of ?deed=…. POST with decision=preview or decision=do.

    decision=submit asks for a review of those of them that can be submitted.
    """
    if not permissions.can_edit(request.user, Claim):
        raise PermissionDenied
    by = cast(User, request.user)
    if request.method != "POST" and "ref" not in request.GET:
        return nothing_chosen(request)
    if len(refs := request.GET.getlist("ref")) > MOST:
        too_many(request, refs)
        return HttpResponseRedirect(reverse("admin:claims_claim_changelist"))
    claims = _claims(request)
    deed = request.POST.get("deed") or request.GET.get("deed") or ""
    if deed and deed not in DEEDS:
        raise Http404("there is no such deed")
    decision, refused = request.POST.get("decision", ""), list[str]()
    form = DEEDS[deed][1](request.POST if decision else None) if deed else None
    changed: Sequence[Changed] = ()
    try:
        if decision == "submit":
            number = submit_all(ready_of(by, seen_of(request), claims), by=by)
            messages.success(request, submitted_words(number))
            return _next_page(request, claims)
        if decision and form is not None and form.is_valid():
            if decision == "do":
                seen = seen_of(request)
                change_all(seen, form.change(), by=by, why=form.cleaned_data["why"])
                said = ngettext("%(number)s claim is changed.", "%(number)s claims are changed.", len(seen))
                messages.success(request, said % {"number": numeral(len(seen))})
                return _next_page(request, claims)
            changed = rehearse({claim.ref: claim.version for claim in claims}, form.change(), by=by)
    except REFUSALS as fault:
        refused = sentences(fault)
    chosen = page_of("admin:bulk", [claim.ref for claim in claims])
    context = {
        **site.each_context(request),
        "title": DEEDS[deed][0] if deed else _("Many at once"),
        "claims": [(claim, label(claim), admin_url(claim)) for claim in claims],
        "deed": deed,
        "deeds": [(slug, title, f"{chosen}&deed={slug}") for slug, (title, _form) in DEEDS.items()],
        "form": form,
        "refused": refused,
        "previews": _previews(changed, claims),
        "review_url": page_of("admin:review", [claim.ref for claim in claims]),
        "schedule_url": page_of("admin:schedule", [claim.ref for claim in claims])
        if permissions.can_publish(by)
        else "",
        "may_review": permissions.can_publish(by) or permissions.can_approve(by),
        "submittable": len(submittable(by, claims)),
    }  # fmt: skip
    return TemplateResponse(request, "admin/bulk.html", context, status=409 if refused else 200)


def too_many(request: HttpRequest, refs: Sequence[str]) -> None:
    """Say how many claims can be changed at once, and lead to the first of those that were chosen."""
    said = _("At most %(most)s claims are changed at a time: choose fewer, or begin with the first %(most)s.")
    first = page_of("admin:bulk", refs[:MOST])
    messages.error(
        request,
        format_html('{} <a href="{}">{}</a>', said % {"most": numeral(MOST)}, first, _("Begin with these")),
    )


def _claims(request: HttpRequest) -> list[Root]:
    """The claims that were chosen: by ref, and in a second step by what was seen of them."""
    refs = list(seen_of(request)) if request.method == "POST" else request.GET.getlist("ref")
    claims = [root for root in roots_of(refs[: MOST + 1]) if isinstance(root, Claim)]
    if not claims or len(refs) > MOST:
        raise Http404(f"choose claims, at most {MOST}")
    return list(claims)


def _previews(changed: Sequence[Changed], claims: Sequence[Root]) -> list[dict[str, Any]]:
    words = words_of(body for one in changed for body in (one.before, one.after))
    roots = {claim.ref: claim for claim in claims}
    return [
        {
            "root": roots[one.ref],
            "label": label(roots[one.ref]),
            "url": admin_url(roots[one.ref]),
            "comparison": comparison(compare(one.before, one.after), words.about(one.after)),
        }
        for one in changed
    ]


def _next_page(request: HttpRequest, claims: Sequence[Root]) -> HttpResponse:
    """Where they go on: to the review, for who may do something there; else where all can be submitted."""
    may_review = permissions.can_publish(request.user) or permissions.can_approve(request.user)
    refs = [claim.ref for claim in claims]
    return HttpResponseRedirect(page_of("admin:review" if may_review else "admin:bulk", refs))
