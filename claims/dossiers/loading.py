"""Loading a dossier: all or nothing, idempotent, every fault with its file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from claims import press
from claims.actions.claims import ClaimDraft, EvidenceDraft, QuoteDraft, ValueDraft, save_claim
from claims.actions.disputes import DisputeDraft, save_dispute
from claims.actions.entities import save_entity
from claims.actions.pages import PageDraft, save_page
from claims.actions.sources import PublisherDraft, SnapshotDraft, SourceDraft, save_publisher, save_source
from claims.actions.suspecting import suspect
from claims.actions.timelines import TimelineDraft, save_timeline
from claims.actions.vocabulary import DimensionDraft, PropertyDraft, TermDraft, save_dimension, save_property
from claims.dossiers.adding import with_added_evidence
from claims.dossiers.checking import KIND_OF, check, in_order, name_of
from claims.dossiers.items import SECTION_OF
from claims.dossiers.reading import DossierFaults, Fault, Item, read
from claims.dossiers.texts import kept, misquotes, texts_of
from claims.ledger.models import OPEN, Edition, Link, Op, Reason, Record
from claims.ledger.printing import NotClosed, NothingToPrint, SlugTaken
from claims.models import Source
from companies.actions import EntityDraft, IdentifierDraft, NameDraft
from kb.models import Root, State

COUNT = "count"  # the unit that goes without saying
Data = Mapping[str, Any]
Desk = dict[str, dict[str, Any]]  # section -> slug (claims: ref) -> root


@dataclass
class Loaded:
    """What a load did, by section, and the edition it was published in."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)  # in sentences: what was redacted or withdrawn here
    texts: int = 0  # that came with it
    edition: Edition | None = None
    recounted: Edition | None = None  # of what was live already and has its quotes verified now


class _DryRun(Exception):
    """Undoes a load that was only to be tried."""


def load(
    folder: Path,
    *,
    by: User | None = None,
    publish: bool = False,
    dry_run: bool = False,
    at: datetime | None = None,
    progress: Callable[[str, int, int], None] = lambda section, done, total: None,
) -> Loaded:
    """Bring the dossier in `folder` onto the desk, and publish it in one edition if asked to.

    Items are known by their ref: loading twice changes nothing. Items with `publish: false` are held back as
    drafts; the others count as approved, since an import passes four eyes and its edition says so.
    Texts that come with it are kept, and every quote pinned to them is held against them.
    Raises DossierFaults with everything that is wrong; then nothing was written.
    """
    loaded = Loaded()
    items = _not_redacted(with_added_evidence(read(folder)), loaded)
    texts = texts_of(items, folder)
    loaded.texts = len(texts)
    try:
        with kept(texts) as fresh, transaction.atomic():
            desk = _desk(items)
            check(items, {section: set(roots) for section, roots in desk.items()})
            roots = _write(in_order(items), desk, loaded, by=by, at=at, progress=progress)
            if misquoted := misquotes(texts, items):
                raise DossierFaults(misquoted)
            if publish:
                wanted = _not_withdrawn([root for root, held in roots if not held], loaded)
                loaded.edition = _publish(wanted, {item.data["ref"]: item for item in items}, by=by, at=at)
                if loaded.edition is not None:
                    suspect(loaded.edition, at=at)
            loaded.recounted = _recount(fresh, at=at)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return loaded


def _not_redacted(items: list[Item], loaded: Loaded) -> list[Item]:
    """The items less those whose content was redacted in this base."""
    gone = set(Record.objects.filter(edition_to=OPEN, op=Op.REDACTED).values_list("ref", flat=True))
    kept = [item for item in items if item.data.get("ref") not in gone]
    loaded.left_out += [
        f"{item.file}: {item.data['ref']} was redacted here" for item in items if item.data.get("ref") in gone
    ]
    return kept


def _not_withdrawn(roots: list[Root], loaded: Loaded) -> list[Root]:
    """The roots less those that this base withdrew: only an editor publishes those again."""
    refs = [root.ref for root in roots]
    gone = set(
        Record.objects.filter(edition_to=OPEN, op=Op.WITHDRAWN, ref__in=refs).values_list("ref", flat=True)
    )
    loaded.left_out += [
        f"{root.ref} was withdrawn here and is not published again: {root}"
        for root in roots
        if root.ref in gone
    ]
    return [root for root in roots if root.ref not in gone]


def _publish(
    roots: list[Root], items: Mapping[str, Item], *, by: User | None, at: datetime | None
) -> Edition | None:
    """Print what is not held back. What stands in the way becomes faults of the items concerned."""
    try:
        return press.publish(roots, by=by, reason=Reason.IMPORT, at=at)
    except NothingToPrint:
        return None
    except press.NotPublishable as refusal:
        found = refusal.by_ref
    except SlugTaken as refusal:
        found = [(refusal.ref, str(refusal))]
    except NotClosed as refusal:
        held = {ref: name_of(item) for ref, item in items.items()}
        found = [
            (ref, f"refers to {held.get(target, target)}, which is not published")
            for ref, _, target in refusal.dangling
        ]
    raise DossierFaults(
        [
            items[ref].fault(fault) if ref in items else Fault("the base", 0, f"{ref}: {fault}")
            for ref, fault in found
        ]
    )


def _recount(texts: set[str], *, at: datetime | None) -> Edition | None:
    """Reprint live claims that quote a source of these texts (by their sha-256), where that changed their quotes."""
    sources = Source.objects.filter(snapshots__text_sha256__in=texts).values("ref")
    quoting = Link.objects.filter(role="source", target_ref__in=sources, edition_to=OPEN)
    return press.recount(quoting.values_list("ref", flat=True), at=at) if texts else None


def _desk(items: list[Item]) -> Desk:
    """What stands on the desk already, under the names that items use."""
    desk: Desk = {}
    for kind, section in SECTION_OF.items():
        model = press.ROOTS[kind]
        key = "ref" if kind == "claim" else "slug"
        desk[section] = {getattr(root, key): root for root in model._default_manager.all()}
    faults = [
        item.fault(f"the slug {item.data['slug']!r} belongs to {root.ref} in this base", "slug")
        for item in items
        if item.section != "claims" and "ref" in item.data
        if (root := desk[item.section].get(item.data["slug"])) is not None and root.ref != item.data["ref"]
    ]
    if faults:
        raise DossierFaults(faults)
    return desk


def _write(
    items: list[Item],
    desk: Desk,
    loaded: Loaded,
    *,
    by: User | None,
    at: datetime | None,
    progress: Callable[[str, int, int], None],
) -> list[tuple[Root, bool]]:
    faults: list[Fault] = []
    written: list[tuple[Root, bool]] = []
    versions = {
        ref: version
        for kind in SECTION_OF
        for ref, version in press.ROOTS[kind]._default_manager.values_list("ref", "version")
    }
    waiting: list[Item] = []  # claims whose links lead to claims that come later: a circle
    for number, item in enumerate(items):
        progress(item.section, number, len(items))
        held = item.data.get("publish") is False
        try:
            with transaction.atomic():
                root = _save(item, desk, by=by, at=at, state=State.DRAFT if held else State.APPROVED)
        except ValidationError as fault:
            faults += _located(item, fault)
            continue
        except KeyError:
            if faults:  # it names something that was itself refused, and that has been said
                continue
            raise
        desk[item.section][name_of(item)] = root
        written.append((root, held))
        if any(link["claim"] not in desk["claims"] for link in item.data.get("links", ())):
            waiting.append(item)
        before = versions.get(root.ref)
        outcome = (
            loaded.added if before is None else loaded.unchanged if before == root.version else loaded.changed
        )
        outcome[item.section] += 1
    if faults:
        raise DossierFaults(faults)
    for item in waiting:
        held = item.data.get("publish") is False
        _save(item, desk, by=by, at=at, state=State.DRAFT if held else State.APPROVED)
    return written


def _located(item: Item, fault: ValidationError) -> list[Fault]:
    """The messages of a refusal, each with the line of the field it names."""
    if not hasattr(fault, "error_dict"):
        return [item.fault(message) for message in fault.messages]
    return [
        item.fault(f"{'' if name == NON_FIELD_ERRORS else name + ': '}{message}", *_place(name))
        for name, messages in fault.message_dict.items()
        for message in messages
    ]


def _place(name: str) -> tuple[str | int, ...]:
    """Where in an item a field of the desk stands."""
    steps: list[str | int] = [int(step) if step.isdigit() else step for step in name.split(".")]
    renamed = {
        "exact": "quote",
        "start": "quote",
        "end": "quote",
        "value_time": "value",
        "value_text": "value",
    }
    steps = [renamed.get(step, step) if isinstance(step, str) else step for step in steps]
    if steps[0] in ("amount", "upper_amount", "unit", "lower_bound", "upper_bound", "comparator"):
        return ("value", *steps)
    return tuple(steps)


def _save(item: Item, desk: Desk, *, by: User | None, at: datetime | None, state: State) -> Root:
    how: dict[str, Any] = {
        "by": by,
        "why": "loaded from a dossier",
        "ref": item.data["ref"],
        "state": state,
        "at": at,
    }
    data = item.data
    match KIND_OF[item.section]:
        case "scope-dimension":
            terms = [TermDraft(**_texts(term)) for term in data["terms"]]
            return save_dimension(DimensionDraft(**_common(data, without=["terms"]), terms=terms), **how)
        case "property":
            required = [desk["scope-dimensions"][slug] for slug in data.get("required_scope", ())]
            return save_property(
                PropertyDraft(**_common(data, without=["required_scope"]), required_scope=required), **how
            )
        case "publisher":
            return save_publisher(PublisherDraft(**_common(data)), **how)
        case "entity":
            return save_entity(_entity(data), **how)
        case "source":
            return save_source(_source(data, desk), **how)
        case "claim":
            return save_claim(_claim(data, desk), **how)
        case "dispute":
            members = [(desk["claims"][one["claim"]], _texts(one.get("note", {}))) for one in data["members"]]
            draft = _common(data, without=["members", "state"])
            return save_dispute(DisputeDraft(**draft, verdict=data["state"], members=members), **how)
        case "page":
            return save_page(PageDraft(**_common(data)), **how)
        case _:
            return save_timeline(_timeline(data, desk), **how)


def _without(data: Data, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}


def _texts(data: Data) -> dict[str, Any]:
    """Whole numbers written without quotes are text after all: a year, a name like 1985."""
    return {key: _text(value) for key, value in data.items()}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return [_text(one) for one in value]
    return _texts(value) if isinstance(value, dict) else value


def _common(data: Data, *, without: list[str] | None = None) -> dict[str, Any]:
    return _texts(_without(data, "ref", "publish", *(without or ())))


def _entity(data: Data) -> EntityDraft:
    return EntityDraft(
        **_common(data, without=["names", "identifiers"]),
        names=[NameDraft(**_texts(name)) for name in data["names"]],
        identifiers=[IdentifierDraft(**_texts(one)) for one in data.get("identifiers", ())],
    )


def _source(data: Data, desk: Desk) -> SourceDraft:
    special = ["publisher", "derived_from", "identifiers", "snapshots"]
    return SourceDraft(
        **_common(data, without=special),
        publisher=desk["publishers"][data["publisher"]] if data.get("publisher") else None,
        derived_from=desk["sources"][data["derived_from"]] if data.get("derived_from") else None,
        identifiers=[(one["scheme"], str(one["value"])) for one in data.get("identifiers", ())],
        snapshots=[
            SnapshotDraft(**(_texts(_without(one, "file")) | {"characters": one["characters"]}))
            for one in data.get("snapshots", ())
        ],
    )


def _claim(data: Data, desk: Desk) -> ClaimDraft:
    special = ["subject", "property", "value", "scope", "asserted_by", "links", "evidence"]
    value = _texts(data["value"])
    if "entity" in value:
        value["entity"] = desk["entities"][value["entity"]]
    if "amount" in value:
        value.setdefault("comparator", "eq")
    prop = desk["properties"][data["property"]]
    if "amount" in value and prop.unit_dimension == COUNT:
        value.setdefault("unit", COUNT)
    scope = [_term(desk, dimension, term) for dimension, term in data.get("scope", {}).items()]
    missing = [
        one for one in prop.required_scope.all() if one.pk not in {term.dimension_id for term in scope}
    ]
    if missing:
        names = ", ".join(one.slug for one in missing)
        raise ValidationError({"scope": f"the property {prop.slug} requires the scope dimension {names}"})
    return ClaimDraft(
        **_common(data, without=special),
        subject=desk["entities"][data["subject"]],
        property=prop,
        value=ValueDraft(**value),
        scope=scope,
        asserted_by=desk["entities"][data["asserted_by"]] if data.get("asserted_by") else None,
        links=[
            (link["relation"], desk["claims"][link["claim"]])
            for link in data.get("links", ())
            if link["claim"] in desk["claims"]
        ],
        evidence=[_evidence(one, number, desk) for number, one in enumerate(data["evidence"])],
    )


def _term(desk: Desk, dimension: str, term: str) -> Any:
    terms = {one.slug: one for one in desk["scope-dimensions"][dimension].terms.all()}
    if term not in terms:
        raise ValidationError(
            {f"scope.{dimension}": f"{term!r} is no term of {dimension}; it has {', '.join(terms)}"}
        )
    return terms[term]


def _evidence(data: Data, number: int, desk: Desk) -> EvidenceDraft:
    source = desk["sources"][data["source"]]
    quote = data.get("quote")
    return EvidenceDraft(
        **_common(data, without=["source", "figure_source", "quote"]),
        source=source,
        figure_source=desk["sources"][data["figure_source"]] if data.get("figure_source") else None,
        quote=_quote(quote, source.snapshots.all(), f"evidence.{number}.quote") if quote else None,
    )


def _quote(data: Data, snapshots: models.QuerySet[Any], place: str) -> QuoteDraft:
    pinned = [one for one in snapshots if data.get("snapshot") in (None, one.text_sha256)]
    if len(pinned) != 1:
        raise ValidationError(
            {place: "say which snapshot of the source the quote stands in (snapshot: its text's sha-256)"}
        )
    return QuoteDraft(
        snapshot=pinned[0],
        **{key: str(data[key]) for key in ("exact", "prefix", "suffix") if key in data},
        start=data["start"],
        end=data["end"],
    )


def _timeline(data: Data, desk: Desk) -> TimelineDraft:
    rule = data.get("rule", {})
    return TimelineDraft(
        **_common(data, without=["rule", "pinned", "excluded", "eras"]),
        entities=[desk["entities"][slug] for slug in rule.get("entities", ())],
        properties=[desk["properties"][slug] for slug in rule.get("properties", ())],
        pinned=[desk["claims"][ref] for ref in data.get("pinned", ())],
        excluded=[desk["claims"][ref] for ref in data.get("excluded", ())],
        eras=[(_texts(era["label"]), str(era["time"])) for era in data.get("eras", ())],
    )
