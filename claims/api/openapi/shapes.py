"""What schemas are put together from: strict, so that a member that is not named, or is missing, fails the tests."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
REF: Schema = {"type": "string", "pattern": "^[a-z][0-9][0-9a-z]{8}$", "examples": ["c2a583mq56"]}
SLUG: Schema = {"type": "string", "examples": ["a-thing"]}
URL: Schema = {"type": "string", "format": "uri"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
DECIMAL: Schema = {
    "type": "string",
    "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
    "description": "An exact decimal, as text.",
}
PROSE: Schema = {"type": "object", "additionalProperties": TEXT, "description": "Text by language tag."}


def said(*, description: str = "Text in the language asked for, or in one it falls back to.") -> Schema:
    return {"type": "string", "description": description}


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def shape(description: str, /, **properties: Schema) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
