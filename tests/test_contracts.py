"""The import contracts cover everything: a module that nobody has placed on a side of the wall fails here."""

from __future__ import annotations

import tomllib
from typing import Any

from tests.conftest import ROOT

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "importlinter"
]["contracts"]
READING = next(one for one in CONTRACTS if one["name"].startswith("Readers and partners"))
PURE = next(one for one in CONTRACTS if one["name"].startswith("The machinery"))

# What lies on neither list, and why that is right.
ELSEWHERE = {
    "claims.actions": "writes the desk",
    "claims.admin": "shows the desk to editors",
    "claims.apps": "tells Django the app's name",
    "claims.dossiers": "carries the desk in and out",
    "claims.gathering": "asks the desk what suggestions are drawn from",
    "claims.ledger": "has a contract of its own: knows nothing of the desk",
    "claims.letterbox": "takes readers' letters in for the desk",
    "claims.management": "commands of whoever runs the base",
    "claims.migrations": "the desk's tables",
    "claims.models": "the desk",
    "claims.permissions": "asks the desk who wrote what",
    "claims.deriving": "what the bridge adds to a claim",
    "claims.press": "the one bridge",
    "claims.spreadsheets": "carries the desk in and out, as tables",
    "claims.using": "asks the desk what rests on what",
    "claims.synthetic": "writes the desk for benchmarks",
    "claims.workflow": "a table of states",
    "kb.admin": "the admin's side of a root",
    "kb.changelists": "lists of the admin",
    "kb.pickers": "pickers of the admin",
    "kb.apps": "tells Django the app's name",
    "kb.lib": "leaf modules; the pure ones are listed one by one",
    "kb.management": "commands of whoever runs the base",
    "kb.middleware": "touches no table",
    "kb.migrations": "the desk's history",
    "kb.models": "the desk's history",
    "kb.settings": "protected",
    "kb.urls": "the root URLconf, which also names the admin",
    "kb.wsgi": "the entrance",
}


def modules(package: str) -> set[str]:
    folder = ROOT / package
    found = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    return {f"{package}.{name}" for name in found - {"__init__"}}


def test_every_module_has_its_side_of_the_wall():
    placed = set(READING["source_modules"]) | set(PURE["source_modules"]) | set(ELSEWHERE)
    assert modules("claims") | modules("kb") <= placed


def test_no_exemption_is_stale():
    assert set(ELSEWHERE) <= modules("claims") | modules("kb")
    assert not set(ELSEWHERE) & set(READING["source_modules"])
