"""Loading a dossier: all or nothing, idempotent, every fault with its file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import press
from claims.actions.suspecting import suspect
from claims.dossiers.adding import with_added_evidence
from claims.dossiers.checking import check, in_order, name_of
from claims.dossiers.drafting import Desk, save_item
from claims.dossiers.items import SECTION_OF
from claims.dossiers.reading import DossierFaults, Fault, Item, read
from claims.dossiers.texts import kept, misquotes, texts_of
from claims.ledger.models import OPEN, Edition, Link, Op, Reason, Record
from claims.ledger.printing import NotClosed, NothingToPrint, SlugTaken
from claims.models import Source
from kb.models import Root, StaleVersion, State


@dataclass(frozen=True, slots=True)
class Written:
    """One item on the desk: the version that stood there before (0: none), and the one that stands now."""

    section: str
    ref: str
    before: int
    after: int


@dataclass
class Loaded:
    """What a load did, by section, and the edition it was published in."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    left_out: list[str] = field(default_factory=list)  # in sentences: what was redacted or withdrawn here
    written: list[Written] = field(default_factory=list)  # every item, changed or not
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
    look: Callable[[Loaded], None] = lambda loaded: None,
) -> Loaded:
    """Bring the dossier in `folder` onto the desk, and publish it in one edition if asked to.

    Items are known by their ref: loading twice changes nothing. Items with `publish: false` are held back as
    drafts; the others count as approved, since an import passes four eyes and its edition says so.
    Texts that come with it are kept, and every quote pinned to them is held against them.
    `look` sees the desk as it would be, also in a dry run; what it raises undoes the load.
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
            look(loaded)
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
        _("%(file)s: %(ref)s was redacted here") % {"file": item.file, "ref": item.data["ref"]}
        for item in items
        if item.data.get("ref") in gone
    ]
    return kept


def _not_withdrawn(roots: list[Root], loaded: Loaded) -> list[Root]:
    """The roots less those that this base withdrew: only an editor publishes those again."""
    refs = [root.ref for root in roots]
    gone = set(
        Record.objects.filter(edition_to=OPEN, op=Op.WITHDRAWN, ref__in=refs).values_list("ref", flat=True)
    )
    loaded.left_out += [
        _("%(ref)s was withdrawn here and is not published again: %(thing)s")
        % {"ref": root.ref, "thing": root}
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
            (ref, _("refers to %(thing)s, which is not published") % {"thing": held.get(target, target)})
            for ref, _role, target in refusal.dangling
        ]
    raise DossierFaults(
        [
            items[ref].fault(fault) if ref in items else Fault(_("the base"), 0, f"{ref}: {fault}")
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
        item.fault(
            _("the slug %(slug)s belongs to %(ref)s in this base")
            % {"slug": repr(item.data["slug"]), "ref": root.ref},
            "slug",
        )
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
        before = versions.get(item.data["ref"])
        try:
            with transaction.atomic():
                state = State.DRAFT if held else State.APPROVED
                root = save_item(item, desk, by=by, at=at, state=state, expect=before)
        except StaleVersion:
            faults.append(item.fault(_("somebody saved this while the dossier was loading: load it again")))
            continue
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
        loaded.written.append(Written(item.section, root.ref, before or 0, root.version))
        outcome = (
            loaded.added if before is None else loaded.unchanged if before == root.version else loaded.changed
        )
        outcome[item.section] += 1
    if faults:
        raise DossierFaults(faults)
    again: dict[str, int] = {}
    for item in waiting:
        held = item.data.get("publish") is False
        root = save_item(item, desk, by=by, at=at, state=State.DRAFT if held else State.APPROVED)
        again[root.ref] = root.version
    loaded.written = [replace(one, after=again.get(one.ref, one.after)) for one in loaded.written]
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
