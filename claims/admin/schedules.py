"""Publishing later: choosing the time, and the list of what waits, was published, or could not be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo, available_timezones

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import permissions
from claims.actions import schedules
from claims.admin.finding import admin_url, roots_of
from claims.admin.labels import by_ref, label
from claims.admin.moments import SHOWN, MomentForm, in_words
from claims.admin.publishing import (
    REFUSALS,
    PublishForm,
    missing,
    page_of,
    previews,
    seen_of,
    sentences,
    usual_reason,
)
from claims.admin.standing import standings
from claims.ledger.models import Reason
from claims.ledger.printing import Redacted
from claims.models import Schedule
from kb.lib.spoken import numeral

CLOSED_SHOWN: Final = 50


class ScheduleForm(MomentForm, PublishForm):
    """An edition to come: when, in somebody's time zone, and what it says of itself."""

    field_order = ["when", "zone", "reason", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].label = _("Publish at")


def schedule_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: the form for ?ref=…. POST: schedule what was seen."""
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    by, now = cast(User, request.user), timezone.now()
    refs = list(seen_of(request)) if request.method == "POST" else request.GET.getlist("ref")
    roots = roots_of(refs)
    if not roots:
        raise Http404("nothing on the desk has these refs")
    zone = _zone_of(by)
    tomorrow = (now + timedelta(days=1)).astimezone(ZoneInfo(zone)).replace(minute=0, second=0, tzinfo=None)
    initial = {
        "when": tomorrow.strftime(SHOWN),
        "zone": zone,
        "reason": usual_reason(standings(roots).values()),
    }
    form, refused = ScheduleForm(request.POST or None, initial=initial), list[str]()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            schedules.schedule(
                seen_of(request), by=by, publish_at=given["moment"], time_zone=given["zone"],
                reason=Reason(given["reason"]), note=given["note"],
            )  # fmt: skip
        except REFUSALS as fault:
            refused = sentences(fault)
        else:
            messages.success(
                request, _("Scheduled for %(when)s.") % {"when": in_words(given["moment"], given["zone"])}
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


def _zone_of(user: User) -> str:
    """The zone to offer: the one that the user's desk is in, else that of the last schedule they made."""
    zone = timezone.get_current_timezone_name()
    last = Schedule.objects.filter(scheduled_by=user).order_by("-id").first() if zone == "UTC" else None
    return last.time_zone if last else zone


def schedules_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: what waits, and what was closed lately. POST with schedule=…: decision=publish, take or cancel."""
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
            messages.success(
                request, _("Published in edition %(number)s.") % {"number": numeral(edition.number)}
            )
        elif request.POST.get("decision") == "take":
            schedules.take_over(found, by=by)
            messages.success(request, _("It is yours now, and is published in your name."))
        else:
            schedules.cancel(found, by=by)
            messages.success(request, _("Canceled; nothing will be published."))
    except (*REFUSALS, Redacted) as fault:
        return sentences(fault)
    return []


def _shown(one: Schedule, labels: dict[str, str]) -> dict[str, Any]:
    """A schedule as its row shows it, in the reader's time; in the one it was chosen in where their desk is in UTC."""
    here = timezone.get_current_timezone_name()
    zone = one.time_zone if here == "UTC" else here
    return {
        "schedule": one,
        "when": in_words(one.publish_at, zone),
        "next": in_words(one.next_try_at, zone) if one.tries and not one.is_stopped else "",
        "reason": Reason(one.reason).label,
        "things": [
            (labels.get(thing.ref, thing.ref), reverse("admin:talk", args=[thing.ref]))
            for thing in one.things.all()
        ],
    }
