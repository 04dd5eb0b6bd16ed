"""Withdrawing: what was published keeps its address, and says that it is gone and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims import press
from claims.ledger.models import GONE, OPEN, Edition, Reason, Record
from kb.models import Root


def withdraw(
    roots: Iterable[Root], *, by: User | None, note: Mapping[str, str], at: datetime | None = None
) -> Edition:
    """Withdraw `roots` in one edition of reason retraction, with a public note that says why.

    Raises ValidationError when there is no note, nothing to withdraw, or something is not published; NotClosed with
    the list of what still refers to them.
    """
    roots = list(roots)
    if not any(text.strip() for text in note.values()):
        raise ValidationError({"note": "say why, for the public: a withdrawal carries a note"})
    refs = {root.ref for root in roots}
    live = set(
        Record.objects.filter(ref__in=refs, edition_to=OPEN)
        .exclude(op__in=GONE)
        .values_list("ref", flat=True)
    )
    if not roots or refs - live:
        raise ValidationError(
            [f"{root} is not published, so it cannot be withdrawn" for root in roots if root.ref not in live]
        )
    return press.publish([], by=by, reason=Reason.RETRACTION, note=note, withdraw=roots, at=at)
