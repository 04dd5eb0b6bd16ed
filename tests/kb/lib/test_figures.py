"""Amounts and dates as readers write them."""

import pytest
from django.utils.translation import override

from kb.lib.figures import NBSP, digits, quantity, short_quantity, time_label, time_phrase, whole


@pytest.mark.parametrize(
    ("amount", "unit", "noun", "said"),
    [
        ("5576000", "USD", "", "$5.576 million"),
        ("1600000000", "USD", "", "$1.6 billion"),
        ("294000", "USD", "", "$294,000"),
        ("-589000000000", "USD", "", "−$589 billion"),
        ("2048", None, "GPUs", f"2,048{NBSP}GPUs"),
        ("226.75", "count", "nodes", f"226.75{NBSP}nodes"),
        ("84", "%", "", "84%"),
        ("0.84", "ratio", "", "84%"),
        ("400", "GB/s", "", f"400{NBSP}GB/s"),
        ("198", "h", "", "198 hours"),
        ("7", "no-such-unit", "", f"7{NBSP}no-such-unit"),
    ],
)
def test_quantity_reads_as_printed(amount, unit, noun, said):
    assert quantity(amount, unit, noun, "en") == said


def test_quantity_that_a_word_would_round_stays_in_digits():
    assert quantity("5576123", "USD", "", "en") == "$5,576,123"
    assert (
        quantity("12345678901234567890123456789", None, "", "en") == "12,345,678,901,234,567,890,123,456,789"
    )


def test_figures_take_the_habits_of_the_language():
    assert quantity("5576000", "USD", "", "bn") == f"৫৫.৭৬ লাখ{NBSP}US$"
    assert quantity("1600000000", "USD", "", "hi") == "$1.6 अरब"
    assert quantity("1600000000", "USD", "", "vi") == f"1,6 tỷ{NBSP}US$"
    assert whole(12345, "bn") == "১২,৩৪৫"
    assert digits("6000000", "en") == "6,000,000"


def test_figures_of_a_language_unknown_to_babel_are_english():
    assert quantity("1600000000", "USD", "", "xx-invented") == "$1.6 billion"


def test_axis_labels_are_short_and_convert_nothing():
    assert short_quantity("10000000", "USD", "en") == "$10M"
    assert short_quantity("400000000000", "B/s", "en") == f"400{NBSP}GB/s"


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2023", "2023"),
        ("2023-05", "May 2023"),
        ("2023-07-17", "17 July 2023"),
        ("2024-05~", "about May 2024"),
        ("2023?", "2023 (uncertain)"),
        ("2023%", "about 2023 (uncertain)"),
        ("2023-10/..", "from October 2023"),
        ("../2023", "until 2023"),
        ("2025-01-26/2025-01-27", "26 to 27 January 2025"),
        ("2019/2020", "2019 to 2020"),
        ("2023-21", "spring 2023"),
        ("201X", "the 2010s"),
        ("", ""),
        ("no date", "no date"),
    ],
)
def test_time_label_is_no_finer_than_the_evidence(edtf, said):
    assert time_label(edtf, "en") == said


def test_time_label_of_a_document_is_one_day_somewhere_in_an_open_interval():
    assert time_label({"edtf": "2025-02/.."}, "en", moment=True) == "February 2025 or later"


def test_time_label_in_bengali_has_bengali_digits_and_months():
    with override("bn"):
        assert time_label("2023-05", "bn") == "মে ২০২৩"


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2023-05-17", "on 17 May 2023"), ("2023-05", "in May 2023"), ("2023", "in 2023"),
        ("2023-05~", "in about May 2023"),
        ("2023-05-XX", "in May 2023"), ("2023-XX-XX", "in 2023"), ("202X", "the 2020s"), ("2019/2020", "2019 to 2020"),
        ("../2023", "until 2023"),
    ],
)  # fmt: skip
def test_a_date_in_a_sentence_has_the_preposition_of_its_precision(edtf, said):
    assert time_phrase({"edtf": edtf}, "en") == said
