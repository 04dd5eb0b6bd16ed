"""Bodies of former formats, read as if they were of the present one. Pure; old records are never rewritten."""

from collections.abc import Callable
from typing import Any

from claims.ledger.printing import FORMAT

Body = dict[str, Any]


def _with_grounds(body: Body) -> Body:
    """Format 2 says by which rule a claim was graded; before it none was."""
    return body | {"derived": {"grounds": None} | body["derived"]} if "derived" in body else body


# (kind, format) -> the body in the next format
STEPS: dict[tuple[str, int], Callable[[Body], Body]] = {("claim", 1): _with_grounds}


def upcast(kind: str, body: Body, of_format: int) -> Body:
    """The body in the present format. Raises ValueError for a format newer than this code."""
    if of_format > FORMAT:
        raise ValueError(f"this {kind} is of format {of_format}; this Claimbook reads up to {FORMAT}")
    for step in range(of_format, FORMAT):
        lift = STEPS.get((kind, step))
        body = lift(body) if lift is not None else body
    return body
