"""What a copy drags along: the addresses its pictures are credited to, marks of a template. Pure Python."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from claims.extraction.results import Part

ALIKE: Final = 60  # percent: one address garbled or replaced by its like, if both credit several pictures
SEVERAL: Final = 3
_FEWEST_IN_TITLE: Final = 4  # words
_LONGEST_CREDIT: Final = 80  # characters of a line that credits a picture
_DOMAIN: Final = re.compile(
    r"(?<![\w@./-])(?:www\.)?((?:[a-z0-9-]{2,63}\.)+[a-z]{2,10})(?![\w@-])", re.IGNORECASE | re.ASCII
)
_PLACEHOLDER: Final = re.compile(
    r"%[A-Z][A-Z0-9_]{2,30}%|\{\{ ?[\w.]{2,40} ?\}\}|\[\[[A-Z_]{3,30}\]\]|\$\{\w{2,40}\}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Residue:
    """`credits`: each address in the article and how often it stands there; `placeholders` from anywhere."""

    credits: Mapping[str, int]
    placeholders: frozenset[str]


@dataclass(frozen=True, slots=True)
class SharedResidue:
    """One trace that two texts share, as each prints it."""

    a: str
    b: str
    times: int  # the fewer of both


def residue(text: str, parts: Sequence[Part]) -> Residue:
    """The residue of a text. An address only outside the article is mostly the site's own, and left out."""
    addresses: Counter[str] = Counter()
    for part in parts:
        if part.region in ("title", "body"):
            for line in text[part.start : part.end].split("\n"):
                if len(line) <= _LONGEST_CREDIT:
                    found = (one[1].lower() for one in _DOMAIN.finditer(line))
                    addresses.update(address for address in found if _is_site(address))
    return Residue(dict(addresses), frozenset(_PLACEHOLDER.findall(text)))


def title_in(address: str) -> str:
    """The title that an address ends in, "" if it does not: /news/the-tower-that-leans.html. Copies often keep it."""
    last = address.partition("?")[0].partition("#")[0].rstrip("/").rsplit("/", 1)[-1]
    title = re.sub(r"\.[a-z]{3,5}$", "", last.lower())
    return title if len(re.findall(r"[^\W\d_]{2,}", title)) >= _FEWEST_IN_TITLE else ""


def shared_residue(a: Residue, b: Residue) -> list[SharedResidue]:
    """The traces that both have: one address, or two that are alike where each credits several pictures."""
    found = [SharedResidue(one, one, 1) for one in sorted(a.placeholders & b.placeholders)]
    for one, times in a.credits.items():
        if one in b.credits:
            found.append(SharedResidue(one, one, min(times, b.credits[one])))
            continue
        for other, often in b.credits.items():
            if other not in a.credits and min(times, often) >= SEVERAL and _alike(one, other):
                found.append(SharedResidue(one, other, min(times, often)))
    return found


def _alike(a: str, b: str) -> bool:
    name, ending = a.rsplit(".", 1)
    other, other_ending = b.rsplit(".", 1)
    return ending == other_ending and abs(len(name) - len(other)) <= 2 and fuzz.ratio(name, other) >= ALIKE


def _is_site(address: str) -> bool:
    return address not in _words("common") and address.rsplit(".", 1)[1] not in _words("files")


@cache
def _words(row: str) -> frozenset[str]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return frozenset(table[row].split())
