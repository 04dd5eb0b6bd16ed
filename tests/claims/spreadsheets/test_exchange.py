"""Rows out and in again: nothing changes by it, what is changed goes through the actions, all or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from claims.ledger.models import Edition
from claims.models import Claim, Source
from claims.spreadsheets import exchange, tables
from claims.spreadsheets.exchange import Outcome
from claims.spreadsheets.tables import Row, Table, TableFaults
from companies.actions import IdentifierDraft, NameDraft
from companies.models import Entity
from kb.models import Revision
from tests import building as build

pytestmark = pytest.mark.django_db


def table(*rows: dict[str, str]) -> Table:
    header = list(dict.fromkeys(name for row in rows for name in row))
    filled = [Row(number, {name: row.get(name, "") for name in header}) for number, row in enumerate(rows, 2)]
    return Table(header, filled)


def load(kind: str, *rows: dict[str, str], **how: Any) -> Outcome:
    return exchange.load(kind, table(*rows), by=None, **how)


def faults(kind: str, *rows: dict[str, str], **how: Any) -> list[tuple[int, str]]:
    before = Revision.objects.count()
    with pytest.raises(TableFaults) as found:
        load(kind, *rows, **how)
    assert Revision.objects.count() == before
    return [(one.row, one.column) for one in found.value.faults]


def test_text_that_is_dangerous_or_untidy_survives() -> None:
    build.an_entity(
        names=[NameDraft(text="=1+1: x", language="en"), NameDraft(text="-", language="en", role="alias")],
        identifiers=[IdentifierDraft(scheme="website", value="https://x.example/?a=1")],
        description={"en": "  two\n\nlines ", "de": "+x"},
    )
    header, rows = exchange.exported("entity", Entity.objects.with_parts())
    data = "".join(tables.written(header, rows)).encode()
    outcome = exchange.load("entity", tables.read(data, header), by=None)
    assert outcome.counts == {"unchanged": 1}


def test_a_claim_is_added_with_a_figure_as_people_type_it() -> None:
    club, prop, source = (
        build.an_entity("ajax"),
        build.a_property("fee"),
        build.a_source("bericht", language="vi"),
    )
    outcome = load(
        "claim",
        {
            "subject": "ajax",
            "property": "fee",
            "amount": "> 1,6 tỷ EUR",
            "point_in_time": "মে ২০২৩",
            "sources": "bericht: S. 4",
        },
    )
    assert outcome.counts == {"added": 1}
    claim = Claim.objects.get()
    assert (claim.subject, claim.property, claim.evidence.get().source) == (club, prop, source)
    assert (claim.comparator, claim.amount, claim.unit) == ("gt", "1600000000", "EUR")
    assert (claim.point_in_time, claim.state) == ("2023-05", "draft")
    assert ("amount", "", "1600000000") in [(one.column, one.was, one.becomes) for one in outcome.changes]


def test_columns_that_are_not_there_and_empty_cells() -> None:
    claim = build.a_claim(note={"en": "kept", "de": "bleibt"}, point_in_time="2023")
    outcome = load("claim", {"ref": claim.ref, "note:en": "new", "point_in_time": ""})
    assert outcome.counts == {"changed": 1}
    after = Claim.objects.get(pk=claim.pk)
    assert after.note == {"en": "new", "de": "bleibt"}
    assert after.point_in_time == ""
    assert (after.amount, after.evidence.count()) == (claim.amount, claim.evidence.count())


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    entity = build.an_entity("ajax")
    rows = ({"ref": entity.ref, "slug": "afc-ajax"}, {"ref": "", "slug": "psv"})
    before = Revision.objects.count()
    assert faults("entity", *rows, dry_run=True) == [(3, "kind")]
    tried = load("entity", rows[0], dry_run=True)
    assert Revision.objects.count() == before
    done = load("entity", rows[0])
    assert (tried.counts, tried.changes) == (done.counts, done.changes)
    assert Entity.objects.get(pk=entity.pk).slug == "afc-ajax"


def test_every_fault_is_told_with_its_row_and_column_and_nothing_is_written() -> None:
    build.an_entity("ajax")
    build.a_property("fee")
    good = {"subject": "ajax", "property": "fee", "amount": "6", "unit": "EUR"}
    assert faults(
        "claim",
        good,
        good | {"subject": "nobody"},
        good | {"amount": "12 parrots"},
        good | {"unit": "euros"},
        good | {"rank": "best"},
        good | {"point_in_time": "03/04/2023"},
        good | {"amount": "6 USD"},
        good | {"scope": "tax before"},
        good | {"subject": ""},
        languages=["en"],
    ) == [
        (3, "subject"), (4, "amount"), (5, "unit"), (6, "rank"), (7, "point_in_time"), (8, "amount"), (9, "scope"),
        (10, "subject"),
    ]  # fmt: skip
    assert not Claim.objects.exists()


def test_what_the_action_refuses_is_told_in_its_column() -> None:
    build.an_entity("ajax")
    build.a_property("founder", data_type="entity")
    assert faults("claim", {"subject": "ajax", "property": "founder", "amount": "6", "unit": "EUR"}) == [
        (2, "")
    ]
    assert faults("source", {"slug": "x y", "title": "T", "language": "en", "source_type": "secondary"}) == [
        (2, "slug")
    ]


def test_rows_that_are_stale_unknown_twice_or_merged() -> None:
    entity = build.an_entity("ajax")
    seen = {"ref": entity.ref, "version": "1", "slug": "afc"}
    build.an_entity("ajax-1900", ref=entity.ref)
    assert faults("entity", seen) == [(2, "version")]
    assert faults("entity", {"ref": "e0aaaaaaaa", "slug": "x"}) == [(2, "ref")]
    assert faults("entity", {"ref": entity.ref, "slug": "a"}, {"ref": entity.ref, "slug": "b"}) == [
        (3, "ref")
    ]
    assert faults("entity", {"ref": entity.ref, "nonsense": "a"}) == [(1, "nonsense")]


def test_a_table_takes_no_evidence_off() -> None:
    claim = build.a_claim()
    other = build.a_source("another")
    assert faults("claim", {"ref": claim.ref, "sources": "another"}) == [(2, "sources")]
    standing = f"{claim.evidence.get().source.slug}: {claim.evidence.get().locator}"
    assert faults("claim", {"ref": claim.ref, "sources": f"{standing}\nanother"}) == [(2, "sources")]
    load("claim", {"ref": claim.ref, "sources": f"{standing}\nanother: p. 4"})
    assert [(one.source, one.locator) for one in claim.evidence.all()][-1] == (other, "p. 4")


def test_rows_may_name_what_earlier_rows_add() -> None:
    row = {"language": "en", "source_type": "secondary"}
    load(
        "source",
        row | {"slug": "first", "title": "First"},
        row | {"slug": "copy", "title": "Copy", "derived_from": "first", "derivation": "copy"},
    )
    assert Source.objects.get(slug="copy").derived_from == Source.objects.get(slug="first")


def test_taking_a_table_in_publishes_nothing() -> None:
    claim = build.a_claim()
    build.published(claim)
    load("claim", {"ref": claim.ref, "note:en": "new"})
    assert Edition.objects.count() == 1
    assert Claim.objects.get(pk=claim.pk).state == "draft"
