"""Keeping a thing from being published before a moment: setting, moving and lifting its embargo."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions import embargoes
from claims.admin.finding import admin_url, root_or_404
from claims.admin.labels import label
from claims.admin.moments import SHOWN, MomentForm, in_words
from claims.admin.publishing import seen_of, sentences
from claims.models import Embargo
from claims.workflow import Action
from kb.lib.zones import listed
from kb.models import Root, StaleVersion


class EmbargoForm(MomentForm):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("For colleagues; readers see neither this nor that there is an embargo."),
    )


def embargo_view(site: admin.AdminSite, request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the embargo on the thing under `ref`, and a form. POST with `seen`: set it; with decision=lift: lift it."""
    root, now = root_or_404(ref), timezone.now()
    if permissions.refusal(request.user, Action.EMBARGO, root):
        raise PermissionDenied
    standing = Embargo.objects.standing(now).filter(ref=ref).select_related("set_by").first()
    zone = timezone.get_current_timezone_name()
    until = standing.until if standing else (now + timedelta(days=1)).replace(minute=0, second=0)
    initial = {
        "when": until.astimezone(ZoneInfo(zone)).replace(tzinfo=None).strftime(SHOWN),
        "zone": zone,
        "why": standing.why if standing else "",
    }
    form, refused = EmbargoForm(request.POST or None, initial=initial), list[str]()
    if request.method == "POST":
        try:
            if said := _decided(request, root, form):
                messages.success(request, said)
                return HttpResponseRedirect(admin_url(root))
        except (ValidationError, StaleVersion) as fault:
            refused = sentences(fault)
    context = {
        **site.each_context(request),
        "title": _("Embargo"),
        "root": root,
        "label": label(root),
        "url": admin_url(root),
        "standing": standing,
        "until": in_words(standing.until, zone) if standing else "",
        "may_lift": standing and not permissions.refusal(request.user, Action.LIFT, root),
        "form": form,
        "refused": refused,
        "zones": listed(),
        "now": in_words(now, zone),
    }
    return TemplateResponse(request, "admin/embargo.html", context, status=409 if refused else 200)


def _decided(request: HttpRequest, root: Root, form: EmbargoForm) -> str:
    """Do what was asked of the version that was seen; what to say of it, "" where the form does not say enough."""
    by, expect = cast(User, request.user), seen_of(request).get(root.ref, 0)
    if request.POST.get("decision") == "lift":
        embargoes.lift(root, by=by, expect=expect, why=request.POST.get("why", "")[:500])
        return _("The embargo is lifted.")
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    made = embargoes.embargo(root, until=given["moment"], why=given["why"], by=by, expect=expect)
    return _("It is not published before %(when)s.") % {"when": in_words(made.until, given["zone"])}
