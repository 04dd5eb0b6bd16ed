"""manage.py lineage: which texts share an origin, as JSON that the outside relies on."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.building import an_entity

pytestmark = pytest.mark.django_db

ORIGIN = (
    "Zorblatt spent $731 million on its plant in Lindhavn, an audit of the Meridian Court shows.\n"
    "The pumps by Ordaline cost $3.46 billion and run for 217 days, the cables of Kestrel $88.5 million.\n"
    "In Torvik 4,820 people wait for power, says Vestmark. Repairs took $5.93 million a week."
)
COPY = (
    "Zorblatt gab 731 Millionen Dollar für sein Werk in Lindhavn aus, wie eine Prüfung des Meridian Court zeigt.\n"
    "Die Pumpen von Ordaline kosteten 3,46 Milliarden Dollar und laufen 217 Tage, die Kabel von Kestrel "
    "$ Millionen.\n"
    "In Torvik warten 4.820 Menschen auf Strom, sagt Vestmark. Reparaturen kosteten 5,93 Millionen Dollar pro Woche."
)
OTHER = (
    "The choir of Valdombra sang before 900 guests on Saturday. Tickets cost $45 and were sold out in a day."
)


def run(*args: object) -> str:
    out = StringIO()
    call_command("lineage", *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = []
    for name, text in (("origin.txt", ORIGIN), ("copy.txt", COPY), ("other.txt", OTHER)):
        paths.append(tmp_path / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def test_all_pairs_come_as_json(files: list[Path]) -> None:
    found = json.loads(run(*files, "--format", "json"))
    assert list(found) == ["pairs"]
    first = found["pairs"][0]
    assert set(first) >= {"a", "b", "verdict", "score", "shared", "drift", "why", "common_source"}
    assert [(one["a"], one["b"], one["verdict"]) for one in found["pairs"]] == [
        ("origin.txt", "copy.txt", "same-origin"),
        ("origin.txt", "other.txt", "independent"),
        ("copy.txt", "other.txt", "independent"),
    ]
    assert 0 <= first["score"] <= 1
    assert "731e6 USD" in first["shared"]
    assert first["drift"] == [{"kind": "digit-lost", "a": "$88.5 million", "b": "$ Millionen"}]
    assert first["copy"] == "copy.txt"
    assert first["why"][0].startswith("5 of 5 figures shared")
    assert found["pairs"][1]["drift"] == []


def test_names_of_the_base_are_used(files: list[Path]) -> None:
    before = json.loads(run(*files[:2], "--format", "json"))["pairs"][0]["why"]
    an_entity("zorblatt")
    an_entity("vestmark")
    after = json.loads(run(*files[:2], "--format", "json"))["pairs"][0]
    assert after["verdict"] == "same-origin"
    assert before != [] != after["why"]


def test_the_text_says_why(files: list[Path]) -> None:
    said = run(*files)
    assert "origin.txt  copy.txt: same-origin" in said
    assert "    digit-lost: '$88.5 million' / '$ Millionen'" in said
    assert "copy.txt  other.txt: independent" in said


def test_a_language_can_be_given(files: list[Path]) -> None:
    # Read as English, 731 Millionen are no millions.
    found = json.loads(run(*files[:2], "--language", "en", "--format", "json"))
    assert "731e6 USD" not in found["pairs"][0]["shared"]
    assert "731e6 USD" in json.loads(run(*files[:2], "--format", "json"))["pairs"][0]["shared"]


def test_files_of_one_name_are_called_by_their_paths(files: list[Path], tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    twin = tmp_path / "b" / "origin.txt"
    twin.write_text(ORIGIN, encoding="utf-8")
    (pair,) = json.loads(run(files[0], twin, "--format", "json"))["pairs"]
    assert (pair["a"], pair["b"], pair["verdict"]) == (str(files[0]), str(twin), "same-origin")


def test_fewer_than_two_files_are_refused(files: list[Path]) -> None:
    with pytest.raises(CommandError, match="give two files or more"):
        run(files[0])
    with pytest.raises(CommandError, match="given twice"):
        run(files[0], files[0])


def test_a_missing_file_is_named(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"there is no file .*nowhere\.txt"):
        run(files[0], tmp_path / "nowhere.txt")
