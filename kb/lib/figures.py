"""Amounts and dates as a reader of one language writes them: exact, never rounded on the way.

Numbers, currencies and month names are CLDR's (by Babel). A compact form ("5.576 million") is used only where
it says exactly the same as the digits; otherwise the digits stand in full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, localcontext
from functools import cache
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal, get_currency_symbol
from babel.units import format_unit
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.lib.edtf import Edtf, EdtfError, parse
from kb.lib.quantities import UnknownUnit, unit

Time = Mapping[str, Any]

NBSP: Final = "\u00a0"
MOST_DECIMALS: Final = 3  # a compact form with more is harder to read than the digits
COMPACT_FROM: Final = Decimal(1_000_000)
EXACT: Final = Context(prec=100)  # Babel works in the current context, whose 28 digits are too few

# Scripts whose readers write their own digits. Hindi prints 0-9, as CLDR has it.
_DIGITS: Final = {"bn": str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")}
_DATES: Final = {"en": "en-GB"}  # day before month, whoever reads
_DURATIONS: Final = {
    "s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "y": "year",
}  # fmt: skip
_LANGUAGE_NAMES: Final = {("en", "bn"): "Bengali"}  # CLDR's "Bangla" is what fewer readers look for
_COUNTS: Final = {"", "count"}
_PERCENT: Final = {"%": "%", "percent": "%", "permille": "‰"}


@cache
def locale(language: str) -> Locale:
    """The locale of a BCP 47 tag; English where Babel has none."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def localized_digits(text: str, language: str) -> str:
    """The text with the digits that readers of the language write."""
    table = _DIGITS.get(language.split("-")[0])
    return text.translate(table) if table else text


def listed(words: Sequence[str], language: str) -> str:
    """Several words in a row as the language sets them: A, B and C."""
    return (
        format_list(words, style="standard", locale=locale(_DATES.get(language, language))) if words else ""
    )


def language_name(tag: str, language: str) -> str:
    """A language's name in the reader's language: Bengali; the tag itself where nobody knows it."""
    found = locale(tag) if tag else None
    if found is None or found.language != tag.split("-")[0]:
        return tag
    return _LANGUAGE_NAMES.get((language, tag)) or found.get_display_name(locale(language)) or tag


def whole(number: int, language: str) -> str:
    """A count in full."""
    return localized_digits(format_decimal(number, locale=locale(language)), language)


def number(amount: str | Decimal, language: str) -> str:
    """An exact amount, in millions and up by a word where that loses nothing."""
    exact = Decimal(amount)
    text = _full(exact, language)
    if abs(exact) >= COMPACT_FROM:
        with localcontext(EXACT):
            compact = format_compact_decimal(
                exact, format_type="long", locale=locale(language), fraction_digits=MOST_DECIMALS + 40
            )
        if _decimals(compact, language) <= MOST_DECIMALS:
            text = compact
    return localized_digits(text, language)


def digits(amount: str | Decimal, language: str) -> str:
    """An exact amount with all its digits."""
    return localized_digits(_full(Decimal(amount), language), language)


def quantity(amount: str | Decimal, unit_code: str | None, unit_label: str, language: str) -> str:
    """An amount with its unit: $5.576 million, 84%, 400 GB/s, 2,048 GPUs.

    `unit_label` is the noun that a count counts. An unknown unit stands as it is written.
    """
    code = unit_code or ""
    figure = number(amount, language)
    if code in _COUNTS:
        return f"{figure}{NBSP}{unit_label}" if unit_label else figure
    if code in _PERCENT:
        return figure + _PERCENT[code]
    if code == "ratio":
        return number(Decimal(amount) * 100, language) + "%"
    if code in _DURATIONS:
        named = f"duration-{_DURATIONS[code]}"
        text = format_unit(Decimal(amount), named, locale=locale(language))
        return localized_digits(text, language) if named not in text else f"{figure}{NBSP}{code}"
    if _is_currency(code):
        return money(amount, code, language)
    return f"{figure}{NBSP}{code}"


def money(amount: str | Decimal, currency: str, language: str) -> str:
    """An amount of money, the symbol where the language puts it; cents only where there are any."""
    exact, here = Decimal(amount), locale(language)
    symbol = get_currency_symbol(currency, locale=here)
    figure, sign = number(abs(exact), language), "−" if exact < 0 else ""
    if str(here.currency_formats["standard"].pattern).startswith("¤"):
        gap = NBSP if symbol[-1].isalpha() and len(symbol) > 2 else ""
        return f"{sign}{symbol}{gap}{figure}"
    return f"{sign}{figure}{NBSP}{symbol}"


def short_quantity(amount: str | Decimal, unit_code: str | None, language: str) -> str:
    """A short label for an axis: $10M, 400 GB/s. Exact where the amount is a round one, as ticks are."""
    exact, here = Decimal(amount), locale(language)
    code = unit_code or ""
    if code in {"B/s", "B", "FLOP", "FLOP/s", "J"}:
        return _prefixed(exact, code, language)
    figure = format_compact_decimal(exact, format_type="short", locale=here, fraction_digits=MOST_DECIMALS)
    figure = localized_digits(figure if abs(exact) >= 1000 else _full(exact, language), language)
    if code in _COUNTS:
        return figure
    if code == "ratio":
        return localized_digits(_full(exact * 100, language), language) + "%"
    if not _is_currency(code):
        return f"{figure}{NBSP}{code}"
    symbol = get_currency_symbol(code, locale=here)
    prefix = str(here.currency_formats["standard"].pattern).startswith("¤")
    return f"{symbol}{figure}" if prefix else figure  # behind the figure it would not fit under the axis


def _prefixed(exact: Decimal, code: str, language: str) -> str:
    for prefix, power in (("E", 18), ("P", 15), ("T", 12), ("G", 9), ("M", 6), ("k", 3)):
        if abs(exact) >= Decimal(10) ** power:
            return f"{digits(exact / Decimal(10) ** power, language)}{NBSP}{prefix}{code}"
    return f"{digits(exact, language)}{NBSP}{code}"


def _full(exact: Decimal, language: str) -> str:
    with localcontext(EXACT):
        return format_decimal(exact, locale=locale(language), decimal_quantization=False)


def _decimals(text: str, language: str) -> int:
    symbols = locale(language).number_symbols
    point = symbols.get("latn", symbols).get("decimal", ".")
    _head, mark, tail = text.partition(str(point))
    return sum(character.isdigit() for character in tail) if mark else 0


def _is_currency(code: str) -> bool:
    try:
        return unit(code).dimension == "currency"
    except UnknownUnit:
        return False


@dataclass(frozen=True, slots=True)
class _Part:
    """One end of a date in words, with what is said about how sure it is."""

    text: str
    approximate: bool
    uncertain: bool


def time_label(time: Time | str | None, language: str, *, moment: bool = False) -> str:
    """A date in words, no finer than it is known: 2023, May 2023, about May 2023, 2023 (uncertain).

    `moment` reads an open interval as one day somewhere in it ("May 2023 or later"), not as a span that goes
    on ("from May 2023"). What is no EDTF stands as it is.
    """
    text = time if isinstance(time, str) else (time or {}).get("edtf") or ""
    if not text:
        return ""
    try:
        found = parse(text)
        label = _interval(text, language, moment=moment) if "/" in text else _single(found, language)
    except EdtfError:
        return text
    return localized_digits(label, language)


def time_phrase(time: Time, language: str) -> str:
    """A date as a sentence goes on with it: on 5 May 2023, in May 2023, in 2023; everything else stands bare."""
    label, text = time_label(time, language), time.get("edtf") or ""
    try:
        found = parse(text)
    except EdtfError:
        return label
    said = {"time": label}
    if "/" in text or found.earliest is None or found.latest is None:
        return label
    match found.precision:
        case "day":
            return pgettext("a day", "on %(time)s") % said
        case "month" | "season":
            return pgettext("a month", "in %(time)s") % said
        case "year":
            return pgettext("a year", "in %(time)s") % said
    return label


def _single(found: Edtf, language: str) -> str:
    text = _plain(found, language)
    if found.approximate:
        text = _("about %(time)s") % {"time": text}
    if found.uncertain:
        text = _("%(time)s (uncertain)") % {"time": text}
    return text


def _interval(text: str, language: str, *, moment: bool) -> str:
    first, last = text.split("/")
    start = _single(parse(first), language) if first not in {"", ".."} else ""
    end = _single(parse(last), language) if last not in {"", ".."} else ""
    if start and end:
        return _shortened(first, last, language) or pgettext("dates", "%(start)s to %(end)s") % {
            "start": start,
            "end": end,
        }
    if start:
        return (_("%(time)s or later") if moment else pgettext("dates", "from %(time)s")) % {"time": start}
    if end:
        return (_("%(time)s or earlier") if moment else pgettext("dates", "until %(time)s")) % {"time": end}
    return _("at an unknown time")


def _shortened(first: str, last: str, language: str) -> str:
    """ "26 to 27 January 2025", where both are plain days of one month."""
    if len(first) != 10 or len(last) != 10 or first[:7] != last[:7]:
        return ""
    month = date.fromisoformat(last)
    if locale(language).language not in {"en"}:
        return ""
    return pgettext("dates", "%(start)s to %(end)s") % {
        "start": str(int(first[8:])),
        "end": format_date(month, "long", locale=locale(_DATES["en"])),
    }


def _plain(found: Edtf, language: str) -> str:
    assert found.earliest is not None  # noqa: S101  only the ends of intervals are open
    year, month, day = found.earliest
    where = locale(_DATES.get(language, language))
    if found.precision == "decade":
        return _("the %(year)ss") % {"year": year}
    if not 1 <= year <= 9999:
        return found.text.rstrip("?~%")
    match found.precision:
        case "day" | "time":
            return format_date(date(year, month, day), "long", locale=where)
        case "month":
            return format_skeleton("yMMMM", date(year, month, 1), locale=where)
        case "season":
            season = {3: _("spring"), 6: _("summer"), 9: _("autumn")}.get(month, _("winter"))
            return _("%(season)s %(year)s") % {"season": season, "year": year}
        case "year":
            return str(year)
        case _:
            return f"{year}–{found.latest.year}" if found.latest else str(year)
