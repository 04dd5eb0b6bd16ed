"""Every name in a text, at its place, in one pass. Pure Python; docs/matching.md tells the rules.

A name is asserted only where its words say enough. What is short, or a word as well, needs the entity or its
maker named elsewhere in the text; what merely looks like a name is proposed and never asserted.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_lowercase
from typing import Final

import ahocorasick

from companies.lookalikes import LookAlikes
from companies.spellings import Spelling, Trust, Way, endings, rules, ways, words
from kb.lib.scripts import Squeezed, is_gap, joined, script_of, squeeze, starts_sentence

__all__ = ["Matcher", "Mention", "Spelling"]

_LONGEST_ENDING: Final = 12
_LONGEST_BEGINNING: Final = 3
_LONGEST_ADDRESS: Final = 80


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an entity; `entity` is its slug, None for a look-alike that nobody has judged yet."""

    start: int
    end: int
    printed: str
    entity: str | None
    likely: str | None = None  # for a look-alike: the slug of what it resembles


@dataclass(slots=True)
class _Find:
    """Words that fit at least one way. `reach` is the end of the word, its case ending included."""

    start: int
    stop: int
    reach: int
    named: dict[str, Trust]  # each entity that it may name, with the trust of its best way
    grown: int = 0  # characters beyond every registered name: a version of something, say


class Matcher:
    """Finds the names of a registry. Building takes about 0.1 s for each 10,000 spellings; build it once."""

    def __init__(self, spellings: Iterable[Spelling]) -> None:
        entered = list(spellings)
        found = ways(entered)
        self._makers = found.makers
        self._automaton = ahocorasick.Automaton()
        for key, same in found.by_key.items():
            self._automaton.add_word(key, (len(key), same))
        if found.by_key:
            self._automaton.make_automaton()
        self._lookalikes = LookAlikes(entered)

    def find(self, text: str, language: str | None = None) -> list[Mention]:
        """The names in `text` in its order, none overlapping; offsets are code points of `text`.

        `printed` leaves out case endings. `language` (a BCP 47 code) tells which endings Latin names may take.
        """
        finds = self._chosen(text, language)
        mentions = self._judged(text, finds)
        taken = [(find.start, find.reach) for find in finds]
        mentions += (
            Mention(start, end, text[start:end], None, slug)
            for start, end, slug in self._lookalikes.find(text, taken)
        )
        return sorted(mentions, key=lambda mention: mention.start)

    # --- every place where letters agree

    def _chosen(self, text: str, language: str | None) -> list[_Find]:
        """The longest at each place, from left to right."""
        finds: list[_Find] = []
        reached = 0
        candidates = self._candidates(text, language)
        for found in sorted(candidates, key=lambda found: (found.start, -found.stop, found.grown)):
            if found.start < reached:
                continue
            before = finds[-1] if finds and _adjacent(text, finds[-1].reach, found.start) else None
            if before or Trust.TAIL in found.named.values():
                found.named = self._with_maker(found.named, before)
                if not found.named:
                    continue
                own = {slug: trust for slug, trust in found.named.items() if self._made_by(slug, before)}
                if before and own and before.stop == before.reach and not before.grown:
                    finds.pop()
                    found.start, found.named = before.start, own
            finds.append(found)
            reached = found.reach
        return finds

    def _with_maker(self, named: dict[str, Trust], before: _Find | None) -> dict[str, Trust]:
        """What the words may name after a name that stands directly before: a maker's makes its products sure."""
        return {
            slug: Trust.SURE if self._made_by(slug, before) else trust
            for slug, trust in named.items()
            if trust is not Trust.TAIL or self._made_by(slug, before)
        }

    def _made_by(self, slug: str, before: _Find | None) -> bool:
        return before is not None and not self._makers.get(slug, set()).isdisjoint(before.named)

    def _candidates(self, text: str, language: str | None) -> Iterator[_Find]:
        if not len(self._automaton):
            return
        page = squeeze(text)
        letters, opened = page.letters, page.opened()
        for last, (length, same) in self._automaton.iter(letters):
            first = last + 1 - length
            if letters[first - 1 : first + 1] in _INSIDE and first not in opened:
                continue  # most are within a word
            start = page.start(first)
            if joined(text, start) and not _after_beginning(text, start):
                continue
            stop = reach = page.stop(last)
            if joined(text, stop) and not (reach := _past_ending(text, stop, language)):
                continue
            printed = _Printed(text, page, (first, last), (start, stop))
            found = _Find(start, stop, reach, {})
            for way in same:
                if printed.fits(way, ended=reach > stop):
                    trust = printed.trust(way)
                    found.named[way.entity] = min(trust, found.named.get(way.entity, trust))
            if found.named and not _in_address(text, start, stop):
                if same[0].numbered:
                    _grow(found, text, language)
                yield found

    # --- what the finds say

    def _judged(self, text: str, finds: Sequence[_Find]) -> list[Mention]:
        present = Counter(
            slug
            for find in finds
            if len(find.named) == 1 and not find.grown
            for slug, trust in find.named.items()
            if trust is Trust.SURE
        )
        makers = Counter(maker for slug in present for maker in self._makers.get(slug, ()))
        mentions = []
        judged: dict[tuple[tuple[str, Trust], ...], tuple[str, bool]] = {}
        for find in finds:
            named = tuple(find.named.items())
            if named not in judged:
                judged[named] = self._likeliest(find.named, present, makers)
            slug, settled = judged[named]
            if not settled and set(find.named.values()) == {Trust.SMALL}:
                continue
            printed = text[find.start : find.stop]
            asserted = settled and not find.grown
            entity, likely = (slug, None) if asserted else (None, slug)
            mentions.append(Mention(find.start, find.stop, printed, entity, likely))
        return mentions

    def _likeliest(
        self, named: dict[str, Trust], present: Counter[str], makers: Counter[str]
    ) -> tuple[str, bool]:
        """The slug that the rest of the text speaks for, and whether that settles the matter.

        An entity's own names count most, then its makers', then those of what it makes.
        """

        def support(slug: str) -> tuple[int, int, int]:
            return present[slug], sum(present[one] for one in self._makers.get(slug, ())), makers[slug]

        ranked = sorted(named, key=lambda slug: (support(slug), -named[slug]), reverse=True)
        if len(ranked) == 1:
            return ranked[0], named[ranked[0]] is Trust.SURE or any(support(ranked[0]))
        return ranked[0], support(ranked[0]) > support(ranked[1])


class _Printed:
    """The words that agree with a key, as they stand in the text."""

    def __init__(self, text: str, page: Squeezed, ends: tuple[int, int], span: tuple[int, int]) -> None:
        """`ends` are its first and last letter on the page, `span` where they stand in the text."""
        self._text, (self._start, self._stop), (first, last) = text, span, ends
        self.gaps: dict[int, str] = {}
        parts, begins = [], self._start
        for index in page.breaks(first, last):
            stops, resumes = page.stop(index - 1), page.start(index)
            parts.append(text[begins:stops])
            if any(map(is_gap, text[stops:resumes])):
                self.gaps[index - first] = text[stops:resumes]
            begins = resumes
        self.letters = "".join([*parts, text[begins : self._stop]])
        if len(self.letters) != last + 1 - first:
            self.letters = unicodedata.normalize("NFC", self.letters)

    def fits(self, way: Way, *, ended: bool) -> bool:
        """Whether the words may stand for `way`; `ended` by a case ending."""
        if way.ending is not None and way.ending is not ended:
            return False
        if ended and len(way.key) < 3 and way.key.isascii():
            return False
        new = [index for index in self.gaps if index not in way.own_gaps]
        if self.gaps and not self._gaps_fit(way, new):
            return False
        if (way.cased or new) and not _has_capitals(self.letters, way.shape):
            return False
        return way.trust is Trust.SURE or not way.numbered or not self._is_quantity()

    def _gaps_fit(self, way: Way, new: Sequence[int]) -> bool:
        if not all(index in way.gaps and _narrow(gap) for index, gap in self.gaps.items()):
            return False
        return not any(self.letters[:index] in _ONE_LETTER_WORDS or "\n" in self.gaps[index] for index in new)

    def trust(self, way: Way) -> Trust:
        """What the way needs here: a name that is a word needs more in small letters or at a sentence's start."""
        if way.trust is not Trust.SURE or way.own_gaps or way.numbered:
            return way.trust
        if way.shape.istitle() and self.letters.islower():
            return Trust.SMALL
        common = way.key in words("LATIN", "common")
        return Trust.DOUBTFUL if common and starts_sentence(self._text, self._start) else Trust.SURE

    def _is_quantity(self) -> bool:
        if _FRACTION.match(self._text, self._stop):
            return True
        word = _NEXT_WORD.match(self._text, self._stop)
        counted = words(script_of(word[1][0]), "counted") if word else frozenset()
        return bool(word and counted and squeeze(word[1]).letters.startswith(tuple(counted)))


# Two letters between which no word begins, in the script that names are looked up in most often.
_INSIDE: Final = frozenset(one + other for one in ascii_lowercase for other in ascii_lowercase)
# Words of one letter, in the languages that write a number after them with a space.
_ONE_LETTER_WORDS: Final = frozenset("AEIOYÀÉ")
_FRACTION: Final = re.compile(r"[.,]\d|\s?[%٪％]")
_NEXT_WORD: Final = re.compile(r" ?([^\s\d]{1,24})")
_VERSION: Final = re.compile(
    r"(?:\.\d[\dA-Za-z]{0,20}|[-‑][A-Z0-9][\dA-Za-z]{0,20})(?:[-‑.][A-Z0-9][\dA-Za-z]{0,20}){0,3}"
)
_NUMBER: Final = re.compile(r"(?:\.\d[\dA-Za-z]{0,20})(?:[-‑.]\d[\dA-Za-z]{0,20}){0,3}")
_VERSION_BEGINS: Final = (".", "-", "‑")
_DOMAIN: Final = re.compile(r"\.[a-z]{2,6}\b|@", re.ASCII)
_ADDRESS: Final = re.compile(r"://|^www\.|\.[a-z]{2,6}/|[\w.]@?\.$|@$", re.ASCII)


def _narrow(gap: str) -> bool:
    """Whether the gap is one space, hyphen or line break, or a hyphen with spaces: not a dash between clauses."""
    return len(gap) <= 3 and not gap.count("\n") > 1 and not ("—" in gap or gap.strip() in ("–", "--", "---"))


def _adjacent(text: str, stop: int, start: int) -> bool:
    between = text[stop:start]
    return len(between) <= 3 and all(map(is_gap, between)) and _narrow(between) and "\n" not in between


def _has_capitals(letters: str, shape: str) -> bool:
    return all(
        printed == entered or printed.isupper()
        for printed, entered in zip(letters, shape, strict=False)
        if entered.isupper()
    )


def _after_beginning(text: str, start: int) -> bool:
    """Whether only an article, a conjunction or a preposition stands before, joined to the name."""
    script = script_of(text[start])
    known: frozenset[str] = words(script, "beginnings")
    return bool(known) and any(
        not joined(text, start - length) and squeeze(text[start - length : start]).letters in known
        for length in range(1, min(_LONGEST_BEGINNING, start) + 1)
    )


def _past_ending(text: str, stop: int, language: str | None) -> int:
    """Where the word ends if what follows the name in it is a case ending; 0 if it is anything else."""
    at = stop
    while joined(text, at):
        at += 1
        if at - stop > _LONGEST_ENDING:
            return 0
    return at if _is_ending(text[stop:at], language, number=text[at : at + 1].isdigit()) else 0


@lru_cache(1 << 12)
def _is_ending(printed: str, language: str | None, *, number: bool) -> bool:
    """Whether the rest of a word is a case ending, or nothing but joiners; `number`: a number runs on from it."""
    rest = squeeze(printed).letters
    if not rest or number:
        return not rest
    return rest in endings(script_of(rest[0]), language)


def _in_address(text: str, start: int, stop: int) -> bool:
    """Whether the words are part of a web or mail address, which names nobody."""
    if "." in text[start:stop]:
        return False
    if text[stop : stop + 1] in (".", "@") and _DOMAIN.match(text, stop):
        return True
    if start and text[start - 1] in "/.@":
        before = text[max(start - _LONGEST_ADDRESS, 0) : start]
        return bool(_ADDRESS.search(before[before.rfind(" ") + 1 :].rsplit("\n", 1)[-1]))
    return False


def _grow(found: _Find, text: str, language: str | None) -> None:
    """Take in the version that follows a numbered name: V3.1 is not V3, and so nobody that is registered."""
    if found.reach > found.stop or text[found.stop : found.stop + 1] not in _VERSION_BEGINS:
        return
    compounds = rules()["language"].get(language or "", {}).get("compounds", False)
    version = (_NUMBER if compounds else _VERSION).match(text, found.stop)
    if version and not joined(text, version.end()):
        found.grown = version.end() - found.stop
        found.stop = found.reach = version.end()
