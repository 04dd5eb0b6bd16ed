"""A timeline as Atom."""

from datetime import UTC, datetime
from xml.etree import ElementTree

from claims.feeds import MOST_ENTRIES, Printed, stable_id, timeline_atom
from tests.claims.story import RELEASED, V3, claim

ATOM = "{http://www.w3.org/2005/Atom}"
MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
TIMELINE = {"ref": "t1", "slug": "story", "title": "A \u0008story & more", "description": ""}


def atom(claims, printed, language="en"):
    text = timeline_atom(
        TIMELINE, claims, printed, language, updated=MARCH, page="https://a.example/t/", feed="https://a.example/t.atom",
        address=lambda one: f"https://a.example/claims/{one['ref']}/",
    )  # fmt: skip
    return ElementTree.fromstring(text)  # noqa: S314  our own


def texts(root, name):
    return [one.text for one in root.iter(ATOM + name)]


def test_feed_has_what_the_standard_asks_for():
    claims = [claim(f"c{n}", V3, RELEASED, time="2024-12-26") for n in (1, 2)]
    root = atom(claims, {"c1": Printed(MARCH, MARCH, "Ann"), "c2": Printed(MARCH, APRIL, "the desk")})
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}title").text == "A story & more"
    assert root.find(f"{ATOM}updated").text == "2026-04-01T00:00:00+00:00"
    assert {one.get("rel") for one in root.findall(f"{ATOM}link")} == {"alternate", "self"}
    entries = root.findall(f"{ATOM}entry")
    assert [one.find(f"{ATOM}id").text for one in entries] == [stable_id("c2", "en"), stable_id("c1", "en")]
    assert [one.find(f"{ATOM}author/{ATOM}name").text for one in entries] == ["the desk", "Ann"]
    assert [one.find(f"{ATOM}published").text for one in entries] == ["2026-03-01T00:00:00+00:00"] * 2
    ids = texts(root, "id")
    assert len(ids) == len(set(ids)) == 3
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_an_empty_feed_does_not_change_by_itself():
    assert atom([], {}).find(f"{ATOM}updated").text == "2026-03-01T00:00:00+00:00"


def test_an_id_stays_when_the_words_change_and_differs_by_language():
    one = claim("c1", V3, RELEASED, time="2024")
    printed = {"c1": Printed(MARCH, MARCH, "Ann")}
    first = texts(atom([one], printed), "id")
    assert texts(atom([one | {"note": "Mended."}], printed), "id") == first
    assert set(texts(atom([one], printed, "bn"), "id")).isdisjoint(first)


def test_a_long_feed_keeps_what_changed_last():
    claims = [claim(f"c{n:03}", V3, RELEASED, time="2024") for n in range(MOST_ENTRIES + 1)]
    printed = {one["ref"]: Printed(MARCH, MARCH, "Ann") for one in claims} | {
        "c000": Printed(MARCH, APRIL, "Ann")
    }
    ids = texts(atom(claims, printed), "id")
    assert len(ids) == MOST_ENTRIES + 1
    assert stable_id("c000", "en") in ids
