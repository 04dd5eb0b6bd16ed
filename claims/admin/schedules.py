"""Publishing later: choosing the time, and the list of what waits, was published, or could not be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions import schedules
from claims.admin.finding import admin_url, roots_of
from claims.admin.labels import by_ref, label
from claims.admin.publishing import REFUSALS, PublishForm, missing, page_of, previews, seen_of, sentences
from claims.ledger.models import Reason
from claims.ledger.printing import Redacted
from claims.models import Schedule

CLOSED_SHOWN: Final = 50
SHOWN: Final = "%Y-%m-%dT%H:%M"


class ScheduleForm(PublishForm):
    """An edition to come: when, in somebody's time zone, and what it says of itself."""

    when = forms.DateTimeField(
        label=gettext_lazy("Publish at"),
        input_formats=[SHOWN, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=SHOWN),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=60,
        initial="UTC",
        widget=forms.TextInput(attrs={"list": "zones", "size": 24, "autocomplete": "off"}),
        help_text=gettext_lazy("Such as Asia/Dhaka. The page shows the time in UTC as well."),
    )
    field_order = ["when", "zone", "reason", "note"]

    def clean_zone(self) -> str:
        name: str = self.cleaned_data["zone"].strip()
        if name not in available_timezones():
            raise ValidationError(
                _("No time zone has this name: write Asia/Dhaka, Europe/Paris or UTC, say.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        when, zone = cleaned.get("when"), cleaned.get("zone")
        if when is not None and zone is not None:
            cleaned["publish_at"] = _moment(when.replace(tzinfo=None), zone)
        return cleaned


def _moment(wall: datetime, zone: str) -> datetime:
    """The moment at which clocks in `zone` show `wall`. Raises ValidationError where they never do, or twice."""
    local = wall.replace(tzinfo=ZoneInfo(zone))
    moment, other = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise ValidationError(
            {"when": _("Clocks are put forward then: this time does not exist in %s.") % zone}
        )
    if moment != other:
        raise ValidationError(
            {"when": _("Clocks are put back then: this time comes twice in %s; give it in UTC.") % zone}
        )
    return moment


def schedule_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: the form for ?ref=…. POST: schedule what was seen."""
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    by, now = cast(User, request.user), timezone.now()
    refs = list(seen_of(request)) if request.method == "POST" else request.GET.getlist("ref")
    roots = roots_of(refs)
    if not roots:
        raise Http404("nothing on the desk has these refs")
    last = Schedule.objects.filter(scheduled_by=by).order_by("-id").first()
    zone = last.time_zone if last else "UTC"
    tomorrow = (now + timedelta(days=1)).astimezone(ZoneInfo(zone)).replace(minute=0, second=0, tzinfo=None)
    initial = {"when": tomorrow.strftime(SHOWN), "zone": zone, "reason": Reason.UPDATE}
    form, refused = ScheduleForm(request.POST or None, initial=initial), list[str]()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            schedules.schedule(
                seen_of(request), by=by, publish_at=given["publish_at"], time_zone=given["zone"],
                reason=Reason(given["reason"]), note=given["note"],
            )  # fmt: skip
        except REFUSALS as fault:
            refused = sentences(fault)
        else:
            messages.success(
                request, _("Scheduled for %(when)s.") % {"when": in_words(given["publish_at"], given["zone"])}
            )
            return HttpResponseRedirect(reverse("admin:schedules"))
    needed = missing(roots)
    context = {
        **site.each_context(request),
        "title": _("Publish later"),
        "form": form,
        "previews": previews(roots),
        "refused": refused,
        "missing": [(label(root), admin_url(root)) for root in needed],
        "together_url": page_of("admin:schedule", [root.ref for root in (*roots, *needed)]),
        "zones": sorted(available_timezones()),
        "now": in_words(now, zone),
    }
    return TemplateResponse(request, "admin/schedule.html", context, status=409 if refused else 200)


def schedules_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: what waits, and what was closed lately. POST with schedule=…: decision=publish or decision=cancel."""
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    refused: list[str] = []
    if request.method == "POST":
        refused = _decide(request)
        if not refused:
            return HttpResponseRedirect(reverse("admin:schedules"))
    rows = Schedule.objects.select_related("scheduled_by", "closed_by").prefetch_related("things")
    waiting = list(rows.filter(outcome=Schedule.Outcome.WAITING).order_by("publish_at", "id"))
    closed = list(rows.exclude(outcome=Schedule.Outcome.WAITING).order_by("-closed_at", "-id")[:CLOSED_SHOWN])
    labels = by_ref({thing.ref for one in (*waiting, *closed) for thing in one.things.all()})
    context = {
        **site.each_context(request),
        "title": _("Publishing later"),
        "refused": refused,
        "waiting": [_shown(one, labels) for one in waiting],
        "closed": [_shown(one, labels) for one in closed],
    }
    return TemplateResponse(request, "admin/schedules.html", context, status=409 if refused else 200)


def _decide(request: HttpRequest) -> list[str]:
    """Publish or cancel the schedule that was posted; what was refused, in sentences."""
    key, by = request.POST.get("schedule", ""), cast(User, request.user)
    found = (
        Schedule.objects.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    )
    if found is None:
        raise Http404("there is no such schedule")
    try:
        if request.POST.get("decision") == "publish":
            edition = schedules.publish_now(found, by=by)
            messages.success(request, _("Published in edition %(number)s.") % {"number": edition.number})
        else:
            schedules.cancel(found, by=by)
            messages.success(request, _("Canceled; nothing will be published."))
    except (*REFUSALS, Redacted) as fault:
        return sentences(fault)
    return []


def _shown(one: Schedule, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "schedule": one,
        "when": in_words(one.publish_at, one.time_zone),
        "next": in_words(one.next_try_at, one.time_zone) if one.tries else "",
        "reason": Reason(one.reason).label,
        "things": [
            (labels.get(thing.ref, thing.ref), reverse("admin:talk", args=[thing.ref]))
            for thing in one.things.all()
        ],
    }


def in_words(moment: datetime, zone: str) -> str:
    """A moment in UTC and, where that is another, in `zone`."""
    words = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if zone == "UTC":
        return words
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone} ({words})"
