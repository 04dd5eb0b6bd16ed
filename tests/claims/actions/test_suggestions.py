"""Figures worth a claim, written down when a text is captured: what is found, what waits, and what goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import gathering
from claims.actions import suggestions
from claims.actions.merging import fold_entity
from claims.actions.readings import Passage, add_evidence, skip, take_up
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.actions.reviews import discard
from claims.actions.suggestions import suggest_figures
from claims.models import Property, ReadText, Snapshot, Source, SuggestedFigure
from companies.actions import NameDraft
from companies.models import Entity
from kb.lib import blobs
from kb.models import State
from tests import building as build
from tests.claims.kin import captured
from tests.roles import member

pytestmark = pytest.mark.django_db

FIVE, SEVEN = "5 million euros", "7 million euros"
TEXT = f"Deep Sea paid a transfer fee of {FIVE}.\nThe fee was {SEVEN}, said Deep Sea. It has 12 cats.\n"
OTHER = f"Nothing of that was true.\nDeep Sea paid a transfer fee of {SEVEN}."


@pytest.fixture
def partner() -> User:
    return member("partner", "the-gazette")


@pytest.fixture
def club() -> Entity:
    return build.an_entity("club", kind="company", names=[NameDraft(text="Deep Sea", language="en")])


@pytest.fixture
def fee() -> Property:
    return build.a_property("fee", labels={"en": "transfer fee"}, subject_kinds=["company"])


@pytest.fixture
def source(club: Entity, fee: Property) -> Source:
    return build.a_source("article", language="en")


@pytest.fixture
def read(source: Source) -> Source:
    captured(source, TEXT)
    source.refresh_from_db()
    return source


def found() -> list[tuple[str, str, str]]:
    rows = SuggestedFigure.objects.order_by("start")
    return list(rows.values_list("printed", "subject__slug", "property__slug"))


def waiting() -> list[str]:
    return list(SuggestedFigure.objects.waiting().values_list("printed", flat=True))


def place(words: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


# Finding ------------------------------------------------------------------------------------------------------


def test_a_capture_finds_the_figures_worth_a_claim_and_no_other(read: Source) -> None:
    assert found() == [(FIVE, "club", "fee"), (SEVEN, "club", "fee")]
    first = SuggestedFigure.objects.earliest("start")
    assert TEXT[first.start : first.end] == FIVE
    assert waiting() == [FIVE, SEVEN]
    assert ReadText.objects.get(source=read).text_sha256 == read.snapshots.get().text_sha256


def test_what_the_page_hung_around_the_article_is_passed_over(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = gathering.read

    def a_menu(text: str, language: str) -> Any:
        seen = real(text, language)
        return replace(seen, figures=tuple(replace(one, region="boilerplate") for one in seen.figures))

    monkeypatch.setattr(gathering, "read", a_menu)
    captured(source, TEXT)
    assert found() == []


def test_reading_it_once_more_changes_nothing(read: Source) -> None:
    before = list(SuggestedFigure.objects.values())
    assert suggest_figures(read) == 0
    assert suggest_figures(read, again=True) == 2
    assert list(SuggestedFigure.objects.values()) == before


def test_again_after_the_vocabulary_changed(read: Source, fee: Property, editor: User) -> None:
    since = SuggestedFigure.objects.earliest("start").found_at
    other = build.a_property("price", labels={"en": "transfer fee"}, subject_kinds=["company"])
    discard(fee, by=editor, expect=fee.version)
    assert waiting() == []
    assert suggest_figures(read, again=True) == 2
    assert found() == [(FIVE, "club", "price"), (SEVEN, "club", "price")]
    assert SuggestedFigure.objects.earliest("start").found_at == since
    discard(other, by=editor, expect=other.version)
    assert suggest_figures(read, again=True) == 0
    assert found() == []


def test_another_copy_takes_the_place_of_the_older_one(read: Source) -> None:
    newer = captured(read, OTHER).snapshot
    assert found() == [(SEVEN, "club", "fee")]
    assert SuggestedFigure.objects.get().snapshot == newer
    captured(read, TEXT)  # the page went back to what it said
    assert [printed for printed, _subject, _property in found()] == [FIVE, SEVEN]


def test_a_text_that_is_not_held_gives_nothing_and_an_older_one_that_is_does(source: Source) -> None:
    elsewhere = build.a_source("elsewhere", language="en", snapshots=[build.a_snapshot(TEXT)])
    assert suggest_figures(elsewhere) == 0
    assert not ReadText.objects.exists()
    captured(source, TEXT)
    newer = captured(source, OTHER).snapshot
    blobs.remove(newer.text_sha256)
    assert suggest_figures(source, again=True) == 2
    assert waiting() == [FIVE, SEVEN]


# Being interrupted --------------------------------------------------------------------------------------------


def test_a_failure_to_read_leaves_the_capture_alone(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "read", None)
        captured(source, TEXT)
    assert Snapshot.objects.get().source == source
    assert found() == []
    assert suggest_figures(source) == 2


def test_what_was_killed_halfway_has_left_nothing(read: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    captured_rows = found()
    with monkeypatch.context() as patch:
        patch.setattr(SuggestedFigure.objects, "bulk_create", killed)
        patch.setattr(suggestions, "_rows_of", lambda *args, **kwargs: {})
        with pytest.raises(KeyboardInterrupt):
            suggest_figures(read, again=True)
    assert found() == captured_rows


def test_a_copy_that_came_meanwhile_is_not_overwritten(read: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    real = suggestions._rows_of

    def slowly(source: Source, snapshot: Snapshot, *, at: datetime) -> Any:
        rows = real(source, snapshot, at=at)
        monkeypatch.setattr(suggestions, "_rows_of", real)
        captured(source, OTHER)
        return rows

    monkeypatch.setattr(suggestions, "_rows_of", slowly)
    assert suggest_figures(read, again=True) == 0
    assert [printed for printed, _subject, _property in found()] == [SEVEN]


def test_what_was_redacted_meanwhile_is_not_written_down(
    read: Source, monkeypatch: pytest.MonkeyPatch, editor: User, colleague: User
) -> None:
    build.published(read)
    real = suggestions._rows_of

    def slowly(source: Source, snapshot: Snapshot, *, at: datetime) -> Any:
        rows = real(source, snapshot, at=at)
        request = request_redaction(source, category="court-order", by=editor)
        confirm_redaction(request, by=colleague)
        return rows

    monkeypatch.setattr(suggestions, "_rows_of", slowly)
    assert suggest_figures(read, again=True) == 0
    assert found() == []
    assert not ReadText.objects.exists()


# What waits ---------------------------------------------------------------------------------------------------


def test_a_skipped_figure_waits_no_more_until_it_is_taken_up(read: Source, editor: User) -> None:
    snapshot = read.snapshots.get()
    skip(snapshot, *place(FIVE), by=editor)
    assert waiting() == [SEVEN]
    take_up(snapshot, *place(FIVE))
    assert waiting() == [FIVE, SEVEN]


def test_words_that_are_evidence_wait_no_more_in_any_copy_with_this_text(
    read: Source, club: Entity, editor: User
) -> None:
    same = Snapshot.objects.get()
    same.pk, same.sha256, same.position = None, "0" * 64, 1
    same.save()
    claim = build.a_claim(subject=club)
    start, end = place("fee of " + FIVE)
    add_evidence(claim.ref, Passage(snapshot=same, start=start, end=end), by=editor, expect=1)
    assert waiting() == [SEVEN]


def test_evidence_of_a_claim_that_nobody_stands_for_hides_no_figure(
    read: Source, club: Entity, partner: User
) -> None:
    start, end = place(FIVE)
    quote = build.a_quote(read.snapshots.get(), TEXT, FIVE)
    assert (quote.start, quote.end) == (start, end)
    claim = build.a_claim(
        subject=club, evidence=[build.some_evidence(read, quote=quote)], by=partner, state=State.PROPOSED
    )
    assert waiting() == [FIVE, SEVEN]
    discard(claim, by=partner, expect=1)
    assert waiting() == [FIVE, SEVEN]


def test_evidence_of_another_text_or_source_is_none_of_these_words(
    read: Source, club: Entity, editor: User
) -> None:
    claim = build.a_claim(subject=club)
    other = build.a_source("other", snapshots=[build.a_snapshot(TEXT)])
    older = captured(read, OTHER).snapshot
    captured(read, TEXT)
    blobs.write(TEXT.encode())
    for snapshot, words in ((other.snapshots.get(), FIVE), (older, SEVEN)):
        start, end = place(words, TEXT if snapshot is not older else OTHER)
        claim = add_evidence(
            claim.ref, Passage(snapshot=snapshot, start=start, end=end), by=editor, expect=claim.version
        )
    assert waiting() == [FIVE, SEVEN]


def test_what_is_put_aside_does_not_wait_and_may_be_put_aside(
    read: Source, club: Entity, editor: User
) -> None:
    discard(club, by=editor, expect=club.version)
    assert waiting() == []
    Entity.objects.update(state=State.DRAFT)
    assert waiting() == [FIVE, SEVEN]
    discard(read, by=editor, expect=read.version)
    assert waiting() == []


def test_what_is_about_a_merged_subject_waits_while_its_heir_stands(
    read: Source, club: Entity, editor: User
) -> None:
    heir = build.an_entity("heir", kind="company")
    fold_entity(club, into=heir, by=editor)
    assert waiting() == [FIVE, SEVEN]
    heir.refresh_from_db()
    Entity.objects.filter(pk=heir.pk).update(state=State.REJECTED)
    assert waiting() == []
    Entity.objects.filter(pk=heir.pk).update(state=State.DRAFT)
    suggest_figures(read, again=True)
    assert {subject for _printed, subject, _property in found()} == {"heir"}


# However many there are ---------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_claims_and_sources(read: Source, club: Entity, fee: Property) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            suggest_figures(read, again=True, at=timezone.now() + timedelta(days=1))
        return len(counted)

    build.a_claim(subject=club, property=fee)
    few = queries()
    for amount in range(8):
        build.a_claim(subject=club, property=fee, value=build.euros(f"{amount + 1}000000"))
        captured(build.a_source(language="en"), f"{TEXT}{amount}")
    assert queries() <= few


@pytest.mark.django_db(transaction=True)
def test_two_who_read_one_source_write_it_down_once(source: Source) -> None:
    captured(source, TEXT)
    SuggestedFigure.objects.all().delete()
    results = build.together(*[lambda: suggest_figures(source, again=True)] * 4)
    assert results == [2] * 4
    assert found() == [(FIVE, "club", "fee"), (SEVEN, "club", "fee")]
