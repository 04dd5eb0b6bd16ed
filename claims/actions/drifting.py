"""Where the evidence from a copy prints a claim's figure otherwise than the evidence from its origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import workflow
from claims.actions.claims import save_claim
from claims.actions.readings import draft_of
from claims.extraction.reading import read
from claims.extraction.results import Figure
from claims.lineage.drift import restated_at
from claims.lineage.features import Features, features
from claims.lineage.literals import Difference, Passage, differs, figure_at, figure_in
from claims.models import Claim, ClaimLink, Drift, Evidence, Source
from kb.lib import blobs
from kb.models import PUT_ASIDE, State

MOST_CLAIMS: Final = 200  # of those that a copy is evidence for
TEXTS_KEPT: Final = 32  # that this process remembers the features of
# Rounding is no drift of the evidence: what was rounded is a claim of its own, which says so by a link.
_ROUNDED: Final = "rounded"


@dataclass(frozen=True)
class Restated:
    """What the copy says of a figure otherwise than the origin, in the words of both: a kind of drift."""

    kind: str
    origin: str
    copy: str


@dataclass(frozen=True)
class Drifted:
    """Evidence of a copy that prints the figure of a claim otherwise than its origin does, or says otherwise of it.

    `kinds` are codes for the evidence; `relation` is the link that a claim of its own would have, empty where the
    copy's figure says no other value, or cannot be read.
    """

    claim: Claim
    origin: Evidence
    copy: Evidence
    kinds: Sequence[str]
    relation: str
    figure: Figure | None
    restated: Sequence[Restated] = ()

    @property
    def new_kinds(self) -> Sequence[str]:
        """The codes that the evidence does not have yet."""
        return [one for one in self.kinds if one not in self.copy.drift]

    @property
    def is_linked(self) -> bool:
        """Whether a claim of its own says already what the copy prints."""
        return any(
            link.relation in (ClaimLink.Relation.ROUNDS, ClaimLink.Relation.MISREPORTS)
            and any(one.source_id == self.copy.source_id for one in link.claim.evidence.all())
            for link in self.claim.linked_by.all()
        )


def drifted(source: Source) -> list[Drifted]:
    """What the evidence from a copy prints otherwise than that from the sources it was derived through.

    The number of queries grows with the steps to its origin, not with the claims.
    """
    ancestors = _ancestors(source)
    if not ancestors:
        return []
    quoted = Evidence.objects.filter(source=source).exclude(claim__state__in=PUT_ASIDE)
    both = quoted.filter(claim__evidence__source__in=ancestors).values_list("claim", flat=True)
    claims = Claim.objects.with_parts().filter(pk__in=set(both[:MOST_CLAIMS])).order_by("ref")
    found: list[Drifted] = []
    for claim in claims.prefetch_related("evidence__source", "linked_by__claim__evidence"):
        nearest = _nearest(claim.evidence.all(), ancestors)
        own = [one for one in claim.evidence.all() if one.source_id == source.pk]
        found += [held for copy in own if nearest is not None and (held := _held(claim, nearest, copy))]
    return found


def accept_drift(
    claim: Claim, position: int, kinds: Iterable[str], *, by: User, expect: int | None, at: datetime | None = None
) -> Claim:  # fmt: skip
    """Note on a piece of evidence how its literal differs from the origin's, beside what is noted there.

    Raises what `save_claim` raises; ValidationError where there is no such evidence or kind of drift.
    """
    wanted = list(kinds)
    if not wanted or any(one not in Drift.values for one in wanted):
        raise ValidationError({"drift": _("There is no such kind of drift.")})
    with transaction.atomic():
        standing = Claim.locked(claim.ref, expect=expect)
        draft = draft_of(claim.ref)
        if not 0 <= position < len(draft.evidence):
            raise ValidationError(_("This evidence is no longer there."))
        evidence = list(draft.evidence)
        noted = [*evidence[position].drift, *(one for one in wanted if one not in evidence[position].drift)]
        evidence[position] = replace(evidence[position], drift=noted)
        return save_claim(
            replace(draft, evidence=evidence), by=by, why=f"drift noted: {', '.join(wanted)}", ref=claim.ref,
            expect=expect, at=at, state=workflow.after_saving(State(standing.state))[0],
        )  # fmt: skip


def _ancestors(source: Source) -> dict[int, int]:
    """The sources that this one was derived through, by primary key, and how many steps away they are."""
    found: dict[int, int] = {}
    step = source.derived_from_id
    while step is not None and step not in found and step != source.pk:
        found[step] = len(found)
        step = Source.objects.values_list("derived_from", flat=True).get(pk=step)
    return found


def _nearest(evidence: Iterable[Evidence], ancestors: dict[int, int]) -> Evidence | None:
    there = [one for one in evidence if one.source_id in ancestors]
    return min(there, key=lambda one: (ancestors[one.source_id], one.position), default=None)


def _held(claim: Claim, origin: Evidence, copy: Evidence) -> Drifted | None:
    own = figure_in(_passage(copy))
    found, restated = _differs(origin, copy, own), _restated(origin, copy)
    if found is None and not restated:
        return None
    kinds: list[str] = [found.kind] if found and found.kind and found.kind != _ROUNDED else []
    kinds += [one.kind for one in restated]
    rounds = found is not None and found.kind == _ROUNDED and found.lost_in == "copy"
    relation = ClaimLink.Relation.ROUNDS if rounds else ClaimLink.Relation.MISREPORTS
    another = found is not None and found.another_value
    return Drifted(claim, origin, copy, kinds, relation.value if another else "", own, restated)


def _differs(origin: Evidence, copy: Evidence, own: Figure | None) -> Difference | None:
    if own is None or _literal(origin) == _literal(copy):
        return None
    theirs = figure_in(_passage(origin))
    return differs(theirs, own) if theirs is not None else None


def _restated(origin: Evidence, copy: Evidence) -> list[Restated]:
    """What the copy's sentence says otherwise of the figure: whose word it is, and what it is part of."""
    theirs, own = _in_text(origin), _in_text(copy)
    if theirs is None or own is None:
        return []
    found = {one.kind: Restated(one.kind, one.a, one.b) for one in restated_at(*theirs, *own)}
    return list(found.values())


def _in_text(evidence: Evidence) -> tuple[Features, int] | None:
    """The text that is quoted, and the place of the figure among those of it; None where no text is held."""
    if evidence.snapshot is None or evidence.start is None or not blobs.held(evidence.snapshot.text_sha256):
        return None
    text = _read(evidence.snapshot.text_sha256, evidence.source.language)
    words = evidence.original_value if evidence.original_value in evidence.exact else evidence.exact
    start = evidence.start + evidence.exact.find(words)
    place = figure_at(text, start, start + len(words))
    return None if place is None else (text, place)


@lru_cache(maxsize=TEXTS_KEPT)
def _read(digest: str, language: str) -> Features:
    text = (blobs.read(digest) or b"").decode("utf-8")
    return features("", text, read(text, language))


def _literal(evidence: Evidence) -> str:
    return " ".join((evidence.original_value or evidence.exact).split())


def _passage(evidence: Evidence) -> Passage:
    return Passage(
        evidence.prefix, evidence.exact, evidence.suffix, evidence.source.language, evidence.original_value
    )
