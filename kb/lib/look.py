"""The site's look in one file: its style sheets, one a component, put together as they stand.

A page would ask for twenty of them one by one. Fonts have a sheet of their own, since static files carry their hash in
their name. What stands at an address never changes: the address holds the hash of the whole.
"""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

SHEETS: Final = (
    "tokens", "base", "layout",
    *(f"components/{name}" for name in (
        "masthead", "figure", "table", "evidence", "take", "term", "house", "tree", "letter", "marks", "chart",
        "timeline", "lists", "home", "embed", "gallery",
    )),
)  # fmt: skip
FOLDER: Final = Path(settings.BASE_DIR) / "static/css"


@cache
def _put_together() -> tuple[str, str]:
    """The text of all sheets, without comments and indentation, and its version."""
    text = "\n".join((FOLDER / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
    return text, sha256(text.encode()).hexdigest()[:16]


def current() -> tuple[str, str]:
    """The text and its version; while somebody works on it, as the files stand now."""
    if settings.DEBUG:
        _put_together.cache_clear()
    return _put_together()


def address() -> str:
    return reverse("look", args=[current()[1]])


@login_not_required
@require_safe
def look(request: HttpRequest, version: str) -> HttpResponse:
    """The style of every page; a version that is past leads to the present one."""
    text, present = current()
    if version != present:
        return redirect(address())
    answer = HttpResponse(text, content_type="text/css; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=31_536_000, immutable=True)
    return answer
