"""What browsers keep of forms until they are saved (static/admin-claimbook/draft.js), and how they learn of it.

A form says which it is by `draft_place` (templates/admin/_draft.html): a thing with a version, or one of several forms
at one address, which then has a key of its own for each window.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

SAVED: Final = "desk_saved"  # the cookie that names the form that was saved, and whose it was
_PLACE: Final = re.compile(r"[a-z0-9.]{1,60}:[0-9]{0,10}")  # a thing, and the version that was read
_OWN: Final = re.compile(r"#[0-9a-f]{16}")  # a form without a version


def told_when_saved(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, which tells the browser to forget its draft of a form: a post is answered by a page elsewhere only when
    it was carried out."""

    @wraps(view)
    def telling(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND and (name := _name(request)):
            response.set_cookie(
                SAVED, f"{request.user.pk}:{name}", max_age=3600, path=reverse("admin:index"), samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    return telling


def _name(request: HttpRequest) -> str:
    """What the browser calls its draft of the form that was posted; empty where it has none, or for a forged name."""
    own = request.POST.get("draft_key", "")
    if _OWN.fullmatch(own):
        return own
    place = f"{request.POST.get('draft_place', '')}:{request.POST.get('version', '')}"
    return place if _PLACE.fullmatch(place) else ""
