"""Who has which form open: written down on opening it and every half minute, forgotten soon after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User

from kb.models import Presence

HERE: Final = timedelta(seconds=90)  # three signs of life missed, and somebody counts as gone
FORGOTTEN: Final = timedelta(days=1)


def arrive(ref: str, *, by: User, at: datetime) -> None:
    """Note that `by` has the form of `ref` open."""
    Presence.objects.update_or_create(ref=ref, by=by, defaults={"at": at})
    Presence.objects.filter(at__lt=at - FORGOTTEN).delete()


def leave(ref: str, *, by: User) -> None:
    """Forget that `by` had the form of `ref` open."""
    Presence.objects.filter(ref=ref, by=by).delete()


def others(ref: str, *, than: User, at: datetime) -> list[str]:
    """The names of who else has the form of `ref` open at this moment."""
    here = Presence.objects.filter(ref=ref, at__gt=at - HERE).exclude(by=than).select_related("by")
    return [one.by.get_full_name() or one.by.get_username() for one in here.order_by("by__username")]
