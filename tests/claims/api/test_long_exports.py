"""Downloads of a larger base: constant memory, constant work a chunk."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from claims import synthetic
from claims.api.reading import exporting
from claims.api.reading.exporting import MEDIA
from tests.claims.api.asking import API

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many")]
CLAIMS, CHUNK = 400, 20


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        synthetic.make(CLAIMS)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", CHUNK)


def chunks(form: str) -> Iterator[bytes]:
    return iter(Client().get(f"{API}/exports/claims.{form}"))


def held(form: str, count: int) -> int:
    """The most bytes that Python holds after any of so many chunks, garbage apart."""
    stream, most = chunks(form), 0
    gc.collect()
    gc.freeze()  # what was there before is not searched for garbage once more after each chunk
    tracemalloc.start()
    try:
        for _ in range(count):
            next(stream)
            gc.collect()
            most = max(most, tracemalloc.get_traced_memory()[0])
        return most
    finally:
        tracemalloc.stop()


@pytest.mark.once
@pytest.mark.parametrize("form", MEDIA)
def test_memory_does_not_grow_with_the_file(form):
    assert sum(map(len, chunks(form))) > 100_000  # and what is worked out only once, now is
    few, everything = held(form, 4), held(form, CLAIMS // CHUNK)
    assert everything < 1.3 * few


def test_a_chunk_costs_the_same_at_the_end_as_at_the_start():
    stream, counts, read = chunks("jsonl"), [], 0
    for _ in range(CLAIMS // CHUNK):
        with CaptureQueriesContext(connection) as queries:
            read += next(stream).count(b"\n")
        counts.append(len(queries))
    assert max(counts) - min(counts) <= 1
    assert (read, next(stream, b"")) == (CLAIMS, b"")
