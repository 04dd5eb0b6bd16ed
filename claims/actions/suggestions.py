"""Reading a captured text for figures worth a claim: what waits under "Machine suggestions" on the front page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from claims import gathering
from claims.extraction.results import Figure
from claims.models import Property, ReadText, Snapshot, Source, SuggestedFigure
from claims.models.capture import newest
from claims.suggesting.suggest import suggest
from claims.suggesting.worth import Worth, worth
from companies.models import Entity
from kb.lib import blobs
from kb.lib.text import one_line
from kb.models import PUT_ASIDE

LONGEST_PRINT: Final = 200

Span = tuple[int, int]


def suggest_figures(source: Source, *, again: bool = False, at: datetime | None = None) -> int:
    """Read the newest text of the source that is held here, and write down its figures worth a claim; how many.

    What was written down of its older copies goes. Nothing happens where this very text was read before (unless
    `again`), where none is held, or where another copy comes in meanwhile, which is read in its turn. Call it
    outside of a transaction: reading takes a while.
    """
    snapshot = newest_held(source)
    if snapshot is None or source.state in PUT_ASIDE:
        return 0
    if not again and ReadText.objects.filter(source=source, text_sha256=snapshot.text_sha256).exists():
        return 0
    rows = _rows_of(source, snapshot, at=at or timezone.now())
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)  # two who read one source take turns
        if locked.state in PUT_ASIDE or newest_held(locked) != snapshot:
            return 0
        _replace(snapshot, rows)
        ReadText.objects.update_or_create(
            source=source, defaults={"text_sha256": snapshot.text_sha256, "read_at": at or timezone.now()}
        )
    return len(rows)


def newest_held(source: Source) -> Snapshot | None:
    """The copy seen last if its text is held here, else the newest one whose text is."""
    last = newest(source)
    if last is None or blobs.held(last.text_sha256):
        return last
    return next((one for one in source.snapshots.order_by("-position") if blobs.held(one.text_sha256)), None)


def _rows_of(source: Source, snapshot: Snapshot, *, at: datetime) -> dict[Span, SuggestedFigure]:
    properties = {one.slug: one for one in gathering.properties()}
    entities, found = _found(source, snapshot.text() or "", properties)
    return {
        (figure.start, figure.end): SuggestedFigure(
            snapshot=snapshot,
            start=figure.start,
            end=figure.end,
            printed=one_line(figure.printed, LONGEST_PRINT),
            subject=entities[which.subject],
            property=properties[which.property],
            found_at=at,
        )
        for figure, which in found
    }


def _found(
    source: Source, text: str, properties: Mapping[str, Property]
) -> tuple[Mapping[str, Entity], list[tuple[Figure, Worth]]]:
    """The figures of the article that are worth a claim, and the entities they may be about, by slug."""
    reading = gathering.read(text, source.language)
    figures = gathering.of_the_article(reading)
    entities = gathering.entities({one.entity for one in reading.mentions if one.entity})
    found = []
    for leaf in (figures[at : at + gathering.LEAF] for at in range(0, len(figures), gathering.LEAF)):
        known = gathering.knowledge(source, leaf, entities, list(properties.values()))
        for figure in leaf:
            which = worth(suggest(text, reading, known, (figure.start, figure.end)), known)
            if which is not None and which.subject in entities and which.property in properties:
                found.append((figure, which))
    return entities, found


def _replace(snapshot: Snapshot, rows: Mapping[Span, SuggestedFigure]) -> None:
    """Have these rows stand for the source, and no others; one that stood keeps the day on which it was found."""
    SuggestedFigure.objects.filter(snapshot__source=snapshot.source).exclude(snapshot=snapshot).delete()
    standing = {(one.start, one.end): one for one in snapshot.suggested.all()}
    SuggestedFigure.objects.filter(
        pk__in=[standing[span].pk for span in standing.keys() - rows.keys()]
    ).delete()
    changed = []
    for span in standing.keys() & rows.keys():
        old, new = standing[span], rows[span]
        if (old.printed, old.subject_id, old.property_id) != (new.printed, new.subject_id, new.property_id):
            old.printed, old.subject, old.property = new.printed, new.subject, new.property
            changed.append(old)
    SuggestedFigure.objects.bulk_update(changed, ["printed", "subject", "property"])
    SuggestedFigure.objects.bulk_create(rows[span] for span in sorted(rows.keys() - standing.keys()))
