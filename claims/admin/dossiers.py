"""Dossiers through the admin: packed as a zip, shown with all that they would change, and only then loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import permissions
from claims.admin.labels import by_ref
from claims.admin.sidebyside import words_of
from claims.admin.uploads import FileForm, forget, keep, upload_of
from claims.comparing import compare
from claims.dossiers.loading import Loaded, Written, load
from claims.dossiers.reading import SECTIONS, DossierFaults
from claims.dossiers.unpacking import LARGEST, unpacked
from claims.sidebyside import Comparison, comparison
from kb.models import Revision

SHOWN: Final = 200  # things and faults on one page; the counts say how many there are
PURPOSE: Final = "dossier"
_AT_ONCE: Final = 500


class Moved(Exception):
    """The desk is not as the preview found it."""


@dataclass(frozen=True)
class Foreseen:
    """One thing that the dossier would add or change, part by part."""

    section: str
    label: str
    is_new: bool
    comparison: Comparison


def dossier_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """GET: choose a zip. POST with a zip: what it would change. POST with its sha256: load it, if that is still so."""
    if not permissions.can_publish(request.user):
        raise PermissionDenied
    user, form = cast(User, request.user), FileForm(LARGEST, request.POST or None, request.FILES or None)
    upload = upload_of(request, PURPOSE, form)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Load a dossier"),
        "form": form,
        "faults": [],
        "fault_number": 0,
        "sections": None,
    }
    if upload is None:
        return TemplateResponse(request, "admin/import_dossier.html", context)
    try:
        with unpacked(upload.data) as folder:
            if upload.confirmed and _loaded(request, folder, upload.seen):
                return HttpResponseRedirect(reverse("admin:index"))
            context |= _previewed(user, folder, upload.data)
    except DossierFaults as fault:
        forget(user, PURPOSE)
        context |= {"faults": fault.faults[:SHOWN], "fault_number": len(fault.faults)}
        return TemplateResponse(request, "admin/import_dossier.html", context, status=422)
    return TemplateResponse(request, "admin/import_dossier.html", context)


def _loaded(request: HttpRequest, folder: Path, seen: Mapping[str, Any]) -> bool:
    """Load the dossier, unless the desk is not as its preview found it; whether it was loaded is said."""
    user = cast(User, request.user)

    def look(loaded: Loaded) -> None:
        if standing(loaded.written) != seen:
            raise Moved

    try:
        load(folder, by=user, look=look)
    except Moved:
        said = _("The desk has changed since you looked: this is what the dossier would change now.")
        messages.warning(request, said)
        return False
    forget(user, PURPOSE)
    messages.success(request, _("The dossier is on the desk. Publish it from the lists."))
    return True


def _previewed(user: User, folder: Path, data: bytes) -> dict[str, Any]:
    """What loading would do, for the page; the zip is kept with it until it is confirmed."""
    found, seen = list[Foreseen](), dict[str, str]()

    def look(loaded: Loaded) -> None:
        found.extend(foreseen(loaded.written))
        seen.update(standing(loaded.written))

    loaded = load(folder, by=user, dry_run=True, look=look)
    changes = sum(loaded.added.values()) + sum(loaded.changed.values())
    return {
        "sections": _sections(loaded),
        "foreseen": found,
        "more": changes - len(found),
        "texts": loaded.texts,
        "left_out": loaded.left_out,
        "sha256": keep(user, PURPOSE, data, seen) if changes else "",
    }


def standing(written: Sequence[Written]) -> dict[str, str]:
    """By ref: the version that an item meets on the desk, and the hash of the body that it makes of it."""
    after = {one.ref: one.after for one in written}
    refs, digests = list(after), dict[str, str]()
    for start in range(0, len(refs), _AT_ONCE):
        rows = Revision.objects.filter(ref__in=refs[start : start + _AT_ONCE])
        for ref, version, digest in rows.values_list("ref", "version", "body_sha256"):
            if version == after[ref]:
                digests[ref] = digest
    return {one.ref: f"{one.before} {digests.get(one.ref, '')}" for one in written}


def foreseen(written: Sequence[Written]) -> list[Foreseen]:
    """The first of what is changed, then of what is new, part by part; a fixed number of queries."""
    touched = [one for one in written if one.before != one.after]
    touched = sorted(touched, key=lambda one: not one.before)[:SHOWN]
    bodies = _bodies(touched)
    before = {one.ref: bodies.get((one.ref, one.before), {}) for one in touched}
    after = {one.ref: bodies[one.ref, one.after] for one in touched}
    words, labels = words_of([*before.values(), *after.values()]), by_ref(after)
    return [
        Foreseen(
            one.section,
            labels.get(one.ref, one.ref),
            not one.before,
            comparison(compare(before[one.ref], after[one.ref]), words.about(after[one.ref])),
        )
        for one in touched
    ]


def _bodies(touched: Sequence[Written]) -> dict[tuple[str, int], dict[str, Any]]:
    """The bodies before and after, by ref and version; one query."""
    wanted = {(one.ref, version) for one in touched for version in (one.before, one.after)}
    rows = Revision.objects.filter(
        ref__in={ref for ref, _version in wanted}, version__in={version for _ref, version in wanted}
    )
    return {
        (ref, version): json.loads(body or "{}")
        for ref, version, body in rows.values_list("ref", "version", "body")
        if (ref, version) in wanted
    }


def _sections(loaded: Loaded) -> Sequence[tuple[str, int, int, int]]:
    """By section: its name, and how many items are added, changed and unchanged."""
    rows = [(name, loaded.added[name], loaded.changed[name], loaded.unchanged[name]) for name in SECTIONS]
    return [row for row in rows if any(row[1:])]
