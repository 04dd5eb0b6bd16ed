"""The words by which texts tie a figure to another one, or to who says it: languages/*.toml. Pure Python.

| role | of a language's table | stands |
|---|---|---|
| part | `[relation]` | between a whole and its part: 50,000, of which 10,000 |
| whole | `[relation]` | between a part and its whole, right before that: 10,000 of the 50,000 |
| beside, and | `[relation]` | between two figures that stand beside each other: 50,000 plus 10,000 |
| opens, closes | `[relation]` | before the first of two such figures, behind the second: besides 50,000, 10,000 |
| before, after, either | `[attribution]` | before or after who says it: according to X, X said; on either side |
| | `[neither]` | words that hold one of these and mean something else |
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast, get_args

from kb.lib.scripts import fold_in_place, joined, written_forms

Role = Literal["part", "whole", "beside", "and", "opens", "closes", "before", "after", "either"]
SAYING: Final = frozenset[Role]({"before", "after", "either"})
LANGUAGES: Final = Path(__file__).with_name("languages")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase found in a text; one may have several roles."""

    roles: frozenset[Role]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language, and whether a capital says that a word is a name."""

    roles: Mapping[str, frozenset[Role]]
    capitals_tell: bool
    _pattern: re.Pattern[str]

    def within(self, text: str, start: int, end: int) -> Iterator[Phrase]:
        """Those in text[start:end], the longest at each place. `text` is folded in place."""
        at = start
        while (found := self._pattern.search(text, at, end)) is not None:
            if joined(text, found.start()) or joined(text, found.end()):
                at = found.start() + 1
                continue
            if roles := self.roles[found.group()]:
                yield Phrase(roles, found.start(), found.end())
            at = found.end()


@cache
def phrases(language: str) -> Phrases | None:
    """The phrases of a BCP 47 language; None for one without a file."""
    base = language.partition("-")[0].lower()
    path = LANGUAGES / f"{base}.toml"
    if not base.isalpha() or not path.is_file():
        return None
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    roles: dict[str, set[Role]] = defaultdict(set)
    for words in table["neither"]["words"]:
        _enter(roles, words, None)
    for name in get_args(Role):
        kind = "attribution" if name in SAYING else "relation"
        for words in table[kind][name]:
            _enter(roles, words, cast(Role, name))
    longest = sorted(roles, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)))
    found = {words: frozenset(some) for words, some in roles.items()}
    return Phrases(found, table.get("capitals_tell", True), pattern)


def _enter(roles: dict[str, set[Role]], words: str, role: Role | None) -> None:
    for form in written_forms(words):
        roles[fold_in_place(form)] |= {role} if role else set()
