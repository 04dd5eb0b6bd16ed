"""Bodies of former formats, read as if they were of the present one. Pure; old records are never rewritten."""

from collections.abc import Callable
from typing import Any

from claims.ledger.printing import FORMAT

Body = dict[str, Any]

# (kind, format) -> the body in the next format. Format 1 is the first, so there is nothing to lift yet.
STEPS: dict[tuple[str, int], Callable[[Body], Body]] = {}


def upcast(kind: str, body: Body, of_format: int) -> Body:
    """The body in the present format. Raises ValueError for a format newer than this code."""
    if of_format > FORMAT:
        raise ValueError(f"this {kind} is of format {of_format}; this Claimbook reads up to {FORMAT}")
    for step in range(of_format, FORMAT):
        lift = STEPS.get((kind, step))
        body = lift(body) if lift is not None else body
    return body
