"""Dumping the desk as a dossier: load it elsewhere, dump it there, and there is no difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from claims import press
from claims.dossiers.items import SECTION_OF, Item, item_of
from claims.dossiers.reading import SECTIONS
from claims.dossiers.texts import attach, is_dumped
from claims.ledger.indexing import references
from claims.ledger.models import GONE, OPEN, Record
from companies.models import Entity
from kb.models import OUTSIDE, Root, State

Body = dict[str, Any]


class NotADossierFolder(Exception):
    """The folder holds files that a dump would bury; it must be empty, or hold nothing but a dossier."""


class NoSuchEntity(Exception):
    """An entity was asked for that is not on the desk."""


def dump(folder: Path, *, entities: Iterable[str] = (), texts: bool = False) -> dict[str, int]:
    """Write the desk to `folder`, replacing the dossier in it; how many items, by section.

    With `entities` (slugs), only the claims about them and all that those claims rest on. With `texts`, the texts of
    snapshots that are held here come along, whoever wrote them; else their hashes alone.
    Raises NotADossierFolder; NoSuchEntity; DamagedBlob. Merged entities are left out, and what named them names
    what they were merged into. What was rejected or discarded is left out, unless something that is kept rests on it.
    What is only proposed is always left out, with all that rests on it.
    """
    if any(path.is_file() and not _is_ours(path, folder) for path in folder.rglob("*")):
        raise NotADossierFolder(f"{folder} holds other files than a dump; name an empty folder")
    roots = {root.ref: root for root in _roots()}
    heirs = {ref: heir for ref, root in roots.items() if (heir := _heir(root)) != ref}
    bodies = {ref: _under_heirs(root.body(), heirs) for ref, root in roots.items() if ref not in heirs}
    bodies = _without_proposals(bodies, roots)
    kept = {ref for ref in bodies if roots[ref].state not in OUTSIDE}
    bodies = _with_what_they_rest_on(kept, bodies, roots)
    if entities:
        bodies = _about(bodies, roots, list(entities))
    names = {ref: body.get("slug", ref) for ref, body in bodies.items()}
    held = _held_back(roots)
    files: dict[str, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    copies: dict[str, bytes] = {}
    counts = dict.fromkeys(SECTIONS, 0)
    for ref in sorted(bodies, key=lambda one: (names[one], one)):
        kind = roots[ref].KIND
        item = item_of(kind, bodies[ref], names) | ({"publish": False} if ref in held else {})
        section = SECTION_OF[kind]
        file = f"claims/{item['subject']}.yaml" if kind == "claim" else f"{section}.yaml"
        files[file][section].append(item)
        counts[section] += 1
        if texts:
            copies |= attach(item)
    _replace(folder, files, copies)
    return counts


def _roots() -> Iterable[Root]:
    for model in press.ROOTS.values():
        queryset = model._default_manager.all()
        yield from queryset.with_parts() if hasattr(queryset, "with_parts") else queryset


def _heir(root: Root) -> str:
    """The ref of what the root was merged into; its own where it was not."""
    return root.heir.ref if isinstance(root, Entity) else root.ref


def _under_heirs(value: Any, heirs: Mapping[str, str]) -> Any:
    """A body in which no merged entity is named."""
    if isinstance(value, dict):
        return {key: _under_heirs(one, heirs) for key, one in value.items()}
    if isinstance(value, list):
        return [_under_heirs(one, heirs) for one in value]
    return heirs.get(value, value) if isinstance(value, str) else value


def _held_back(roots: Mapping[str, Root]) -> set[str]:
    """Items to be loaded without being published: withdrawn here, or neither approved nor live."""
    records = dict(Record.objects.filter(edition_to=OPEN).values_list("ref", "op"))
    return {
        ref
        for ref, root in roots.items()
        if records.get(ref) in GONE or (ref not in records and root.state != State.APPROVED)
    }


def _without_proposals(bodies: Mapping[str, Body], roots: Mapping[str, Root]) -> dict[str, Body]:
    """The bodies of what neither is a proposal nor rests on one, directly or over others."""
    targets = {ref: _targets(roots[ref].KIND, body) for ref, body in bodies.items()}
    gone = {ref for ref in bodies if roots[ref].state == State.PROPOSED}
    while more := {ref for ref, named in targets.items() if named & gone} - gone:
        gone |= more
    return {ref: body for ref, body in bodies.items() if ref not in gone}


def _with_what_they_rest_on(
    wanted: Iterable[str], bodies: Mapping[str, Body], roots: Mapping[str, Root]
) -> dict[str, Body]:
    """The bodies under `wanted` with all that they refer to, directly or over others."""
    kept = set(wanted)
    fresh = set(kept)
    while fresh:
        fresh = {target for ref in fresh for target in _targets(roots[ref].KIND, bodies[ref])} - kept
        kept |= fresh
    return {ref: body for ref, body in bodies.items() if ref in kept}


def _about(bodies: Mapping[str, Body], roots: Mapping[str, Root], slugs: list[str]) -> dict[str, Body]:
    """The claims about the entities, what they refer to, and disputes and timelines that then are whole."""
    by_slug = {body["slug"]: ref for ref, body in bodies.items() if roots[ref].KIND == "entity"}
    if unknown := [slug for slug in slugs if slug not in by_slug]:
        raise NoSuchEntity(f"there is no entity {', '.join(unknown)} on the desk")
    subjects = {by_slug[slug] for slug in slugs}
    about = {
        ref for ref, body in bodies.items() if roots[ref].KIND == "claim" and body["subject"] in subjects
    }
    kept = _with_what_they_rest_on(subjects | about, bodies, roots)
    return {
        ref: body
        for ref, body in bodies.items()
        if ref in kept
        or (roots[ref].KIND in ("dispute", "timeline") and _targets(roots[ref].KIND, body) <= set(kept))
    }


def _targets(kind: str, body: Body) -> set[str]:
    whole = body | {"derived": {"evidence": []}} if kind == "claim" else body
    return {one.target_ref for one in references(kind, whole)}


def _is_ours(path: Path, folder: Path) -> bool:
    return path.suffix == ".yaml" or is_dumped(path, folder)


def _replace(
    folder: Path, files: Mapping[str, Mapping[str, list[Item]]], copies: Mapping[str, bytes]
) -> None:
    for path in [path for path in folder.rglob("*") if path.is_file() and _is_ours(path, folder)]:
        path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in copies.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    head = {"dossier": {"license": settings.CLAIM_LICENSE, "format": 1}}
    for name, content in {"dossier.yaml": head, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.dump(
            dict(content),
            Dumper=yaml.CSafeDumper,
            allow_unicode=True,
            sort_keys=False,
            width=110,
        )
        path.write_text(text, encoding="utf-8")
