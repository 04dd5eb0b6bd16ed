"""Rows out of the desk, and back onto it: all or nothing, through the actions, each fault with its row and column."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import press, workflow
from claims.actions.bodies import save_body
from claims.models import Claim, Property, Publisher, ScopeDimension, Source
from claims.spreadsheets import columns as shapes
from claims.spreadsheets.cells import Body, Column, Names, Reader, Wrong
from claims.spreadsheets.columns import OURS
from claims.spreadsheets.tables import CellFault, Row, Table, TableFaults
from companies.models import Entity
from kb.lib.refs import is_ref, kind_of, new_ref
from kb.models import Revision, Root, StaleVersion, State

KINDS: Final = ("claim", "entity", "source")
REQUIRED: Final[Mapping[str, Sequence[str]]] = {
    "claim": ("subject", "property"),
    "entity": ("kind", "slug"),
    "source": ("slug", "title", "language", "source_type"),
}
_SLUGGED: Final = (Entity, Property, Publisher, ScopeDimension, Source)
# What an action calls a field, where the column is called otherwise.
_COLUMN_OF: Final = {"value": "value_kind", "evidence": "sources", "next_state": "", "__all__": ""}


@dataclass(frozen=True, slots=True)
class Change:
    """What one cell changes. `row` is the program's number, `thing` the slug or ref."""

    row: int
    thing: str
    column: str
    was: str
    becomes: str


@dataclass
class Outcome:
    """What a table did, or would do."""

    counts: Counter[str] = field(default_factory=Counter)  # "added", "changed", "unchanged"
    changes: list[Change] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)  # added and changed
    seen: dict[str, int] = field(default_factory=dict)  # by ref: the version that the rows were held against


class _DryRun(Exception):
    """Undoes what was only to be tried."""


# --- out


def exported(kind: str, roots: Iterable[Root]) -> tuple[list[str], Iterator[list[str]]]:
    """The header and the rows of `roots`, which are of one kind. Merged entities are left out."""
    known = [(root, body) for root in roots if "merged_into" not in (body := root.body())]
    languages = sorted(
        {tag for tag, _name in settings.LANGUAGES} | shapes.languages_in(body for _root, body in known)
    )
    chosen = shapes.columns(kind, languages)
    names = _names([])
    rows = (
        [root.ref, str(root.version), *(one.show(body, names) for one in chosen.values())]
        for root, body in known
    )
    return [*OURS, *chosen], rows


def _names(claims: Iterable[str]) -> Names:
    """What the desk has, by slug; of claims, those under the refs."""
    rows = [
        (model.KIND, ref, slug)
        for model in _SLUGGED
        for ref, slug in model._default_manager.values_list("ref", "slug")
    ]
    found = Claim.objects.filter(ref__in=list(claims)).values_list("ref", flat=True)
    return Names([*rows, *(("claim", ref, ref) for ref in found)])


# --- in


def load(
    kind: str,
    table: Table,
    *,
    by: User | None,
    why: str = "from a table",
    languages: Sequence[str] = (),
    dry_run: bool = False,
    seen: Mapping[str, int] | None = None,
    at: datetime | None = None,
) -> Outcome:
    """Bring the rows onto the desk: those with a ref change what it names, the others add something.

    Columns that the table does not have, and rows that say what the desk says, change nothing. `languages` are those
    in which figures and dates may be typed. `seen` is `Outcome.seen` of the dry run that somebody looked at: what has
    moved on since is refused. Raises TableFaults with all that is wrong; then nothing was written.
    """
    chosen, faults = _columns(kind, table)
    if faults:
        raise TableFaults(faults)
    work = _Work(kind, chosen, table, by=by, why=why, languages=languages, seen=seen or {}, at=at)
    try:
        with transaction.atomic():
            for row in table.rows:
                work.take(row)
            if work.faults:
                raise TableFaults(work.faults)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return work.outcome


def _columns(kind: str, table: Table) -> tuple[dict[str, Column], list[CellFault]]:
    """The columns that the table has, and a fault for each name that is none."""
    tags = sorted({name.partition(":")[2] for name in table.header if ":" in name} - {""})
    known = shapes.columns(kind, tags)
    plain = ", ".join(
        dict.fromkeys(name.partition(":")[0] for name in (*OURS, *shapes.columns(kind, ["xx"])))
    )
    faults = [
        CellFault(1, name, _("there is no such column; there are %(columns)s") % {"columns": plain})
        for name in table.header
        if name not in known and name not in OURS
    ]
    if not faults and not set(table.header) & {*known, "ref"}:
        said = _("the first row names no column; there are %(columns)s") % {"columns": plain}
        faults.append(CellFault(1, "", said))
    return {name: one for name, one in known.items() if name in table.header}, faults


class _Work:
    """One table on its way onto the desk, row by row."""

    def __init__(
        self, kind: str, chosen: Mapping[str, Column], table: Table, *, by: User | None, why: str,
        languages: Sequence[str], seen: Mapping[str, int], at: datetime | None,
    ) -> None:  # fmt: skip
        self.kind, self.columns, self.by, self.why, self.at = kind, chosen, by, why, at
        self.outcome, self.faults = Outcome(), list[CellFault]()
        cells = [text for row in table.rows for name, text in row.cells.items() if name in ("ref", "links")]
        refs = {word for text in cells for word in text.replace(":", " ").split() if is_ref(word)}
        self.names, self.languages = _names(refs), list(languages)
        self.spoken = dict(Source.objects.values_list("slug", "language")) if kind == "claim" else {}
        rows: Any = press.ROOTS[kind]._default_manager.filter(ref__in=refs)
        self.roots: dict[str, Root] = {root.ref: root for root in rows.with_parts()}
        self.seen = seen

    def take(self, row: Row) -> None:
        before = len(self.faults)
        root, version = self._root(row), self._version(row)
        if len(self.faults) > before:
            return
        ref = root.ref if root else new_ref(self.kind)
        old = root.body() if root else shapes.blank(self.kind, ref)
        if "merged_into" in old:
            self._fault(row, "ref", _("this entry is merged into another: leave the row out"))
            return
        body = self._body(row, old)
        if not root:
            for name in REQUIRED[self.kind]:
                if not row.cells.get(name, "").strip():
                    self._fault(row, name, _("this is empty, and something new needs it"))
        if len(self.faults) > before:
            return
        if root and body == old:
            self.outcome.counts["unchanged"] += 1
            return
        if root and version is None:
            version = self.seen.get(ref, root.version)
        self._save(row, root, old, body, version)

    def _root(self, row: Row) -> Root | None:
        ref = row.cells.get("ref", "").strip()
        if not ref:
            return None
        if kind_of(ref) != self.kind or ref not in self.roots:
            said = _("there is no %(kind)s %(ref)s on this desk; leave ref empty for something new")
            self._fault(row, "ref", said % {"kind": self.kind, "ref": ref})
            return None
        if ref in self.outcome.seen:
            self._fault(row, "ref", _("%(ref)s stands in an earlier row already: leave one") % {"ref": ref})
        self.outcome.seen[ref] = self.roots[ref].version
        return self.roots[ref]

    def _version(self, row: Row) -> int | None:
        text = row.cells.get("version", "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            said = _("a version is a whole number: leave the column as it was exported")
            self._fault(row, "version", said)
            return None
        return int(text)

    def _body(self, row: Row, old: Body) -> Body:
        """The body with the row's cells in it. A cell that says what it said is not read again."""
        body = deepcopy(old)
        cited = row.cells.get("sources", "").replace(":", " ").split()
        quoted = [self.spoken[one] for one in cited if one in self.spoken]
        reader = Reader(self.names, [*self.languages, *quoted])
        for name, column in self.columns.items():
            cell = row.cells[name]
            if cell == column.show(old, self.names):
                continue
            try:
                column.put(body, cell, reader)
            except Wrong as fault:
                self._fault(row, name, str(fault))
        if self.kind == "claim":
            try:
                shapes.settle(body)
            except Wrong as fault:
                self._fault(row, "amount", str(fault))
        return body

    def _save(self, row: Row, root: Root | None, old: Body, body: Body, version: int | None) -> None:
        state = workflow.after_saving(State(root.state) if root else None)[0]
        how: dict[str, Any] = {"by": self.by, "why": self.why, "state": state, "at": self.at}
        try:
            with transaction.atomic():
                saved = save_body(self.kind, body, expect=version if root else None, **how)
        except StaleVersion as stale:
            self._moved(row, stale)
            return
        except ValidationError as fault:
            self._refused(row, fault)
            return
        names = self.names
        names.add(self.kind, saved.ref, getattr(saved, "slug", saved.ref))
        self.outcome.counts["changed" if root else "added"] += 1
        self.outcome.roots.append(saved)
        thing = getattr(saved, "slug", saved.ref)
        self.outcome.changes += [
            Change(row.number, thing, name, column.show(old, names) if root else "", becomes)
            for name, column in self.columns.items()
            if (becomes := column.show(body, names)) != (column.show(old, names) if root else "")
        ]

    def _moved(self, row: Row, stale: StaleVersion) -> None:
        """The row's thing is not what it was: which columns somebody has changed since, and what to do."""
        then = Revision.objects.filter(kind=self.kind, ref=stale.root.ref, version=stale.expected).first()
        bodies = [json.loads(then.body), stale.root.body()] if then and then.body else []
        shown = shapes.columns(self.kind, sorted(shapes.languages_in(bodies)))
        changed = [
            name for name, one in shown.items()
            if len({one.show(body, self.names) for body in bodies if "merged_into" not in body}) > 1
        ]  # fmt: skip
        said = _(
            "somebody has changed this since version %(then)s, now %(now)s (%(what)s): export it again, and make "
            "your change in the new table"
        ) % {"then": stale.expected, "now": stale.root.version, "what": ", ".join(changed) or _("its state")}
        self._fault(row, "version" if "version" in row.cells else "ref", said)

    def _refused(self, row: Row, fault: ValidationError) -> None:
        found = fault.message_dict if hasattr(fault, "error_dict") else {NON_FIELD_ERRORS: fault.messages}
        for path, messages in found.items():
            part = path.partition(".")[0]
            name = _COLUMN_OF.get(part, part)
            shown = (
                name
                if name in self.columns
                else next((one for one in self.columns if one.startswith(f"{name}:")), "")
            )
            for message in messages:
                said = message if shown or part in _COLUMN_OF else f"{part}: {message}"
                self._fault(row, shown, said)

    def _fault(self, row: Row, column: str, message: str) -> None:
        self.faults.append(CellFault(row.number, column, message))
