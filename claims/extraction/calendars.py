"""Days of the Iranian calendar (solar Hijri) as days of the Gregorian one.

Leap years follow the cycle of 33 years, which agrees with the astronomical rule from 1200 to 1500.
"""

import datetime


def solar(year: int, month: int, day: int | None) -> tuple[str | None, str | None]:
    """A day or month of the Iranian calendar, or the reason why there is none."""
    if not 1200 <= year < 1500:
        return None, "calendar"
    length = 31 if month <= 6 else 30 if month < 12 or _leap(year) else 29
    if day is not None and day > length:
        return None, "no-such-day"
    first = _new_year(year) + datetime.timedelta(days=(month - 1) * 30 + min(month - 1, 6))
    if day is not None:
        return (first + datetime.timedelta(days=day - 1)).isoformat(), None
    last = first + datetime.timedelta(days=length - 1)
    return f"{first.isoformat()}/{last.isoformat()}", None


def _leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _new_year(year: int) -> datetime.date:
    """Its first day, counted from that of 1400."""
    low, high = sorted((year, 1400))
    days = 365 * (high - low) + sum(map(_leap, range(low, high)))
    return datetime.date(2021, 3, 21) + datetime.timedelta(days=days if year > 1400 else -days)
