"""Digits that are no figures wherever they stand: addresses, identifiers, times of day, ratios, marks of lists."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

# Found anywhere in the text.
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"'「」]+")
_DOMAIN: Final = re.compile(
    r"(?:@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}"
    r"|\.(?:com|org|net|io|ai|in|cn|vn|de|fr|gov|edu|html?|php|pdf|jpe?g|png|py|js)\b)(?:/\S*)?"
)
_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_+")
_LONGEST_HOST: Final = 250
_IDENTIFIER: Final = re.compile(r"\b[a-z]{3,5}[: -] ?[\w./-]{0,100}?\d[\w./-]{0,100}")
_IDENTIFIERS: Final = ("arxiv", "doi", "isbn", "issn", "pmid", "cve", "iso")
_ZONE: Final = re.compile(r"\b(?:gmt|utc) ?[+-] ?\d{1,2}(?!\d)")
_CALLING_CODE: Final = re.compile(r"\+\d{1,3}[ (-][\d ()-]{5,18}\d")
_PHONE: Final = re.compile(r"(?<!\d)(?<!\d )0[1-9]\d{0,2}[ .-]\d{3,4}[ .-]\d{3,4}(?!\d)")
_LIST_MARK: Final = re.compile(r"(?m)^[ \t]*\d{1,3}[.)](?= )")

# Tried where digits begin: the sign after them is another for each, so that one match at most is there.
_CLOCK_OR_RATIO: Final = re.compile(
    r"(?<![\d.,])\d{1,4}(?::\d{1,4}){1,2}(?!\d)|(?<![\w.,])\d{1,2} ?h ?[0-5]\d(?!\w)"
)
_CLOCK_IN_WORDS: Final = re.compile(
    r"\d{1,2} ?[시時时點点] ?\d{1,2} ?[분分]|\d{1,2}\.\d{2} ?น\.|\b\d{1,2}(?:\.\d{2})? ?[ap]\.?m\b\.?"
)
_CITED: Final = re.compile(r"\b\d{1,3} (?:fr|cfr|u\.s\.c\.|usc|f\.[23]d) (?:part |§+ ?)?\d[\d.]*")
_STREET: Final = re.compile(
    r"\b\d{1,5}(?:-\d{1,5})?[a-zA-Z]? (?:[A-Z][\w'’.-]{0,30} ){1,3}"
    r"(?:Street|Road|Avenue|Boulevard|Lane|Drive|Square|St\.|Rd\.|Ave\.)"
)
_NAMED_DAY: Final = re.compile(r"(?<!\d)\d{1,2}·\d{1,2}(?!\d)")  # 9·11; only Britons print decimals so
_AT_DIGITS: Final = re.compile("|".join(one.pattern for one in (_CLOCK_OR_RATIO, _CLOCK_IN_WORDS, _CITED)))
_GOES_ON: Final = re.compile(
    r"[:hap시時时點点น]| [hapfcu시時时點点น]"
)  # what follows the digits of any of these,
_STREET_GOES_ON: Final = re.compile(r"[-A-Za-z]| [A-Z]")  # and of this
_MARKED: Final = (
    (_IDENTIFIER, _IDENTIFIERS), (_ZONE, ("gmt", "utc")), (_CALLING_CODE, ("+",)), (_PHONE, ("0",)),
)  # fmt: skip


def noise(
    text: str, folded: str, literals: Sequence[tuple[int, str]], language: str
) -> Iterator[tuple[int, int]]:
    """The stretches whose digits are no figures; `literals` are all numerals with their places."""
    for pattern in (_ADDRESS, _LIST_MARK):
        yield from (found.span() for found in pattern.finditer(folded))
    for pattern, signs in _MARKED:
        for sign in signs:
            yield from _marked(pattern, sign, folded)
    for found in _DOMAIN.finditer(folded):
        start = found.start()
        while start and found.start() - start < _LONGEST_HOST and folded[start - 1] in _HOST:
            start -= 1
        if start < found.start():
            yield start, found.end()
    for start, literal in literals:
        end = start + len(literal)
        if _GOES_ON.match(folded, end) and (here := _AT_DIGITS.match(folded, start)):
            yield here.span()
        elif "·" in literal and language != "en" and (day := _NAMED_DAY.match(folded, start)):
            yield day.span()
        elif _STREET_GOES_ON.match(text, end) and (street := _STREET.match(text, start)):
            yield street.span()


def _marked(pattern: re.Pattern[str], sign: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where the pattern, which begins with the sign, stands: to look for the sign first is much faster."""
    at = folded.find(sign)
    while at >= 0:
        if found := pattern.match(folded, at):
            yield found.span()
        at = folded.find(sign, at + 1)
