"""One deed on many things: all of it or nothing, and what stands in the way is said of each by name.

`rehearse` does the same and undoes it, so that a preview shows exactly what a change would do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import workflow
from claims.actions.approvals import approve
from claims.actions.claims import ClaimDraft, EvidenceDraft, save_claim
from claims.actions.readings import draft_of
from claims.actions.reviews import submit
from claims.actions.seen import Seen, locked
from claims.models import Claim, ScopeTerm
from claims.permissions import NotAllowed
from kb.models import Root, State

Body = dict[str, Any]
Change = Callable[[ClaimDraft], ClaimDraft]


class Refused(ValidationError):
    """What stands in the way, one sentence a thing that names it; nothing was written."""


@dataclass(frozen=True)
class Changed:
    """One claim of a rehearsal: its body as it stands and as it would stand."""

    ref: str
    before: Body
    after: Body


class _Undone(Exception):
    """Ends a rehearsal."""


def with_evidence(evidence: EvidenceDraft) -> Change:
    """One more piece of evidence, the same under each. Refused where the claim has this very piece already."""

    def change(draft: ClaimDraft) -> ClaimDraft:
        if any(replace(one, drift=tuple(one.drift)) == evidence for one in draft.evidence):
            raise ValidationError(_("it has this evidence already"))
        return replace(draft, evidence=[*draft.evidence, evidence])

    return change


def with_scope(term: ScopeTerm) -> Change:
    """This term in its dimension, in place of another; other dimensions stay."""

    def change(draft: ClaimDraft) -> ClaimDraft:
        others = [one for one in draft.scope if one.dimension_id != term.dimension_id]
        return replace(draft, scope=[*others, term])

    return change


def with_rank(rank: str, reason: dict[str, str]) -> Change:
    """This rank, for this reason; an ordinary rank has none."""

    def change(draft: ClaimDraft) -> ClaimDraft:
        return replace(draft, rank=rank, rank_reason={} if rank == "normal" else reason)

    return change


def change_all(
    seen: Seen, change: Change, *, by: User, why: str = "", at: datetime | None = None
) -> list[Changed]:
    """Change each claim at the version that was seen, all or none; those that stand so already are left alone.

    Raises Moved; Refused.
    """

    def one(claim: Root) -> Changed:
        if not isinstance(claim, Claim):
            raise ValidationError(_("only claims are changed so"))
        before = claim.body()
        saved = save_claim(
            change(draft_of(claim.ref)),
            by=by, why=why, ref=claim.ref, expect=claim.version, at=at,
            state=workflow.after_saving(State(claim.state))[0],
        )  # fmt: skip
        return Changed(claim.ref, before, Claim.objects.get(pk=saved.pk).body())

    with transaction.atomic():
        return _each(locked(seen), one)


def rehearse(seen: Seen, change: Change, *, by: User) -> list[Changed]:
    """What `change_all` would do, done and undone again. Raises what it raises."""
    found: list[Changed] = []
    try:
        with transaction.atomic():
            found = change_all(seen, change, by=by)
            raise _Undone
    except _Undone:
        return found


def approve_all(seen: Seen, *, by: User, comment: str = "", at: datetime | None = None) -> int:
    """Approve each version that was seen, all or none, at one moment; how many. Raises Moved; Refused."""
    at = at or timezone.now()
    with transaction.atomic():
        return len(
            _each(
                locked(seen), lambda root: approve(root, by=by, expect=root.version, comment=comment, at=at)
            )
        )


def submit_all(seen: Seen, *, by: User, comment: str = "", at: datetime | None = None) -> int:
    """Ask for a review of each, all or none, at one moment; how many. Raises Moved; Refused."""
    at = at or timezone.now()
    with transaction.atomic():
        return len(
            _each(locked(seen), lambda root: submit(root, by=by, expect=root.version, comment=comment, at=at))
        )


def _each(roots: Sequence[Root], deed: Callable[[Root], Any]) -> list[Any]:
    """What the deed gave for each root. Raises Refused with the faults of all of them."""
    done, faults = [], list[str]()
    for root in roots:
        try:
            with transaction.atomic():
                done.append(deed(root))
        except NotAllowed as fault:  # names the thing
            faults += fault.messages
        except ValidationError as fault:
            faults += [_("%(thing)s: %(fault)s") % {"thing": root, "fault": line} for line in fault.messages]
    if faults:
        raise Refused(faults)
    return done
