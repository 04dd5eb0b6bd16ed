"""Every number that CLDR knows how to print in a language is read back as itself, whatever the numbering system.

Where the print alone does not tell, as one group of three digits, the figure may be suspect, but never wrong.
"""

from decimal import Decimal
from typing import Final, Literal

import pytest
from babel import Locale, UnknownLocaleError
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claims.extraction.reading import read
from claims.extraction.tables import languages

CLDR_NAMES: Final = {"tl": "fil"}
# In these, CLDR's short forms are single letters or clippings that stand for other words in running text.
CLIPPED: Final = frozenset({"bn", "es", "fr", "id", "mr", "ms", "ne", "nl", "ta", "te", "tr", "vi"})
MISPRINTED: Final = frozenset({"ne"})  # CLDR prints a million as one करोड, which is ten

numbering = st.sampled_from(["latn", "default"])
whole = st.one_of(st.integers(1, 9999), st.integers(1, 10**6), st.integers(1, 10**12))
fraction = st.builds(lambda digits, places: Decimal(digits).scaleb(-places), whole, st.integers(1, 2))
two_digits = st.builds(lambda digits, power: digits * 10**power, st.integers(10, 99), st.integers(2, 10))


def locale(language: str) -> str:
    code = CLDR_NAMES.get(language, language)
    try:
        Locale.parse(code)
    except UnknownLocaleError:
        pytest.skip(f"CLDR has no {code}")
    return code


def assert_reads(printed: str, language: str, value: Decimal | int, unit: str | None) -> None:
    figures = read(printed, language).figures
    assert len(figures) == 1, f"{printed!r} in {language}: {figures}"
    figure = figures[0]
    if figure.suspect is not None:
        assert figure.value is None, (
            f"{printed!r} in {language} is suspect, and yet has the value {figure.value}"
        )
        return
    assert figure.value is not None
    assert (Decimal(figure.value), figure.unit) == (value, unit), f"{printed!r} in {language}: {figure}"


def formats(language: str, kind: Literal["long", "short"]) -> bool:
    return kind in Locale.parse(locale(language)).compact_decimal_formats


@pytest.mark.parametrize("language", languages())
@settings(max_examples=60, deadline=None)
@given(number=st.one_of(whole, fraction), system=numbering)
def test_decimals(language: str, number: Decimal | int, system: str) -> None:
    code = locale(language)
    printed = format_decimal(number, locale=code, numbering_system=system, decimal_quantization=False)
    assert_reads(f"{printed} kg", language, number, "kg")


@pytest.mark.parametrize("language", languages())
@settings(max_examples=30, deadline=None)
@given(tenths=st.integers(1, 9999), system=numbering)
def test_percentages(language: str, tenths: int, system: str) -> None:
    number = Decimal(tenths) / 1000
    code = locale(language)
    printed = format_percent(number, locale=code, numbering_system=system, decimal_quantization=False)
    assert_reads(printed, language, number * 100, "percent")


@pytest.mark.parametrize("language", languages())
@settings(max_examples=40, deadline=None)
@given(cents=whole, currency=st.sampled_from(["USD", "EUR", "INR", "GBP"]), system=numbering)
def test_sums_of_money(language: str, cents: int, currency: str, system: str) -> None:
    amount = Decimal(cents) / 100
    printed = format_currency(amount, currency, locale=locale(language), numbering_system=system)
    assert_reads(printed, language, amount, currency)


@pytest.mark.parametrize("language", languages())
@settings(max_examples=40, deadline=None)
@given(number=two_digits, system=numbering)
def test_numbers_with_scale_words(language: str, number: int, system: str) -> None:
    if language in MISPRINTED:
        pytest.skip(f"CLDR misprints compact numbers of {language}")
    kind: Literal["long", "short"] = "long" if formats(language, "long") else "short"
    printed = format_compact_decimal(
        number, format_type=kind, locale=locale(language), fraction_digits=1, numbering_system=system
    )
    assume(any(map(str.isdigit, printed)))  # in French, a thousand is "mille"
    assert_reads(printed, language, number, None)


@pytest.mark.parametrize("language", [one for one in languages() if one not in CLIPPED])
@settings(max_examples=40, deadline=None)
@given(number=two_digits, system=numbering)
def test_money_with_scale_words(language: str, number: int, system: str) -> None:
    printed = format_compact_currency(
        number, "USD", locale=locale(language), fraction_digits=1, numbering_system=system
    )
    assert_reads(printed, language, number, "USD")
