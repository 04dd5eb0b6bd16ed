"""Every write to the registry that means something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from companies.models import Entity, Identifier, Name
from kb.lib import checked
from kb.lib.children import replace_children
from kb.lib.text import fold
from kb.models import State


@dataclass(frozen=True, kw_only=True)
class NameDraft:
    text: str
    language: str
    role: str = Name.Role.LABEL


@dataclass(frozen=True, kw_only=True)
class IdentifierDraft:
    scheme: str
    value: str


@dataclass(frozen=True, kw_only=True)
class EntityDraft:
    """An entity as an editor wants it, names and identifiers in their order."""

    kind: str
    slug: str
    names: Sequence[NameDraft]
    identifiers: Sequence[IdentifierDraft] = ()
    description: Mapping[str, str] = field(default_factory=dict)


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

    Raises ValidationError with the fields at fault; StaleVersion when `expect` is not its version.
    """
    with transaction.atomic():
        entity = Entity.opened(ref, expect=expect)
        entity.kind, entity.slug, entity.state = draft.kind, draft.slug, state
        entity.description = dict(draft.description)
        checked.save(entity)
        replace_children(
            entity,
            "names",
            [
                Name(text=name.text, language=name.language, role=name.role, folded=fold(name.text)[:400])
                for name in draft.names
            ],
        )
        replace_children(
            entity,
            "identifiers",
            [Identifier(scheme=one.scheme, value=one.value) for one in draft.identifiers],
        )
        return entity.seal(by=by, why=why, at=at)


def draft_of(entity: Entity) -> EntityDraft:
    """The entity as it stands, as the draft that would leave it so."""
    return EntityDraft(
        kind=entity.kind,
        slug=entity.slug,
        names=[
            NameDraft(text=name.text, language=name.language, role=name.role) for name in entity.names.all()
        ],
        identifiers=[IdentifierDraft(scheme=one.scheme, value=one.value) for one in entity.identifiers.all()],
        description=entity.description,
    )
