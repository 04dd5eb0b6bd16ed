"""Facts of real pages (../shared/sources_seen.json), figures only: copies of one article, and independent ones."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claims.extraction.results import Figure, Kind, Reading
from claims.lineage.collection import Collection
from claims.lineage.features import Features, features

NUMBER = r"\d+(?:\.\d+)?(?:e\d+)?"
VALUE = re.compile(rf"(-?{NUMBER})(?:\.\.({NUMBER}))? ?(.*)")
COPY = "copy-of-ensigame"


def figure(start: int, seen: dict[str, str]) -> Figure | None:
    """A figure of the file ("944e6 USD", "2048 GPU", "null USD GLITCH number lost"), None for what is none."""
    printed, value = seen["printed"], seen["value"]
    end = start + len(printed)
    if value.startswith("null"):
        return Figure(start, end, printed, "money", None, unit="USD", suspect="digit-lost")
    found = VALUE.match(value)
    if found is None or "not a" in value or "not valid" in value or "date" in value:
        return None
    lower, upper, said = found.groups()
    currency = re.match(r"(USD|IDR|JPY|KRW|TWD|THB|INR)\b", said)
    kind: Kind = "year" if said.startswith("year") else "money" if currency else "count"
    unit = currency[1] if currency else "%" if said.startswith("percent") else None
    plain = format(Decimal(lower), "f")
    return Figure(start, end, printed, kind, plain, format(Decimal(upper), "f") if upper else None, unit)


def page(seen: dict[str, Any], *, address: bool) -> Features:
    """The features of a page whose text is not known: blanks in its place."""
    length, figures = 0, []
    for one in seen["figures"]:
        if (found := figure(length, one)) is not None:
            figures.append(found)
        length += len(one["printed"]) + 5
    reading = Reading(seen["language"], tuple(figures), (), ())
    return features(seen["id"], " " * length, reading, seen["address"] if address else "")


@pytest.fixture
def pages(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "sources_seen.json").read_text(encoding="utf-8"))[
        "pages"
    ]
    return found


def answers(pages: list[dict[str, Any]], *, address: bool) -> Counter[tuple[str, str]]:
    """Counted by what is true ("copies", or "apart" for a copy and an independent page) and what was said."""
    group = {one["id"]: one["group"] for one in pages}
    counted: Counter[tuple[str, str]] = Counter()
    for pair in Collection([page(one, address=address) for one in pages]).pairs():
        copies = [group[name] == COPY for name in (pair.a, pair.b)]
        if any(copies):
            counted["copies" if all(copies) else "apart", pair.verdict.answer] += 1
    return counted


def test_of_figures_alone_no_independent_page_is_called_a_copy(pages: list[dict[str, Any]]) -> None:
    counted = answers(pages, address=False)
    assert counted["apart", "same-origin"] == 0
    assert counted["apart", "independent"] > 1500
    assert counted["copies", "same-origin"] > 0


def test_with_their_addresses_copies_under_one_title_are_found(pages: list[dict[str, Any]]) -> None:
    counted = answers(pages, address=True)
    assert counted["apart", "same-origin"] == 0
    assert counted["copies", "same-origin"] >= 100
