"""Origins and voices: how much of the evidence for a claim is independent. Pure Python.

An origin belongs to the *figure*: evidence may name the source its figure came from, else its source's own
derivation counts; the origin is the root of that chain. Origins that relay one asserter's word are one voice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Witness:
    """One piece of evidence, as far as counting goes: refs of its source and of its figure's source."""

    source: str
    figure_source: str | None
    supports: bool


@dataclass(frozen=True)
class Counts:
    """How many stand behind a claim, and the origin of each piece of evidence, in its order."""

    sources: int
    origins: int
    voices: int
    origin_of: tuple[str, ...]


def root(source: str, parents: Mapping[str, str]) -> str:
    """The first source of the chain `source` was derived through. A circle ends where it closes."""
    seen = {source}
    while (parent := parents.get(source)) is not None and parent not in seen:
        seen.add(parent)
        source = parent
    return source


def chain(source: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """`source`, the source it was derived from, and so on to the root."""
    steps = [source]
    while (parent := parents.get(steps[-1])) is not None and parent not in steps:
        steps.append(parent)
    return tuple(steps)


def count(evidence: Sequence[Witness], parents: Mapping[str, str], *, has_asserter: bool) -> Counts:
    """Sources, origins and voices of the supporting evidence.

    `parents` maps a source to the one it is derived from. A claim that names its asserter relays one word,
    so it has one voice however many origins carry it; without an asserter each origin speaks for itself.
    """
    origin_of = tuple(root(one.figure_source or one.source, parents) for one in evidence)
    origins = {origin for origin, one in zip(origin_of, evidence, strict=True) if one.supports}
    return Counts(
        sources=len({one.source for one in evidence if one.supports}),
        origins=len(origins),
        voices=min(len(origins), 1) if has_asserter else len(origins),
        origin_of=origin_of,
    )
