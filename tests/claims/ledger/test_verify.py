"""One flipped byte anywhere in the ledger is found, and named."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, connection, models, transaction

from claims import press
from claims.actions.claims import save_claim
from claims.actions.merging import merge_entity
from claims.ledger import printing, upcast, verify
from claims.ledger.models import ClaimIndex, Edition, Link, Press, Reason, Record, SearchRow, ThingIndex
from claims.ledger.printing import edition_hash
from kb.lib.text import sha256_text
from tests.building import (
    NOON,
    a_claim,
    a_dimension,
    a_property,
    a_source,
    an_entity,
    draft_of,
    euros,
    is_postgres,
    published,
    record_of,
    some_evidence,
)

pytestmark = pytest.mark.django_db


def _history():
    """Five editions: a claim printed, changed and recounted, a source that changed, an entity withdrawn, one merged."""
    dimension = a_dimension()
    first, second, club, double = a_source(), a_source(), an_entity(), an_entity()
    claim = a_claim(
        property=a_property(required_scope=[dimension]),
        scope=[dimension.terms.first()],
        evidence=[some_evidence(first), some_evidence(second)],
        point_in_time="2023-05~",
        note={"en": "before the season", "bn": "মৌসুমের আগে"},
    )
    published(claim, club, double)
    claim = save_claim(draft_of(claim, value=euros("1500000.5")), by=None, ref=claim.ref)
    press.publish(
        [claim],
        by=None,
        reason=Reason.IMPORT,
        note={"en": "A typo.", "bn": "ভুল"},
        at=NOON + timedelta(days=1),
    )
    press.publish([a_source(second.slug, ref=second.ref, derived_from=first)], by=None, reason=Reason.IMPORT)
    press.publish([], withdraw=[club], by=None, reason=Reason.IMPORT)
    merge_entity(double, into=claim.subject, by=None, reason=Reason.IMPORT)
    assert Edition.objects.count() == 6
    return claim


def _faults() -> list[str]:
    return list(verify.faults())


def _flipped(value: Any) -> Any:
    """The least change of a value: one bit of a text, the next day, the next number."""
    match value:
        case bool():
            return not value
        case int():
            return value ^ 1
        case str():
            return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value + timedelta(days=1) if value < date.max else value - timedelta(days=1)
        case Decimal():
            return value + (Decimal("1e-16") if is_postgres() else abs(value).scaleb(-12))
        case _:
            raise AssertionError(f"how to change {value!r}?")


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name not in ("id", "record")]


def test_a_sound_ledger_has_no_faults():
    _history()
    assert _faults() == []


def test_an_empty_ledger_has_no_faults():
    assert _faults() == []


@pytest.mark.parametrize(
    "model", list(apps.get_app_config("ledger").get_models()), ids=lambda model: model.__name__
)
def test_a_changed_value_in_any_column_is_found_and_named(model):
    _history()
    rows = list(model._default_manager.order_by("pk"))
    unseen, unnamed, unshown = [], [], []
    for field in _fields(model):
        shown = 0
        for row in {id(row): row for row in (rows[0], rows[len(rows) // 2], rows[-1])}.values():
            before = getattr(row, field.name)
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=row.pk).update(**{field.name: _flipped(before)})
                    found = "\n".join(_faults())
                    shown += 1
                    if not found:
                        unseen.append((field.name, before))
                    elif not any(name in found for name in _names(row)):
                        unnamed.append((field.name, before, found))
                    raise _Undo
            except IntegrityError:
                pass  # the database itself would not have it
            except _Undo:
                pass
        if not shown:
            unshown.append(field.name)
    assert not unseen
    assert not unnamed
    assert not unshown
    assert _faults() == []


class _Undo(Exception):
    """Takes a change back."""


def _names(row: Any) -> list[str]:
    """What a fault calls the row. Who changed kind, ref or op, which the edition's hash covers, breaks the edition."""
    match row:
        case Record():
            return [row.ref, f"edition {row.edition_from}"]
        case Edition():
            return [f"edition {row.number}"]
        case Press():
            return ["the press"]
        case _:  # a row that belongs to a record
            return [row.record.ref]


def test_every_single_character_of_a_body_counts():
    claim = _history()
    record = record_of(claim)
    assert len(record.body) > 500
    for place in range(0, len(record.body), 11):  # all of them take a minute; every eleventh meets every kind
        flipped = record.body[:place] + chr(ord(record.body[place]) ^ 1) + record.body[place + 1 :]
        Record.objects.filter(pk=record.pk).update(body=flipped)
        assert (
            f"claim {claim.ref} of edition {record.edition_from} does not have the hash of its body"
            in _faults()
        )


def test_a_byte_that_is_no_utf8_any_more_is_found_and_named():
    claim = _history()
    record = record_of(claim)
    data = bytearray(record.body.encode())
    data[data.index("মৌসুমের".encode())] ^= 0x40
    with connection.cursor() as cursor:
        if is_postgres():  # stores no such text in the first place
            with pytest.raises(DataError), transaction.atomic():
                cursor.execute("UPDATE ledger_record SET body = convert_from(%s, 'UTF8')", [bytes(data)])
            return
        cursor.execute(
            "UPDATE ledger_record SET body = CAST(%s AS TEXT) WHERE id = %s", [bytes(data), record.pk]
        )
    name = f"claim {claim.ref} of edition {record.edition_from}"
    assert f"{name} does not have the hash of its body" in _faults()


def test_a_body_and_its_hash_changed_together_break_the_edition():
    claim = _history()
    record = record_of(claim)
    forged = record.body.replace("1500000.5", "2500000.5")
    Record.objects.filter(pk=record.pk).update(body=forged, body_sha256=sha256_text(forged))
    found = _faults()
    assert f"edition {record.edition_from} does not have the hash of what it printed" in found


def test_an_edition_rehashed_to_fit_a_forgery_breaks_the_next():
    _history()
    edition = Edition.objects.get(number=2)
    edition.by = "somebody else"
    forged = edition_hash(edition, Record.objects.filter(edition_from=2))
    Edition.objects.filter(number=2).update(by="somebody else", hash=forged)
    assert "edition 3 does not follow the hash of the one before it" in _faults()


def test_a_record_taken_away_is_missed():
    claim = _history()
    record_of(claim).delete()
    assert _faults()


def test_the_last_edition_taken_away_is_missed():
    _history()
    Record.objects.filter(edition_from=6).delete()
    Edition.objects.filter(number=6).delete()
    assert any("press" in fault for fault in _faults())


def test_an_edition_taken_out_of_the_middle_is_missed():
    _history()
    Edition.objects.filter(number=4).delete()
    found = "\n".join(_faults())
    assert "edition 4 is missing" in found
    assert "edition 4, which does not exist" in found


def test_a_record_slipped_in_is_found():
    _history()
    record = Record.objects.filter(edition_from=1).first()
    record.pk, record.ref = None, "e0abcdefgh"
    record.save()
    assert any("edition 1 does not have the hash" in fault for fault in _faults())


@pytest.mark.parametrize("model", [ThingIndex, ClaimIndex, SearchRow, Link])
def test_an_index_row_taken_away_is_missed(model):
    _history()
    row = model.objects.first()
    ref = row.record.ref
    row.delete()
    assert any(ref in fault for fault in _faults())


def test_an_index_row_moved_to_another_record_is_found():
    _history()
    withdrawn = Record.objects.get(op="withdrawn")
    row = ThingIndex.objects.order_by("pk").first()
    ThingIndex.objects.filter(pk=row.pk).update(record=withdrawn)
    found = "\n".join(_faults())
    assert row.ref in found
    assert withdrawn.ref in found


def test_a_reference_row_moved_to_another_record_is_found():
    claim = _history()
    link = Link.objects.filter(ref=claim.ref).first()
    other = Record.objects.exclude(pk=link.record_id).filter(kind="entity").first()
    Link.objects.filter(pk=link.pk).update(record=other)
    found = "\n".join(_faults())
    assert claim.ref in found
    assert other.ref in found


def test_a_reference_row_slipped_in_is_found():
    claim = _history()
    link = Link.objects.filter(ref=claim.ref).first()
    link.pk, link.target_ref = None, "e0abcdefgh"
    link.save()
    assert any(claim.ref in fault for fault in _faults())


def test_a_redacted_record_passes_and_is_counted():
    claim = _history()
    Record.objects.filter(ref=claim.ref).update(body="", redacted="copyright")
    for model in (ClaimIndex, SearchRow, Link):
        model.objects.filter(record__ref=claim.ref).delete()
    assert verify.redacted_count() == 3
    assert _faults() == []


def test_a_record_marked_redacted_that_keeps_its_body_is_found():
    claim = _history()
    Record.objects.filter(ref=claim.ref).update(redacted="copyright")
    assert any("still has a body" in fault for fault in _faults())


def test_old_bodies_are_checked_as_they_are_read(monkeypatch):
    """After a change of format the index still says what the lifted bodies say."""
    _history()
    present = printing.FORMAT
    for module in (upcast, printing):
        monkeypatch.setattr(module, "FORMAT", present + 1)
    monkeypatch.setattr(upcast, "STEPS", {("source", present): lambda body: body | {"slug": "another"}})
    found = _faults()
    assert [fault for fault in found if "source" in fault] == found != []
