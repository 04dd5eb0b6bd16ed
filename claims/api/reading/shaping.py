"""Things in the shapes that lists, details and exports share: joined, with the address of their page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import orjson
from django.conf import settings

from claims.ledger.addresses import path
from claims.ledger.joining import Joined, Shape
from claims.ledger.read import AsOf, Thing

JOIN: Final[dict[str, Callable[[Joined, Sequence[Thing]], list[Shape]]]] = {
    "claim": Joined.claims,
    "dispute": Joined.disputes,
    "entity": Joined.entities,
    "property": Joined.properties,
    "source": Joined.sources,
    "timeline": Joined.timelines,
}


def shaped(kind: str, things: Sequence[Thing], as_of: AsOf, language: str, base: str) -> list[Shape]:
    """The things of one kind with labels; `base` is the site's address without its last slash."""
    return finished(kind, JOIN[kind](Joined(as_of, language), things), base)


def finished(kind: str, shapes: Sequence[Shape], base: str) -> list[Shape]:
    """Joined shapes with what is true on this site only: the page's address, and the license of claims."""
    more = {"license": settings.CLAIM_LICENSE} if kind == "claim" else {}
    return [
        shape | more | {"url": base + path(shape.get("kind", kind), shape.get("slug") or shape["ref"])}
        for shape in shapes
    ]


def stored(thing: Thing) -> Shape:
    """The body as it was hashed, byte for byte; null where the law ordered it removed."""
    return {
        "ref": thing.ref,
        "edition": thing.edition,
        "format": thing.format,
        "body": orjson.Fragment(thing.text.encode()) if thing.text else None,
    }
