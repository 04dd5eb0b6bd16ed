"""From a body to its index rows, purely: printing writes what these functions say, verify recomputes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any

from kb.lib.prose import FALLBACK, choose
from kb.lib.quantities import base, interval
from kb.lib.text import fold

Body = dict[str, Any]

UNBOUNDED = Decimal(10) ** 37  # beyond any amount the desk takes in a base unit
NO_AMOUNT = "3"  # after the key of every amount
_COLUMN = Context(prec=60)
_COMPLEMENT = str.maketrans("0123456789", "9876543210")


@dataclass(frozen=True, order=True)
class Reference:
    """A ref that stands in a body, and in what role."""

    role: str
    target_ref: str
    detail: str = ""


def references(kind: str, body: Body) -> list[Reference]:
    """Every ref in a body except its own, sorted, each once."""
    if "merged_into" in body:
        return [Reference("merged-into", body["merged_into"])]
    return sorted(set(_references(kind, body)))


def _references(kind: str, body: Body) -> Iterator[Reference]:
    match kind:
        case "claim":
            yield from _claim_references(body)
        case "property":
            yield from (Reference("requires", ref) for ref in body["required_scope"])
        case "source":
            if body["publisher"]:
                yield Reference("publisher", body["publisher"])
            if body["derived_from"]:
                yield Reference("derived-from", body["derived_from"])
        case "dispute":
            yield from (Reference("member", member["claim"]) for member in body["members"])
        case "timeline":
            yield from (Reference("about", ref) for ref in body["rule"]["entities"])
            yield from (Reference("by", ref) for ref in body["rule"]["properties"])
            yield from (Reference("pinned", ref) for ref in body["pinned"])
            yield from (Reference("excluded", ref) for ref in body["excluded"])


def _claim_references(body: Body) -> Iterator[Reference]:
    yield Reference("subject", body["subject"])
    yield Reference("property", body["property"])
    if body["value"]["entity"]:
        yield Reference("value", body["value"]["entity"])
    if body["asserted_by"]:
        yield Reference("asserted-by", body["asserted_by"])
    for one in body["scope"]:
        yield Reference("scope", one["dimension"], one["term"])
    for link in body["links"]:
        yield Reference("link", link["claim"], link["relation"])
    for evidence in body["evidence"]:
        yield Reference("source", evidence["source"])
        if evidence["figure_source"]:
            yield Reference("figure-source", evidence["figure_source"])
    for derived in body["derived"]["evidence"]:
        yield Reference("origin", derived["origin"])


def thing_row(kind: str, body: Body) -> dict[str, Any]:
    """The ThingIndex columns of anything but a claim."""
    match kind:
        case "entity":
            labels = {one["language"]: one["text"] for one in body["names"] if one["role"] == "label"}
            label, subkind = choose(labels, FALLBACK)[0], body["kind"]
        case "property":
            label, subkind = choose(body["labels"], FALLBACK)[0], body["data_type"]
        case "scope-dimension":
            label, subkind = choose(body["labels"], FALLBACK)[0], ""
        case "publisher":
            label, subkind = body["name"], body["reliability"] or ""
        case "source":
            label, subkind = body["title"], body["source_type"]
        case "dispute":
            label, subkind = choose(body["question"], FALLBACK)[0], body["state"]
        case "timeline" | "page":
            label, subkind = choose(body["title"], FALLBACK)[0], ""
        case _:
            raise ValueError(f"the ledger has no kind {kind!r}")
    language = body["language"] if kind == "source" else ""
    return {
        "slug": body["slug"],
        "subkind": subkind,
        "language": language,
        "sort": fold(label)[:200] or body["slug"],
    }


def claim_row(body: Body) -> dict[str, Any]:
    """The ClaimIndex columns of a claim."""
    value, derived = body["value"], body["derived"]
    row: dict[str, Any] = {
        "subject": body["subject"],
        "property": body["property"],
        "value_entity": value["entity"] or "",
        "asserted_by": body["asserted_by"] or "",
        "rank": body["rank"],
        "mode": body["mode"],
        "unit": value["unit"] or "",
        "sources": derived["sources"],
        "origins": derived["origins"],
    }
    when = span(body)
    row["has_time"] = when is not None
    row["earliest"], row["latest"] = when or (date.max, date.max)
    valid = body["point_in_time"] or {}
    row["valid_earliest"] = _day((body["valid_from"] or valid).get("earliest"), date.min)
    row["valid_latest"] = _day((body["valid_to"] or valid).get("latest"), date.max)
    return row | _amounts(value)


def _amounts(value: Body) -> dict[str, Any]:
    if value["amount"] is None:
        return {
            "base_unit": "",
            "has_amount": False,
            "amount_key": NO_AMOUNT,
            "lower": -UNBOUNDED,
            "upper": UNBOUNDED,
            "lower_open": True,
            "upper_open": True,
        }
    known = interval(
        value["comparator"],
        value["amount"],
        value["upper_amount"],
        value["lower_bound"],
        value["upper_bound"],
    )

    def column(bound: Decimal | None, otherwise: Decimal) -> Decimal:
        exact = otherwise if bound is None else base(bound, value["unit"])[0]
        return exact.quantize(Decimal("1e-16"), context=_COLUMN)

    return {
        "base_unit": base(Decimal(0), value["unit"])[1],
        "has_amount": True,
        "amount_key": amount_key(base(value["amount"], value["unit"])[0]),
        "lower": column(known.lower, -UNBOUNDED),
        "upper": column(known.upper, UNBOUNDED),
        "lower_open": known.lower_open,
        "upper_open": known.upper_open,
    }


def amount_key(amount: Decimal) -> str:
    """Text whose order by code points is the order of exact amounts, on databases that would round decimals.

    A sign (0 negative, 1 zero, 2 positive), the power of ten, the significant digits; of negative amounts the
    complements, ended by a tilde, which stands after every digit.
    """
    sign, digits, exponent = amount.as_tuple()
    if not amount or not isinstance(exponent, int):
        return "1"
    significant = "".join(map(str, digits)).lstrip("0")
    power = 500 + len(significant) + exponent
    significant = significant.rstrip("0")
    if not sign:
        return f"2{power:03}{significant}"
    return f"0{999 - power:03}{significant.translate(_COMPLEMENT)}~"


def span(body: Body) -> tuple[date, date] | None:
    """When the claim's event lies, at the earliest and at the latest: the days a timeline draws it on.

    A claim's time is its value, if that is a time; else its point in time; else its span of validity.
    """
    single = body["value"]["time"] or body["point_in_time"]
    first, last = (single, single) if single else (body["valid_from"], body["valid_to"])
    if first is None and last is None:
        return None
    return _day((first or {}).get("earliest"), date.min), _day((last or {}).get("latest"), date.max)


def _day(text: str | None, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise
