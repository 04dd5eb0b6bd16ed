"""A moment as people give it: what clocks show, and in which time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.lib.zones import LONGEST, NoSuchZone, zone_named

SHOWN: Final = "%Y-%m-%dT%H:%M"


class WallClock(forms.DateTimeField):
    """A time as clocks show it, in the zone that the field beside it names: no zone's own gaps hinder typing it."""

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):
            return super().to_python(value)


class MomentForm(forms.Form):
    """A moment to come. Cleaned, `moment` has it with its zone, where `when` and `zone` are both right."""

    when = WallClock(
        label=gettext_lazy("Until"),
        input_formats=[SHOWN, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=SHOWN),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=LONGEST,
        initial="UTC",
        widget=forms.TextInput(attrs={"list": "zones", "size": 24, "autocomplete": "off"}),
        help_text=gettext_lazy("Such as Asia/Dhaka. The page shows the time in UTC as well."),
    )

    def clean_zone(self) -> str:
        try:
            return zone_named(self.cleaned_data["zone"])
        except NoSuchZone as fault:
            raise ValidationError(fault.said(_)) from fault

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        when, zone = cleaned.get("when"), cleaned.get("zone")
        if when is not None and zone is not None:
            cleaned["moment"] = _moment(when.replace(tzinfo=None), zone)
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


def in_words(moment: datetime, zone: str) -> str:
    """A moment in UTC and, where that is another, in `zone`."""
    words = f"{date_format(moment.astimezone(UTC), 'DATETIME_FORMAT')} UTC"
    if zone == "UTC":
        return words
    return f"{date_format(moment.astimezone(ZoneInfo(zone)), 'DATETIME_FORMAT')} {zone} ({words})"
