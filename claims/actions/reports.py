"""Readers' reports: taken in, within limits, and closed by the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims import permissions
from claims.models import Claim, Report
from kb.lib import checked

WINDOW: Final = timedelta(hours=1)
MOST_OF_ONE: Final = 5  # letters of one sender in the window
MOST_OF_ALL: Final = 200


class TooMany(Exception):
    """The sender, or everybody together, has written too much of late."""


def take_in(
    ref: str,
    message: str,
    *,
    edition: int,
    language: str,
    address: str,
    contact: str = "",
    at: datetime | None = None,
) -> Report:
    """Keep a reader's letter about what is published under `ref`. Raises ValidationError; TooMany.

    `address` is the network address it came from; only its keyed hash of the day is kept.
    """
    at = at or timezone.now()
    sender = salted_hmac(
        "claims.report", f"{at.date().isoformat()} {address}", algorithm="sha256"
    ).hexdigest()
    report = Report(
        ref=ref,
        edition=edition,
        language=language,
        message=message.strip().replace("\r\n", "\n"),
        contact=contact.strip(),
        sender=sender,
        at=at,
    )
    with transaction.atomic():
        lately = Report.objects.filter(at__gt=at - WINDOW)
        if lately.filter(sender=sender).count() >= MOST_OF_ONE or lately.count() >= MOST_OF_ALL:
            raise TooMany
        checked.save(report)
    return report


def close(report: Report, *, by: User, outcome: str, answer: str = "", at: datetime | None = None) -> Report:
    """Take the report off the queue; whom to answer is forgotten. Raises PermissionDenied; ValidationError."""
    if not permissions.can_edit(by, Claim):
        raise PermissionDenied
    with transaction.atomic():
        report = Report.objects.select_for_update().get(pk=report.pk)
        if report.outcome:
            raise ValidationError(_("Somebody has seen to it already."))
        if not outcome:
            raise ValidationError({"outcome": _("Say what came of it.")})
        report.outcome, report.answer, report.contact = outcome, answer.strip(), ""
        report.resolved_by, report.resolved_at = by, at or timezone.now()
        checked.save(report)
    return report
