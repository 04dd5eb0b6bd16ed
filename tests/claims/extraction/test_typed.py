"""Figures and dates as people type them: read, or asked about, never guessed."""

from __future__ import annotations

import pytest

from claims.extraction.typed import Amount, Unclear, amount, date


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("1600000", [], Amount("1600000")),
        ("5.576", ["en"], Amount("5.576")),
        ("-5", ["en"], Amount("-5")),
        ("−5", ["en"], Amount("-5")),
        ("1.6 billion", ["en"], Amount("1600000000")),
        ("৫০ হাজার", ["bn"], Amount("50000")),
        ("৫০ হাজার", ["en"], Amount("50000")),
        ("1,6 tỷ", ["vi"], Amount("1600000000")),
        ("1,6 tỷ", ["en"], Amount("1600000000")),
        ("5-10 million", ["en"], Amount("5000000", "range", "10000000")),
        ("between 5 and 10 million", ["en"], Amount("5000000", "range", "10000000")),
        ("> 500 million USD", ["en"], Amount("500000000", "gt", "", "USD")),
        ("> 500 triệu USD", ["vi"], Amount("500000000", "gt", "", "USD")),
        ("plus de 500 millions de dollars", ["fr"], Amount("500000000", "gt", "", "USD")),
        ("about 50 thousand", ["en"], Amount("50000", "approx")),
        ("~2048", ["en"], Amount("2048", "approx")),
        (">= 3", ["en"], Amount("3", "ge")),
        ("5%", ["en"], Amount("5", "eq", "", "percent")),
        ("400 GB/s", ["en"], Amount("400", "eq", "", "GB/s")),
        ("1,234", ["en"], Amount("1234")),
        ("1.600", ["vi", "de"], None),
    ],
)
def test_amounts(text: str, languages: list[str], expected: Amount | None) -> None:
    if expected is None:
        with pytest.raises(Unclear):
            amount(text, languages)
    else:
        assert amount(text, languages) == expected


@pytest.mark.parametrize(
    ("text", "languages", "says"),
    [
        ("1.234", ["en", "vi"], "1.234 or 1234"),
        ("1,234", ["en", "vi"], "a thousand or a decimal"),
        ("1,6 billion", ["en", "de"], "1600000000 or 1600000000000"),
        ("12 parrots", ["en"], "not understood"),
        ("1.6 billion a year", ["en"], "not understood"),
        ("1.6 billion or so, minus 3", ["en"], "not understood"),
        ("hello", ["en"], "not understood"),
        ("", ["en"], "Nothing"),
        ("9" * 200, ["en"], "too long"),
    ],
)
def test_what_is_ambiguous_or_not_understood_is_asked(text: str, languages: list[str], says: str) -> None:
    with pytest.raises(Unclear, match=says):
        amount(text, languages)


def test_a_question_names_writings_that_are_read_alike_everywhere() -> None:
    assert amount("1.2340", ["en", "vi", "de", "bn"]) == Amount("1.234")
    assert amount("1234", ["en", "vi", "de", "bn"]) == Amount("1234")


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("2023", [], "2023"),
        ("2023-05~", [], "2023-05~"),
        ("2023-10/..", ["en"], "2023-10/.."),
        ("~2023-05", ["en"], "2023-05~"),
        ("মে ২০২৩", ["bn"], "2023-05"),
        ("মে ২০২৩", ["en"], "2023-05"),
        ("মে ২০২৩~", ["bn"], "2023-05~"),
        ("17 octobre 2023", ["fr"], "2023-10-17"),
        ("17 octobre 2023", ["en"], "2023-10-17"),
        ("17. Oktober 2023", ["de"], "2023-10-17"),
        ("17 tháng 10 năm 2023", ["vi"], "2023-10-17"),
        ("May 5, 2023", ["en"], "2023-05-05"),
        ("about May 2023", ["en"], "2023-05~"),
        ("May 2023?", ["en"], "2023-05?"),
        ("May 2023 to June 2023", ["en"], "2023-05/2023-06"),
        ("2019-2023", ["en"], "2019/2023"),
        ("13/04/2023", ["en"], "2023-04-13"),
    ],
)
def test_dates(text: str, languages: list[str], expected: str) -> None:
    assert date(text, languages) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("03/04/2023", "2023-04-03 .day first. or 2023-03-04"),
        ("before May 2023", "not understood"),
        ("yesterday", "not understood"),
        ("May 2023, June 2024", "not understood"),
        ("~2023~", "marked twice"),
    ],
)
def test_dates_that_are_asked_about(text: str, says: str) -> None:
    with pytest.raises(Unclear, match=says):
        date(text, ["en"])
