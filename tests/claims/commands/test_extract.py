"""manage.py extract: what a text holds, as JSON that the outside relies on."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.building import an_entity

pytestmark = pytest.mark.django_db

TEXT = "Zorblatt paid about $1.6 billion for 50,000 units on 17 October 2023."


def run(*args: object) -> str:
    out = StringIO()
    call_command("extract", *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_figures_dates_and_names_come_as_json(file: Path) -> None:
    an_entity("zorblatt")
    found = json.loads(run(file, "--language", "en", "--format", "json"))
    assert found["language"] == "en"
    names = ("printed", "kind", "value", "unit", "comparator")
    assert [tuple(one[name] for name in names) for one in found["figures"]] == [
        ("$1.6 billion", "money", "1600000000", "USD", "approx"),
        ("50,000", "count", "50000", None, "eq"),
        ("17 October 2023", "date", "2023-10-17", None, "eq"),
    ]
    assert all(
        TEXT[one["start"] : one["end"]] == one["printed"] for one in found["figures"] + found["mentions"]
    )
    assert [one["entity"] for one in found["mentions"]] == ["zorblatt"]


def test_the_language_is_told_from_the_text(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("Tổng đầu tư vượt qua 500 triệu đô la.", encoding="utf-8")
    found = json.loads(run(path, "--format", "json"))
    assert found["language"] == "vi"
    assert [one["value"] for one in found["figures"]] == ["500000000"]


def test_several_files_are_a_line_each(file: Path) -> None:
    lines = run(file, file, "--language", "en", "--format", "json").splitlines()
    assert [json.loads(line)["file"] for line in lines] == [str(file)] * 2


def test_the_table_says_why_a_figure_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("They spent $ million on it.", encoding="utf-8")
    assert "not read: digit-lost" in run(path, "--language", "en")


@pytest.mark.parametrize(
    ("content", "message"), [(b"caf\xe9", "byte 3 is no UTF-8"), (b"a\x00b", "character 2")]
)
def test_what_is_no_text_is_refused_with_its_place(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        run(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"there is no file .*nowhere\.txt"):
        run(tmp_path / "nowhere.txt")
