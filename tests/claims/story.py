"""Claims of the first story in the reading shape, as small as the tests of drawings and sentences need."""

from typing import Any

from kb.lib.times import time_body

Shape = dict[str, Any]


def entity(slug: str, label: str, kind: str = "company", language: str = "en") -> Shape:
    return {"ref": f"e-{slug}", "slug": slug, "kind": kind, "label": label, "language": language}


def prop(slug: str, label: str, sentence: str = "", unit_label: str = "", data_type: str = "amount") -> Shape:
    return {
        "ref": f"p-{slug}", "slug": slug, "label": label, "sentence": sentence, "unit_label": unit_label,
        "data_type": data_type, "event": True,
    }  # fmt: skip


DEEPSEEK = entity("deepseek", "DeepSeek")
HIGH_FLYER = entity("high-flyer", "High-Flyer")
V3 = entity("deepseek-v3", "DeepSeek-V3", "model")
H800 = entity("h800", "Nvidia H800", "hardware")
COST = prop("training-cost", "training cost", "training {subject} cost {value}")
SPUN_OFF = prop("spun-off-from", "spun off from", "{value} spun off {subject}", data_type="entity")
BANNED = prop(
    "export-banned", "banned from export", "{subject} was banned from export to {value}", data_type="text"
)
RELEASED = prop("released-on", "released", "{subject} was released on {value}", data_type="time")

_VALUE = {
    "kind": "known", "comparator": None, "amount": None, "upper_amount": None, "unit": None, "lower_bound": None,
    "upper_bound": None, "entity": None, "text": None, "time": None,
}  # fmt: skip


def claim(ref: str, subject: Shape, about: Shape, *, on: str = "", **value: Any) -> Shape:
    """A claim; `on` is its point in time, the rest its value (a `time` as EDTF)."""
    if "time" in value:
        value["time"] = time_body(value["time"])
    if "amount" in value:
        value = {"comparator": "eq", "unit": "USD"} | value
    return {
        "ref": ref, "subject": subject, "property": about, "value": _VALUE | value, "scope": [],
        "point_in_time": time_body(on), "valid_from": None, "valid_to": None, "asserted_by": None,
        "sources": 1, "origins": 1, "voices": 1, "rank": "normal", "evidence": [],
    }  # fmt: skip


def spin_offs() -> list[Shape]:
    """One event, dated 2023 by one origin and May 2023 by two."""
    month = claim("c2", DEEPSEEK, SPUN_OFF, on="2023-05", entity=HIGH_FLYER) | {"origins": 2}
    return [claim("c1", DEEPSEEK, SPUN_OFF, on="2023", entity=HIGH_FLYER), month]
