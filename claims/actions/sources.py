"""Publishers, sources and their snapshots."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from claims import press
from claims.ledger.models import OPEN, Link
from claims.models import Evidence, Publisher, Snapshot, Source, SourceIdentifier
from kb.lib import blobs, checked
from kb.lib.children import merge_children, replace_children
from kb.lib.text import HostileText, clean
from kb.models import State

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
        source.slug, source.title, source.language, source.state = (
            draft.slug,
            draft.title,
            draft.language,
            state,
        )
        source.publisher, source.authors, source.url = draft.publisher, list(draft.authors), draft.url
        source.published_on, source.source_type = draft.published_on, draft.source_type
        source.derived_from, source.derivation = draft.derived_from, draft.derivation
        source.note = dict(draft.note)
        _refuse_circle(source)
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


def _refuse_circle(source: Source) -> None:
    """Raise ValidationError when `source` would be derived from itself over other sources."""
    path, ancestor = [source.slug], source.derived_from
    while ancestor is not None:
        path.append(ancestor.slug)
        if ancestor.ref == source.ref:
            raise ValidationError({"derived_from": f"the derivations run in a circle: {' ← '.join(path)}"})
        ancestor = ancestor.derived_from


@dataclass(frozen=True)
class Captured:
    """What a capture did: the snapshot, whether it is new, and how many quotes were found in its text."""

    snapshot: Snapshot
    new: bool
    verified: int


def capture(
    data: bytes,
    source: Source,
    *,
    media_type: str = "text/plain",
    retrieved_on: str = "",
    by: User | None,
) -> Captured:
    """Store one copy of a source's plain text, and hold every quote pinned to that text against it.

    Published claims that quote the source are recounted, so that pages say what is verified and what is stale.
    Raises ValidationError when the bytes are no UTF-8 text, or when a pinned quote is not in it: nothing is kept.
    """
    try:
        text = clean(data.decode("utf-8"), what="the file", multiline=True, bidi_ok=True)
    except UnicodeDecodeError as fault:
        raise ValidationError(f"byte {fault.start} is no UTF-8: save the file as UTF-8 plain text") from fault
    except HostileText as fault:
        raise ValidationError(str(fault)) from fault
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        source = Source.locked(source.ref, expect=None)
        snapshot = source.snapshots.filter(sha256=digest).first()
        new = snapshot is None
        if snapshot is None:
            snapshot = Snapshot(
                source=source,
                position=source.snapshots.count(),
                sha256=digest,
                text_sha256=digest,
                media_type=media_type,
                characters=len(text),
                retrieved_on=retrieved_on,
            )
            checked.save(snapshot)
            source.seal(by=by, why="captured")
        quotes = list(Evidence.objects.filter(snapshot=snapshot).select_related("claim"))
        misquoted = [f"claim {one.claim.ref}: {wrong}" for one in quotes if (wrong := one.misquotes(text))]
        if misquoted:
            raise ValidationError(misquoted)
        blobs.write(data)
        quoting = Link.objects.filter(role="source", target_ref=source.ref, edition_to=OPEN)
        press.recount(quoting.values_list("ref", flat=True))
        return Captured(snapshot, new, len(quotes))
