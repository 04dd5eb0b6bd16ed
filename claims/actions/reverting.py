"""Going back: one thing to a former version on the desk, or a whole edition to what stood before it.

Nothing is undone. A revert is a new revision and a reversal a new edition, through the doors everything goes through.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import press, workflow
from claims.actions.bodies import save_body
from claims.actions.suspecting import suspect
from claims.ledger.models import GONE, OPEN, Edition, Link, Op, Reason, Record
from claims.ledger.upcast import upcast
from claims.permissions import require
from claims.workflow import Action
from kb.lib.refs import kind_of
from kb.models import Revision, Root, State

Body = dict[str, Any]
REASONS: Final = (Reason.CORRECTION, Reason.RETRACTION)


def revert(
    root: Root, version: int, *, by: User, expect: int, why: str = "", at: datetime | None = None
) -> Root:
    """Make `root` what it was in `version`, as a new revision.

    Raises StaleVersion when the root is no longer at version `expect`; Revision.DoesNotExist; ValidationError when
    the version was redacted, or the desk of today does not take it any more.
    """
    with transaction.atomic():
        fresh = press.ROOTS[root.KIND].locked(root.ref, expect=expect)
        former = Revision.objects.get(kind=root.KIND, ref=root.ref, version=version)
        if not former.body:
            raise ValidationError(_("This version was removed by order of the law."))
        if "merged_into" in fresh.body():
            raise ValidationError(_("This was merged into another: it cannot go back to what it was before."))
        said = f"back to version {version}"
        return save_body(
            root.KIND, json.loads(former.body), by=by, why=f"{said}: {why}" if why else said, expect=expect,
            state=workflow.after_saving(State(fresh.state))[0], at=at,
        )  # fmt: skip


@dataclass(frozen=True)
class Obstacle:
    """Why a thing of an edition cannot go back; `by` is the ref of what stands in the way."""

    ref: str
    by: str
    why: str


@dataclass(frozen=True)
class Reversal:
    """What reversing an edition would do: bodies that come back, by ref; refs that are withdrawn; what forbids it."""

    edition: Edition
    printed: Mapping[str, Body]
    back: Mapping[str, Body]
    gone: Sequence[str]
    obstacles: Sequence[Obstacle]


class NotReversible(Exception):
    """Why an edition cannot be reversed; nothing was done."""

    def __init__(self, reversal: Reversal) -> None:
        self.reversal = reversal
        super().__init__("; ".join(f"{one.ref}: {one.why}" for one in reversal.obstacles))


def reversal(number: int) -> Reversal:
    """What reversing edition `number` would do, in a fixed number of queries. Raises Edition.DoesNotExist."""
    edition = Edition.objects.get(number=number)
    records = {record.ref: record for record in Record.objects.filter(edition_from=number)}
    before = {
        record.ref: record
        for record in Record.objects.filter(edition_to=number, ref__in=records).exclude(op__in=GONE)
    }
    printed = {ref: editorial(record) for ref, record in records.items() if record.op not in GONE}
    back = {ref: editorial(record) for ref, record in before.items()}
    gone = sorted(set(printed) - set(back))
    obstacles = [
        *_printed_since(records),
        *_not_plain(records, before),
        *_changed_on_the_desk(printed, back),
        *_leaning(gone, set(records)),
    ]
    return Reversal(edition, printed, back, gone, obstacles)


def reverse_edition(
    number: int,
    *,
    by: User,
    reason: Reason,
    note: Mapping[str, str],
    at: datetime | None = None,
) -> Edition:
    """Print an edition after which everything that edition `number` printed stands as it stood before it.

    What it changed goes back, what it withdrew returns, what it added is withdrawn; the desk follows.
    Raises NotReversible with the list of what stands in the way; ValidationError for a reason that is no correction
    or retraction, a missing note, and what the desk refuses; what press.publish raises, such as NotPublishable when a
    second person has yet to approve what comes back. Then nothing was done.
    """
    if reason not in REASONS:
        raise ValidationError({"reason": _("A reversal is a correction or a retraction.")})
    if not any(text.strip() for text in note.values()):
        raise ValidationError({"note": _("Say why, for the public: a reversal carries a note.")})
    with transaction.atomic():
        plan = _locked(number)
        returning = _put_back(plan, by=by, at=at)
        withdrawn = [press.ROOTS[_kind(ref)]._default_manager.get(ref=ref) for ref in plan.gone]
        for root in returning:
            require(by, Action.PUBLISH, root)
        for root in withdrawn:
            require(by, Action.WITHDRAW, root)
        edition = press.publish(returning, by=by, reason=reason, note=note, withdraw=withdrawn, at=at)
        suspect(edition, at=at)
        return edition


def put_back(number: int, *, by: User, at: datetime | None = None) -> list[Root]:
    """Only the desk's half of a reversal: what comes back is sent to review, for a second person to approve.

    Raises NotReversible; ValidationError.
    """
    with transaction.atomic():
        return _put_back(_locked(number), by=by, at=at)


def _locked(number: int) -> Reversal:
    """The reversal, all its roots locked in the order of their refs. Raises NotReversible."""
    for ref in sorted(Record.objects.filter(edition_from=number).values_list("ref", flat=True)):
        press.ROOTS[_kind(ref)].locked(ref, expect=None)
    plan = reversal(number)
    if plan.obstacles:
        raise NotReversible(plan)
    return plan


def _put_back(plan: Reversal, *, by: User, at: datetime | None) -> list[Root]:
    """Claims first: what they no longer use may go with what follows. What was put back and approved stays so."""
    return [
        _approved_already(ref, plan.back[ref])
        or save_body(
            _kind(ref), plan.back[ref], by=by, why=f"edition {plan.edition.number} reversed", expect=None,
            state=State.IN_REVIEW, at=at,
        )
        for ref in sorted(plan.back)
    ]  # fmt: skip


def _approved_already(ref: str, body: Body) -> Root | None:
    root = press.ROOTS[_kind(ref)].locked(ref, expect=None)
    return root if root.state == State.APPROVED and _written(root.body()) == _written(body) else None


def editorial(record: Record) -> Body:
    """A published body in the present format, without what the press derived; empty where it was redacted."""
    if not record.body:
        return {}
    body = upcast(record.kind, json.loads(record.body), record.format)
    return {name: value for name, value in body.items() if name != "derived"}


def _printed_since(records: Mapping[str, Record]) -> list[Obstacle]:
    """Things that a later edition printed with another editorial body; a recount by the machine is none."""
    standing = Record.objects.filter(ref__in=records, edition_to=OPEN)
    return [
        Obstacle(one.ref, one.ref, _("edition %(number)s printed it again") % {"number": one.edition_from})
        for one in standing.order_by("ref")
        if one.pk != records[one.ref].pk and (one.op in GONE or editorial(one) != editorial(records[one.ref]))
    ]


def _not_plain(records: Mapping[str, Record], before: Mapping[str, Record]) -> list[Obstacle]:
    found = []
    for ref, record in sorted(records.items()):
        if record.op == Op.REDACTED or record.redacted:
            found.append(Obstacle(ref, ref, _("it was removed by order of the law, which nobody reverses")))
        elif "merged_into" in editorial(record) or (
            ref in before and "merged_into" in editorial(before[ref])
        ):
            found.append(Obstacle(ref, ref, _("it was merged into another, which is not reversed this way")))
    return found


def _changed_on_the_desk(printed: Mapping[str, Body], back: Mapping[str, Body]) -> list[Obstacle]:
    """Things on which somebody has worked since: their work would go under."""
    found = []
    wanted: dict[str, list[str]] = {}
    for ref in {**printed, **back}:
        wanted.setdefault(_kind(ref), []).append(ref)
    for kind, refs in wanted.items():
        rows: Any = press.ROOTS[kind]._default_manager.filter(ref__in=refs).order_by("ref")
        for root in rows.with_parts() if hasattr(rows, "with_parts") else rows:
            known = [_written(one.get(root.ref)) for one in (printed, back)]
            if root.ref in back and _written(root.body()) not in known:
                found.append(
                    Obstacle(root.ref, root.ref, _("the desk has changes of it that are not published"))
                )
    return found


def _written(body: Body | None) -> Body | None:
    """What editors wrote of it: copies of a source come by capture, and stay."""
    return body and {name: value for name, value in body.items() if name != "snapshots"}


def _leaning(gone: Sequence[str], ours: set[str]) -> list[Obstacle]:
    """What else is published and refers to something that would be withdrawn."""
    links = (
        Link.objects.filter(target_ref__in=gone, edition_to=OPEN).exclude(ref__in=ours).exclude(role="origin")
    )
    pairs = sorted(set(links.values_list("target_ref", "ref")))
    return [Obstacle(target, ref, _("this rests on it, and would lead nowhere")) for target, ref in pairs]


def _kind(ref: str) -> str:
    return kind_of(ref) or ""
