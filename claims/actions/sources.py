"""Publishers and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Publisher, Snapshot, Source, SourceIdentifier
from claims.permissions import require_saving
from kb.lib import checked
from kb.lib.children import merge_children, replace_children
from kb.models import OUTSIDE, State

Prose = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class PublisherDraft:
    slug: str
    name: str
    url: str = ""
    reliability: str = ""
    rationale: Prose = field(default_factory=dict)
    graded_on: str = ""


@dataclass(frozen=True, kw_only=True)
class SnapshotDraft:
    sha256: str
    text_sha256: str
    characters: int
    media_type: str = "text/plain"
    retrieved_on: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceDraft:
    """A source as an editor wants it; `identifiers` are (scheme, value) pairs."""

    slug: str
    title: str
    language: str
    source_type: str
    publisher: Publisher | None = None
    authors: Sequence[str] = ()
    url: str = ""
    published_on: str = ""
    derived_from: Source | None = None
    derivation: str = ""
    identifiers: Sequence[tuple[str, str]] = ()
    note: Prose = field(default_factory=dict)
    snapshots: Sequence[SnapshotDraft] | None = None  # None: leave them as they are


def save_publisher(
    draft: PublisherDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Publisher:
    """Create the publisher, or make the one under `ref` what the draft says. Raises ValidationError; StaleVersion."""
    with transaction.atomic():
        publisher = Publisher.opened(ref, expect=expect)
        require_saving(by, publisher, state)
        publisher.slug, publisher.name, publisher.url, publisher.state = (
            draft.slug,
            draft.name,
            draft.url,
            state,
        )
        publisher.reliability, publisher.graded_on = draft.reliability, draft.graded_on
        publisher.rationale = dict(draft.rationale)
        checked.save(publisher)
        return publisher.seal(by=by, why=why, at=at)


def save_source(
    draft: SourceDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Source:
    """Create the source, or make the one under `ref` what the draft says.

    Raises ValidationError, also for a circle of derivations; StaleVersion.
    """
    with transaction.atomic():
        source = Source.opened(ref, expect=expect)
        require_saving(by, source, state)
        _fill(source, draft)
        source.state = state
        _refuse_circle(source)
        _refuse_proposed(by, source)
        checked.save(source)
        identifiers = [SourceIdentifier(scheme=scheme, value=value) for scheme, value in draft.identifiers]
        replace_children(source, "identifiers", identifiers)
        if draft.snapshots is not None:
            snapshots = [
                Snapshot(
                    sha256=one.sha256,
                    text_sha256=one.text_sha256,
                    characters=one.characters,
                    media_type=one.media_type,
                    retrieved_on=one.retrieved_on,
                )
                for one in draft.snapshots
            ]
            merge_children(source, "snapshots", snapshots, key="sha256")
        return source.seal(by=by, why=why, at=at)


def _refuse_proposed(by: User | None, source: Source) -> None:
    """Raise ValidationError when a source of the desk would rest on one that nobody has taken up."""
    origin = source.derived_from
    if (
        by is not None
        and source.state not in OUTSIDE
        and origin is not None
        and origin.state == State.PROPOSED
    ):
        said = _("“%(thing)s” is only proposed: take it up first.") % {"thing": origin}
        raise ValidationError({"derived_from": said})


def check_fields(draft: SourceDraft) -> None:
    """Raise ValidationError for what is wrong with the draft by itself, whatever its slug is to be."""
    source = Source()
    _fill(source, draft)
    source.clean_fields(exclude={"slug", "publisher", "derived_from", "sealed_by"})


def _fill(source: Source, draft: SourceDraft) -> None:
    source.slug, source.title, source.language = draft.slug, draft.title, draft.language
    source.publisher, source.authors, source.url = draft.publisher, list(draft.authors), draft.url
    source.published_on, source.source_type = draft.published_on, draft.source_type
    source.derived_from, source.derivation = draft.derived_from, draft.derivation
    source.note = dict(draft.note)


def _refuse_circle(source: Source) -> None:
    """Raise ValidationError when `source` would be derived from itself over other sources."""
    path, ancestor = [source.slug], source.derived_from
    while ancestor is not None:
        path.append(ancestor.slug)
        if ancestor.ref == source.ref:
            said = _("the derivations run in a circle: %(circle)s") % {"circle": " ← ".join(path)}
            raise ValidationError({"derived_from": said})
        ancestor = ancestor.derived_from
