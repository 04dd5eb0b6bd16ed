"""What reading an article leads to: evidence for a claim we hold, a new claim, or a figure put aside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import workflow
from claims.actions.claims import ClaimDraft, EvidenceDraft, QuoteDraft, ValueDraft, save_claim
from claims.models import Claim, Evidence, SkippedFigure, Snapshot
from claims.permissions import require_role
from claims.workflow import Role
from kb.lib import checked
from kb.lib.scripts import joined
from kb.models import PUT_ASIDE, State

AROUND: Final = 40  # code points before and after a quote that are kept with it
LONGEST_QUOTE: Final = 2000
LONGEST_PRINT: Final = 200  # what a piece of evidence keeps of the figure as printed


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Words of a snapshot, from `start` to `end` in code points, and the figure in them as it is printed."""

    snapshot: Snapshot
    start: int
    end: int
    printed: str = ""
    stance: str = "supports"


def evidence_from(passage: Passage) -> EvidenceDraft:
    """The passage as evidence: its quote pinned, with the words around it on its line.

    Raises ValidationError when its text is not held here, or the offsets lie outside of it.
    """
    snapshot = passage.snapshot
    text = snapshot.text()
    if text is None:
        raise ValidationError(
            _("The text of this snapshot is not held here, so nothing can be quoted from it.")
        )
    start, end = passage.start, passage.end
    if not 0 <= start < end <= len(text):
        raise ValidationError(
            _("There are no such words in this text: it has %(count)s characters.") % {"count": len(text)}
        )
    if end - start > LONGEST_QUOTE:
        raise ValidationError(_("Quote at most %(most)s characters.") % {"most": LONGEST_QUOTE})
    before, after = around(text, start, end)
    return EvidenceDraft(
        source=snapshot.source,
        stance=passage.stance,
        original_value=" ".join(passage.printed.split())[:LONGEST_PRINT],
        quote=QuoteDraft(
            snapshot=snapshot, exact=text[start:end], start=start, end=end, prefix=before, suffix=after
        ),
    )  # fmt: skip


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after text[start:end] on its line, at most AROUND code points, in whole words."""
    first = max(text.rfind("\n", 0, start) + 1, start - AROUND)
    while first < start and joined(text, first):
        first += 1
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + AROUND)
    while last > end and joined(text, last):
        last -= 1
    return text[first:start].lstrip(), text[end:last].rstrip()


def add_evidence(
    ref: str, passage: Passage, *, by: User, expect: int | None, why: str = "", at: datetime | None = None
) -> Claim:
    """Put the passage under the claim as one more piece of evidence; what else the claim says stays as it is.

    Raises Claim.DoesNotExist; StaleVersion; ValidationError, also when the claim was put aside, or has these very
    words as evidence already.
    """
    with transaction.atomic():
        standing = Claim.locked(ref, expect=expect)
        if standing.state in PUT_ASIDE:
            raise ValidationError(_("This claim was put aside: take it up again before you add evidence."))
        evidence, draft = evidence_from(passage), draft_of(ref)
        if any(_same_words(one, evidence) for one in draft.evidence):
            raise ValidationError(_("These words are evidence of this claim already."))
        return save_claim(
            replace(draft, evidence=[*draft.evidence, evidence]),
            by=by, why=why, ref=ref, expect=expect, at=at, state=workflow.after_saving(State(standing.state))[0],
        )  # fmt: skip


def add_claim(
    draft: ClaimDraft, passage: Passage, *, by: User, why: str = "", at: datetime | None = None
) -> Claim:
    """A draft of a new claim that rests on the passage. Raises ValidationError, its keys naming the field."""
    return save_claim(replace(draft, evidence=[evidence_from(passage)]), by=by, why=why, at=at)


def draft_of(ref: str) -> ClaimDraft:
    """The claim as it stands, as the draft that would leave it so."""
    claim = Claim.objects.with_parts().get(ref=ref)
    return ClaimDraft(
        subject=claim.subject,
        property=claim.property,
        value=ValueDraft(
            kind=claim.value_kind,
            comparator=claim.comparator,
            amount=claim.amount,
            upper_amount=claim.upper_amount,
            unit=claim.unit,
            lower_bound=claim.lower_bound,
            upper_bound=claim.upper_bound,
            entity=claim.value_entity,
            text=claim.value_text,
            time=claim.value_time,
        ),
        scope=[one.term for one in claim.scope.select_related("term__dimension")],
        links=[(one.relation, one.target) for one in claim.links.all()],
        evidence=[_draft_of_evidence(one) for one in claim.evidence.all()],
        point_in_time=claim.point_in_time,
        valid_from=claim.valid_from,
        valid_to=claim.valid_to,
        asserted_by=claim.asserted_by,
        asserted_on=claim.asserted_on,
        mode=claim.mode,
        method=claim.method,
        rank=claim.rank,
        rank_reason=claim.rank_reason,
        note=claim.note,
    )


def _draft_of_evidence(one: Evidence) -> EvidenceDraft:
    quote = None
    if one.snapshot is not None and one.start is not None and one.end is not None:
        quote = QuoteDraft(
            snapshot=one.snapshot,
            exact=one.exact,
            start=one.start,
            end=one.end,
            prefix=one.prefix,
            suffix=one.suffix,
        )
    return EvidenceDraft(
        source=one.source,
        stance=one.stance,
        original_value=one.original_value,
        quote=quote,
        locator=one.locator,
        translation=one.translation,
        drift=one.drift,
        figure_source=one.figure_source,
        note=one.note,
    )


def _same_words(one: EvidenceDraft, other: EvidenceDraft) -> bool:
    a, b = one.quote, other.quote
    if a is None or b is None or one.source.pk != other.source.pk:
        return False
    return a.snapshot.text_sha256 == b.snapshot.text_sha256 and a.start < b.end and b.start < a.end


def skip(snapshot: Snapshot, start: int, end: int, *, by: User, at: datetime | None = None) -> None:
    """Remember that somebody has read these words and does not need them; once is enough. Raises ValidationError."""
    if not 0 <= start < end <= snapshot.characters:
        raise ValidationError(
            _("There are no such words in this text: it has %(count)s characters.")
            % {"count": snapshot.characters}
        )
    require_role(by, Role.CONTRIBUTOR, snapshot.source)
    with transaction.atomic():
        Snapshot.objects.select_for_update().get(
            pk=snapshot.pk
        )  # two who skip the same words wait for each other
        if not snapshot.skipped.filter(start=start, end=end).exists():
            checked.save(
                SkippedFigure(
                    snapshot=snapshot, start=start, end=end, skipped_by=by, skipped_at=at or timezone.now()
                )
            )  # fmt: skip


def take_up(snapshot: Snapshot, start: int, end: int) -> None:
    """Forget that these words were skipped."""
    snapshot.skipped.filter(start=start, end=end).delete()
