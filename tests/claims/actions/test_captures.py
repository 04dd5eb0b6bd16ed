"""Copies of sources: stored, known again, and gone back for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims.actions import captures
from claims.capturing.documents import read
from claims.ledger.models import Edition
from claims.models import CaptureAttempt, Outcome, Source
from kb.lib import blobs
from kb.lib.net import Guard
from tests.building import a_claim, a_quote, a_snapshot, a_source, published, some_evidence
from tests.claims.capturing.making import LONG, a_page, a_pdf
from tests.serving import PUBLIC, Site, serving

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1", "::1", PUBLIC])]
DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        yield one


def guard(site: Site) -> Guard:
    return Guard(
        agent="test", ports=frozenset({site.port}), excepted=frozenset({(PUBLIC, site.port)}), seconds=5
    )


def again(source: Source, site: Site, days: int = 0) -> CaptureAttempt:
    return captures.recapture(source, guard=guard(site), at=DAY + timedelta(days=days))


def outcomes(source: Source) -> list[str]:
    return list(source.attempts.order_by("at", "id").values_list("outcome", flat=True))


def cited(url: str = "", text: str = "", exact: str = "", **changes: Any) -> Source:
    """A published source, quoted where `text` says something."""
    source = a_source(url=url, snapshots=[a_snapshot(text)] if text else [], **changes)
    quote = a_quote(source.snapshots.get(), text, exact) if exact else None
    published(a_claim(evidence=[some_evidence(source, quote=quote)]))
    source.refresh_from_db()
    return source


# Storing ----------------------------------------------------------------------------------------------------


def test_a_page_is_kept_with_its_text_apart(editor: User) -> None:
    data = a_page(*LONG).encode()
    captured = captures.capture(data, a_source(), address="https://gazette.example/x", by=editor, at=DAY)
    snapshot = captured.snapshot
    assert (snapshot.media_type, snapshot.text()) == ("text/html", "\n".join(["The fee", *LONG]))
    assert snapshot.sha256 != snapshot.text_sha256
    assert blobs.read(snapshot.sha256) == data
    attempt = CaptureAttempt.objects.get()
    assert (attempt.outcome, attempt.address, attempt.by, attempt.at) == (
        Outcome.CAPTURED, "https://gazette.example/x", editor, DAY,
    )  # fmt: skip


def test_a_pdf_is_kept_too(editor: User) -> None:
    captured = captures.capture(a_pdf("The fee was 5 million."), a_source(), by=editor)
    assert (captured.snapshot.media_type, captured.snapshot.text()) == (
        "application/pdf",
        "The fee was 5 million.",
    )


def test_what_gives_no_text_leaves_no_trace(tmp_path: Any) -> None:
    source = a_source()
    for data in (b"PK\x03\x04 a document", a_pdf("x")[:60], b"<html><script>load()</script></html>"):
        with pytest.raises(ValidationError):
            captures.capture(data, source, by=None)
    assert (source.snapshots.count(), CaptureAttempt.objects.count()) == (0, 0)
    assert not list(tmp_path.rglob("blobs/*/*"))


def test_a_copy_with_another_text_queues_up_where_words_are_quoted() -> None:
    source = cited(text="The fee was 1 million.", exact="1 million")
    captures.capture(b"The fee was 1 million.", source, by=None, at=DAY)
    captures.capture(b"The fee was 2 million.", source, by=None, at=DAY + timedelta(days=1))
    assert outcomes(source) == [Outcome.CAPTURED, Outcome.CHANGED]
    (quoted,) = captures.quotes(source.snapshots.last())
    assert (quoted.evidence.exact, quoted.found) == ("1 million", False)


# Known again ------------------------------------------------------------------------------------------------


def test_a_source_is_known_by_its_bytes_first() -> None:
    page = a_page(*LONG).encode()
    source = a_source(url="https://gazette.example/fee")
    captures.capture(page, source, by=None)
    known = captures.known(data=page, text=read(page).text, urls=["https://gazette.example/fee"])
    assert known is not None
    assert (known.source, known.by, known.why) == (source, "bytes", "it holds the very same file")


def test_a_source_is_known_by_its_text_in_other_bytes() -> None:
    source = a_source()
    captures.capture(a_page(*LONG).encode(), source, by=None)
    other = a_page(*LONG, head="<script>track(2)</script>").encode()
    known = captures.known(data=other, text=read(other).text)
    assert known is not None
    assert (known.source, known.by) == (source, "text")


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/fee?id=1", "http://www.Gazette.example:80/fee/?id=1&utm_source=mail#top",
        "https://gazette.example/fee?fbclid=x&id=1",
    ],
)  # fmt: skip
def test_a_source_is_known_by_its_address(url: str) -> None:
    source = a_source(url="https://www.gazette.example/fee?id=1&utm_campaign=spring")
    known = captures.known(data=b"new", text="new", urls=["", url])
    assert known is not None
    assert (known.source, known.by) == (source, "address")
    assert captures.known(urls=[url], other_than=source) is None


@pytest.mark.parametrize(
    "url",
    ["https://gazette.example/fee?id=2", "https://gazette.example/", "https://azette.example/fee?id=1", "no"],
)
def test_another_address_is_not_known(url: str) -> None:
    a_source(url="https://gazette.example/fee?id=1")
    assert captures.known(data=b"new", text="new", urls=[url]) is None


# Going back -------------------------------------------------------------------------------------------------


def test_what_is_cited_and_has_an_address_is_due_longest_ago_first(site: Site) -> None:
    url = site.page("/", a_page(*LONG).encode())
    old, fresh, never = cited(url), cited(url), cited(url)
    cited(), a_source(url=url)  # without an address; cited by nothing that is published
    again(old, site, days=-40)
    again(fresh, site, days=-3)
    month = timedelta(days=30)
    assert list(captures.due(DAY, after=month)) == [never, old]
    assert list(captures.due(DAY, after=timedelta(0))) == [never, old, fresh]


def test_the_same_text_in_other_bytes_is_unchanged(site: Site) -> None:
    source = cited(site.page("/", a_page(*LONG).encode()))
    again(source, site)
    site.page("/", a_page(*LONG, head="<!-- 1,234 visits -->").encode())
    attempt = again(source, site, days=1)
    assert outcomes(source) == [Outcome.CAPTURED, Outcome.UNCHANGED]
    assert attempt.snapshot == source.snapshots.get()


def test_a_changed_text_queues_up_with_the_words_that_are_gone(site: Site) -> None:
    source = cited(site.page("/", a_page(*LONG).encode()))
    snapshot = again(source, site).snapshot
    text = snapshot.text()
    quotes = [a_quote(snapshot, text, f"fee of {number},5 million euros") for number in (1, 2)]
    claim = a_claim(evidence=[some_evidence(source, quote=quote) for quote in quotes])
    published(claim)
    site.page("/", a_page(LONG[0].replace("1,5", "1,9"), *LONG[1:]).encode())
    attempt = again(source, site, days=31)
    assert (attempt.outcome, attempt.is_open, attempt.snapshot.position) == (Outcome.CHANGED, True, 1)
    assert [(one.evidence.start, one.found) for one in captures.quotes(attempt.snapshot)] == [
        (quotes[0].start, False),
        (quotes[1].start, True),
    ]
    assert {one.snapshot for one in claim.evidence.all()} == {snapshot}, "evidence stays where it was pinned"
    assert Edition.objects.latest("number").reason == "source-changed"


def test_a_pasted_text_and_its_page_are_compared_by_what_is_quoted(site: Site) -> None:
    pasted = f"The fee -- {LONG[0]}"
    source = cited(site.page("/", a_page(*LONG).encode()), text=pasted, exact="fee of 1,5 million euros")
    assert again(source, site).outcome == Outcome.UNCHANGED
    assert source.snapshots.count() == 1
    assert again(source, site, days=1).outcome == Outcome.UNCHANGED
    site.page("/", a_page(*LONG[1:]).encode())
    assert again(source, site, days=2).outcome == Outcome.CHANGED
    assert source.snapshots.count() == 2


def test_a_pasted_text_of_which_nothing_is_quoted_gets_the_page_beside_it(site: Site) -> None:
    source = cited(site.page("/", a_page(*LONG).encode()), text="The fee, in short.")
    assert again(source, site).outcome == Outcome.CAPTURED
    site.page("/", a_page(*LONG[1:]).encode())
    assert again(source, site, days=1).outcome == Outcome.CHANGED


def test_a_copy_from_a_file_does_not_put_off_going_back(site: Site) -> None:
    source = cited(site.page("/", a_page(*LONG).encode()))
    captures.capture(b"The fee, in short.", source, by=None, at=DAY)
    assert list(captures.due(DAY, after=timedelta(days=30))) == [source]


def test_a_page_that_goes_back_and_forth_changes_each_time_and_stores_no_third_copy(site: Site) -> None:
    source = cited(site.url("/"))
    for days, paragraphs in enumerate([LONG, LONG[:7], LONG, LONG]):
        site.page("/", a_page(*paragraphs).encode())
        again(source, site, days=days)
    assert outcomes(source) == [Outcome.CAPTURED, Outcome.CHANGED, Outcome.CHANGED, Outcome.UNCHANGED]
    assert source.snapshots.count() == 2
    assert source.attempts.open_items().count() == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "dead"), (410, "dead"), (401, "refused"), (403, "refused"), (429, "refused"), (500, "failed"),
     (503, "failed")],
)  # fmt: skip
def test_an_answer_without_a_page_is_told_apart(site: Site, status: int, outcome: str) -> None:
    source = cited(site.url("/"))
    site.pages["/"] = (status, {}, b"")
    attempt = again(source, site)
    assert (attempt.outcome, attempt.snapshot, attempt.address) == (outcome, None, source.url)
    assert not captures.due(DAY, after=timedelta(days=30)).exists()
    assert str(status) in attempt.detail
    assert CaptureAttempt.objects.open_items().count() == (outcome == "dead")


def test_three_times_no_answer_is_dead_and_one_answer_brings_it_back(site: Site) -> None:
    source = cited(site.url("/"))
    site.pages["/"] = (503, {}, b"")
    for days in range(4):
        again(source, site, days=days)
    assert outcomes(source) == [Outcome.FAILED, Outcome.FAILED, Outcome.DEAD, Outcome.DEAD]
    assert source.attempts.open_items().count() == 1
    site.page("/", a_page(*LONG).encode())
    again(source, site, days=5)
    assert source.attempts.open_items().count() == 0
    assert set(source.attempts.filter(outcome="dead").values_list("resolved_by", flat=True)) == {None}


def test_what_the_guard_or_the_parser_refuses_is_recorded_not_raised(site: Site) -> None:
    inside = cited("http://127.0.0.1:9/")
    assert again(inside, site).outcome == Outcome.REFUSED
    picture = cited(site.page("/", b"\x89PNG\r\n", "text/html"))
    attempt = again(picture, site)
    assert (attempt.outcome, "a picture" in attempt.detail) == (Outcome.REFUSED, True)
    assert CaptureAttempt.objects.open_items().count() == 0


def test_an_item_is_taken_off_once(site: Site, editor: User) -> None:
    source = cited(site.url("/gone"))
    attempt = captures.resolve(again(source, site), by=editor, at=DAY)
    assert (attempt.resolved_by, attempt.resolved_at, attempt.is_open) == (editor, DAY, False)
    with pytest.raises(ValidationError, match="seen to already"):
        captures.resolve(attempt, by=editor)


def test_a_copy_from_a_file_brings_no_address_back(site: Site) -> None:
    source = cited(site.url("/gone"))
    again(source, site)
    captures.capture(b"The fee, in short.", source, by=None, at=DAY + timedelta(days=1))
    assert source.attempts.open_items().count() == 1
    captures.capture(a_page(*LONG).encode(), source, address=source.url, by=None, at=DAY + timedelta(days=2))
    assert source.attempts.open_items().count() == 0


def test_what_somebody_has_seen_dead_does_not_come_back_until_it_lived(site: Site, editor: User) -> None:
    source = cited(site.url("/"))
    captures.resolve(again(source, site), by=editor)
    for days in (30, 60):
        attempt = again(source, site, days=days)
        assert (attempt.outcome, attempt.resolved_by) == (Outcome.DEAD, editor)
    site.page("/", a_page(*LONG).encode())
    again(source, site, days=90)
    del site.pages["/"]
    assert again(source, site, days=120).is_open


def test_the_settings_let_nothing_inside_through() -> None:
    strict = captures.guard()
    assert (strict.excepted, strict.ports, strict.bytes, strict.seconds, strict.redirects) == (
        frozenset(), frozenset({80, 443}), 10_000_000, 20, 3,
    )  # fmt: skip
    assert strict.agent.startswith("Claimbook/")
