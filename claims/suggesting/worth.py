"""Which figures of an article are worth a claim, and of what. Pure Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from claims.suggesting.known import Knowledge, KnownClaim
from claims.suggesting.results import Suggestion
from claims.suggesting.values import TIMES

NEAR: Final = ("who", "sentence")  # where the subject of a claim with the same value has to be named


@dataclass(frozen=True, slots=True)
class Worth:
    """What a figure is likely said of: an entity and a property, by slug."""

    subject: str
    property: str


def worth(found: Suggestion, knowledge: Knowledge) -> Worth | None:
    """What the figure is worth a claim of; None where nothing but its unit speaks for anything.

    Either something speaks for a property of whom it is about, or a claim about somebody named near has this value.
    """
    best = found.properties[0] if found.properties else None
    if found.who and best is not None and best.is_likely():
        return Worth(found.who[0], best.property)
    same = (one.claim for one in found.matches if one.nearness == "same" and one.named in NEAR)
    claim = next((one for one in same if not one.deprecated and _is_its_value(found, one, knowledge)), None)
    return Worth(claim.subject, claim.property) if claim else None


def _is_its_value(found: Suggestion, claim: KnownClaim, knowledge: Knowledge) -> bool:
    """A date may be the claim's value, or only the day for which the claim holds."""
    if found.figure is None or found.figure.kind not in TIMES:
        return True
    prop = knowledge.by_slug.get(claim.property)
    return prop is not None and prop.data_type == "time"
