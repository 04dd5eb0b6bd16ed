"""The press: the one bridge from the desk to the ledger.

`publish` locks the roots in ref order, checks what must hold, takes each root's body, adds what is derived, and
has the ledger print one edition. Drafting never takes the press lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from claims import deriving
from claims.ledger.models import GONE, OPEN, Edition, Reason, Record, Review
from claims.ledger.printing import Imprint, Leaf, NothingToPrint, lock_press, print_edition
from claims.ledger.upcast import upcast
from claims.models import (
    Approval,
    Byline,
    Claim,
    Dispute,
    Page,
    Property,
    Publisher,
    ScopeDimension,
    Source,
    Timeline,
)
from companies.models import Entity
from kb.lib.validators import validate_prose
from kb.models import Revision, Root, State

Body = dict[str, Any]
THE_DESK = "the desk"
ROOTS: Mapping[str, type[Root]] = {
    model.KIND: model
    for model in (Publisher, Claim, ScopeDimension, Entity, Property, Dispute, Source, Timeline, Page)
}


class NotPublishable(Exception):
    """What stands in the way of publishing; nothing was printed.

    `faults` are sentences that name their root; `by_ref` has the same by the root's ref, without its name.
    """

    def __init__(self, by_root: Sequence[tuple[Root, str]]) -> None:
        self.faults = [f"{root}: {fault}" for root, fault in by_root]
        self.by_ref = [(root.ref, fault) for root, fault in by_root]
        super().__init__("\n".join(self.faults))


def publish(
    roots: Iterable[Root],
    *,
    by: User | None,
    reason: Reason,
    note: Mapping[str, str] | None = None,
    withdraw: Iterable[Root] = (),
    reprint: Mapping[str, Body] | None = None,
    at: datetime | None = None,
) -> Edition:
    """Print `roots` as they stand on the desk and withdraw `withdraw`, all in one edition.

    `reprint` holds published claim bodies by ref, less something that is withdrawn with this edition: what the
    desk has made of those claims since stays on the desk.

    When something changed that published claims rest on (a source's lineage, a publisher's grade, a dispute), they
    are recounted, and those that come out otherwise are reprinted in a second edition of the same transaction, with
    reason source-changed. Returns the first.

    Raises ValidationError for a note that is no clean prose, NotPublishable, NotClosed, SlugTaken, or NothingToPrint
    when all of it stands already.
    """
    validate_prose(dict(note or {}))
    with transaction.atomic():
        standing_down = list(withdraw)
        going = {root.ref for root in standing_down}
        # All in one order of refs: with two, two publishers could wait for each other.
        locked = _locked([*roots, *standing_down])
        published = [root for root in locked if root.ref not in going]
        withdrawn = [root for root in locked if root.ref in going]
        lock_press()  # before anything is judged: what is published must not move under the checks
        review = _review(published, by, reason)
        if faults := [(root, fault) for root in published for fault in unpublishable(root)]:
            raise NotPublishable(faults)
        bodies = {root.ref: root.body() for root in published}
        claims = {root.ref: bodies.pop(root.ref) for root in published if isinstance(root, Claim)}
        claims |= reprint or {}
        before = deriving.changed(bodies, going)
        pages = [Leaf(root.KIND, root.ref, bodies[root.ref]) for root in published if root.ref in bodies]
        pages += [Leaf("claim", ref, body) for ref, body in deriving.derive(claims, bodies)]
        pages += [Leaf(root.KIND, root.ref, None) for root in withdrawn]
        imprint = Imprint(
            by=public_name(by), reason=reason, review=review, note=dict(note or {}), at=at or timezone.now()
        )
        edition = print_edition(pages, imprint)
        for root in published:
            root.state = State.APPROVED
            root.seal(by=by, why=f"published in edition {edition.number}", at=at)
        _mark(published, models.F("version"))
        _mark(withdrawn, 0)
        if resting := deriving.concerned(before, bodies):
            recount(resting, at=at)
        return edition


def _mark(roots: Iterable[Root], version: Any) -> None:
    """Remember on the desk which version readers now have; no part of the body, so no new version."""
    by_kind: dict[str, list[int]] = {}
    for root in roots:
        by_kind.setdefault(root.KIND, []).append(root.pk)
    for kind, keys in by_kind.items():
        ROOTS[kind]._base_manager.filter(pk__in=keys).update(printed_version=version)


def recount(claim_refs: Iterable[str], *, at: datetime | None = None) -> Edition | None:
    """Reprint those of the published claims whose derived part has changed, in one edition.

    The editorial part stays what was published, whatever the desk holds. None when nothing changed.
    """
    with transaction.atomic():
        lock_press()
        standing = Record.objects.filter(ref__in=list(claim_refs), kind="claim", edition_to=OPEN).exclude(
            op__in=GONE
        )
        bodies = {
            record.ref: deriving.underived(upcast("claim", json.loads(record.body), record.format))
            for record in standing
        }
        pages = [Leaf("claim", ref, body) for ref, body in deriving.derive(bodies, {})]
        imprint = Imprint(
            by=THE_DESK, reason=Reason.SOURCE_CHANGED, review=Review.MACHINE, note={}, at=at or timezone.now()
        )
        try:
            return print_edition(pages, imprint)
        except NothingToPrint:
            return None


def unpublishable(root: Root) -> list[str]:
    """Why the root may not be published as it stands, in sentences an editor can act on."""
    if root.state in (State.REJECTED, State.DISCARDED, State.PROPOSED):
        return [f"it is {root.get_state_display()}"]
    if isinstance(root, Entity) and root.merged_into is None:
        labels = [name for name in root.names.all() if name.role == "label"]
        return [] if labels else ["it has no label in any language"]
    if isinstance(root, Claim):
        faults = [
            f"the property {root.property} requires the scope dimension “{dimension}”"
            for dimension in missing_scope(root)
        ]
        if not root.evidence.all():
            faults.append("it has no evidence")
        return faults
    return []


def missing_scope(claim: Claim) -> list[ScopeDimension]:
    """The scope dimensions that the claim's property requires and the claim does not give."""
    given = {one.dimension_id for one in claim.scope.all()}
    return [dimension for dimension in claim.property.required_scope.all() if dimension.pk not in given]


def public_name(user: User | None) -> str:
    """How an edition names somebody: the name they chose, else "the desk". Never a login."""
    byline = Byline.objects.filter(user_id=user.pk).first() if user is not None else None
    return byline.public_name if byline else THE_DESK


def _locked(roots: Iterable[Root]) -> list[Root]:
    """Fresh copies of the roots, their rows locked in ref order (a ref's first letter is its kind's)."""
    wanted: dict[str, list[str]] = {}
    for root in roots:
        wanted.setdefault(root.KIND, []).append(root.ref)
    locked: list[Root] = []
    for kind in sorted(wanted, key=lambda one: min(wanted[one])):
        rows = ROOTS[kind]._default_manager.filter(ref__in=wanted[kind]).order_by("ref")
        list(rows.select_for_update().values_list("pk"))
        queryset = rows.with_parts() if hasattr(rows, "with_parts") else rows
        locked += list(queryset)
    return locked


def _review(roots: Sequence[Root], by: User | None, reason: Reason) -> Review:
    """How the roots were reviewed. Raises NotPublishable when a second person has yet to approve."""
    if reason == Reason.IMPORT:
        return Review.IMPORT
    if not roots:
        return Review.ONE_PERSON
    waiting = [root for root in roots if not approved_by_another(root)]
    if not waiting:
        return Review.FOUR_EYES
    if settings.ONE_PERSON_MODE and by is not None:
        return Review.ONE_PERSON
    raise NotPublishable([(root, "a second person has yet to approve this version") for root in waiting])


def approved_by_another(root: Root) -> bool:
    """Whether this very body was approved by somebody who did not write it."""
    approvals = Approval.objects.filter(kind=root.KIND, ref=root.ref, body_sha256=root.body_sha256())
    return approvals.exclude(approved_by__in=writers(root)).exists()


def writers(root: Root) -> set[int]:
    """The users who brought the root to its present body; approving or publishing it is not writing it."""
    present, last, found = root.body_sha256(), "", set()
    revisions = Revision.objects.filter(kind=root.KIND, ref=root.ref).order_by("version")
    for digest, user in revisions.values_list("body_sha256", "by_id"):
        if digest == present != last and user is not None:
            found.add(user)
        last = digest
    return found
