"""Events for the templates: each in a few words for a drawing, and beside the strip of its year in a list."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language

from claims import wording
from claims.events import Event
from claims.timelines import strip
from claims.views.entities import sources_of

Shape = dict[str, Any]


def label(event: Event) -> str:
    """An event in a few words for the drawing: a date is not said twice."""
    claim, language = event.lead, get_language() or "en"
    if claim["value"].get("time"):
        return f"{wording.subject_text(claim, language)}: {claim['property']['label']}"
    return wording.sentence(claim, language)


def by_year(rows: Sequence[Event]) -> list[Shape]:
    """The events under the year in which each may have begun."""
    years: dict[int, list[Event]] = {}
    for event in rows:
        years.setdefault(event.year, []).append(event)
    return [{"year": year, "events": strips(found)} for year, found in years.items()]


def strips(rows: Sequence[Event]) -> list[Shape]:
    """Each event with the strip of its year: a column a different moment, the claims beside it."""
    return [
        {
            "event": event,
            "claim": event.lead,
            "together": event.together,
            "contested": event.contested,
            "sources": sources_of(event.lead),
            "strips": [strip(found, event.year) for found in _distinct(event)],
            "dated": [{"claim": claim, "moment": found} for claim, found in event.dated],
        }
        for event in rows
    ]


def _distinct(event: Event) -> list[Any]:
    return list(dict.fromkeys(event.moments))
