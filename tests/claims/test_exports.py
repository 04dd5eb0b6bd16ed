"""Timelines for other programs."""

import csv
import json
from datetime import date
from io import StringIO

import pytest

from claims.events import Moment, events, moment
from claims.exports import COLUMNS, dates, safe, timeline_csv, timeline_js
from tests.claims.story import RELEASED, V3, claim, entity, prop, spin_offs

TIMELINE = {"ref": "t1", "slug": "story", "title": "A <b>story</b>", "description": "", "eras": []}


def address(one):
    return f"https://example.org/claims/{one['ref']}/"


def js(claims):
    body = timeline_js(TIMELINE, events(claims), "en", address, lambda one: one["subject"]["kind"])
    return json.loads(json.dumps(body))


@pytest.mark.parametrize(
    ("edtf", "start", "end"),
    [
        ("2023", {"year": 2023}, None),
        ("2023-05~", {"year": 2023, "month": 5}, None),
        ("2023-05-02?", {"year": 2023, "month": 5, "day": 2}, None),
        ("2023-05/2023-07", {"year": 2023, "month": 5}, {"year": 2023, "month": 7}),
        (
            "2023-10-07/2023-10-21",
            {"year": 2023, "month": 10, "day": 7},
            {"year": 2023, "month": 10, "day": 21},
        ),
        ("2023/2023-05", {"year": 2023}, {"year": 2023, "month": 5}),
        ("2023-10/..", {"year": 2023, "month": 10}, None),
        ("../2023-10", {"year": 2023, "month": 10}, None),
        ("202X", {"year": 2020}, {"year": 2029}),
    ],
)
def test_dates_are_as_fine_as_the_evidence(edtf, start, end):
    found = moment(claim("c1", V3, RELEASED, time=edtf))
    assert found is not None
    assert dates(edtf, found) == (start, end)


def test_bounds_without_a_plain_form_are_days():
    found = Moment(date(2023, 3, 1), date(2023, 5, 30), soft=False, uncertain=False)
    assert dates("2023-21", found) == (
        {"year": 2023, "month": 3, "day": 1},
        {"year": 2023, "month": 5, "day": 30},
    )


def test_timeline_js_says_every_date_once_and_escapes_what_is_not_ours():
    body = js([*spin_offs(), claim("c9", entity("x", "<script>"), RELEASED, time="2024-12-26")])
    assert set(body) == {"title", "events", "eras", "scale"}
    assert body["title"]["text"]["headline"] == "A &lt;b&gt;story&lt;/b&gt;"
    spun, released = body["events"]
    assert spun["unique_id"] == "c2"
    assert spun["start_date"] == {"year": 2023, "month": 5}
    assert "2023 (1 source, 1 origin, 1 voice)" in spun["text"]["text"]
    assert 'href="https://example.org/claims/c2/"' in spun["text"]["text"]
    assert released["display_date"] == "26 December 2024"
    assert "<script>" not in json.dumps(body)
    assert len({one["unique_id"] for one in body["events"]}) == len(body["events"])


def test_csv_has_a_line_a_claim_with_all_columns():
    rows = list(csv.DictReader(StringIO(timeline_csv(events(spin_offs()), "en", address))))
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["ref"], row["time"], row["latest"]) for row in rows] == [
        ("c2", "2023-05", "2023-05-31"),
        ("c1", "2023", "2023-12-31"),
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-cmd", "@sum", "\tx", "\rx"])
def test_no_cell_is_a_formula(cell):
    assert safe(cell) == "'" + cell
    label = prop("bad", cell)
    text = timeline_csv(events([claim("c1", V3, label, on="2023", text="x") | {"note": cell}]), "en", address)
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert row["note"] == "'" + cell
    assert row["property_label"] == "'" + cell


@pytest.mark.parametrize("cell", ["-5", "-0.25", "12", "plain", "a=b", ""])
def test_numbers_and_plain_text_stay(cell):
    assert safe(cell) == cell
