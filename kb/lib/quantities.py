"""Amounts as exact decimals, units that are never guessed, and what a comparator says about the true value.

Nothing passes through binary floating point, and nothing depends on the caller's decimal context. Factors are
exact by definition (SI brochure, IEC 80000-13, the international yard and pound). What has no fixed factor,
as a month in seconds or a dollar in euros, has a base of its own and is never converted.
"""

import difflib
import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import cache
from typing import Final, Literal, get_args

from babel.numbers import list_currencies

from kb.lib.saying import Fault, Sentence
from kb.lib.saying import gettext_noop as _

Amount = str | int | Decimal
Comparator = Literal["eq", "approx", "gt", "ge", "lt", "le", "range"]
COMPARATORS: Final[tuple[Comparator, ...]] = get_args(Comparator)

MOST_DIGITS: Final = 38

# Amounts of 38 digits times any unit's factor fit; what did not would raise, never round.
_EXACT: Final = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow])
_ROUNDED: Final = Context(prec=MOST_DIGITS, traps=[InvalidOperation, Overflow])


class QuantityError(Fault, ValueError):
    """The amount, interval or conversion cannot be; the message says why."""


class UnknownUnit(QuantityError):
    """No unit has this code; the message lists near ones."""


_NO_AMOUNT: Final = _("%(amount)s is not an amount: %(advice)s.")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")


def decimal(value: Amount) -> Decimal:
    """The exact finite decimal of a canonical amount; QuantityError names what is wrong with any other."""
    return Decimal(decimal_text(value))


def decimal_text(value: Amount) -> str:
    """The one plain text of an exact decimal: no exponent, no zeros at the ends, no -0, at most 38 digits."""
    number = _finite(value)
    if not number:
        return "0"
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101  finite, for the type checker
    written = "".join(map(str, digits)).rstrip("0")
    exponent += len(digits) - len(written)
    significant = written.lstrip("0")
    if max(len(significant), len(significant) + exponent, -exponent) > MOST_DIGITS:
        raise QuantityError(
            _("An amount has at most %(most)s digits; this has more: %(amount)s"),
            most=MOST_DIGITS,
            amount=str(value)[:60],
        )
    if exponent >= 0:
        plain = significant + "0" * exponent
    else:
        padded = significant.rjust(1 - exponent, "0")
        plain = f"{padded[:exponent]}.{padded[exponent:]}"
    return "-" + plain if sign else plain


def _finite(value: Amount) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise QuantityError(
            _("An amount is text, a whole number or a Decimal, not %(kind)s: write it as text."),
            kind=type(value).__name__,
        )
    if isinstance(value, int):
        if abs(value) >= 10**MOST_DIGITS:
            raise QuantityError(_("An amount has at most %(most)s digits; this has more."), most=MOST_DIGITS)
        return Decimal(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise QuantityError(
                _NO_AMOUNT,
                amount=value,
                advice=Sentence(_("write a finite number, or mark the value as unknown")),
            )
        return value
    if len(value) > 100:
        raise QuantityError(
            _("An amount has at most %(most)s digits; this text has %(number)s characters."),
            most=MOST_DIGITS,
            number=len(value),
        )
    if not _NUMBER.fullmatch(value):
        raise QuantityError(_NO_AMOUNT, amount=repr(value), advice=_advice(value))
    return Decimal(value)


def _advice(text: str) -> Sentence:
    ascii_text = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    if not text.strip():
        return Sentence(_("it is empty"))
    if ascii_text != text:
        return Sentence(_("write it with the digits 0 to 9 (%(text)s)"), {"text": ascii_text})
    if re.fullmatch(r"[-+]?(nan|inf|infinity)", text.strip(), re.IGNORECASE):
        return Sentence(_("write a finite number, or mark the value as unknown"))
    if "," in text or re.search(r"[0-9][\s_'’][0-9]", text):
        return Sentence(_("write a point before decimals and nothing between thousands (1234567.8)"))
    if text.startswith(("+", "−")):
        return Sentence(_("write no plus sign, and a plain hyphen for minus"))
    return Sentence(_("write digits with at most one point (5.576), and no unit or word"))


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor`` of the ``base`` unit make one of this. Currencies have none: each is its own base."""

    code: str
    dimension: str
    factor: Decimal | None
    base: str


# dimension: base unit, then code → factor of it.
_DIMENSIONS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "count": ("count", {"count": "1"}),
    "ratio": ("ratio", {"ratio": "1", "percent": "0.01", "permille": "0.001"}),
    "time": ("s", {"ns": "1e-9", "us": "1e-6", "ms": "0.001", "s": "1", "min": "60", "h": "3600",
                   "d": "86400", "wk": "604800"}),
    "power": ("W", {"mW": "0.001", "W": "1", "kW": "1e3", "MW": "1e6", "GW": "1e9", "TW": "1e12"}),
    "energy": ("J", {"J": "1", "kJ": "1e3", "MJ": "1e6", "GJ": "1e9", "TJ": "1e12", "PJ": "1e15",
                     "EJ": "1e18", "Wh": "3600", "kWh": "3.6e6", "MWh": "3.6e9", "GWh": "3.6e12",
                     "TWh": "3.6e15"}),
    "length": ("m", {"nm": "1e-9", "um": "1e-6", "mm": "0.001", "cm": "0.01", "m": "1", "km": "1000",
                     "in": "0.0254", "ft": "0.3048", "mi": "1609.344"}),
    "mass": ("kg", {"mg": "1e-6", "g": "0.001", "kg": "1", "t": "1e3", "kt": "1e6", "Mt": "1e9",
                    "lb": "0.45359237", "oz": "0.028349523125"}),
    "data": ("B", {"bit": "0.125", "kbit": "125", "Mbit": "125e3", "Gbit": "125e6", "Tbit": "125e9",
                   "B": "1", "kB": "1e3", "MB": "1e6", "GB": "1e9", "TB": "1e12", "PB": "1e15", "EB": "1e18",
                   "ZB": "1e21", "KiB": "1024", "MiB": "1048576", "GiB": "1073741824", "TiB": "1099511627776",
                   "PiB": "1125899906842624", "EiB": "1152921504606846976"}),
    "compute": ("FLOP", {"FLOP": "1", "kFLOP": "1e3", "MFLOP": "1e6", "GFLOP": "1e9", "TFLOP": "1e12",
                         "PFLOP": "1e15", "EFLOP": "1e18", "ZFLOP": "1e21", "YFLOP": "1e24"}),
}  # fmt: skip
_RATES: Final = {"data": "data-rate", "compute": "compute-rate"}
# Months and years are a time too, but no fixed number of seconds.
_MONTHS: Final = {"mo": "1", "y": "12"}
_NO_CURRENCY: Final = frozenset({"XTS", "XXX"})
DIMENSIONS: Final = (*_DIMENSIONS, *_RATES.values(), "currency")

# What people write instead of a code, for the hint of UnknownUnit only.
_WORDS: Final = {
    "%": "percent", "‰": "permille", "µs": "us", "µm": "um", "sec": "s", "second": "s", "hour": "h",
    "day": "d", "week": "wk", "month": "mo", "year": "y", "ton": "t", "tonne": "t",
}  # fmt: skip


@cache
def units() -> dict[str, Unit]:
    """Every unit by its code; currencies (ISO 4217, former ones too) come from Babel."""
    table: dict[str, Unit] = {}
    for dimension, (base_code, factors) in _DIMENSIONS.items():
        for code, factor in factors.items():
            table[code] = Unit(code, dimension, Decimal(factor), base_code)
            if rate := _RATES.get(dimension):
                table[code + "/s"] = Unit(code + "/s", rate, Decimal(factor), base_code + "/s")
    for code, factor in _MONTHS.items():
        table[code] = Unit(code, "time", Decimal(factor), "mo")
    for code in sorted(list_currencies() - _NO_CURRENCY):
        table[code] = Unit(code, "currency", None, code)
    return table


def unit(code: str) -> Unit:
    """The unit of that exact code (case counts: MB is no Mb); UnknownUnit lists near names."""
    table = units()
    if code in table:
        return table[code]
    near = [_WORDS[word] for word in (code, code.removesuffix("s")) if word in _WORDS]
    near += [known for known in table if known.casefold() == code.casefold()]
    near += difflib.get_close_matches(code, table, n=3)
    if near:
        raise UnknownUnit(
            _("There is no unit %(unit)s; did you mean %(near)s?"),
            unit=repr(code[:40]),
            near=", ".join(dict.fromkeys(near)),
        )
    raise UnknownUnit(
        _("There is no unit %(unit)s; dimensions are %(dimensions)s."),
        unit=repr(code[:40]),
        dimensions=", ".join(DIMENSIONS),
    )


def base(amount: Amount, code: str) -> tuple[Decimal, str]:
    """The exact amount in the base unit of its dimension, and that unit's code (a currency's is its own)."""
    found = unit(code)
    exact = decimal(amount)
    return (exact if found.factor is None else _EXACT.multiply(exact, found.factor)), found.base


def convert(amount: Amount, from_code: str, to_code: str) -> Decimal:
    """The amount in another unit: exact where the quotient ends, else rounded half-even to 38 digits."""
    source, target = unit(from_code), unit(to_code)
    exact = decimal(amount)
    if source == target:
        return exact
    if source.dimension != target.dimension:
        raise QuantityError(
            _("%(first)s measures %(one)s and %(second)s %(other)s: no conversion."),
            first=from_code,
            one=Sentence(source.dimension),
            second=to_code,
            other=Sentence(target.dimension),
        )
    if source.factor is None or target.factor is None:
        raise QuantityError(
            _("%(first)s to %(second)s: currencies are never converted silently; record a claim for each."),
            first=from_code,
            second=to_code,
        )
    if source.base != target.base:
        raise QuantityError(
            _("%(first)s to %(second)s: a month has no fixed length in days or seconds."),
            first=from_code,
            second=to_code,
        )
    in_base = _EXACT.multiply(exact, source.factor)
    try:
        return _EXACT.divide(in_base, target.factor)
    except Inexact:
        return _ROUNDED.divide(in_base, target.factor)


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies on the number line. None is no bound; an open end is excluded itself."""

    lower: Decimal | None
    upper: Decimal | None
    lower_open: bool = False
    upper_open: bool = False

    def __post_init__(self) -> None:
        if self.lower is None or self.upper is None:
            return
        if self.upper < self.lower or (self.upper == self.lower and (self.lower_open or self.upper_open)):
            raise QuantityError(
                _("Nothing lies between %(lower)s and %(upper)s: write the smaller first."),
                lower=self.lower,
                upper=self.upper,
            )


def interval(
    comparator: str,
    amount: Amount,
    upper_amount: Amount | None = None,
    lower_bound: Amount | None = None,
    upper_bound: Amount | None = None,
) -> Interval:
    """What a comparator (eq approx gt ge lt le range) and an amount say about the true value.

    Only ``range`` takes an ``upper_amount``. Bounds given by the evidence come in pairs around an eq or
    approx amount, and are the interval; approx without bounds is ± half a unit of the last non-zero digit.
    """
    if comparator not in COMPARATORS:
        raise QuantityError(
            _("There is no comparator %(comparator)s: write one of %(known)s."),
            comparator=repr(comparator),
            known=", ".join(COMPARATORS),
        )
    value = decimal(amount)
    if (comparator == "range") != (upper_amount is not None):
        raise QuantityError(_("A range needs its upper amount, and no other comparator takes one."))
    if lower_bound is not None or upper_bound is not None:
        return _bounded(comparator, value, lower_bound, upper_bound)
    if comparator == "range":
        assert upper_amount is not None  # noqa: S101  checked above, for the type checker
        return Interval(value, decimal(upper_amount))
    if comparator in {"gt", "ge"}:
        return Interval(value, None, lower_open=comparator == "gt")
    if comparator in {"lt", "le"}:
        return Interval(None, value, upper_open=comparator == "lt")
    half = _half_unit(value) if comparator == "approx" else Decimal(0)
    return Interval(_EXACT.subtract(value, half), _EXACT.add(value, half))


def _bounded(
    comparator: str, value: Decimal, lower_bound: Amount | None, upper_bound: Amount | None
) -> Interval:
    if comparator not in {"eq", "approx"}:
        raise QuantityError(
            _("%(comparator)s is a bound itself and takes no others: leave them out, or write approx."),
            comparator=comparator,
        )
    if lower_bound is None or upper_bound is None:
        raise QuantityError(_("A bound is missing: give the lower and the upper bound, or neither."))
    lower, upper = decimal(lower_bound), decimal(upper_bound)
    if not lower <= value <= upper:
        raise QuantityError(
            _("The bounds %(lower)s and %(upper)s exclude the amount %(amount)s."),
            lower=f"{lower:f}",
            upper=f"{upper:f}",
            amount=f"{value:f}",
        )
    return Interval(lower, upper)


def _half_unit(value: Decimal) -> Decimal:
    """Half a unit of the last non-zero digit: 50000 for 6100000, 0.0005 for 5.576, nothing for 0."""
    exponent = value.normalize(_EXACT).as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101  finite, for the type checker
    return Decimal((0, (5,), exponent - 1)) if value else Decimal(0)


def could(found: Interval, minimum: Decimal | None, maximum: Decimal | None) -> bool:
    """Whether the true value possibly lies from minimum to maximum, both included; None is no limit."""
    _check_limits(minimum, maximum)
    above = (
        found.upper is None
        or minimum is None
        or found.upper > minimum
        or (found.upper == minimum and not found.upper_open)
    )
    below = (
        found.lower is None
        or maximum is None
        or found.lower < maximum
        or (found.lower == maximum and not found.lower_open)
    )
    return above and below


def must(found: Interval, minimum: Decimal | None, maximum: Decimal | None) -> bool:
    """Whether the true value certainly lies from minimum to maximum, both included; None is no limit.

    Values are taken as dense: gt 500 is not certainly at least 501, though a count would be.
    """
    _check_limits(minimum, maximum)
    above = minimum is None or (found.lower is not None and found.lower >= minimum)
    below = maximum is None or (found.upper is not None and found.upper <= maximum)
    return above and below


def _check_limits(minimum: Decimal | None, maximum: Decimal | None) -> None:
    if minimum is not None and maximum is not None and maximum < minimum:
        raise QuantityError(
            _("The minimum %(minimum)s is above the maximum %(maximum)s: exchange them."),
            minimum=f"{minimum:f}",
            maximum=f"{maximum:f}",
        )
