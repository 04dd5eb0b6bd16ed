"""What readers have of the desk's things: published, changed since, withdrawn, never. Derived, never stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from claims import press
from claims.ledger.models import GONE, OPEN, Record
from kb.lib.text import canonical_json, sha256_text
from kb.models import Revision, Root, State

UNFINISHED = (State.PROPOSED, State.DRAFT, State.IN_REVIEW)


class Standing(TextChoices):
    PUBLISHED = "published", _("published")
    CHANGED = "changed", _("changed since")
    WITHDRAWN = "withdrawn", _("withdrawn")
    NEVER = "never", _("not published")


def standings(roots: Sequence[Root]) -> dict[str, Standing]:
    """The standing of each root by its ref, exactly, in two queries however many there are."""
    refs = [root.ref for root in roots]
    records = {one.ref: one for one in Record.objects.filter(ref__in=refs, edition_to=OPEN)}
    versions = {(root.ref, root.version) for root in roots}
    rows = Revision.objects.filter(ref__in=refs, version__in={version for _ref, version in versions})
    desk = {
        ref: digest
        for ref, version, digest in rows.values_list("ref", "version", "body_sha256")
        if (ref, version) in versions
    }
    return {ref: _standing(records.get(ref), desk.get(ref, "")) for ref in refs}


def _standing(record: Record | None, digest: str) -> Standing:
    if record is None:
        return Standing.NEVER
    if record.op in GONE:
        return Standing.WITHDRAWN
    return Standing.PUBLISHED if editorial_sha256(record) == digest else Standing.CHANGED


def editorial_body(record: Record) -> dict[str, Any]:
    """A published body without what the press derived: what the desk's body compares with."""
    body: dict[str, Any] = json.loads(record.body)
    body.pop("derived", None)
    return body


def editorial_sha256(record: Record) -> str:
    return (
        sha256_text(canonical_json(editorial_body(record))) if record.kind == "claim" else record.body_sha256
    )


def with_standing(queryset: QuerySet[Any], standing: str) -> QuerySet[Any]:
    """The roots of one standing, in SQL: "changed since" is what is live and was saved after it was approved."""
    live = Exists(Record.objects.filter(ref=OuterRef("ref"), edition_to=OPEN).exclude(op__in=GONE))
    gone = Exists(Record.objects.filter(ref=OuterRef("ref"), edition_to=OPEN, op__in=GONE))
    match standing:
        case Standing.PUBLISHED:
            return queryset.filter(live, state=State.APPROVED)
        case Standing.CHANGED:
            return queryset.filter(live).exclude(state=State.APPROVED)
        case Standing.WITHDRAWN:
            return queryset.filter(gone)
        case Standing.NEVER:
            return queryset.filter(~live, ~gone)
    return queryset


@dataclass(frozen=True)
class Waiting:
    """How many things of one kind wait for somebody: never published, changed since, in review."""

    kind: str
    never: int
    changed: int
    in_review: int


def waiting() -> list[Waiting]:
    """What waits, by kind, kinds with nothing waiting left out; one query a kind."""
    live = Exists(Record.objects.filter(ref=OuterRef("ref"), edition_to=OPEN).exclude(op__in=GONE))
    found = []
    for kind, model in press.ROOTS.items():
        counts = model._default_manager.annotate(live=live).aggregate(
            never=Count("pk", filter=Q(live=False, state__in=UNFINISHED)),
            changed=Count("pk", filter=Q(live=True, state__in=UNFINISHED)),
            in_review=Count("pk", filter=Q(state=State.IN_REVIEW)),
        )
        if any(counts.values()):
            found.append(Waiting(kind, **counts))
    return found
