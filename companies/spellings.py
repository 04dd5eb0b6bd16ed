"""From the spellings that editors entered to every way in which a name may stand in a text. Pure Python.

What languages do to a name (endings, letter names, words that are names too) is data: `endings.toml`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

from kb.lib.scripts import is_gap, kind_of, script_of, squeeze


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as an editor entered it. `entity` is a slug, `role` one of `companies.models.Name.Role`."""

    text: str
    entity: str
    language: str = "und"
    role: str = "label"


class Trust(IntEnum):
    """What it takes to say that the words name the entity."""

    SURE = 0
    DOUBTFUL = 1  # the entity, or its maker, is named elsewhere in the text
    SMALL = 2  # the same, and otherwise it is no name at all: a word in small letters
    TAIL = 3  # its maker's name stands directly before


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which an entity may stand in a text. Numbers count letters of `key`."""

    key: str  # the squeezed letters
    shape: str  # the same letters as entered, with their capitals
    entity: str
    trust: Trust
    gaps: frozenset[int]  # a space or hyphen may stand before these letters,
    own_gaps: frozenset[int]  # and one was entered before these
    cased: bool  # the capitals of `shape` must be capitals
    numbered: bool
    ending: bool | None = None  # True: must take an ending, False: takes none


@cache
def rules() -> dict[str, Any]:
    """`endings.toml`."""
    return tomllib.loads((Path(__file__).with_name("endings.toml")).read_text(encoding="utf-8"))


@cache
def words(section: str, key: str) -> frozenset[str]:
    """The squeezed words of one key of a script's section, none where it has none."""
    return frozenset(squeeze(word).letters for word in rules().get(section, {}).get(key, ()))


@cache
def endings(script: str, language: str | None = None) -> frozenset[str]:
    """What may follow a name within its word, squeezed; a language adds to its script's."""
    plain = words(script, "endings")
    if language and script == "LATIN":
        own = rules()["language"].get(language, {}).get("endings", ())
        plain |= {squeeze(one).letters for one in own}
    signs = {one for one in plain if kind_of(one[0]) == "mark"}
    glided = {glide + one for glide in words(script, "glides") for one in signs}
    return frozenset(one + last for one in plain | glided for last in ("", *words(script, "then")))


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way, by its squeezed letters, and each entity's makers: whose name its own begins with."""

    by_key: dict[str, list[Way]]
    makers: dict[str, set[str]]


def ways(spellings: Iterable[Spelling]) -> Ways:
    """Work out every way once. A name of one letter, or without a letter, is left out."""
    by_key: dict[str, list[Way]] = {}
    entered = [way for spelling in spellings if (way := _entered(spelling))]
    for way in entered:
        _add(by_key, way)
    makers: dict[str, set[str]] = {}
    tails: list[Way] = []
    for way in entered:
        for cut in sorted(_breaks(way)):
            owners = {one.entity for one in by_key.get(way.key[:cut], ()) if one.trust is Trust.SURE}
            if owners - {way.entity}:
                makers.setdefault(way.entity, set()).update(owners - {way.entity})
                tails.append(_tail(way, cut))
    tails = [way for way in tails if way.numbered and any(map(str.isalpha, way.key))]
    derived = [one for way in (*entered, *tails) for one in _derived(way)]
    for way in (*tails, *derived):
        _add(by_key, way)
    return Ways(by_key, makers)


def _add(by_key: dict[str, list[Way]], way: Way) -> None:
    same = by_key.setdefault(way.key, [])
    if all(one.entity != way.entity or one.trust > way.trust or one.shape != way.shape for one in same):
        same.append(way)


def _entered(spelling: Spelling) -> Way | None:
    squeezed = squeeze(spelling.text)
    key, text = squeezed.letters, spelling.text
    if len(key) < 2 or not any(map(str.isalpha, key)):
        return None
    shape = "".join(text[squeezed.start(index)] for index in range(len(key)))
    own = frozenset(
        index
        for index in range(1, len(key))
        if any(map(is_gap, text[squeezed.stop(index - 1) : squeezed.start(index)]))
    )
    inner = frozenset(index for index in range(1, len(key)) if _seam(shape, index))
    trust = Trust.DOUBTFUL if _short(key, shape, spelling.role) else Trust.SURE
    numbered = any(map(str.isdigit, key))
    return Way(key, shape, spelling.entity, trust, own | inner, own, _cased(key, shape, own), numbered)


def _seam(shape: str, index: int) -> bool:
    """Whether a name of one word falls into two there: a letter meets a digit, a small letter a capital."""
    before, after = shape[index - 1], shape[index]
    if before.isdigit() != after.isdigit():
        return kind_of(before) in ("letter", "mark", "digit") and kind_of(after) in ("letter", "digit")
    starts_word = index + 1 < len(shape) and shape[index + 1].islower() and before.isupper()
    return after.isupper() and (before.islower() or (starts_word and index > 1))


def _breaks(way: Way) -> frozenset[int]:
    """Where a name may begin with its maker's: at a gap, or where a number begins."""
    numbers = {index for index in way.gaps if way.key[index].isdigit() and index > 2}
    return way.own_gaps | numbers


def _cased(key: str, shape: str, own_gaps: frozenset[int]) -> bool:
    """Short names, names of several words and names that are words need their capitals; others do not."""
    if not any(map(str.isupper, shape)):
        return False
    if key in words("LATIN", "common"):
        return True
    if any(map(str.isdigit, key)):
        return len(key) < 4
    return len(key) < 5 or bool(own_gaps)


def _short(key: str, shape: str, role: str) -> bool:
    """Whether the letters alone say too little. A label was chosen by an editor, so two letters are enough."""
    letters = [character for character in key if character.isalpha() and kind_of(character) != "mark"]
    digits = sum(map(str.isdigit, key))
    script = script_of(letters[0])
    if kind_of(letters[0]) == "ideograph":
        return len(letters) < 2
    if digits:
        spelt = "".join(character for character in key if not character.isdigit() and character != ".")
        if spelt in words(script, "hidden"):
            return True
        heard = 1 if spelt in _letter_names() else len(letters)
        return heard + digits < 3
    return len(letters) < (2 if role == "label" else 3 if script != "LATIN" else 4)


@cache
def _letter_names() -> frozenset[str]:
    tables = rules()["letters"].values()
    return frozenset(squeeze(name).letters for table in tables for names in table.values() for name in names)


def _tail(way: Way, cut: int) -> Way:
    key, shape = way.key[cut:], way.shape[cut:]
    return replace(
        way,
        key=key,
        shape=shape,
        trust=Trust.TAIL,
        gaps=frozenset(index - cut for index in way.gaps if index > cut),
        own_gaps=frozenset(index - cut for index in way.own_gaps if index > cut),
        cased=any(map(str.isupper, shape)) and len(key) < 4,
        numbered=any(map(str.isdigit, key)),
    )


def _derived(way: Way) -> Iterator[Way]:
    yield from _spelt_out(way)
    yield from _declined(way)


_LETTERS_THEN_DIGITS: Final = re.compile(r"([A-Z]{1,4})(\d+(?:\.\d+)?)")


def _spelt_out(way: Way) -> Iterator[Way]:
    """A short Latin name as other scripts write it: the letters by their names, then the digits."""
    found = _LETTERS_THEN_DIGITS.fullmatch(way.shape)
    if not found:
        return
    for table in rules()["letters"].values():
        for named in product(*(table.get(letter, ()) for letter in found[1])):
            parts = [squeeze(name).letters for name in named]
            spelt = "".join(parts)
            hidden = spelt in words(script_of(spelt[0]), "hidden")
            gaps = {sum(map(len, parts[:index])) for index in range(1, len(parts) + 1)}
            yield replace(
                way,
                key=spelt + found[2],
                shape=spelt + found[2],
                trust=Trust.TAIL if hidden else way.trust,
                gaps=frozenset(gaps),
                own_gaps=frozenset(gaps),
                cased=False,
            )


def _declined(way: Way) -> Iterator[Way]:
    """The name with its last letter dropped before an ending, or replaced by other cases' letters."""
    script = script_of(way.key[-1])
    section = rules().get(script, {})
    if section.get("drops") == way.key[-1] and len(way.key) > 3:
        yield _other(way, way.key[:-1], ending=True)
    for last, others in section.get("stems", ()):
        if way.key.endswith(last) and len(way.key) > len(last) + 2:
            for other in others:
                yield _other(way, way.key[: -len(last)] + other, ending=False)
            return


def _other(way: Way, key: str, *, ending: bool) -> Way:
    shape = way.shape[: len(key)] + key[len(way.shape) :]
    shape = shape if len(shape) == len(key) else key
    return replace(way, key=key, shape=shape, ending=ending)
