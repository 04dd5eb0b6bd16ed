"""Evidence that a dossier adds to claims it does not tell anew: coverage of what the base holds already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from claims.dossiers.items import item_of
from claims.dossiers.reading import EVIDENCE, DossierFaults, Fault, Item, Place
from claims.ledger.indexing import references
from claims.models import Claim, Property, ScopeDimension, Source
from companies.models import Entity
from kb.models import State

Data = Mapping[str, Any]


def with_added_evidence(items: Sequence[Item]) -> list[Item]:
    """The items, those of the section `evidence` put into the claims they name.

    A claim that is not in the dossier is taken as it stands on the desk, where it must be approved: loading counts as
    approval, and a draft is somebody's unfinished work. Evidence that a claim has already is not added twice.
    Raises DossierFaults.
    """
    added: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.section == EVIDENCE:
            added[item.data["claim"]].append(item)
    if not added:
        return list(items)
    told = {str(item.data.get("ref")): item for item in items if item.section == "claims"}
    held = _on_the_desk(set(added) - set(told))
    if faults := [fault for ref, extra in added.items() for fault in _faults(ref, extra, {*told, *held})]:
        raise DossierFaults(faults)
    if unfinished := [extra[0] for ref, extra in added.items() if ref in held and held[ref] is None]:
        raise DossierFaults(
            [
                item.fault(
                    _("the claim %(ref)s is not approved on the desk; finish it there first")
                    % {"ref": item.data["claim"]},
                    "claim",
                )
                for item in unfinished
            ]
        )
    whole = {ref: _merged(told.get(ref), held.get(ref) or {}, extra) for ref, extra in added.items()}
    kept = [
        whole.pop(str(item.data.get("ref")), item) if item.section == "claims" else item
        for item in items
        if item.section != EVIDENCE
    ]
    return [*kept, *whole.values()]


def _faults(ref: str, extra: Sequence[Item], known: Iterable[str]) -> Iterable[Fault]:
    if ref not in known:
        yield extra[0].fault(
            _("there is no claim %(ref)s, neither here nor in the base") % {"ref": repr(ref)}, "claim"
        )
    elsewhere = next((item for item in extra if item.file != extra[0].file), None)
    if elsewhere is not None:
        yield elsewhere.fault(
            _("%(file)s adds evidence to %(ref)s too; keep what is added to one claim in one file")
            % {"file": extra[0].file, "ref": ref},
            "claim",
        )


def _merged(told: Item | None, held: Data, extra: Sequence[Item]) -> Item:
    """A claim with more evidence; the lines of what was added are kept, so that its faults can be found."""
    data = dict(told.data if told else held)
    evidence: list[Data] = list(data["evidence"])
    there = [_plain(one) for one in evidence]
    lines: dict[Place, int] = dict(told.lines) if told else {(): extra[0].lines.get((), 0)}
    for item in extra:
        piece = {key: value for key, value in item.data.items() if key != "claim"}
        if _plain(piece) not in there:
            lines |= {("evidence", len(evidence), *place): line for place, line in item.lines.items()}
            evidence.append(piece)
            there.append(_plain(piece))
    return Item("claims", data | {"evidence": evidence}, told.file if told else extra[0].file, lines)


def _plain(value: Any) -> Any:
    """A piece of evidence to compare: whole numbers as the text they are read as, the default stance left out."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items() if (key, one) != ("stance", "supports")}
    return [_plain(one) for one in value] if isinstance(value, list) else str(value)


def _on_the_desk(refs: set[str]) -> dict[str, Data | None]:
    """Claims of the desk as items of a dossier; None for one that is not approved."""
    claims = {claim.ref: claim for claim in Claim.objects.with_parts().filter(ref__in=refs)}
    bodies = {ref: claim.body() for ref, claim in claims.items()}
    targets = {
        one.target_ref
        for body in bodies.values()
        for one in references("claim", body | {"derived": {"evidence": []}})
    }
    names = {
        ref: slug
        for model in (Entity, Property, ScopeDimension, Source)
        for ref, slug in model._default_manager.filter(ref__in=targets).values_list("ref", "slug")
    }
    return {
        ref: item_of("claim", bodies[ref], names) if claim.state == State.APPROVED else None
        for ref, claim in claims.items()
    }
