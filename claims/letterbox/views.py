"""Reporting an error about something published: no account, no script, and limits on how much is taken."""

from ipaddress import ip_address, ip_network
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from claims.actions.reports import TooMany, take_in
from claims.ledger import read
from claims.ledger.read import Thing
from claims.models.report import LONGEST
from claims.views.reading import Reading, Unreadable, resolve, show

KINDS: Final = ("claim", "source", "dispute", "entity", "timeline")


class ReportForm(forms.Form):
    message = forms.CharField(
        label=gettext_lazy("What is wrong, and how do you know?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": gettext_lazy("Say what is wrong.")},
    )
    contact = forms.CharField(
        label=gettext_lazy("How to reach you (may stay empty)"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Seen by the desk only, and forgotten when the report is closed."),
    )
    # People do not see this field and leave it empty; programs that fill in every field do not.
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the form. POST: the letter goes to the desk; 422 for one that cannot be taken, 429 for too many."""
    try:
        reading = resolve(request)
    except Unreadable as error:
        raise Http404(str(error)) from error
    thing = read.things([ref], reading.as_of).get(ref)
    if thing is None or thing.gone or thing.kind not in KINDS or "merged_into" in thing.body:
        raise Http404("nothing published has this ref")
    if "sent" in request.GET:
        return _page(request, reading, thing, {"sent": True})
    form = ReportForm(request.POST or None)
    if request.method != "POST":
        return _page(request, reading, thing, {"form": form})
    if not form.is_valid():
        return _page(request, reading, thing, {"form": form}, status=422)
    if not form.cleaned_data["website"]:
        try:
            take_in(
                ref,
                form.cleaned_data["message"],
                edition=reading.as_of.number,
                language=reading.language,
                address=sender_of(request),
                contact=form.cleaned_data["contact"],
            )
        except TooMany:
            form.add_error(
                None, _("Too many letters have come in the last hour. Keep your text and send it later.")
            )
            return _page(request, reading, thing, {"form": form}, status=429)
        except ValidationError as fault:
            for name, messages in fault.message_dict.items():
                form.add_error(name if name in form.fields else None, messages)
            return _page(request, reading, thing, {"form": form}, status=422)
    return redirect(f"{request.path}{reading.keep}{'&' if reading.keep else '?'}sent=1")


def sender_of(request: HttpRequest) -> str:
    """The network address a letter came from; of an IPv6 address the half that one household has (/64)."""
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        told = str(request.headers.get("X-Forwarded-For", told)).rpartition(",")[2].strip()
    try:
        address = ip_address(told)
    except ValueError:
        return told
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _page(
    request: HttpRequest, reading: Reading, thing: Thing, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    name = f"claims:{thing.body.get('kind', thing.kind)}"
    about: dict[str, Any] = {
        "address": reverse(name, args=[thing.body.get("slug") or thing.ref]) + reading.keep
    }
    if thing.kind == "claim":
        about["claim"] = reading.joined.claims([thing])[0]
    return show(request, reading, "claims/report.html", {"about": about} | context, status=status)
