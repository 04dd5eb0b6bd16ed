"""What is suggested, best first, each with its reasons."""

from dataclasses import dataclass
from typing import Final, Literal

from claims.extraction.results import Figure
from claims.suggesting.known import KnownClaim

LIKELY: Final = 0.5  # below this nothing speaks for a property or a term but that it fits


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is suggested: `named` or `quoted` with the words of the text, `value`, `subject`, `unit`."""

    kind: Literal["named", "quoted", "value", "subject", "unit"]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likely:
    """A property, best first, and what speaks for it."""

    property: str
    score: float
    reasons: tuple[Reason, ...]

    def is_likely(self) -> bool:
        """Whether anything but its unit speaks for it."""
        return self.score >= LIKELY


@dataclass(frozen=True, slots=True)
class LikelyTerm:
    dimension: str
    term: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Match:
    """A claim with the same value. `named` says where its subject is named: as `who`, or in the sentence or text."""

    claim: KnownClaim
    nearness: Literal["same", "overlaps"]
    named: Literal["who", "sentence", "text", ""]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A claim of the same subject and property with another value; `scope` holds (dimension, theirs, ours).

    `rounds`: one figure may be the other, rounded. `other-scope`: they cover different things, so both can hold.
    """

    claim: KnownClaim
    kind: Literal["contradicts", "other-scope", "rounds"]
    scope: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for the words from `start` to `end`; `figure` is None where they hold none."""

    start: int
    end: int
    figure: Figure | None
    sentence: tuple[int, int]
    about: tuple[str, ...] = ()  # entities named in the words themselves, where they hold no figure
    who: tuple[str, ...] = ()
    carried: bool = False  # who comes from an earlier sentence
    properties: tuple[Likely, ...] = ()
    terms: tuple[LikelyTerm, ...] = ()
    asserted_by: str = ""
    matches: tuple[Match, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
