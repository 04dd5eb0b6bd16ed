"""What a language's words mean to a figure, and where they stand in a text."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import ahocorasick

from claims.extraction.tables import LANGUAGES, Role, Word, forms, meanings, table_of
from kb.lib.scripts import fold_in_place, joined, written_forms

ROLES_THAT_INFLECT: Final = frozenset(
    {"number", "shy", "hundred", "scale", "currency", "unit", "noun", "year-word"}
)
_ROLES_WITH_PARTICLES: Final = ROLES_THAT_INFLECT | {"after", "to", "ordinal", "decade"}
_ROLES_THAT_OPEN: Final = frozenset({"number", "shy", "hundred", "plus", "fixed", "of", "half", "scale"})
_LONGEST_ENDING: Final = 20
_KEY: Final = 3  # letters at the head or tail of a phrase by which it is looked up

# Another language's small words are not this one's: only what figures are printed with carries over.
_SHARED: Final = frozenset({"scale", "currency", "unit", "month", "noun", "letter"})


@dataclass(slots=True)
class Hit:
    """A word of the lexicon found in a text, its ending included; `stem_end` is where the ending begins."""

    start: int
    end: int
    word: Word
    stem_end: int


class Near(dict[Role, Hit]):
    """The words that begin, or that end, at one place: the longest of each role, longer ones first."""

    __slots__ = ()

    def first(self, *roles: Role) -> Hit | None:
        """The longest with one of the roles."""
        for role, hit in self.items():
            if role in roles:
                return hit
        return None


_NOTHING: Final = Near()


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year count that is not the Gregorian one; a year of it may begin in another month than January."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    offset: int | None  # None where the years have no fixed place in the Gregorian ones
    starts: str  # the Gregorian month, "01" to "12"
    years: tuple[int, int] | None = None  # first and last that are of this calendar without its words


class Lexicon:
    """The words of a language together with what every language shares and what it mixes in."""

    def __init__(self, language: str) -> None:
        table = table_of(language)
        mixed = [table_of(other) for other in table.get("mixes", ())]
        universal = table_of("universal")
        self.language = language
        self.decimal: tuple[str, ...] = tuple(table.get("numbers", {}).get("decimal", ()))
        self.group: tuple[str, ...] = tuple(table.get("numbers", {}).get("group", ()))
        self.date_order: str = table.get("dates", {}).get("order", "")
        self.spaced_units = frozenset(table.get("spaced_units", ()))
        self.minus_after: bool = table.get("numbers", {}).get("minus_after", False)
        self.dotted_small: bool = table.get("ordinals", {}).get("dotted_small", False)
        self.solar: bool = "solar_months" in table
        self.year_offset: int = table.get("dates", {}).get("year_offset", 0)
        self.patterns: tuple[str, ...] = tuple(
            pattern
            for one in (table, *mixed, universal)
            for pattern in one.get("dates", {}).get("patterns", ())
        )
        self.also_words = frozenset(
            form for one in table.get("letters", {}).get("also_words", ()) for form in written_forms(one)
        )
        self.function_words = frozenset(
            form for one in table.get("function_words", {}).get("words", ()) for form in forms(one)
        )
        self.function_lengths = sorted({len(word) for word in self.function_words}, reverse=True)
        self.only_between = frozenset(map(fold_in_place, table.get("ranges", {}).get("and", ())))
        self.dashes: tuple[str, ...] = tuple(universal["ranges"]["dashes"])
        self.calendars = tuple(
            Calendar(
                tuple(map(fold_in_place, one.get("before", ()))),
                tuple(map(fold_in_place, one.get("after", ()))),
                one.get("offset"),
                one.get("starts", "01"),
                (one["years"][0], one["years"][1]) if "years" in one else None,
            )
            for one in table.get("calendars", ())
        )
        self.boilerplate = {
            key: tuple(
                fold_in_place(text)
                for one in (table, *mixed)
                for text in one.get("boilerplate", {}).get(key, ())
            )
            for key in ("headings", "related", "inline", "lines", "notices", "bylines")
        }
        self.changes_after: tuple[str, ...] = tuple(
            map(fold_in_place, table.get("ranges", {}).get("change_after", ()))
        )
        self._endings = [
            re.compile(fold_in_place(form)) for form in written_forms(table.get("endings", "")) if form
        ]
        self._particles = re.compile(table["particles"]) if "particles" in table else None
        self._glues = frozenset(table.get("glues", ""))
        self._words = self._merged(table, mixed, universal)
        self._heads = _Lengths(self._words, slice(_KEY))
        self._tails = _Lengths(self._words, slice(-_KEY, None))
        self._openings = ahocorasick.Automaton()
        for phrase, words in self._words.items():
            month = any(word.role == "month" for word in words)
            opens = any(word.role in _ROLES_THAT_OPEN for word in words)
            if month or opens:
                self._openings.add_word(phrase, (len(phrase), opens, month))
        self._openings.make_automaton()
        self.after_words, self.change_words = self._beginnings("after"), self._beginnings("change")

    def _merged(
        self, table: Mapping[str, Any], mixed: Sequence[Mapping[str, Any]], universal: Mapping[str, Any]
    ) -> dict[str, tuple[Word, ...]]:
        """Each phrase with its meanings: the language's own, the universal ones and those lent by others."""
        found: dict[str, list[Word]] = defaultdict(list)
        own = set()
        for phrase, word in meanings(table):
            own.add((phrase, word.role))
            found[phrase].append(word)
        # Pages of every language print their own dates with English months.
        lent: list[tuple[Mapping[str, Any], frozenset[str]]] = [(one, _SHARED) for one in mixed]
        if self.language != "en":
            lent.append((table_of("en"), frozenset({"month"})))
        for phrase, word in meanings(universal):
            if (phrase, word.role) not in own:
                found[phrase].append(word)
        for one, roles in lent:
            for phrase, word in meanings(one):
                if word.role in roles and (phrase, word.role) not in own and word not in found[phrase]:
                    found[phrase].append(word)
        return {phrase: tuple(words) for phrase, words in found.items() if words}

    def _beginnings(self, role: Role) -> re.Pattern[str]:
        """Matches, with nothing, where a phrase of the role may begin."""
        said = [phrase for phrase, words in self._words.items() if any(word.role == role for word in words)]
        return re.compile(f"(?={'|'.join(map(re.escape, said)) or '(?!)'})")

    @cached_property
    def letters(self) -> frozenset[str]:
        """The language's names of the Latin letters."""
        return frozenset(
            phrase for phrase, words in self._words.items() if any(word.role == "letter" for word in words)
        )

    def months(self) -> dict[str, int]:
        """Each month's names with its number."""
        return {
            phrase: int(word.value)
            for phrase, words in self._words.items()
            for word in words
            if word.role == "month"
        }

    def openings(self, folded: str) -> tuple[list[int], list[int]]:
        """Where the words of an amount begin, and where months do, in order."""
        openings, months = set(), set()
        for last, (length, opens, month) in self._openings.iter(folded):
            start = last + 1 - length
            if folded[start - 1 : start] == " " or not joined(folded, start) or self._glued(folded, start):
                if opens:
                    openings.add(start)
                if month:
                    months.add(start)
        return sorted(openings), sorted(months)

    def starting(self, folded: str, start: int) -> Near:
        """The words that start there."""
        found: list[Hit] = []
        for length in self._heads[folded[start : start + _KEY]]:
            if words := self._words.get(folded[start : start + length]):
                found += self._standing(folded, start, start + length, words)
        if len(found) > 1:
            found.sort(key=lambda hit: (-hit.end, -hit.stem_end))
        return _near(found) if found else _NOTHING

    def ending(self, folded: str, end: int) -> Near:
        """The words that end there."""
        found: list[Hit] = []
        for stem_end in self._stem_ends(folded, end) if end > 0 else ():
            for length in self._tails[folded[max(stem_end - _KEY, 0) : stem_end]]:
                start = stem_end - length
                if start >= 0 and (words := self._words.get(folded[start:stem_end])):
                    found += [hit for hit in self._standing(folded, start, stem_end, words) if hit.end == end]
        if len(found) > 1:
            found.sort(key=lambda hit: (hit.start, hit.stem_end))
        return _near(found) if found else _NOTHING

    def _stem_ends(self, folded: str, end: int) -> Sequence[int]:
        """Where the stems of words that end there may end."""
        if not self._endings or folded[end - 1 : end] == " " or joined(folded, end):
            return (end,)
        last = max(end - _LONGEST_ENDING, 0)
        return range(end, max(folded.rfind(" ", last, end), last), -1)

    def _glued(self, folded: str, start: int) -> bool:
        """Whether a word may begin right after the letter or digit that stands before."""
        return folded[start - 1].isdigit() or folded[start - 1] in self._glues

    def _standing(self, folded: str, start: int, stem_end: int, words: tuple[Word, ...]) -> Iterable[Hit]:
        """The meanings of the phrase that stands there, where its word begins and ends as a word of it may."""
        if stem_end > len(folded):
            return ()
        if folded[start - 1 : start] != " " and joined(folded, start) and not self._glued(folded, start):
            if not self._particles:
                return ()
            words = tuple(word for word in words if word.role in ("after", "to"))
        end, after = stem_end, folded[stem_end : stem_end + 1]
        if after == " " or not joined(folded, stem_end):
            if len(words) == 1:
                return (Hit(start, end, words[0], stem_end),)
            return [Hit(start, end, word, stem_end) for word in words]
        roles: Container[str]
        if after.isdigit():
            roles = ("currency",)  # Rp14.500, RM1,500
        elif after in self._glues:
            roles = ("scale", "hundred", "number", "shy")  # 5백억, 1조2천억
        elif self._particles and self._apart(self._particles, folded, stem_end):
            roles = _ROLES_WITH_PARTICLES
        elif (ended := self.ended(folded, stem_end)) is not None:
            end, roles = ended, ROLES_THAT_INFLECT
        else:
            return ()
        return [Hit(start, end, word, stem_end) for word in words if word.role in roles]

    def _apart(self, particles: re.Pattern[str], folded: str, end: int) -> bool:
        """Whether a word may end there although letters follow: particles, or a word that runs on from it."""
        found = particles.match(folded, end)
        return found is not None and found.end() > end and not joined(folded, found.end())

    def ended(self, folded: str, end: int) -> int | None:
        """Where the word ends whose stem ends at `end`, when what follows is one of the language's endings."""
        if self._particles and self._apart(self._particles, folded, end):
            return end
        for endings in self._endings:
            found = endings.match(folded, end)
            if found is not None and found.end() > end and not joined(folded, found.end()):
                return found.end()
        return None


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a BCP 47 language; regions and scripts fall back on their language, others on `und`."""
    base = language.split("-")[0].lower()
    return Lexicon(base if (LANGUAGES / f"{base}.toml").is_file() else "und")


def _near(found: Iterable[Hit]) -> Near:
    near = Near()
    for hit in found:
        near.setdefault(hit.word.role, hit)
    return near


class _Lengths(dict[str, tuple[int, ...]]):
    """How long the phrases are that may stand where a few letters do: that begin, or end, with them.

    Most places hold no phrase, and one look tells.
    """

    _MOST = 1 << 16

    def __init__(self, phrases: Iterable[str], letters: slice) -> None:
        super().__init__()
        self._shortened = slice(-1) if letters.start is None else slice(1, None)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for phrase in phrases:
            self._lengths[phrase[letters]].add(len(phrase))

    def __missing__(self, key: str) -> tuple[int, ...]:
        lengths: set[int] = set()
        part = key
        while part:  # also the phrases of fewer letters
            lengths |= self._lengths.get(part, set())
            part = part[self._shortened]
        if len(self) >= self._MOST:
            self.clear()
        self[key] = found = tuple(sorted(lengths, reverse=True))
        return found
