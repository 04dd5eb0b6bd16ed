"""What the machine found in sources and nobody has read: what the queue shows of each source."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from claims.admin.labels import label
from claims.admin.reading_sheet import read_url
from claims.models import Source, SuggestedFigure

SHOWN: Final = 3  # figures of each source


@dataclass(frozen=True)
class Figures:
    """What waits in one source: how much, the first of it as (printed, subject, property), where it is read."""

    count: int
    first: Sequence[tuple[str, str, str]]
    url: str

    @property
    def more(self) -> int:
        return self.count - len(self.first)


def sources_waiting() -> QuerySet[Source]:
    """The sources with suggestions that nobody has read, each with `at`: when the oldest of them was found."""
    waiting = SuggestedFigure.objects.waiting()
    oldest = waiting.filter(snapshot__source=OuterRef("pk")).order_by("found_at").values("found_at")[:1]
    some = SuggestedFigure.objects.values("snapshot__source")
    return Source.objects.filter(pk__in=some).annotate(at=Subquery(oldest)).filter(at__isnull=False)


def waiting_in(refs: Collection[str]) -> dict[str, Figures]:
    """By the source's ref what waits in it; three queries, however many, and one more for each further merge."""
    rows: Any = SuggestedFigure.objects.waiting().filter(snapshot__source__ref__in=refs)
    rows = rows.annotate(
        count=Window(Count("pk"), partition_by=F("snapshot__source")),
        place=Window(RowNumber(), partition_by=F("snapshot__source"), order_by="start"),
    ).filter(place__lte=SHOWN)
    rows = rows.select_related("snapshot__source", "subject__merged_into", "property")
    rows = rows.prefetch_related("subject__names", "subject__merged_into__names")
    found: dict[str, list[Any]] = {}
    for one in rows.order_by("snapshot__source", "start"):
        found.setdefault(one.snapshot.source.ref, []).append(one)
    return {
        ref: Figures(
            count=some[0].count,
            first=[(one.printed, label(one.subject.heir), label(one.property)) for one in some],
            url=read_url(some[0].snapshot.source, some[0].snapshot, at=(some[0].start, some[0].end)),
        )
        for ref, some in found.items()
    }
