"""Compare: any two of what the desk holds, what readers have, former editions and former versions, side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from claims.actions.reverting import editorial
from claims.admin.finding import admin_for, admin_url, root_or_404
from claims.admin.labels import label
from claims.admin.sidebyside import side_by_side
from claims.differences import recounted
from claims.ledger.models import GONE, OPEN, Edition, Record
from kb.lib.spoken import numeral
from kb.models import Revision, Root

if TYPE_CHECKING:
    from django.contrib import admin

Body = dict[str, Any]
R = TypeVar("R", bound=models.Model)
_KEY: Final = re.compile(r"([ve])([0-9]{1,9})")
DESK: Final = "desk"
READERS: Final = "published"
MOST_SIDES: Final = 200  # versions, and editions, that the pickers offer besides those that were asked for


@dataclass(frozen=True)
class Side:
    """One version that can be compared. `key` is its name in an address: desk, published, v7, e3."""

    key: str
    label: str
    by: int | None = None  # the user who wrote it, for a version of the desk
    sha256: str = ""  # of its body, for a version of the desk


@dataclass(frozen=True)
class Sides:
    """All that a root can be compared in, the newest first."""

    root: Root
    desk: Side
    readers: Side | None
    versions: Sequence[Side]
    editions: Sequence[Side]

    def __iter__(self) -> Any:
        yield from (side for side in (self.desk, self.readers, *self.editions, *self.versions) if side)

    def find(self, key: str) -> Side | None:
        return next((side for side in self if side.key == key), None)


def sides_of(root: Root, asked: Iterable[str] = ()) -> Sides:
    """What there is to compare of the root: the newest, and what is asked for by its key however old it is."""
    keys = [match.groups() for key in asked if (match := _KEY.fullmatch(key))]
    revisions = Revision.objects.filter(kind=root.KIND, ref=root.ref).select_related("by").defer("body")
    versions = [
        Side(f"v{one.version}", _version_words(one), one.by_id, one.body_sha256)
        for one in _newest(revisions, "version", [int(number) for sign, number in keys if sign == "v"])
    ]
    records = Record.objects.filter(ref=root.ref).defer("body")
    printed = _newest(records, "edition_from", [int(number) for sign, number in keys if sign == "e"])
    moments = Edition.objects.in_bulk([record.edition_from for record in printed])
    editions = [
        Side(f"e{record.edition_from}", _edition_words(record, moments[record.edition_from]))
        for record in printed
    ]
    live = bool(printed) and printed[0].edition_to == OPEN and printed[0].op not in GONE
    readers = Side(READERS, _("what readers have")) if live else None
    return Sides(root, Side(DESK, _("the desk, as it is now")), readers, versions, editions)


def _newest(rows: models.QuerySet[R], field: str, asked: Sequence[int]) -> list[R]:
    """The newest rows by `field`, and behind them older ones that are asked for."""
    found = list(rows.order_by(f"-{field}")[:MOST_SIDES])
    oldest = getattr(found[-1], field) if len(found) == MOST_SIDES else 0
    older = [number for number in asked if number < oldest]
    return found + (list(rows.filter(**{f"{field}__in": older}).order_by(f"-{field}")) if older else [])


def _version_words(revision: Revision) -> str:
    said = {
        "number": numeral(revision.version),
        "who": revision.by.get_username() if revision.by else _("the machine"),
        "when": _moment(revision.at),
    }
    return _("version %(number)s, %(who)s, %(when)s") % said


def _edition_words(record: Record, edition: Edition) -> str:
    said = {
        "number": numeral(edition.number),
        "when": _moment(edition.at),
        "what": edition.get_reason_display(),
    }
    if record.op in GONE:
        return _("edition %(number)s, %(when)s: withdrawn") % said
    return _("edition %(number)s, %(when)s: %(what)s") % said


def _moment(at: Any) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")


def chosen(sides: Sides, wanted: Mapping[str, str]) -> tuple[Side | None, Side]:
    """The older and the newer side: as asked for, else what readers have and the desk, else the desk's last change.

    A submission or an approval makes a version too, with the same body. Where all is new, the older side is None.
    Raises Http404 for a version or an edition that there is not.
    """
    keys = (wanted.get("a", ""), wanted.get("b", ""))
    found = [sides.find(key) if key else None for key in keys]
    if any(key and side is None for key, side in zip(keys, found, strict=True)):
        raise Http404("there is no such version")
    before = next((side for side in sides.versions if side.sha256 != sides.versions[0].sha256), None)
    return found[0] or sides.readers or before, found[1] or sides.desk


def body_of(sides: Sides, side: Side | None) -> tuple[Body, Body]:
    """A side's editorial body, and with it what the press derived; empty for what is withdrawn or removed."""
    if side is None:
        return {}, {}
    root = sides.root
    if side.key == DESK:
        return root.body(), {}
    if side.key.startswith("v"):
        text = Revision.objects.get(kind=root.KIND, ref=root.ref, version=int(side.key[1:])).body
        body = json.loads(text) if text else {}
        return body, {}
    window = {"edition_to": OPEN} if side.key == READERS else {"edition_from": int(side.key[1:])}
    record = Record.objects.get(ref=root.ref, **window)
    body = editorial(record) if record.op not in GONE else {}
    return body, json.loads(record.body) if body else {}


def compare_url(root: Root, a: str = "", b: str = "") -> str:
    """Where the root is compared, in these two sides or in the usual ones."""
    query = urlencode({name: key for name, key in (("a", a), ("b", b)) if key})
    return reverse("admin:compare", args=[root.ref]) + (f"?{query}" if query else "")


def compare_view(site: admin.AdminSite, request: HttpRequest, ref: str) -> HttpResponse:
    """Two versions of one thing, field by field: ?a=published&b=desk, ?a=e3&b=e7, ?a=v4&b=v6."""
    root = root_or_404(ref)
    shown_by = admin_for(site, root)
    if not shown_by.has_view_or_change_permission(request, root):
        raise PermissionDenied
    sides = sides_of(root, request.GET.dict().values())
    older, newer = chosen(sides, request.GET.dict())
    (old, old_whole), (new, new_whole) = body_of(sides, older), body_of(sides, newer)
    context = {
        **site.each_context(request),
        "title": _("Compare"),
        "subtitle": label(root),
        "root": root,
        "root_label": label(root),
        "root_url": admin_url(root),
        "history_url": admin_url(root, "history"),
        "opts": shown_by.opts,
        "sides": sides,
        "older": older,
        "newer": newer,
        "gone": [side.label for side, body in ((older, old), (newer, new)) if side and not body],
        "ways": _ways(sides, request.user.pk),
        "revert_url": _revert_url(shown_by, request, root, older),
        "recounted": recounted(old_whole, new_whole),
        "comparison": side_by_side(old, new),
    }
    return TemplateResponse(request, "admin/compare.html", context)


def _revert_url(shown_by: Any, request: HttpRequest, root: Root, older: Side | None) -> str:
    """Where to go back to the older side, if it is a former version of the desk."""
    is_former = older is not None and older.key.startswith("v") and older.key != f"v{root.version}"
    if older is None or not is_former or not shown_by.has_change_permission(request, root):
        return ""
    return reverse("admin:revert", args=[root.ref, int(older.key[1:])])


def _ways(sides: Sides, user: int | None) -> list[tuple[str, str]]:
    """What people compare most, as (words, address)."""
    root, ways = sides.root, []
    if sides.readers:
        ways.append((_("the desk with what readers have"), compare_url(root, READERS, DESK)))
    if len(sides.editions) > 1:
        ways.append(
            (_("the last two editions"), compare_url(root, sides.editions[1].key, sides.editions[0].key))
        )
    if len(sides.versions) > 1:
        ways.append(
            (_("the last two versions"), compare_url(root, sides.versions[1].key, sides.versions[0].key))
        )
    mine = next((side for side in sides.versions if side.by == user), None)
    others = next((side for side in sides.versions if side.by != user), None)
    if mine and others:
        ways.append((_("my last version with a colleague's"), compare_url(root, mine.key, others.key)))
    return ways
