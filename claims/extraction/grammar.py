"""From words and numerals to figures: what a number counts, in which currency, about or more than, or no figure at all."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from claims.extraction.amounts import Amount, Amounts
from claims.extraction.dates import Date, dates, other_calendar
from claims.extraction.lexicon import Hit, Lexicon
from claims.extraction.numerals import NUMERAL, Numeral, convention, numeral
from claims.extraction.results import Figure, Kind, Part
from kb.lib.quantities import Comparator, decimal_text, units
from kb.lib.scripts import joined, kind_of, script_of

# Addresses, e-mails and file names: their digits are no figures.
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'「」]++|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})++"
    r"|\b[a-z0-9-]{1,64}(?:\.[a-z0-9-]{1,64})*\.(?:com|org|net|io|ai|in|cn|vn|de|fr|gov|edu|html?|php|pdf|jpe?g|png|py|js)\b(?:/\S*+)?"
)
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?!\d)")
_LIST_MARK: Final = re.compile(r"(?m)^[ \t]*\d{1,3}[.)](?= )")
_POWER: Final = re.compile(r"(?: ?[×x*·] ?10| ?e)?(?:\^|\*\*)?")
_SUPERSCRIPT: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SCIENTIFIC: Final = re.compile(r"(?: ?[×x*·] ?10(?:\^(\d{1,2})(?!\d)|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))|e\+?(\d{1,2})(?![\d\w]))")
_DECADE: Final = re.compile(r"['’]?s\b")
_UNIT: Final = re.compile(r"[A-Za-zµ]{1,5}(?:/s)?(?![A-Za-z0-9])")
_ONLY_GLUED: Final = frozenset({"g", "m", "s", "h", "d", "t", "W", "J", "y", "in", "ft", "mo", "min", "B", "us", "ms"})
_NEVER_UNITS: Final = frozenset({"in", "B", "y", "mo", "us", "d", "t"})
_CAPITALISED: Final = re.compile(r"[A-Z][\w'’.-]*$|[a-z]+[A-Z]\w*$")
_FIRST_YEAR, _LAST_YEAR = 1900, 2035  # beyond, four digits are a year only where a word says so
_LARGEST_MODEL_NUMBER: Final = 9999
_LONGEST_WORD: Final = 40
_SURELY_SPELLED: Final = 6  # characters of letter names at the end of a longer word: three letters


class Grammar:
    """Reads one text. `names` are stretches that name something: their digits are no figures."""

    def __init__(
        self, text: str, folded: str, words: Lexicon, cut: Sequence[Part], names: Sequence[tuple[int, int]] = ()
    ) -> None:
        self.text, self.folded, self.words = text, folded, words
        self.hits = words.find(folded)
        literals = [(found.start(), found.group()) for found in NUMERAL.finditer(folded)]
        self.dates = dates(folded, self.hits, words, [start for start, _ in literals])
        self._taken = bytearray(len(text) + 1)
        for start, end in [*names, *self._noise()]:
            self._take(start, end)
        self.dates = [one for one in self.dates if not self._taken[one.start]]
        for one in self.dates:
            self._take(one.start, one.end)
        open_ = [(start, literal) for start, literal in literals if not self._taken[start]]
        own = [(part.start, part.end) for part in cut if part.region != "boilerplate"]
        evidence = (literal for start, literal in open_ if any(begin <= start < end for begin, end in own))
        using = convention(evidence, words.decimal, words.group)
        numerals = [numeral(start, literal, using) for start, literal in self._spaced(open_)]
        self.numerals = {one.start: one for one in numerals}
        self.amounts = Amounts(text, folded, self.hits, self.numerals)

    def figures(self) -> list[Figure]:
        """Every figure, in the order of the text."""
        found = [figure for one in self.dates if (figure := self._date(one))]
        after = 0
        for start in sorted({*self.numerals, *self._spelled_starts()}):
            if start < after or self._taken[start]:
                continue
            for figure in self._figures_at(start):
                found.append(figure)
                after = max(after, figure.end)
                self._take(figure.start, figure.end)
        found += self._lost_digits()
        return sorted(found, key=lambda figure: figure.start)

    # What stands in the text

    def _take(self, start: int, end: int) -> None:
        self._taken[start:end] = b"\1" * (end - start)

    def _noise(self) -> list[tuple[int, int]]:
        return [found.span() for pattern in (_ADDRESS, _CLOCK, _LIST_MARK) for found in pattern.finditer(self.folded)]

    def _spaced(self, literals: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Join 50 000 where spaces part thousands: always a narrow or unbreakable one, U+0020 by language."""
        joined_up: list[tuple[int, str]] = []
        for start, literal in literals:
            if joined_up and len(literal) >= 3 and literal[:3].isdigit() and not literal[3:4].isdigit():
                before, earlier = joined_up[-1]
                gap = self.text[before + len(earlier) : start]
                breaks = gap in ("\u00a0", "\u202f", "\u2009") or (gap == " " and " " in self.words.group)
                head = earlier.rsplit(" ", 1)
                if breaks and head[-1].isdigit() and (len(head) > 1 or 1 <= len(earlier) <= 3) and earlier[0] != "0":
                    joined_up[-1] = (before, f"{earlier} {literal}")
                    continue
            joined_up.append((start, literal))
        return joined_up

    def _spelled_starts(self) -> list[int]:
        wanted = {"number", "shy", "one", "hundred", "plus", "fixed", "of"}
        return [start for start, hits in self.hits.starting.items() if any(hit.word.role in wanted for hit in hits)]

    # Figures

    def _date(self, one: Date) -> Figure | None:
        if one.edtf is None and one.suspect is None:
            return None
        kind: Kind = "year" if one.edtf and len(one.edtf) == 4 else "date"
        return Figure(
            one.start, one.end, self.text[one.start : one.end], kind, one.edtf, suspect=one.suspect
        )

    def _figures_at(self, start: int) -> list[Figure]:
        """The figure of the amount at `start`; two when a range turns out to be two figures."""
        if not self._begins_here(start):
            return []
        currency = self._currency_before(start)
        amount = self.amounts.at(start, money=currency is not None)
        if amount is None:
            return []
        amount = self._scientific(amount)
        if not amount.spelled and amount.bare and (year := self._year(amount, currency)):
            return [year]
        if self._is_name(amount, currency):
            return []
        figure = self._figure(amount, currency)
        if figure is None:
            return []
        return [self._range(figure, amount, currency) or figure]

    def _begins_here(self, start: int) -> bool:
        """Whether no letter or sign before the digits makes them part of a name (H800, GPT-4, v3.0, #12)."""
        if start == 0:
            return True
        before = self.folded[start - 1]
        kind = kind_of(before)
        if kind in ("ideograph", "unspaced"):
            return self.hits.upto(start, "ordinal") is None and before != "第"
        if kind in ("letter", "mark", "kana"):
            return self.hits.upto(start, "currency") is not None or not self.folded[start].isdigit()
        if before in "-‑_/" and start > 1:
            earlier = self.folded[start - 2]
            if script_of(earlier) and kind_of(earlier) == "letter" or kind_of(earlier) == "mark":
                return self.hits.upto(start, "in-year", "year-about") is not None or not self.folded[start].isdigit()
        return before not in "#@_" and not (before == "." and start > 1 and self.folded[start - 2].isalnum())

    def _currency_before(self, start: int) -> Hit | None:
        hit = self.amounts.before(start, "currency")
        if hit is None or self._taken[hit.start]:
            return None
        if self.text[hit.start : hit.end].isalpha() and self.text[hit.start : hit.end].islower() and len(hit.word.value) == 3:
            # A word of the language, as "dollar 5": only signs and codes stand before their figure.
            return hit if kind_of(self.folded[hit.start]) in ("ideograph", "unspaced") else None
        return hit

    def _scientific(self, amount: Amount) -> Amount:
        found = _SCIENTIFIC.match(self.text, amount.end) if amount.value is not None and not amount.spelled else None
        if found is None or amount.value is None:
            return amount
        power = int(next(part for part in found.groups() if part).translate(_SUPERSCRIPT))
        if power > 30:
            return amount
        return replace(amount, end=found.end(), value=amount.value.scaleb(power), scaled=True, bare=False, doubt="")

    def _year(self, amount: Amount, currency: Hit | None) -> Figure | None:
        """A bare number of four digits as a year, where the words around it let it be one."""
        start, end = amount.start, amount.end
        if currency is not None or amount.scaled:
            return None
        if found := other_calendar(self.folded, start, end, self.words.calendars):
            begins, ends, edtf = found
            return Figure(begins, ends, self.text[begins:ends], "year", edtf)
        if end - start != 4 or amount.value is None or not 1000 <= amount.value < 2200:
            return None
        value = str(amount.value)
        if decade := _DECADE.match(self.folded, end):
            if value.endswith("0") and not joined(self.folded, decade.end()):
                return Figure(start, decade.end(), self.text[start : decade.end()], "date", value[:3] + "X")
        if joined(self.folded, end) and self.amounts.letters(end):
            return None
        said = self._said_year(start, end)
        if not said and not _FIRST_YEAR <= amount.value <= _LAST_YEAR:
            return None
        if self.amounts.after(end, "currency", "unit", "scale") and not self.amounts.hits.at(end, "year-word"):
            if not said or self.amounts.after(end, "scale", "currency"):
                return None
        if not said and self._counts_something(end):
            return None
        if second := self._second_year(end, int(value)):
            last, edtf = second
            return Figure(start, last, self.text[start:last], "year", f"{value}/{edtf}", comparator="range")
        about = self.amounts.before(start, "year-about") is not None
        return Figure(
            start, end, self.text[start:end], "year", f"{value}~" if about else value,
            comparator="approx" if about else "eq",
        )  # fmt: skip

    def _said_year(self, start: int, end: int) -> bool:
        following = self.amounts.after(end, "year-word")
        preceding = self.amounts.before(start, "in-year", "year-about")
        return bool(following or preceding) or self.folded[end : end + 1] in "年년" and end < len(self.folded)

    def _counts_something(self, end: int) -> bool:
        if self.amounts.after(end, "noun", "classifier"):
            return True
        # English and its like: a plural in small letters right after ("2000 widgets").
        found = re.compile(r" [a-z]{3,}s\b").match(self.text, end)
        return found is not None and not found.group().endswith(("is", "was", "has", "ss", "us"))

    def _second_year(self, end: int, first: int) -> tuple[int, str] | None:
        found = re.compile(r" ?[-–—~〜] ?(\d{4}|\d{2})(?![\d.,]?\d)(?!\w)").match(self.folded, end)
        if found is None:
            return None
        second = int(found[1]) if len(found[1]) == 4 else first // 100 * 100 + int(found[1])
        return (found.end(), str(second)) if first < second < first + 100 else None

    def _is_name(self, amount: Amount, currency: Hit | None) -> bool:
        """Whether the number belongs to a name: V 3, এইচ 800, version 2, Llama 3, 5G."""
        end = amount.end
        letters = "" if amount.spelled or amount.suffix else self.amounts.letters(end)
        if letters and letters not in units() and not self.hits.at(end, "unit", "currency", "scale"):
            return True
        if not amount.spelled and not letters and self._glued_to_more(amount):
            return True
        if currency is not None or amount.scaled or amount.spelled:
            return amount.suffix == "K" and amount.value in (4000, 8000) and currency is None and not self._noun(end)
        if self.amounts.after(end, "unit", "currency", "scale"):
            return False
        if self.amounts.before(amount.start, "label"):
            return True
        if amount.value is None or amount.value > _LARGEST_MODEL_NUMBER or "," in self.text[amount.start : end]:
            return False
        return self._spelled_letters(amount) or self._capitalised(amount)

    def _glued_to_more(self, amount: Amount) -> bool:
        """Digits that run on into what is no figure: 12-inch is one, 3-2 and 1-800-555 are not."""
        after = self.folded[amount.end : amount.end + 2]
        if amount.suffix or not after:
            return False
        if after[0] in "-‑" and after[1:].isdigit():
            return self.folded[max(0, amount.start - 1) : amount.start] in ("-", "‑")
        return after[0] in "_@" or (after[0] == "/" and after[1:].isdigit())

    def _noun(self, end: int) -> bool:
        return self.amounts.after(end, "noun", "classifier") is not None

    def _spelled_letters(self, amount: Amount) -> bool:
        """Whether the word before is made of names of Latin letters: এইচ 800, পিএস 5, চ্যাটজিপিটি 4."""
        end = self.amounts.back(amount.start)
        if not 0 < end < amount.start:
            return False
        begin = end - 1
        while begin > 0 and end - begin < _LONGEST_WORD and joined(self.folded, begin):
            begin -= 1
        word = self.folded[begin:end]
        spelled = self._letters_at_the_end(word)
        if word in self.words.also_words:
            return len(word) <= spelled and not self._noun(amount.end)
        return bool(word) and spelled == len(word) or spelled >= _SURELY_SPELLED

    def _letters_at_the_end(self, word: str) -> int:
        """How many characters at the end of the word are names of letters, one after another."""
        rest = word
        while letter := max((one for one in self.words.letters if rest.endswith(one)), key=len, default=""):
            rest = rest[: -len(letter)]
        return len(word) - len(rest)

    def _capitalised(self, amount: Amount) -> bool:
        """Whether a capitalised Latin word stands before: Llama 3, Silent Hill 2; but GPU 2048 counts."""
        start = amount.start
        if start < 2 or self.text[start - 1] not in " \u00a0" or not self.text[start - 2].isascii():
            return False
        found = _CAPITALISED.search(self.text[max(0, start - 40) : start - 1])
        if found is None:
            return False
        word = found.group()
        at = start - 1
        if self.amounts.before(start, "noun", "before", "filler", "function", "in-year", "to", "between", "change", "unit", "currency"):
            return False
        if self._noun(amount.end) or self.amounts.after(amount.end, "per"):
            return False
        if word.isupper() and self._counted_elsewhere(word, at):
            return False
        begins = at - len(word)
        return not self._opens_sentence(begins) or word.isupper() or self._lowercase_never(word)

    def _opens_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 2) : at].rstrip(" ")
        return not before or before[-1] in ".!?:\n\"“'(" or at == 0

    def _lowercase_never(self, word: str) -> bool:
        return f" {word.lower()} " not in self.text

    def _counted_elsewhere(self, word: str, at: int) -> bool:
        """Whether the document also uses the word after a number: then it is a noun, not a name."""
        return re.search(rf"\d[ \u00a0]{re.escape(word)}\b(?! ?\d)", self.text) is not None

    def _figure(self, amount: Amount, currency: Hit | None) -> Figure | None:
        start, end = amount.start, amount.end
        suspect: str | None = None
        after = self._currency_after(end, currency)
        if currency is not None or after is not None:
            if currency is not None:
                start = currency.start
            if after is not None:
                end = after.end
            unit = self._agreed(currency, after)
            suspect = None if unit else "unit"
            kind: Kind = "money"
        else:
            kind, unit, end = self._measured(amount)
            if kind == "count" and not self._countable(amount):
                return None
        value, reason = self._value(amount, kind, unit)
        suspect = suspect or reason
        comparator, per = self._comparator(start, end), self._per(start, end)
        shown = None if suspect or value is None else decimal_text(value)
        if kind == "count" and value is not None and value != value.to_integral_value():
            kind = "other"
        negative = shown is not None and self._minus(start)
        if negative and kind in ("percent", "money", "other"):
            start, shown = start - 1, f"-{shown}"
        return Figure(
            start, end, self.text[start:end], kind, shown, unit=unit, comparator=comparator, per=per,
            suspect=suspect if shown is None else None,
        )  # fmt: skip

    def _minus(self, start: int) -> bool:
        return (
            start > 0
            and self.text[start - 1] in "-−"
            and (start == 1 or self.text[start - 2] in " (\n\t\u00a0")
            and self.text[start : start + 1] != " "
        )

    def _currency_after(self, end: int, before: Hit | None) -> Hit | None:
        hit = self.amounts.after(end, "currency")
        if hit is None and self.folded[end : end + 1] in ("-", "‑"):
            hit = self.hits.at(end + 1, "currency")
        if hit is None or self._taken[hit.start]:
            return None
        following = self.folded[self.amounts.gap(hit.end) :][:1]
        is_sign = not kind_of(self.folded[hit.end - 1]) in ("letter", "mark", "ideograph", "unspaced", "kana")
        if is_sign and following.isdigit() and hit.start > end:
            return None  # it belongs to the next figure
        return hit

    def _agreed(self, before: Hit | None, after: Hit | None) -> str | None:
        """The one currency that both say; $ before and a nearer word after ("$5 Hong Kong dollars") agree on the word."""
        if before is None or after is None:
            return (before or after).word.value  # type: ignore[union-attr]
        if before.word.value == after.word.value or self.text[before.start : before.end] == "$":
            return after.word.value
        return None

    def _measured(self, amount: Amount) -> tuple[Kind, str | None, int]:
        hit = self.amounts.after(amount.end, "unit")
        if hit is None and self.folded[amount.end : amount.end + 1] in ("-", "‑"):
            hit = self.hits.at(amount.end + 1, "unit")
        if hit is not None:
            kind: Kind = "percent" if hit.word.value in ("percent", "permille") else "other"
            return kind, hit.word.value, hit.end
        found = None if amount.suffix else _UNIT.match(self.text, self.amounts.gap(amount.end))
        if found is not None and found.group() in units() and units()[found.group()].dimension != "currency":
            glued = found.start() == amount.end
            if found.group() not in (_NEVER_UNITS if glued else _ONLY_GLUED):
                return "other", found.group(), found.end()
        if amount.suffix in ("M", "K") and self._file_size(amount):
            return "other", {"M": "MB", "K": "kB"}[amount.suffix], amount.end
        return "count", None, amount.end

    def _file_size(self, amount: Amount) -> bool:
        """A listing's "Category / 20.10M": the size of a file, not millions."""
        line_ends = self.text[amount.end : amount.end + 1] in ("", "\n", "\r")
        return line_ends and self.text[: amount.start].endswith(" / ") and "." in self.text[amount.start : amount.end]

    def _countable(self, amount: Amount) -> bool:
        """Whether a number without currency or unit is a figure at all."""
        if amount.value == 0 and not amount.scaled:
            return False
        if self.amounts.after(amount.end, "ordinal") and self.hits.at(amount.end, "ordinal"):
            return False
        if amount.spelled and not amount.scaled:
            ended = kind_of(self.folded[amount.end - 1]) == "ideograph" or self._classified(amount)
            return (amount.sure and kind_of(self.folded[amount.start]) not in ("ideograph", "unspaced")) or (
                bool(amount.value and amount.value > 1) and ended and self._noun_or_classified(amount)
            )
        return True

    def _classified(self, amount: Amount) -> bool:
        return any(hit.stem_end < hit.end for hit in self.hits.ending.get(amount.end, ()))

    def _noun_or_classified(self, amount: Amount) -> bool:
        return self._noun(amount.end) or self._classified(amount)

    def _value(self, amount: Amount, kind: Kind, unit: str | None) -> tuple[Decimal | None, str | None]:
        value = amount.value
        if amount.suffix and unit in ("MB", "kB") and value is not None:
            return value / (1000 if amount.suffix == "K" else 10**6), None
        if value is None:
            return None, "separator" if amount.doubt == "separator" else "unreadable"
        if amount.doubt == "decimal" and not amount.scaled and kind in ("count", "money"):
            return None, "separator"
        return value, None

    def _comparator(self, start: int, end: int) -> Comparator:
        at = start
        for _ in range(3):
            if hit := self.amounts.before(at, "before"):
                return hit.word.value  # type: ignore[return-value]
            filler = self.amounts.before(at, "filler")
            if filler is None:
                break
            at = filler.start
        if hit := self.amounts.after(end, "after"):
            return hit.word.value  # type: ignore[return-value]
        following = self.amounts.after(end, "noun", "per")
        if following is not None and (hit := self.amounts.after(following.end, "after")):
            return hit.word.value  # type: ignore[return-value]
        return "eq"

    def _per(self, start: int, end: int) -> str | None:
        hit = self.amounts.after(end, "per") or self.amounts.before(start, "per")
        if hit is None and (comparator := self.amounts.before(start, "before")):
            hit = self.amounts.before(comparator.start, "per")
        return hit.word.value if hit else None

    # Ranges

    def _range(self, first: Figure, amount: Amount, currency: Hit | None) -> Figure | None:
        """The range that `first` opens: 5–10 million, between 5 and 10, ৫ থেকে ১০ মিলিয়ন."""
        if amount.value is None:
            return None
        at = self._after_connective(first)
        if at is None:
            return None
        sign = self.hits.at(at, "currency")
        begins = self.amounts.gap(sign.end) if sign else at
        second = self.amounts.at(begins, money=bool(sign or currency))
        if second is None or second.value is None or not self._begins_here(begins):
            return None
        last = self._figure(second, sign or currency if sign or not currency else currency)
        if last is None or last.value is None or last.kind not in (first.kind, "money", "percent", "other"):
            return None
        if first.kind == "count" and amount.bare and second.bare and not amount.scaled and self._is_name(second, None):
            return None
        low = self._lifted(amount, second, first, last)
        if low is None or last.unit is None and first.unit is not None or low >= Decimal(last.value):
            return None
        start = first.start
        return Figure(
            start, last.end, self.text[start : last.end], last.kind, decimal_text(low), value_max=last.value,
            unit=last.unit, comparator="range", per=last.per or first.per,
        )  # fmt: skip

    def _after_connective(self, first: Figure) -> int | None:
        """Where the second figure of a range would begin."""
        end = first.end
        gap = self.amounts.gap(end)
        if self.folded[gap : gap + 1] in self.words.dashes and gap + 1 < len(self.folded):
            spaced = gap > end and self.folded[gap + 1] != " "
            return None if spaced else self.amounts.gap(gap + 1)
        hit = self.amounts.after(end, "to")
        if hit is None:
            return None
        between = self.amounts.before(first.start, "between")
        if self.text[hit.start : hit.end].casefold() in self.words.only_between and between is None:
            return None
        if between is None and self._changes(first.start):
            return None
        return self.amounts.gap(hit.end)

    def _changes(self, start: int) -> bool:
        """Whether a verb of change stands shortly before: "rose from 5 to 10" is two figures, no range."""
        return any(
            hit.word.role == "change"
            for at in range(max(0, start - 30), start)
            for hit in self.hits.ending.get(at, ())
        )

    def _lifted(self, amount: Amount, second: Amount, first: Figure, last: Figure) -> Decimal | None:
        """The lower end, with the scale that only the upper one is printed with."""
        if amount.value is None or second.value is None or last.value is None:
            return None
        if amount.scaled or not second.scaled:
            return amount.value
        plain = self.numerals.get(second.start)
        if plain is None or not plain.value:
            return None
        return amount.value * (second.value / plain.value)

    # Digits that went lost

    def _lost_digits(self) -> list[Figure]:
        """A scale word without its number where one must have stood: "$ million", "only million মিলিয়ন ডলারে"."""
        found: list[Figure] = []
        after = 0
        for hit in sorted(self.hits.scales, key=lambda hit: hit.start):
            if hit.start < after or self._taken[hit.start] or self.amounts.before(hit.start, "scale"):
                continue
            twin = self.amounts.after(hit.end, "scale")
            twice = twin is not None and twin.word == hit.word and not self._same_script(hit, twin)
            end = twin.end if twin and twice else hit.end
            sign = self._currency_before(hit.start)
            signed = sign is not None and not self.text[sign.start].isalpha() and not self._taken[sign.start]
            currency = self.amounts.after(end, "currency")
            only = self.amounts.before(hit.start, "filler", "before") is not None and currency is not None
            if not (twice or signed or only):
                continue
            start = sign.start if sign and signed else hit.start
            end = currency.end if currency else end
            unit = (currency or sign).word.value if currency or (sign and signed) else None  # type: ignore[union-attr]
            found.append(
                Figure(
                    start, end, self.text[start:end], "money" if unit else "count", None, unit=unit,
                    comparator=self._comparator(start, end), suspect="digit-lost",
                )  # fmt: skip
            )
            after = end
        return found

    def _same_script(self, one: Hit, other: Hit) -> bool:
        return script_of(self.folded[one.start]) == script_of(self.folded[other.start])
