"""Letters of every script: texts compared without losing a position, and where one word ends.

`kb.lib.text.fold` compares better, but moves offsets. A quote is pinned to code points, so what reads a text
folds it in place: character i of the folded text is character i of the text.
"""

import unicodedata
from functools import cache
from typing import Final, Literal

Kind = Literal["letter", "mark", "digit", "ideograph", "kana", "unspaced", "other"]

_JOINERS: Final = "\u200c\u200d\u2060\u00ad"


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


def fold_in_place(text: str) -> str:
    """The text in lower case, its digits 0 to 9, its spaces U+0020, full width narrowed; of the same length.

    Accents stay: Vietnamese and Spanish words differ by them. So do İ and other letters whose lower case is
    longer than one character.
    """
    return text.translate(_IN_PLACE)


@cache
def kind_of(character: str) -> Kind:
    """What the character is to a word. Joiners count as marks: they never end one."""
    category = unicodedata.category(character)
    if character in _JOINERS or category.startswith("M"):
        return "mark"
    if category == "Nd":
        return "digit"
    code = ord(character)
    if 0x30A1 <= code <= 0x30FF or 0xFF66 <= code <= 0xFF9F:
        return "kana"
    if not category.startswith("L"):
        return "other"
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
    """The script's name as Unicode names its letters with it: LATIN, BENGALI, HANGUL; "" for what has none."""
    return unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""


def joined(text: str, at: int) -> bool:
    """Whether no word can begin or end between text[at - 1] and text[at].

    Letters of one spaced script hold together, as do the katakana of one word, a Latin letter and a digit
    (H800), and a mark with what it stands on. Ideographs, Thai and Lao stand alone; a change of script ends
    a word (GPU를, AI芯片).
    """
    if at <= 0 or at >= len(text):
        return False
    return _joined(text[at - 1], text[at], text[at - 2] if at > 1 else "")


@cache
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


def _joined(before: str, after: str, earlier: str) -> bool:
    if kind_of(before) == "mark" and earlier and kind_of(after) != "mark":
        # A mark belongs to the letter before it; a vowel sign is of its letter's script.
        return kind_of(earlier) in ("letter", "mark") and kind_of(after) == "letter"
    return _holds(before, after)
