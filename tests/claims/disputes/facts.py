"""Facts for the tests of the rules: clubs, fees and days, as few words as will do."""

from __future__ import annotations

from typing import Any

from claims.disputes.facts import Fact, Trait, fact
from kb.lib.edtf import desk_date


def time(text: str) -> dict[str, Any] | None:
    if not text:
        return None
    found = desk_date(text)
    days = [day.isoformat() if day else None for day in (found.earliest, found.latest)]
    return {"edtf": text, "earliest": days[0], "latest": days[1]}


def a_fact(ref: str = "c1", amount: str = "", **given: Any) -> Fact:
    """A fee of Ajax in euros, unless told otherwise; made from a body, as everywhere."""
    comparator = given.pop("comparator", "eq")
    value = {
        "kind": given.pop("kind", "known"),
        "comparator": comparator if amount else None,
        "amount": amount or None,
        "upper_amount": given.pop("upper", None),
        "unit": given.pop("unit", "EUR") if amount else None,
        "lower_bound": None,
        "upper_bound": None,
        "entity": given.pop("entity", None),
        "text": given.pop("text", None),
        "time": time(given.pop("time", "")),
    }
    body = {
        "ref": ref,
        "subject": given.pop("subject", "ajax"),
        "property": given.pop("property", "fee"),
        "value": value,
        "scope": [{"dimension": name, "term": term} for name, term in given.pop("scope", {}).items()],
        "point_in_time": time(given.pop("at", "")),
        "valid_from": time(given.pop("since", "")),
        "valid_to": time(given.pop("until", "")),
        "asserted_by": given.pop("by", None),
        "asserted_on": time(given.pop("said", "")),
        "links": [{"relation": name, "claim": target} for name, target in given.pop("links", ())],
        "rank": given.pop("rank", "normal"),
    }
    trait = Trait(
        given.pop("functional", False),
        given.pop("event", False),
        given.pop("bound", ""),
        frozenset(given.pop("required", ())),
    )
    heirs = given.pop("heirs", {})
    assert not given, f"the test gives {sorted(given)}, which nothing reads"
    return fact(body, trait, heirs)
