"""How much it says that two texts share a feature: in bits, from what it is and how many sources have it.

Pure Python. A round or small figure says little, 944 million much; what half of a collection prints, nothing.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from claims.lineage.features import Features
from claims.lineage.signs import Key

# How many sources the prior is worth: a small collection about one subject does not make its figures common.
PRIOR_SOURCES: Final = 500
RARE: Final = 4.0  # bits from which a figure is called rare
_FEWEST_ZEROS: Final = 5  # from which a figure is shown with its power of ten
_MOST: Final = 12.0
_YEAR, _NAME, _WORD, _DATE = 0.8, 2.0, 2.0, 3.0


def prior(key: Key) -> float:
    """The bits of a feature before any source was counted."""
    kind, text = key
    if kind == "figure":
        return sum(_figure(one) for one in text.split("..")) if ".." in text else _figure(text)
    if kind == "date":
        return _DATE if re.fullmatch(r"\d\d-\d\d", text) else _YEAR
    return {"year": _YEAR, "name": _NAME, "word": _WORD}[kind]


def _figure(text: str) -> float:
    """Two bits and a half for each telling digit; less where few figures are possible or powers of two are usual."""
    number, _, unit = text.partition(" ")
    digits = number.lstrip("-").replace(".", "").strip("0")
    if not digits:
        return 0.5
    size = abs(float(number))
    bits = 2.5 * len(digits) - (1.0 if digits in ("1", "2", "5", "25") else 0.0)
    if not unit and size.is_integer() and size >= 32 and math.log2(size).is_integer():
        bits -= 3.5
    if size <= 12 and not unit:
        bits = min(bits, 1.0)
    elif size < 100 and size.is_integer():
        bits = min(bits, 2.5 if unit else 2.0)
    return min(max(bits, 0.5), _MOST)


def shown(key: Key) -> str:
    """A feature as an editor reads it: large round figures with their power of ten."""
    kind, text = key
    if kind != "figure":
        return text
    number, _, unit = text.partition(" ")
    return " ".join(filter(None, ("..".join(map(_short, number.split(".."))), unit)))


def _short(number: str) -> str:
    zeros = len(number) - len(number.rstrip("0"))
    if "." in number or zeros < _FEWEST_ZEROS:
        return number
    digits = number.rstrip("0")
    power = 3 * ((len(number.lstrip("-")) - 1) // 3)
    return f"{Decimal(digits).scaleb(zeros - power):f}e{power}"


class Rarity:
    """Counts in how many sources each feature stands. Memory grows with the features, not with pairs."""

    def __init__(self, sources: Iterable[Features] = ()) -> None:
        self._found: Counter[Key] = Counter()
        self.sources = 0
        for one in sources:
            self.add(one)

    def add(self, source: Features) -> None:
        self._found.update(source.found)
        self.sources += 1

    def remove(self, source: Features) -> None:
        self._found.subtract(source.found)
        self.sources -= 1

    def found(self, key: Key) -> int:
        """In how many sources the feature stands."""
        return self._found[key]

    def bits(self, key: Key) -> float:
        """What sharing the feature says: its prior, the more corrected by the counts the more sources there are."""
        before = PRIOR_SOURCES * 2.0 ** -prior(key)
        return math.log2((self.sources + PRIOR_SOURCES) / (self._found[key] + before))
