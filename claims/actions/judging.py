"""Judging whether two entities are one: a log that only grows, and the pairs that nobody has judged yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Judgement, Verdict
from claims.permissions import require_role
from claims.workflow import Role
from companies.likeness import Known, Likeness, likenesses
from companies.models import Entity
from kb.lib import checked
from kb.models import PUT_ASIDE


def judge(
    one: Entity, other: Entity, verdict: str, *, by: User | None, why: str = "", at: datetime | None = None
) -> Judgement:
    """Write a line of the log. Raises ValidationError for an unknown verdict, or when both are one entry."""
    for entity in (one, other):
        require_role(by, Role.CONTRIBUTOR, entity)
    if one.ref == other.ref:
        raise ValidationError(_("An entry cannot be judged against itself: choose two."))
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": _("A verdict is “same”, “different” or “unsure”.")})
    first, second = sorted((one, other), key=lambda entity: entity.ref)
    judgement = Judgement(
        first=first, second=second, verdict=verdict, why=why, judged_at=at or timezone.now(), judged_by=by
    )
    checked.save(judgement)
    return judgement


def open_pairs(*, unsure: bool = True) -> list[Likeness]:
    """Entities that may be one, likeliest first, less those judged different; `unsure` keeps what was left open.

    A fixed number of queries, and one pass over all names.
    """
    judged = Judgement.objects.all().standing()
    settled = {pair for pair, verdict in judged.items() if verdict != Verdict.UNSURE or not unsure}
    return [one for one in likenesses(known()) if (one.first, one.second) not in settled]


def known() -> Iterable[Known]:
    """Every entry that stands for itself, as the search for look-alikes takes it."""
    rows = Entity.objects.with_parts().filter(merged_into=None).exclude(state__in=PUT_ASIDE)
    for entity in rows:
        yield Known(
            ref=entity.ref,
            kind=entity.kind,
            names=tuple((name.text, name.role) for name in entity.names.all()),
            identifiers=tuple((one.scheme, one.value) for one in entity.identifiers.all()),
        )
