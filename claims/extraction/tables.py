"""The tables of `languages/*.toml`: each phrase with what it means to a figure.

docs/adding-a-language.md describes them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from kb.lib.scripts import fold_in_place, written_forms

LANGUAGES: Final = Path(__file__).parent / "languages"
SOLAR: Final = 12  # added to the number of a month of the Iranian calendar, so that 13 is Farvardin

Role = Literal[
    "number", "shy", "one", "vague", "tens", "hundred", "point", "scale",  # words that make up an amount
    "plus", "fixed", "of", "half",  # সাড়ে তিন, দেড়, half a million, triệu rưỡi
    "currency", "unit", "unit-before", "noun", "classifier",
    "before", "after", "filler", "to", "between", "change", "per",
    "joiner", "in-year", "year-word", "year-about", "maybe-year", "decade", "in-decade", "month",
    "label", "label-after", "clock", "ordinal", "dotted", "letter",
]  # fmt: skip

# Where in a table the words of a role stand: phrase → value, value → phrases, or a list of phrases.
_VALUED: Final[Mapping[str, Role]] = {
    "number_words": "number",
    "shy_words": "shy",
    "tens_after": "tens",
    "hundreds": "hundred",
    "scales": "scale",
    "currencies": "currency",
    "units": "unit",
    "units_before": "unit-before",
    "fractions.plus": "plus",
    "fractions.fixed": "fixed",
    "fractions.of": "of",
    "fractions.after": "half",
}
_GROUPED: Final[Mapping[str, Role]] = {
    "months": "month",
    "per": "per",
    "comparators.before": "before",
    "comparators.after": "after",
}
_LISTED: Final[Mapping[str, Role]] = {
    "one.words": "one",
    "one.vague": "vague",
    "vague.words": "vague",
    "numbers.joiners": "joiner",
    "numbers.points": "point",
    "counted.nouns": "noun",
    "counted.classifiers": "classifier",
    "ranges.to": "to",
    "ranges.and": "to",
    "ranges.between": "between",
    "ranges.change": "change",
    "years.before": "in-year",
    "years.after": "year-word",
    "years.approx": "year-about",
    "years.weak": "maybe-year",
    "years.decades": "decade",
    "years.decades_before": "in-decade",
    "labels.before": "label",
    "labels.after": "label-after",
    "clock.words": "clock",
    "ordinals.after": "ordinal",
    "ordinals.dotted_after": "dotted",
    "letters.words": "letter",
}


@dataclass(frozen=True, slots=True)
class Word:
    """One meaning of a word or phrase; `value` is a number, a code or a comparator, as the role has it."""

    role: Role
    value: str


class UnknownLanguage(LookupError):
    """There is no table for this language."""


def languages() -> list[str]:
    """The codes of the languages that have a table."""
    return sorted(path.stem for path in LANGUAGES.glob("*.toml") if path.stem not in ("universal", "und"))


@cache
def table_of(language: str) -> Mapping[str, Any]:
    path = LANGUAGES / f"{language}.toml"
    if not path.is_file():
        raise UnknownLanguage(f"there is no {path.name}; docs/adding-a-language.md says how to add one")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def meanings(table: Mapping[str, Any]) -> Iterator[tuple[str, Word]]:
    """Each phrase of a table, folded, with its meaning."""
    for phrase, role, value in _entries(table):
        for form in forms(phrase):
            yield form, Word(role, value)


def forms(phrase: str) -> set[str]:
    """The phrase as it may stand in a folded text."""
    return {fold_in_place(form) for form in written_forms(phrase)}


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Role, str]]:
    for path, role in _VALUED.items():
        for phrase, value in _section(table, path).items():
            yield phrase, role, str(int(Decimal(value))) if role == "scale" else str(value)
    for path, role in _GROUPED.items():
        for value, phrases in _section(table, path).items():
            for phrase in phrases:
                yield phrase, "filler" if value == "fillers" else role, value
    for number, phrases in _section(table, "solar_months").items():
        for phrase in phrases:
            yield phrase, "month", str(int(number) + SOLAR)
    for path, role in _LISTED.items():
        section, key = path.split(".")
        for phrase in _section(table, section).get(key, ()):
            yield phrase, role, ""


def _section(table: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    for key in path.split("."):
        table = table.get(key, {})
    return table
