"""Which columns a kind has, in order. Pure; bodies are `Root.body()`.

A column that a table does not have stays as it is; an empty cell empties its part. Text per language has a column a
language ("note:bn"). Other things are named by their slugs, claims by their refs. Several in one cell stand in lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from claims.extraction import typed
from claims.spreadsheets.cells import (
    IDENTIFIERS,
    Body,
    Column,
    Names,
    Put,
    Reader,
    Wrong,
    date_in,
    dated,
    lines,
    plain,
    prose,
    several,
    spoken,
    thing,
)
from kb.lib.quantities import units
from kb.lib.times import time_body

OURS: Final = ("ref", "version")  # in every table: which thing it is, and which version of it was exported


def columns(kind: str, languages: Iterable[str]) -> dict[str, Column]:
    """The columns of a kind by name, in order, with texts in these languages."""
    return {one.name: one for one in _KINDS[kind](list(languages))}


def languages_in(bodies: Iterable[Body]) -> set[str]:
    """The languages in which any text of the bodies stands."""
    texts = ("note", "description", "rank_reason")
    found = {tag for body in bodies for name in texts for tag in body.get(name) or ()}
    return found | {tag for body in bodies for tag in (body.get("value") or {}).get("text") or ()}


# --- entities


def _show_names(body: Body, _names: Names) -> str:
    return "\n".join(f"{one['language']} {one['role']}: {one['text']}" for one in body["names"])


def _put_names(body: Body, cell: str, _reader: Reader) -> None:
    found = []
    for line in lines(cell):
        said, colon, text = line.partition(":")
        words = said.split()
        if not colon or not text.strip() or not 1 <= len(words) <= 2:
            raise Wrong(
                _("“%(line)s”: write language role: name, such as bn label: নাম, one a line") % {"line": line}
            )
        role = words[1] if len(words) == 2 else "label"
        found.append({"language": words[0], "role": role, "text": text.strip()})
    body["names"] = found


def _entity(languages: Sequence[str]) -> list[Column]:
    names = Column("names", _show_names, _put_names)
    return [plain("kind"), plain("slug"), names, IDENTIFIERS, *prose("description", languages)]


# --- sources


def _source(languages: Sequence[str]) -> list[Column]:
    return [
        plain("slug"), plain("title"), plain("language"), plain("source_type"), thing("publisher", "publisher"),
        several("authors"), plain("url"), dated("published_on"), thing("derived_from", "source"),
        plain("derivation", empty=None), IDENTIFIERS, *prose("note", languages),
    ]  # fmt: skip


# --- claims


def _value(name: str) -> Column:
    def put(body: Body, cell: str, _reader: Reader) -> None:
        body["value"][name] = cell.strip() or None

    return Column(name, lambda body, _names: body["value"][name] or "", put)


def _value_kind() -> Column:
    def put(body: Body, cell: str, _reader: Reader) -> None:
        body["value"]["kind"] = cell.strip() or "known"

    return Column("value_kind", lambda body, _names: body["value"]["kind"], put)


def _put_amount(body: Body, cell: str, reader: Reader) -> None:
    """A figure as typed; what it says of comparator, unit and upper amount fills those, where nothing else is said."""
    value = body["value"]
    if not cell.strip():
        value["amount"] = None
        return
    found = _figure(cell, reader)
    value["amount"] = found.amount
    said = {"comparator": found.comparator, "unit": found.unit, "upper_amount": found.upper_amount}
    body.setdefault(_SAID, {}).update(said)


def _put_bound(name: str) -> Put:
    def put(body: Body, cell: str, reader: Reader) -> None:
        if not cell.strip():
            body["value"][name] = None
            return
        found = _figure(cell, reader)
        if found.comparator != "eq" or found.upper_amount:
            raise Wrong(_("write one figure here, without a comparator"))
        body["value"][name] = found.amount

    return put


def _figure(cell: str, reader: Reader) -> typed.Amount:
    try:
        return typed.amount(cell, reader.languages)
    except typed.Unclear as fault:
        raise Wrong(fault.said(_)) from fault


def _put_unit(body: Body, cell: str, _reader: Reader) -> None:
    code = cell.strip()
    if code and code not in units():
        raise Wrong(
            _("there is no unit “%(code)s”: write its code, such as USD, count, percent or GB")
            % {"code": code}
        )
    body["value"]["unit"] = code or None


_SAID: Final = "said"  # what a typed figure says besides its amount, until the row is complete


def settle(body: Body) -> None:
    """Fill in what a typed figure said of itself. Raises Wrong where a cell says something else."""
    value = body["value"]
    for name, said in body.pop(_SAID, {}).items():
        if said in ("", "eq"):
            continue
        if value[name] not in (None, "eq", said):
            raise Wrong(
                _("the figure says %(column)s %(said)s, and the column says %(other)s")
                % {"column": name, "said": said, "other": value[name]}
            )
        value[name] = said
    value["text"] = value["text"] or None
    if value["amount"]:
        value["comparator"] = value["comparator"] or "eq"


def _show_scope(body: Body, names: Names) -> str:
    return "\n".join(f"{names.slug(one['dimension'])}: {one['term']}" for one in body["scope"])


def _put_scope(body: Body, cell: str, reader: Reader) -> None:
    found = []
    for line in lines(cell):
        dimension, colon, term = line.partition(":")
        if not colon or not term.strip():
            raise Wrong(_("“%(line)s”: write dimension: term, one a line") % {"line": line})
        found.append(
            {"dimension": reader.names.ref("scope-dimension", dimension.strip()), "term": term.strip()}
        )
    body["scope"] = sorted(found, key=lambda one: one["dimension"])


def _show_links(body: Body, names: Names) -> str:
    return "\n".join(f"{one['relation']}: {one['claim']}" for one in body["links"])


def _put_links(body: Body, cell: str, reader: Reader) -> None:
    found = []
    for line in lines(cell):
        relation, colon, claim = line.partition(":")
        if not colon:
            raise Wrong(_("“%(line)s”: write relation: ref of a claim, one a line") % {"line": line})
        found.append({"relation": relation.strip(), "claim": reader.names.ref("claim", claim.strip())})
    body["links"] = sorted(found, key=lambda one: (one["relation"], one["claim"]))


def _show_sources(body: Body, names: Names) -> str:
    return "\n".join(_rests_on(one, names) for one in body["evidence"])


def _rests_on(evidence: Body, names: Names) -> str:
    slug = names.slug(evidence["source"])
    return f"{slug}: {evidence['locator']}" if evidence["locator"] else slug


def _put_sources(body: Body, cell: str, reader: Reader) -> None:
    """New lines become plain evidence. None is taken off: quotes went with it, and a table does not show them."""
    standing = [_rests_on(one, reader.names) for one in body["evidence"]]
    wanted = lines(cell)
    for line in standing:
        if line not in wanted:
            raise Wrong(
                _("“%(line)s” is evidence of this claim, which no table changes or takes off: open the claim")
                % {"line": line}
            )
        wanted.remove(line)
    for line in wanted:
        slug, _colon, locator = line.partition(":")
        body["evidence"].append(_plain_evidence(reader.names.ref("source", slug.strip()), locator.strip()))


def _plain_evidence(source: str, locator: str) -> Body:
    return {
        "source": source, "stance": "supports", "original_value": "", "quote": None, "locator": locator,
        "translation": {}, "drift": [], "figure_source": None, "note": {},
    }  # fmt: skip


def _value_entity() -> Column:
    def put(body: Body, cell: str, reader: Reader) -> None:
        body["value"]["entity"] = reader.names.ref("entity", cell.strip()) if cell.strip() else None

    return Column("value_entity", lambda body, names: names.slug(body["value"]["entity"]), put)


def _value_time() -> Column:
    def put(body: Body, cell: str, reader: Reader) -> None:
        body["value"]["time"] = time_body(date_in(cell, reader)) if cell.strip() else None

    return Column(
        "value_time", lambda body, _: body["value"]["time"]["edtf"] if body["value"]["time"] else "", put
    )


def _texts(body: Body) -> dict[str, str]:
    if body["value"]["text"] is None:
        body["value"]["text"] = {}
    texts: dict[str, str] = body["value"]["text"]
    return texts


def _shown_texts(body: Body) -> dict[str, str]:
    return body["value"]["text"] or {}


def _said_in(tag: str) -> Column:
    return Column(f"value_text:{tag}", spoken("", _shown_texts, tag).show, spoken("", _texts, tag).put)


def _claim(languages: Sequence[str]) -> list[Column]:
    figures = [_value("comparator"), Column("amount", _value("amount").show, _put_amount)]
    figures += [
        Column(name, _value(name).show, _put_bound(name))
        for name in ("upper_amount", "lower_bound", "upper_bound")
    ]
    texts = [_said_in(tag) for tag in languages]
    return [
        thing("subject", "entity"), thing("property", "property"), _value_kind(), *figures,
        Column("unit", _value("unit").show, _put_unit), _value_entity(), _value_time(), *texts,
        Column("scope", _show_scope, _put_scope), dated("point_in_time"), dated("valid_from"), dated("valid_to"),
        thing("asserted_by", "entity"), dated("asserted_on"), plain("mode", empty="attributed"),
        plain("method", empty=None), plain("rank", empty="normal"), *prose("rank_reason", languages),
        *prose("note", languages), Column("links", _show_links, _put_links),
        Column("sources", _show_sources, _put_sources),
    ]  # fmt: skip


_KINDS: Final[Mapping[str, Callable[[Sequence[str]], list[Column]]]] = {
    "claim": _claim,
    "entity": _entity,
    "source": _source,
}


def blank(kind: str, ref: str) -> Body:
    """The body of a new thing before its row is read."""
    texts: Body = {"ref": ref}
    match kind:
        case "entity":
            return texts | {"kind": "", "slug": "", "description": {}, "names": [], "identifiers": []}
        case "source":
            empty = dict.fromkeys(("slug", "title", "language", "url", "source_type"), "")
            none = dict.fromkeys(("publisher", "published_on", "derived_from", "derivation"))
            return texts | empty | none | {"authors": [], "identifiers": [], "note": {}, "snapshots": []}
        case _:
            parts = (
                "comparator",
                "amount",
                "upper_amount",
                "unit",
                "lower_bound",
                "upper_bound",
                "entity",
                "text",
                "time",
            )
            none = dict.fromkeys(
                (
                    "subject",
                    "property",
                    "point_in_time",
                    "valid_from",
                    "valid_to",
                    "asserted_by",
                    "asserted_on",
                    "method",
                )
            )
            said = {"mode": "attributed", "rank": "normal", "rank_reason": {}, "note": {}}
            value = {"kind": "known"} | dict.fromkeys(parts)
            return texts | none | said | {"value": value, "scope": [], "links": [], "evidence": []}
