"""Saving claims: what holds across fields, tables and texts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from claims.actions.claims import QuoteDraft, ValueDraft, save_claim
from claims.models import Claim
from kb.lib import blobs
from kb.models import Revision
from tests.building import (
    a_claim,
    a_dimension,
    a_property,
    a_quote,
    a_snapshot,
    a_source,
    an_entity,
    draft_of,
    euros,
    some_evidence,
)

pytestmark = pytest.mark.django_db

TEXT = "Ajax paid ৫০ লাখ টাকা, it says."


def _faults(**changes) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        a_claim(**changes)
    assert not Claim.objects.exists()
    return refusal.value.message_dict


def test_saving_what_stands_changes_nothing():
    claim = a_claim(scope=[a_dimension().terms.first()], note={"en": "x"})
    again = save_claim(draft_of(claim), by=None, ref=claim.ref)
    assert again.version == 1
    assert Revision.objects.filter(ref=claim.ref).count() == 1


def test_a_range_needs_both_ends_in_order():
    assert "amount" in _faults(value=euros("5", comparator="range", upper_amount="4"))
    assert _faults(value=euros("5", comparator="range"))
    assert _faults(value=euros("5", upper_amount="6"))


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [
        (euros("5"), "5", "5"),
        (euros("5", comparator="gt"), "5", None),
        (euros("5", comparator="le"), None, "5"),
        (euros("5", comparator="range", upper_amount="7"), "5", "7"),
        (euros("6000000", comparator="approx"), "5500000", "6500000"),
        (euros("5", comparator="approx", lower_bound="4", upper_bound="9"), "4", "9"),
    ],
)
def test_the_amount_columns_hold_what_the_comparator_leaves_open(value, lower, upper):
    claim = a_claim(value=value)
    claim.refresh_from_db()
    expected = [None if bound is None else Decimal(bound) for bound in (lower, upper)]
    assert [claim.base_lower, claim.base_upper] == expected
    assert claim.base_unit == "EUR"


def test_amounts_are_compared_in_the_base_unit_and_kept_as_written():
    prop = a_property(unit_dimension="power")
    claim = a_claim(property=prop, value=ValueDraft(amount="1.5", comparator="eq", unit="MW"))
    claim.refresh_from_db()
    assert (claim.base_lower, claim.base_unit) == (Decimal(1_500_000), "W")
    assert (claim.amount, claim.unit) == ("1.5", "MW")


def test_an_exact_decimal_of_38_digits_survives():
    amount = "1234567890123456789012345678901234567.8"
    assert "amount" in _faults(value=euros(amount))  # beyond what the columns compare
    exact = "12345678901234567890.123456789012345678"
    claim = a_claim(value=euros(exact))
    claim.refresh_from_db()
    assert claim.amount == exact
    assert claim.body()["value"]["amount"] == exact


def test_the_unit_is_one_of_the_propertys_dimension():
    assert "measured in currency; kg is mass" in str(_faults(value=euros(unit="kg")))


def test_the_value_is_of_the_propertys_type():
    assert "value" in _faults(value=ValueDraft(time="2023"))
    assert "value" in _faults(property=a_property(data_type="time"), value=euros())


def test_a_value_that_is_not_known_is_left_empty():
    assert a_claim(value=ValueDraft(kind="undisclosed")).value_kind == "undisclosed"
    Claim.objects.all().delete()
    assert _faults(value=euros(kind="undisclosed"))


def test_a_known_value_is_given():
    assert "give one value" in str(_faults(value=ValueDraft()))


def test_the_subject_is_of_a_kind_that_the_property_takes():
    prop = a_property(subject_kinds=["person"])
    assert "subject" in _faults(subject=an_entity(), property=prop)
    assert a_claim(subject=an_entity(kind="person"), property=prop).version == 1


@pytest.mark.parametrize(("first", "last"), [("2024", "2023"), ("2023-05", "2023-04-30")])
def test_a_span_does_not_end_before_it_begins(first, last):
    assert "valid_to" in _faults(valid_from=first, valid_to=last)


@pytest.mark.parametrize(
    ("first", "last"), [("2023", "2023-01"), ("2023-10/..", "2023"), ("../2020", "2021")]
)
def test_a_span_that_may_be_is_taken(first, last):
    assert a_claim(valid_from=first, valid_to=last).valid_to == last


def test_a_rank_needs_a_reason():
    assert "say why this rank" in str(_faults(rank="deprecated"))


def test_a_claim_is_not_linked_to_itself():
    claim = a_claim()
    with pytest.raises(ValidationError):
        save_claim(draft_of(claim, links=[("rounds", claim)]), by=None, ref=claim.ref)


def test_one_term_in_each_dimension():
    dimension = a_dimension()
    assert _faults(scope=list(dimension.terms.all()))


# Quotes ---------------------------------------------------------------------------------------------------


def _source():
    return a_source(snapshots=[a_snapshot(TEXT)])


def _quoting(quote: QuoteDraft, source=None):
    return a_claim(evidence=[some_evidence(source or quote.snapshot.source, quote=quote)])


def test_offsets_count_code_points_of_any_script():
    source = _source()
    blobs.write(TEXT.encode())
    quote = a_quote(source.snapshots.get(), TEXT, "৫০ লাখ টাকা", prefix="paid ", suffix=", it")
    evidence = _quoting(quote).evidence.get()
    assert TEXT[evidence.start : evidence.end] == "৫০ লাখ টাকা"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": 11, "end": 22}, "the text has"),
        ({"prefix": "cost "}, "the text before 10"),
        ({"suffix": "!"}, "the text after 21"),
        ({"end": 20}, "has 11 characters, its offsets span 10"),
        ({"start": 100, "end": 111}, "the text has 31 characters"),
    ],
)
def test_a_quote_that_is_not_in_the_held_text_is_refused(changes, said):
    source = _source()
    blobs.write(TEXT.encode())
    with pytest.raises(ValidationError) as refusal:
        _quoting(a_quote(source.snapshots.get(), TEXT, "৫০ লাখ টাকা", **changes))
    assert said in str(refusal.value.message_dict["evidence.0.quote"])
    assert not Claim.objects.exists()


def test_a_quote_of_a_text_that_is_not_held_waits_for_it():
    quote = a_quote(_source().snapshots.get(), TEXT, "Ajax", prefix="not there ")
    assert _quoting(quote).evidence.get().exact == "Ajax"


def test_a_quote_is_pinned_to_a_snapshot_of_its_own_source():
    quote = a_quote(_source().snapshots.get(), TEXT, "Ajax")
    with pytest.raises(ValidationError, match="another source"):
        _quoting(quote, source=a_source())


def test_evidence_without_a_quote_says_where_to_look():
    with pytest.raises(ValidationError, match="say where"):
        a_claim(evidence=[some_evidence(locator="")])
