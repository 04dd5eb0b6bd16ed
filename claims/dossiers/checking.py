"""What can be wrong with items before anything is written: refs, slugs, circles, required scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.utils.translation import gettext as _

from claims.dossiers.items import SECTION_OF
from claims.dossiers.reading import SECTIONS, DossierFaults, Fault, Item
from kb.lib.refs import is_ref, new_ref

KIND_OF = {section: kind for kind, section in SECTION_OF.items()}
# section -> field -> the section that its slugs name
REFERENCES: Mapping[str, Mapping[str, str]] = {
    "properties": {"required_scope": "scope-dimensions"},
    "sources": {"publisher": "publishers", "derived_from": "sources"},
    "claims": {"subject": "entities", "property": "properties", "asserted_by": "entities"},
}


def check(items: Sequence[Item], known: Mapping[str, set[str]]) -> None:
    """Raise DossierFaults with all that is wrong. `known` holds, by section, the slugs (claims: refs) in the base."""
    faults = [*_refs(items), *_slugs(items)]
    names = {section: set(known.get(section, ())) for section in SECTIONS}
    for item in items:
        if "ref" in item.data or item.section != "claims":
            names[item.section].add(name_of(item))
    faults += [fault for item in items for fault in _references(item, names)]
    faults += _circle(items)
    if faults:
        raise DossierFaults(faults)


def in_order(items: Sequence[Item]) -> list[Item]:
    """Items after those they name within their own section: copies after origins, claims after linked claims.

    Claims that link in a circle come in any order.
    """
    ordered: list[Item] = []
    for section in SECTIONS:
        mine = {name_of(item): item for item in items if item.section == section}
        graph = {
            name: [other for other in _same_section(item) if other in mine] for name, item in mine.items()
        }
        try:
            ordered += [mine[name] for name in TopologicalSorter(graph).static_order()]
        except CycleError:
            ordered += mine.values()
    return ordered


def name_of(item: Item) -> str:
    """What other items call it: its slug, or a claim's ref."""
    return str(item.data["ref" if item.section == "claims" else "slug"])


def _same_section(item: Item) -> list[str]:
    if item.section == "sources":
        return [item.data["derived_from"]] if item.data.get("derived_from") else []
    if item.section == "claims":
        return [link["claim"] for link in item.data.get("links", ())]
    return []


def _refs(items: Sequence[Item]) -> Iterator[Fault]:
    seen: dict[str, Item] = {}
    for item in items:
        kind, ref = KIND_OF[item.section], item.data.get("ref")
        if ref is None:
            yield item.fault(
                _("this item has no ref; write for example   ref: %(ref)s") % {"ref": new_ref(kind)}
            )
        elif not is_ref(ref, kind):
            said = {"ref": repr(ref), "kind": kind, "example": new_ref(kind)}
            yield item.fault(
                _("%(ref)s is no ref of a %(kind)s; write for example %(example)s") % said, "ref"
            )
        elif ref in seen:
            first = seen[ref]
            yield item.fault(
                _("the ref %(ref)s stands already in %(file)s:%(line)s; write for example %(example)s")
                % {"ref": ref, "file": first.file, "line": first.lines[("ref",)], "example": new_ref(kind)},
                "ref",
            )
        else:
            seen[ref] = item


def _slugs(items: Sequence[Item]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], Item] = {}
    for item in items:
        if item.section == "claims":
            continue
        first = seen.setdefault((item.section, item.data["slug"]), item)
        if first is not item:
            yield item.fault(
                _("the slug %(slug)s stands already in %(file)s:%(line)s")
                % {"slug": repr(item.data["slug"]), "file": first.file, "line": first.lines[("slug",)]},
                "slug",
            )


def _references(item: Item, names: Mapping[str, set[str]]) -> Iterator[Fault]:
    for place, section, name in mentioned(item):
        if name not in names[section]:
            said = {"kind": KIND_OF[section].replace("-", " "), "name": repr(name)}
            yield item.fault(_("there is no %(kind)s %(name)s, neither here nor in the base") % said, *place)


def mentioned(item: Item) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Every other thing an item names: (place in the item, section, slug or claim ref)."""
    data = item.data
    for field, section in REFERENCES.get(item.section, {}).items():
        value = data.get(field)
        for number, name in enumerate(value if isinstance(value, list) else [value] if value else []):
            yield ((field, number) if isinstance(value, list) else (field,)), section, name
    if item.section == "claims":
        yield from _mentioned_by_claim(data)
    for number, member in enumerate(data.get("members", ())):
        yield ("members", number, "claim"), "claims", member["claim"]
    if item.section == "timelines":
        for field in ("entities", "properties"):
            for number, name in enumerate(data.get("rule", {}).get(field, ())):
                yield ("rule", field, number), field, name
        for field in ("pinned", "excluded"):
            for number, ref in enumerate(data.get(field, ())):
                yield (field, number), "claims", ref


def _mentioned_by_claim(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    if entity := data["value"].get("entity"):
        yield ("value", "entity"), "entities", entity
    for dimension in data.get("scope", {}):
        yield ("scope", dimension), "scope-dimensions", dimension
    for number, link in enumerate(data.get("links", ())):
        yield ("links", number, "claim"), "claims", link["claim"]
    for number, evidence in enumerate(data["evidence"]):
        for field in ("source", "figure_source"):
            if name := evidence.get(field):
                yield ("evidence", number, field), "sources", name


def _circle(items: Sequence[Item]) -> Iterator[Fault]:
    """Derivations among the items that run in a circle; those over the base are found when it is written."""
    parents: dict[str, list[str]] = defaultdict(list)
    sources = {item.data["slug"]: item for item in items if item.section == "sources"}
    for slug, item in sources.items():
        if parent := item.data.get("derived_from"):
            parents[slug].append(parent)
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as fault:
        circle: list[str] = fault.args[1]
        item = sources[circle[0]]
        said = _("the derivations run in a circle: %(circle)s") % {"circle": " ← ".join(circle)}
        yield item.fault(said, "derived_from")
