"""Withdrawing: what was published keeps its address, and says that it is gone and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import deriving, press
from claims.actions.suspecting import suspect
from claims.ledger.models import GONE, OPEN, Edition, Link, Reason, Record
from claims.ledger.upcast import upcast
from claims.models import Claim, Dispute, Source
from claims.permissions import require
from claims.workflow import Action
from kb.models import Root

Body = dict[str, Any]


def withdraw(
    roots: Iterable[Root], *, by: User | None, note: Mapping[str, str], at: datetime | None = None
) -> Edition:
    """Withdraw `roots` in one edition of reason retraction, with a public note that says why.

    Claims that quote a withdrawn source are reprinted without that evidence in the same edition; those left with
    none are withdrawn with it. What else refers to `roots` must be withdrawn along with them.
    Raises ValidationError when there is no note, nothing to withdraw, or something is not published; NotClosed with
    the list of what still refers to them.
    """
    roots = list(roots)
    if not any(text.strip() for text in note.values()):
        raise ValidationError({"note": _("say why, for the public: a withdrawal carries a note")})
    refs = {root.ref for root in roots}
    live = set(
        Record.objects.filter(ref__in=refs, edition_to=OPEN)
        .exclude(op__in=GONE)
        .values_list("ref", flat=True)
    )
    if not roots or refs - live:
        raise ValidationError(
            [
                _("%(thing)s is not published, so it cannot be withdrawn") % {"thing": root}
                for root in roots
                if root.ref not in live
            ]
        )
    with transaction.atomic():
        for root in roots:
            require(by, Action.WITHDRAW, root)
        sources = {root.ref for root in roots if isinstance(root, Source)}
        shortened, left_with_none = _without(sources, spare=refs)
        for claim in Claim.objects.select_for_update().filter(ref__in=shortened).order_by("ref"):
            claim.evidence.filter(source__ref__in=sources).delete()
            claim.evidence.filter(figure_source__ref__in=sources).update(figure_source=None)
            claim.seal(by=by, why="a source of it was withdrawn", at=at)
        gone = [*roots, *Claim.objects.filter(ref__in=left_with_none)]
        edition = press.publish(
            [], by=by, reason=Reason.RETRACTION, note=note, withdraw=gone, reprint=shortened, at=at
        )
        suspect(edition, at=at)
        return edition


@dataclass(frozen=True)
class Recounted:
    """A claim that would stay, with its derived part before and after."""

    claim: Claim
    before: Body
    after: Body

    @property
    def regraded(self) -> bool:
        return bool(self.before["credibility"] != self.after["credibility"])


@dataclass(frozen=True)
class Consequences:
    """What a withdrawal would do to the published claims that rest on it, and to their disputes."""

    lost: Sequence[Claim]  # left without evidence: withdrawn in the same edition
    recounted: Sequence[Recounted]
    reopened: Sequence[Dispute]  # no longer contested, but over claims that would go or be graded anew


def foresee(roots: Iterable[Root]) -> Consequences:
    """What withdrawing `roots` would change, computed and not written. The number of queries is fixed."""
    roots = list(roots)
    refs = {root.ref for root in roots}
    shortened, left_with_none = _without({root.ref for root in roots if isinstance(root, Source)}, spare=refs)
    settled = {root.ref: {"state": "", "members": []} for root in roots if isinstance(root, Dispute)}
    shortened |= _disputed(settled, spare=refs | left_with_none | set(shortened))
    after = {ref: body["derived"] for ref, body in deriving.derive(shortened, settled)}
    standing = Record.objects.filter(ref__in=shortened, edition_to=OPEN)
    before = {one.ref: upcast("claim", json.loads(one.body), one.format)["derived"] for one in standing}
    claims = Claim.objects.for_admin_list().in_bulk([*shortened, *left_with_none], field_name="ref")
    recounted = [
        Recounted(claims[ref], before[ref], after[ref])
        for ref in sorted(shortened)
        if before[ref] != after[ref]
    ]
    shaken = left_with_none | {one.claim.ref for one in recounted if one.regraded}
    members = Link.objects.filter(role="member", target_ref__in=shaken, edition_to=OPEN)
    return Consequences(
        lost=[claims[ref] for ref in sorted(left_with_none)],
        recounted=recounted,
        reopened=list(
            Dispute.objects.filter(ref__in=set(members.values_list("ref", flat=True)) - refs)
            .exclude(verdict=Dispute.Verdict.CONTESTED)
            .order_by("ref")
        ),
    )


def _disputed(disputes: Iterable[str], *, spare: set[str]) -> dict[str, Body]:
    """The published claims that are members of the disputes, as they stand, but for `spare`."""
    members = Link.objects.filter(role="member", ref__in=list(disputes), edition_to=OPEN)
    records = Record.objects.filter(ref__in=members.values("target_ref"), edition_to=OPEN).exclude(
        op__in=GONE
    )
    return {
        record.ref: deriving.underived(upcast("claim", json.loads(record.body), record.format))
        for record in records
        if record.ref not in spare
    }


def _without(sources: set[str], *, spare: set[str]) -> tuple[dict[str, Body], set[str]]:
    """Of the published claims on `sources`, but for `spare`: bodies without that evidence; refs left with none."""
    resting = Link.objects.filter(
        role__in=["source", "figure-source"], target_ref__in=sources, edition_to=OPEN
    )
    records = Record.objects.filter(ref__in=resting.values("ref"), edition_to=OPEN).exclude(ref__in=spare)
    shortened: dict[str, Body] = {}
    left_with_none: set[str] = set()
    for record in records:
        body = deriving.underived(upcast("claim", json.loads(record.body), record.format))
        body["evidence"] = [
            one | ({"figure_source": None} if one["figure_source"] in sources else {})
            for one in body["evidence"]
            if one["source"] not in sources
        ]
        if body["evidence"]:
            shortened[record.ref] = body
        else:
            left_with_none.add(record.ref)
    return shortened, left_with_none
