"""Notices as mail: what one person did to many things at one moment is one mail."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Notice
from kb.lib.spoken import numeral
from kb.models import Preference

log = logging.getLogger(__name__)
MAILS_A_ROUND: Final = 50
READ_A_ROUND: Final = 2000  # notices
LISTED: Final = 20  # things that one mail names; the others are counted
# Older ones are for the list alone: an address given late brings no flood.
MAILED_WITHIN: Final = timedelta(days=1)


def mail_notices(at: datetime) -> int:
    """Mail what is still to be mailed; how many mails went out. One that fails is tried again the next time.

    Notices are marked after they were sent: a kill between the two mails them twice, never not at all.
    """
    sent = 0
    mails = _together(at)
    wished = {
        one.user_id: one for one in Preference.objects.filter(user__in={one[0].user_id for one in mails})
    }
    for notices in mails:
        try:
            with wished.get(notices[0].user_id, Preference.of(None)).applied():
                mail = _mail(notices)
            mail.send()
        except (SMTPException, OSError) as fault:
            log.warning("notice %s was not mailed: %s", notices[0].pk, fault)
            continue
        Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=at)
        sent += 1
    return sent


def _together(at: datetime) -> list[list[Notice]]:
    """The notices of each mail of this round, the oldest first."""
    fresh = Notice.objects.for_mail().filter(at__gte=at - MAILED_WITHIN).order_by("id")
    read = list(fresh[:READ_A_ROUND])
    mails: dict[object, list[Notice]] = {}
    for one in read:
        mails.setdefault((one.user_id, one.event, one.by_id, one.at, one.text), []).append(one)
    found = list(mails.values())
    if len(read) == READ_A_ROUND and len(found) > 1:
        found.pop()  # there may be more of it: it waits for the next round
    return found[:MAILS_A_ROUND]


def _mail(notices: Sequence[Notice]) -> EmailMessage:
    """The notices of one mail, in the active language and time zone."""
    first, number = notices[0], len(notices)
    at, zone = timezone.localtime(first.at), timezone.get_current_timezone_name()
    who = first.by.get_username() if first.by else _("the desk")
    if number == 1:
        what, lines = first.thing, [_address(first)]
    else:
        what = ngettext("%(number)s thing", "%(number)s things", number) % {"number": numeral(number)}
        lines = [line for one in notices[:LISTED] for line in (one.thing, _address(one), "")]
    if number > LISTED:
        more = number - LISTED
        lines.append(
            ngettext("and %(number)s more:", "and %(number)s more:", more) % {"number": numeral(more)}
        )
        lines.append(f"{settings.DESK_URL}/admin/notices/")
    subject = " ".join(f"{first.get_event_display()}: {what}".split())
    body = [
        subject,
        f"{who}, {at:%Y-%m-%d %H:%M} {zone}",
        "",
        *([first.text, ""] if first.text else []),
        *lines,
    ]
    return EmailMessage(
        subject=f"[Claimbook] {subject}"[:200], body="\n".join(body).rstrip(), to=[first.user.email]
    )


def _address(notice: Notice) -> str:
    """Where the thing is reviewed; the list of schedules for what is about several."""
    return f"{settings.DESK_URL}/admin/" + (f"talk/{notice.ref}/" if notice.ref else "schedules/")
