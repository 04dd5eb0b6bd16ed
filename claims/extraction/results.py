"""What reading a text finds. Offsets are code points of the text given, the end exclusive."""

from dataclasses import dataclass
from typing import Literal

from companies.matching import Mention
from kb.lib.quantities import Comparator

__all__ = ["Figure", "Kind", "Mention", "Part", "Reading", "Region"]

Kind = Literal["money", "count", "percent", "date", "year", "other"]
Region = Literal["title", "meta", "body", "boilerplate"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed, and what it says.

    `value` is a decimal in plain text, for a date or year EDTF (ISO 8601-2); None with a `suspect` reason
    where the figure cannot be read safely. `value_max` closes a range. `unit` is a code of
    `kb.lib.quantities`, None for a plain count. `per` is the period of a rate (`y` for "a year").
    """

    start: int
    end: int
    printed: str
    kind: Kind
    value: str | None
    value_max: str | None = None
    unit: str | None = None
    comparator: Comparator = "eq"
    suspect: str | None = None
    per: str | None = None
    region: Region = "body"


@dataclass(slots=True)
class Draft:
    """A figure while it is read, with what Figure has."""

    start: int
    end: int
    kind: Kind
    value: str | None
    value_max: str | None = None
    unit: str | None = None
    comparator: Comparator = "eq"
    suspect: str | None = None
    per: str | None = None

    def figure(self, text: str, region: Region) -> Figure:
        """The figure, as it stands in `text`."""
        return Figure(
            self.start, self.end, text[self.start : self.end], self.kind, self.value, self.value_max, self.unit,
            self.comparator, self.suspect, self.per, region,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text and what it is: the article itself, or what the page hung around it."""

    start: int
    end: int
    region: Region


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read, in the order of the text."""

    language: str  # BCP 47; "und" where it could not be told
    figures: tuple[Figure, ...]
    mentions: tuple[Mention, ...]
    parts: tuple[Part, ...]
