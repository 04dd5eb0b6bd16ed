"""Score `manage.py extract` against hand-checked figures.

    python benchmarks/score_extraction.py GOLD.json EXTRACTED.json

A figure counts when its span, kind and value are those of the gold; `body`, `title` and `meta` are scored, what is
found elsewhere is passed over. Exit 1 where F1 is below 0.98, a name is read as a quantity, or a lost digit has
a value.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

SCORED = {"body", "title", "title-repeated", "meta"}
BOUNDS = {"about": "approx", "more-than": "gt", "less-than": "lt", "at-least": "ge", "up-to": "le"}


@dataclass
class Score:
    """What was right, wrong and missing in one file."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    bounds: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / ((self.right + len(self.wrong)) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + len(self.missing)) or 1)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1)


def score(gold: dict[str, Any], found: dict[str, Any]) -> Score:
    """Compare one gold file with one extraction of the same text."""
    result = Score()
    figures = {(one["start"], one["end"]): one for one in found["figures"]}
    passed_over = [one for one in gold["figures"] if one["region"] not in SCORED]
    for one in gold["figures"]:
        if one["region"] not in SCORED:
            continue
        got = figures.pop((one["start"], one["end"]), None)
        if got is not None and got["kind"] == one["kind"] and _same(one["value"], got["value"]):
            result.right += 1
            expected = BOUNDS.get(one.get("bound", ""), "eq")
            if got["comparator"] != expected:
                result.bounds.append(f"{one['printed']}: {got['comparator']}, not {expected}")
        else:
            result.missing.append(f"{one['printed']} ({one['kind']} {one['value']}), read as {got}")
            if got is not None:
                result.wrong.append(f"{got['printed']} read as {got['kind']} {got['value']}")
        if one["value"] is None and got is not None and got["value"] is not None:
            result.guessed.append(one["printed"])
    for (start, end), got in figures.items():
        if any(start < one["end"] and one["start"] < end for one in passed_over):
            continue
        if any(start < one["end"] and one["start"] < end for one in gold["not_figures"]):
            result.names.append(got["printed"])
        if got.get("region") != "boilerplate":
            result.wrong.append(f"{got['printed']} at {start}: {got['kind']} {got['value']}")
    return result


def _same(expected: object, value: str | None) -> bool:
    if expected is None or value is None:
        return expected is value
    try:
        return Decimal(str(expected)) == Decimal(value)
    except ArithmeticError:
        return str(expected) == value


def main() -> int:
    gold_path, found_path = map(Path, sys.argv[1:3])
    result = score(json.loads(gold_path.read_text()), json.loads(found_path.read_text()))
    print(f"{gold_path.name}: precision {result.precision:.3f} recall {result.recall:.3f} F1 {result.f1:.3f}")
    for name in ("wrong", "missing", "names", "guessed", "bounds"):
        for line in getattr(result, name):
            print(f"  {name}: {line}")
    return 0 if result.f1 >= 0.98 and not (result.names or result.guessed or result.bounds) else 1


if __name__ == "__main__":
    sys.exit(main())
