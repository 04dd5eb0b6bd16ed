"""Two published versions of one thing side by side: any two of its editions."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from claims.ledger import read
from claims.ledger.read import Thing
from claims.views.changes import Change, compared
from claims.views.reading import Reading, not_found, page, show
from kb.lib.refs import kind_of

Shape = dict[str, Any]


@page
def compare(request: HttpRequest, reading: Reading, ref: str) -> HttpResponse:
    """What changed in the thing from the edition `from` to the edition `to`: by default, in its last version."""
    versions = read.history(ref, reading.as_of)
    if not versions:
        return not_found(request, reading, kind_of(ref) or "claim", ref)
    newer = _asked(request, "to", versions) or versions[0]
    older = _asked(request, "from", versions)
    if older is None:
        place = versions.index(newer)
        older = versions[place + 1] if place + 1 < len(versions) else None
    if older is not None and older.edition > newer.edition:
        older, newer = newer, older
    context = {
        "change": _change(reading, older, newer),
        "versions": [one.edition for one in versions],
        "older": older.edition if older else 0,
        "newer": newer.edition,
        "ref": ref,
    }
    return show(request, reading, "claims/compare.html", context)


def _asked(request: HttpRequest, name: str, versions: list[Thing]) -> Thing | None:
    """The version that stood in the edition a parameter gives; None without one, and before the first."""
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        return None
    return next((one for one in versions if one.edition <= int(text)), None)


def _change(reading: Reading, older: Thing | None, newer: Thing) -> Change:
    return compared(reading, [(newer, older if older is not newer else None)])[0]
