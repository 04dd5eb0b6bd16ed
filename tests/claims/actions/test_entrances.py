"""Hostile text at every entrance of the actions: refused by name of the field, and nothing is written."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from claims import press
from claims.actions.captures import capture
from claims.actions.claims import QuoteDraft, ValueDraft, remove_evidence
from claims.actions.vocabulary import DimensionDraft, TermDraft, save_dimension
from claims.ledger.models import Reason
from companies.actions import IdentifierDraft, NameDraft
from tests.building import (
    a_claim,
    a_dimension,
    a_dispute,
    a_page,
    a_property,
    a_publisher,
    a_snapshot,
    a_source,
    a_timeline,
    an_entity,
    euros,
    some_evidence,
)

pytestmark = pytest.mark.django_db

NUL = "before\x00after"
SURROGATE = "half\ud83d"
BIDI = "Ajax\u202exaja"
TWO_LINES = "one\ntwo"
LINE = {
    "nul": NUL,
    "surrogate": SURROGATE,
    "bidi": BIDI,
    "escape": "\x1b[2J",
    "lines": TWO_LINES,
    "long": "x" * 600,
}
PROSE = {
    "nul": {"en": NUL},
    "surrogate": {"en": SURROGATE},
    "bidi": {"en": BIDI},
    "empty": {"en": " "},
    "number": {"en": 7},
    "tag": {"english": "x"},
    "case": {"EN": "x"},
    "unheard-of": {"qx": "x"},
}
URL = {
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "user": "https://ajax@evil.example/",
    "password": "https://a:b@evil.example/",
    "no-host": "https:///path",
    "relative": "//evil.example/",
    "space": "https://evil.example/a b",
    "bidi": "https://example.org/\u202e",
    "file": "file:///etc/passwd",
    "long": "https://example.org/" + "x" * 2000,
}
DATE = {
    "words": "last May",
    "month": "2023-13",
    "nul": "2023\x00",
    "season": "2023-21-1",
    "future": "12023-01-01",
}
LANGUAGE = {"word": "bengali", "case": "BN", "nul": "b\x00", "long": "en-" + "x" * 40, "unheard-of": "qx"}
SLUG = {
    "upper": "Ajax",
    "space": "a b",
    "ref": "e0abcdefgh",
    "nul": "a\x00",
    "long": "x" * 101,
    "newline": "ajax\n",
}
NUMBER = {"words": "many", "comma": "1,000", "nan": "NaN", "digits": "১০", "zeros": "1.0", "long": "9" * 39}
CHOICE = {"unknown": "rumour", "nul": "\x00", "surrogate": "\ud800"}


def _prose_property(**changes):
    return a_property(data_type="text", **changes)


def _text(value):
    return a_claim(property=_prose_property(), value=ValueDraft(text=value))


def _time(value):
    return a_claim(property=a_property(data_type="time"), value=ValueDraft(time=value))


def _quote(**changes):
    source = a_source(snapshots=[a_snapshot("the fee")])
    values: dict[str, Any] = {
        "snapshot": source.snapshots.get(),
        "exact": "the",
        "start": 0,
        "end": 3,
    } | changes
    if "exact" in changes:
        values["end"] = len(values["exact"])
    return a_claim(evidence=[some_evidence(source, quote=QuoteDraft(**values))])


def _field(make, name):
    return lambda value: make(**{name: value})


def _evidence(name):
    return lambda value: a_claim(evidence=[some_evidence(**{name: value})])


def _value(name, **others):
    return lambda value: a_claim(value=euros(**(others | {name: value})))


def _terms(**changes):
    term = TermDraft(**({"slug": "term", "labels": {"en": "term"}} | changes))
    return save_dimension(DimensionDraft(slug="tax", labels={"en": "tax"}, terms=[term]), by=None)


def _dimension(**changes):
    return save_dimension(
        DimensionDraft(**({"slug": "tax", "labels": {"en": "tax"}, "terms": []} | changes)), by=None
    )


def _snapshot(**changes):
    return a_source(snapshots=[a_snapshot("text", **changes)])


ENTRANCES: dict[str, tuple[Any, dict[str, Any]]] = {
    "entity.slug": (an_entity, SLUG | {"bidi": BIDI}),
    "entity.kind": (_field(an_entity, "kind"), CHOICE),
    "entity.description": (_field(an_entity, "description"), PROSE),
    "entity.name": (lambda value: an_entity(names=[NameDraft(text=value, language="en")]), LINE),
    "entity.name.empty": (
        lambda value: an_entity(names=[NameDraft(text=value, language="en")]),
        {"empty": ""},
    ),
    "entity.name.language": (
        lambda value: an_entity(names=[NameDraft(text="Ajax", language=value)]),
        LANGUAGE,
    ),
    "entity.name.role": (
        lambda value: an_entity(names=[NameDraft(text="Ajax", language="en", role=value)]),
        CHOICE,
    ),
    "entity.identifier": (
        lambda value: an_entity(identifiers=[IdentifierDraft(scheme="lei", value=value)]),
        LINE,
    ),
    "entity.identifier.scheme": (
        lambda value: an_entity(identifiers=[IdentifierDraft(scheme=value, value="x")]),
        SLUG,
    ),
    "publisher.slug": (a_publisher, SLUG),
    "publisher.name": (_field(a_publisher, "name"), LINE),
    "publisher.url": (_field(a_publisher, "url"), URL),
    "publisher.reliability": (lambda value: a_publisher(reliability=value, graded_on="2026"), CHOICE),
    "publisher.rationale": (_field(a_publisher, "rationale"), PROSE),
    "publisher.graded_on": (_field(a_publisher, "graded_on"), DATE),
    "source.slug": (a_source, SLUG),
    "source.title": (_field(a_source, "title"), LINE | {"empty": ""}),
    "source.language": (_field(a_source, "language"), LANGUAGE),
    "source.source_type": (_field(a_source, "source_type"), CHOICE),
    "source.authors": (lambda value: a_source(authors=[value]), LINE | {"empty": " ", "number": 7}),
    "source.url": (_field(a_source, "url"), URL),
    "source.published_on": (_field(a_source, "published_on"), DATE),
    "source.derivation": (lambda value: a_source(derived_from=a_source(), derivation=value), CHOICE),
    "source.note": (_field(a_source, "note"), PROSE),
    "source.identifier": (lambda value: a_source(identifiers=[("doi", value)]), LINE),
    "source.identifier.scheme": (lambda value: a_source(identifiers=[(value, "x")]), SLUG),
    "snapshot.sha256": (_field(_snapshot, "sha256"), {"short": "ab", "upper": "A" * 64, "nul": "\x00" * 64}),
    "snapshot.text_sha256": (
        _field(_snapshot, "text_sha256"),
        {"short": "ab", "upper": "A" * 64, "nul": "\x00" * 64},
    ),
    "snapshot.media_type": (
        _field(_snapshot, "media_type"),
        {"nul": NUL, "surrogate": SURROGATE, "long": "x" * 101},
    ),
    "snapshot.retrieved_on": (_field(_snapshot, "retrieved_on"), DATE),
    "dimension.slug": (_field(_dimension, "slug"), SLUG),
    "dimension.labels": (_field(_dimension, "labels"), PROSE),
    "dimension.description": (_field(_dimension, "description"), PROSE),
    "term.slug": (_field(_terms, "slug"), SLUG),
    "term.labels": (_field(_terms, "labels"), PROSE),
    "term.description": (_field(_terms, "description"), PROSE),
    "property.slug": (a_property, SLUG),
    "property.labels": (_field(a_property, "labels"), PROSE),
    "property.description": (_field(a_property, "description"), PROSE),
    "property.sentence": (_field(a_property, "sentence"), PROSE),
    "property.unit_label": (_field(a_property, "unit_label"), PROSE),
    "property.data_type": (_field(a_property, "data_type"), CHOICE),
    "property.unit_dimension": (_field(a_property, "unit_dimension"), CHOICE),
    "property.subject_kinds": (lambda value: a_property(subject_kinds=[value]), CHOICE),
    "claim.value.kind": (lambda value: a_claim(value=ValueDraft(kind=value)), CHOICE),
    "claim.comparator": (_value("comparator"), CHOICE),
    "claim.amount": (_value("amount"), NUMBER),
    "claim.upper_amount": (_value("upper_amount", comparator="range"), NUMBER),
    "claim.unit": (_value("unit"), CHOICE | {"long": "x" * 13}),
    "claim.lower_bound": (_value("lower_bound"), NUMBER),
    "claim.upper_bound": (_value("upper_bound"), NUMBER),
    "claim.text": (_text, PROSE),
    "claim.time": (_time, DATE),
    **{
        f"claim.{name}": (_field(a_claim, name), DATE)
        for name in ("point_in_time", "valid_from", "valid_to", "asserted_on")
    },
    "claim.mode": (_field(a_claim, "mode"), CHOICE),
    "claim.method": (_field(a_claim, "method"), CHOICE),
    "claim.rank": (lambda value: a_claim(rank=value, rank_reason={"en": "x"}), CHOICE),
    "claim.rank_reason": (_field(a_claim, "rank_reason"), PROSE),
    "claim.note": (_field(a_claim, "note"), PROSE),
    "claim.link.relation": (lambda value: a_claim(links=[(value, a_claim())]), CHOICE),
    "evidence.stance": (_evidence("stance"), CHOICE),
    "evidence.original_value": (_evidence("original_value"), LINE),
    "evidence.locator": (_evidence("locator"), LINE),
    "evidence.translation": (_evidence("translation"), PROSE),
    "evidence.note": (_evidence("note"), PROSE),
    "evidence.drift": (lambda value: a_claim(evidence=[some_evidence(drift=[value])]), CHOICE),
    "quote.exact": (_field(_quote, "exact"), {"nul": NUL, "surrogate": SURROGATE}),
    "quote.prefix": (_field(_quote, "prefix"), {"nul": NUL, "surrogate": SURROGATE}),
    "quote.suffix": (_field(_quote, "suffix"), {"nul": NUL, "surrogate": SURROGATE}),
    "quote.start": (_field(_quote, "start"), {"negative": -1, "huge": 2**40}),
    "quote.end": (_field(_quote, "end"), {"beyond": 9, "huge": 2**40}),
    "dispute.slug": (lambda value: a_dispute(slug=value), SLUG),
    "dispute.question": (lambda value: a_dispute(question=value), PROSE),
    "dispute.verdict": (lambda value: a_dispute(verdict=value, reason={"en": "x"}), CHOICE),
    "dispute.answer": (lambda value: a_dispute(answer=value), PROSE),
    "dispute.reason": (lambda value: a_dispute(reason=value), PROSE),
    "timeline.slug": (lambda value: a_timeline(slug=value), SLUG),
    "timeline.title": (lambda value: a_timeline(title=value), PROSE),
    "timeline.description": (lambda value: a_timeline(description=value), PROSE),
    "timeline.era.label": (lambda value: a_timeline(eras=[(value, "2023")]), PROSE),
    "timeline.era.time": (lambda value: a_timeline(eras=[({"en": "Then"}, value)]), DATE),
    "page.slug": (lambda value: a_page(slug=value), SLUG),
    "page.title": (lambda value: a_page(title=value), PROSE),
    "page.text": (lambda value: a_page(text=value), PROSE),
    "why": (_field(an_entity, "why"), {"nul": NUL, "surrogate": SURROGATE, "bidi": BIDI}),
    "edition.note": (
        lambda value: press.publish([an_entity()], by=None, reason=Reason.IMPORT, note=value),
        PROSE,
    ),
}
CASES = [
    pytest.param(enter, value, id=f"{name}-{what}")
    for name, (enter, values) in ENTRANCES.items()
    for what, value in values.items()
]
DESK = ("kb", "companies", "claims", "ledger")


def _rows() -> dict[str, int]:
    models = [model for label in DESK for model in apps.get_app_config(label).get_models()]
    return {model.__name__: model._default_manager.count() for model in models}


@pytest.mark.parametrize(("enter", "value"), CASES)
def test_hostile_values_are_refused_with_words_at_every_entrance(enter, value):
    with pytest.raises(ValidationError) as refusal:
        enter(value)
    assert all(message.strip() for message in refusal.value.messages)


TESTED_ELSEWHERE = {  # where a person writes into them, their own tests refuse what is hostile
    "Approval", "Assignment", "Byline", "CaptureAttempt", "Comment", "Kinship", "LifeBound", "Notice", "Redaction",
    "PartnerKey", "Preference", "ReadText", "Report", "Schedule", "ScheduledThing", "Submission", "SuggestedFigure",
    "Suspicion", "TracedText",
}  # fmt: skip


def test_every_text_of_the_desk_has_an_entrance_here():
    """A new field of text comes with its hostile values; what is computed is named here."""
    computed = {
        "ref",
        "state",
        "version",
        "folded",
        "base_unit",
        "body",
        "body_sha256",
        "position",  # set by the code
    }
    covered = {name.split(".")[-1] for name in ENTRANCES} | {"text", "value", "exact"}
    said_elsewhere = {
        "value_kind": "claim.value.kind",
        "value_text": "claim.text",
        "value_time": "claim.time",
        "role": "entity.name.role",
        "scheme": "entity.identifier.scheme",
        "relation": "claim.link.relation",
    }
    missing = {
        f"{model.__name__}.{field.name}"
        for label in ("companies", "claims")
        for model in apps.get_app_config(label).get_models()
        if not model._meta.proxy and model.__name__ not in TESTED_ELSEWHERE
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField", "JSONField")
        and field.name not in computed | covered | set(said_elsewhere)
    }
    assert not missing
    assert set(said_elsewhere.values()) <= set(ENTRANCES)


@pytest.mark.parametrize(
    "enter",
    [
        partial(
            an_entity, names=[NameDraft(text="Ajax", language="en"), NameDraft(text=BIDI, language="nl")]
        ),
        partial(a_source, identifiers=[("doi", "10.1000/1"), ("doi", NUL)]),
        partial(_terms, labels={"en": SURROGATE}),
    ],
)
def test_a_refused_child_takes_its_root_with_it(enter):
    with pytest.raises(ValidationError):
        enter()
    assert not any(_rows().values())


def test_a_refused_child_is_named_with_its_place():
    first = NameDraft(text="Ajax", language="en")
    with pytest.raises(ValidationError) as refusal:
        an_entity(names=[first, NameDraft(text=BIDI, language="nl")])
    assert set(refusal.value.message_dict) == {"names.1.text"}
    with pytest.raises(ValidationError) as refusal:
        a_claim(evidence=[some_evidence(), some_evidence(locator=NUL)])
    assert set(refusal.value.message_dict) == {"evidence.1.locator"}


def test_captured_text_may_hold_bidi_marks_but_no_nul():
    source = a_source()
    assert capture("\u202bنص\u202c".encode(), source, by=None).new
    for data in (b"a\x00b", b"\xff\xfe", "\ufffe".encode(), b"a\r\nb"):
        with pytest.raises(ValidationError):
            capture(data, source, by=None)
    assert source.snapshots.count() == 1


@pytest.mark.parametrize("text", ["ডিপসিক‌", "می‌خواهم", "क्‍ष", "đội bóng", "Ajax ⚽", "👩‍👩‍👧"])
def test_joiners_marks_and_emoji_are_nobodys_enemy(text):
    assert an_entity(names=[NameDraft(text=text, language="bn")]).names.get().text == text


def test_the_reason_of_a_removal_is_an_entrance_too():
    claim = a_claim(evidence=[some_evidence(), some_evidence()])
    with pytest.raises(ValidationError):
        remove_evidence(claim, 0, by=None, why=NUL)
    assert claim.evidence.count() == 2


def test_a_dimension_in_use_keeps_its_terms():
    dimension = a_dimension("tax")
    a_claim(scope=[dimension.terms.first()])
    with pytest.raises(ValidationError, match="still used"):
        save_dimension(DimensionDraft(slug="tax", labels={"en": "tax"}, terms=[]), by=None, ref=dimension.ref)
    assert dimension.terms.count() == 2
