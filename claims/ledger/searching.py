"""From a body to the words it is found by, purely: printing writes what these functions say, verify recomputes it.

A body holds refs of other things, never their names, and so do its words: `_` and the ref, its own too. A query for a
name finds the thing that has it and, through its ref, what refers to it, under the name it has in the edition read.
Words of names stand a second time with `=` before them, and whole names with `==`, however they are spaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from claims.ledger.indexing import references
from kb.lib.text import fold

Body = dict[str, Any]

LONGEST_WORD: Final = 40
MOST_WORDS: Final = 20_000  # a tsvector holds one megabyte
# Signs before words; a reader's query has none, since they are no letters.
REFERRED: Final = "_"
NAMED: Final = "="
WHOLE: Final = "=="
_CONNECTED: Final = {"subject", "property", "value", "asserted-by", "publisher", "scope", "about", "by"}
_CAMEL: Final = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_FIGURES: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class _Separators(dict[int, str]):
    """For str.translate: anything but letters, numbers and marks becomes a space."""

    def __missing__(self, code: int) -> str:
        kept = chr(code) if unicodedata.category(chr(code))[0] in "LNM" else " "
        self[code] = kept
        return kept


_SEPARATORS: Final = _Separators()


def words(text: str) -> list[str]:
    """The folded words of a text in its order: runs of letters, numbers and marks of any script."""
    return [word[:LONGEST_WORD] for word in fold(text).translate(_SEPARATORS).split()]


def run_together(text: str) -> str:
    """The folded letters, numbers and marks of a name without what separates them: newspaper of "News-Paper"."""
    return "".join(fold(text).translate(_SEPARATORS).split())[: 2 * LONGEST_WORD]


def search_row(kind: str, body: Body) -> dict[str, Any]:
    """The SearchRow columns of a published body."""
    names = [name for name in dict.fromkeys(_names(kind, body)) if run_together(name)]
    spelled = [word for name in names for word in _spellings(name)]
    found = dict.fromkeys(
        [
            *(WHOLE + run_together(name) for name in names),
            *(NAMED + word for word in spelled),
            *spelled,
            *words(body.get("slug", "")),
            REFERRED + body["ref"],
            *(REFERRED + one.target_ref for one in references(kind, body) if one.role in _CONNECTED),
            *(word for text in _texts(kind, body) for word in (*words(text), *_parts(text))),
        ]
    )
    return {
        "subkind": body["kind"] if kind == "entity" else "",
        "listed": body.get("rank") != "deprecated",
        "words": " ".join(list(found)[:MOST_WORDS]),
    }


def _spellings(name: str) -> Iterator[str]:
    """The words of a name, the parts of them, and neighbors run together: "news paper" is found by newspaper."""
    whole = words(name)
    yield from whole
    yield from _parts(name)
    yield run_together(name)[:LONGEST_WORD]
    yield from ((first + second)[:LONGEST_WORD] for first, second in pairwise(whole))


def _parts(text: str) -> Iterator[str]:
    """news, paper of NewsPaper; b, 12 of B12."""
    for word in text.split():
        apart = _FIGURES.sub(" ", _CAMEL.sub(" ", word))
        if apart != word:
            yield from words(apart)
            yield from words(_CAMEL.sub(" ", word))


def _names(kind: str, body: Body) -> Iterable[str]:
    """What the thing itself is called, in every language."""
    match kind:
        case "entity":
            return (one["text"] for one in body["names"])
        case "property" | "scope-dimension":
            return list(body["labels"].values())
        case "publisher":
            return (body["name"],)
        case "source":
            return (body["title"],)
        case "dispute":
            return list(body["question"].values())
        case "timeline":
            return list(body["title"].values())
    return ()


def _texts(kind: str, body: Body) -> Iterator[str]:
    """What else is said of it in public."""
    match kind:
        case "entity" | "property" | "timeline":
            yield from body["description"].values()
        case "source":
            yield from body["authors"]
            yield from body["note"].values()
        case "dispute":
            yield from body["answer"].values()
            yield from body["reason"].values()
        case "claim":
            yield from _claim_texts(body)
    if kind == "scope-dimension":
        for term in body["terms"]:
            yield from term["labels"].values()


def _claim_texts(body: Body) -> Iterator[str]:
    value = body["value"]
    yield from (value["text"] or {}).values()
    yield from (value[key] for key in ("amount", "upper_amount", "unit") if value[key])
    for when in (value["time"], body["point_in_time"], body["valid_from"], body["valid_to"]):
        if when:
            yield when["edtf"]
    for one in body["scope"]:
        yield one["term"]
    yield from body["note"].values()
    for evidence in body["evidence"]:
        yield evidence["original_value"]
        if evidence["quote"]:
            yield evidence["quote"]["exact"]
        yield from evidence["translation"].values()
