"""Dates as printed, in each language's order, with no more precision than they have (EDTF, ISO 8601-2).

A pattern of a language's table is a regular expression with the placeholders {day}, {month}, {name} (of a
month), {quarter} (1 to 4, i to iv), {year} and {short} (a year of two digits). It is tried where its first
placeholder but {quarter} can stand.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from claims.extraction.calendars import solar as solar_date
from claims.extraction.hits import Hits
from claims.extraction.lexicon import Lexicon, lexicon
from claims.extraction.tables import SOLAR
from kb.lib.scripts import joined

_DAY: Final = r"(?P<day>\d{1,2})(?!\d)"
_MONTH: Final = r"(?P<month>\d{1,2})(?!\d)"
_YEAR: Final = r"(?P<year>[12]\d{3})(?!\d)"
_SHORT: Final = r"(?P<short>\d{2})(?!\d)"
_PLACEHOLDER: Final = re.compile(r"\{(day|month|name|year|short|quarter)\}")
_ANCHOR: Final = re.compile(r"\{(day|month|name|year|short)\}")
_GROUP_NAME: Final = re.compile(r"\(\?P<[a-z]+>")
_NUMERIC: Final = re.compile(r"(?P<a>\d{1,2})([/.-])(?P<b>\d{1,2})\2(?P<year>[12]\d{3})(?!\d)")
_IN_ERA: Final = re.compile(r"(?P<year>\d{1,3}) ?年 ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?日)?")
_DIGITS: Final = "〇一二三四五六七八九"
_IDEOGRAPHS: Final = re.compile(
    r"(?<![〇零一二三四五六七八九])([一二][〇零一二三四五六七八九]{3})年(?:([一二三四五六七八九十]{1,2})月(?:([一二三]?十?[一二三四五六七八九]?)[日号])?)?"
)
_QUARTER: Final = r"(?P<quarter>[1-4]|i{1,3}|iv)(?![a-z0-9])"
_ROMAN: Final = ("i", "ii", "iii", "iv")
_LONGEST_PREFIX: Final = 24
_LINE_ENDS: Final = ("", "\n")


class Date(NamedTuple):
    """A stretch that is a date. `edtf` is None for a day without its year (no figure, but no count either)
    and, with a `suspect` reason, where it cannot be read safely."""

    start: int
    end: int
    edtf: str | None
    suspect: str | None = None

    @property
    def rank(self) -> tuple[int, bool]:
        """Of the dates at one place the longest counts, one that can be read before others."""
        return self.end - self.start, self.edtf is not None


@dataclass(frozen=True, slots=True)
class _Family:
    """The patterns with one prefix: what stands before the first placeholder, up to it, or nothing."""

    prefix: re.Pattern[str] | None
    cores: tuple[re.Pattern[str], ...]  # from the first placeholder on
    any: re.Pattern[str]  # matches where one of them does


def dates(folded: str, hits: Hits, words: Lexicon, starts: list[int]) -> list[Date]:
    """Every date, in order, none overlapping; `starts` are where runs of digits begin."""
    years = list(_in_ideographs(folded))
    months = [start for start in hits.months if hits.starting[start].get("month")]
    found: list[Date] = []
    numeric, named = _families(words.language)
    begins = _beginning(words.language)
    for at in sorted({*(start for start in starts if begins.match(folded, start)), *months}):
        if found and at < found[-1].end and folded[found[-1].end : found[-1].end + 1] in _LINE_ENDS:
            continue  # no date runs on over a line
        digit = folded[at].isdigit()
        here = list(_at(at, folded, numeric if digit else named, words))
        if digit:
            here += _in_digits(at, folded, words)
        if not here:
            continue
        best = max(here, key=attrgetter("rank"))
        while found and best.start < found[-1].end and best.rank[0] > found[-1].rank[0]:
            found.pop()
        if not found or best.start >= found[-1].end:
            found.append(best)
    return sorted([*found, *years], key=itemgetter(0)) if years else found


def _in_ideographs(folded: str) -> Iterator[Date]:
    """二〇二三年, 二〇二三年十月一日: years spelled digit by digit."""
    for found in _IDEOGRAPHS.finditer(folded) if "年" in folded else ():
        year = int("".join(str(_DIGITS.index(digit) % 10) for digit in found[1].replace("零", "〇")))
        month, day = (_upto_31(part) if part else None for part in found.group(2, 3))
        end = found.end() if month else found.end(1)
        if 1000 <= year < 2200 and (month is None or 1 <= month <= 12):
            yield Date(found.start(), end, *_edtf(year, month, day))


def _upto_31(printed: str) -> int:
    tens, ten, ones = printed.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) if ones else 0)


def _at(at: int, folded: str, families: Iterable[_Family], words: Lexicon) -> Iterator[Date]:
    for family in families:
        if not family.any.match(folded, at):
            continue
        start, before = at, {}
        if family.prefix:
            opening = family.prefix.search(folded[max(0, at - _LONGEST_PREFIX) : at])
            if opening is None:
                continue
            start, before = at - len(opening.group()), opening.groupdict()
        for core in () if joined(folded, start) else family.cores:
            match = core.match(folded, at)
            if match is None or (joined(folded, match.end()) and words.ended(folded, match.end()) is None):
                continue
            if made := _made(start, match.end(), before | match.groupdict(), words):
                yield made


def _in_digits(at: int, folded: str, words: Lexicon) -> Iterator[Date]:
    """Dates that follow no pattern of a table: in the years of an era, and 12/10/2023."""
    if words.calendars and (era := _of_an_era(at, folded, words)):
        yield era
    if (match := _NUMERIC.match(folded, at)) and not joined(folded, match.end()):
        yield _numeric(match, words)


def _made(start: int, end: int, given: Mapping[str, str | None], words: Lexicon) -> Date | None:
    parts = {name: text for name, text in given.items() if text}
    month = int(parts["month"]) if "month" in parts else None
    if "name" in parts:
        month = _months(words.language)[parts["name"]]
    day = int(parts["day"]) if "day" in parts else None
    year = int(parts["year"]) if "year" in parts else None
    if "short" in parts:
        short = int(parts["short"])
        century = 2500 + words.year_offset if words.year_offset else 2000 if short <= 40 else 1900
        year = century + short
    solar = month is not None and "name" in parts and month > SOLAR
    if (month is not None and not solar and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if year is not None and (quarter := parts.get("quarter")):
        last = 3 * (_ROMAN.index(quarter) + 1 if quarter in _ROMAN else int(quarter))
        return Date(start, end, f"{year:04d}-{last - 2:02d}/{year:04d}-{last:02d}")
    if year is None:
        return Date(start, end, None)
    if words.solar and year < 1500 and month is not None and not solar:
        return Date(start, end, *solar_date(year, month, day))
    if solar and month is not None:
        return Date(start, end, *solar_date(year, month - SOLAR, day))
    if year >= 2200 and words.year_offset:
        year += words.year_offset
    if not 1000 <= year < 2200:
        return Date(start, end, None, "calendar")
    return Date(start, end, *_edtf(year, month, day))


def _edtf(year: int, month: int | None, day: int | None) -> tuple[str | None, str | None]:
    """The date, or the reason why there is no such day."""
    if month is None:
        return f"{year:04d}", None
    if day is None:
        return f"{year:04d}-{month:02d}", None
    try:
        return datetime.date(year, month, day).isoformat(), None
    except ValueError:
        return None, "no-such-day"


def _of_an_era(at: int, folded: str, words: Lexicon) -> Date | None:
    """令和6年3月1日, 民國112年5月: a month or day in a year that an era's name stands before."""
    match = _IN_ERA.match(folded, at)
    for calendar in words.calendars if match else ():
        for era in calendar.before:
            if match and calendar.offset is not None and folded.endswith(era, 0, at):
                day = int(match["day"]) if match["day"] else None
                month, year = int(match["month"]), int(match["year"]) + calendar.offset
                if 1 <= month <= 12:
                    return Date(at - len(era), match.end(), *_edtf(year, month, day))
    return None


def _numeric(match: re.Match[str], words: Lexicon) -> Date:
    """12/10/2023: by the language's order; where it has none, only what can be read in one way."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["year"])
    year += words.year_offset if year >= 2200 else 0
    order = words.date_order or ("dmy" if first > 12 else "mdy" if second > 12 else "")
    if match.group(2) == "." and not order:
        order = "dmy"
    if not order and first != second:
        return Date(match.start(), match.end(), None, "day-or-month")
    day, month = (second, first) if order == "mdy" else (first, second)
    if month > 12:
        day, month = month, day
    if month > 12 or not day or not month:
        return Date(match.start(), match.end(), None, "no-such-day")
    return Date(match.start(), match.end(), *_edtf(year, month, day))


@cache
def _months(language: str) -> dict[str, int]:
    return lexicon(language).months()


@cache
def _families(language: str) -> tuple[tuple[_Family, ...], tuple[_Family, ...]]:
    """Those that begin with a number, and those that begin with a month's name."""
    names = "|".join(sorted(map(re.escape, _months(language)), key=len, reverse=True)) or r"(?!)"
    numeric: dict[str, list[str]] = {}
    named: dict[str, list[str]] = {}
    for pattern in dict.fromkeys(lexicon(language).patterns):
        first = _ANCHOR.search(pattern)
        if first is None:
            raise ValueError(f"the date pattern {pattern!r} has no placeholder to begin at")
        prefix, core = (_filled(part, names) for part in (pattern[: first.start()], pattern[first.start() :]))
        (named if first[1] == "name" else numeric).setdefault(prefix, []).append(core)
    return _compiled(numeric), _compiled(named)


def _filled(pattern: str, names: str) -> str:
    parts = {
        "day": _DAY,
        "month": _MONTH,
        "year": _YEAR,
        "short": _SHORT,
        "name": f"(?P<name>{names})",
        "quarter": _QUARTER,
    }
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], pattern.replace(" ", " {0,2}"))


def _compiled(patterns: Mapping[str, Sequence[str]]) -> tuple[_Family, ...]:
    return tuple(
        _Family(re.compile(prefix + r"\Z") if prefix else None, tuple(map(re.compile, cores)), _any(cores))
        for prefix, cores in patterns.items()
    )


@cache
def _beginning(language: str) -> re.Pattern[str]:
    """Matches where a date may begin in digits, for most do not; what the patterns begin with is tried once."""
    rests: dict[str, list[str]] = {}
    cores = [core.pattern for family in _families(language)[0] for core in family.cores]
    for core in (*cores, _NUMERIC.pattern.replace(r"\2", "[/.-]"), _IN_ERA.pattern):
        plain = _GROUP_NAME.sub("(?:", core)
        digits = plain.index(")") + 1
        rests.setdefault(plain[:digits], []).append(plain[digits:])
    return re.compile("|".join(f"{digits}(?:{'|'.join(same)})" for digits, same in rests.items()))


def _any(cores: Iterable[str]) -> re.Pattern[str]:
    """One pattern that matches where any does; its groups have no names, which must not be given twice."""
    return re.compile("|".join(dict.fromkeys(_GROUP_NAME.sub("(?:", one) for one in cores)))
