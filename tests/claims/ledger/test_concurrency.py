"""Many writers, one reader: real connections, on the database that the tests run on."""

from __future__ import annotations

import time
from contextlib import nullcontext
from functools import partial
from threading import Barrier, Event
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from claims import press
from claims.ledger import verify
from claims.ledger.models import Edition, Press, Reason, Record
from claims.ledger.printing import NotClosed
from companies.models import Entity
from tests.building import a_claim, an_entity, is_postgres, published, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

WRITERS, EACH = 4, 100


class Misprint(Exception):
    """Raised inside a publishing transaction, which it undoes."""


def _writer(number: int, own: Entity, printed: dict[int, str]):
    def write() -> int:
        undone = 0
        for turn in range(EACH):
            try:
                with transaction.atomic():
                    Entity.objects.filter(pk=own.pk).update(description={"en": f"turn {turn}"})
                    edition = press.publish([own], by=None, reason=Reason.IMPORT)
                    if turn % 5 == number:  # each writer fails at its own times
                        raise Misprint
            except Misprint:
                undone += 1
            else:
                printed[edition.number] = own.ref
        return undone

    return write


def _follow(seen: list[tuple[int, str, tuple[str, ...]]], done: Event):
    """Follow the editions as a mirror would: whatever is after the last one that I know."""

    def read() -> None:
        last = 0
        while True:
            finished = done.is_set()
            fresh = list(Edition.objects.filter(number__gt=last).order_by("number"))
            for edition in fresh:
                refs = Record.objects.filter(edition_from=edition.number).order_by("ref")
                seen.append((edition.number, edition.hash, tuple(refs.values_list("ref", flat=True))))
                last = edition.number
            if finished and not fresh:
                return
            time.sleep(0.005)

    return read


def test_a_reader_who_follows_four_writers_misses_nothing_and_sees_nothing_late():
    clubs = [an_entity() for _ in range(WRITERS)]
    printed: dict[int, str] = {}
    seen: list[tuple[int, str, tuple[str, ...]]] = []
    done, writing = Event(), Barrier(WRITERS)

    def last_one_out(write):
        def run() -> object:
            try:
                return write()
            finally:
                if writing.wait(60) == 0:
                    done.set()

        return run

    writers = [last_one_out(_writer(number, club, printed)) for number, club in enumerate(clubs)]
    *undone, reader = together(*writers, _follow(seen, done), seconds=120)

    assert reader is None
    assert undone == [EACH // 5] * WRITERS
    expected = WRITERS * EACH - sum(undone)
    # Gapless, whatever was rolled back, and in commit order: the reader met them as 1, 2, 3 …
    assert [number for number, _, _ in seen] == list(range(1, expected + 1))
    # Complete when first seen: every edition came with its own record and the chain's hash.
    assert {number: refs for number, _, refs in seen} == {number: (ref,) for number, ref in printed.items()}
    assert [(number, digest) for number, digest, _ in seen] == list(
        Edition.objects.order_by("number").values_list("number", "hash")
    )
    moments = list(Edition.objects.order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert Press.objects.get().number == expected
    assert list(verify.faults()) == []


def test_two_publishers_of_the_same_two_roots_never_wait_for_each_other():
    for _ in range(15):
        first, second = an_entity(), an_entity()
        published(first, second)
        start = Barrier(2)

        def swap(stays: Entity, goes: Entity, start: Barrier = start) -> None:
            Entity.objects.filter(pk=stays.pk).update(description={"en": "stays"})
            start.wait(30)
            press.publish([stays], withdraw=[goes], by=None, reason=Reason.IMPORT)

        # Whoever comes second finds its root withdrawn, adds it again and withdraws the other.
        results = together(partial(swap, first, second), partial(swap, second, first))
        assert results == [None, None]


def test_a_source_cannot_be_withdrawn_while_a_claim_on_it_is_being_published():
    for _ in range(8):
        claim = a_claim()
        source = claim.evidence.get().source
        published(claim.subject, claim.property, source)
        start = Barrier(2)

        def publish_claim(claim=claim, start=start):
            start.wait(30)
            press.publish([claim], by=None, reason=Reason.IMPORT)

        def withdraw_source(source=source, start=start):
            start.wait(30)
            press.publish([], withdraw=[source], by=None, reason=Reason.UPDATE)

        results = together(publish_claim, withdraw_source)
        assert [type(one) for one in results if one is not None] == [NotClosed]


def test_control_without_the_press_lock_publishers_meet_at_one_number(monkeypatch):
    """On SQLite the lock is the transaction's, so there it is the transaction that is taken out."""
    published(an_entity())
    meet, clubs = Barrier(3), [an_entity() for _ in range(3)]

    def unlocked() -> Press:
        row = Press.objects.get(pk=1)
        meet.wait(30)
        return row

    monkeypatch.setattr("claims.press.lock_press", lambda: None)
    monkeypatch.setattr("claims.ledger.printing.lock_press", unlocked)
    if not is_postgres():
        monkeypatch.setattr("claims.press.transaction", SimpleNamespace(atomic=nullcontext))
        monkeypatch.setattr("claims.ledger.printing.transaction", SimpleNamespace(atomic=nullcontext))
    results = together(*[partial(published, club) for club in clubs])
    assert [type(one) for one in results].count(IntegrityError) == 2
    assert Edition.objects.count() == 2
