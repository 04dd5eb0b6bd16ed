"""What the parts of a body are called, which of them differ, and what the machine recounted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import wording
from kb.lib.refs import is_ref

Body = Mapping[str, Any]

PARTS: Mapping[str, str | Promise] = {
    "kind": gettext_lazy("kind"), "slug": gettext_lazy("slug"), "names": gettext_lazy("names"),
    "identifiers": gettext_lazy("identifiers"), "description": gettext_lazy("description"),
    "labels": gettext_lazy("labels"), "sentence": gettext_lazy("sentence"), "data_type": gettext_lazy("data type"),
    "unit_dimension": gettext_lazy("unit dimension"), "unit_label": gettext_lazy("unit label"),
    "subject_kinds": gettext_lazy("subject kinds"), "required_scope": gettext_lazy("required scope"),
    "functional": gettext_lazy("functional"), "event": gettext_lazy("event"), "terms": gettext_lazy("terms"),
    "name": gettext_lazy("name"), "url": gettext_lazy("address"), "reliability": gettext_lazy("reliability"),
    "rationale": gettext_lazy("why this grade"), "graded_on": gettext_lazy("graded on"),
    "title": gettext_lazy("title"), "text": gettext_lazy("text"),
    "language": gettext_lazy("language"), "publisher": gettext_lazy("publisher"),
    "authors": gettext_lazy("authors"), "published_on": gettext_lazy("published on"),
    "source_type": gettext_lazy("type"), "derived_from": gettext_lazy("derived from"),
    "derivation": gettext_lazy("derivation"), "snapshots": gettext_lazy("snapshots"),
    "subject": gettext_lazy("subject"), "property": gettext_lazy("property"), "value": gettext_lazy("value"),
    "comparator": gettext_lazy("comparator"), "amount": gettext_lazy("amount"),
    "upper_amount": gettext_lazy("upper amount"), "unit": gettext_lazy("unit"),
    "lower_bound": gettext_lazy("lower bound"), "upper_bound": gettext_lazy("upper bound"),
    "scope": gettext_lazy("scope"), "point_in_time": gettext_lazy("point in time"),
    "valid_from": gettext_lazy("valid from"), "valid_to": gettext_lazy("valid to"),
    "asserted_by": gettext_lazy("asserted by"), "asserted_on": gettext_lazy("asserted on"),
    "mode": gettext_lazy("mode"), "method": gettext_lazy("method"), "rank": gettext_lazy("rank"),
    "rank_reason": gettext_lazy("why this rank"), "note": gettext_lazy("note"),
    "links": gettext_lazy("links"), "evidence": gettext_lazy("evidence"),
    "question": gettext_lazy("question"), "state": gettext_lazy("state of the dispute"),
    "answer": gettext_lazy("answer"), "reason": gettext_lazy("reason"), "members": gettext_lazy("members"),
    "rule": gettext_lazy("rule"), "eras": gettext_lazy("eras"), "label": gettext_lazy("label"),
    "time": gettext_lazy("time"), "pinned": gettext_lazy("pinned claims"),
    "excluded": gettext_lazy("excluded claims"), "stance": gettext_lazy("stance"),
    "original_value": gettext_lazy("as printed"), "quote": gettext_lazy("quote"), "locator": gettext_lazy("locator"),
    "translation": gettext_lazy("translation"), "drift": gettext_lazy("drift"),
    "figure_source": gettext_lazy("source of the figure"), "source": gettext_lazy("source"),
    "merged_into": gettext_lazy("merged into"),
}  # fmt: skip
WORDS: Mapping[str, Mapping[Any, Any]] = {
    "comparator": wording.COMPARATORS,
    "data_type": wording.DATA_TYPES,
    "derivation": wording.DERIVATION_NAMES,
    "drift": wording.DRIFT,
    "method": wording.METHODS,
    "mode": wording.MODES,
    "rank": wording.RANKS,
    "source_type": wording.SOURCE_TYPES,
    "stance": wording.STANCES,
    "state": wording.DISPUTE_STATES,
    "value.kind": wording.VALUE_KINDS,
}
ORDER = {part: number for number, part in enumerate(PARTS)}
SILENT = frozenset({"ref", "sha256", "text_sha256", "snapshot", "derived"})  # `derived` has words of its own


def part_name(part: str) -> str:
    return str(PARTS.get(part) or _(part.replace("_", " ")))  # models name the rest


def _place(part: str) -> tuple[int, str]:
    """Where a part stands when people read a body; stored bodies are in the order of the alphabet."""
    return ORDER.get(part, len(ORDER)), part


def refs_in(value: Any) -> Iterator[str]:
    """Every ref that stands anywhere in a body."""
    if isinstance(value, str):
        if is_ref(value):
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from refs_in(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from refs_in(one)


# --- what the machine derived -----------------------------------------------------------------------------------------

COUNTS: Mapping[str, str | Promise] = {
    "sources": gettext_lazy("sources"),
    "origins": gettext_lazy("origins"),
    "voices": gettext_lazy("voices"),
    "credibility": gettext_lazy("grade"),
}
_QUOTES: Mapping[str, str | Promise] = {
    "verified": gettext_lazy("quote found in the stored text"),
    "stale": gettext_lazy("a newer copy of the text differs from the one quoted"),
    "not-held": gettext_lazy("the text quoted is not held any more"),
}


def recounted(old: Body | None, new: Body | None) -> list[str]:
    """What changed in the derived part of a claim's body, in words: counts, quotes, origins."""
    before, after = (old or {}).get("derived") or {}, (new or {}).get("derived") or {}
    if not before or not after:
        return []
    words = [
        _("%(name)s: %(before)s → %(after)s")
        % {"name": name, "before": before.get(part) or "–", "after": after.get(part) or "–"}
        for part, name in COUNTS.items()
        if before.get(part) != after.get(part)
    ]
    pairs = list(_same_evidence(old or {}, new or {}))
    states = [two["quote"] for one, two in pairs if one["quote"] != two["quote"]]
    words += [str(_QUOTES[state]) for state in dict.fromkeys(states) if state in _QUOTES]
    if any(one["origin"] != two["origin"] for one, two in pairs):
        words.append(_("evidence goes back to another origin"))
    return words


def _same_evidence(old: Body, new: Body) -> Iterator[tuple[Body, Body]]:
    """The derived parts, before and after, of evidence that stands unchanged in both bodies."""
    standing = list(zip(old["evidence"], old["derived"]["evidence"], strict=True))
    for item, derived in zip(new["evidence"], new["derived"]["evidence"], strict=True):
        for place, (other, before) in enumerate(standing):
            if other == item:
                del standing[place]
                yield before, derived
                break


def changed_parts(old: Body | None, new: Body | None) -> list[str]:
    """The names of the parts that differ, in the order people read them."""
    before, after = old or {}, new or {}
    parts = sorted({*before, *after} - SILENT, key=_place)
    return [part_name(part) for part in parts if before.get(part) != after.get(part)]
