"""Numbers that are no figures, because they belong to a name: V3, এইচ 800, A380, version 2, Silent Hill 2, 5G."""

import re
from string import ascii_lowercase
from typing import Final

from claims.extraction.amounts import Amount
from claims.extraction.lexicon import Hit
from claims.extraction.page import Page
from claims.extraction.tables import Role
from kb.lib.quantities import units
from kb.lib.scripts import joined, kind_of

_CAPITALISED: Final = re.compile(r"(?:[^\W\d_a-z]|[a-z]+[A-Z])[\w'’.-]*$")
# What a word before a number may be instead of a name, capital or not.
_NOT_NAMES: Final[tuple[Role, ...]] = (
    "noun", "before", "filler", "in-year", "to", "between", "change", "unit", "currency", "per", "month",
    "scale", "number", "one",
)  # fmt: skip
_OFFICIAL: Final = re.compile(r"[-/][^\W\d_]{2,}[-/][^\W\d_]{2,}")  # 57-NQ/TW, 1236/QĐ-TTg
_LARGEST_MODEL_NUMBER: Final = 9999
_LONGEST_WORD: Final = 40
_GLUED: Final = frozenset(ascii_lowercase + "-‑/_@")  # what runs on from digits, or makes a name of them
_AFTER_DIGITS: Final[tuple[Role, ...]] = ("unit", "currency", "scale", "ordinal")
_SURELY_SPELLED: Final = 6  # characters of letter names at the end of a longer word: three letters
_RESOLUTIONS: Final = (4000, 8000)  # 4K and 8K are pictures


def begins_in_a_name(page: Page, start: int) -> bool:
    """Whether a letter or sign right before the digits makes them part of a name (A380, V-22, v3.0, #12)."""
    if start == 0:
        return False
    before, digit = page.folded[start - 1], page.folded[start].isdigit()
    if before == " ":
        return False
    kind = kind_of(before)
    if kind in ("ideograph", "unspaced"):
        return (
            page.hits.ending[start].get("label") is not None
            and page.hits.ending[start].get("unit-before") is None
        )
    if kind in ("letter", "mark", "kana"):
        # Words that Arabic writes onto the next: و10, بـ500.
        if not digit or page.hits.ending[start].first("currency", "unit-before", "to"):
            return False
        return joined(page.folded, start) or page.function_word(start) is None
    if before in "-‑/" and start > 1 and digit and page.folded[start - 2].isdigit():
        return True  # 3-2, 555-0199: what was no range is no figure
    if before in "-‑_/" and start > 1 and kind_of(page.folded[start - 2]) in ("letter", "mark"):
        return digit and page.hits.ending[start].first("in-year", "year-about", "before", "per") is None
    return before in "#@_" or (before == "." and start > 1 and page.folded[start - 2].isalnum())


def is_name(page: Page, amount: Amount, currency: Hit | None) -> bool:
    """Whether the words and signs around the amount make it part of a name or of a code."""
    end, before, after = amount.end, page.hits.before[amount.start], page.hits.after[amount.end]
    letters = ""
    if not amount.spelled and page.folded[end : end + 1] in _GLUED:
        letters = "" if amount.suffix else page.amounts.letters(end)
        if letters == "s" and re.fullmatch(r"\d0", page.folded[amount.start : end]):
            return True  # the 90s
        if letters and letters not in units() and not page.hits.starting[end].first(*_AFTER_DIGITS):
            return True
        if not letters and _runs_on(page, amount):
            return True
    if page.folded[end - 1] == "0" and end - amount.start == 2 and "decade" in page.hits.starting[end]:
        return True  # 90年代
    if "label-after" in after:
        return True
    if amount.spelled and not amount.scaled and currency is None and "label" in before:
        return "unit-before" not in before  # 百分之五
    if currency is not None or amount.scaled or amount.spelled:
        return amount.suffix == "K" and amount.value in _RESOLUTIONS and not (currency or _noun(page, end))
    label = before.get("label")
    if label is not None and not _longer_than(page, label, amount.start):
        return True
    if after.first("unit", "currency", "scale") or (letters and letters in units()):
        return False
    if amount.value is None or amount.value > _LARGEST_MODEL_NUMBER or "," in page.text[amount.start : end]:
        return False
    return _spelled_letters(page, amount) or _capitalised(page, amount)


def _longer_than(page: Page, label: Hit, start: int) -> bool:
    """Whether the label ends a longer phrase that is none: no. 5, but "in the number of 5"."""
    filler, small = page.hits.before[start].get("filler"), page.function_word(start)
    return bool(filler and filler.start < label.start) or (small is not None and small < label.start)


def _noun(page: Page, end: int) -> bool:
    return page.hits.after[end].first("noun", "classifier") is not None


def _runs_on(page: Page, amount: Amount) -> bool:
    """Digits that run on into what is no figure: 1-800-555, 24/7, 12_a."""
    after = page.folded[amount.end : amount.end + 2]
    if not after or after[0] == " " or amount.suffix:
        return False
    before = page.folded[max(0, amount.start - 1) : amount.start]
    if after[0] in "-‑" and after[1:].isdigit():
        return before in ("-", "‑") and before != ""
    if after[0].isascii() and after[0].isalpha() and not page.amounts.letters(amount.end):
        return not page.hits.starting[amount.end]  # 4x4
    if (
        after[0] in "-/"
        and _OFFICIAL.match(page.text, amount.end)
        and not page.hits.starting[amount.end + 1].first("unit", "currency")
    ):
        return True
    return after[0] in "_@" or (after[0] == "/" and after[1:].isdigit())


def _spelled_letters(page: Page, amount: Amount) -> bool:
    """Whether the word before is made of names of Latin letters: এইচ 800, পিএস 5, চ্যাটজিপিটি 4."""
    if not page.words.letters:
        return False
    end = page.hits.back(amount.start)
    if not 0 < end < amount.start:
        return False
    begin = end - 1
    while begin > 0 and end - begin < _LONGEST_WORD and joined(page.folded, begin):
        begin -= 1
    word = page.folded[begin:end]
    spelled = _letters_at_the_end(word, page.words.letters)
    if word in page.words.also_words:
        return len(word) <= spelled and not _noun(page, amount.end)
    return bool(word) and (spelled == len(word) or spelled >= _SURELY_SPELLED)


def _letters_at_the_end(word: str, letters: frozenset[str]) -> int:
    """How many characters at the end of the word are names of letters, one after another."""
    rest = word
    while letter := max((one for one in letters if rest.endswith(one)), key=len, default=""):
        rest = rest[: -len(letter)]
    return len(word) - len(rest)


def _capitalised(page: Page, amount: Amount) -> bool:
    """Whether a capitalised word stands before: Silent Hill 2; but "CPU 2048" may count."""
    start, text = amount.start, page.text
    if start < 2 or text[start - 1] not in " \u00a0":
        return False
    before = text[max(0, start - _LONGEST_WORD) : start - 1].rpartition(" ")[2]
    found = None if before == before.lower() else _CAPITALISED.search(before)
    if found is None or not found.group()[0].isalpha() or found.group() == found.group().lower():
        return False
    word, begins = found.group(), start - 1 - len(found.group())
    if word.endswith((".", "'s", "’s")):
        return False  # the sentence ended, or the number is of what the name has
    if word.lower() in page.words.function_words or page.hits.ending[start - 1].first(*_NOT_NAMES):
        return False
    if _noun(page, amount.end) or page.hits.after[amount.end].get("per"):
        return False
    if word.isupper() and word in page.counted_words:
        return False
    return (
        word.isupper()
        or not _opens_sentence(page, begins)
        or not (word.isalpha() and word.lower() in page.small_words)
    )


def _opens_sentence(page: Page, at: int) -> bool:
    before = page.text[max(0, at - 2) : at].rstrip(" ")
    return not before or before[-1] in ".!?:\n\"“'("
