"""What a root's body looks like as an item of a dossier: slugs instead of refs, defaults left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Body = Mapping[str, Any]
Item = dict[str, Any]
Names = Mapping[str, str]  # ref -> slug

SECTION_OF = {
    "scope-dimension": "scope-dimensions",
    "property": "properties",
    "publisher": "publishers",
    "entity": "entities",
    "source": "sources",
    "claim": "claims",
    "dispute": "disputes",
    "timeline": "timelines",
    "page": "pages",
}


def item_of(kind: str, body: Body, names: Names) -> Item:
    """The item that loads as `body`. `names` must hold every ref of another thing that stands in it."""
    shaped = _SHAPES[kind](body, names)
    return {key: value for key, value in shaped.items() if value not in (None, "", [], {}, False)}


def _lean(values: Mapping[str, Any], **defaults: Any) -> Item:
    """Without what is empty or the default."""
    return {
        key: value
        for key, value in values.items()
        if value not in (None, "", [], {}, False) and defaults.get(key) != value
    }


def _date(time: Body | None) -> str | None:
    return time["edtf"] if time else None


def _dimension(body: Body, _: Names) -> Item:
    return dict(body) | {"terms": [_lean(term) for term in body["terms"]]}


def _property(body: Body, names: Names) -> Item:
    return dict(body) | {"required_scope": sorted(names[ref] for ref in body["required_scope"])}


def _publisher(body: Body, _: Names) -> Item:
    return dict(body) | {"graded_on": _date(body["graded_on"])}


def _entity(body: Body, _: Names) -> Item:
    return dict(body) | {"names": [_lean(name, role="label") for name in body["names"]]}


def _source(body: Body, names: Names) -> Item:
    return dict(body) | {
        "publisher": names[body["publisher"]] if body["publisher"] else None,
        "published_on": _date(body["published_on"]),
        "derived_from": names[body["derived_from"]] if body["derived_from"] else None,
        "snapshots": [
            _lean(one | {"retrieved_on": _date(one["retrieved_on"])}, media_type="text/plain")
            for one in body["snapshots"]
        ],
    }


def _claim(body: Body, names: Names) -> Item:
    value = body["value"]
    item = _lean(body, mode="attributed", rank="normal") | {
        "subject": names[body["subject"]],
        "property": names[body["property"]],
        "value": _lean(
            value
            | {"entity": names[value["entity"]] if value["entity"] else None, "time": _date(value["time"])},
            **({"kind": "known", "comparator": "eq", "unit": "count"} if value["kind"] == "known" else {}),
        ),
        "scope": {names[one["dimension"]]: one["term"] for one in body["scope"]},
        "asserted_by": names[body["asserted_by"]] if body["asserted_by"] else None,
        "evidence": [_evidence(one, names) for one in body["evidence"]],
    }
    for field in ("point_in_time", "valid_from", "valid_to", "asserted_on"):
        item[field] = _date(body[field])
    order = [
        "ref",
        "subject",
        "property",
        "value",
        "scope",
        "point_in_time",
        "valid_from",
        "valid_to",
        "asserted_by",
    ]
    return {key: item.pop(key) for key in order if key in item} | item


def _evidence(body: Body, names: Names) -> Item:
    return _lean(
        {
            "source": names[body["source"]],
            **{key: body[key] for key in ("stance", "original_value")},
            "quote": _lean(body["quote"]) | {"start": body["quote"]["start"]} if body["quote"] else None,
            **{key: body[key] for key in ("locator", "translation", "drift")},
            "figure_source": names[body["figure_source"]] if body["figure_source"] else None,
            "note": body["note"],
        },
        stance="supports",
    )


def _dispute(body: Body, _: Names) -> Item:
    return dict(body) | {"members": [_lean(member) for member in body["members"]]}


def _timeline(body: Body, names: Names) -> Item:
    rule = {key: sorted(names[ref] for ref in refs) for key, refs in body["rule"].items()}
    eras = [{"label": era["label"], "time": _date(era["time"])} for era in body.get("eras", ())]
    return dict(body) | {"rule": _lean(rule), "eras": eras}


_SHAPES: Mapping[str, Callable[[Body, Names], Item]] = {
    "scope-dimension": _dimension,
    "property": _property,
    "publisher": _publisher,
    "entity": _entity,
    "source": _source,
    "claim": _claim,
    "dispute": _dispute,
    "timeline": _timeline,
    "page": lambda body, _: dict(body),
}
