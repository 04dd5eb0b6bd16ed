"""Dates no more precise than the evidence: EDTF levels 0 and 1 of ISO 8601-2:2019.

Level 2 (sets, exponents, qualified parts, quarters) is refused by name. Where published suites differ:

- an empty end of an interval is *unknown*, ``..`` is *open*; neither has a bound;
- seasons 21-24 are the meteorological ones of the northern hemisphere, kept inside their year: 2010-24 is
  December 2010;
- an interval may not start after its end starts: ``2004/2004-03`` holds, ``2004-02/2004`` does not;
- a date with a time of day is bounded by the calendar day that is written, whatever its offset from UTC.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from kb.lib.saying import Fault, Sentence
from kb.lib.saying import gettext_noop as _

Precision = Literal[
    "time", "day", "month", "season", "year", "decade", "century", "millennium", "unknown", "interval"
]

LONGEST: Final = 100


class EdtfError(Fault, ValueError):
    """The text is not a date this house takes; the message says what is wrong and what to write."""


class Day(NamedTuple):
    """A day of the proleptic Gregorian calendar, years counted astronomically (0000 is 1 BC)."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Edtf:
    """A parsed date. ``earliest`` and ``latest`` are inclusive; None is an open or unknown end.

    ``precision`` is what is known (1985-XX-XX is a year). The flags of an interval are those of either end.
    """

    text: str
    earliest: Day | None
    latest: Day | None
    precision: Precision
    uncertain: bool = False
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class DeskDate:
    """A date as the desk keeps it: its EDTF text and the inclusive days around it, None when open."""

    earliest: datetime.date | None
    latest: datetime.date | None
    text: str


_SEASONS: Final = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 12)}
_YEAR_PRECISION: Final[tuple[Precision, ...]] = ("year", "decade", "century", "millennium", "unknown")

_CALENDAR: Final = re.compile(
    r"(-?)([0-9]{4}|[0-9]{3}X|[0-9]{2}XX|[0-9]XXX|XXXX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?"
)
_TIMED: Final = re.compile(
    r"(-?[0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"(?:Z|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
)
_LONG_YEAR: Final = re.compile(r"Y(-?[1-9][0-9]{4,})")
_CENTURY: Final = re.compile(r"(-?)([0-9]{2})")

_LEVEL_TWO_REFUSED: Final = _("%(text)s is EDTF level 2, which is not supported: %(advice)s.")
_NO_DATE: Final = _("%(text)s is not an EDTF date: %(advice)s.")
_PART: Final = r"[?~%]?-?[0-9X]{4}[?~%]?(?:-[?~%]?[0-9X]{2}[?~%]?){0,2}"
_LEVEL_TWO: Final = tuple(
    (re.compile(pattern), advice)
    for pattern, advice in (
        (r"\[.*\]|\{.*\}", _("instead of a set of dates write the interval from the first to the last")),
        (r"Y-?[0-9]+E[0-9]+(?:S[0-9]+)?|Y?-?[0-9]+S[0-9]+", _("write the year out, without E or S")),
        (r"-?[0-9X]{4}-(?:2[5-9]|3[0-9]|4[01])[?~%]?",
         _("of the season codes only 21 to 24 are taken; write a quarter as an interval (2023-01/2023-03)")),
        (r"-?[0-9]{3}[?~%]?", _("write a decade with an X (193X)")),
        (r"-?[0-9]{2}[?~%]", _("write a qualified century with two X (19XX~)")),
        (_PART, _("X may only replace the last digits or parts of a date (201X, 2004-XX), "
                  "and one ?, ~ or %% stands at its end and holds for all of it")),
    )
)  # fmt: skip
_ADVICE: Final = tuple(
    (re.compile(pattern), advice)
    for pattern, advice in (
        (r"", _("it is empty; leave the date out when it is not known")),
        (r"(?s:.*)\s(?s:.*)", _("it contains white space; write it without")),
        (r"(?s:.*)[\u2010-\u2015\u2212](?s:.*)", _("write a plain hyphen (-, U+002D) between the parts")),
        (r"open|now|present", _("write .. for an open end (2023/..)")),
        (r"unknown", _("leave the end of the interval empty when it is unknown (2023/)")),
        (r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[tT].*|.*[zZ].*", _("write a time of day as 2023-05-31T16:54:59Z")),
        (r"[+-]?[0-9]{5,7}|[0-9]{9,}|y.*|Y.*",
         _("a year of more than four digits is written Y12345, without leading zeros")),
        (r"[0-9]{8}|[0-9]{4}-[0-9]{4}",
         _("write the parts with hyphens (2023-05-31), an interval with a slash (2019/2023)")),
        (r"\+.*", _("write no plus sign")),
        (r"-?[0-9]{4}-[0-9]{1,2}-?[0-9]?[?~%]?", _("write month and day with two digits (2023-05-01)")),
        (r"[0-9]{1,2}[-.][0-9]{1,2}[-.][0-9]{4}", _("write the year first (2023-05-31)")),
        (r".*[xu].*", _("write a capital X for a digit that is not known (201X)")),
    )
)  # fmt: skip


def parse(text: str) -> Edtf:
    """Read an EDTF string of level 0 or 1; raise EdtfError for anything else, level 2 included."""
    if not isinstance(text, str):
        raise EdtfError(
            _("A date is text, not %(kind)s: write 2023, 2023-05 or 2023-05-31."), kind=type(text).__name__
        )
    if len(text) > LONGEST:
        raise EdtfError(
            _("A date has at most %(most)s characters, this has %(number)s."), most=LONGEST, number=len(text)
        )
    return _interval(text) if "/" in text and text[0] not in "[{" else _single(text)


def desk_date(text: str) -> DeskDate:
    """Read a date as the desk takes it: years 1 to 9999, no time of day, at least one known bound."""
    edtf = parse(text)
    if edtf.precision == "time":
        raise EdtfError(
            _("%(text)s has a time of day; the desk keeps days: write %(day)s."),
            text=repr(text),
            day=text[: text.index("T")],
        )
    if edtf.earliest is edtf.latest is None or edtf.precision == "unknown":
        raise EdtfError(
            _("%(text)s says nothing about when; leave it out, or give at least one end."), text=repr(text)
        )
    for day in (edtf.earliest, edtf.latest):
        if day and not datetime.MINYEAR <= day.year <= datetime.MAXYEAR:
            raise EdtfError(
                _("%(text)s reaches the year %(year)s; the desk takes the years 0001 to 9999."),
                text=repr(text),
                year=day.year,
            )
    return DeskDate(
        earliest=datetime.date(*edtf.earliest) if edtf.earliest else None,
        latest=datetime.date(*edtf.latest) if edtf.latest else None,
        text=text,
    )


def overlaps(a: Edtf | DeskDate, b: Edtf | DeskDate) -> bool:
    """Whether both may hold on one day. A missing bound reaches for ever."""
    return _starts_by(a.earliest, b.latest) and _starts_by(b.earliest, a.latest)


def _starts_by(start: Day | datetime.date | None, end: Day | datetime.date | None) -> bool:
    if start is None or end is None:
        return True
    return (start.year, start.month, start.day) <= (end.year, end.month, end.day)


def _single(text: str) -> Edtf:
    if found := _TIMED.fullmatch(text):
        return _timed(text, found)
    mark = text[-1:] if text[-1:] in {"?", "~", "%"} else ""
    body = text.removesuffix(mark)
    if found := _CALENDAR.fullmatch(body):
        earliest, latest, precision = _calendar(text, *found.groups())
    elif found := _LONG_YEAR.fullmatch(body):
        year = int(found[1])
        earliest, latest, precision = Day(year, 1, 1), Day(year, 12, 31), "year"
    elif not mark and (found := _CENTURY.fullmatch(body)):
        earliest, latest, precision = _calendar(text, found[1], found[2] + "XX", None, None)
    else:
        raise _refusal(text)
    uncertain, approximate = mark in {"?", "%"}, mark in {"~", "%"}
    return Edtf(text, earliest, latest, precision, uncertain, approximate)


def _calendar(
    text: str, sign: str, year: str, month: str | None, day: str | None
) -> tuple[Day, Day, Precision]:
    if "X" in year and (month or day) and not (year == "XXXX" and month == "XX" and day in {None, "XX"}):
        raise _refusal(text)
    if month == "XX" and day not in {None, "XX"}:
        raise _refusal(text)
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if sign:
        if last == 0 or text == "-00":
            raise EdtfError(
                _("%(text)s: there is no year -0000; the year before 0001 is 0000, then -0001."),
                text=repr(text),
            )
        first, last = -last, -max(first, 1)
    if month is None or month == "XX":
        return Day(first, 1, 1), Day(last, 12, 31), _YEAR_PRECISION[year.count("X")]
    number = int(month)
    if number in _SEASONS and day is None:
        start, end = _SEASONS[number]
        return Day(first, start, 1), Day(first, end, _days_in(first, end)), "season"
    if day is None and 25 <= number <= 41:
        raise _refusal(text)
    if not 1 <= number <= 12:
        raise EdtfError(
            _("%(text)s: there is no month %(month)s; write 01 to 12, or a season (21 to 24)."),
            text=repr(text),
            month=month,
        )
    days = _days_in(first, number)
    if day is None or day == "XX":
        return Day(first, number, 1), Day(first, number, days), "month"
    if not 1 <= int(day) <= days:
        raise EdtfError(
            _("%(text)s: there is no day %(day)s in that month; it has the days 01 to %(last)s."),
            text=repr(text),
            day=day,
            last=days,
        )
    exact = Day(first, number, int(day))
    return exact, exact, "day"


def _timed(text: str, found: re.Match[str]) -> Edtf:
    date, hours, minutes, seconds, fraction, sign, offset_hours, offset_minutes = found.groups()
    day = _single(date).earliest
    past_midnight = int(minutes) or int(seconds) or int((fraction or ".0")[1:])
    if int(hours) > 24 or int(minutes) > 59 or int(seconds) > 59 or (int(hours) == 24 and past_midnight):
        raise EdtfError(
            _("%(text)s: there is no such time of day; write 00:00:00 to 23:59:59."), text=repr(text)
        )
    if sign:
        offset = int(offset_hours) * 60 + int(offset_minutes or 0)
        furthest = 12 * 60 if sign == "-" else 14 * 60
        if int(offset_minutes or 0) > 59 or offset > furthest or (sign == "-" and offset == 0):
            raise EdtfError(
                _("%(text)s: no clock has that offset; write Z, or -12:00 to +14:00."), text=repr(text)
            )
    return Edtf(text, day, day, "time")


def _interval(text: str) -> Edtf:
    ends = text.split("/")
    if len(ends) != 2:
        raise EdtfError(
            _("%(text)s: an interval has one slash (2023-05/2024); a day is written 2023-05-31."),
            text=repr(text),
        )
    start, end = (_end(text, part) for part in ends)
    if start and end and not _starts_by(start.earliest, end.earliest):
        raise EdtfError(
            _("%(text)s: the interval starts after its end starts; write the earlier date first."),
            text=repr(text),
        )
    return Edtf(
        text=text,
        earliest=start.earliest if start else None,
        latest=end.latest if end else None,
        precision="interval",
        uncertain=any(part.uncertain for part in (start, end) if part),
        approximate=any(part.approximate for part in (start, end) if part),
    )


def _end(text: str, part: str) -> Edtf | None:
    if part in {"", ".."}:
        return None
    edtf = _single(part)
    if "X" in part:
        raise EdtfError(
            _LEVEL_TWO_REFUSED,
            text=repr(text),
            advice=Sentence(_("the ends of an interval take no X; write its first and its last date")),
        )
    if edtf.precision == "time":
        raise EdtfError(
            _("%(text)s: an interval's ends have no time of day; write their days."), text=repr(text)
        )
    if edtf.precision == "century" or part.startswith("Y"):
        raise EdtfError(
            _("%(text)s: an interval's ends take years of four digits (1900/1999)."), text=repr(text)
        )
    return edtf


def _refusal(text: str) -> EdtfError:
    for pattern, advice in _LEVEL_TWO:
        if pattern.fullmatch(text):
            return EdtfError(_LEVEL_TWO_REFUSED, text=repr(text), advice=Sentence(advice))
    if any(character.isdigit() and not character.isascii() for character in text):
        advice = _("write it with the digits 0 to 9")
        return EdtfError(_NO_DATE, text=repr(text), advice=Sentence(advice))
    for pattern, advice in _ADVICE:
        if pattern.fullmatch(text):
            return EdtfError(_NO_DATE, text=repr(text), advice=Sentence(advice))
    advice = _("write 2023, 2023-05, 2023-05-31, 2023?, 2023~ or 2023-10/.. (say)")
    return EdtfError(_NO_DATE, text=repr(text), advice=Sentence(advice))


def _days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31
