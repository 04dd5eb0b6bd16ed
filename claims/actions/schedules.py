"""Publishing later: `schedule` keeps what was chosen, `publish_due` prints it when its time has come.

A schedule is closed in the transaction that prints its edition: killed before the commit, nothing was printed and it is
tried again; killed after it, it is closed. So it survives a restart and never prints twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims import press
from claims.actions.publishing import check_reason
from claims.actions.seen import Seen, locked
from claims.actions.suspecting import suspect
from claims.actions.talk import Event, Words, notify
from claims.ledger.models import Edition, Reason
from claims.ledger.printing import NotClosed, NothingToPrint, Redacted, SlugTaken
from claims.models import Embargo, Notice, Schedule, ScheduledThing
from claims.models.schedule import NEVER
from claims.permissions import NotAllowed, publishers, require
from claims.workflow import Action
from kb.models import OUTSIDE, Revision, Root, State

log = logging.getLogger(__name__)
FAULTS = (press.NotPublishable, NotClosed, SlugTaken, Redacted, ValidationError, DatabaseError)
FIRST_WAIT: Final = timedelta(minutes=1)  # after a failed try; then twice as long each time
LONGEST_WAIT: Final = timedelta(hours=1)
MOST_TRIES: Final = 30  # about a day; then it waits for a person
# Kept in English, shown in the language of who reads: it says nothing of who that is.
NO_RIGHT: Final = gettext_noop(
    "Whoever scheduled this may not publish it any more. "
    "Another publisher takes it over, publishes it now, or cancels it."
)
Outcome = Schedule.Outcome


def schedule(
    seen: Seen,
    *,
    by: User,
    publish_at: datetime,
    reason: Reason,
    note: Mapping[str, str],
    time_zone: str = "UTC",
    at: datetime | None = None,
) -> Schedule:
    """Have the versions that were seen published in one edition at `publish_at`.

    Raises Moved; NotAllowed; ValidationError when the time has passed, the reason lacks its note, something waits in
    another schedule, or could not be published as it stands: not approved, say.
    """
    at = at or timezone.now()
    check_reason(reason, note)
    if publish_at <= at:
        raise ValidationError({"publish_at": _("This time has passed: publish now, or choose a later one.")})
    with transaction.atomic():
        roots = locked(seen)
        known, refs = press.hands(roots), [root.ref for root in roots]
        waiting = ScheduledThing.objects.filter(ref__in=refs, schedule__outcome=Outcome.WAITING)
        taken = set(waiting.values_list("ref", flat=True))
        faults = [
            f"{root}: {fault}"
            for root in roots
            for fault in _hindrances(root, by, approved=known[root.ref].approved, taken=root.ref in taken)
        ]
        faults += [f"{root}: {fault}" for root, fault in press.embargoed(roots, publish_at)]
        if faults:
            raise ValidationError(faults)
        made = Schedule.objects.create(
            publish_at=publish_at, next_try_at=publish_at, time_zone=time_zone, reason=reason, note=dict(note),
            scheduled_by=by, scheduled_at=at,
        )  # fmt: skip
        for root in roots:
            made.things.create(kind=root.KIND, ref=root.ref, body_sha256=root.body_sha256())
        return made


def _hindrances(root: Root, by: User, *, approved: bool, taken: bool) -> list[str]:
    """Why the root cannot be scheduled, in sentences."""
    require(by, Action.SCHEDULE, root)
    found = press.unpublishable(root)
    if not settings.ONE_PERSON_MODE and not approved:
        found.append(_("a second person has yet to approve this version"))
    if taken:
        found.append(_("it waits in another schedule already"))
    return found


def cancel(schedule: Schedule, *, by: User, at: datetime | None = None) -> Schedule:
    """Take a schedule back. Raises NotAllowed; ValidationError when it is closed already."""
    with transaction.atomic():
        standing = _waiting(schedule)
        for root in _roots(standing):
            require(by, Action.SCHEDULE, root)
        fault = gettext_noop("taken back")  # kept in English, shown in the language of who reads
        return _close(standing, Outcome.CANCELED, by=by, at=at or timezone.now(), fault=fault)


def take_over(schedule: Schedule, *, by: User, at: datetime | None = None) -> Schedule:
    """Make it `by`'s own: published in their name at its time, or, where that has passed, as soon as it can be.

    Raises NotAllowed; ValidationError when it is closed already or has lapsed.
    """
    at = at or timezone.now()
    with transaction.atomic():
        standing = _waiting(schedule)
        if lapse := _lapse(standing):
            raise ValidationError(lapse)
        for root in _roots(standing):
            require(by, Action.SCHEDULE, root)
        standing.scheduled_by, standing.tries, standing.fault = by, 0, ""
        standing.next_try_at = max(standing.publish_at, at)
        standing.save(update_fields=["scheduled_by", "tries", "fault", "next_try_at"])
        return standing


def publish_now(schedule: Schedule, *, by: User, at: datetime | None = None) -> Edition:
    """Publish it by hand, before its time or after failed tries.

    Raises ValidationError when it is closed already or has lapsed; NotAllowed; what press.publish raises.
    """
    at = at or timezone.now()
    with transaction.atomic():
        standing = _waiting(schedule)
        if lapse := _lapse(standing):
            raise ValidationError(lapse)
        return _print(standing, by=by, at=at, closed_by=by)


def publish_due(at: datetime) -> int:
    """Try what is due; how many editions were printed. Each schedule is on its own: one that fails hinders no other."""
    printed = 0
    for key in list(Schedule.objects.due(at).values_list("pk", flat=True)):
        try:
            printed += _try(key, at)
        except NotAllowed:
            _stop(key, NO_RIGHT, at)
        except FAULTS as fault:
            _put_off(key, "; ".join(sentences(fault)), at)
        except Exception as fault:  # whatever it is, the other schedules and the worker's other jobs go on
            log.exception("schedule %s", key)
            _put_off(key, repr(fault), at)
    return printed


def cancel_lapsed(at: datetime) -> int:
    """Cancel what can no longer be published as it was chosen, before its time comes; how many."""
    latest = Revision.objects.filter(ref=OuterRef("ref")).order_by("-version")
    things = ScheduledThing.objects.filter(schedule__outcome=Outcome.WAITING).annotate(
        body=Subquery(latest.values("body_sha256")[:1]), state=Subquery(latest.values("state")[:1])
    )
    suspect = {one.schedule_id for one in things if one.body != one.body_sha256 or one.state in OUTSIDE}
    canceled = 0
    for key in sorted(suspect):
        with transaction.atomic():
            standing = Schedule.objects.select_for_update().get(pk=key)
            if standing.outcome == Outcome.WAITING and (lapse := _lapse(standing)):
                _cancel_lapsed(standing, lapse, at)
                canceled += 1
    return canceled


def _try(key: int, at: datetime) -> int:
    with transaction.atomic():
        standing = Schedule.objects.select_for_update().select_related("scheduled_by").get(pk=key)
        if standing.outcome != Outcome.WAITING or standing.next_try_at > at:
            return 0  # another worker, or somebody by hand, was faster
        if lapse := _lapse(standing):
            _cancel_lapsed(standing, lapse, at)
            return 0
        try:
            edition = _print(standing, by=standing.scheduled_by, at=at, closed_by=None)
        except NothingToPrint:
            fault = gettext_noop("readers have all of it already")
            _close(standing, Outcome.CANCELED, by=None, at=at, fault=fault)
            return 0
        _tell(standing, Event.PUBLISHED, lambda: _("edition %(number)s") % {"number": edition.number}, at)
        return 1


def _print(standing: Schedule, *, by: User, at: datetime, closed_by: User | None) -> Edition:
    roots = _roots(standing)
    for root in roots:
        require(by, Action.PUBLISH, root)
    with transaction.atomic():
        edition = press.publish(roots, by=by, reason=Reason(standing.reason), note=standing.note, at=at)
        suspect(edition, at=at)
        standing.edition = edition.number
        _close(standing, Outcome.PUBLISHED, by=closed_by, at=at)
        return edition


def _put_off(key: int, fault: str, at: datetime) -> None:
    """Try again later, at longer and longer intervals, and say why; the scheduler is told the first time.

    What has failed too often is stopped; to wait for the end of an embargo is no failure.
    """
    with transaction.atomic():
        standing = Schedule.objects.select_for_update().select_related("scheduled_by").get(pk=key)
        if standing.outcome != Outcome.WAITING:
            return
        known = standing.fault == fault
        if Embargo.objects.standing(at).filter(ref__in=standing.things.values("ref")).exists():
            wait = LONGEST_WAIT  # no longer: it may be lifted
        else:
            wait = min(FIRST_WAIT * 2 ** min(standing.tries, 10), LONGEST_WAIT)
            standing.tries += 1
        standing.fault, standing.next_try_at = fault, at + wait
        standing.save(update_fields=["tries", "fault", "next_try_at"])
        if standing.tries <= 1 and not known:
            _tell(standing, Event.DELAYED, fault, at)
    if standing.tries >= MOST_TRIES:
        _stop(key, fault, at)


def _stop(key: int, fault: str, at: datetime) -> None:
    """Leave it to a person, saying why; the scheduler and all who may publish are told."""
    with transaction.atomic():
        standing = Schedule.objects.select_for_update().get(pk=key)
        if standing.outcome != Outcome.WAITING or standing.is_stopped:
            return
        standing.fault, standing.next_try_at = fault, NEVER
        standing.save(update_fields=["fault", "next_try_at"])
        others = publishers().values_list("pk", flat=True)
        _tell(
            standing, Event.DELAYED, lambda: f"{_(fault)} {_('It is not tried again by itself.')}", at, others
        )


def _lapse(standing: Schedule) -> str:
    """Why this is no longer what was chosen and approved, naming the first thing; empty when it is."""
    roots = {root.ref: root for root in _roots(standing)}
    known = press.hands(list(roots.values()))
    for thing in standing.things.all():
        root = roots.get(thing.ref)
        if root is None:
            return _("%(ref)s is no longer on the desk") % {"ref": thing.ref}
        said = {"thing": root, "state": State(root.state).label}
        if root.body_sha256() != thing.body_sha256:
            return _("%(thing)s was changed after it was scheduled, so its approval has lapsed") % said
        if root.state in OUTSIDE:
            return _("%(thing)s is %(state)s") % said
        if not settings.ONE_PERSON_MODE and not known[root.ref].approved:
            return _("the approval of %(thing)s was taken back") % said
    return ""


def _cancel_lapsed(standing: Schedule, lapse: str, at: datetime) -> None:
    _close(standing, Outcome.CANCELED, by=None, at=at, fault=lapse)
    _tell(standing, Event.CANCELED, lambda: _lapse(standing) or lapse, at)


def _close(
    standing: Schedule, outcome: Schedule.Outcome, *, by: User | None, at: datetime, fault: str = ""
) -> Schedule:
    standing.outcome, standing.closed_at, standing.closed_by, standing.fault = outcome, at, by, fault
    standing.save(update_fields=["outcome", "closed_at", "closed_by", "fault", "edition"])
    return standing


def _waiting(schedule: Schedule) -> Schedule:
    standing = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if standing.outcome != Outcome.WAITING:
        said = {"outcome": standing.get_outcome_display()}
        raise ValidationError(_("This schedule is closed already: %(outcome)s.") % said)
    return standing


def _roots(standing: Schedule) -> list[Root]:
    by_kind: dict[str, list[str]] = {}
    for thing in standing.things.all():
        by_kind.setdefault(thing.kind, []).append(thing.ref)
    return [
        root
        for kind, refs in sorted(by_kind.items())
        for root in press.ROOTS[kind]._default_manager.filter(ref__in=refs).order_by("ref")
    ]


def _tell(
    standing: Schedule, event: Notice.Event, text: Words, at: datetime, others: Iterable[int] = ()
) -> None:
    """A notice to the scheduler and to `others`."""
    roots = _roots(standing)

    def thing() -> str:
        more = f" (+{len(roots) - 1})" if len(roots) > 1 else ""
        return f"{roots[0] if roots else standing}{more}"

    notify({standing.scheduled_by_id, *others}, event, None, by=None, thing=thing, text=text, at=at)


def sentences(fault: Exception) -> list[str]:
    """A refusal of the press in sentences."""
    if isinstance(fault, press.NotPublishable):
        return list(fault.faults)
    return list(fault.messages) if isinstance(fault, ValidationError) else [str(fault)]
