"""Time zones as people name them (IANA): read from what somebody typed, listed by region. Imports no framework."""

from __future__ import annotations

from datetime import datetime, tzinfo
from difflib import get_close_matches
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from kb.lib.saying import Fault
from kb.lib.saying import gettext_noop as _

UTC_NAME: Final = "UTC"
REGIONS: Final = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
LONGEST: Final = 60


class NoSuchZone(Fault, ValueError):
    """No time zone is called so; the message names those that are called like it."""


@cache
def zones() -> frozenset[str]:
    """The names of all zones that this machine knows, former names among them."""
    return frozenset(available_timezones())


@cache
def listed() -> tuple[str, ...]:
    """The names to choose from: UTC, then the regions' in alphabetical order."""
    return (UTC_NAME, *sorted(name for name in zones() if name.partition("/")[0] in REGIONS))


def zone_named(text: str) -> str:
    """The zone that `text` names: Asia/Dhaka, asia/dhaka, or Dhaka alone. Raises NoSuchZone."""
    typed = "_".join(text.split())
    if typed in zones():
        return typed
    folded = typed.casefold()
    whole = [name for name in (*listed(), *sorted(zones())) if name.casefold() == folded]
    found = whole or [name for name in listed() if name.rpartition("/")[2].casefold() == folded]
    if len(set(found[:2])) == 1:
        return found[0]
    cities = {name.rpartition("/")[2].casefold(): name for name in listed()}
    near = found or [cities[one] for one in get_close_matches(folded.rpartition("/")[2], cities, n=3)]
    if near:
        raise NoSuchZone(
            _("No time zone is called “%(zone)s”. Did you mean %(near)s?"),
            zone=text[:LONGEST],
            near=", ".join(near),
        )
    raise NoSuchZone(
        _("No time zone is called “%(zone)s”: write region and city, such as Asia/Dhaka, or UTC."),
        zone=text[:LONGEST],
    )


def offset(zone: str, at: datetime) -> str:
    """How far clocks in `zone` are from UTC at a moment: UTC+06:00; UTC where they are not."""
    shown = f"{at.astimezone(ZoneInfo(zone)):%z}"
    return UTC_NAME if int(shown) == 0 else f"{UTC_NAME}{shown[:3]}:{shown[3:5]}"


def clock(name: str) -> tzinfo:
    """The zone of that name; UTC where this machine knows it no longer."""
    return ZoneInfo(name if name in zones() else UTC_NAME)
