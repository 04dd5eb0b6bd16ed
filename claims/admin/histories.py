"""The history of one root: who changed what, in words, when and why; and the editions that printed it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from claims.admin.comparing import compare_url
from claims.admin.sidebyside import words_of
from claims.comparing import compare
from claims.ledger.models import OPEN, Edition, Record
from claims.sidebyside import Words, summary
from claims.wording import OPS
from kb.models import Revision, Root, State

MOST_REVISIONS = 50


@dataclass(frozen=True)
class Past:
    """One revision: what it changed, in short phrases, and where to look at it and go back to it."""

    revision: Revision
    state: str
    changed: Sequence[str]
    compare_url: str
    revert_url: str


@dataclass(frozen=True)
class Printed:
    """One edition that printed the root."""

    number: int
    at: datetime
    reason: str
    by: str
    what: str
    stands: bool
    compare_url: str
    reverse_url: str


def past(root: Root, *, before: int | None, may_revert: bool) -> tuple[list[Past], int | None]:
    """A page of revisions, newest first, and the version that the next page begins before; a few queries."""
    rows = Revision.objects.filter(kind=root.KIND, ref=root.ref).select_related("by").order_by("-version")
    found = list((rows.filter(version__lt=before) if before else rows)[: MOST_REVISIONS + 1])
    bodies: list[dict[str, Any]] = [json.loads(row.body) if row.body else {} for row in found]
    words = words_of(bodies)
    pages = [
        Past(
            revision=row,
            state=str(State(row.state).label),
            changed=_changed(bodies, place, words),
            compare_url=compare_url(root, f"v{found[place + 1].version}", f"v{row.version}")
            if place + 1 < len(found)
            else "",
            revert_url=reverse("admin:revert", args=[root.ref, row.version])
            if may_revert and row.body and row.version != root.version
            else "",
        )
        for place, row in enumerate(found[:MOST_REVISIONS])
    ]
    more = len(found) > MOST_REVISIONS
    return pages, found[MOST_REVISIONS - 1].version if more else None


def _changed(bodies: Sequence[dict[str, Any]], place: int, words: Words) -> list[str]:
    if not bodies[place]:
        return [_("removed by order of the law")]
    if place + 1 == len(bodies):
        return [_("entered")]
    return summary(compare(bodies[place + 1], bodies[place]), words) or [_("only its state")]


def printed(root: Root, *, may_reverse: bool) -> list[Printed]:
    """The editions that printed the root, newest first; two queries."""
    records = list(
        Record.objects.filter(ref=root.ref).defer("body").order_by("-edition_from")[:MOST_REVISIONS]
    )
    editions = Edition.objects.in_bulk([record.edition_from for record in records])
    return [
        Printed(
            number=record.edition_from,
            at=editions[record.edition_from].at,
            reason=editions[record.edition_from].get_reason_display(),
            by=editions[record.edition_from].by,
            what=str(OPS[record.op]),
            stands=record.edition_to == OPEN,
            compare_url=compare_url(root, f"e{records[place + 1].edition_from}", f"e{record.edition_from}")
            if place + 1 < len(records)
            else "",
            reverse_url=reverse("admin:reverse", args=[record.edition_from]) if may_reverse else "",
        )
        for place, record in enumerate(records)
    ]
