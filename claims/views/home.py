"""What the first page shows: one timeline, a dispute, the latest edition."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from claims.events import Event, events
from claims.ledger import read
from claims.ledger.read import Thing
from claims.timelines import draw
from claims.views.disputes import drawn
from claims.views.kinds import KINDS
from claims.views.moments import label, strips
from claims.views.reading import Reading, edition_shape

Shape = dict[str, Any]
MOST_TIMELINES = 3
MOST_EVENTS = 5  # of each timeline
STATES = ("different-scope", "contested", "copy-error", "superseded", "settled")


def front(reading: Reading) -> Shape:
    """The context of the first page."""
    edition = read.editions(reading.as_of).first()
    return {
        "edition": edition_shape(edition, reading.language) if edition else None,
        "kinds": _counted(reading),
        "sources": read.listed("source", reading.as_of).count(),
        "claims": read.claims(reading.as_of).exclude(rank="deprecated").count(),
        **_timeline(reading),
        **_dispute(reading),
    }


def _counted(reading: Reading) -> list[Shape]:
    rows = (
        read.listed("entity", reading.as_of).order_by().values_list("subkind").annotate(number=Count("ref"))
    )
    numbers = dict(rows)
    return [{"kind": kind, "number": numbers[kind.code]} for kind in KINDS if numbers.get(kind.code)]


def _timeline(reading: Reading) -> Shape:
    rows = read.listed("timeline", reading.as_of).order_by("sort", "ref")[:MOST_TIMELINES]
    things = [Thing.of(row.record) for row in rows]
    groups: list[Shape] = []
    for thing, shape in zip(things, reading.joined.timelines(things), strict=True):
        found = events(reading.joined.timeline_claims(thing))
        groups.append({"timeline": shape, "events": chosen(found, thing.body["pinned"]), "count": len(found)})
    together = sorted(
        (event for group in groups for event in group["events"]), key=lambda event: event.sort_key
    )
    return {
        "groups": groups,
        "drawing": draw([(str(group["timeline"]["title"]), group["events"]) for group in groups], label),
        "events": strips(together),
    }


def chosen(found: Sequence[Event], pinned: Sequence[str]) -> list[Event]:
    """The events to show of one timeline: what editors pinned, then what is best evidenced, in order of time."""
    pins = set(pinned)
    ranked = sorted(
        found, key=lambda event: (-_standing(event, pins), event.sort_key, str(event.lead["ref"]))
    )
    return sorted(ranked[:MOST_EVENTS], key=lambda event: (event.sort_key, str(event.lead["ref"])))


def _standing(event: Event, pins: set[str]) -> int:
    """Pinned, quoted word for word, told by several claims, by several sources: in this order."""
    pinned = any(claim["ref"] in pins for claim in event.claims)
    quotes = sum(1 for claim in event.claims for item in claim["evidence"] if item["quote"])
    sources = sum(int(claim["sources"]) for claim in event.claims)
    return 10_000 * pinned + 100 * min(quotes, 50) + 10 * len(event.claims) + sources


def _dispute(reading: Reading) -> Shape:
    """The dispute with the most members among those that only seem to disagree, else among all."""
    rows = list(read.listed("dispute", reading.as_of).order_by("sort", "ref")[:200])
    things = [Thing.of(row.record) for row in rows]
    if not things:
        return {"dispute": None}
    best = min(
        things, key=lambda one: (STATES.index(one.body["state"]), -len(one.body["members"]), one.body["slug"])
    )
    shape = reading.joined.disputes([best])[0]
    pictures = drawn(shape, reading.language)
    return {"dispute": shape, "disputes": len(things), "chart": pictures["chart"]}
