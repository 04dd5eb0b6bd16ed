"""Where the words of a query stand in a text, whatever its case and accents. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence

from kb.lib.text import fold

SNIPPET = 160  # characters of a longer text around its first match
SHORTEST_INSIDE = 3  # characters of a word that is looked for inside words too


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """The text in pieces; True for those that begin a word of it as a word of the query does.

    A query's word that begins none is looked for inside words: ball in football.
    """
    folded, places = _folded(text)
    spans: list[tuple[int, int]] = []
    for word in _words(query):
        starts = [at for at in _all(folded, word) if not at or not _in_word(folded[at - 1])]
        if not starts and len(word) >= SHORTEST_INSIDE:
            starts = list(_all(folded, word))
        spans += [(places[at][0], places[at + len(word) - 1][1]) for at in starts]
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end in sorted(spans):
        if start < done:
            continue
        pieces += [(text[done:start], False)] if start > done else []
        pieces.append((text[start:end], True))
        done = end
    return pieces + ([(text[done:], False)] if done < len(text) else [])


def holds(text: str, query: str) -> bool:
    """Whether anything in the text would be marked."""
    return any(hit for _piece, hit in marked(text, query))


def snippet(text: str, query: str) -> str:
    """The part of a long text around its first match, at word boundaries, with ellipses."""
    before = next(iter(marked(text, query)), ("", True))
    at = 0 if before[1] else len(before[0])
    start = text.rfind(" ", 0, max(0, at - SNIPPET // 3)) + 1 if at > SNIPPET // 3 else 0
    end = len(text) if len(text) - start <= SNIPPET else text.rfind(" ", start, start + SNIPPET)
    end = end if end > at else min(len(text), at + SNIPPET)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _words(query: str) -> Sequence[str]:
    apart = "".join(character if _in_word(character) else " " for character in fold(query))
    return sorted(dict.fromkeys(apart.split()), key=len, reverse=True)


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _all(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded text and, for each of its characters, where what it came from starts and ends."""
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.category(text[end])[0] == "M":
            end += 1
        piece = fold(text[start:end]) or (" " if text[start:end].isspace() else "")
        folded.append(piece)
        places += [(start, end)] * len(piece)
        start = end
    return "".join(folded), places
