"""What a language's words mean to a figure: read from `languages/*.toml`, found in a text in one pass.

The tables are described in docs/adding-a-language.md.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import ahocorasick

from kb.lib.scripts import fold_in_place, joined, written_forms

LANGUAGES: Final = Path(__file__).parent / "languages"
SOLAR: Final = 12  # added to the number of a month of the Iranian calendar, so that 13 is Farvardin

Role = Literal[
    "number", "shy", "one", "vague", "tens", "hundred", "point", "scale",  # words that make up an amount
    "plus", "fixed", "of", "half",  # সাড়ে তিন, দেড়, half a million, triệu rưỡi
    "currency", "unit", "unit-before", "noun", "classifier",
    "before", "after", "filler", "to", "between", "change", "per",
    "joiner", "in-year", "year-word", "year-about", "maybe-year", "decade", "in-decade", "month",
    "label", "label-after", "clock", "ordinal", "dotted", "letter",
]  # fmt: skip
ROLES_THAT_INFLECT: Final = frozenset(
    {"number", "shy", "hundred", "scale", "currency", "unit", "noun", "year-word"}
)


# Another language's small words are not this one's: only what figures are printed with carries over.
_SHARED: Final = frozenset({"scale", "currency", "unit", "month", "noun", "letter"})

# Where in a table the words of a role stand: phrase → value, value → phrases, or a list of phrases.
_VALUED: Final[Mapping[str, Role]] = {
    "number_words": "number",
    "shy_words": "shy",
    "tens_after": "tens",
    "hundreds": "hundred",
    "scales": "scale",
    "currencies": "currency",
    "units": "unit",
    "units_before": "unit-before",
    "fractions.plus": "plus",
    "fractions.fixed": "fixed",
    "fractions.of": "of",
    "fractions.after": "half",
}
_GROUPED: Final[Mapping[str, Role]] = {
    "months": "month",
    "per": "per",
    "comparators.before": "before",
    "comparators.after": "after",
}
_LISTED: Final[Mapping[str, Role]] = {
    "one.words": "one",
    "one.vague": "vague",
    "vague.words": "vague",
    "numbers.joiners": "joiner",
    "numbers.points": "point",
    "counted.nouns": "noun",
    "counted.classifiers": "classifier",
    "ranges.to": "to",
    "ranges.and": "to",
    "ranges.between": "between",
    "ranges.change": "change",
    "years.before": "in-year",
    "years.after": "year-word",
    "years.approx": "year-about",
    "years.weak": "maybe-year",
    "years.decades": "decade",
    "years.decades_before": "in-decade",
    "labels.before": "label",
    "labels.after": "label-after",
    "clock.words": "clock",
    "ordinals.after": "ordinal",
    "ordinals.dotted_after": "dotted",
    "letters.words": "letter",
}


@dataclass(frozen=True, slots=True)
class Word:
    """One meaning of a word or phrase; `value` is a number, a code or a comparator, as the role has it."""

    role: Role
    value: str


class Hit(NamedTuple):
    """A word of the lexicon found in a text, its ending included; `stem_end` is where the ending begins."""

    start: int
    end: int
    word: Word
    stem_end: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year count that is not the Gregorian one; a year of it may begin in another month than January."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    offset: int | None  # None where the years have no fixed place in the Gregorian ones
    starts: str  # the Gregorian month, "01" to "12"
    years: tuple[int, int] | None = None  # first and last that are of this calendar without its words


class UnknownLanguage(LookupError):
    """There is no table for this language."""


class Hits:
    """The words found, by where they start and where they end; the longest first at each place."""

    __slots__ = ("ending", "scales", "starting")

    def __init__(self, hits: Iterable[Hit]) -> None:
        self.starting: dict[int, list[Hit]] = defaultdict(list)
        self.ending: dict[int, list[Hit]] = defaultdict(list)
        self.scales: list[Hit] = []
        starting, ending = self.starting, self.ending
        for hit in hits:
            start, end, word, _stem_end = hit
            starting[start].append(hit)
            ending[end].append(hit)
            if word.role == "scale":
                self.scales.append(hit)
        for found in self.starting.values():
            if len(found) > 1:
                found.sort(key=lambda hit: (-hit.end, -hit.stem_end))
        for found in self.ending.values():
            if len(found) > 1:
                found.sort(key=lambda hit: hit.start)

    def at(self, start: int, *roles: Role) -> Hit | None:
        """The longest word with one of the roles that starts there."""
        for hit in self.starting.get(start, ()):
            if hit.word.role in roles:
                return hit
        return None

    def upto(self, end: int, *roles: Role) -> Hit | None:
        """The longest word with one of the roles that ends there."""
        for hit in self.ending.get(end, ()):
            if hit.word.role in roles:
                return hit
        return None


class Lexicon:
    """The words of a language together with what every language shares and what it mixes in."""

    def __init__(self, language: str) -> None:
        table = _table(language)
        mixed = [_table(other) for other in table.get("mixes", ())]
        universal = _table("universal")
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
            form for one in table.get("function_words", {}).get("words", ()) for form in _forms(one)
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
        self._endings = [re.compile(fold_in_place(form)) for form in written_forms(table.get("endings", ""))]
        self._particles = re.compile(table["particles"]) if "particles" in table else None
        self._glues = frozenset(table.get("glues", ""))
        self._words: dict[str, list[Word]] = defaultdict(list)
        own = set()
        for phrase, word in _words(table):
            own.add((phrase, word.role))
            self._words[phrase].append(word)
        # Pages of every language print their own dates with English months.
        lent: list[tuple[Mapping[str, Any], frozenset[str]]] = [(one, _SHARED) for one in mixed]
        if language != "en":
            lent.append((_table("en"), frozenset({"month"})))
        for phrase, word in _words(universal):
            if (phrase, word.role) not in own:
                self._words[phrase].append(word)
        for one, roles in lent:
            for phrase, word in _words(one):
                if word.role in roles and (phrase, word.role) not in own and word not in self._words[phrase]:
                    self._words[phrase].append(word)
        self._automaton = ahocorasick.Automaton()
        for phrase, words in self._words.items():
            if words:
                self._automaton.add_word(phrase, (len(phrase), tuple(words)))
        self._automaton.make_automaton()

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

    def find(self, folded: str) -> Hits:
        """Every word of the lexicon in a text folded in place, at word boundaries, with its ending."""
        return Hits(self._find(folded))

    def _find(self, folded: str) -> Iterator[Hit]:
        length_of_text = len(folded)
        for last, (length, words) in self._automaton.iter(folded):
            end = last + 1
            start = end - length
            # Spaces first: they bound most words, and asking them is cheap.
            before = folded[start - 1] if start else " "
            if before != " " and joined(folded, start) and not before.isdigit() and before not in self._glues:
                if not self._particles:
                    continue
                words = tuple(word for word in words if word.role in ("after", "to"))
            if end == length_of_text or folded[end] == " " or not joined(folded, end):
                for word in words:
                    yield Hit(start, end, word, end)
            elif folded[end].isdigit():
                for word in words:
                    if word.role == "currency":
                        yield Hit(start, end, word, end)  # Rp14.500, RM1,500
            elif folded[end] in self._glues:
                for word in words:
                    if word.role in ("scale", "hundred", "number", "shy"):
                        yield Hit(start, end, word, end)  # 5백억, 1조2천억
            elif self._particles and self._apart(self._particles, folded, end):
                for word in words:
                    if word.role in ROLES_THAT_INFLECT or word.role in ("after", "to", "ordinal", "decade"):
                        yield Hit(start, end, word, end)
            elif (ended := self.ended(folded, end)) is not None:
                for word in words:
                    if word.role in ROLES_THAT_INFLECT:
                        yield Hit(start, ended, word, end)

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


def languages() -> list[str]:
    """The codes of the languages that have a table."""
    return sorted(path.stem for path in LANGUAGES.glob("*.toml") if path.stem not in ("universal", "und"))


@cache
def _table(language: str) -> Mapping[str, Any]:
    path = LANGUAGES / f"{language}.toml"
    if not path.is_file():
        raise UnknownLanguage(f"there is no {path.name}; docs/adding-a-language.md says how to add one")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _words(table: Mapping[str, Any]) -> Iterator[tuple[str, Word]]:
    """Each phrase of a table, folded, with its meaning."""
    for phrase, role, value in _entries(table):
        for form in _forms(phrase):
            yield form, Word(role, value)


def _forms(phrase: str) -> set[str]:
    """The phrase as it may stand in a folded text."""
    return {fold_in_place(form) for form in written_forms(phrase)}


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Role, str]]:
    for path, role in _VALUED.items():
        for phrase, value in _section(table, path).items():
            yield phrase, role, str(int(Decimal(value))) if role == "scale" else str(value)
    for path, role in _GROUPED.items():
        for value, phrases in _section(table, path).items():
            for phrase in phrases:
                yield phrase, "filler" if value == "fillers" else role, value
    for number, phrases in _section(table, "solar_months").items():
        for phrase in phrases:
            yield phrase, "month", str(int(number) + SOLAR)
    for path, role in _LISTED.items():
        section, key = path.split(".")
        for phrase in _section(table, section).get(key, ()):
            yield phrase, role, ""


def _section(table: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    for key in path.split("."):
        table = table.get(key, {})
    return table
