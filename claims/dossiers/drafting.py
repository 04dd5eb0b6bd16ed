"""From an item of a dossier to what an editor would enter, saved by the action of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from claims.actions.claims import ClaimDraft, EvidenceDraft, QuoteDraft, ValueDraft, save_claim
from claims.actions.disputes import DisputeDraft, save_dispute
from claims.actions.entities import save_entity
from claims.actions.pages import PageDraft, save_page
from claims.actions.sources import PublisherDraft, SnapshotDraft, SourceDraft, save_publisher, save_source
from claims.actions.timelines import TimelineDraft, save_timeline
from claims.actions.vocabulary import DimensionDraft, PropertyDraft, TermDraft, save_dimension, save_property
from claims.dossiers.checking import KIND_OF
from claims.dossiers.reading import Item
from companies.actions import EntityDraft, IdentifierDraft, NameDraft
from kb.models import Root, State

COUNT = "count"  # the unit that goes without saying
Data = Mapping[str, Any]
Desk = dict[str, dict[str, Any]]  # section -> slug (claims: ref) -> root


def save_item(
    item: Item, desk: Desk, *, by: User | None, at: datetime | None, state: State, expect: int | None = None
) -> Root:
    """What an item says, saved on the desk by the action of its kind; `desk` holds all that it names.

    Raises ValidationError, whose keys say where in the item the fault is; StaleVersion.
    """
    how: dict[str, Any] = {
        "by": by,
        "why": "loaded from a dossier",
        "ref": item.data["ref"],
        "expect": expect,
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
        said = _("the property %(property)s requires the scope dimension %(names)s")
        raise ValidationError({"scope": said % {"property": prop.slug, "names": names}})
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
        said = _("%(term)s is no term of %(dimension)s; it has %(terms)s") % {
            "term": repr(term),
            "dimension": dimension,
            "terms": ", ".join(terms),
        }
        raise ValidationError({f"scope.{dimension}": said})
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
            {place: _("say which snapshot of the source the quote stands in (snapshot: its text's sha-256)")}
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
