"""The way in, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.openapi import AutoSchema

from claims.api.openapi.shapes import REF, Schema, ref

PROBLEM: Final = {"application/problem+json": {"schema": ref("Problem")}}
REFUSED: Final[Schema] = {
    "401": {"description": "There is no key, or it opens nothing.", "content": PROBLEM},
    "403": {"description": "The key's partner may send nothing in any more.", "content": PROBLEM},
    "429": {"description": "Too many requests for now; Retry-After says when to go on.", "content": PROBLEM},
}
UNREADABLE: Final[Schema] = {
    "400": {"description": "It is no JSON, or names a member twice.", "content": PROBLEM},
    "413": {"description": "It is larger than 256 kB, or nests too deeply.", "content": PROBLEM},
    "415": {"description": "It does not say that it is application/json.", "content": PROBLEM},
    "422": {"description": "It cannot be kept; `fields` says what is wrong where.", "content": PROBLEM},
}
NOWHERE: Final[Schema] = {
    "404": {"description": "You sent in nothing that has this ref.", "content": PROBLEM}
}
EXAMPLE: Final[Schema] = {
    "subject": "a-company",
    "property": "founded",
    "value": {"time": "2023-07"},
    "asserted_by": "a-company",
    "asserted_on": "2023-07-17",
    "method": "reported",
    "evidence": [{"source": "a-filing", "locator": "page 2", "original_value": "July 2023"}],
    "message": "They filed it themselves.",
}
PAGE: Final[list[Schema]] = [
    {"in": "query", "name": "cursor", "description": "From next or previous.", "schema": {"type": "string"}},
    {
        "in": "query",
        "name": "page_size",
        "description": "How many results.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    },
]


def answer(component: str, description: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": ref(component)}}}


OPERATIONS: Final[dict[str, Schema]] = {
    "list": {
        "summary": "Your submissions, the newest first.",
        "parameters": PAGE,
        "responses": {
            "200": answer("SubmissionList", "A page of them."),
            "400": {"description": "A parameter is unknown or malformed.", "content": PROBLEM},
        },
    },
    "create": {
        "summary": "Send a claim in.",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": ref("SubmissionRequest"), "example": EXAMPLE}},
        },
        "responses": {
            "200": answer("Submission", "These very words came before; this is what became of them."),
            "201": answer("Submission", "It waits for the desk."),
            "409": {"description": "These very words were taken back by you.", "content": PROBLEM},
            **UNREADABLE,
        },
    },
    "retrieve": {
        "summary": "One submission of yours.",
        "responses": {"200": answer("Submission", "What became of it."), **NOWHERE},
    },
    "destroy": {
        "summary": "Take a submission back that nobody has taken up.",
        "responses": {
            "200": answer("Submission", "It is withdrawn."),
            "409": {"description": "The desk has it in hand already.", "content": PROBLEM},
            **NOWHERE,
        },
    },
}


class WritingSchema(AutoSchema):
    """Describes a view by OPERATIONS."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: object
    ) -> Schema | None:
        view: Any = self.view
        operation = OPERATIONS[view.action]
        key = [{"in": "path", "name": "ref", "required": True, "schema": REF}] if "{ref}" in path else []
        _summary, _, description = (type(view).__doc__ or "").strip().partition("\n")
        return {
            "operationId": f"{view.tag}_{view.action}",
            "description": " ".join(description.split()),
            "tags": [view.tag],
            "security": [{"partnerKey": []}],
            **operation,
            "parameters": [*key, *operation.get("parameters", ())],
            "responses": operation["responses"] | REFUSED,
        }
