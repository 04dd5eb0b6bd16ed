"""From words and numerals to figures: what a number counts, in which currency, about or more than."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Final

from claims.extraction.amounts import Amount
from claims.extraction.bounds import changes, compare
from claims.extraction.dates import Date
from claims.extraction.lexicon import Hit
from claims.extraction.losses import lost_digits
from claims.extraction.naming import begins_in_a_name, is_name
from claims.extraction.page import Page
from claims.extraction.results import Draft, Kind
from claims.extraction.years import year
from kb.lib.quantities import decimal_text, units
from kb.lib.scripts import kind_of

_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SCIENTIFIC: Final = re.compile(
    r" ?[×x*·] ?10(?:\^(\d{1,2})(?!\d)|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))|e\+?(\d{1,2})(?![\d\w])"
)
_POWER_OF_TEN: Final = re.compile(r"10(?:\^(\d{1,2})(?!\d)|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))")
_UNIT: Final = re.compile(r"[A-Za-zµ]{1,5}(?:/s)?(?![0-9_A-Za-zÀ-ɏḀ-ỿ])")  # 3.35 TB/sである
_ONLY_GLUED: Final = frozenset({"g", "m", "s", "h", "J", "min", "ms", "ft"})
_NEVER_UNITS: Final = frozenset({"in", "B", "y", "mo", "us", "d", "t", "count", "ratio"})
_text: Final = lru_cache(1 << 12)(decimal_text)  # most numbers stand in a text more than once
_SPELLED_SIGN: Final = ("letter", "mark", "ideograph", "unspaced", "kana")
_HYPHENS: Final = ("-", "‑")
_MINUS: Final = ("-", "−")
TENTHS: Final = "tenths"  # 割 and 成: ten percent each
_SPELLED: Final = frozenset({"number", "shy", "hundred", "plus", "fixed", "of"})
_AFTER_ONE: Final = frozenset({"scale", "hundred", "half"})


def figures(page: Page) -> list[Draft]:
    """Every figure of the page, in the order of the text, none overlapping."""
    found = [figure for one in page.dates if (figure := _date(page, one))]
    after = 0
    for start in sorted({*page.literals, *_spelled(page)}):
        if start < after or page.taken[start]:
            continue
        if (figure := _at(page, start)) is not None:
            found.append(figure)
            after = figure.end
            page.take(figure.start, figure.end)
    found += lost_digits(page)
    for figure in found:
        compare(page, figure)
    return sorted(found, key=attrgetter("start"))


def _spelled(page: Page) -> Iterator[int]:
    """Where number words begin; "one" and "a" only with a scale after them."""
    for start in page.hits.openings:
        near = page.hits.starting[start]
        if not _SPELLED.isdisjoint(near):
            yield start
        after_digits = page.folded[start - 1 : start].isdigit()
        if not (after_digits or _AFTER_ONE.isdisjoint(near)) and (one := page.hits.before[start].get("one")):
            yield one.start


def _date(page: Page, one: Date) -> Draft | None:
    if one.edtf is None and one.suspect is None:
        return None
    kind: Kind = "year" if one.edtf and len(one.edtf) == 4 else "date"
    return Draft(one.start, one.end, kind, one.edtf, suspect=one.suspect)


def _at(page: Page, start: int) -> Draft | None:
    """The figure of the amount at `start`, a range where it opens one."""
    if page.folded[start - 1 : start] != " " and begins_in_a_name(page, start):
        return None
    before = page.hits.before[start]
    if "vague" in before and start not in page.literals:
        return None  # several hundred million is no number
    currency = page.currency_before(start) if before else None
    if currency is None and page.text[start - 1 : start] in ("-", "−"):
        currency = page.currency_before(start - 1)  # $-3.4 million
    amount = page.amounts.at(start, money=currency is not None)
    if amount is None:
        return None
    amount = _scientific(page, amount)
    if currency is None and amount.bare and not amount.scaled and (found := year(page, amount)):
        return found
    if is_name(page, amount, currency):
        return None
    figure = _figure(page, amount, currency)
    if figure is None or (opened := _range(page, figure, amount, currency)):
        return figure and opened
    runs_on = (
        page.folded[figure.end : figure.end + 1] in _HYPHENS
        and page.folded[figure.end + 1 : figure.end + 2].isdigit()
    )
    return None if runs_on and figure.kind == "count" and amount.bare else figure


def _scientific(page: Page, amount: Amount) -> Amount:
    """3.8×10²⁵ and 10^26, as papers print them."""
    if amount.value is None or amount.spelled or amount.scaled:
        return amount
    one, found = amount, _SCIENTIFIC.match(page.text, amount.end)
    if amount.value == 10 and (alone := _POWER_OF_TEN.match(page.text, amount.start)):
        one, found = replace(amount, value=Decimal(1)), alone
    if found is None or one.value is None:
        return amount
    power = int(next(part for part in found.groups() if part).translate(_SUPERSCRIPT))
    if power > 30:
        return amount
    return replace(one, end=found.end(), value=one.value.scaleb(power), scaled=True, bare=False, doubt="")


def _figure(page: Page, amount: Amount, currency: Hit | None) -> Draft | None:
    start, end = amount.start, amount.end
    suspect: str | None = None
    after = _currency_after(page, end)
    if currency is not None or after is not None:
        start = currency.start if currency else start
        end = after.end if after else end
        unit = _agreed(page, currency, after)
        kind: Kind = "money"
        suspect = None if unit else "unit"
    elif amount.spelled and not amount.scaled and amount.value == 1 and not _spaced(page, start):
        return None  # 一年 is any year
    else:
        kind, unit, end = _measured(page, amount)
        if kind == "count" and (sign := page.hits.before[start].get("unit-before")):
            start, unit, kind = sign.start, sign.word.value, "percent"  # %20, yüzde 20
        if kind == "count" and not _countable(page, amount):
            return None
    value, reason = _value(amount, kind, unit)
    if unit == TENTHS:
        kind, unit, value = "percent", "percent", value and value * 10
    suspect = suspect or reason
    shown = None if suspect or value is None else _text(value)
    if kind == "count" and value is not None and value != value.to_integral_value():
        kind = "other"
    inside = currency is not None and currency.end == amount.start - 1 and page.text[currency.end] in "-−"
    if shown is not None and inside:
        shown = f"-{shown}"
    elif shown is not None and kind != "count" and _minus(page, start):
        start, shown = start - 1, f"-{shown}"
    elif shown is not None and kind == "percent" and _minus_after(page, end):
        end, shown = end + 1, f"-{shown}"
    return Draft(start, end, kind, shown, unit=unit, suspect=suspect)


def _minus(page: Page, start: int) -> bool:
    text = page.text
    return text[start - 1 : start] in _MINUS and (start == 1 or text[start - 2] in " (\n\t\u00a0")


def _minus_after(page: Page, end: int) -> bool:
    """17%- in scripts that run from right to left."""
    return (
        page.words.minus_after
        and page.text[end : end + 1] in ("-", "−")
        and not page.text[end + 1 : end + 2].isalnum()
    )


def _currency_after(page: Page, end: int) -> Hit | None:
    hit = page.hits.after[end].get("currency")
    if hit is None and page.folded[end : end + 1] in _HYPHENS:
        hit = page.hits.starting[end + 1].get("currency")
    if hit is None or page.taken[hit.start]:
        return None
    following = page.following(hit.end)
    sign = kind_of(page.folded[hit.end - 1]) not in _SPELLED_SIGN or page.text[hit.start : hit.end].isupper()
    # A sign with digits after it belongs to them: "in 2023 $5 million".
    return None if sign and following.isdigit() and hit.start > end else hit


def _agreed(page: Page, before: Hit | None, after: Hit | None) -> str | None:
    """The one currency that both say; None where they differ. A bare $ leaves it to the word."""
    if before is None or after is None:
        said = before or after
        return said.word.value or None if said else None
    if page.text[after.start : after.end] == "元":
        return before.word.value  # the dollars of Hong Kong and Taiwan are counted in 元 too
    same = before.word.value == after.word.value or page.text[before.start : before.end] == "$"
    return after.word.value if same else None


def _measured(page: Page, amount: Amount) -> tuple[Kind, str | None, int]:
    """The kind, the unit and the end of an amount without currency."""
    hit = page.hits.after[amount.end].get("unit")
    if hit is None and page.folded[amount.end : amount.end + 1] in _HYPHENS:
        hit = page.hits.starting[amount.end + 1].get("unit")
    if hit is not None:
        ordinal = page.hits.starting[amount.end].get("ordinal")
        if ordinal is not None and ordinal.end > hit.end:
            return "count", None, amount.end  # 3年目
        return ("percent" if hit.word.value in ("percent", "permille") else "other"), hit.word.value, hit.end
    found = None if amount.suffix else _UNIT.match(page.text, page.hits.gap(amount.end))
    if found is not None and found.group() in units() and units()[found.group()].dimension != "currency":
        glued = found.start() == amount.end
        if found.group() not in _NEVER_UNITS and (
            glued or found.group() not in _ONLY_GLUED or found.group() in page.words.spaced_units
        ):
            return "other", found.group(), found.end()
    if amount.suffix in ("M", "K") and _file_size(page, amount):
        return "other", {"M": "MB", "K": "kB"}[amount.suffix], amount.end
    return "count", None, amount.end


def _file_size(page: Page, amount: Amount) -> bool:
    """A listing's "Category / 20.10M": the size of a file, not millions."""
    line_ends = page.text[amount.end : amount.end + 1] in ("", "\n", "\r")
    return (
        line_ends
        and page.text.endswith(" / ", 0, amount.start)
        and "." in page.text[amount.start : amount.end]
    )


def _countable(page: Page, amount: Amount) -> bool:
    """Whether a number without currency or unit is a figure at all."""
    if (amount.value == 0 and not amount.scaled) or page.hits.after[amount.end].get("ordinal"):
        return False
    if page.folded[amount.end : amount.end + 1] == "." and _dotted(page, amount):
        return False
    if not amount.spelled or amount.scaled:
        return True
    classified = any(hit.stem_end < hit.end for hit in page.hits.ending[amount.end].values())
    counted = classified or page.hits.after[amount.end].first("noun", "classifier") is not None
    return bool(amount.value and amount.value > 1) and (
        counted or (amount.sure and _spaced(page, amount.start))
    )


def _dotted(page: Page, amount: Amount) -> bool:
    """Whether the dot after makes it an ordinal: am 3. Platz, and where the table says so 3. before a small letter."""
    following = page.text[amount.end + 1 : amount.end + 3]
    small = page.words.dotted_small and following[:1] == " " and following[1:].islower()
    return small or page.hits.before[amount.start].get("dotted") is not None


def _spaced(page: Page, at: int) -> bool:
    return kind_of(page.folded[at]) not in ("ideograph", "unspaced")


def _value(amount: Amount, kind: Kind, unit: str | None) -> tuple[Decimal | None, str | None]:
    """The value, or the reason why there is none."""
    value = amount.value
    if value is None:
        return None, "separator" if amount.doubt == "separator" else "unreadable"
    if amount.suffix and unit in ("MB", "kB"):
        return value / (1000 if amount.suffix == "K" else 10**6), None
    if amount.doubt == "decimal" and not amount.scaled and kind in ("count", "money"):
        return None, "separator"
    return value, None


# Ranges: 5–10 million, between 5 and 10, ৫ থেকে ১০ মিলিয়ন


def _range(page: Page, first: Draft, amount: Amount, currency: Hit | None) -> Draft | None:
    """The range that `first` opens, or None."""
    at, to_close = _second_begins(page, first)
    if at is None or amount.value is None:
        return None
    sign = page.hits.starting[at].get("currency")
    begins = page.hits.gap(sign.end) if sign else at
    second = page.amounts.at(begins, money=bool(sign or currency))
    if second is None or second.value is None or page.taken[begins] or is_name(page, second, sign):
        return None
    last = _figure(page, second, sign or currency)
    if last is None or last.value is None or (first.unit is not None and last.unit != first.unit):
        return None
    if page.hits.after[first.end].get("to") and _changes_after(page, last):
        return None
    low = _low(amount, second)
    if (
        last.kind == "percent"
        and page.hits.ending[last.end].get("unit")
        and second.value * 10 == Decimal(last.value)
    ):
        low *= 10  # 2〜3割
    if low >= Decimal(last.value) or (to_close and not _closed(page, last.end)):
        return None
    start = first.start
    return Draft(start, last.end, last.kind, _text(low), last.value, last.unit,
        comparator="range",
    )  # fmt: skip


def _second_begins(page: Page, first: Draft) -> tuple[int | None, bool]:
    """Where the second figure of a range would begin, and whether "between" must still follow that."""
    gap = page.hits.gap(first.end)
    if page.folded[gap : gap + 1] in page.words.dashes and gap + 1 < len(page.folded):
        lopsided = gap > first.end and page.folded[gap + 1] != " "
        return (None if lopsided else page.hits.gap(gap + 1)), False
    hit = page.hits.after[first.end].get("to")
    if hit is None:
        return None, False
    if page.hits.before[first.start].get("between"):
        return page.hits.gap(hit.end), False
    if changes(page, first):
        return None, False
    return page.hits.gap(hit.end), page.folded[hit.start : hit.end] in page.words.only_between


def _closed(page: Page, end: int) -> bool:
    """Whether "between" stands after a range, as in 5 ile 10 milyon lira arasında."""
    noun = page.hits.after[end].get("noun")
    return page.hits.after[noun.end if noun else end].get("between") is not None


def _changes_after(page: Page, last: Draft) -> bool:
    """Whether a verb of change stands shortly after, where the language has it there: 5%から10%に上昇."""
    following = page.folded[last.end : last.end + 12]
    return any(word in following for word in page.words.changes_after)


def _low(amount: Amount, second: Amount) -> Decimal:
    """The lower end, with the scale that only the upper one is printed with."""
    value = amount.value or Decimal(0)
    if amount.scaled or not second.scaled or not second.plain or second.value is None:
        return value
    return value * (second.value / second.plain)
