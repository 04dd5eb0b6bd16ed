"""One amount: a numeral or number words, the scale words after it, and halves: 1,6 tỷ · সাড়ে তিন কোটি · 1億5000万."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final

from claims.extraction.hits import Hits
from claims.extraction.lexicon import Hit
from claims.extraction.numerals import VULGAR, Numerals
from kb.lib.quantities import MOST_DIGITS
from kb.lib.scripts import kind_of, script_of

# Letters glued to digits that scale them. Case tells M (million) from m (metre, or million after a currency).
SUFFIXES: Final = {
    "K": Decimal(1000), "k": Decimal(1000), "M": Decimal(10**6), "B": Decimal(10**9), "T": Decimal(10**12),
    "mn": Decimal(10**6), "bn": Decimal(10**9), "tn": Decimal(10**12), "Mn": Decimal(10**6), "Bn": Decimal(10**9),
    "Cr": Decimal(10**7), "cr": Decimal(10**7), "MM": Decimal(10**6), "mln": Decimal(10**6), "bln": Decimal(10**9),
    "Mio": Decimal(10**6), "Md": Decimal(10**9), "Mrd": Decimal(10**9),
}  # fmt: skip
MONEY_SUFFIXES: Final = {"m": Decimal(10**6), "b": Decimal(10**9), "t": Decimal(10**12), "L": Decimal(10**5)}
# 400m users, 12.3m units: so many metres have no plural after them.
_MILLIONS: Final = re.compile(
    r"m (?:[a-z-]{2,} ){0,2}?(?:[a-z]{2,}s|people|[a-z]?[A-Z]\w+s)\b(?! (?:tall|high|long|wide|deep|away))"
)
_BEFORE_A_SIGN: Final = re.compile(r"[ \u00a0\u202f](M|k|Mio|Md|Mrd)(?=[€$£])")
_LETTERS: Final = re.compile(r"[A-Za-z]{1,4}(?![A-Za-z0-9])")
_ZERO: Final = Decimal(0)
_TOO_LARGE: Final = Decimal(10) ** MOST_DIGITS
_MAY_SCALE: Final = re.compile(r"[a-z‑-]| [mk]")  # letters, a hyphen before a word, 250 M€


@dataclass(slots=True)
class Amount:
    """`scaled`: a scale word or letter stands with it; `sure`: fit to be a figure without any other word; `bare`:
    digits only, as of a year. `plain` is the value without the scale.
    """

    start: int
    end: int
    value: Decimal | None
    scaled: bool
    spelled: bool
    sure: bool
    doubt: str = ""
    bare: bool = False
    suffix: str = ""
    plain: Decimal | None = None


class Amounts:
    """Reads amounts in one text: `literals` are its numerals by where they start, `numerals` what they say."""

    def __init__(
        self, text: str, folded: str, hits: Hits, literals: Mapping[int, str], numerals: Numerals
    ) -> None:
        self.text, self.folded, self.hits = text, folded, hits
        self._literals, self._numerals = literals, numerals

    def at(self, start: int, *, money: bool = False) -> Amount | None:
        """The amount that starts there, or None. After a currency sign, `money`, 5m is five million."""
        first = self._first(start)
        if first is None:
            return None
        if not (self.hits.after[first.end] or first.spelled or _MAY_SCALE.match(self.folded, first.end)):
            return first  # nothing stands after it, as after most
        amount = self._scaled(first, money=money)
        while (amount.scaled or (amount.spelled and amount.value == 1000)) and (
            more := self._addition(amount)
        ) is not None:
            amount = more
        return amount

    def _first(self, start: int) -> Amount | None:
        if (literal := self._literals.get(start)) is not None:
            base = self._digits(start, literal)
        elif fraction := self._with_fraction(start):
            return fraction
        elif (spelled := self._spelled(start)) is not None:
            base = spelled
        else:
            return None
        point = self.hits.after[base.end].get("point")
        return base if point is None else self._with_point(base, point)

    def _plain(self, start: int) -> Amount | None:
        """Digits or number words, as they stand."""
        literal = self._literals.get(start)
        return self._spelled(start) if literal is None else self._digits(start, literal)

    def _digits(self, start: int, literal: str) -> Amount:
        (value, doubt), end = self._numerals[literal], start + len(literal)
        if value is not None and (fraction := VULGAR.get(self.text[end : end + 1])):
            value, end = value + fraction, end + 1
        return Amount(start, end, value, False, False, True, doubt, literal.isdigit())

    def _with_point(self, base: Amount, point: Hit) -> Amount:
        """The amount with its spoken decimals: ১১৮ দশমিক ৪২, तीन दशमलव पांच, 三点五."""
        if base.value is None or base.value % 1:
            return base
        end, places = self.hits.gap(point.end), ""
        if (digits := self._literals.get(end)) is not None and digits.isdigit():
            end, places = end + len(digits), digits
        while digits is None and (hit := self.hits.after[end].first("number", "shy", "one")):
            if _number(hit.word.value or "1") > 9:
                break
            end, places = hit.end, places + (hit.word.value or "1")
        if not places:
            return base
        value = base.value + Decimal(f"0.{places}")
        return replace(base, end=end, value=value, sure=True, bare=False)

    def _with_fraction(self, start: int) -> Amount | None:
        """সাড়ে তিন, सवा करोड़, half a million."""
        near = self.hits.starting[start]
        plus = near.get("plus")
        if plus and (base := self._plain(self.hits.gap(plus.end))) and base.value:
            # সাড়ে তিন is three and a half, साढ़े तीन सौ half a hundred more than three; सवा करोड़ a quarter more than one.
            more = _number(plus.word.value) * (100 if base.spelled and base.value >= 100 else 1)
            return Amount(start, base.end, base.value + more, False, base.spelled, sure=True)
        if plus is not None and self.hits.after[plus.end].first("scale", "hundred"):
            return Amount(start, plus.end, 1 + _number(plus.word.value), False, spelled=True, sure=False)
        if half := near.get("of"):
            return Amount(start, half.end, _number(half.word.value), False, spelled=True, sure=False)
        return None

    def _spelled(self, start: int) -> Amount | None:
        """Number words: twenty-five, three hundred and fifty, hai mươi lăm, 三百二十."""
        total, current, at, end, shy, words = _ZERO, _ZERO, start, start, True, 0
        bound = False  # to what stands before, by a hyphen or "and"
        while hit := self.hits.starting[at].first("number", "shy", "one", "tens", "hundred", "fixed"):
            role, value = hit.word.role, _number(hit.word.value or "1")
            if role == "tens" and words and current < 10:
                value, current = value + current, _ZERO  # خمسة وعشرون
            if role == "hundred" and words and not current and 0 < total <= value:
                return None  # শত শত, hundreds upon hundreds
            if role == "hundred":
                total, current = total + (current or 1) * value, _ZERO
            elif words and (
                (role == "one" and not bound) or value >= 1000 or (current and not _follows(current, value))
            ):
                break
            elif value >= 1000:
                total += value  # mille cinq cents
            else:
                current += value
            words += 1
            shy = shy and role in ("shy", "one", "hundred")
            end = hit.end
            if hit.end != hit.stem_end:
                break  # an ending closes the number: আটটি
            at = self.hits.past_hyphen(end)
            joiner = self.hits.starting[at].get("joiner") if role == "hundred" or value >= 20 else None
            bound = joiner is not None or self.folded[end : end + 1] in ("-", "‑")
            if joiner:
                at = self.hits.past_hyphen(joiner.end)
        return Amount(start, end, total + current, False, spelled=True, sure=not shy) if words else None

    def _scaled(self, amount: Amount, *, money: bool) -> Amount:
        half = self.hits.after[amount.end].get("half")
        if half and amount.value is not None and self.hits.after[half.end].get("scale"):
            # 3 buçuk milyon, two and a half million
            amount = replace(amount, end=half.end, value=amount.value + _number(half.word.value), bare=False)
        scale, end, suffix = self._scales(amount, money=money)
        if scale is None:
            return amount
        value = amount.value
        if amount.doubt == "separator":
            value = None
        elif value is not None:
            value *= scale
            if (half := self.hits.after[end].get("half")) and not suffix:
                value, end = value + _number(half.word.value) * scale, half.end
            if value >= _TOO_LARGE:
                value = None
        doubt = "" if amount.doubt == "decimal" else amount.doubt
        return Amount(
            amount.start, end, value, True, amount.spelled, True, doubt, suffix=suffix, plain=amount.value
        )

    def _scales(self, amount: Amount, *, money: bool) -> tuple[Decimal | None, int, str]:
        """The product of the scale words after the amount: thousand crore, nghìn tỷ, लाख करोड़."""
        if not amount.spelled and (found := _BEFORE_A_SIGN.match(self.text, amount.end)):
            return SUFFIXES[found[1]], found.end(), found[1]  # 250 M€
        if not amount.spelled and (letters := self.letters(amount.end)):
            scale = SUFFIXES.get(letters) or (MONEY_SUFFIXES.get(letters) if money else None)
            if letters == "m" and (
                _MILLIONS.match(self.text, amount.end) or self.hits.after[amount.end + 1].get("currency")
            ):
                scale = MONEY_SUFFIXES["m"]
            if scale is not None:
                return scale, amount.end + len(letters), letters
        product, end, last = None, amount.end, None
        at = self.hits.past_hyphen(end)
        while hit := self.hits.starting[at].get("scale"):
            value = _number(hit.word.value)
            if last is None:
                product = value
            elif value > _number(last.word.value):
                product = (product or 1) * value
            elif value < _number(last.word.value):
                break
            # The same scale twice, in two scripts, is one printed twice.
            end, last = hit.end, hit
            at = self.hits.gap(end)
            if hit.end != hit.stem_end:
                break
        return product, end, ""

    def _addition(self, amount: Amount) -> Amount | None:
        """What adds to a scaled amount: 5 lakh 20 thousand, 1億5000万, 1조 2천억."""
        at = self.hits.gap(amount.end)
        if at not in self._literals and not self.hits.starting[at]:
            return None
        joiner = self.hits.starting[at].get("joiner")
        if joiner and (amount.spelled or script_of(self.folded[at]) == "ARABIC"):
            at = self.hits.gap(joiner.end)  # three thousand and five hundred, ۳ هزار و ۵۰۰
        first = self._first(at)
        if first is None or first.value is None or amount.value is None or first.doubt:
            return None
        more = self._scaled(first, money=False)
        smallest = _unit_of(amount.value)
        last = self.folded[amount.end - 1]
        glued = at == amount.end and kind_of(last) == "ideograph"
        glued = glued or (at <= amount.end + 1 and script_of(last) == "HANGUL")  # 557만 6000
        if (
            self._ends_in_thousand(amount)
            and at > amount.end
            and first.value < 1000
            and (first.bare or first.spelled)
        ):
            # 2 bin 500 is 2,500, and 5 mil 300 millones that many millions.
            whole, scale = amount.value + first.value, more.value and more.value / first.value
            if first.value >= 1 and scale and (scale == 1 or scale > 1000):
                return replace(amount, end=more.end, value=whole * scale, plain=None)
        if more.value is not None and (value := self._shared_scale(amount, first, smallest)) is not None:
            return replace(amount, end=more.end, value=value, plain=None)
        if more.value is None or more.suffix or more.value >= smallest or not (more.scaled or glued):
            return None
        return Amount(
            amount.start,
            more.end,
            amount.value + more.value,
            True,
            amount.spelled,
            sure=True,
            doubt=amount.doubt,
        )

    def _shared_scale(self, amount: Amount, first: Amount, smallest: Decimal) -> Decimal | None:
        """The value where one scale closes them all: ৭ লাখ ৯৭ হাজার কোটি is 797 thousand times ten million."""
        small = self.hits.after[first.end].get("scale")
        large = self.hits.after[small.end].get("scale") if small else None
        if small is None or large is None or first.value is None or amount.value is None:
            return None
        scale, added = _number(large.word.value), first.value * _number(small.word.value)
        fits = added < smallest <= scale and scale > _number(small.word.value)
        return (amount.value + added) * scale if fits else None

    def _ends_in_thousand(self, amount: Amount) -> bool:
        hit = self.hits.ending[amount.end].get("scale")
        return hit is not None and hit.word.value == "1000" and hit.stem_end == hit.end

    def letters(self, at: int) -> str:
        """The Latin letters glued to digits there, as printed."""
        found = _LETTERS.match(self.text, at)
        return found.group() if found else ""


@cache
def _number(said: str) -> Decimal:
    """The value of a word of the tables."""
    return Decimal(said)


def _follows(before: Decimal, value: Decimal) -> bool:
    """Whether the number words make one number: twenty five, mil quinientos, but not five six or five twenty."""
    return before >= 10 and value < _unit_of(before)


def _unit_of(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 1000 for 345000."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))
