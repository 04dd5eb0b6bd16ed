"""A body back on the desk: the draft that would give it, saved by the action that saves everything of its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims import press
from claims.actions.claims import ClaimDraft, EvidenceDraft, QuoteDraft, ValueDraft, save_claim
from claims.actions.disputes import DisputeDraft, save_dispute
from claims.actions.entities import save_entity
from claims.actions.pages import PageDraft, save_page
from claims.actions.sources import PublisherDraft, SourceDraft, save_publisher, save_source
from claims.actions.timelines import TimelineDraft, save_timeline
from claims.actions.vocabulary import DimensionDraft, PropertyDraft, TermDraft, save_dimension, save_property
from claims.differences import refs_in
from claims.models import Claim, Property, Publisher, ScopeDimension, ScopeTerm, Snapshot, Source
from companies.actions import EntityDraft, IdentifierDraft, NameDraft
from companies.models import Entity
from kb.lib.refs import kind_of
from kb.models import Root, State

Body = Mapping[str, Any]
R = TypeVar("R", bound=Root)


def save_body(
    kind: str,
    body: Body,
    *,
    by: User | None,
    why: str = "",
    expect: int | None,
    state: State,
    at: datetime | None = None,
) -> Root:
    """Make the root that `body` names what the body says. Snapshots stay: they come by capture, and nobody deletes.

    Raises StaleVersion; ValidationError when the body names what this desk does not have, when it says that the thing
    was merged, and what the kind's own action raises.
    """
    if "merged_into" in body or not _has_parts(body):
        raise ValidationError(
            _("This version says no more than where the thing went, so it cannot come back.")
        )
    with transaction.atomic():
        build, save = _WAYS[kind]
        draft = build(body, _Desk(body))
        saved: Root = save(draft, by=by, why=why, ref=body["ref"], expect=expect, state=state, at=at)
        return saved


def _has_parts(body: Body) -> bool:
    return len(body) > 1 and "withdrawn" not in body and "redacted" not in body


class _Desk:
    """The roots, terms and copies that a body names; a few queries a kind."""

    def __init__(self, body: Body) -> None:
        wanted: dict[str, list[str]] = {}
        for ref in set(refs_in(body)) - {body["ref"]}:
            wanted.setdefault(kind_of(ref) or "", []).append(ref)
        self._roots: dict[str, Root] = {
            root.ref: root
            for kind, refs in wanted.items()
            for root in press.ROOTS[kind]._default_manager.filter(ref__in=refs)
        }

    def root(self, model: type[R], ref: str, part: str) -> R:
        found = self._roots.get(ref)
        if not isinstance(found, model):
            raise ValidationError({part: _("%(ref)s is not on this desk") % {"ref": ref}})
        return found

    def maybe(self, model: type[R], ref: str | None, part: str) -> R | None:
        return None if ref is None else self.root(model, ref, part)

    def term(self, one: Body) -> ScopeTerm:
        dimension = self.root(ScopeDimension, one["dimension"], "scope")
        term = (
            ScopeTerm.objects.select_related("dimension")
            .filter(dimension=dimension, slug=one["term"])
            .first()
        )
        if term is None:
            said = {"dimension": str(dimension), "term": one["term"]}
            raise ValidationError({"scope": _("“%(dimension)s” has no term %(term)s any more") % said})
        return term

    def copy(self, source: Source, text_sha256: str) -> Snapshot:
        found = source.snapshots.filter(text_sha256=text_sha256).order_by("position").last()
        if found is None:
            said = {"source": str(source), "copy": text_sha256[:12]}
            raise ValidationError({"evidence": _("“%(source)s” has no copy %(copy)s any more") % said})
        return found


def _entity(body: Body, desk: _Desk) -> EntityDraft:
    return EntityDraft(
        kind=body["kind"],
        slug=body["slug"],
        names=[NameDraft(**name) for name in body["names"]],
        identifiers=[IdentifierDraft(**one) for one in body["identifiers"]],
        description=body["description"],
    )


def _dimension(body: Body, desk: _Desk) -> DimensionDraft:
    terms = [TermDraft(**term) for term in body["terms"]]
    return DimensionDraft(
        slug=body["slug"], labels=body["labels"], description=body["description"], terms=terms
    )


def _property(body: Body, desk: _Desk) -> PropertyDraft:
    same = (
        "slug",
        "labels",
        "description",
        "sentence",
        "data_type",
        "unit_label",
        "subject_kinds",
        "functional",
        "event",
    )
    return PropertyDraft(
        **{name: body[name] for name in same},
        unit_dimension=body["unit_dimension"] or "",
        required_scope=[desk.root(ScopeDimension, ref, "required_scope") for ref in body["required_scope"]],
    )


def _publisher(body: Body, desk: _Desk) -> PublisherDraft:
    return PublisherDraft(
        slug=body["slug"],
        name=body["name"],
        url=body["url"],
        reliability=body["reliability"] or "",
        rationale=body["rationale"],
        graded_on=_date(body["graded_on"]),
    )


def _source(body: Body, desk: _Desk) -> SourceDraft:
    return SourceDraft(
        **{
            name: body[name]
            for name in ("slug", "title", "language", "source_type", "authors", "url", "note")
        },
        publisher=desk.maybe(Publisher, body["publisher"], "publisher"),
        published_on=_date(body["published_on"]),
        derived_from=desk.maybe(Source, body["derived_from"], "derived_from"),
        derivation=body["derivation"] or "",
        identifiers=[(one["scheme"], one["value"]) for one in body["identifiers"]],
    )


def _claim(body: Body, desk: _Desk) -> ClaimDraft:
    dates = ("point_in_time", "valid_from", "valid_to", "asserted_on")
    return ClaimDraft(
        subject=desk.root(Entity, body["subject"], "subject"),
        property=desk.root(Property, body["property"], "property"),
        value=_value(body["value"], desk),
        scope=[desk.term(one) for one in body["scope"]],
        asserted_by=desk.maybe(Entity, body["asserted_by"], "asserted_by"),
        mode=body["mode"],
        method=body["method"] or "",
        rank=body["rank"],
        rank_reason=body["rank_reason"],
        note=body["note"],
        links=[(one["relation"], desk.root(Claim, one["claim"], "links")) for one in body["links"]],
        evidence=[_evidence(one, desk) for one in body["evidence"]],
        **{name: _date(body[name]) for name in dates},
    )


def _value(value: Body, desk: _Desk) -> ValueDraft:
    same = ("comparator", "amount", "upper_amount", "unit", "lower_bound", "upper_bound")
    return ValueDraft(
        kind=value["kind"],
        entity=desk.maybe(Entity, value["entity"], "value"),
        text=value["text"] or {},
        time=_date(value["time"]),
        **{name: value[name] or "" for name in same},
    )


def _evidence(one: Body, desk: _Desk) -> EvidenceDraft:
    source, quote = desk.root(Source, one["source"], "evidence"), one["quote"]
    pinned = None
    if quote:
        words = {name: quote[name] for name in ("exact", "prefix", "suffix", "start", "end")}
        pinned = QuoteDraft(snapshot=desk.copy(source, quote["snapshot"]), **words)
    return EvidenceDraft(
        source=source,
        quote=pinned,
        figure_source=desk.maybe(Source, one["figure_source"], "evidence"),
        **{
            name: one[name]
            for name in ("stance", "original_value", "locator", "translation", "drift", "note")
        },
    )


def _dispute(body: Body, desk: _Desk) -> DisputeDraft:
    return DisputeDraft(
        **{name: body[name] for name in ("slug", "question", "answer", "reason")},
        verdict=body["state"],
        members=[(desk.root(Claim, one["claim"], "members"), one["note"]) for one in body["members"]],
    )


def _timeline(body: Body, desk: _Desk) -> TimelineDraft:
    rule = body["rule"]
    return TimelineDraft(
        **{name: body[name] for name in ("slug", "title", "description")},
        entities=[desk.root(Entity, ref, "rule") for ref in rule["entities"]],
        properties=[desk.root(Property, ref, "rule") for ref in rule["properties"]],
        pinned=[desk.root(Claim, ref, "pinned") for ref in body["pinned"]],
        excluded=[desk.root(Claim, ref, "excluded") for ref in body["excluded"]],
        eras=[(era["label"], _date(era["time"])) for era in body.get("eras", ())],
    )


def _page(body: Body, _: _Desk) -> PageDraft:
    return PageDraft(slug=body["slug"], title=body["title"], text=body["text"])


def _date(time: Body | None) -> str:
    return time["edtf"] if time else ""


_WAYS: Mapping[str, tuple[Callable[[Body, _Desk], Any], Callable[..., Root]]] = {
    "claim": (_claim, save_claim),
    "dispute": (_dispute, save_dispute),
    "entity": (_entity, save_entity),
    "page": (_page, save_page),
    "property": (_property, save_property),
    "publisher": (_publisher, save_publisher),
    "scope-dimension": (_dimension, save_dimension),
    "source": (_source, save_source),
    "timeline": (_timeline, save_timeline),
}
