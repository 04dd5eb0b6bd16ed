"""How wide a text is drawn, guessed well enough that labels in a drawing never meet, and texts made to fit."""

from typing import Final
from unicodedata import category

LONGEST: Final = 1000  # characters of a text that are looked at when it is broken into lines


def text_width(text: str, size: float = 13.0) -> float:
    """About how wide a text is drawn, rather too wide than too narrow, in every script."""
    return sum(_character_width(character) for character in text) * size


def _character_width(character: str) -> float:
    kind = category(character)
    if kind in {"Mn", "Cf"}:
        return 0.0
    if kind == "Mc":
        return 0.35
    if character.isascii():
        return (
            0.34 if character in " .,:;'|ilIjt()" else 0.74 if character in "MWmw@%" or kind == "Lu" else 0.6
        )
    return 1.05 if "\u2e80" <= character <= "\uffef" else 0.78


def clipped(text: str, room: float, size: float = 13.0) -> str:
    """The text, or as many of its words as have room, with an ellipsis. Looks at no more of it than has room."""
    return text if _fits(text, room, size) == len(text) else _cut(text, room, size)


def wrapped(text: str, room: float, size: float = 13.0, *, most: int = 3) -> list[str]:
    """The text in at most `most` lines that have room; what is left over is cut with an ellipsis."""
    lines: list[str] = []
    rest = " ".join(text[:LONGEST].split())
    while rest and len(lines) < most:
        fit = _fits(rest, room, size)
        if fit == len(rest):
            return [*lines, rest]
        if len(lines) == most - 1:
            return [*lines, _cut(rest, room, size)]
        end = rest.rfind(" ", 0, fit + 1)
        end = end if end > 0 else max(fit, 1)  # a word that is wider than the room is broken
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return lines


def _fits(text: str, room: float, size: float) -> int:
    """How many characters have room."""
    width = 0.0
    for place, character in enumerate(text):
        width += _character_width(character) * size
        if width > room:
            return place
    return len(text)


def _cut(text: str, room: float, size: float) -> str:
    fit = _fits(text, room - _character_width("…") * size, size)
    end = text.rfind(" ", 0, fit + 1)
    return text[: end if end > 0 else fit].rstrip(",;:· ") + "…"
