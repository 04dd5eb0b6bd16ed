"""The press: the one bridge from the desk to the ledger.

`publish` locks the roots in ref order, checks what must hold, takes each root's body, adds what is derived, and
has the ledger print one edition. Drafting never takes the press lock.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims import deriving
from claims.ledger.models import GONE, OPEN, Edition, Reason, Record, Review
from claims.ledger.printing import Imprint, Leaf, NothingToPrint, lock_press, print_edition
from claims.ledger.upcast import upcast
from claims.models import (
    Approval,
    Byline,
    Claim,
    Dispute,
    Embargo,
    Page,
    Property,
    Publisher,
    ScopeDimension,
    Source,
    Timeline,
)
from companies.models import Entity
from kb.lib.validators import validate_prose
from kb.models import OUTSIDE, PUT_ASIDE, Revision, Root, State

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
        faults = [(root, fault) for root in published for fault in unpublishable(root)]
        if faults := faults + embargoed(published, at or timezone.now()):
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
    if root.state == State.PROPOSED:
        return [_("nobody has taken it up yet"), *rests_on_what_is_gone(root), *incomplete(root)]
    if root.state in OUTSIDE:
        return [_("it is %(state)s") % {"state": root.get_state_display()}]
    return incomplete(root)


def rests_on_what_is_gone(root: Root) -> list[str]:
    """What the claim or source names though it was put aside, in sentences; such a proposal is not taken up."""
    named: list[Root | None] = []
    if isinstance(root, Claim):
        named += [root.subject, root.property, root.value_entity, root.asserted_by]
        named += [one.dimension for one in root.scope.all()] + [one.target for one in root.links.all()]
        named += [source for one in root.evidence.all() for source in (one.source, one.figure_source)]
    elif isinstance(root, Source):
        named += [root.publisher, root.derived_from]
    gone = {one.ref: one for one in named if one is not None and one.state in PUT_ASIDE}
    return [
        _("it names %(thing)s, which is %(state)s") % {"thing": one, "state": one.get_state_display()}
        for one in gone.values()
    ]


def incomplete(root: Root) -> list[str]:
    """What the root lacks before it could be published, in the same sentences."""
    if isinstance(root, Entity) and root.merged_into is None:
        labels = [name for name in root.names.all() if name.role == "label"]
        return [] if labels else [_("it has no label in any language")]
    if isinstance(root, Claim):
        faults = [
            _("the property %(property)s requires the scope dimension “%(dimension)s”")
            % {"property": root.property, "dimension": dimension}
            for dimension in missing_scope(root)
        ]
        if not root.evidence.all():
            faults.append(_("it has no evidence"))
        return faults
    return []


def embargoed(roots: Sequence[Root], at: datetime) -> list[tuple[Root, str]]:
    """Those that may not be published yet at that moment, each with a sentence that says until when."""
    refs, zone = [root.ref for root in roots], timezone.get_current_timezone_name()
    ends = dict(Embargo.objects.standing(at).filter(ref__in=refs).values_list("ref", "until"))
    return [
        (
            root,
            _("it is under embargo until %(when)s (%(zone)s)")
            % {"when": date_format(timezone.localtime(ends[root.ref]), "DATETIME_FORMAT"), "zone": zone},
        )
        for root in roots
        if root.ref in ends
    ]


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
    known = hands(roots)
    waiting = [root for root in roots if not known[root.ref].approved]
    if not waiting:
        return Review.FOUR_EYES
    if settings.ONE_PERSON_MODE and by is not None:
        return Review.ONE_PERSON
    said = _("a second person has yet to approve this version")
    raise NotPublishable([(root, said) for root in waiting])


@dataclass(frozen=True)
class Hands:
    """Who wrote what the desk has of a root, and whether this version was approved by anybody else.

    Everybody is a writer who changed the body since it was last accepted: printed, or approved by somebody else.
    So nobody ceases to be one because a second person corrects a comma, or the machine adds a copy. Whoever takes up
    what was proposed from outside vouches for it as its writer, though no word of it changes.
    """

    writers: frozenset[int]
    approved: bool


class Written(NamedTuple):
    """A revision as far as it tells who wrote what."""

    version: int
    digest: str
    state: str
    user: int | None


def hands(roots: Sequence[Root]) -> dict[str, Hands]:
    """The hands of each root by its ref, in two queries."""
    refs = [root.ref for root in roots]
    history: dict[str, list[Written]] = defaultdict(list)
    revisions = Revision.objects.filter(ref__in=refs).order_by("kind", "ref", "version")
    for row in revisions.values_list("ref", "version", "body_sha256", "state", "by_id", named=True):
        history[row.ref].append(Written(row.version, row.body_sha256, row.state, row.by_id))
    approvals: dict[tuple[str, int], set[tuple[int, str]]] = defaultdict(set)
    for one in Approval.objects.filter(ref__in=refs):
        approvals[one.ref, one.version].add((one.approved_by_id, one.body_sha256))
    return {root.ref: _hands(root, history[root.ref], approvals) for root in roots}


def _hands(
    root: Root,
    history: Sequence[Written],
    approvals: Mapping[tuple[str, int], set[tuple[int, str]]],
) -> Hands:
    writers, last, accepted = set[int](), "", False
    stood_for = False  # by somebody of the desk
    vouched = set[str]()  # the bodies of this version that others approved
    for version, digest, state, user in history:
        taken_up = not stood_for and state not in OUTSIDE
        if digest != last or taken_up:
            writers = set() if accepted else writers
            accepted, last = False, digest
            if user is not None:
                writers.add(user)
        stood_for = stood_for or taken_up
        vouched = {body for person, body in approvals.get((root.ref, version), ()) if person not in writers}
        accepted = accepted or version == root.printed_version or digest in vouched
    return Hands(frozenset(writers), bool(vouched) and root.body_sha256() in vouched)


def approved_by_another(root: Root) -> bool:
    """Whether this version was approved by somebody who did not write it."""
    return hands([root])[root.ref].approved


def writers(root: Root) -> frozenset[int]:
    """The users who wrote the root's present body; approving or publishing it is not writing it."""
    return hands([root])[root.ref].writers
