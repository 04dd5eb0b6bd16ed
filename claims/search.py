"""Finding published things by their names and words, as of one edition: names in every script first, then text.

Every word of a query must match, the last one as a prefix. A word matches a thing by the thing's own names and text,
or by a name of what it refers to: a claim by its subject, a source by its publisher. Only what stands in the edition
is indexed under it, so nothing else can show, in results or in their order.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.db.models import Q, QuerySet

from claims.extraction.typed import Amount, Unclear, amount
from claims.ledger import read
from claims.ledger.columns import Term, Wanted
from claims.ledger.indexing import amount_key
from claims.ledger.models import OPEN, SearchRow
from claims.ledger.read import AsOf
from claims.ledger.searching import NAMED, REFERRED, WHOLE, run_together, words
from kb.lib.pagination import BadCursor, Cursor
from kb.lib.prose import FALLBACK
from kb.lib.quantities import base

LONGEST_QUERY: Final = 200  # characters; what comes after is not looked at
LONGEST_FIGURE: Final = 40
MOST_WORDS: Final = 10
RANKED: Final = 1000  # of each rank, this many of the newest matches are looked at
MOST_NAMESAKES: Final = 200  # things that a word of the query may stand for in what refers to them
MOST_ASKED: Final = 12  # words of a question that are looked up one by one
KINDS: Final = ("entity", "property", "timeline", "dispute", "source", "claim")
_NAMING: Final = ("entity", "property", "publisher", "scope-dimension")

Key = tuple[str, str, str, str]
AS_NAMES: Final = "2"  # the score of a figure that is the query, as of names that hold all its words
_LAST: Final[Key] = ("9", "", "", "")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `kind` is the ledger's: one of KINDS.

    `score` says how it was found: 0 a name is the query, 1 a name begins with it, 2 names hold all its words, or its
    figure is the query; 3 its text or the names of what it refers to hold them.
    """

    kind: str
    ref: str
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, best first, with the cursors of the pages around it."""

    hits: list[Hit]
    next: Cursor | None
    previous: Cursor | None


def search(
    text: str,
    as_of: AsOf,
    *,
    kinds: Collection[str] = (),
    size: int = 20,
    cursor: Cursor | None = None,
    language: str = FALLBACK,
) -> Found:
    """What stands in the edition and matches `text`: by score, kind (as in KINDS), then label; claims newest first.

    A figure is read as it is written in `language`, else in English. `kinds` are kinds of the ledger, or of entities
    ("company"); none means all. Any text is a query; one without a letter or digit finds nothing. Raises BadCursor.
    """
    ordering = sha256("\n".join([*words(text[:LONGEST_QUERY]), "", *sorted(kinds)]).encode()).hexdigest()[:12]
    if cursor is not None and (cursor.ordering != ordering or len(cursor.key) != 4):
        raise BadCursor("this cursor belongs to another search; start again from the first page")
    keys = sorted(_ranked(text[:LONGEST_QUERY], as_of, kinds, language))
    start, end = 0, size
    if cursor is not None:
        key: Key = cursor.key  # type: ignore[assignment]  # its length was checked
        start = bisect_right(keys, key)
        end = start + size
        if cursor.backwards:
            end = bisect_left(keys, key)
            start = max(0, end - size)
    page = keys[start:end]

    def at(key: Key, *, back: bool) -> Cursor:
        return Cursor(as_of.number, ordering, back, key)

    return Found(
        [Hit(KINDS[int(kind)], ref, int(score)) for score, kind, _, ref in page],
        at(page[-1], back=False) if page and end < len(keys) else None,
        at(page[0], back=True) if page and start > 0 else None,
    )


def known_words(text: str, as_of: AsOf) -> list[str]:
    """The words of a question that names of things, properties or publishers hold, in order: what it is about. A query
    a word, of at most MOST_ASKED."""
    rows = SearchRow.objects.filter(read.window(as_of.number), kind__in=_NAMING)
    asked = [one for one in dict.fromkeys(words(text[:LONGEST_QUERY])) if len(one) > 1][:MOST_ASKED]
    return [word for word in asked if rows.filter(words__hold=((Term(NAMED + word),),)).exists()]


def matching(text: str, as_of: AsOf, kind: str) -> QuerySet[SearchRow]:
    """The search rows of all things of a kind that match `text`, deprecated claims among them, unranked."""
    wanted = _wanted(words(text[:LONGEST_QUERY]), as_of)
    rows = SearchRow.objects.filter(read.window(as_of.number), kind=kind)
    return rows.filter(words__hold=wanted) if wanted else rows.none()


def _ranked(text: str, as_of: AsOf, kinds: Collection[str], language: str) -> Iterable[Key]:
    """The sort keys of the newest RANKED matches of each score: score, kind, label or age, ref. All of them text."""
    asked = words(text)
    if not asked:
        return ()
    rows = SearchRow.objects.filter(read.window(as_of.number), listed=True, kind__in=KINDS)
    if kinds:
        rows = rows.filter(Q(kind__in=kinds) | Q(subkind__in=set(kinds) - {""}))
    whole = WHOLE + run_together(text)
    found: dict[str, Key] = {}
    for score, wanted in enumerate(
        (
            ((Term(whole),),),
            ((Term(whole, prefix=True),),),
            tuple((Term(NAMED + one.word, one.prefix),) for one in _terms(asked)),
            _wanted(asked, as_of),
        )
    ):
        matches = rows.filter(words__hold=wanted).order_by("-record_id")
        for kind, ref, edition, label in matches.values_list(
            "kind", "ref", "edition_from", "record__thing__sort"
        )[:RANKED]:
            order = label if label is not None else f"{OPEN - edition:020}"
            found.setdefault(ref, (str(score), str(KINDS.index(kind)), order, ref))
    if not kinds or "claim" in kinds:
        for ref, edition in _of_amount(text, as_of, language):
            found[ref] = min(
                found.get(ref, _LAST), (AS_NAMES, str(KINDS.index("claim")), f"{OPEN - edition:020}", ref)
            )
    return found.values()


def _of_amount(text: str, as_of: AsOf, language: str) -> Iterable[tuple[str, int]]:
    """Claims whose figure the query is, however either is written: "1,6 tỷ" is 1.6 billion."""
    if len(text) > LONGEST_FIGURE or not any(character.isdigit() for character in text):
        return ()
    typed = _typed(text, language) or _typed(text, FALLBACK)
    if typed is None or typed.comparator not in ("eq", "approx") or typed.upper_amount:
        return ()
    exact, unit = base(typed.amount, typed.unit) if typed.unit else (Decimal(typed.amount), "")
    rows = read.claims(as_of).filter(has_amount=True, amount_key=amount_key(exact)).exclude(rank="deprecated")
    if unit:
        rows = rows.filter(base_unit=unit)
    return rows.order_by("-record_id").values_list("ref", "edition_from")[:RANKED]


def _typed(text: str, language: str) -> Amount | None:
    try:
        return amount(text, [language])
    except Unclear:
        return None


def _terms(asked: list[str]) -> list[Term]:
    """The words of a query, each once; the last as a prefix."""
    return [Term(word) for word in dict.fromkeys(asked[:-1]) if word != asked[-1]][: MOST_WORDS - 1] + [
        Term(word, prefix=True) for word in asked[-1:]
    ]


def _wanted(asked: list[str], as_of: AsOf) -> Wanted:
    """For each word: the word itself, the ref it may be, or a ref of one of those whose names hold it."""
    return tuple((term, Term(REFERRED + term.word), *_namesakes(term, as_of)) for term in _terms(asked))


def _namesakes(term: Term, as_of: AsOf) -> list[Term]:
    rows = SearchRow.objects.filter(read.window(as_of.number), kind__in=_NAMING)
    rows = rows.filter(words__hold=((Term(NAMED + term.word, term.prefix),),)).order_by("-record_id")
    refs = list(rows.values_list("ref", flat=True)[:MOST_NAMESAKES])
    return [Term(REFERRED + ref) for ref in sorted(read.same_as(refs, as_of))] if refs else []
