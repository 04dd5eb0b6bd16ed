"""Bare numbers of four digits as years: 2023, 1990s, 2019–2023, and the years of other calendars."""

import re
from typing import Final

from claims.extraction.amounts import Amount
from claims.extraction.lexicon import Calendar
from claims.extraction.page import Page
from claims.extraction.results import Draft
from kb.lib.scripts import joined

_FIRST, _LAST = 1900, 2035  # beyond, four digits are a year only where a word says so
_DECADE: Final = re.compile(r"['’]?s\b")
_TO_YEAR: Final = re.compile(r" ?[-–—~〜/] ?(\d{4}|\d{2})(?![\d.,]?\d)(?![a-z_])")
_PLURAL: Final = re.compile(r" [a-z]{3,}s\b")


def year(page: Page, amount: Amount) -> Draft | None:
    """The amount as a year, where its digits and the words around let it be one."""
    start, end = amount.start, amount.end
    if page.words.calendars and (
        found := _other_calendar(page, start, end) or _counted_otherwise(page, amount)
    ):
        return found
    if end - start != 4 or amount.value is None or not 1000 <= amount.value < 2200:
        return None
    value = str(amount.value)
    decade = _DECADE.match(page.folded, end)
    if decade and value.endswith("0") and not joined(page.folded, decade.end()):
        return Draft(start, decade.end(), "date", f"{value[:3]}X")
    if (counted := page.hits.starting[end].get("decade")) and value.endswith("0"):
        return Draft(start, counted.end, "date", f"{value[:3]}X")
    if page.amounts.letters(end):
        return None
    if value.endswith("0") and page.hits.before[start].get("in-decade"):
        return Draft(start, end, "date", f"{value[:3]}X")
    said = _said(page, start, end)
    likely = _FIRST <= amount.value <= _LAST
    if not likely and not (said or page.hits.before[start].get("maybe-year")):
        return None
    if page.hits.after[end].get("scale") or (
        not said and (page.hits.after[end].get("currency") or _counts(page, end))
    ):
        return None
    if second := _second(page, end, int(value)):
        last, until = second
        return Draft(start, last, "date", f"{value}/{until}", comparator="range")
    if page.folded[end : end + 1] in ("-", "‑") and page.folded[end + 1 : end + 2].isdigit():
        return None  # 1900-1234 is a telephone number
    about = page.hits.before[start].first("year-about", "before")
    if about is not None and about.word.value not in ("", "approx"):
        about = None
    edtf = f"{value}~" if about else value
    return Draft(start, end, "year", edtf, comparator="approx" if about else "eq")


def _said(page: Page, start: int, end: int) -> bool:
    following = page.hits.after[end].get("year-word") or page.hits.starting[end].get("year-word")
    return bool(following or page.hits.before[start].first("in-year", "year-about"))


def _counts(page: Page, end: int) -> bool:
    """Whether what follows is counted: "2000 employees", and, for English, any plural in small letters."""
    if page.hits.after[end].first("noun", "classifier", "unit"):
        return True
    found = _PLURAL.match(page.text, end) if page.words.language == "en" else None
    return found is not None and not found.group().endswith(("is", "was", "has", "ss", "us"))


def _second(page: Page, end: int, first: int) -> tuple[int, str] | None:
    found = _TO_YEAR.match(page.folded, end)
    if found is None:
        return None
    second = int(found[1]) if len(found[1]) == 4 else first // 100 * 100 + int(found[1])
    return (found.end(), str(second)) if first < second < first + 100 else None


def _other_calendar(page: Page, start: int, end: int) -> Draft | None:
    """A year with the words of another calendar; its value is the Gregorian years it lies in."""
    folded = page.folded
    for calendar in page.words.calendars:
        for words in calendar.before:
            begins = page.hits.back(start) - len(words)
            if begins >= 0 and folded.startswith(words, begins) and not joined(folded, begins):
                return _in(page, begins, end, start, end, calendar)
        for words in calendar.after:
            at = page.hits.gap(end)
            if folded.startswith(words, at):
                ends = at + len(words)
                while joined(folded, ends):
                    ends += 1
                return _in(page, start, ends, start, end, calendar)
    return None


def _counted_otherwise(page: Page, amount: Amount) -> Draft | None:
    """A year that only another calendar has, where a word says that it is one: ปี 2566, سال ۱۴۰۲."""
    start, end = amount.start, amount.end
    for calendar in page.words.calendars:
        if calendar.years and amount.value and calendar.years[0] <= amount.value <= calendar.years[1]:
            if not _said(page, start, end):
                return None
            second = _second(page, end, int(amount.value))
            if second and calendar.offset is not None and calendar.starts == "01":
                until, last = second
                edtf = f"{int(amount.value) + calendar.offset}/{int(last) + calendar.offset}"
                return Draft(start, until, "date", edtf, comparator="range")
            return _in(page, start, end, start, end, calendar)
    return None


def _in(page: Page, begins: int, ends: int, start: int, end: int, calendar: Calendar) -> Draft | None:
    digits = page.folded[start:end]
    if calendar.offset is None:
        return Draft(begins, ends, "year", None, suspect="calendar")
    gregorian = int(digits) + calendar.offset if digits.isdigit() and len(digits) <= 4 else 0
    if not 1000 <= gregorian < 2200:
        return None
    edtf = f"{gregorian:04d}"
    if calendar.starts != "01":
        edtf = f"{edtf}-{calendar.starts}/{gregorian + 1:04d}-{calendar.starts}"
    kind = "year" if calendar.starts == "01" else "date"
    return Draft(begins, ends, "year" if kind == "year" else "date", edtf)
