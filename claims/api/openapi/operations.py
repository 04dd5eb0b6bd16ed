"""Operations of the OpenAPI document, derived from what views and filters declare of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import django_filters as filters
from django.utils.encoding import force_str
from django.utils.translation import override
from drf_spectacular.openapi import AutoSchema

from claims.api.openapi.shapes import Schema, ref
from claims.filters import AsOfFilterSet, ScopeFilter

COMMON: Final[dict[str, tuple[str, Schema]]] = {
    "edition": ("Read as of this edition.", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}),
    "known_at": ("Read as of the end of this day, UTC.", {"type": "string", "format": "date"}),
    "lang": ("Language of labels and prose.", {"type": "string", "default": "en"}),
    "labels": ("off serves stored bodies.", {"type": "string", "enum": ["on", "off"], "default": "on"}),
    "cursor": ("From next or previous of another page.", {"type": "string"}),
    "page_size": (
        "How many results.",
        {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    ),
    "count": ("on counts the results.", {"type": "string", "enum": ["on", "off"], "default": "off"}),
    "after": (
        "Only what later editions changed.",
        {"type": "integer", "minimum": 0, "maximum": 10**15 - 1, "default": 0},
    ),
    "q": ("Words; all must match, the last one as a prefix.", {"type": "string"}),
    "kind": ("Only things of this kind.", {"type": "string"}),
    "listed": (
        "on leaves out what the kind's list leaves out, as any of that list's own filters does too.",
        {"type": "string", "enum": ["on", "off"], "default": "off"},
    ),
}
HEADERS: Final[Schema] = {
    "X-Edition": {"description": "The edition it was read in.", "schema": {"type": "string"}},
    "ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}},
}


@dataclass(frozen=True)
class Operation:
    """One address as the document describes it."""

    tag: str
    success: str  # a component
    parameters: Sequence[Schema]
    path: Mapping[str, Schema]
    missing: bool  # whether there may be nothing at the address
    files: Sequence[str] = ()  # media types of what is no JSON


class ReadingSchema(AutoSchema):
    """Describes a ReadingViewSet by its own `operation()`."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: object
    ) -> Schema | None:
        if method != "GET":
            return None
        view: Any = self.view
        operation: Operation = view.operation()
        summary, _, description = (type(view).__doc__ or "").strip().partition("\n")
        problem = {"application/problem+json": {"schema": ref("Problem")}}
        responses: Schema = {
            "200": {
                "description": "As it stood in the edition.",
                "headers": HEADERS,
                "content": _answer(operation),
            },
            "304": {"description": "Nothing was published since the ETag."},
            "400": {"description": "A parameter is unknown or malformed.", "content": problem},
        }
        if operation.missing:
            responses["301"] = {"description": "It is called otherwise now, or was merged into another."}
            responses["404"] = {"description": "There is no such thing in this edition.", "content": problem}
            responses["410"] = {"description": "It was withdrawn or redacted.", "content": problem}
        path_parameters = [
            {"in": "path", "name": name, "required": True, "schema": schema}
            for name, schema in operation.path.items()
        ]
        return {
            "operationId": f"{operation.tag}_{view.action}",
            "summary": summary,
            "description": " ".join(description.split()),
            "tags": [operation.tag],
            "parameters": [*path_parameters, *operation.parameters],
            "responses": responses,
        }


def list_of(
    tag: str,
    component: str,
    filterset: type[AsOfFilterSet] | None,
    orderings: Sequence[str],
    *,
    extra: Sequence[str] = (),
    component_list: str = "",
) -> Operation:
    """A list: its page, its filters, its orderings, and `extra` parameters out of COMMON."""
    names = [
        "edition",
        "known_at",
        *([] if component_list else ["lang", "labels"]),
        "cursor",
        "page_size",
        *extra,
    ]
    parameters = [_common(name) for name in names]
    if orderings:
        parameters.append(_common("count"))
        ordering = {"type": "string", "enum": list(orderings), "default": orderings[0]}
        parameters.append(_query("ordering", "Order of the results.", ordering))
    if filterset is not None:
        parameters += [_filter(name, one) for name, one in filterset.base_filters.items()]
    return Operation(tag, component_list or f"{component}List", parameters, {}, missing=False)


def detail_of(tag: str, component: str, key: Schema | None = None) -> Operation:
    """One thing under its slug or ref."""
    parameters = [_common(name) for name in ("edition", "known_at", "lang", "labels")]
    schema = key or {"type": "string", "pattern": r"^[^/.\s]+$", "description": "slug or ref"}
    return Operation(tag, component, parameters, {"key": schema}, missing=True)


def plain(tag: str, component: str, parameters: Sequence[str], **described: tuple[str, Schema]) -> Operation:
    """One fixed address; `described` are parameters that mean something of their own there."""
    shapes = [_query(name, *(described.get(name) or COMMON[name])) for name in parameters]
    return Operation(tag, component, shapes, {}, missing=False)


def file_of(
    tag: str,
    names: Sequence[str],
    media: Sequence[str],
    parameters: Sequence[str],
    filters: Mapping[str, Any],
) -> Operation:
    """Files to download under their names; each takes the `filters` that the list of its kind has."""
    key: Schema = {"type": "string", "enum": list(names)}
    shapes = [_common(name) for name in parameters]
    shapes += [_filter(name, one) for name, one in filters.items() if name not in parameters]
    return Operation(tag, "", shapes, {"key": key}, missing=True, files=media)


def _answer(operation: Operation) -> Schema:
    if operation.files:
        return {media: {"schema": {"type": "string"}} for media in operation.files}
    schema = ref(operation.success)
    if operation.path and "Edition" not in operation.success:
        schema = {"anyOf": [schema, ref("Stored")]}
    return {"application/json": {"schema": schema}}


def _common(name: str) -> Schema:
    return _query(name, *COMMON[name])


def _query(name: str, description: str, schema: Schema) -> Schema:
    return {"in": "query", "name": name, "description": description, "schema": schema}


def _filter(name: str, one: filters.Filter) -> Schema:
    schema: Schema = {"type": "string"}
    if isinstance(one, filters.ChoiceFilter):
        schema["enum"] = [value for value, _ in one.extra["choices"]]
    elif isinstance(one, filters.NumberFilter):
        schema = {"type": "integer", "minimum": one.extra["min_value"], "maximum": one.extra["max_value"]}
    elif isinstance(one, ScopeFilter):
        schema = {"type": "array", "items": {"type": "string", "pattern": "^[^:]*:[^:]*$"}}
    with override("en"):
        return _query(name, force_str(one.label), schema)
