"""Publishing what somebody has looked at, and nothing that moved since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import press
from claims.actions.seen import locked
from claims.actions.suspecting import suspect
from claims.ledger.models import Edition, Reason
from claims.permissions import require
from claims.workflow import Action

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

    Raises Moved when some have changed since; NotAllowed; ValidationError when the reason is not an editor's to
    give, or a correction or retraction has no public note; and what press.publish raises. Then nothing was printed.
    """
    check_reason(reason, note)
    with transaction.atomic():
        roots = locked(seen)
        for root in roots:
            require(by, Action.PUBLISH, root)
        edition = press.publish(roots, by=by, reason=reason, note=note, at=at)
        suspect(edition, at=at)
        return edition


def check_reason(reason: Reason, note: Mapping[str, str]) -> None:
    """Raise ValidationError when no editor gives this reason, or it needs a public note and has none."""
    if reason not in EDITORS_REASONS:
        said = _("“%(reason)s” is not a reason that an editor gives") % {"reason": reason}
        raise ValidationError({"reason": said})
    if reason in (Reason.CORRECTION, Reason.RETRACTION) and not any(text.strip() for text in note.values()):
        raise ValidationError({"note": _("a correction or retraction needs a public note that says why")})
