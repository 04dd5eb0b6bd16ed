"""What the base holds that suggestions are drawn from, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from claims.suggesting.words import Vocabulary


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A term of a scope dimension, with its labels in every language."""

    dimension: str
    slug: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownProperty:
    """A property as far as a figure can fit it; `terms` are those of the dimensions it requires."""

    slug: str
    data_type: str
    unit_dimension: str
    subject_kinds: tuple[str, ...]
    labels: tuple[str, ...]
    terms: tuple[KnownTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim on the desk. Amounts are in the base unit of their dimension; `times` are EDTF."""

    ref: str
    subject: str
    property: str
    comparator: str = ""
    amount: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    base_unit: str = ""
    times: tuple[str, ...] = ()
    scope: tuple[tuple[str, str], ...] = ()  # dimension and term
    about: str = ""  # the entity that is its value
    asserted_by: str = ""
    deprecated: bool = False
    here: bool = False  # the source that is read is evidence of it already


@dataclass(frozen=True, slots=True)
class KnownQuote:
    """Words that stand as evidence, with what is around them, and what they are evidence of."""

    property: str
    terms: tuple[tuple[str, str], ...]
    words: str


@dataclass(frozen=True)
class Knowledge:
    """What the base holds that may bear on the figures of one article."""

    kinds: Mapping[str, str]  # kind of entity by slug
    properties: Sequence[KnownProperty] = ()
    claims: Sequence[KnownClaim] = ()
    quotes: Sequence[KnownQuote] = ()

    @cached_property
    def by_slug(self) -> dict[str, KnownProperty]:
        return {one.slug: one for one in self.properties}

    @cached_property
    def names(self) -> Vocabulary[str]:
        """The words of the properties' labels."""
        return Vocabulary({one.slug: (" \n ".join(one.labels),) for one in self.properties})

    @cached_property
    def sayings(self) -> Vocabulary[str]:
        """The words that articles use for each property."""
        said: dict[str, list[str]] = {}
        for quote in self.quotes:
            said.setdefault(quote.property, []).append(quote.words)
        return Vocabulary(said)

    @cached_property
    def coverage(self) -> Vocabulary[tuple[str, str]]:
        """The words of each term: its labels, and what is around quotes of claims under it."""
        said = {
            (term.dimension, term.slug): [" \n ".join(term.labels)]
            for one in self.properties
            for term in one.terms
        }
        for quote in self.quotes:
            for term in quote.terms:
                said.setdefault(term, []).append(quote.words)
        return Vocabulary(said)
