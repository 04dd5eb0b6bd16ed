"""Capturing a source from the desk, and the queue of evidence whose page has changed or is gone."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect

from claims import permissions
from claims.actions import captures
from claims.actions.arrivals import Arrival, add_source
from claims.admin.capture_forms import CaptureForm, too_long
from claims.admin.labels import label
from claims.admin.publishing import admin_url
from claims.admin.sources import ReadOnly, reading_url
from claims.models import CaptureAttempt, Kinship, Outcome, Snapshot, Source
from claims.models.capture import STALE
from kb.admin import faults_of
from kb.lib.spoken import numeral
from kb.lib.text import sha256_text

if TYPE_CHECKING:
    AttemptBase = admin.ModelAdmin[CaptureAttempt]
else:
    AttemptBase = admin.ModelAdmin

MOST_LINES: Final = 4000  # of each text, to be compared


def capture_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """The page of the form. To be exempt from the site's check of the form's token: `_answer` makes it.

    That check reads the form, and one too large to be read would end there, in an answer without a word.
    """
    if not request.user.has_perm("claims.add_source"):
        raise PermissionDenied
    try:
        request.POST  # noqa: B018  reads the form
    except RequestDataTooBig:
        form = CaptureForm({})
        form.errors.clear()  # nothing that was given has come through
        form.add_error("text", too_long())
        return _page(site, request, form, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _answer(request, site)


@csrf_protect
def _answer(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """GET: the form. POST: a new source, or an offer of the one we have.

    To the offer, decision=copy stores the copy with that one, and decision=new makes another one.
    """
    decision = request.POST.get("decision", "")
    if decision == "copy" and not permissions.can_edit(request.user, Source):
        raise PermissionDenied
    form = CaptureForm(request.POST or None, request.FILES or None)
    offer: Offer | None = None
    if request.method == "POST" and form.is_valid():
        try:
            at_address = captures.known(urls=[form.cleaned_data["address"]])
            offer = Offer(at_address) if at_address else None  # before anything leaves the machine
            if offer is None or decision:
                arrival = form.arrival()
                offer = _offer(arrival) or offer
                if decision == "copy":
                    return _done(request, _copy(arrival, _accepted(offer, request), cast(User, request.user)))
                if offer is None or decision == "new":
                    return _done(request, add_source(arrival, by=cast(User, request.user)))
        except ValidationError as fault:
            for name, lines in faults_of(fault).items():
                form.add_error(name if name in form.fields else None, lines)
    return _page(site, request, form, offer)


def _page(
    site: admin.AdminSite,
    request: HttpRequest,
    form: CaptureForm,
    offer: Offer | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("Capture a source"),
        "form": form,
        "offer": offer,
        "known": offer.known if offer else None,
        "known_url": admin_url(offer.known.source) if offer else "",
        "file_again": bool(offer and request.FILES),
        "may_copy": permissions.can_edit(request.user, Source),
    }
    return TemplateResponse(request, "admin/capture.html", context, status=status)


@dataclass(frozen=True)
class Offer:
    """The source that we have already. `text`: the digest of the text it was known by, empty for an address."""

    known: captures.Known
    text: str = ""


def _offer(arrival: Arrival) -> Offer | None:
    text = arrival.document.text
    urls = (arrival.url, arrival.document.canonical, arrival.fetched_from)
    known = captures.known(data=arrival.data, text=text, urls=urls)
    return Offer(known, "" if known.by == "address" else sha256_text(text)) if known else None


def _accepted(offer: Offer | None, request: HttpRequest) -> Source:
    """The source that was offered. Raises ValidationError when the document is another one by now.

    A page can say something else each time it is fetched, and a file is chosen once more.
    """
    ref, text = request.POST.get("offered"), request.POST.get("offered_text")
    if offer is not None and ref == offer.known.source.ref and text in ("", offer.text):
        return offer.known.source
    raise ValidationError(
        _("The document is no longer the one that this was offered for. Look again, and decide anew.")
    )


def _copy(arrival: Arrival, source: Source, by: User) -> captures.Captured:
    today = timezone.now().date().isoformat()
    return captures.capture(
        arrival.data,
        source,
        document=arrival.document,
        address=arrival.fetched_from,
        retrieved_on=today,
        by=by,
    )


def _done(request: HttpRequest, captured: captures.Captured) -> HttpResponse:
    """To where it is read; where its text is like that of others, to them first."""
    said = ngettext(
        "Captured: %(count)s character.", "Captured: %(count)s characters.", captured.snapshot.characters
    )
    messages.success(request, said % {"count": numeral(f"{captured.snapshot.characters:,}")})
    source = captured.snapshot.source
    if Kinship.objects.waiting().of(source).exists():
        messages.warning(request, _("Its text is like that of others: look at these before you read it."))
        return HttpResponseRedirect(f"{reverse('admin:kinships')}?{urlencode({'source': source.ref})}")
    return HttpResponseRedirect(reading_url(source))


# Stale evidence -------------------------------------------------------------------------------------------


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("seen to")
    parameter_name = "seen"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Yes")), ("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        all_of_them, *rest = super().choices(changelist)
        yield all_of_them | {"display": _("No")}
        yield from rest

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.filter(resolved_at__isnull=self.value() != "yes")


class OutcomeFilter(admin.SimpleListFilter):
    title = gettext_lazy("what happened")
    parameter_name = "outcome"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(one.value, one.label) for one in STALE]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


class CaptureAttemptAdmin(ReadOnly, AttemptBase):
    """The queue: pages that published evidence cites and that have changed or are gone."""

    list_display = ("what", "heading", "at", "detail", "seen_to")
    list_display_links = ("what",)
    list_filter = (OpenFilter, OutcomeFilter)
    search_fields = ("source__title", "source__slug", "source__ref", "source__url")
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CaptureAttempt]:
        return CaptureAttempt.objects.for_queue()

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page: Any = super().get_changelist_instance(request)
        page.title = capfirst(page.opts.verbose_name_plural)
        return page

    @admin.display(description=gettext_lazy("what happened"), ordering="outcome")
    def what(self, attempt: CaptureAttempt) -> SafeString:
        outcome = Outcome(attempt.outcome)
        return format_html('<span class="standing {}">{}</span>', outcome.value, outcome.label)

    @admin.display(description=gettext_lazy("source"), ordering="source__title")
    def heading(self, attempt: CaptureAttempt) -> SafeString:
        return format_html('<span lang="{}" dir="auto">{}</span>', attempt.source.language, attempt.source)

    @admin.display(description=gettext_lazy("seen to"))
    def seen_to(self, attempt: CaptureAttempt) -> str:
        if attempt.resolved_at is None:
            return ""
        return str(attempt.resolved_by or _("by a later attempt"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """GET: what changed and whose words are gone. POST: somebody has seen to it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        attempt = self.get_object(request, object_id)
        if attempt is None:
            raise Http404("no such item in the queue")
        may_resolve = permissions.can_edit(request.user, Source)
        if request.method == "POST":
            if not may_resolve:
                raise PermissionDenied
            return self._resolve(request, attempt)
        newer = attempt.snapshot
        quoted = captures.quotes(newer, attempt.source)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Stale evidence"),
            "opts": self.opts,
            "attempt": attempt,
            "dead": attempt.outcome == Outcome.DEAD,
            "source_url": admin_url(attempt.source),
            "quoted": [(one, label(one.evidence.claim), admin_url(one.evidence.claim)) for one in quoted],
            "lost": sum(not one.found for one in quoted),
            "differences": difference(newer) if newer else [],
            "may_resolve": may_resolve and attempt.is_open,
        }
        return TemplateResponse(request, "admin/stale_evidence.html", context)

    def _resolve(self, request: HttpRequest, attempt: CaptureAttempt) -> HttpResponse:
        try:
            captures.resolve(attempt, by=cast(User, request.user))
        except ValidationError as fault:
            self.message_user(request, " ".join(fault.messages), messages.ERROR)
        else:
            self.message_user(request, _("Taken off the queue: %(source)s.") % {"source": attempt.source})
        return HttpResponseRedirect(reverse("admin:claims_captureattempt_changelist"))


@dataclass(frozen=True)
class Line:
    """One line of a text, and whether it is only in the older text, only in the newer, or in both."""

    text: str
    mark: str  # "-", "+" or ""


@dataclass(frozen=True)
class Difference:
    """A text in two versions, interleaved as lines."""

    part: str
    lines: Sequence[Line]


def difference(newer: Snapshot) -> list[Difference]:
    """What the text of a snapshot took out and put in, next to the one before it; nothing where one is not held."""
    older = newer.source.snapshots.filter(position__lt=newer.position).order_by("position").last()
    before, after = (older.text() if older else None), newer.text()
    if before is None or after is None:
        return []
    lines = compared(before.splitlines()[:MOST_LINES], after.splitlines()[:MOST_LINES])
    return [Difference(_("the text"), lines)] if lines else []


def compared(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """The lines that differ, with one line around them; “…” stands for what is left out."""
    found = list[Line]()
    for number, text in enumerate(difflib.unified_diff(before, after, n=1, lineterm="")):
        if number < 2:  # the two file names
            continue
        if text.startswith("@@"):
            found += [Line("…", "")] if found else []
            continue
        found.append(Line(text[1:], text[0].strip()))
    return found
