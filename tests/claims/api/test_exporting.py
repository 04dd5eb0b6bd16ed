"""Downloads of everything of one kind."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from claims.api.reading import exporting
from claims.api.reading.exporting import KINDS, MEDIA, NAMES
from claims.exports import TABLES
from tests.building import a_claim, an_entity, published
from tests.claims.api.asking import API, every, get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


def download(client: Client, name: str, query: str = "") -> str:
    answer = client.get(f"{API}/exports/{name}?{query}")
    assert answer.status_code == 200, answer.content
    assert answer.streaming
    return b"".join(answer).decode()


def lines(client: Client, kind: str, query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in download(client, f"{kind}.jsonl", query).splitlines()]


def rows(client: Client, kind: str, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(download(client, f"{kind}.csv", query), newline="")))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["", "lang=bn", "labels=off"])
def test_lines_are_what_the_list_gives(client, kind, query):
    listed = every(client, f"/{kind}/?page_size=100&{query}")
    if kind == "claims":
        listed += every(client, f"/claims/?page_size=100&rank=deprecated&{query}")
    exported = lines(client, kind, query)
    assert sorted(exported, key=lambda one: one["ref"]) == sorted(listed, key=lambda one: one["ref"])


@pytest.mark.parametrize("kind", KINDS)
def test_csv_has_the_same_rows_in_the_same_order(client, kind):
    exported, table = lines(client, kind), rows(client, kind)
    assert tuple(table[0]) == TABLES[kind]
    assert [row["ref"] for row in table] == [one["ref"] for one in exported]
    assert [row["url"] for row in table] == [one["url"] for one in exported]
    for column in {column for column in TABLES[kind] if "." in column}:  # every path leads somewhere
        head = column.split(".")[0]
        assert head in exported[0], column


def test_csv_of_claims_says_what_the_claims_say(client):
    row = next(
        one for one in rows(client, "claims") if one["subject.slug"] == "deepseek-v3"
        and one["property.slug"] == "training-cost" and one["value.amount"] == "6000000"
    )  # fmt: skip
    assert row["sentence"] == "Training DeepSeek-V3 cost about $6 million"
    assert (row["value.comparator"], row["value.unit"], row["value.lower_bound"]) == (
        "approx",
        "USD",
        "5500000",
    )
    assert set(row["scope.term"].split("; ")) >= {"final-training-run"}
    assert len(set(row["evidence.source.ref"].split("; "))) == int(row["sources"])
    assert row["license"] == "CC-BY-4.0"


def test_the_list_names_and_counts_every_file(client):
    found = get(client, "/exports/")["results"]
    assert [one["name"] for one in found] == NAMES
    for one in found:
        kind, form = one["name"].split(".")
        assert one["url"] == f"http://testserver{API}/exports/{one['name']}?edition=1"
        assert (one["media_type"], one["edition"], one["license"]) == (MEDIA[form], 1, "CC-BY-4.0")
        assert one["records"] == len(lines(client, kind, "edition=1"))


def test_a_file_stays_as_its_edition_was(client):
    before = {name: download(client, name, "edition=1") for name in NAMES}
    published(a_claim(), an_entity())
    assert {name: download(client, name, "edition=1") for name in NAMES} == before
    later = lines(client, "claims")
    assert [one["edition"] for one in later] == sorted(one["edition"] for one in later)
    assert later[-1]["edition"] == 2
    assert len(later) == len(lines(client, "claims", "edition=1")) + 1


def test_what_is_published_while_a_file_is_read_does_not_show(client, monkeypatch):
    monkeypatch.setattr(exporting, "CHUNK", 10)
    whole = download(client, "entities.jsonl")
    stream = iter(client.get(f"{API}/exports/entities.jsonl"))
    first = next(stream)
    published(an_entity())
    assert (first + b"".join(stream)).decode() == whole


def test_headers_say_what_it_is_and_304_when_nothing_changed(client):
    answer = client.get(f"{API}/exports/claims.csv", headers={"Accept": "text/csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="claims-1.csv"'
    assert answer["X-Edition"] == "1"
    again = client.get(f"{API}/exports/claims.csv", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(f"{API}/exports/claims.jsonl")
    assert head["Content-Type"] == "application/jsonl; charset=utf-8"
    assert b"".join(head) == b""
    assert head["ETag"] == client.get(f"{API}/exports/claims.jsonl")["ETag"] != answer["ETag"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("claims", 404),
        ("claims.xml", 404),
        ("companies.csv", 404),
        ("claims.csv?labels=off", 400),
        ("claims.jsonl?nobody=deepseek", 400),
        ("claims.jsonl?edition=9", 400),
        ("?page_size=2", 400),
    ],
)
def test_what_is_no_file_is_said(client, address, status):
    assert get(client, f"/exports/{address}", status=status)["status"] == status


def test_no_cell_is_a_formula(client):
    published(a_claim(note={"en": "=HYPERLINK(1)"}))
    (row,) = [row for row in rows(client, "claims") if "HYPERLINK" in row["note"]]
    assert row["note"] == "'=HYPERLINK(1)"
