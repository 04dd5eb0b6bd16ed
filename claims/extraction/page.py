"""One text under reading: its words and numerals, and what of it is already accounted for."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from claims.extraction.amounts import Amounts
from claims.extraction.dates import dates
from claims.extraction.hits import Hits
from claims.extraction.lexicon import Hit, Lexicon
from claims.extraction.noise import noise
from claims.extraction.numerals import NUMERAL, Numerals, convention
from claims.extraction.results import Part
from kb.lib.scripts import joined

_AFTER_NUMBER: Final = re.compile(r"\d[ \u00a0]([A-Z]{2,})\b(?! ?\d)")
_HOUR_AND_MINUTE: Final = re.compile(r"(?:[01]?\d|2[0-4])[.,][0-5]\d")
_UNBREAKABLE: Final = ("\u00a0", "\u202f", "\u2009")


class Page:
    """A text folded in place, the lexicon's words in it, its dates and its numerals.

    `taken` has a 1 for each code point that belongs to a name, a date, an address or a figure found before;
    `literals` are the numerals left, by where they start.
    """

    def __init__(
        self, text: str, folded: str, words: Lexicon, cut: Sequence[Part], names: Sequence[tuple[int, int]]
    ) -> None:
        self.text, self.folded, self.words = text, folded, words
        self.hits = Hits(folded, words)
        self.taken = taken = bytearray(len(text) + 1)
        literals = [(found.start(), found.group()) for found in NUMERAL.finditer(folded)]
        for start, end in [*names, *noise(text, folded, literals, words.language)]:
            self.take(start, end)
        for start, literal in literals:
            if (
                3 < len(literal) < 6
                and _HOUR_AND_MINUTE.fullmatch(literal)
                and self._at_clock(start, start + len(literal))
            ):
                self.take(start, start + len(literal))
        found = dates(folded, self.hits, words, [start for start, _ in literals if not taken[start]])
        self.dates = [one for one in found if not taken[one.start]]
        for one in self.dates:
            self.take(one.start, one.end)
        left = [(start, literal) for start, literal in literals if not taken[start]]
        using = convention(_inside(left, cut), words.decimal, words.group)
        self.literals = dict(self._spaced(left))
        self.amounts = Amounts(text, folded, self.hits, self.literals, Numerals(using))

    def _at_clock(self, start: int, end: int) -> bool:
        """Whether a word of the clock stands beside: 14.30 Uhr, pukul 14.30."""
        before = self.hits.ending[start - 1].get("clock") if self.folded[start - 1 : start] == " " else None
        return bool(before or self.hits.starting[end + 1].get("clock"))

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as accounted for."""
        self.taken[start:end] = b"\1" * (end - start)

    def following(self, end: int) -> str:
        """The character that comes next, spaces aside; "" at the end of the text."""
        at = self.hits.gap(end)
        return self.folded[at : at + 1]

    def currency_before(self, start: int) -> Hit | None:
        """The currency printed before a figure: a sign or a code; words like "dollar" stand after theirs."""
        hit = self.hits.before[start].get("currency")
        if hit is None or self.taken[hit.start]:
            return None
        printed = self.text[hit.start : hit.end]
        if hit.end == start and printed.isalpha() and not _CODE.fullmatch(printed):
            return None  # an Audi RS6 is no money
        spelled = printed.isalpha() and not printed.isupper() and printed.lower() not in _SHORT_SIGNS
        return None if spelled and printed[0].islower() != printed[0].isupper() else hit

    def function_word(self, end: int) -> int | None:
        """Where the small word begins that ends there, spaces between them or none; None where there is none."""
        folded = self.folded
        for last in {end, self.hits.back(end)}:
            for length in self.words.function_lengths:
                start = last - length
                if (
                    start >= 0
                    and folded[start:last] in self.words.function_words
                    and not joined(folded, start)
                ):
                    return start
        return None

    @cached_property
    def counted_words(self) -> frozenset[str]:
        """Words in capitals that stand after a number somewhere: nouns, not names."""
        return frozenset(_AFTER_NUMBER.findall(self.text))

    @cached_property
    def small_words(self) -> frozenset[str]:
        """What stands between two spaces somewhere: a word in small letters is no name."""
        return frozenset(self.text.split(" ")[1:-1])

    def _spaced(self, literals: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Join 50 000 where spaces part thousands: always a narrow or unbreakable one, U+0020 by language."""
        found: list[tuple[int, str]] = []
        end = -3
        for start, literal in literals:
            if start - end <= 2 and self._continues(*found[-1], start, literal):
                (before, earlier), gap = found[-1], self.text[end:start]
                found[-1] = (before, f"{earlier}{gap if len(gap) > 1 else ' '}{literal}")
            else:
                found.append((start, literal))
            end = start + len(literal)
        return found

    def _torn(self, before: int, earlier: str, start: int, literal: str) -> bool:
        """Whether a copy tore one numeral in two: 1, 3 triệu; $ 5, 576 million."""
        end = start + len(literal)
        scaled = self.hits.starting[end].get("scale") or (
            self.folded[end : end + 1] == " " and self.hits.starting[end + 1].get("scale")
        )
        if not literal.isdigit() or not scaled:
            return False
        signed = self.hits.ending[before].get("currency") or self.hits.ending[before - 1].get("currency")
        return bool(signed) or ("," in self.words.decimal and len(literal) <= 2)

    def _continues(self, before: int, earlier: str, start: int, literal: str) -> bool:
        gap = self.text[before + len(earlier) : start]
        if gap in (", ", ". ") and literal == "000" and earlier.isdigit() and len(earlier) <= 3:
            return True  # 10, 000: nothing else begins with a zero
        if (
            gap == ", "
            and earlier.isdigit()
            and len(earlier) <= 3
            and self._torn(before, earlier, start, literal)
        ):
            return True
        if gap == " " and len(literal) == 3 and literal[0] == "0" and literal.isdigit() and len(earlier) <= 3:
            return earlier.isdigit() and earlier[0] != "0"
        return (
            (gap in _UNBREAKABLE or (gap == " " and " " in self.words.group))
            and literal[:3].isdigit()
            and not literal[3:4].isdigit()
            and len(literal[:3]) == 3
            and earlier.rpartition(" ")[2].isdigit()
            and (" " in earlier or len(earlier) <= 3)
            and earlier[0] != "0"
        )


_CODE: Final = re.compile(r"[A-Z]{3}|Rp|RM|Rs|Dhs?|P|[^A-Za-z]+")  # what may be glued to its digits
_SHORT_SIGNS: Final = frozenset({"dh", "dhs", "rp", "rm", "rs"})


def _inside(literals: list[tuple[int, str]], cut: Sequence[Part]) -> list[str]:
    """The numerals of the article itself: a listing's sizes and versions say nothing about its conventions."""
    own = iter([part for part in cut if part.region != "boilerplate"])
    part = next(own, None)
    found = []
    for start, literal in literals:
        while part is not None and part.end <= start:
            part = next(own, None)
        if part is not None and part.start <= start:
            found.append(literal)
    return found
