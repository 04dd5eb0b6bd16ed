"""Which of several claims about one thing leads, and why: a rule that readers can check. Pure.

A claim that rounds or misreports another of them does not lead. Of the rest the editors' preference comes first, then
the most origins, then the most sources, then the newest statement; what is equal in all of it is settled by ref, so
that the order never depends on chance.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Claim = Mapping[str, Any]
Why = Literal["only", "exact", "preferred", "origins", "sources", "newest", "equal"]

_RANKS = {"preferred": 2, "normal": 1, "deprecated": 0}


@dataclass(frozen=True, slots=True)
class Leading:
    """The claim that leads, the others behind it, and what it leads by."""

    claim: Claim
    others: list[Claim]
    why: Why


def leading(claims: Sequence[Claim]) -> Leading:
    """The leader of at least one claim."""
    ranked = sorted(claims, key=_standing, reverse=True)
    refs = {str(claim["ref"]) for claim in claims}
    first = next((claim for claim in ranked if not _stands_for(claim, refs)), ranked[0])
    others = [claim for claim in ranked if claim is not first]
    why: Why = "exact" if first is not ranked[0] else _why(first, others)
    return Leading(first, others, why)


def _stands_for(claim: Claim, refs: Collection[str]) -> bool:
    """Whether it only says again, rounded or wrongly, what another of them says."""
    links = claim.get("links") or ()
    return any(link["relation"] in ("rounds", "misreports") and link["claim"] in refs for link in links)


def _standing(claim: Claim) -> tuple[int, int, int, str, tuple[int, ...]]:
    """Greater is better; the ref counts backwards, so that the first of equals is the one that sorts first."""
    asserted = claim.get("asserted_on") or {}
    return (
        _RANKS.get(str(claim["rank"]), 1),
        int(claim["origins"]),
        int(claim["sources"]),
        str(asserted.get("latest") or asserted.get("earliest") or ""),
        tuple(-ord(character) for character in str(claim["ref"])),
    )


def _why(first: Claim, others: Sequence[Claim]) -> Why:
    if not others:
        return "preferred" if first["rank"] == "preferred" else "only"
    best, next_best = _standing(first), _standing(others[0])
    names: tuple[Why, ...] = ("preferred", "origins", "sources", "newest")
    for place, name in enumerate(names):
        if best[place] != next_best[place]:
            return name
    return "equal"
