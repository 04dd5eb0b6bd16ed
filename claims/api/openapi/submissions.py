"""The shapes of what partners send in: what the document says of them is what is checked when they come."""

from __future__ import annotations

from typing import Any, Final

from claims.api.openapi.shapes import (
    DECIMAL,
    PROSE,
    REF,
    SLUG,
    TEXT,
    URL,
    Schema,
    many,
    maybe,
    one_of,
    ref,
    shape,
)
from kb.lib.quantities import COMPARATORS

LONGEST_MESSAGE: Final = 2000
MOST_EVIDENCE: Final = 20
KEY: Final = {
    "type": "string",
    "maxLength": 100,
    "pattern": r"^[^/\s\x00-\x1f]+$",
    "description": "Slug or ref of something published.",
}
EDTF: Final = {"type": "string", "maxLength": 60, "description": "A date as precise as the evidence (EDTF)."}
FATES: Final = ("waiting", "taken-up", "published", "retracted", "declined", "withdrawn")


def part(description: str, /, *required: str, **properties: Schema) -> Schema:
    """An object with no members but these, of which the `required` ones must be there."""
    return shape(description, **properties) | {"required": list(required)}


def line(most: int, description: str) -> Schema:
    return {"type": "string", "maxLength": most, "description": description}


_WORDS: dict[str, Schema] = {
    "stance": one_of("supports", "refutes", "mentions") | {"default": "supports"},
    "original_value": line(200, "The figure as it is printed."),
    "quote": line(2000, "Words that stand once in the source; they are pinned where a copy of it is held."),
    "locator": line(
        200, "Where in the source it stands, such as a page. Needed where no copy of it is held."
    ),
}
REQUESTS: Final[dict[str, Schema]] = {
    "SubmissionValue": part(
        "One value, of the property's data type. Without any it is known and must be given.",
        kind=one_of("known", "unknown", "none", "undisclosed") | {"default": "known"},
        comparator=one_of(*COMPARATORS) | {"default": "eq"},
        amount=DECIMAL,
        upper_amount=DECIMAL,
        unit=line(12, "A currency (ISO 4217) or another unit of the property's dimension."),
        lower_bound=DECIMAL,
        upper_bound=DECIMAL,
        entity=KEY,
        text=PROSE,
        time=EDTF,
    ),
    "SubmissionSource": part(
        "A source that is not published yet. One under the same address that the desk has is taken instead.",
        "url", "title", "language", "source_type",
        url=URL | {"maxLength": 2000},
        title={"type": "string", "minLength": 1, "maxLength": 500},
        language={"type": "string", "maxLength": 35, "description": "BCP 47."},
        source_type=one_of("primary", "secondary", "tertiary"),
        published_on=EDTF,
    ),
    "SubmissionEvidence": part(
        "Where it is said: a published `source`, or a `new_source`; one of them.",
        source=KEY,
        new_source=ref("SubmissionSource"),
        **_WORDS,
    ) | {"oneOf": [{"required": ["source"]}, {"required": ["new_source"]}]},
    "SubmissionRequest": part(
        "A claim, for the desk to look at.",
        "subject", "property", "value", "evidence",
        subject=KEY,
        property=KEY,
        value=ref("SubmissionValue"),
        scope=many(shape("A term of a scope dimension.", dimension=KEY, term=SLUG)) | {"maxItems": 20},
        point_in_time=EDTF,
        valid_from=EDTF,
        valid_to=EDTF,
        asserted_by=KEY,
        asserted_on=EDTF,
        method=one_of("measured", "reported", "estimated", "calculated"),
        evidence=many(ref("SubmissionEvidence")) | {"minItems": 1, "maxItems": MOST_EVIDENCE},
        message=line(LONGEST_MESSAGE, "For the desk; it is not published."),
    ),
}  # fmt: skip
_SUBMISSION: Final[dict[str, Schema]] = {
    "ref": REF | {"description": "The claim's, from now on and for ever."},
    "state": one_of(*FATES),
    "received_at": {"type": "string", "format": "date-time"},
    "claim": maybe(URL) | {"description": "The claim, once it is published."},
    "comment": TEXT | {"description": "What the desk said when it declined."},
    "url": URL,
}
ANSWERS: Final[dict[str, Schema]] = {
    "Submission": shape(
        "A submission and what became of it.",
        **_SUBMISSION,
        missing=many(TEXT) | {"description": "What it lacks before it could be published, while it waits."},
        sent={"type": "object", "description": "As it was sent."},
    ),
    "SubmissionInList": shape("A submission of a list.", **_SUBMISSION),
    "SubmissionList": shape(
        "A page of one's own submissions, the newest first.",
        next=maybe(URL),
        previous=maybe(URL),
        results=many(ref("SubmissionInList")),
    ),
}
COMPONENTS: Final[dict[str, Schema]] = REQUESTS | ANSWERS
SECURITY: Final[dict[str, Any]] = {
    "partnerKey": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Api-Key` and, after a space, a key that an administrator of the desk has made.",
    }
}
