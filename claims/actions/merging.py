"""Two entries for one thing become one: a tombstone leads from the one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from claims import press
from claims.ledger.models import Edition, Reason
from companies.models import Entity
from kb.models import State


def merge_entity(
    entity: Entity,
    *,
    into: Entity,
    by: User | None,
    reason: Reason = Reason.UPDATE,
    note: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Edition:
    """Print one tombstone for `entity`. Claims are not reprinted: readers and filters follow it.

    Raises ValidationError when the kinds differ or the merge would run in a circle; what `publish` raises.
    """
    with transaction.atomic():
        locked = {ref: Entity.locked(ref, expect=None) for ref in sorted((entity.ref, into.ref))}
        entity, into = locked[entity.ref], locked[into.ref]
        if entity.kind != into.kind:
            raise ValidationError(f"a {entity.kind} is not merged into a {into.kind}")
        goal: Entity | None = into
        while goal is not None:
            if goal.pk == entity.pk:
                raise ValidationError("an entity cannot be merged into itself, directly or over others")
            goal = goal.merged_into
        entity.merged_into, entity.state = into, State.APPROVED
        entity.save()
        entity.seal(by=by, why=f"merged into {into.slug}", at=at)
        return press.publish([entity], by=by, reason=reason, note=note, at=at)
