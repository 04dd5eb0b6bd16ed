"""Review, approve, publish, withdraw: each shows first what would change, then asks, then makes one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims import deriving, permissions, press
from claims.actions.bulk import approve_all, submit_all
from claims.actions.publishing import EDITORS_REASONS, publish_seen
from claims.actions.seen import locked
from claims.actions.withdrawals import foresee, withdraw
from claims.admin.finding import admin_url as admin_url
from claims.admin.finding import nothing_chosen, roots_of
from claims.admin.labels import by_ref, label
from claims.admin.sidebyside import words_of
from claims.admin.standing import Standing, editorial_body, standings
from claims.comparing import compare
from claims.ledger.indexing import references
from claims.ledger.models import GONE, OPEN, Link, Reason, Record
from claims.ledger.printing import NotClosed, NothingToPrint, SlugTaken
from claims.models import Claim
from claims.sidebyside import Comparison, comparison
from claims.workflow import Action
from companies.models import Entity
from kb.admin import faults_of
from kb.lib.forms import ProseField
from kb.lib.refs import kind_of
from kb.lib.spoken import numeral
from kb.models import Root, StaleVersion

MOST = 200  # things one edition of the admin takes; more come by dossier
REFUSALS = (
    press.NotPublishable, NotClosed, SlugTaken, NothingToPrint, StaleVersion, ValidationError
)  # fmt: skip


class NoteForm(forms.Form):
    note = ProseField(
        label=gettext_lazy("Public note"),
        required=False,
        help_text=gettext_lazy(
            "Printed with the edition. A correction, a retraction and a withdrawal need one."
        ),
    )


class PublishForm(NoteForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[(reason.value, reason.label) for reason in EDITORS_REASONS],
        widget=forms.RadioSelect,
    )
    field_order = ["reason", "note"]


@dataclass(frozen=True)
class Preview:
    """One root as it would be published."""

    root: Root
    label: str
    kind: str
    url: str
    standing: Standing
    comparison: Comparison
    faults: Sequence[str]
    hands: press.Hands


def previews(roots: Sequence[Root]) -> list[Preview]:
    """What publishing each root would change, and what stands in its way; a fixed number of queries."""
    known = standings(roots)
    records = Record.objects.filter(ref__in=list(known), edition_to=OPEN).exclude(op__in=GONE)
    printed = {record.ref: editorial_body(record) for record in records}
    bodies = {root.ref: root.body() for root in roots}
    words, hands = words_of([*printed.values(), *bodies.values()]), press.hands(roots)
    waiting = {root.ref: fault for root, fault in press.embargoed(roots, timezone.now())}
    return [
        Preview(
            root=root,
            label=label(root),
            kind=str(root._meta.verbose_name) if not isinstance(root, Entity) else root.get_kind_display(),
            url=admin_url(root),
            standing=known[root.ref],
            comparison=comparison(
                compare(printed.get(root.ref), bodies[root.ref]), words.about(bodies[root.ref])
            ),
            faults=[*press.unpublishable(root), *filter(None, [waiting.get(root.ref)])],
            hands=hands[root.ref],
        )
        for root in roots
    ]


def submittable(user: User, roots: Iterable[Root]) -> list[Root]:
    """Those that the user may submit for review now."""
    return [root for root in roots if not permissions.refusal(user, Action.SUBMIT, root)]


def ready_of(by: User, seen: Mapping[str, int], roots: Iterable[Root]) -> Mapping[str, int]:
    """What was seen of those that can be submitted; of all of them where none can, to be told why."""
    return {root.ref: seen[root.ref] for root in submittable(by, roots)} or seen


def submitted_words(number: int) -> str:
    said = ngettext("%(number)s is submitted for review.", "%(number)s are submitted for review.", number)
    return said % {"number": numeral(number)}


def usual_reason(known: Iterable[Standing]) -> Reason:
    """What an edition usually says of itself: new, when readers never had any of it, else an update."""
    return Reason.NEW if all(one == Standing.NEVER for one in known) else Reason.UPDATE


def missing(roots: Sequence[Root]) -> list[Root]:
    """What is not published and would have to be, for `roots` to lead nowhere empty; followed to the end."""
    chosen, found = {root.ref for root in roots}, list[Root]()
    fresh: Sequence[Root] = roots
    while fresh:
        bodies = {root.ref: root.body() for root in fresh}
        claims = {root.ref: bodies.pop(root.ref) for root in fresh if isinstance(root, Claim)}
        bodies |= deriving.derive(claims, bodies)
        targets = {
            one.target_ref for root in fresh for one in references(root.KIND, bodies[root.ref])
        } - chosen
        live = Record.objects.filter(ref__in=targets, edition_to=OPEN).exclude(op__in=GONE)
        fresh = roots_of(targets - set(live.values_list("ref", flat=True)))
        chosen |= targets
        found += fresh
    return found


def dependents(roots: Sequence[Root], *, spare: AbstractSet[str] = frozenset()) -> list[Root]:
    """What is published and refers to `roots`, directly or by steps, none of them through `spare`."""
    fresh, found = {root.ref for root in roots}, list[Root]()
    reached = fresh | spare
    while fresh:
        links = Link.objects.filter(target_ref__in=fresh, edition_to=OPEN).exclude(role="origin")
        fresh = set(links.values_list("ref", flat=True)) - reached
        reached |= fresh
        found += roots_of(fresh)
    return found


def review_page(
    site: admin.AdminSite, request: HttpRequest, refs: Sequence[str], *, form: PublishForm | None = None,
    refused: Sequence[str] = (),
) -> HttpResponse:  # fmt: skip
    """What publishing the things under `refs` would change."""
    if len(refs) > MOST:
        messages.error(request, _("Choose at most %(most)s things at a time.") % {"most": numeral(MOST)})
        return HttpResponseRedirect(request.get_full_path())
    order = {ref: place for place, ref in enumerate(refs)}
    roots = sorted(roots_of(refs), key=lambda root: order[root.ref])  # as they stood where they were chosen
    if not roots:
        raise Http404("nothing on the desk has these refs")
    shown, needed = previews(roots), missing(roots)
    user = request.user
    may_approve = any(
        one.standing != Standing.PUBLISHED
        and not one.hands.approved
        and permissions.can_approve_root(user, one.root, one.hands.writers)
        for one in shown
    )
    context = {
        **site.each_context(request),
        "title": _("Review and publish") if permissions.can_publish(user) else _("Review and approve"),
        "form": form or PublishForm(initial={"reason": usual_reason(one.standing for one in shown)}),
        "previews": shown,
        "refused": refused,
        "missing": [(label(root), admin_url(root)) for root in needed],
        "together_url": page_of(
            "admin:review", [*(root.ref for root in roots), *(root.ref for root in needed)]
        ),
        "may_publish": permissions.can_publish(user) and not needed and not any(one.faults for one in shown),
        "may_approve": may_approve,
        "submittable": 0 if may_approve else len(submittable(cast(User, user), roots)),
        "unchanged": not any(one.standing != Standing.PUBLISHED for one in shown),
        "schedule_url": page_of("admin:schedule", [root.ref for root in roots])
        if permissions.can_publish(user)
        else "",
    }
    return TemplateResponse(request, "admin/review.html", context, status=409 if refused else 200)


def review_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: the review of ?ref=…&ref=…. POST with decision=publish, approve or submit: do it.

    decision=submit asks for a review of those of them that can be submitted.
    """
    if not (permissions.can_publish(request.user) or permissions.can_approve(request.user)):
        raise PermissionDenied
    if request.method != "POST":
        refs = request.GET.getlist("ref")
        return review_page(site, request, refs) if refs else nothing_chosen(request)
    seen, by = seen_of(request), cast(User, request.user)
    form = PublishForm(request.POST)
    if request.POST.get("decision") == "submit":
        return _submit_all(site, request, seen, by)
    if request.POST.get("decision") == "approve":
        if not permissions.can_approve(request.user):
            raise PermissionDenied
        return _approve_all(site, request, seen, by)
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    if not form.is_valid():
        return review_page(site, request, list(seen), form=form, refused=[_("Nothing was published.")])
    try:
        edition = publish_seen(
            seen, by=by, reason=Reason(form.cleaned_data["reason"]), note=form.cleaned_data["note"]
        )
    except REFUSALS as fault:
        return review_page(site, request, list(seen), form=form, refused=sentences(fault))
    said = _("Published in edition %(number)s.") % {"number": numeral(edition.number)}
    messages.success(request, said)
    return HttpResponseRedirect(_afterwards(roots_of(seen)))


def approve_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """POST: approve one version, from its form."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not permissions.can_approve(request.user):
        raise PermissionDenied
    return _approve_all(site, request, seen_of(request), cast(User, request.user))


def _approve_all(
    site: admin.AdminSite, request: HttpRequest, seen: Mapping[str, int], by: User
) -> HttpResponse:
    roots = roots_of(seen)
    try:
        approve_all(seen, by=by)
    except REFUSALS as fault:
        return review_page(site, request, [root.ref for root in roots], refused=sentences(fault))
    number = len(roots)
    said = ngettext("%(number)s version approved.", "%(number)s versions approved.", number) % {
        "number": numeral(number)
    }
    messages.success(request, said)
    return HttpResponseRedirect(
        page_of("admin:review", seen) if permissions.can_publish(request.user) else _afterwards(roots)
    )


def _submit_all(
    site: admin.AdminSite, request: HttpRequest, seen: Mapping[str, int], by: User
) -> HttpResponse:
    try:
        number = submit_all(ready_of(by, seen, roots_of(seen)), by=by)
    except REFUSALS as fault:
        return review_page(site, request, list(seen), refused=sentences(fault))
    messages.success(request, submitted_words(number))
    return HttpResponseRedirect(page_of("admin:review", seen))


def withdraw_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: what withdrawing ?ref=… would leave without ground. POST: withdraw the versions that were seen."""
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    seen = seen_of(request) if request.method == "POST" else {}
    roots = roots_of(seen or request.GET.getlist("ref"))
    if not roots:
        raise Http404("nothing on the desk has these refs")
    form, refused = NoteForm(request.POST or None), list[str]()
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                edition = withdraw(locked(seen), by=cast(User, request.user), note=form.cleaned_data["note"])
        except REFUSALS as fault:
            refused = sentences(fault)
            roots = roots_of(seen)
        else:
            messages.success(
                request, _("Withdrawn in edition %(number)s.") % {"number": numeral(edition.number)}
            )
            return HttpResponseRedirect(_afterwards(roots))
    foreseen = foresee(roots)
    leaning = dependents([*roots, *foreseen.lost], spare={one.claim.ref for one in foreseen.recounted})
    context = {
        **site.each_context(request),
        "title": _("Withdraw"),
        "form": form,
        "refused": refused,
        "roots": [(f"{root.ref}:{root.version}", label(root), admin_url(root)) for root in roots],
        "foreseen": foreseen,
        "labels": by_ref(
            {claim.ref for claim in foreseen.lost} | {one.claim.ref for one in foreseen.recounted}
        ),
        "leaning": [(label(root), admin_url(root)) for root in leaning],
        "together_url": page_of(
            "admin:withdraw", [*(root.ref for root in roots), *(root.ref for root in leaning)]
        ),
    }
    return TemplateResponse(request, "admin/withdraw.html", context, status=409 if refused else 200)


def seen_of(request: HttpRequest) -> dict[str, int]:
    """The refs and versions that the page showed. Anything else in them is a 404."""
    seen = {}
    for pair in request.POST.getlist("seen"):
        ref, _colon, version = pair.partition(":")
        if kind_of(ref) is None or not version.isascii() or not version.isdigit():
            raise Http404("no such version")
        seen[ref] = int(version)
    if not seen or len(roots_of(seen)) != len(seen):
        raise Http404("nothing on the desk has these refs")
    return seen


def sentences(fault: Exception) -> list[str]:
    """A refusal in sentences for people."""
    if isinstance(fault, press.NotPublishable):
        return list(fault.faults)
    if isinstance(fault, ValidationError):
        return [line for lines in faults_of(fault).values() for line in lines]
    if isinstance(fault, NotClosed):
        labels = by_ref({ref for one in fault.dangling for ref in (one[0], one[2])})
        return [
            _("“%(this)s” refers to “%(that)s”, which would not be published.")
            % {"this": labels.get(ref, ref), "that": labels.get(target, target)}
            for ref, _kind, target in fault.dangling
        ]
    return [str(fault)]


def page_of(name: str, refs: Iterable[str]) -> str:
    return f"{reverse(name)}?{urlencode([('ref', ref) for ref in refs])}"


def _afterwards(roots: Sequence[Root]) -> str:
    return admin_url(roots[0]) if len(roots) == 1 else reverse("admin:index")
