"""Going back, with a preview: one thing to a former version, or a whole edition to what stood before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.reverting import (
    REASONS,
    NotReversible,
    Reversal,
    put_back,
    reversal,
    reverse_edition,
    revert,
)
from claims.actions.seen import Moved, Seen, locked
from claims.admin.comparing import compare_url
from claims.admin.finding import admin_for, admin_url, root_or_404, roots_of
from claims.admin.labels import label
from claims.admin.publishing import REFUSALS, NoteForm, page_of, seen_of, sentences
from claims.admin.sidebyside import side_by_side, words_of
from claims.comparing import compare
from claims.ledger.models import Edition, Reason
from claims.sidebyside import comparison
from kb.lib.spoken import numeral
from kb.models import Revision

if TYPE_CHECKING:
    from django.contrib import admin


class RevertForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why go back"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Kept in the desk's history; never public."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class ReverseForm(NoteForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(reason.value, reason.label) for reason in REASONS],
        widget=forms.RadioSelect,
    )
    field_order = ("reason", "note")


def revert_view(site: admin.AdminSite, request: HttpRequest, ref: str, version: int) -> HttpResponse:
    """GET: what going back to `version` would change on the desk. POST: go back, as a new version."""
    root = root_or_404(ref)
    shown_by = admin_for(site, root)
    if not shown_by.has_change_permission(request, root):
        raise PermissionDenied
    former = Revision.objects.filter(kind=root.KIND, ref=ref, version=version).select_related("by").first()
    if former is None or not former.body:
        raise Http404("there is no such version")
    form, refused = RevertForm(request.POST if request.method == "POST" else None), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            after = revert(
                root,
                version,
                by=cast(User, request.user),
                expect=_version(request),
                why=form.cleaned_data["why"],
            )
        except REFUSALS as fault:
            refused = sentences(fault)
            root = root_or_404(ref)
        else:
            shown_by.log_change(request, after, f"Back to version {version}.")
            said = {"former": numeral(version), "number": numeral(after.version)}
            messages.success(request, _("Back to version %(former)s, as version %(number)s.") % said)
            return HttpResponseRedirect(admin_url(root))
    context = {
        **site.each_context(request),
        "title": _("Go back to version %(number)s") % {"number": numeral(version)},
        "subtitle": label(root),
        "root": root,
        "root_label": label(root),
        "root_url": admin_url(root),
        "history_url": admin_url(root, "history"),
        "opts": shown_by.opts,
        "former": former,
        "form": form,
        "refused": refused,
        "comparison": side_by_side(root.body(), json.loads(former.body)),
    }
    return TemplateResponse(request, "admin/revert.html", context, status=409 if refused else 200)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit()):
        raise Http404("the form does not say which version was looked at")
    return int(text)


def reverse_view(site: admin.AdminSite, request: HttpRequest, number: int) -> HttpResponse:
    """GET: what reversing the edition would print. POST: reverse it, or send what comes back to review.

    A post names the versions that were seen of all that would change.
    """
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    plan = _plan(number)
    only_withdraws = not plan.back
    form = ReverseForm(
        request.POST if request.method == "POST" else None,
        initial={"reason": Reason.RETRACTION if only_withdraws else Reason.CORRECTION},
    )
    refused = list[str]()
    if request.method == "POST":
        seen = {} if plan.obstacles else seen_of(request)
        try:
            if request.POST.get("decision") == "desk":
                with _looked_at(plan, seen):
                    returning = put_back(number, by=cast(User, request.user))
                messages.success(request, _("What comes back is on the desk, in review."))
                return HttpResponseRedirect(page_of("admin:review", [root.ref for root in returning]))
            if form.is_valid():
                with _looked_at(plan, seen):
                    edition = reverse_edition(
                        number,
                        by=cast(User, request.user),
                        reason=Reason(form.cleaned_data["reason"]),
                        note=form.cleaned_data["note"],
                    )
                said = {"former": numeral(number), "number": numeral(edition.number)}
                messages.success(request, _("Edition %(former)s is reversed by edition %(number)s.") % said)
                return HttpResponseRedirect(reverse("admin:index"))
        except NotReversible:
            plan = _plan(number)  # the list of what stands in the way says it
        except REFUSALS as fault:
            refused, plan = sentences(fault), _plan(number)
    context = {
        **site.each_context(request),
        "title": _("Reverse edition %(number)s") % {"number": numeral(number)},
        "form": form,
        "refused": refused,
        **_preview(plan),
    }
    status = 409 if refused or (request.method == "POST" and plan.obstacles) else 200
    return TemplateResponse(request, "admin/reverse.html", context, status=status)


def _plan(number: int) -> Reversal:
    try:
        return reversal(number)
    except Edition.DoesNotExist as fault:
        raise Http404("there is no such edition") from fault


@contextmanager
def _looked_at(plan: Reversal, seen: Seen) -> Iterator[None]:
    """One transaction, in which all that the plan changes stands as it was seen. Raises Moved."""
    with transaction.atomic():
        if not plan.obstacles and set(seen) != {*plan.back, *plan.gone}:
            raise Moved([_("What this edition printed has changed since you looked: look at it again.")])
        locked(seen)
        yield


def _preview(plan: Reversal) -> dict[str, Any]:
    """What the page shows of a reversal; a fixed number of queries, however much the edition printed."""
    refs = {*plan.back, *plan.gone, *(ref for one in plan.obstacles for ref in (one.ref, one.by))}
    known = {root.ref: root for root in roots_of(refs)}
    words = words_of([*plan.printed.values(), *plan.back.values()])
    return {
        "edition": plan.edition,
        "back": [
            {
                "root": known[ref],
                "label": label(known[ref]),
                "url": compare_url(known[ref], f"e{plan.edition.number}", "desk"),
                "returns": ref not in plan.printed,
                "comparison": comparison(compare(plan.printed.get(ref, {}), body), words.about(body)),
            }
            for ref, body in plan.back.items()
        ],
        "seen": [f"{ref}:{known[ref].version}" for ref in (*plan.back, *plan.gone)],
        "gone": [(label(known[ref]), admin_url(known[ref])) for ref in plan.gone],
        "obstacles": [
            {
                "label": label(known[one.ref]),
                "url": compare_url(known[one.ref]),
                "why": one.why,
                "by": label(known[one.by]) if one.by != one.ref else "",
                "by_url": admin_url(known[one.by]),
            }
            for one in plan.obstacles
        ],
    }
