"""Publishing what somebody has looked at, and nothing that moved since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from claims import press
from claims.ledger.models import Edition, Reason
from kb.lib.refs import kind_of
from kb.models import Root

EDITORS_REASONS = (Reason.NEW, Reason.UPDATE, Reason.CORRECTION, Reason.RETRACTION)


def publish_seen(
    seen: Mapping[str, int],
    *,
    by: User,
    reason: Reason,
    note: Mapping[str, str],
    at: datetime | None = None,
) -> Edition:
    """Publish, in one edition, the roots under the refs of `seen`, each at the version that was looked at.

    Raises StaleVersion when one has changed since; ValidationError when the reason is not an editor's to give, or a
    correction or retraction has no public note; and what press.publish raises. Then nothing was printed.
    """
    if reason not in EDITORS_REASONS:
        raise ValidationError({"reason": f"“{reason}” is not a reason that an editor gives"})
    if reason in (Reason.CORRECTION, Reason.RETRACTION) and not any(text.strip() for text in note.values()):
        raise ValidationError({"note": "a correction or retraction needs a public note that says why"})
    with transaction.atomic():
        roots: list[Root] = [
            press.ROOTS[kind_of(ref) or ""].locked(ref, expect=version)
            for ref, version in sorted(seen.items())
        ]
        return press.publish(roots, by=by, reason=reason, note=note, at=at)
