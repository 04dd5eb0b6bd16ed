"""Comments, who looks after a thing, and the notices that both and every decision lead to."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import press
from claims.models import Assignment, Claim, Comment, Notice
from claims.permissions import people_for, require
from claims.workflow import Action
from companies.models import Entity
from kb.lib import checked
from kb.models import Root

log = logging.getLogger(__name__)
Event = Notice.Event
MAILS_A_ROUND: Final = 50
MAILED_WITHIN: Final = timedelta(
    days=1
)  # older ones are for the list alone: an address given late brings no flood


def comment(root: Root, *, by: User, text: str, at: datetime | None = None) -> Comment:
    """Say something about the root as it stands, to all who had to do with it.

    Raises NotAllowed; ValidationError when nothing is said.
    """
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=None)
        require(by, Action.COMMENT, fresh)
        if not text.strip():
            raise ValidationError({"text": _("Say something.")})
        said = remember(fresh, by=by, text=text, at=at)
        notify(participants(fresh), Event.COMMENTED, fresh, by=by, text=text, at=at)
        return said


def remember(
    root: Root, *, by: User, text: str, decision: Action | None = None, at: datetime | None = None
) -> Comment:
    """Keep words, or a decision, with the version of the root that they are about."""
    said = Comment(
        kind=root.KIND,
        ref=root.ref,
        version=root.version,
        text=text.strip(),
        decision=decision or "",
        by=by,
        at=at or timezone.now(),
    )
    checked.save(said)
    return said


def assign(root: Root, *, to: User | None, by: User, at: datetime | None = None) -> None:
    """Have `to` look after the root, or nobody.

    Raises NotAllowed; ValidationError when `to` could do nothing with it.
    """
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=None)
        require(by, Action.ASSIGN, fresh)
        if to is None:
            Assignment.objects.filter(ref=fresh.ref).delete()
            return
        if not people_for(fresh).filter(pk=to.pk).exists():
            raise ValidationError({"to": _("%(name)s may not work on this.") % {"name": to}})
        Assignment.objects.update_or_create(
            ref=fresh.ref,
            defaults={
                "kind": fresh.KIND,
                "assigned_to": to,
                "assigned_by": by,
                "assigned_at": at or timezone.now(),
            },
        )
        notify([to.pk], Event.ASSIGNED, fresh, by=by, at=at)


def participants(root: Root) -> set[int]:
    """Who wrote the root's present body, said something about it, or looks after it."""
    said = Comment.objects.filter(ref=root.ref).values_list("by_id", flat=True)
    return {*press.writers(root), *said, *looked_after_by(root)}


def looked_after_by(root: Root) -> list[int]:
    return list(Assignment.objects.filter(ref=root.ref).values_list("assigned_to_id", flat=True))


def notify(
    users: Iterable[int],
    event: Notice.Event,
    root: Root | None,
    *,
    by: User | None,
    thing: str = "",
    text: str = "",
    at: datetime | None = None,
) -> None:
    """One notice to each of `users` but `by` themself. Without a root, `thing` says what it is about."""
    Notice.objects.bulk_create(
        Notice(
            user_id=user,
            event=event,
            kind=root.KIND if root else "",
            ref=root.ref if root else "",
            version=root.version if root else 0,
            thing=(thing or (called(root) if root else ""))[:200],
            text=text.strip(),
            by=by,
            at=at or timezone.now(),
        )
        for user in sorted(set(users) - {by.pk if by else None})
    )


def called(root: Root) -> str:
    """The root in a few words, as they stand in a notice."""
    if isinstance(root, Entity):
        return root.label()
    if isinstance(root, Claim):
        value = root.value_entity.label() if root.value_entity else root.value_words()
        return f"{root.subject.label()} · {root.property} · {value}"
    return str(root)


def mark_read(user: User, *, up_to: int, at: datetime | None = None) -> int:
    """Mark the user's notices up to that one as read; how many were not yet."""
    unread = Notice.objects.filter(user=user, pk__lte=up_to).unread()
    return unread.update(read_at=at or timezone.now())


def forget(root: Root) -> None:
    """Empty all words about the root; who said something, and when, stays."""
    Comment.objects.filter(ref=root.ref).exclude(text="").update(text="–")
    Notice.objects.filter(ref=root.ref).update(thing="–", text="")


def mail_notices(at: datetime) -> int:
    """Mail what is still to be mailed; how many went out. One that fails is tried again the next time.

    A notice is marked after it was sent: a kill between the two mails it twice, never not at all.
    """
    sent = 0
    fresh = Notice.objects.for_mail().filter(at__gte=at - MAILED_WITHIN).order_by("id")
    for notice in fresh[:MAILS_A_ROUND]:
        try:
            _mail(notice).send()
        except (SMTPException, OSError) as fault:
            log.warning("notice %s was not mailed: %s", notice.pk, fault)
            continue
        notice.mailed_at = at
        notice.save(update_fields=["mailed_at"])
        sent += 1
    return sent


def _mail(notice: Notice) -> EmailMessage:
    who = notice.by.get_username() if notice.by else _("the desk")
    subject = " ".join(f"{notice.get_event_display()}: {notice.thing}".split())
    lines = [
        subject,
        f"{who}, {notice.at:%Y-%m-%d %H:%M} UTC",
        "",
        notice.text,
        "",
        f"{settings.DESK_URL}/admin/notices/",
    ]
    return EmailMessage(subject=f"[Claimbook] {subject}"[:200], body="\n".join(lines), to=[notice.user.email])
