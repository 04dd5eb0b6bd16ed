"""Properties and scope dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Property, ScopeDimension, ScopeTerm
from claims.permissions import require_saving
from kb.lib import checked
from kb.lib.children import merge_children
from kb.models import State

Prose = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TermDraft:
    slug: str
    labels: Prose
    description: Prose = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DimensionDraft:
    slug: str
    labels: Prose
    terms: Sequence[TermDraft]
    description: Prose = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PropertyDraft:
    slug: str
    labels: Prose
    data_type: str
    unit_dimension: str = ""
    subject_kinds: Sequence[str] = ()
    required_scope: Sequence[ScopeDimension] = ()
    description: Prose = field(default_factory=dict)
    sentence: Prose = field(default_factory=dict)
    unit_label: Prose = field(default_factory=dict)
    functional: bool = False
    event: bool = False


def save_dimension(
    draft: DimensionDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> ScopeDimension:
    """Create the dimension, or make the one under `ref` what the draft says.

    Raises ValidationError, also when a term that claims use is left out; StaleVersion.
    """
    with transaction.atomic():
        dimension = ScopeDimension.opened(ref, expect=expect)
        require_saving(by, dimension, state)
        dimension.slug, dimension.state = draft.slug, state
        dimension.labels, dimension.description = dict(draft.labels), dict(draft.description)
        checked.save(dimension)
        terms = [
            ScopeTerm(slug=term.slug, labels=dict(term.labels), description=dict(term.description))
            for term in draft.terms
        ]
        merge_children(dimension, "terms", terms, key="slug")
        return dimension.seal(by=by, why=why, at=at)


def save_property(
    draft: PropertyDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Property:
    """Create the property, or make the one under `ref` what the draft says. Raises ValidationError; StaleVersion."""
    with transaction.atomic():
        prop = Property.opened(ref, expect=expect)
        require_saving(by, prop, state)
        prop.slug, prop.state = draft.slug, state
        prop.labels, prop.description = dict(draft.labels), dict(draft.description)
        prop.sentence, prop.unit_label = dict(draft.sentence), dict(draft.unit_label)
        prop.data_type, prop.unit_dimension = draft.data_type, draft.unit_dimension
        prop.subject_kinds = list(draft.subject_kinds)
        prop.functional, prop.event = draft.functional, draft.event
        checked.save(prop)
        prop.required_scope.set(draft.required_scope)
        return prop.seal(by=by, why=why, at=at)
