"""Figures and dates as people type them into a field: "1.6 billion", "৫০ হাজার", "> 500 triệu USD", "মে ২০২৩". Pure.

The desk's own notation (1600000, 2023-05~) comes first. Anything else is read in the languages given, then in all
others; where two of them read it differently, or a part of it is not understood, the answer is a question and never a
guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from claims.extraction import tables
from claims.extraction.hits import Hits
from claims.extraction.lexicon import lexicon
from claims.extraction.reading import read
from claims.extraction.results import Figure
from kb.lib import edtf
from kb.lib.quantities import QuantityError, decimal_text
from kb.lib.saying import Fault, Sentence
from kb.lib.saying import gettext_noop as _
from kb.lib.scripts import fold_in_place

LONGEST: Final = 120
Read = TypeVar("Read")

_SIGNS: Final = {
    ">=": "ge", "≥": "ge", "<=": "le", "≤": "le", ">": "gt", "<": "lt", "~": "approx", "≈": "approx", "=": "eq"
}  # fmt: skip
_SIGN: Final = re.compile("|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True))))
_CANONICAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NOISE: Final = re.compile(r"[\s.,;:()\u200b-\u200f]+|" + _SIGN.pattern)
_AROUND: Final = frozenset(
    {"before", "after", "filler", "between", "noun", "classifier", "year-word", "year-about"}
)
_OPENING: Final = "("  # so that "17. Oktober" at the beginning is no item of a list
_DASHES: Final = re.compile(r"\s*(?:[-–—/…]|\.\.)\s*")
_DAY_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")


class Unclear(Fault, ValueError):
    """What was typed can be read in several ways, or not at all; the message asks, and says what to write."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A typed figure in the desk's notation; `unit` is a code of kb.lib.quantities, empty where none was typed."""

    amount: str
    comparator: str = "eq"
    upper_amount: str = ""
    unit: str = ""


def amount(text: str, languages: Iterable[str] = ()) -> Amount:
    """The figure in `text`, read in the languages (BCP 47) of whoever typed it and of what it was taken from.

    Raises Unclear.
    """
    typed = _short(text)
    sign = _SIGN.match(typed)
    bare = (typed[sign.end() :].strip() if sign else typed).replace("−", "-")
    known = _SIGNS[sign[0]] if sign else "eq"
    own = [Amount(decimal_text(bare), known)] if _CANONICAL.fullmatch(bare) and len(bare) < 40 else []
    asked = list(dict.fromkeys(languages))
    found = [*own, *_in(asked, typed, _amount)]
    if not own and any(_is_doubtful(typed, language) for language in asked):
        raise Unclear(
            _(
                "“%(typed)s” can be a thousand or a decimal in one of %(languages)s: write it with all its digits and "
                "nothing between them, or with a point and a zero at the end (1234 or 1.2340)."
            ),
            typed=typed,
            languages=", ".join(asked),
        )
    return _one(found or list(_in(_others(asked), typed, _amount)), typed, _figures_question)


def date(text: str, languages: Iterable[str] = ()) -> str:
    """The date in `text` as EDTF, no finer than it was typed. Raises Unclear."""
    typed = _short(text)
    if _is_edtf(typed):
        return typed
    mark = ""
    if typed[0] in "~≈":
        typed, mark = typed[1:].strip(), "~"
    elif typed[-1] in "~?%":
        typed, mark = typed[:-1].strip(), typed[-1]
    if _is_edtf(typed + mark):
        return typed + mark
    if _is_edtf(typed):
        raise Unclear(
            _("“%(typed)s” is marked twice: write one ~ (about), ? (uncertain) or %% (both) at the end."),
            typed=text,
        )
    asked = list(dict.fromkeys(languages))
    if any(one.suspect for language in asked for one in _figures(typed, language)):
        raise Unclear(_dates_question(typed, []))
    found = list(_in(asked, typed, _date)) or list(_in(_others(asked), typed, _date))
    read_as = _one(found, typed, _dates_question)
    if not mark or "/" in read_as or read_as[-1] in "~?%":
        return read_as
    return read_as + mark


# --- one language


def _amount(typed: str, language: str) -> Amount | None:
    figures = _figures(typed, language)
    said = _comparators(typed, figures, language)
    if len(figures) != 1 or said is None:
        return None
    one = figures[0]
    if one.value is None or one.kind in ("date", "year") or one.per or (said and one.comparator == "eq"):
        return None
    try:
        value, upper = decimal_text(one.value), decimal_text(one.value_max) if one.value_max else ""
    except QuantityError:
        return None
    unit = "" if one.unit in (None, "count") else str(one.unit)
    return Amount(value, "range" if upper else one.comparator, upper, unit)


def _is_doubtful(typed: str, language: str) -> bool:
    """Whether the language's own writers leave open if a separator parts thousands or decimals."""
    return any(one.suspect == "separator" for one in _figures(typed, language))


def _date(typed: str, language: str) -> str | None:
    figures = [one for one in _figures(typed, language) if one.kind in ("date", "year")]
    said = _comparators(typed, figures, language)
    if not figures or any(one.value is None for one in figures) or said is None or said - {"approx"}:
        return None
    values = [f"{one.value}/{one.value_max}" if one.value_max else str(one.value) for one in figures]
    if len(values) == 2 and _span((_OPENING + typed)[figures[0].end : figures[1].start], language):
        values = ["/".join(values)]
    if len(values) != 1:
        return None
    if (said or figures[0].comparator == "approx") and "/" not in values[0] and values[0][-1] not in "~?%":
        values[0] += "~"
    return values[0] if _is_edtf(values[0]) else None


def _figures(typed: str, language: str) -> Sequence[Figure]:
    return read(_OPENING + typed, language).figures


def _span(between: str, language: str) -> bool:
    """Whether the words between two dates make a span of them."""
    if _DASHES.fullmatch(between):
        return True
    return any(hit.word.role == "to" for hit in Hits(fold_in_place(between), lexicon(language)))


def _comparators(typed: str, figures: Sequence[Figure], language: str) -> set[str] | None:
    """What the words around the figures say of them ("gt", "approx"); None when a part is not understood."""
    text = _OPENING + typed
    left = list(text)
    for one in figures:
        left[one.start : one.end] = " " * (one.end - one.start)
    said = set()
    roles = _AROUND | {"to"} if len(figures) > 1 else _AROUND
    for hit in Hits(fold_in_place(text), lexicon(language)):
        if hit.word.role in roles and any(map(str.strip, left[hit.start : hit.end])):
            left[hit.start : hit.end] = " " * (hit.end - hit.start)
            if hit.word.role in ("before", "after"):
                said.add(hit.word.value)
    rest = _NOISE.sub("", "".join(left))
    return None if (_DASHES.sub("", rest) if len(figures) > 1 else rest) else said


# --- several languages


def _in(languages: Iterable[str], typed: str, reader: Callable[[str, str], Read | None]) -> Iterator[Read]:
    for language in languages:
        if (found := reader(typed, language)) is not None:
            yield found


def _others(asked: Sequence[str]) -> list[str]:
    return [one for one in tables.languages() if one not in asked]


def _one(found: Sequence[Read], typed: str, ask: Callable[[str, Sequence[Read]], Sentence]) -> Read:
    different = list(dict.fromkeys(found))
    if len(different) == 1:
        return different[0]
    raise Unclear(ask(typed, different))


def _figures_question(typed: str, found: Sequence[Amount]) -> Sentence:
    if not found:
        return Sentence(
            _(
                "“%(typed)s” is not understood as a figure: write it like 1600000, 1.6 billion, 5-10 million or "
                "> 500 million USD."
            ),
            {"typed": typed},
        )
    return Sentence(
        _("“%(typed)s” can be read as %(readings)s: write out which (%(plain)s)."),
        {
            "typed": typed,
            "readings": _either([_shown(one) for one in found]),
            "plain": _either([_plain(one) for one in found]),
        },
    )


def _either(readings: Sequence[str]) -> Sentence | str:
    """Two or more of them with “or” between."""
    said: Sentence | str = readings[0]
    for one in readings[1:]:
        said = Sentence(_("%(one)s or %(other)s"), {"one": said, "other": one})
    return said


def _shown(one: Amount) -> str:
    sign = next((sign for sign, code in _SIGNS.items() if code == one.comparator and code != "eq"), "")
    text = f"{one.amount}–{one.upper_amount}" if one.upper_amount else one.amount
    return " ".join(part for part in (sign, text, one.unit) if part)


def _plain(one: Amount) -> str:
    """The amount so written that no language reads it otherwise: 1.2340 is no thousand."""
    _whole_part, point, decimals = one.amount.partition(".")
    shown = f"{one.amount}0" if point and len(decimals) == 3 else one.amount
    return _shown(replace(one, amount=shown))


def _dates_question(typed: str, found: Sequence[str]) -> Sentence:
    if found:
        return Sentence(
            _("“%(typed)s” can be read as %(readings)s: write which."),
            {"typed": typed, "readings": _either(found)},
        )
    if (parts := _DAY_MONTH_YEAR.fullmatch(typed)) and int(parts[1]) <= 12 and int(parts[2]) <= 12:
        one, other, year = int(parts[1]), int(parts[2]), parts[3]
        return Sentence(
            _("“%(typed)s”: is it %(day_first)s (day first) or %(month_first)s (month first)? Write which."),
            {
                "typed": typed,
                "day_first": f"{year}-{other:02}-{one:02}",
                "month_first": f"{year}-{one:02}-{other:02}",
            },
        )
    return Sentence(
        _(
            "“%(typed)s” is not understood as a date: write it like 2023, 2023-05, 17 October 2023, "
            "2023-05~ (about), 2023? (uncertain) or 2023-10/.. (since)."
        ),
        {"typed": typed},
    )


# --- small things


def _short(text: str) -> str:
    typed = " ".join(text.split())
    if not typed:
        raise Unclear(_("Nothing is written here."))
    if len(typed) > LONGEST:
        raise Unclear(
            _("This is too long: a figure or a date has at most %(most)s characters."), most=LONGEST
        )
    return typed


def _is_edtf(text: str) -> bool:
    try:
        edtf.desk_date(text)
    except edtf.EdtfError:
        return False
    return True
