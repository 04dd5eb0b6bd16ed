"""The queues of the desk: what waits for somebody, how much of it, and since when.

Each queue is one query that gives (at, ref, more), the longest waiting first. The front page takes the head of
each; a queue's own page goes through it by key, so that neither grows with what is behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from claims import permissions, press
from claims.admin.suggestions import sources_waiting
from claims.ledger.models import Edition
from claims.models import (
    Approval,
    Assignment,
    CaptureAttempt,
    Claim,
    Dispute,
    HalfLife,
    Inapplicable,
    Kinship,
    Notice,
    Property,
    Report,
    Source,
    Suspicion,
)
from companies.models import Entity
from kb.models import OUTSIDE, PUT_ASIDE, Revision, Root, State

CAP: Final = 1000  # counts go no further
COLUMNS: Final = ("at", "ref", "more")
SMALLEST: Final = 3  # entities of a kind that tell what one expects of it
MONTH: Final = timedelta(days=30.44)

Event = Notice.Event
Rows = QuerySet[Any]


class Item(NamedTuple):
    """One thing that waits; `more` tells apart two waits of one thing."""

    at: datetime
    ref: str
    more: str


@dataclass(frozen=True)
class Asked:
    """Who looks, when, and behind which item the page begins."""

    user: User
    at: datetime
    after: Item | None = None


@dataclass(frozen=True)
class Queue:
    """`rows` gives its parts, united in one query; `concerns` says for whom it is there at all."""

    slug: str
    title: Any
    about: Any
    rows: Callable[[Asked], Sequence[Rows]]
    concerns: Callable[[User], bool] = lambda user: True
    page: str = ""  # the name of its page, where it has one of its own

    def items(self, asked: Asked, limit: int) -> list[Item]:
        """The first `limit` items, the longest waiting first."""
        parts = [_behind(part, asked.after) for part in self.rows(asked)]
        if not parts:
            return []
        shown = [part.order_by().values_list(*COLUMNS) for part in parts]
        united = shown[0].union(*shown[1:], all=True) if len(shown) > 1 else shown[0]
        return [Item(*row) for row in united.order_by("at", "ref", "more")[:limit]]


@dataclass(frozen=True)
class Head:
    """A queue as the front page shows it."""

    queue: Queue
    count: int  # CAP + 1 stands for more
    oldest: datetime | None

    @property
    def is_capped(self) -> bool:
        return self.count > CAP


def heads(user: User, at: datetime) -> list[Head]:
    """The queues that concern the user, one query each and one or two more for what they need to know."""
    found = []
    for queue in QUEUES:
        if queue.concerns(user):
            items = queue.items(Asked(user, at), CAP + 1)
            found.append(Head(queue, len(items), items[0].at if items else None))
    return found


def _behind(part: Rows, after: Item | None) -> Rows:
    if after is None:
        return part
    return part.filter(
        Q(at__gt=after.at)
        | Q(at=after.at, ref__gt=after.ref)
        | Q(at=after.at, ref=after.ref, more__gt=after.more)
    )


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _seen(user: User) -> list[type[Root]]:
    """The kinds of things that the user may see."""
    return [model for model in press.ROOTS.values() if permissions.can_view(user, model)]


def _roots(user: User, condition: Q) -> list[tuple[type[Root], Rows]]:
    """Of each kind the things that meet the condition, as rows of a queue."""
    return [
        (
            model,
            model._default_manager.filter(condition).annotate(at=F("sealed_at"), more=_text("")),
        )
        for model in _seen(user)
    ]


def _writings(model: type[Root]) -> QuerySet[Revision]:
    """The revisions that changed the body, and those that were the first to stand for it on the desk."""
    same = Revision.objects.filter(
        kind=model.KIND,
        ref=OuterRef("ref"),
        version=OuterRef("version") - 1,
        body_sha256=OuterRef("body_sha256"),
    )
    stood_for = Revision.objects.filter(
        kind=model.KIND, ref=OuterRef("ref"), version__lt=OuterRef("version")
    ).exclude(state__in=OUTSIDE)
    taken_up = ~Exists(stood_for) & ~Q(state__in=OUTSIDE)
    return Revision.objects.filter(~Exists(same) | taken_up, kind=model.KIND)


def _written_by(model: type[Root], user: User) -> Exists:
    """Whether the user is one of the writers of the desk's version, as press.hands has it."""
    writings, printed = _writings(model), OuterRef("printed_version")
    later = writings.filter(ref=OuterRef("ref"), version__gt=OuterRef("version"))
    accepted = Approval.objects.filter(ref=OuterRef("ref"), version__gte=OuterRef("version"))
    built_on = accepted.exclude(approved_by=user).filter(Exists(later))
    since = writings.filter(ref=OuterRef("ref"), version__gt=OuterRef(printed))
    unprinted = Q(version__gt=printed) | ~Exists(since)
    return Exists(writings.filter(unprinted, ~Exists(built_on), ref=OuterRef("ref"), by=user))


# Not what readers have, and somebody has approved it.
_UNPRINTED: Final = Q(state=State.APPROVED) & ~Q(version=F("printed_version"))
_VOUCHED: Final = Q(Exists(Approval.objects.filter(ref=OuterRef("ref"), version=OuterRef("version"))))


def _awaiting(asked: Asked) -> list[Rows]:
    if settings.ONE_PERSON_MODE:
        return [rows for _model, rows in _roots(asked.user, Q(state=State.IN_REVIEW))]
    # What a dossier brought as approved has nobody behind it yet.
    parts = _roots(asked.user, Q(state=State.IN_REVIEW) | (_UNPRINTED & ~_VOUCHED))
    return [rows.filter(~_written_by(model, asked.user)) for model, rows in parts]


def _sent_back(asked: Asked) -> list[Rows]:
    later = Revision.objects.filter(
        kind=OuterRef("kind"), ref=OuterRef("ref"), version__gt=OuterRef("version")
    )
    told = Notice.objects.filter(user=asked.user, event__in=[Event.CHANGES_REQUESTED, Event.REJECTED])
    return [told.filter(~Exists(later)).annotate(more=Cast("pk", CharField()))]


def _assigned(asked: Asked) -> list[Rows]:
    done = Revision.objects.filter(
        ref=OuterRef("ref"), state__in=[State.APPROVED, *PUT_ASIDE], at__gt=OuterRef("assigned_at")
    )
    mine = Assignment.objects.filter(assigned_to=asked.user)
    return [mine.filter(~Exists(done)).annotate(at=F("assigned_at"), more=_text(""))]


def _my_drafts(asked: Asked) -> list[Rows]:
    parts = _roots(asked.user, Q(state=State.DRAFT, sealed_by=asked.user))  # sent back: another sealed it
    return [rows.filter(_written_by(model, asked.user)) for model, rows in parts]


def _drafts(asked: Asked) -> list[Rows]:
    parts = _roots(asked.user, Q(state=State.DRAFT))
    return [rows.filter(~_written_by(model, asked.user)) for model, rows in parts]


def _suggestions(asked: Asked) -> list[Rows]:
    return [sources_waiting().annotate(more=_text(""))]


def _submissions(asked: Asked) -> list[Rows]:
    return [rows for _model, rows in _roots(asked.user, Q(state=State.PROPOSED))]


def _ready(asked: Asked) -> list[Rows]:
    waiting = _UNPRINTED if settings.ONE_PERSON_MODE else _UNPRINTED & _VOUCHED
    return [rows for _model, rows in _roots(asked.user, waiting)]


def _changed(asked: Asked) -> list[Rows]:
    differs = Q(printed_version__gt=0) & ~Q(version=F("printed_version"))
    return [rows for _model, rows in _roots(asked.user, differs)]


def _stale(asked: Asked) -> list[Rows]:
    attempts = CaptureAttempt.objects.open_items().annotate(
        ref=F("source__ref"), more=Cast("pk", CharField())
    )
    return [attempts]


def _suspected(asked: Asked) -> list[Rows]:
    waiting = Suspicion.objects.waiting()
    return [waiting.annotate(at=F("found_at"), ref=F("key"), more=Cast("pk", CharField()))]


def _reports(asked: Asked) -> list[Rows]:
    return [Report.objects.open_items().annotate(more=Cast("pk", CharField()))]


def _copies(asked: Asked) -> list[Rows]:
    waiting = Kinship.objects.waiting()
    return [waiting.annotate(at=F("found_at"), ref=Cast("pk", CharField()), more=_text(""))]


def _to_recheck(asked: Asked) -> list[Rows]:
    lives = list(HalfLife.objects.values_list("property", "months"))
    if not lives:
        return []
    conditions = []
    for prop, months in lives:
        cut = asked.at - months * MONTH
        unchecked = Q(recheck__isnull=True) | Q(recheck__checked_at__lt=cut)
        conditions.append(Q(property=prop, sealed_at__lt=cut) & unchecked)
    due = Claim.objects.filter(reduce(or_, conditions), printed_version__gt=0)
    last = Coalesce("recheck__checked_at", "sealed_at")
    return [due.annotate(at=last, more=_text(""))]


def _gaps(asked: Asked) -> list[Rows]:
    parts: list[Rows] = []
    for kind, key, ref in expected():
        entered = Claim.objects.filter(subject=OuterRef("pk"), property=key).exclude(state__in=OUTSIDE)
        without = Entity.objects.filter(
            ~Exists(entered),
            ~Exists(Inapplicable.objects.filter(entity=OuterRef("pk"), property=key)),
            kind=kind,
            merged_into__isnull=True,
            printed_version__gt=0,
        )
        parts.append(without.annotate(at=F("sealed_at"), more=_text(ref)))
    return parts


def expected() -> list[tuple[str, int, str]]:
    """What one expects to know of each kind of entity, as (kind, property's key, its ref).

    A property that may be said of the kind, and that more than half of its published entities have. "Unknown" is an
    answer: only what nobody has entered is a gap. Remembered for an edition.
    """
    edition = Edition.objects.order_by("-number").values_list("number", flat=True).first() or 0
    known: list[tuple[str, int, str]] | None = cache.get(f"expected-{edition}")
    if known is not None:
        return known
    published = Entity.objects.filter(printed_version__gt=0, merged_into__isnull=True)
    totals = dict(published.order_by().values_list("kind").annotate(number=Count("pk")))
    claims = Claim.objects.filter(printed_version__gt=0).order_by()
    having = claims.values_list("subject__kind", "property").annotate(number=Count("subject", distinct=True))
    properties = {one.pk: one for one in Property.objects.all()}
    known = [
        (kind, key, properties[key].ref)
        for kind, key, number in having
        if kind in properties[key].subject_kinds
        and totals.get(kind, 0) >= SMALLEST
        and 2 * number > totals[kind]
    ]
    cache.set(f"expected-{edition}", known, 3600)
    return known


def _writes_claims(user: User) -> bool:
    return permissions.can_edit(user, Claim)


def _writes_disputes(user: User) -> bool:
    return permissions.can_edit(user, Dispute)


def _writes_sources(user: User) -> bool:
    return permissions.can_edit(user, Source)


def _sees_sources(user: User) -> bool:
    return permissions.can_view(user, Source)


def _reads_for_claims(user: User) -> bool:
    return _writes_claims(user) and _sees_sources(user)


QUEUES: Sequence[Queue] = (
    Queue("review", _("Awaiting my review"), _("Others wrote it and ask for a second pair of eyes."), _awaiting,
          permissions.can_approve),
    Queue("sent-back", _("Mine, sent back"), _("Somebody asked for changes, or rejected it, and said why."),
          _sent_back),
    Queue("assigned", _("Assigned to me"), _("Somebody asked you to look after it."), _assigned),
    Queue("ready", _("Approved, not published"), _("Two people stand behind it; readers do not have it yet."), _ready,
          permissions.can_publish),
    Queue("suggestions", _("Machine suggestions"), _("Figures that look worth a claim, which nobody has read."),
          _suggestions, _reads_for_claims),
    Queue("submissions", _("Partners' submissions"), _("Sent in by partners; nobody has taken it up."), _submissions,
          _writes_claims),
    Queue("stale", _("Stale evidence"), _("A cited page has changed or is gone."), _stale, _sees_sources,
          page="admin:claims_captureattempt_changelist"),
    Queue("copies", _("Suspected copies"), _("Sources that may share an origin, and be one witness."),
          _copies, _writes_sources, page="admin:kinships"),
    Queue("suspected", _("Suspected disputes"), _("Published claims that cannot all hold, each with the reason."),
          _suspected, _writes_disputes, page="admin:suspicions"),
    Queue("reports", _("Readers' reports"), _("Somebody says that something published is wrong."), _reports,
          _writes_claims, page="admin:claims_report_changelist"),
    Queue("changed", _("Published, and changed since"), _("Readers have an earlier version than the desk."), _changed),
    Queue("recheck", _("Claims to check again"), _("Their property has a half-life, and it has passed."), _to_recheck,
          _writes_claims),
    Queue("gaps", _("Not entered yet"),
          _("Most published things of the kind have this property; “unknown” would be an answer."), _gaps,
          _writes_claims),
    Queue("my-drafts", _("My drafts"), _("You began it, and nobody has been asked for a review."), _my_drafts),
    Queue("drafts", _("Drafts of others"), _("Begun by colleagues or loaded from a dossier."), _drafts),
)  # fmt: skip


def queue_of(slug: str) -> Queue | None:
    return next((queue for queue in QUEUES if queue.slug == slug), None)
