"""From what a partner sent to what it asks the desk to keep: checked against its schema, its slugs looked up.

Everything here is judged by what is published, and said in the slugs that the sender used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any, Final, cast

from django.core.exceptions import ValidationError
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from claims.actions.claims import ClaimDraft, ValueDraft
from claims.actions.sources import SourceDraft
from claims.actions.submissions import Offer, OfferedEvidence
from claims.api.openapi.submissions import REQUESTS
from claims.ledger import read
from claims.ledger.read import AsOf, Thing
from claims.models import Claim, DataType, Property, ScopeTerm, Source
from companies.models import Entity
from kb.lib.quantities import QuantityError, unit
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
    return Draft202012Validator(_SCHEMA)


def offer_of(sent: Any) -> Offer:
    """What was sent, understood. Raises ValidationError, its keys naming the place: "evidence.0.source"."""
    _check_shape(sent)
    found = _Lookup()
    value = dict(sent["value"])
    if value.get("amount"):
        value.setdefault("comparator", "eq")
    entity = found.root("value.entity", Entity, value.pop("entity", None))
    subject = found.root("subject", Entity, sent["subject"])
    prop = found.root("property", Property, sent["property"])
    scope = [
        found.term(f"scope.{number}", one["dimension"], one["term"])
        for number, one in enumerate(sent.get("scope", ()))
    ]
    asserter = found.root("asserted_by", Entity, sent.get("asserted_by"))
    evidence = [
        OfferedEvidence(
            source=SourceDraft(slug="", **one["new_source"])
            if "new_source" in one
            else cast(Source, found.root(f"evidence.{number}.source", Source, one["source"])),
            **{name: text for name, text in one.items() if name not in ("source", "new_source")},
        )
        for number, one in enumerate(sent["evidence"])
    ]
    found.check_fit(sent, subject, prop)
    if found.faults:
        raise ValidationError(found.faults)
    claim = ClaimDraft(
        subject=cast(Entity, subject),
        property=cast(Property, prop),
        value=ValueDraft(**value, entity=entity),
        scope=[term for term in scope if term is not None],
        asserted_by=asserter,
        **{
            name: sent.get(name, "")
            for name in ("point_in_time", "valid_from", "valid_to", "asserted_on", "method")
        },
    )
    return Offer(claim=claim, evidence=evidence, message=sent.get("message", "").strip(), sent=sent)


def missing(claim: Claim) -> list[str]:
    """What the claim lacks before it could be published: dimensions that its published property requires."""
    as_of = read.latest()
    prop = read.things([claim.property.ref], as_of).get(claim.property.ref)
    required = prop.body.get("required_scope", ()) if prop else ()
    given = {one.dimension.ref for one in claim.scope.select_related("dimension")}
    wanted = read.things(set(required) - given, as_of)
    return sorted(
        f"scope: a term of the dimension {thing.body['slug']}: {_terms(thing.body)}"
        for thing in wanted.values()
        if not thing.gone
    )


def _terms(dimension: Mapping[str, Any]) -> str:
    return ", ".join(one["slug"] for one in dimension["terms"])


def faults_of(fault: ValidationError) -> dict[str, list[str]]:
    """What is wrong, by its place in what was sent; "" is the whole."""
    by_field = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
    return {PLACES.get(name, "" if name == "__all__" else name): said for name, said in by_field.items()}


def _check_shape(sent: Any) -> None:
    faults: dict[str, list[str]] = {}
    for error in islice(_validator().iter_errors(sent), MOST_FAULTS):
        closest = error if error.validator == "oneOf" else best_match([error]) or error
        place = [str(step) for step in closest.absolute_path]
        if closest.validator == "required":
            absent = [name for name in closest.validator_value if name not in closest.instance]
            faults |= {".".join([*place, name]): ["this is missing"] for name in absent}
        else:
            faults.setdefault(".".join(place), []).append(_said(closest))
    if faults:
        raise ValidationError(faults)


def _said(error: Any) -> str:
    """What is wrong, in words."""
    if error.validator == "oneOf":
        return "name a source or describe a new_source, one of them"
    if error.validator == "type":
        quoted = ', in quotes: "5576000"' if isinstance(error.instance, int | float) else ""
        return f"wanted is this: {error.validator_value}{quoted}"
    if error.validator == "pattern" and "description" in error.schema:
        return f"{str(error.instance)[:60]!r} is none; wanted is this: {error.schema['description']}"
    if error.validator == "minItems":
        return "give at least one"
    return str(error.message)[:300]


class _Lookup:
    """Finds what readers have by slug or ref. What is not published is not there, whatever the desk holds."""

    def __init__(self) -> None:
        self.as_of: AsOf = read.latest()
        self.faults: dict[str, list[str]] = {}
        self._bodies: dict[str, Any] = {}  # published, by ref

    def root(self, place: str, model: type[R], key: str | None) -> R | None:
        thing = self._thing(place, model.KIND, key) if key is not None else None
        if thing is None:
            return None
        self._bodies[thing.ref] = thing.body
        return model._base_manager.get(ref=thing.ref)

    def term(self, place: str, dimension: str, slug: str) -> ScopeTerm | None:
        thing = self._thing(f"{place}.dimension", "scope-dimension", dimension)
        if thing is None:
            return None
        known = {one["slug"] for one in thing.body["terms"]}
        rows = ScopeTerm.objects.filter(dimension__ref=thing.ref, slug=slug)
        term = rows.first() if slug in known else None
        if term is None:
            self.faults[f"{place}.term"] = [f"{dimension} has these terms: {_terms(thing.body)}"]
        elif thing.ref in self._bodies:
            self.faults[f"{place}.dimension"] = [f"one term a dimension; {dimension} stands here already"]
        self._bodies[thing.ref] = thing.body
        return term

    def _thing(self, place: str, kind: str, key: str) -> Thing | None:
        thing = read.find(kind, key, self.as_of)
        if thing is None or thing.gone:
            known = "; look names up at /api/v1/match/?q=…" if kind == Entity.KIND else ""
            self.faults[place] = [f"nothing published is called {key!r}{known}"]
            return None
        return thing

    def check_fit(self, sent: Any, subject: Entity | None, prop: Property | None) -> None:
        """Whether the published property is said of such a subject, and takes such a value."""
        if subject is None or prop is None:
            return
        about, said_of = self._bodies[prop.ref], self._bodies[subject.ref]["kind"]
        held = prop.body()
        if any(held[name] != about[name] for name in ("data_type", "unit_dimension", "subject_kinds")):
            self.faults["property"] = ["the desk takes no claims of this property for now"]
        if about["subject_kinds"] and said_of not in about["subject_kinds"]:
            kinds = ", ".join(about["subject_kinds"])
            self.faults["subject"] = [f"{about['slug']} is said of: {kinds}; {sent['subject']} is: {said_of}"]
        wanted = about["data_type"]
        if others := [name for name in DataType.values if name != wanted and sent["value"].get(name)]:
            self.faults["value"] = [f"{about['slug']} takes this: {wanted}; given was this: {others[0]}"]
        if about["data_type"] == DataType.AMOUNT and sent["value"].get("amount"):
            self._check_unit(sent["value"].get("unit", ""), about)

    def _check_unit(self, code: str, about: Mapping[str, Any]) -> None:
        if not code:
            self.faults["value.unit"] = [
                f"say the unit; {about['slug']} is measured in {about['unit_dimension']}"
            ]
            return
        try:
            dimension = unit(code).dimension
        except QuantityError as fault:
            self.faults["value.unit"] = [str(fault)]
            return
        if dimension != about["unit_dimension"]:
            said = f"{about['slug']} is measured in {about['unit_dimension']}; {code} is {dimension}"
            self.faults["value.unit"] = [said]
