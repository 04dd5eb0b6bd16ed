"""What a partner sent with a claim, for whoever looks at it on the desk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from claims.models import Claim, Submission
from kb.models import Root, State


@dataclass(frozen=True)
class SentIn:
    """A submission as a page shows it."""

    submission: Submission
    waits: bool  # nobody has taken it up
    quotes: Sequence[str]  # words of sources of which no copy is held, so that they could not be pinned


def sent_in(root: Root) -> SentIn | None:
    """How the root came in, if a partner sent it; one query for a claim."""
    if not isinstance(root, Claim):
        return None
    submission = Submission.objects.filter(claim_id=root.pk).select_related("partner").first()
    if submission is None:
        return None
    evidence = json.loads(submission.sent)["evidence"] if submission.sent else []
    return SentIn(
        submission,
        waits=root.state == State.PROPOSED,
        quotes=[one["quote"] for one in evidence if one.get("quote") and one.get("locator")],
    )
