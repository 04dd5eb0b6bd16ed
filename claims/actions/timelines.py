"""Timelines: the rule that chooses their claims, and their eras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Claim, Property, Timeline, TimelineEra
from claims.permissions import require_saving
from companies.models import Entity
from kb.lib import checked
from kb.lib.children import replace_children
from kb.models import State

Prose = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TimelineDraft:
    slug: str
    title: Prose
    description: Prose = field(default_factory=dict)
    entities: Sequence[Entity] = ()
    properties: Sequence[Property] = ()
    pinned: Sequence[Claim] = ()
    excluded: Sequence[Claim] = ()
    eras: Sequence[tuple[Prose, str]] = ()  # label, EDTF


def save_timeline(
    draft: TimelineDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Timeline:
    """Create the timeline, or make the one under `ref` what the draft says. Raises ValidationError; StaleVersion."""
    with transaction.atomic():
        timeline = Timeline.opened(ref, expect=expect)
        require_saving(by, timeline, state)
        timeline.slug, timeline.state = draft.slug, state
        timeline.title, timeline.description = dict(draft.title), dict(draft.description)
        checked.save(timeline)
        timeline.entities.set(draft.entities)
        timeline.properties.set(draft.properties)
        timeline.pinned.set(draft.pinned)
        timeline.excluded.set(draft.excluded)
        eras = [TimelineEra(label=dict(label), time=time) for label, time in draft.eras]
        replace_children(timeline, "eras", eras)
        return timeline.seal(by=by, why=why, at=at)
