"""Numbers in digits, and which sign parts their thousands.

`50.000` is fifty thousand in Vietnamese and may be fifty in English. A language has a convention; what else the
document prints ("1,6 tỷ" can only be a decimal comma) confirms or overrules it; what stays open is not guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from kb.lib.quantities import MOST_DIGITS

Doubt = Literal["", "decimal", "separator"]

NUMERAL: Final = re.compile(r"[0-9]+(?:[.,'’٬٫·・،][0-9]+)*")  # of folded text
_ALWAYS_DECIMAL: Final = "٫"
_ALWAYS_GROUP: Final = "'’٬ "  # spaces are joined only where they part thousands
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:\D\d{3})+")
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
VULGAR: Final = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}


@dataclass(frozen=True, slots=True)
class Convention:
    """Which signs are decimal and which group, in one document."""

    decimal: frozenset[str]
    group: frozenset[str]
    disputed: frozenset[str] = frozenset()


def convention(literals: Iterable[str], decimal: Iterable[str], group: Iterable[str]) -> Convention:
    """The document's convention: the language's, overruled or disputed by what can be read in one way only."""
    decimals, groups = set(decimal) | set(_ALWAYS_DECIMAL), set(group) | set(_ALWAYS_GROUP)
    as_decimal, as_group, either = _evidence(literals)
    disputed = set()
    for sign in ".,":
        says_decimal, says_group = as_decimal[sign], as_group[sign]
        if sign in groups and says_decimal and either[sign] + says_group < 3 * says_decimal:
            disputed.add(sign)
        elif sign in decimals and says_group:
            if says_decimal:
                disputed.add(sign)
            else:
                decimals.discard(sign)
                groups.add(sign)
        elif sign not in decimals | groups and says_decimal != says_group:
            (decimals if says_decimal > says_group else groups).add(sign)
    for sign, other in (".,", ",."):
        # Who prints 1.6 for a decimal does not print 2,048 for two.
        if sign in disputed and other in decimals and not as_decimal[other]:
            decimals.discard(other)
            groups.add(other)
    return Convention(frozenset(decimals), frozenset(groups - disputed), frozenset(disputed))


def _evidence(literals: Iterable[str]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each sign can only be decimal, can only be grouping, and could be either."""
    decimal, group, either = Counter[str](), Counter[str](), Counter[str]()
    for literal in literals:
        if literal.isdigit() or len(literal) > MOST_DIGITS:
            continue
        signs = [c for c in literal if not c.isdigit()]
        if len(signs) > 1 and len(set(signs)) == 1:
            if _grouped(literal):
                group[signs[0]] += 1
        elif len(set(signs)) == 2 and _grouped(literal[: literal.rindex(signs[-1])]):
            group[signs[0]] += 1
            decimal[signs[-1]] += 1
        elif len(signs) == 1:
            before, after = literal.split(signs[0])
            if len(after) <= 2 or before == "0":
                decimal[signs[0]] += 1
            elif len(after) == 3 and len(before) <= 3:
                either[signs[0]] += 1
    return decimal, group, either


def _grouped(literal: str) -> bool:
    return bool(_THOUSANDS.fullmatch(literal) or _INDIAN.fullmatch(literal))


class Numerals(dict[str, tuple[Decimal | None, Doubt]]):
    """What the numerals of one document say, each read once; digits are folded to 0–9.

    The value is None for what is no number, like 1.2.3. The doubt: "decimal", fit for a decimal but oddly like
    thousands; "separator", not to be read at all.
    """

    def __init__(self, using: Convention) -> None:
        super().__init__()
        self._using = using

    def __missing__(self, literal: str) -> tuple[Decimal | None, Doubt]:
        self[literal] = read = _value(literal, self._using)
        return read


def _value(literal: str, using: Convention) -> tuple[Decimal | None, Doubt]:
    if literal.isdigit():
        readable = len(literal) <= MOST_DIGITS and (literal == "0" or not literal.startswith("0"))
        return (Decimal(literal) if readable else None), ""
    if ", " in literal and not literal.endswith("000"):
        return None, "separator"  # a space was torn into it: 1, 3 triệu
    literal = literal.replace(", ", ",").replace(". ", ".")
    signs = [c for c in literal if not c.isdigit()]
    if len(literal) - len(signs) > MOST_DIGITS:
        return None, ""
    digits = "".join(c for c in literal if c.isdigit())
    if len(set(signs)) == 1:
        sign = signs[0]
        if len(signs) == 1:
            return _one_sign(literal.partition(sign), using)
        if _grouped(literal) and (sign != "." or "." in using.group):
            return Decimal(digits), ""
        return (None, "") if sign in ".·" else (None, "separator")
    whole, fraction = literal[: literal.rindex(signs[-1])], literal[literal.rindex(signs[-1]) + 1 :]
    if signs.count(signs[-1]) == 1 and _grouped(whole) and len(set(signs)) == 2:
        return Decimal("".join(c for c in whole if c.isdigit()) + "." + fraction), ""
    return None, "separator"


def _one_sign(parts: tuple[str, str, str], using: Convention) -> tuple[Decimal | None, Doubt]:
    before, sign, after = parts
    decimal = Decimal(f"{before}.{after}")
    if before.startswith("0") and before != "0":
        return None, ""
    if len(after) == 3 and len(before) <= 3 and before != "0":
        if sign in using.group and sign not in using.decimal:
            return Decimal(before + after), ""
        if sign in using.decimal and sign not in using.disputed:
            return decimal, "decimal"
        return None, "separator"
    if sign in _ALWAYS_GROUP:
        return None, ""
    if sign in using.decimal or sign in using.disputed or sign == "·":
        return decimal, ""
    return decimal, "decimal"
