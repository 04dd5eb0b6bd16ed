"""Timelines as other programs read them, judged by what Atom and TimelineJS ask for, not by ourselves."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]
DATA = Path(__file__).resolve().parents[2] / "data"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
GRAMMAR = etree.RelaxNG(etree.parse(DATA / "atom.rng"))
TIMELINE_JS = Draft202012Validator(json.loads((DATA / "timelinejs.schema.json").read_text()))
TIMELINES = [
    f"{prefix}/timelines/{slug}"
    for prefix in ("", "/bn", "/hi", "/vi")
    for slug in ("deepseek", "export-controls")
]


def faults_of_feed(feed: Any) -> list[str]:
    """What RFC 4287 would refuse: by its grammar, and by the rules that its grammar cannot say (4.1.1, 4.1.2)."""
    faults = [] if GRAMMAR.validate(feed) else [str(GRAMMAR.error_log.last_error)]
    entries = feed.findall("a:entry", ATOM)
    if feed.find("a:author", ATOM) is None and any(one.find("a:author", ATOM) is None for one in entries):
        faults.append("neither the feed nor each entry has an author")
    for one in (feed, *entries):
        links = Counter(
            (link.get("type"), link.get("hreflang"))
            for link in one.findall("a:link", ATOM)
            if link.get("rel", "alternate") == "alternate"
        )
        if any(count > 1 for count in links.values()):
            faults.append("two alternate links of one type and language")
        if one is not feed and not links and one.find("a:content", ATOM) is None:
            faults.append("an entry with neither content nor an alternate link")
    said = Counter(
        (one.findtext("a:id", None, ATOM), one.findtext("a:updated", None, ATOM)) for one in entries
    )
    faults += [f"{key} stands twice" for key, count in said.items() if count > 1]
    ids = [one.text for one in feed.iterfind(".//a:id", ATOM)]
    return faults + [f"{one} is no absolute address" for one in ids if not urlsplit(one or "").scheme]


@pytest.mark.parametrize("address", TIMELINES)
def test_feeds_are_atom(client, address):
    answer = client.get(f"{address}.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    assert faults_of_feed(feed) == []
    assert len(feed.findall("a:entry", ATOM)) > 10
    (own,) = feed.findall("a:link[@rel='self']", ATOM)
    assert own.get("href") == f"http://testserver{address}.atom"


def test_feeds_of_the_past_are_atom_too(client):
    assert faults_of_feed(etree.fromstring(client.get("/timelines/deepseek.atom?edition=1").content)) == []


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ("no id", "a:id"),
        ("no title", "a:title"),
        ("no date", "a:entry/a:updated"),
        ("no link", "a:entry/a:link"),
        ("no name", "a:author/a:name"),
    ],
)
def test_the_judge_of_feeds_misses_what_is_missing(client, broken, path):
    feed = etree.fromstring(client.get("/timelines/deepseek.atom").content)
    found = feed.find(path, ATOM)
    found.getparent().remove(found)
    assert faults_of_feed(feed) != [], broken


@pytest.mark.parametrize(
    ("path", "text"),
    [("a:updated", "2026-04-01"), ("a:updated", "2026-04-01T00:00:00"), ("a:id", "story"), ("a:author/a:email", "x")],
)  # fmt: skip
def test_the_judge_of_feeds_refuses_what_is_malformed(client, path, text):
    feed = etree.fromstring(client.get("/timelines/deepseek.atom").content)
    parent, _, name = path.rpartition("/")
    holder = feed.find(parent, ATOM) if parent else feed
    found = holder.find(name, ATOM)
    if found is None:
        found = etree.SubElement(holder, f"{{{ATOM['a']}}}{name[2:]}")
    found.text = text
    assert faults_of_feed(feed) != []


def test_the_judge_of_feeds_refuses_what_stands_twice(client):
    feed = etree.fromstring(client.get("/timelines/deepseek.atom").content)
    entry = feed.find("a:entry", ATOM)
    feed.append(deepcopy(entry))
    assert any("stands twice" in fault for fault in faults_of_feed(feed))
    entry.append(deepcopy(entry.find("a:link", ATOM)))
    assert any("two alternate links" in fault for fault in faults_of_feed(feed))


@pytest.mark.parametrize("address", TIMELINES)
def test_json_is_what_timeline_js_reads(client, address):
    answer = client.get(f"{address}.json")
    body = answer.json()
    assert [fault.message[:200] for fault in TIMELINE_JS.iter_errors(body)] == []
    ids = [body["title"]["unique_id"], *(one["unique_id"] for one in body["events"])]
    assert len(ids) == len(set(ids)) > 10
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "change",
    [
        {"start_date": {"month": 5}},
        {"start_date": {"year": 2023, "day": 5}},
        {"start_date": {"year": "2023"}},
        {"start_date": {"year": 2023, "month": 13}},
        {"media": {"caption": "no address"}},
        {"headline": "outside its text"},
    ],
)
def test_the_judge_of_timeline_js_refuses_what_is_malformed(client, change):
    body = client.get("/timelines/deepseek.json").json()
    body["events"][0] |= change
    assert not TIMELINE_JS.is_valid(body)
