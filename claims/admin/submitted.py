"""What a partner sent with a claim, for whoever looks at it on the desk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claims.models import Claim, Submission
from kb.models import Root, State


class Quoted(NamedTuple):
    """Words of a source of which no copy is held; the source as the sender named it."""

    words: str
    source: str


@dataclass(frozen=True)
class SentIn:
    """A submission as a page shows it."""

    submission: Submission
    waits: bool  # nobody has taken it up
    quotes: Sequence[Quoted]  # words that could not be pinned


def sent_in(root: Root) -> SentIn | None:
    """How the root came in, if a partner sent it; one query for a claim."""
    if not isinstance(root, Claim):
        return None
    submission = Submission.objects.filter(claim_id=root.pk).select_related("partner").first()
    if submission is None:
        return None
    evidence = json.loads(submission.sent)["evidence"] if submission.sent else []
    pinned = set(root.evidence.exclude(exact="").values_list("exact", flat=True))
    return SentIn(
        submission,
        waits=root.state == State.PROPOSED,
        quotes=[
            Quoted(one["quote"], one.get("source") or one["new_source"]["title"])
            for one in evidence
            if one.get("quote") and one["quote"] not in pinned
        ],
    )
