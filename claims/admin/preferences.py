"""The page on which each of the staff chooses the language and the time zone of their desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from claims.actions.preferences import prefer
from kb.lib.figures import quantity, time_label
from kb.lib.zones import LONGEST, NoSuchZone, listed, offset, zone_named
from kb.models import Preference

FIGURE: Final = Decimal("1600000000")


def _own_name(tag: str) -> str:
    return str(get_language_info(tag)["name_local"])


class PreferenceForm(forms.Form):
    """A language of the site, and a time zone as people name it."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), widget=forms.RadioSelect)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"list": "zones", "size": 30, "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=gettext_lazy(
            "Type a city or a region and choose: Dhaka, Asia/Dhaka, UTC. Times on the desk are shown in this zone, and "
            "read in it where you type one."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tags = [(tag, _own_name(tag)) for tag, _name in settings.LANGUAGES]
        cast(forms.ChoiceField, self.fields["language"]).choices = tags

    def clean_time_zone(self) -> str:
        try:
            return zone_named(self.cleaned_data["time_zone"])
        except NoSuchZone as fault:
            raise ValidationError(fault.said(_)) from fault


@dataclass(frozen=True)
class Example:
    """How the desk writes in one language: a moment, a day and a figure."""

    tag: str
    language: str
    moment: str
    day: str
    figure: str


def examples(zone: str, at: datetime) -> Sequence[Example]:
    """One example a language, with the clocks of `zone`."""
    found = []
    for tag, _name in settings.LANGUAGES:
        with Preference(language=tag, time_zone=zone).applied():
            local = timezone.localtime(at)
            found.append(
                Example(
                    tag=tag,
                    language=_own_name(tag),
                    moment=date_format(local, "DATETIME_FORMAT"),
                    day=time_label(local.date().isoformat(), tag),
                    figure=quantity(FIGURE, "USD", "", tag),
                )
            )
    return found


def preferences_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: what the user chose. POST: keep it; with `look`, only show how it would be."""
    user = cast(User, request.user)
    standing = Preference.of(user.pk)
    initial = {"language": standing.language, "time_zone": standing.time_zone}
    form = PreferenceForm(request.POST or None, initial=initial)
    given = form.cleaned_data if form.is_valid() else {}
    if given and "look" not in request.POST:
        saved = prefer(by=user, language=given["language"], time_zone=given["time_zone"])
        with saved.applied():  # the answer is the first thing in the new language
            messages.success(request, _("This is your language and your time zone now."))
        return HttpResponseRedirect(reverse("admin:preferences"))
    zone, now = given.get("time_zone", standing.time_zone), timezone.now()
    context = {
        **site.each_context(request),
        "title": _("Language and time zone"),
        "form": form,
        "zone": zone,
        "offset": offset(zone, now),
        "examples": examples(zone, now),
        "zones": [(name, offset(name, now)) for name in listed()],
    }
    return TemplateResponse(request, "admin/preferences.html", context)
