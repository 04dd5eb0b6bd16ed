"""How a copy prints a figure that an editor reads as its origin's. Pure Python.

Elsewhere figures have to be found to belong together; here an editor said so, by quoting both under one claim. So a
single digit tells as much as many.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from claims.extraction.reading import read
from claims.extraction.results import Figure
from claims.lineage.drift import DriftKind, difference
from claims.lineage.features import Features
from claims.lineage.signs import Sign

_TIMES: Final = ("date", "year")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that were quoted, with what stands around them, and the figure in them as somebody typed it."""

    before: str
    exact: str
    after: str
    language: str
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` is None for another value that no way of copying explains. `lost_in` is the text that lost something."""

    kind: DriftKind | None
    lost_in: Literal["origin", "copy", ""]
    another_value: bool  # both can be read, and say different things


def figure_in(passage: Passage) -> Figure | None:
    """The figure of the passage: the one typed, where its words hold it, else the first in them."""
    words = passage.exact or passage.printed
    at = len(passage.before) + max(words.find(passage.printed), 0)
    end = at + (len(passage.printed) if passage.printed in words else len(words))
    found = read(passage.before + words + passage.after, passage.language).figures
    return next((one for one in found if one.start < end and at < one.end), None)


def figure_at(text: Features, start: int, end: int) -> int | None:
    """The place among its figures of the first that stands in text[start:end]."""
    return next(
        (place for place, one in enumerate(text.figures) if one.start < end and start < one.end), None
    )


def differs(origin: Figure, copy: Figure) -> Difference | None:
    """How the copy's figure differs from its origin's; None if both say the same, or one cannot be told."""
    kind, lost = difference(_sign(origin), _sign(copy))
    lost_in: Literal["origin", "copy", ""] = "origin" if lost == "a" else "copy" if lost == "b" else ""
    if origin.value is None or copy.value is None:
        return Difference(kind, lost_in, another_value=False) if kind else None
    if _says(origin) == _says(copy):
        if origin.per != copy.per and origin.per and copy.per:
            return Difference("scope", "", another_value=False)
        return None
    if kind is None and _number(origin) is not None and _number(origin) == _number(copy):
        kind = "unit" if origin.unit and copy.unit and origin.unit != copy.unit else None
        return Difference(kind, "", another_value=True) if kind else None
    return Difference(kind, lost_in, another_value=True)


def _sign(figure: Figure) -> Sign:
    kind = "date" if figure.kind == "date" else "year" if figure.kind == "year" else "figure"
    return Sign(kind, "", figure.start, figure.end, figure.printed, 0.0, 0, figure=figure)  # type: ignore[arg-type]


def _number(figure: Figure) -> tuple[Decimal, Decimal | None] | None:
    if figure.kind in _TIMES or figure.value is None:
        return None
    return Decimal(figure.value), None if figure.value_max is None else Decimal(figure.value_max)


def _says(figure: Figure) -> tuple[object, ...]:
    number = _number(figure)
    return (figure.value,) if number is None else (*number, figure.unit)
