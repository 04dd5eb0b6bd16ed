"""Captured texts held against one another: what is proposed, what is remembered, and how many queries it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions import tracing
from claims.actions.kinships import leave_open, reject
from claims.actions.tracing import trace
from claims.lineage.candidates import MOST_KEYS, MOST_LISTED
from claims.models import Kinship, Source, SourceKey, TracedText
from claims.models.capture import newest
from kb.lib import blobs
from tests import building as build
from tests.claims.kin import a_pair, a_reading, captured, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeds(shared: Path) -> dict[str, str]:
    return {path.name[:3]: path.read_bytes().decode() for path in sorted((shared / "seeds").glob("*.txt"))}


def found() -> dict[tuple[str, str], str]:
    rows = Kinship.objects.with_sources()
    return {(one.first.slug, one.second.slug): one.verdict for one in rows}


def again(source: Source) -> int:
    snapshot = newest(source)
    assert snapshot is not None
    return trace(snapshot, again=True)


# Proposing ----------------------------------------------------------------------------------------------------


def test_the_four_seeds_captured_in_turn_propose_the_three_pairs(seeds: dict[str, str]) -> None:
    for name in ("000", "001", "003", "002"):
        a_reading(f"seed-{name}", seeds[name])
    same = Kinship.Answer.SAME
    assert found() == {
        ("seed-000", "seed-001"): same,
        ("seed-000", "seed-003"): same,
        ("seed-001", "seed-003"): same,
    }
    assert {one.judged for one in Kinship.objects.all()} == {"open"}
    lost = Kinship.objects.get(first__slug="seed-000", second__slug="seed-001")
    assert lost.copy == "first"
    assert [(one["kind"], one["lost_in"]) for one in lost.drift] == [
        ("digit-lost", "first"),
        ("relation", ""),
    ]
    assert any("ensigame.com" in reason["told"].get("printed", "") for reason in lost.why)


def test_the_order_of_capturing_changes_nothing_but_who_is_first(seeds: dict[str, str]) -> None:
    for name in ("002", "003", "001", "000"):
        a_reading(f"seed-{name}", seeds[name])
    assert set(found()) == {
        ("seed-003", "seed-001"),
        ("seed-003", "seed-000"),
        ("seed-001", "seed-000"),
    }
    assert Kinship.objects.get(first__slug="seed-001").copy == "second"


def test_a_proposal_says_why_what_is_shared_and_which_is_the_likelier_copy() -> None:
    pair = a_pair()
    assert (pair.first.slug, pair.second.slug, pair.verdict) == ("first", "second", "same-origin")
    assert pair.score > 0.9
    assert {"rare-figures", "order", "credits"} <= {reason["code"] for reason in pair.why}
    assert pair.shared
    assert {pair.first_text, pair.second_text} == set(
        TracedText.objects.values_list("text_sha256", flat=True)
    )


def test_the_date_that_an_editor_gave_tells_the_copy() -> None:
    a_reading("late", story("wind", "en", "origin"), published_on="2025-02-04")
    a_reading("early", story("wind", "de"), published_on="2025-02-01")
    pair = Kinship.objects.get()
    assert (pair.first.slug, pair.copy) == ("late", "first")
    assert pair.why[-1] == {"code": "copy-later", "told": {"copy": "“Late”", "date": "2025-02-04"}}


def test_a_month_is_neither_before_nor_after_a_day_of_it() -> None:
    a_reading("month", story("wind", "en", "origin"), published_on="2025-02")
    a_reading("day", story("wind", "de"), published_on="2025-02-10")
    assert Kinship.objects.get().copy == ""


def test_an_independent_report_is_a_note_that_waits_for_nobody() -> None:
    a_reading("first", story("wind", "en", "origin"))
    a_reading("report", story("wind", "en", "report"))
    note = Kinship.objects.get()
    assert (note.verdict, note.common_source) == ("independent", "Meridian")
    assert not Kinship.objects.waiting().exists()


def test_texts_about_other_things_meet_nobody() -> None:
    a_reading("first", story("wind", "en", "origin"))
    a_reading("other", story("trial", "en", "origin"))
    assert found() == {}


def test_without_the_keys_nobody_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what proposes is the table of keys."""
    monkeypatch.setattr(tracing, "blocking_keys", lambda source: {})
    a_reading("first", story("wind", "en", "origin"))
    a_reading("second", story("wind", "de"))
    assert not SourceKey.objects.exists()
    assert found() == {}


def test_what_is_linked_on_the_desk_already_asks_nobody() -> None:
    origin = a_reading("first", story("wind", "en", "origin"))
    a_reading("second", story("wind", "de"), derived_from=origin, derivation="translation")
    pair = Kinship.objects.get()
    assert (pair.judged, pair.judged_by, pair.judged_at is None) == ("confirmed", None, False)


def test_sources_that_were_put_aside_are_no_candidates() -> None:
    origin = a_reading("first", story("wind", "en", "origin"))
    Source.objects.filter(pk=origin.pk).update(state="discarded")
    a_reading("second", story("wind", "de"))
    assert found() == {}


def test_a_text_that_is_not_held_here_is_not_compared() -> None:
    source = build.a_source(snapshots=[build.a_snapshot("elsewhere")])
    assert trace(source.snapshots.get()) == 0
    assert not TracedText.objects.exists()


def test_a_relative_whose_text_is_gone_is_left_out() -> None:
    origin = a_reading("first", story("wind", "en", "origin"))
    blobs.remove(origin.snapshots.get().text_sha256)
    a_reading("second", story("wind", "de"))
    assert found() == {}


def test_what_is_captured_stays_when_the_comparison_breaks(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_changes: Any) -> None:
        raise RuntimeError("no features")

    monkeypatch.setattr(tracing, "features", broken)
    source = a_reading("first", "A text of which nobody has read a word before now.")
    assert source.snapshots.count() == 1
    assert "no features" in caplog.text
    assert not TracedText.objects.exists()


# Remembering --------------------------------------------------------------------------------------------------


def test_the_same_text_again_changes_nothing() -> None:
    pair = a_pair()
    captured(pair.second, story("wind", "de"))
    assert again(pair.second) == 0
    assert Kinship.objects.get().found_at == pair.found_at


def test_a_rejected_pair_stays_rejected_for_the_same_texts(editor: Any) -> None:
    pair = a_pair()
    reject(pair, by=editor, why="Two reporters in one room.")
    assert again(pair.second) == again(pair.first) == 0
    assert Kinship.objects.get().judged == "rejected"


def test_a_rejected_pair_comes_again_with_another_text_and_says_so(editor: Any) -> None:
    pair = a_pair()
    reject(pair, by=editor, why="Two reporters in one room.")
    captured(pair.second, story("wind", "de") + "\nNachtrag der Redaktion.")
    standing = Kinship.objects.get()
    assert standing.judged == "open"
    assert standing.judged_before
    assert (standing.judged_by, standing.reason) == (editor, "Two reporters in one room.")
    assert standing.second_text != pair.second_text


def test_a_rejected_pair_stays_rejected_when_the_new_text_is_about_something_else(editor: Any) -> None:
    pair = a_pair()
    reject(pair, by=editor, why="Two reporters in one room.")
    captured(pair.second, story("trial", "fr"))
    assert Kinship.objects.get().judged == "rejected"


def test_what_was_left_open_stands_aside_until_a_text_changes(editor: Any) -> None:
    pair = a_pair()
    leave_open(pair, by=editor)
    assert again(pair.second) == 0
    assert not Kinship.objects.waiting().exists()
    captured(pair.second, story("wind", "de") + "\nNachtrag der Redaktion.")
    assert Kinship.objects.waiting().get().judged_before


def test_a_proposal_goes_when_the_text_is_another() -> None:
    pair = a_pair()
    captured(pair.second, story("trial", "fr"))
    assert found() == {}
    assert SourceKey.objects.filter(source=pair.second).count() <= MOST_KEYS


def test_an_interrupted_comparison_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys were entered, so that others find it; the text is not taken for compared."""
    origin = a_reading("first", story("wind", "en", "origin"))
    with monkeypatch.context() as patch:
        patch.setattr(tracing, "compare", None)
        source = a_reading("second", story("wind", "de"))
    assert found() == {}
    assert TracedText.objects.get(source=source).traced_at is None
    snapshot = newest(source)
    assert snapshot is not None
    assert trace(snapshot) == 1
    assert found() == {(origin.slug, source.slug): "same-origin"}


# However many there are ---------------------------------------------------------------------------------------


def queries_of_capturing(slug: str) -> int:
    source = build.a_source(slug, language="de")
    with CaptureQueriesContext(connection) as queries:
        captured(source, story("wind", "de") + f"\n{slug}")
    return len(queries)


def test_queries_do_not_grow_with_the_sources() -> None:
    a_reading("origin", story("wind", "en", "origin"))
    few = queries_of_capturing("few")
    others = [
        story(name, language, role)
        for name, language, role in (("trial", "en", "origin"), ("trial", "fr", "copy"))
    ]
    for number in range(30):
        a_reading(f"more-{number}", f"{others[number % 2]}\n{number}")
    for number in range(12):
        a_reading(f"copy-{number}", story("wind", "ru") + f"\n{number}")
    assert queries_of_capturing("many") <= few


def test_a_list_of_one_key_holds_the_first_sources_alone() -> None:
    text = story("wind", "en", "origin")
    for number in range(MOST_LISTED + 3):
        build_only = build.a_source(f"copy-{number:02}", language="en")
        snapshot = captured(build_only, text).snapshot
        assert TracedText.objects.get(source=build_only).text_sha256 == snapshot.text_sha256
    per_key = [
        SourceKey.objects.filter(hash=key).count()
        for key in SourceKey.objects.values_list("hash", flat=True).distinct()
    ]
    assert max(per_key) == MOST_LISTED
    last = Kinship.objects.of(Source.objects.get(slug=f"copy-{MOST_LISTED + 2:02}"))
    assert last.count() == MOST_LISTED


@pytest.mark.parametrize("key", [0, 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_every_hash_fits_the_column(key: int) -> None:
    source = build.a_source()
    kept = SourceKey.objects.create(source=source, hash=tracing._signed(key))
    kept.refresh_from_db()
    assert kept.hash % (1 << 64) == key
