"""What readers have of the desk's things: published, changed since, withdrawn, never. Derived, never stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from claims.ledger.models import GONE, OPEN, Record
from kb.lib.text import canonical_json, sha256_text
from kb.models import Revision, Root


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
    """The roots of one standing, in SQL: "changed since" is what is live in another version than the desk's."""
    gone = Exists(Record.objects.filter(ref=OuterRef("ref"), edition_to=OPEN, op__in=GONE))
    match standing:
        case Standing.PUBLISHED:
            return queryset.filter(printed_version=F("version"))
        case Standing.CHANGED:
            return queryset.filter(printed_version__gt=0).exclude(printed_version=F("version"))
        case Standing.WITHDRAWN:
            return queryset.filter(gone)
        case Standing.NEVER:
            return queryset.filter(~gone, printed_version=0)
    return queryset
