"""The shapes of answers as JSON Schema, strict: a member that is not here, or is missing, fails the tests."""

from __future__ import annotations

from claims.api.openapi import submissions
from claims.api.openapi.shapes import (
    COUNT,
    DECIMAL,
    FLAG,
    PROSE,
    REF,
    SHA256,
    SLUG,
    TEXT,
    URL,
    Schema,
    many,
    maybe,
    one_of,
    ref,
    said,
    shape,
)
from claims.ledger.addresses import PLURAL
from kb.lib.quantities import COMPARATORS
from kb.lib.refs import PREFIXES

LEDGER_KIND = one_of(*PREFIXES)
OP = one_of("added", "modified", "withdrawn", "redacted")
TIME = maybe(ref("Time"))

_ENTITY: dict[str, Schema] = {
    "ref": REF,
    "slug": SLUG,
    "kind": one_of(*PLURAL, "") | {"description": "Empty where it was redacted since."},
    "label": said(),
    "language": {"type": "string", "description": "The language that the label is in."},
}
_PROPERTY: dict[str, Schema] = {
    "ref": REF,
    "slug": SLUG,
    "label": said(),
    "unit_label": said(),
    "sentence": said(
        description="How a claim is said, with {subject}, {value} or {when} (a date with its preposition), {asserter}."
    ),
    "data_type": TEXT,
    "event": FLAG,
}
_TIMELINE: dict[str, Schema] = {
    "ref": REF,
    "slug": SLUG,
    "edition": COUNT,
    "title": said(),
    "description": said(),
    "eras": many(shape("A span of time with a name.", label=said(), time=TIME)),
    "url": URL,
}
_EDITION: dict[str, Schema] = {
    "number": {"type": "integer", "minimum": 1},
    "at": {"type": "string", "format": "date-time"},
    "by": said(description="The public name of who published it, or “the desk”."),
    "reason": one_of("new", "update", "correction", "retraction", "source-changed", "import", "format"),
    "review": one_of("four-eyes", "one-person", "import", "machine"),
    "note": {"anyOf": [said(), PROSE], "description": "Text; by language with labels=off."},
    "hash": SHA256,
    "previous_hash": {"type": "string", "pattern": "^([0-9a-f]{64})?$"},
    "url": URL,
}
_QUOTE = shape(
    "Where the words stand in the text of a snapshot (W3C TextQuote and TextPosition; code points).",
    snapshot=SHA256,
    exact=TEXT,
    prefix=TEXT,
    suffix=TEXT,
    start=COUNT,
    end=COUNT,
)

COMPONENTS: dict[str, Schema] = {
    "Time": shape(
        "A time as precise as the evidence (EDTF), with the days around it; null where open.",
        edtf=TEXT,
        earliest=maybe({"type": "string", "format": "date"}),
        latest=maybe({"type": "string", "format": "date"}),
    ),
    "EntityInside": shape("An entity as it stands inside other things.", **_ENTITY),
    "PropertyInside": shape("A property as it stands inside a claim.", **_PROPERTY),
    "Value": shape(
        "What a claim says the property is.",
        kind=one_of("known", "unknown", "none", "undisclosed"),
        comparator=maybe(one_of(*COMPARATORS)),
        amount=maybe(DECIMAL),
        upper_amount=maybe(DECIMAL),
        unit=maybe(TEXT),
        lower_bound=maybe(DECIMAL),
        upper_bound=maybe(DECIMAL),
        entity=maybe(ref("EntityInside")),
        text=maybe(said()),
        time=TIME,
    ),
    "Evidence": shape(
        "What in a source supports or refutes a claim.",
        source=shape(
            "The source.",
            ref=REF,
            slug=SLUG,
            title=TEXT,
            language=TEXT,
            published_on=TIME,
            source_type=TEXT,
            publisher=TEXT,
            address=TEXT,
            origin=REF,
        ),
        stance=one_of("supports", "refutes", "mentions"),
        original_value=TEXT,
        quote=maybe(_QUOTE),
        locator=TEXT,
        drift=many(TEXT),
        quote_status=one_of("verified", "not-held", "stale", "none"),
        translation=said(),
        figure_source=maybe(REF),
        note=said(),
    ),
    "Claim": shape(
        "A sourced claim.",
        ref=REF,
        edition=COUNT,
        url=URL,
        subject=ref("EntityInside"),
        property=ref("PropertyInside"),
        value=ref("Value"),
        scope=many(
            shape("What it covers.", dimension=TEXT, dimension_label=said(), term=TEXT, term_label=said())
        ),
        point_in_time=TIME,
        valid_from=TIME,
        valid_to=TIME,
        asserted_by=maybe(ref("EntityInside")),
        asserted_on=TIME,
        mode=one_of("attributed", "endorsed"),
        method=maybe(TEXT),
        rank=one_of("preferred", "normal", "deprecated"),
        rank_reason=said(),
        note=said(),
        links=many(shape("To another claim.", claim=REF, relation=TEXT)),
        sources=COUNT,
        origins=COUNT,
        voices=COUNT,
        credibility=maybe({"type": "integer", "minimum": 1, "maximum": 6}),
        grounds=maybe(shape("Why this credibility.", rule=TEXT, reliability=maybe(TEXT), refuting=COUNT)),
        disputes=many(SLUG),
        license=TEXT,
        evidence=many(ref("Evidence")),
    ),
    "Entity": shape(
        "What claims are about.",
        **_ENTITY,
        edition=COUNT,
        description=said(),
        names=many({"type": "object", "required": ["text", "language", "role"]}),
        identifiers=many({"type": "object"}),
        url=URL,
    ),
    "Source": shape(
        "A document.",
        ref=REF,
        slug=SLUG,
        title=TEXT,
        language=TEXT,
        edition=COUNT,
        publisher=maybe(shape("Who published it.", ref=REF, slug=TEXT, name=TEXT, reliability=maybe(TEXT))),
        address=TEXT,
        authors=many(TEXT),
        published_on=TIME,
        source_type=TEXT,
        derivation=maybe(TEXT),
        identifiers=many({"type": "object"}),
        derived_from=maybe(shape("The source it was made from.", ref=REF, slug=TEXT, title=TEXT)),
        note=said(),
        snapshots=many({"type": "object"}),
        url=URL,
    ),
    "Property": shape(
        "A word of the vocabulary.",
        **_PROPERTY,
        edition=COUNT,
        description=said(),
        unit_dimension=maybe(TEXT),
        subject_kinds=many(TEXT),
        functional=FLAG,
        required_scope=many(SLUG),
        url=URL,
    ),
    "Dispute": shape(
        "Claims that answer one question differently.",
        ref=REF,
        slug=SLUG,
        state=one_of("contested", "different-scope", "superseded", "copy-error", "settled"),
        edition=COUNT,
        question=said(),
        answer=said(),
        reason=said(),
        members=many(shape("A claim of it.", claim=ref("MemberClaim"), note=said())),
        url=URL,
    ),
    "Timeline": shape("A rule that chooses claims with a time.", **_TIMELINE),
    "Edition": shape("One act of publishing.", **_EDITION),
    "EditionWithChanges": shape(
        "One act of publishing with what it changed.",
        **_EDITION,
        changes=many(
            shape(
                "One record.",
                kind=LEDGER_KIND,
                ref=REF,
                op=OP,
                format=COUNT,
                sha256=SHA256,
                slug=maybe(SLUG),
                url=maybe(URL),
            )
        ),
        truncated={"type": "boolean", "description": "There are more: read the feed of changes."},
    ),
    "Change": shape(
        "One record of the feed.",
        edition={"type": "integer", "minimum": 1},
        kind=LEDGER_KIND,
        ref=REF,
        op=OP,
        format=COUNT,
        body=maybe({"type": "object"})
        | {"description": "As it was hashed; null where it was redacted since."},
        sha256=SHA256,
    ),
    "Hit": shape(
        "Something found.",
        kind=one_of(*PLURAL, "property", "timeline", "dispute", "source", "claim"),
        ref=REF,
        edition=COUNT,
        slug=maybe(SLUG),
        label=said(),
        match=one_of("name", "text"),
        url=URL,
    ),
    "Index": shape(
        "Where everything is.",
        edition=COUNT,
        at=maybe({"type": "string", "format": "date-time"}),
        lists={"type": "object", "additionalProperties": URL},
        documentation=URL,
        schema=URL,
        license=TEXT,
    ),
    "Matches": shape(
        "The names asked for, in their order.",
        results=many(
            shape("One name.", q=TEXT, candidates=many(ref("Candidate")) | {"description": "Best first."})
        ),
    ),
    "Candidate": shape(
        "An entity that the name may mean.",
        **_ENTITY,
        edition=COUNT,
        name=shape("The one of its names that is most alike.", text=TEXT, language=TEXT, role=TEXT),
        score=DECIMAL | {"description": "1 for the very name, else less."},
        match={"type": "boolean", "description": "It alone has the very name."},
        url=URL,
    ),
    "ExportList": shape(
        "What can be downloaded whole.",
        results=many(
            shape(
                "One file.",
                name=TEXT,
                url=URL,
                media_type=TEXT,
                edition=COUNT,
                records=COUNT,
                license=TEXT,
            )
        ),
    ),
    "Stored": shape(
        "With labels=off: the body as it was hashed, byte for byte.",
        ref=REF,
        edition=COUNT,
        format=COUNT,
        body=maybe({"type": "object"}),
    ),
    "Problem": {
        "type": "object",
        "description": "What is wrong (RFC 9457).",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "parameters": {
                "type": "object",
                "additionalProperties": TEXT,
                "description": "What is wrong with each.",
            },
            "fields": {
                "type": "object",
                "additionalProperties": many(TEXT),
                "description": "What is wrong with what was sent, by place: evidence.0.quote.",
            },
            "ref": REF,
            "edition": COUNT,
            "reason": TEXT,
            "note": PROSE,
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    },
}


def _listed(name: str, *, bodies: bool) -> Schema:
    item: Schema = {"anyOf": [ref(name), ref("Stored")]} if bodies else ref(name)
    found = shape("A page of a list.", next=maybe(URL), previous=maybe(URL), results=many(item))
    found["properties"]["count"] = {
        "type": "integer",
        "minimum": 0,
        "maximum": 1001,
        "description": "With count=on: all results, counted no further than 1,001.",
    }
    return found


WITH_BODIES = ("Claim", "Entity", "Source", "Property", "Dispute", "Timeline", "Hit")
_member = {
    key: value for key, value in COMPONENTS["Claim"]["properties"].items() if key not in ("url", "license")
}
COMPONENTS["MemberClaim"] = shape("A claim inside a dispute.", **_member)
COMPONENTS["TimelineWithEvents"] = shape(
    "A timeline with its claims in order of time, at most 2,000.", **_TIMELINE, events=many(ref("Claim"))
)
COMPONENTS |= {f"{name}List": _listed(name, bodies=True) for name in WITH_BODIES}
COMPONENTS["EditionList"] = _listed("Edition", bodies=False)
COMPONENTS["ChangeList"] = shape(
    "A page of the feed.",
    next=maybe(URL),
    previous=maybe(URL),
    results=many(ref("Change")),
    after={"type": "integer", "minimum": 0, "description": "The last edition that has been read to its end."},
)


def add_components(result: Schema, generator: object, request: object, public: bool) -> Schema:
    """A hook of drf-spectacular: the shapes that operations refer to."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(COMPONENTS | submissions.COMPONENTS)
    components.setdefault("securitySchemes", {}).update(submissions.SECURITY)
    return result
