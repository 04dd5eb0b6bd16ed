"""Entities on the desk: the registry's own action, for those who may do it now."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.permissions import require_handed_on_complete, require_saving
from companies import actions
from companies.actions import EntityDraft
from companies.models import Entity
from kb.models import State


def save_entity(
    draft: EntityDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Entity:
    """Create the entity, or make the one under `ref` what the draft says.

    Raises NotAllowed; ValidationError with the fields at fault; StaleVersion when `expect` is not its version.
    """
    with transaction.atomic():
        if by is not None:
            standing = Entity.opened(ref, expect=expect)
            standing.kind = standing.kind or draft.kind
            require_saving(by, standing, state)
        saved = actions.save_entity(draft, by=by, why=why, ref=ref, expect=expect, state=state, at=at)
        require_handed_on_complete(by, saved)
        return saved
