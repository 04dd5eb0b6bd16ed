"""Ranges of amounts and of days: whether two meet, whether one lies in the other, what a figure may stand for."""

from datetime import date
from decimal import Context, Decimal
from typing import Final

from kb.lib.quantities import Interval, interval

MOST_ROUNDED: Final = Decimal(
    "0.1"
)  # a figure is no rounding of one that differs by more than this part of it
EVERYTHING: Final = Interval(None, None)
_WIDE: Final = Context(prec=200)


def meet(a: Interval, b: Interval) -> bool:
    """Whether some value lies in both."""
    return _reaches(a, b) and _reaches(b, a)


def _reaches(a: Interval, b: Interval) -> bool:
    """Whether `a` goes on at least to where `b` begins."""
    if a.upper is None or b.lower is None:
        return True
    return a.upper > b.lower or (a.upper == b.lower and not a.upper_open and not b.lower_open)


def inside(a: Interval, b: Interval) -> bool:
    """Whether all of `a` lies in `b`."""
    above = b.lower is None or (
        a.lower is not None
        and (a.lower > b.lower or (a.lower == b.lower and (a.lower_open or not b.lower_open)))
    )
    below = b.upper is None or (
        a.upper is not None
        and (a.upper < b.upper or (a.upper == b.upper and (a.upper_open or not b.upper_open)))
    )
    return above and below


def rounded(amount: Decimal) -> Interval:
    """What a printed figure may stand for: half a unit of its last non-zero digit, and never more than a tenth of it.

    6,000,000 may stand for 5,576,000; 10,000 does not stand for 12,000.
    """
    half = interval("approx", amount)
    most = abs(_WIDE.multiply(amount, MOST_ROUNDED))
    lower, upper = half.lower or Decimal(0), half.upper or Decimal(0)
    return Interval(max(lower, _WIDE.subtract(amount, most)), min(upper, _WIDE.add(amount, most)))


def hull(a: Interval, b: Interval) -> Interval:
    """The smallest range that holds both."""
    open_below, open_above = a.lower is None or b.lower is None, a.upper is None or b.upper is None
    lower = None if open_below else min(a.lower or Decimal(0), b.lower or Decimal(0))
    upper = None if open_above else max(a.upper or Decimal(0), b.upper or Decimal(0))
    return Interval(lower, upper)


def days(earliest: date | None, latest: date | None) -> Interval:
    """A span of days as a range; both ends belong to it, None is an open one."""
    return Interval(
        None if earliest is None else Decimal(earliest.toordinal()),
        None if latest is None else Decimal(latest.toordinal()),
    )


def day(number: Decimal) -> str:
    """The day that an end of such a range stands for, as 2023-07-17."""
    return date.fromordinal(int(number)).isoformat()
