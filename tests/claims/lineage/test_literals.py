"""How a copy prints the figure of a claim, held against its origin's."""

from __future__ import annotations

import pytest

from claims.extraction.results import Figure
from claims.lineage.literals import Difference, Passage, differs, figure_in


def figure(printed: str, language: str = "en", before: str = "It cost ", after: str = " in all.") -> Figure:
    found = figure_in(Passage(before, printed, after, language, printed))
    assert found is not None
    return found


def told(origin: str, copy: str, language: str = "en") -> Difference | None:
    return differs(figure(origin), figure(copy, language))


@pytest.mark.parametrize(
    ("origin", "copy", "kind", "lost_in", "another_value"),
    [
        ("$1.6 billion", "$16 billion", "separator", "", True),
        ("$1.6 billion", "$ billion", "digit-lost", "copy", False),
        ("$5.576 million", "$5.6 million", "rounded", "copy", True),
        ("$5.6 million", "$5.576 million", "rounded", "origin", True),
        ("$6 million", "€6 million", "unit", "", True),
        ("50,000 cards", "60,000 cards", None, "", True),
        ("17 July 2023", "17 July 2024", "date", "", True),
        ("$944 million a year", "$944 million a month", "scope", "", False),
    ],
)
def test_each_kind_of_drift(origin: str, copy: str, kind: str, lost_in: str, another_value: bool) -> None:
    assert told(origin, copy) == Difference(kind, lost_in, another_value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("origin", "copy", "language"),
    [
        ("$1.6 billion", "1,6 tỷ đô la", "vi"),
        ("$1.6 billion", "$1,600 million", "en"),
        ("2023", "2023", "en"),
    ],
)
def test_the_same_in_other_words_is_no_drift(origin: str, copy: str, language: str) -> None:
    assert told(origin, copy, language) is None


def test_the_figure_that_was_typed_is_meant_where_a_quote_holds_several() -> None:
    quote = Passage("", "$5 million for one, $16 million for both", "", "en", "$16 million")
    found = figure_in(quote)
    assert found is not None
    assert found.value == "16000000"


def test_words_without_a_figure_have_none() -> None:
    assert figure_in(Passage("", "a great deal", "", "en", "a great deal")) is None
