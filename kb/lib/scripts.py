"""Letters of every script: texts compared without losing a position, and where one word ends.

`kb.lib.text.fold` compares better, but moves offsets. A quote is pinned to code points, so what reads a text
folds it in place (character i of the folded text is character i of the text) or squeezes it and keeps each
letter's place.
"""

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final, Literal

Kind = Literal["letter", "mark", "digit", "ideograph", "kana", "unspaced", "other"]

_JOINERS: Final = "\u200c\u200d\u2060\u00ad"
_GONE: Final = "\x00"


class _InPlace(dict[int, str]):
    """For str.translate: each character's plain form, of one character always."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = character
        if unicodedata.category(character) == "Nd":
            folded = str(unicodedata.decimal(character))
        elif unicodedata.category(character) == "Zs":
            folded = " "
        else:
            plain = unicodedata.decomposition(character)
            if plain.startswith(("<wide>", "<narrow>", "<noBreak>", "<font>")):
                folded = unicodedata.normalize("NFKD", character)
            lowered = folded.lower()
            folded = lowered if len(lowered) == 1 else folded if len(folded) == 1 else character
        self[code] = folded
        return folded


_IN_PLACE: Final = _InPlace()
_FEW: Final = 60  # characters


def fold_in_place(text: str) -> str:
    """The text in lower case, its digits 0 to 9, its spaces U+0020, full width narrowed; of the same length.

    Accents stay: Vietnamese and Spanish words differ by them. So do İ and other letters whose lower case is
    longer than one character.
    """
    return text.lower() if text.isascii() else _translated(text, _IN_PLACE)


def _translated(text: str, table: Mapping[int, str]) -> str:
    """What str.translate returns; much faster where few of the letters change, and none into another that does."""
    changed = [one for one in set(text) if table[ord(one)] != one]
    if len(changed) > _FEW:
        return text.translate(table)
    for one in changed:
        text = text.replace(one, table[ord(one)])
    return text


class _Squeezing(dict[int, str]):
    """For str.translate: as _InPlace, with what comes and goes inside a name replaced by _GONE."""

    # Letters that keyboards swap: dotted and dotless i, Arabic, Persian and Urdu forms of one letter.
    _SAME: Final = {
        **dict.fromkeys("İı", "i"),
        **dict.fromkeys("يى", "ی"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ةہھۀ", "ه"),
        **dict.fromkeys("’ʼ‘＇`", "'"),
        "ك": "ک",
    }

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if character in self._SAME:
            folded = self._SAME[character]
        elif is_gap(character) or category == "Cf" or code == 0x640 or 0x64B <= code <= 0x65F:
            folded = _GONE
        else:
            folded = _IN_PLACE[code]
            if folded != character:
                folded = self[ord(folded)]
        self[code] = folded
        return folded


_SQUEEZING: Final = _Squeezing()


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A text's letters, and where each stood in it."""

    letters: str
    _at: Sequence[int]  # of each character of the text in NFC, and of the text's end
    _gaps: Sequence[int]  # of each character left out: how many letters stand before it

    def start(self, letter: int) -> int:
        """Where letters[letter] begins in the text."""
        return self._at[letter + bisect_right(self._gaps, letter)]

    def stop(self, letter: int) -> int:
        """Where letters[letter] ends in the text."""
        return self._at[letter + bisect_right(self._gaps, letter) + 1]

    def opened(self) -> frozenset[int]:
        """The letters before which something was left out."""
        return frozenset(self._gaps)

    def breaks(self, first: int, last: int) -> list[int]:
        """The letters after `first`, `last` included, before which something was left out."""
        return sorted(set(self._gaps[bisect_right(self._gaps, first) : bisect_right(self._gaps, last)]))


def squeeze(text: str) -> Squeezed:
    """The text folded, in NFC, without spaces, hyphens, middle dots, joiners, tatweel and Arabic vowel points.

    Equal letters are equal names to the eye, however they are spaced, broken over lines, hyphenated or
    normalized.
    """
    whole, at = _composed(text)
    runs = _translated(whole, _SQUEEZING).split(_GONE)
    return Squeezed("".join(runs), at, list(accumulate(map(len, runs))))


def _composed(text: str) -> tuple[str, Sequence[int]]:
    """The text in NFC, and where each of its characters begins in `text`, with len(text) last."""
    if unicodedata.is_normalized("NFC", text):
        return text, range(len(text) + 1)
    parts, at, done = [], array("I"), 0
    for cluster in _clusters().finditer(text):
        short = unicodedata.normalize("NFC", cluster.group())
        if short == cluster.group():
            continue
        start, size = cluster.start(), len(cluster.group())
        parts += [text[done:start], short]
        at.extend(range(done, start))
        at.extend(start + min(index, size - 1) for index in range(len(short)))
        done = cluster.end()
    at.extend(range(done, len(text) + 1))
    return "".join([*parts, text[done:]]), at


@cache
def _clusters() -> re.Pattern[str]:
    """A character with the marks on it, or one that is never written so in NFC."""
    every = [chr(code) for code in range(0x300, 0x20000) if not 0xD800 <= code < 0xE000]
    marks = "".join(one for one in every if unicodedata.category(one).startswith("M"))
    never = "".join(one for one in every if not unicodedata.is_normalized("NFC", one))
    return re.compile(rf"[^{marks}]?[{marks}\u1160-\u11ff]+|[{never}]")


@cache
def is_gap(character: str) -> bool:
    """Whether the character may stand, or be left out, between two parts of a name: a space, hyphen, middle dot."""
    return character in "\t\n\r_·・‧•｡" or unicodedata.category(character) in ("Zs", "Pd")


@cache
def kind_of(character: str) -> Kind:
    """What the character is to a word. Joiners count as marks: they never end one."""
    category = unicodedata.category(character)
    if character in _JOINERS or category.startswith("M"):
        return "mark"
    if category == "Nd":
        return "digit"
    if not category.startswith("L"):
        return "other"
    code = ord(character)
    if 0x30A1 <= code <= 0x30FF or 0xFF66 <= code <= 0xFF9F:
        return "kana"
    if 0x3040 <= code <= 0x309F or 0x2E80 <= code <= 0x2FDF or 0x3005 <= code <= 0x3007:
        return "ideograph"
    if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF:
        return "ideograph"
    # Thai, Lao, Myanmar, Khmer: written without spaces between words.
    if 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF:
        return "unspaced"
    return "letter"


@cache
def script_of(letter: str) -> str:
    """The script's name as Unicode names its letters and marks: LATIN, BENGALI, HANGUL; "" for what has none."""
    if kind_of(letter) in ("other", "digit") or letter in _JOINERS:
        return ""
    return unicodedata.name(letter, "").split(" ")[0]


def joined(text: str, at: int) -> bool:
    """Whether no word can begin or end between text[at - 1] and text[at].

    Letters of one spaced script hold together, as do the katakana of one word, a Latin letter and a digit
    (A4), and a mark with what it stands on. Ideographs, Thai and Lao stand alone; a change of script ends
    a word (AI를, AI芯片).
    """
    if at <= 0 or at >= len(text):
        return False
    held = _PAIRS[text[at - 1 : at + 1]]
    if held is not None:
        return held
    after = text[at]
    # A mark is of the letter that it stands on: look back to it, past a handful of marks at most.
    for earlier in reversed(text[max(at - 8, 0) : at - 1]):
        if kind_of(earlier) != "mark":
            return _holds(earlier, after)
    return kind_of(after) == "letter"


class _Pairs(dict[str, bool | None]):
    """For `joined`: whether two characters hold together; None where what stands before the first decides."""

    _MOST = 1 << 16

    def __missing__(self, pair: str) -> bool | None:
        before, after = pair[0], pair[1]
        marked = kind_of(before) == "mark" and kind_of(after) != "mark"
        if len(self) >= self._MOST:
            self.clear()
        self[pair] = held = None if marked else _holds(before, after)
        return held


_PAIRS: Final = _Pairs()


def _holds(before: str, after: str) -> bool:
    first, second = kind_of(before), kind_of(after)
    if second == "mark":
        return first != "other"
    if first == "digit" or second == "digit":
        letter = after if first == "digit" else before
        return first == second or script_of(letter) == "LATIN"
    if first == second == "kana":
        return True
    return first == second == "letter" and script_of(before) == script_of(after)


_NUKTA: Final = {
    unicodedata.normalize("NFD", chr(code)): chr(code)
    for code in (
        *range(0x0958, 0x0960),
        0x09DC,
        0x09DD,
        0x09DF,
        0x0A33,
        0x0A36,
        0x0A59,
        0x0A5A,
        0x0A5B,
        0x0A5E,
    )
}


def written_forms(text: str) -> set[str]:
    """The code points a text can be written in without looking different: composed, decomposed, nukta letters whole.

    NFC takes Bengali U+09DF apart, which most keyboards write; so neither normal form alone is found in texts.
    """
    composed = unicodedata.normalize("NFC", text)
    whole = composed
    for parts, letter in _NUKTA.items():
        whole = whole.replace(parts, letter)
    return {text, composed, whole, unicodedata.normalize("NFD", text)}


def starts_sentence(text: str, at: int) -> bool:
    """Whether a sentence or a line begins at text[at], quotation marks and bullets aside."""
    before = text[max(at - 4, 0) : at].rstrip(" \"'“”‘’«»([*•-")
    return not before or before[-1] in ".!?…।。！？\n:"
