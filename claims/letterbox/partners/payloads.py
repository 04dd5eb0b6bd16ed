"""From what a partner sent to what it asks the desk to keep: checked against its schema, its slugs looked up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

from django.core.exceptions import ValidationError
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match, relevance

from claims.actions.claims import ClaimDraft, ValueDraft
from claims.actions.sources import SourceDraft
from claims.actions.submissions import Offer, OfferedEvidence
from claims.api.openapi.submissions import REQUESTS
from claims.ledger import read
from claims.ledger.read import AsOf
from claims.models import Property, ScopeTerm, Source
from companies.models import Entity
from kb.models import R

MOST_FAULTS: Final = 20
# Where the faults of an action's fields stand in what was sent.
PLACES: Final[Mapping[str, str]] = {
    "value_kind": "value.kind",
    "value_entity": "value.entity",
    "value_text": "value.text",
    "value_time": "value.time",
} | {
    name: f"value.{name}"
    for name in ("comparator", "amount", "upper_amount", "unit", "lower_bound", "upper_bound")
}  # fmt: skip
_SCHEMA: Final = {"$ref": "#/components/schemas/SubmissionRequest", "components": {"schemas": REQUESTS}}


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(_SCHEMA, format_checker=FormatChecker())


def offer_of(sent: Any) -> Offer:
    """What was sent, understood. Raises ValidationError, its keys naming the place: "evidence.0.source"."""
    _check_shape(sent)
    found = _Lookup()
    value = dict(sent["value"])
    if value.get("amount"):
        value.setdefault("comparator", "eq")
    entity = found.root("value.entity", Entity, value.pop("entity", None))
    claim = ClaimDraft(
        subject=cast(Entity, found.root("subject", Entity, sent["subject"])),
        property=cast(Property, found.root("property", Property, sent["property"])),
        value=ValueDraft(**value, entity=entity),
        scope=[
            term
            for number, one in enumerate(sent.get("scope", ()))
            if (term := found.term(f"scope.{number}", one["dimension"], one["term"]))
        ],
        asserted_by=found.root("asserted_by", Entity, sent.get("asserted_by")),
        **{
            name: sent.get(name, "")
            for name in ("point_in_time", "valid_from", "valid_to", "asserted_on", "method")
        },
    )
    evidence = [
        OfferedEvidence(
            source=SourceDraft(slug="", **one["new_source"])
            if "new_source" in one
            else cast(Source, found.root(f"evidence.{number}.source", Source, one["source"])),
            **{name: text for name, text in one.items() if name not in ("source", "new_source")},
        )
        for number, one in enumerate(sent["evidence"])
    ]
    if found.faults:
        raise ValidationError(found.faults)
    return Offer(claim=claim, evidence=evidence, message=sent.get("message", "").strip(), sent=sent)


def faults_of(fault: ValidationError) -> dict[str, list[str]]:
    """What is wrong, by its place in what was sent; "" is the whole."""
    by_field = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
    return {PLACES.get(name, "" if name == "__all__" else name): said for name, said in by_field.items()}


def _check_shape(sent: Any) -> None:
    faults: dict[str, list[str]] = {}
    for error in sorted(_validator().iter_errors(sent), key=relevance):
        closest = best_match([error]) or error
        place = ".".join(str(step) for step in closest.absolute_path)
        if len(faults) < MOST_FAULTS:
            faults.setdefault(place, []).append(_said(closest))
    if faults:
        raise ValidationError(faults)


def _said(error: Any) -> str:
    """What is wrong, in words; a pattern is put by what the schema says of it."""
    wanted = error.schema.get("description") if error.validator == "pattern" else None
    return f"wanted is this: {wanted}" if wanted else str(error.message)[:300]


class _Lookup:
    """Finds what readers have by slug or ref. What is not published is not there, whatever the desk holds."""

    def __init__(self) -> None:
        self.as_of: AsOf = read.latest()
        self.faults: dict[str, list[str]] = {}

    def root(self, place: str, model: type[R], key: str | None) -> R | None:
        if key is None:
            return None
        thing = read.find(model.KIND, key, self.as_of)
        root = None if thing is None or thing.gone else model._base_manager.filter(ref=thing.ref).first()
        if root is None:
            self.faults[place] = [f"nothing published is called {key!r}"]
        return root

    def term(self, place: str, dimension: str, slug: str) -> ScopeTerm | None:
        thing = read.find("scope-dimension", dimension, self.as_of)
        if thing is None or thing.gone:
            self.faults[f"{place}.dimension"] = [f"nothing published is called {dimension!r}"]
            return None
        known = [one["slug"] for one in thing.body["terms"]]
        term = (
            ScopeTerm.objects.filter(dimension__ref=thing.ref, slug=slug).first() if slug in known else None
        )
        if term is None:
            self.faults[f"{place}.term"] = [f"{dimension} has these terms: {', '.join(known)}"]
        return term
