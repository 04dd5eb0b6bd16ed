"""The family of a claim's evidence: which source took its figure from which, from the origins down. Pure.

A figure comes from the source it names, else from the one that its source is derived from; the trees are what
`claims.lineage.origins` counts, drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

Shape = Mapping[str, Any]
DEEPEST: Final = 12  # steps that are drawn


@dataclass(frozen=True)
class Branch:
    """A source, what of it is evidence for the claim (nothing, where it only stands between), and what it begot."""

    source: Shape
    items: Sequence[Shape]
    branches: list["Branch"] = field(default_factory=list)
    more: int = 0  # sources further down that are not drawn

    @property
    def printed(self) -> list[str]:
        """The figure as it is printed there, each wording once."""
        return list(dict.fromkeys(item["original_value"] for item in self.items if item["original_value"]))

    @property
    def drift(self) -> list[str]:
        return list(dict.fromkeys(code for item in self.items for code in item["drift"]))


@dataclass(frozen=True)
class Copied:
    """How many of the supporting sources are copies of another, and how many of those changed the figure."""

    copies: int
    changed: int


def named(claim: Shape) -> set[str]:
    """The sources that the evidence comes from, names or goes back to."""
    refs = {item["source"]["ref"] for item in claim["evidence"]}
    refs |= {item["source"]["origin"] for item in claim["evidence"]}
    return refs | {item["figure_source"] for item in claim["evidence"] if item["figure_source"]}


def parents_of(claim: Shape, derived: Mapping[str, str]) -> dict[str, str]:
    """From source to source as this claim's figure went: `derived`, but for evidence that names its figure's source."""
    parents = dict(derived)
    for item in claim["evidence"]:
        if item["figure_source"] and item["figure_source"] != item["source"]["ref"]:
            parents[item["source"]["ref"]] = item["figure_source"]
    return parents


def grown(claim: Shape, parents: Mapping[str, str], sources: Mapping[str, Shape]) -> list[Branch]:
    """The trees, the largest first; within one the earliest first. A circle is cut where it closes."""
    items: dict[str, list[Shape]] = {}
    for item in claim["evidence"]:
        items.setdefault(item["source"]["ref"], []).append(item)
    children: dict[str, list[str]] = {}
    shown: set[str] = set()
    roots: list[str] = []
    for ref in items:
        path: list[str] = []
        while ref in sources and ref not in shown and ref not in path:
            path.append(ref)
            ref = parents.get(ref, "")
        shown.update(path)
        for child, parent in pairwise(path):
            children.setdefault(parent, []).append(child)
        if path and ref in shown and ref not in path:
            children.setdefault(ref, []).append(path[-1])
        elif path:
            roots.append(path[-1])

    def branch(ref: str, depth: int) -> Branch:
        if depth == DEEPEST:
            return Branch(sources[ref], items.get(ref, ()), more=len(_below(ref, children)))
        below = sorted(children.get(ref, ()), key=lambda one: _age(sources[one]))
        return Branch(sources[ref], items.get(ref, ()), [branch(one, depth + 1) for one in below])

    ordered = sorted(roots, key=lambda ref: (-len(_below(ref, children)), _age(sources[ref])))
    return [branch(ref, 1) for ref in ordered]


def copied(claim: Shape, parents: Mapping[str, str]) -> Copied:
    """Counted by sources, not by quotes."""
    copies = {
        item["source"]["ref"]: False
        for item in claim["evidence"]
        if item["stance"] == "supports" and item["source"]["ref"] in parents
    }
    for item in claim["evidence"]:
        if item["source"]["ref"] in copies and item["drift"]:
            copies[item["source"]["ref"]] = True
    return Copied(len(copies), sum(copies.values()))


def _below(ref: str, children: Mapping[str, Sequence[str]]) -> list[str]:
    """All that came from a source, by any number of steps."""
    found = list(children.get(ref, ()))
    for one in found:
        found += children.get(one, ())
    return found


def _age(source: Shape) -> tuple[str, str]:
    published = source["published_on"] or {}
    return published.get("earliest") or "9999", str(source["title"])
