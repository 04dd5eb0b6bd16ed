"""The way in: a text, its language if known, the names if any → everything found in it."""

from bisect import bisect_right
from collections.abc import Sequence

from claims.extraction.grammar import figures
from claims.extraction.lexicon import lexicon
from claims.extraction.page import Page
from claims.extraction.parts import parts
from claims.extraction.results import Reading
from companies.matching import Mention
from kb.lib.scripts import fold_in_place


def read(text: str, language: str, mentions: Sequence[Mention] = ()) -> Reading:
    """All figures of `text`, in a BCP 47 language, with the mentions found before (their digits are no figures)."""
    folded = fold_in_place(text)
    words = lexicon(language)
    cut = parts(folded, words)
    page = Page(text, folded, words, cut, [(one.start, one.end) for one in mentions if one.entity])
    begins = [part.start for part in cut]
    found = []
    for one in figures(page):
        index = bisect_right(begins, one.start) - 1
        found.append(one.figure(text, cut[index].region if index >= 0 else "body"))
    return Reading(language, tuple(found), tuple(mentions), cut)
