"""Which sign parts thousands: the language's convention, and what the document itself proves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims.extraction.numerals import Numerals, convention

ENGLISH = ((".",), (",",))
VIETNAMESE = ((",",), (".", " "))
UNKNOWN: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@pytest.mark.parametrize(
    ("literal", "using", "document", "value", "doubt"),
    [
        ("2048", ENGLISH, [], "2048", ""),
        ("2,048", ENGLISH, [], "2048", ""),
        ("1,234,567.89", ENGLISH, [], "1234567.89", ""),
        ("12,34,567", ENGLISH, [], "1234567", ""),
        ("1.6", ENGLISH, [], "1.6", ""),
        ("2.048", ENGLISH, [], "2.048", "decimal"),  # odd: the grammar refuses it as a count
        ("2.048", ENGLISH, ["1.234.567"], "2048", ""),  # a document that groups with points
        ("0.125", ENGLISH, [], "0.125", ""),
        ("50.000", VIETNAMESE, [], "50000", ""),
        ("1,6", VIETNAMESE, [], "1.6", ""),
        ("50.000", VIETNAMESE, ["1.6"], None, "separator"),  # the document also prints a decimal point
        ("2,048", VIETNAMESE, ["1.6"], "2048", ""),  # and so its comma groups
        ("50,000", ENGLISH, ["1,6"], None, "separator"),
        ("50,000", ENGLISH, ["1,6", "10,000", "20,000", "30,000"], "50000", ""),  # one slip among many
        ("50.000", UNKNOWN, [], None, "separator"),
        ("1.234.567", UNKNOWN, [], "1234567", ""),
        ("1'234'567", UNKNOWN, [], "1234567", ""),
        ("1.2.3", ENGLISH, [], None, ""),
        ("192.168.1.254", ENGLISH, [], None, ""),
        ("007", ENGLISH, [], None, ""),
        ("1,23,45", ENGLISH, [], None, "separator"),
        ("1.234,56", ENGLISH, [], "1234.56", ""),
    ],
)
def test_a_numeral_is_read_in_its_document(literal, using, document, value, doubt):
    numerals = Numerals(convention([*document, literal], *using))
    assert numerals[literal] == (None if value is None else Decimal(value), doubt)


def test_ten_thousand_digits_are_no_number():
    assert Numerals(convention([], *ENGLISH))["9" * 10_000] == (None, "")
