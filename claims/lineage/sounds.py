"""Words of every alphabet by their consonants, so that a name and its transliteration have one key. Pure Python."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from companies.lookalikes import consonants, heard
from kb.lib.scripts import fold_in_place

KEPT: Final = 4  # consonants: what follows is often a case ending
_FEWEST: Final = 4
_SHORTEST: Final = 2
_SHORTEST_SOUND: Final = 5
_PLURAL: Final = re.compile(r"(?<=\d)s$")


# Where Unicode's names of katakana leave the sound.
_KANA: Final = {"hu": "fu", "si": "shi", "ti": "chi", "tu": "tsu", "zi": "ji"}
# Sounds that some alphabets do not part.
_MERGED: Final = str.maketrans("lv", "rb")


@lru_cache(1 << 17)
def sound_key(word: str) -> str:
    """What the word is compared by, "" for one too short to tell anything.

    A word with a digit (A4) is compared as printed; so is a short one in capitals.
    """
    folded = unicodedata.normalize("NFC", fold_in_place(word))
    if any(map(str.isdigit, folded)):
        return _PLURAL.sub("", folded) if len(folded) >= _SHORTEST and not folded.isdigit() else ""
    sound = heard("".join(map(_in_latin, folded))).translate(_MERGED)
    skeleton = consonants(sound)
    if len(skeleton) >= _FEWEST:
        return skeleton[:KEPT]
    if len(sound) >= _SHORTEST_SOUND:
        return f"={sound}"
    if word.isascii() and len(word) >= _SHORTEST and word.isupper():
        return folded
    return ""


@cache
def _in_latin(letter: str) -> str:
    """A syllable of Hangul or katakana in Latin letters, after its Unicode name; any other letter as it is."""
    name = unicodedata.name(letter, "")
    for beginning in ("HANGUL SYLLABLE ", "KATAKANA LETTER SMALL ", "KATAKANA LETTER "):
        if name.startswith(beginning):
            syllable = name.removeprefix(beginning).lower()
            return _KANA.get(syllable, syllable) if beginning.startswith("K") else syllable
    return "" if name == "KATAKANA-HIRAGANA PROLONGED SOUND MARK" else letter
