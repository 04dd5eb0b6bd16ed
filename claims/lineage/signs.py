"""The things in a text that a translation keeps, one by one. Pure Python."""

from dataclasses import dataclass
from typing import Literal

from claims.extraction.results import Figure

Kind = Literal["figure", "year", "date", "name", "word"]
Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing in a text that a translation keeps. Equal keys of one kind are the same thing.

    `at` is its place in the article, 0 to 1. A figure that cannot be read has the key "".
    """

    kind: Kind
    key: str
    start: int
    end: int
    printed: str
    at: float
    line: int
    in_body: bool = True
    cased: bool = True  # a capital says that it is a name; scripts without capitals cannot say so
    figure: Figure | None = None
