"""Matching somebody's list of names with published entities, as of one edition: the very name first, then near ones.

A name is looked up in the index of names (ledger/searching.py), never in the entities themselves. What is looked at has
the same name, or shares a word, or begins alike; how alike two spellings are is said by rapidfuzz.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import IntegerField, Value
from rapidfuzz import fuzz

from claims.ledger import read
from claims.ledger.columns import Term, Wanted
from claims.ledger.models import Record, SearchRow
from claims.ledger.read import AsOf, Thing
from claims.ledger.searching import NAMED, WHOLE, run_together, words
from kb.lib.text import fold

MOST_NAMES: Final = 50  # in one call
LONGEST_NAME: Final = 200  # characters
MOST_CANDIDATES: Final = 10  # for one name
LOOKED_AT: Final = 50  # entities for each way in which a name may be near, the newest
LEAST: Final = Decimal("0.6")  # what is less alike is no candidate
NEAREST: Final = Decimal("0.99")  # of what is not the very name
_MOST_WORDS: Final = 10
_BEGINNINGS: Final = (4, 2)  # letters

Name = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a name may mean, with the one of its names that is most alike.

    `score` is 1 for the very name, as `fold` compares it, and lower for others. `match`: no other has the very name.
    """

    thing: Thing
    name: Name  # {"text", "language", "role"}
    score: Decimal
    match: bool


def candidates(names: Sequence[str], as_of: AsOf, *, kind: str = "") -> list[list[Candidate]]:
    """For each of `names` its candidates, best first; only entities of `kind`, if one is given. Two queries."""
    found = _looked_up(names, as_of, kind)
    records = Record.objects.in_bulk(set().union(*(one.records for one in found)))
    things = {number: Thing.of(record) for number, record in records.items()}
    return [
        _ranked(name, [things[number] for number in one.records], crowded=one.crowded)
        for name, one in zip(names, found, strict=True)
    ]


@dataclass(slots=True)
class _Found:
    """The records that may have a name; `crowded` when more may have the very name than were looked at."""

    records: set[int]
    crowded: bool


def _looked_up(names: Sequence[str], as_of: AsOf, kind: str) -> list[_Found]:
    """For each name the newest LOOKED_AT records of each way in which they may be near it. One query."""
    rows = SearchRow.objects.filter(read.window(as_of.number), kind="entity")
    if kind:
        rows = rows.filter(subkind=kind)
    statements: list[str] = []
    parameters: list[Any] = []
    for place, name in enumerate(names):
        for way, wanted in enumerate(_ways(name)):
            limited = (
                rows.filter(words__hold=wanted)
                .order_by("-record_id")
                .values_list(_number(place), _number(way), "record_id")[:LOOKED_AT]
            )
            statement, values = limited.query.sql_with_params()
            statements.append(f"SELECT * FROM ({statement}) AS found")  # noqa: S608  Django's own statement
            parameters += values
    found = [_Found(set(), crowded=False) for _ in names]
    if not statements:
        return found
    same = [0] * len(names)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), parameters)
        for place, way, record in cursor.fetchall():
            found[place].records.add(record)
            same[place] += way == 0
    for one, count in zip(found, same, strict=True):
        one.crowded = count >= LOOKED_AT
    return found


def _number(value: int) -> Value:
    return Value(value, output_field=IntegerField())


def _ways(name: str) -> Iterator[Wanted]:
    """What the index is asked for: the whole name, all its words, any of them, how it begins."""
    whole = run_together(name)
    if not whole:
        return
    said = [Term(NAMED + word) for word in dict.fromkeys(words(name))][:_MOST_WORDS]
    yield ((Term(WHOLE + whole),),)
    yield tuple((one,) for one in said)
    if len(said) > 1:
        yield (tuple(said),)
    for letters in _BEGINNINGS:
        yield ((Term(WHOLE + whole[:letters], prefix=True),),)


def _ranked(asked: str, things: Sequence[Thing], *, crowded: bool) -> list[Candidate]:
    best = [(thing, *_nearest(asked, thing.body["names"])) for thing in things]
    only = sum(score == 1 for _, _, score in best) == 1 and not crowded
    kept = [
        Candidate(thing, name, score, match=only and score == 1)
        for thing, name, score in best
        if score >= LEAST
    ]
    return sorted(kept, key=lambda one: (-one.score, fold(one.name["text"]), one.thing.ref))[:MOST_CANDIDATES]


def _nearest(asked: str, names: Sequence[Name]) -> tuple[Name, Decimal]:
    """The name that is most alike, the first of several, and how much."""
    scores = [likeness(asked, name["text"]) for name in names]
    score = max(scores)
    return names[scores.index(score)], score


def likeness(asked: str, name: str) -> Decimal:
    """1 for the same name as `fold` compares it; else how many letters two spellings share in their order, from 0
    to 0.99, whatever separates them and in whatever order their words stand."""
    one, other = fold(asked), fold(name)
    if one == other:
        return Decimal(1)
    alike = max(
        fuzz.ratio(one, other),
        fuzz.token_sort_ratio(one, other),
        fuzz.ratio(run_together(asked), run_together(name)),
    )
    return min(NEAREST, Decimal(round(alike)) / 100)
