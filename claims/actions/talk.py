"""Comments, who looks after a thing, and the notices that both and every decision lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import press
from claims.models import Assignment, Comment, Notice
from claims.permissions import people_for, require
from claims.workflow import Action
from kb.lib import checked
from kb.models import Preference, Root

Event = Notice.Event
FORGOTTEN: Final = "–"  # stands for words that the law had removed


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


Words = str | Callable[[], str]  # given as a call, they are said in the language of each who gets them


def notify(
    users: Iterable[int],
    event: Notice.Event,
    root: Root | None,
    *,
    by: User | None,
    thing: Words = "",
    text: Words = "",
    at: datetime | None = None,
) -> None:
    """One notice to each of `users` but `by` themself, in their language.

    Without a root, `thing` says what it is about.
    """
    wished = {one.user_id: one for one in Preference.objects.filter(user_id__in=set(users))}
    notices = []
    for user in sorted(set(users) - {by.pk if by else None}):
        with (wished.get(user) or Preference.of(None)).applied():
            notices.append(
                Notice(
                    user_id=user,
                    event=event,
                    kind=root.KIND if root else "",
                    ref=root.ref if root else "",
                    version=root.version if root else 0,
                    thing=(_said(thing) or (str(root) if root else ""))[:200],
                    text=_said(text).strip(),
                    by=by,
                    at=at or timezone.now(),
                )
            )
    Notice.objects.bulk_create(notices)


def _said(words: Words) -> str:
    return words if isinstance(words, str) else words()


def mark_read(user: User, *, up_to: int, at: datetime | None = None) -> int:
    """Mark the user's notices up to that one as read; how many were not yet."""
    unread = Notice.objects.filter(user=user, pk__lte=up_to).unread()
    return unread.update(read_at=at or timezone.now())


def forget(root: Root) -> None:
    """Empty all words about the root; who said something, and when, stays."""
    Comment.objects.filter(ref=root.ref).exclude(text="").update(text=FORGOTTEN)
    Notice.objects.filter(ref=root.ref).update(thing=FORGOTTEN, text="")
