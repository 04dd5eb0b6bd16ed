"""How wide a text is drawn, guessed well enough that labels in a drawing never meet, and texts made to fit."""

from unicodedata import category


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
    """The text, or as many of its words as have room, with an ellipsis."""
    if text_width(text, size) <= room:
        return text
    words = text.split(" ")
    while len(words) > 1 and text_width(" ".join(words) + "…", size) > room:
        words.pop()
    short = " ".join(words).rstrip(",;:· ")
    while short and text_width(short + "…", size) > room:
        short = short[:-1]
    return short + "…"


def wrapped(text: str, room: float, size: float = 13.0, *, most: int = 3) -> list[str]:
    """The text in at most `most` lines that have room; what is left over is cut with an ellipsis."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(clipped(" ".join(words), room, size))
            break
        count = 1
        while count < len(words) and text_width(" ".join(words[: count + 1]), size) <= room:
            count += 1
        lines.append(clipped(" ".join(words[:count]), room, size))
        words = words[count:]
    return lines
