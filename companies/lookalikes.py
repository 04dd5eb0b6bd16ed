"""Words that look or sound like a registered name: proposed to an editor, never asserted. Pure Python.

Names and words of every alphabet are compared as a Latin reader would hear them. Only names that share a word's
consonants, one of them aside, are compared at all, so that the cost does not grow with the registry.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import ahocorasick
from rapidfuzz import fuzz

from companies.spellings import Spelling, endings, rules
from kb.lib.scripts import fold_in_place, script_of, starts_sentence

SHORTEST: Final = 5
LONGEST: Final = 24
_FEWEST_CONSONANTS: Final = 4
_LONGEST_ENDING: Final = 4
# Chosen on misspellings set aside and on words of everyday texts: docs/matching.md has the table.
ALIKE: Final = 90
ALIKE_WHEN_MARKED: Final = 80  # with capitals inside, which no ordinary word has
ALIKE_WHEN_LONG: Final = 84  # with the same consonants, more than the fewest, in another script


@dataclass(frozen=True, slots=True)
class _Name:
    slug: str
    heard: str
    latin: bool
    marked: bool


class LookAlikes:
    """The names of one word, by their consonants."""

    def __init__(self, spellings: Iterable[Spelling]) -> None:
        self._names: dict[str, list[_Name]] = {}
        self._known: set[str] = set()
        for spelling in spellings:
            word = _folded(spelling.text)
            self._known.add(word)
            if spelling.role == "misspelling" or not _comparable(word):
                continue
            latin = script_of(word[0]) == "LATIN"
            name = _Name(spelling.entity, heard(word), latin, any(map(str.isupper, spelling.text[1:])))
            for key in _keys(consonants(name.heard)):
                same = self._names.setdefault(key, [])
                if name not in same:
                    same.append(name)

    def find(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
        """(start, end, slug) of each word outside the stretches `taken`, which are in order."""
        if not self._names:
            return
        printed = set(_WORD.findall(" ".join(set(text.split()))))  # each once
        small = {word for word in printed if word.islower()}
        alike = {
            word: near
            for word in printed
            if SHORTEST <= len(word) <= LONGEST and (near := self._likely(word, small)) is not None
        }
        if not alike:
            return
        places = ahocorasick.Automaton()
        for word in alike:
            places.add_word(word, word)
        places.make_automaton()
        starts = [start for start, _end in taken]
        for last, word in places.iter(text):
            start, end = last + 1 - len(word), last + 1
            if _WORD.match(text, end) or (start and _WORD.match(text, start - 1)):
                continue
            if word.istitle() and starts_sentence(text, start):
                continue
            before = bisect_right(starts, last) - 1
            if before < 0 or taken[before][1] <= start:
                slug, length = alike[word]
                yield start, start + length, slug

    def _likely(self, word: str, small: set[str]) -> tuple[str, int] | None:
        """The slug of what a printed word resembles, and how much of the word does: an ending is left out."""
        if word.islower() or (word.lower() in small and word.lower() != word):
            return None
        best: tuple[float, str, int] | None = None
        for base in _without_endings(word):
            folded = _folded(base)
            if folded in self._known or not _comparable(folded):
                continue
            if near := self._nearest(folded):
                best = max(best or (0.0, "", 0), (*near, len(base)))
        return (best[1], best[2]) if best else None

    def _nearest(self, word: str) -> tuple[float, str] | None:
        """How near the nearest name is to a folded word (in percent), and whose it is; None where none is near."""
        sound, latin = heard(word), script_of(word[0]) == "LATIN"
        skeleton = consonants(sound)
        best: tuple[float, str] | None = None
        for key in _keys(skeleton) if latin else (skeleton,):
            for name in self._names.get(key, ()):
                both = latin and name.latin
                if both:
                    least = ALIKE_WHEN_MARKED if name.marked else ALIKE
                elif consonants(name.heard) == skeleton:
                    least = ALIKE_WHEN_LONG if len(skeleton) > _FEWEST_CONSONANTS else ALIKE
                else:
                    continue
                score = fuzz.ratio(sound, name.heard)
                if score >= least:
                    best = max(best or (0.0, ""), (score, name.slug))
        return best


# Letters, digits, the marks on them and joiners; the danda parts words.
_WORD: Final = re.compile(r"[\w\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u200c\u200d]+")


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", fold_in_place(word)).replace("\u200c", "").replace("\u200d", "")


def _comparable(word: str) -> bool:
    if not SHORTEST <= len(word) <= LONGEST or " " in word or not script_of(word[0]):
        return False
    return len(consonants(heard(word))) >= _FEWEST_CONSONANTS


def _without_endings(word: str) -> Iterator[str]:
    yield word
    if not word.isascii() and (known := endings(script_of(word[0]))):
        for length in range(1, min(_LONGEST_ENDING, len(word) - SHORTEST) + 1):
            if word[-length:] in known:
                yield word[:-length]


def _keys(skeleton: str) -> set[str]:
    """The consonants, and the same with any one of them left out."""
    return {skeleton} | {skeleton[:index] + skeleton[index + 1 :] for index in range(len(skeleton))}


# Unicode lays the Indic scripts out alike: the same place in each block is the same sound.
_INDIC_BLOCK: Final = 0x80
_INDIC: Final = range(0x0900, 0x0D80)


@cache
def _sounds() -> dict[int, str]:
    """What each letter sounds like, by its code; of an Indic one, by its place in its script's block."""
    table = rules()["sounds"]
    found: dict[int, str] = {int(place, 16): sound for place, sound in table["indic"].items()}
    for row in ("indic_vowels", "indic_consonants", "indic_signs"):
        first, *sounds = table[row].split()
        found.update(enumerate(sounds, int(first, 16)))
    for letters, sounds in (table[one] for one in ("cyrillic", "arabic")):
        found.update(zip(map(ord, letters.split()), sounds.split(), strict=True))
    return found


_SOUNDED: Final = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("tch|ch", "č"), ("sch|sh", "s"), ("ph", "f"), ("ck|q", "k"), ("x", "ks"), ("c(?=[eiy])", "s"), ("c", "k"),
        ("č", "c"), ("z", "s"), ("w", "v"), ("(?<=[bcdgjkpt])h", ""), ("y", "i"), ("[ei]+", "i"), ("a+", "a"),
        ("[ou]+", "u"),
        (r"([^aiu\d])\1+", r"\1"),
    )
]  # fmt: skip


@lru_cache(1 << 16)
def heard(word: str) -> str:
    """A folded word in the letters of a Latin reader's ear: long and short vowels alike, no doubled consonant."""
    letters = []
    for character in word:
        code = ord(character)
        if code in _INDIC:
            letters.append(_sounds().get(code % _INDIC_BLOCK, ""))
        else:
            letters.append(_sounds().get(code) or unicodedata.normalize("NFD", character)[0])
    sound = "".join(letters)
    for pattern, plain in _SOUNDED:
        sound = pattern.sub(plain, sound)
    return sound


def consonants(sound: str) -> str:
    return sound.translate(_NO_VOWELS)


_NO_VOWELS: Final = dict.fromkeys(map(ord, "aiu"))
