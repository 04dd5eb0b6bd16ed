"""Finding claims on the desk: by what they are about, and by figures and dates however they are written.

A word is looked for in names, and a part of the query with a digit in it is read as a form would read it. What names
and figures lead to is found first, so that claims are taken by their indexes and never all looked through twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import F, Q
from django.utils.translation import get_language

from claims.admin.labels import saying
from claims.extraction import typed
from claims.extraction.typed import Amount, Unclear
from claims.models import Claim, Evidence, Property
from companies.admin import called
from companies.models import Entity
from kb.lib.prose import FALLBACK
from kb.lib.quantities import UnknownUnit, base
from kb.lib.text import fold

MOST_WORDS: Final = 6  # of a query in which a figure is looked for
MOST_FOUND: Final = 1000  # claims that a figure or a date leads to: the newest
MOST_NAMED: Final = 2000  # entities that a word may name before they are joined and not listed
TIMES: Final = ("value_time", "point_in_time", "valid_from", "valid_to", "asserted_on")
AMOUNTS: Final = ("amount", "upper_amount", "lower_bound", "upper_bound")


def claims_matching(text: str) -> Q:
    """The condition on claims that every word of `text` names something of them or is part of a figure or date, or
    that their evidence prints it, word for word."""
    words = text.split()
    found = _naming(words)
    for start, end in _spans(words):
        said = " ".join(words[start:end])
        if meant := _of_amount(said) | _of_date(said):
            return found | (_naming(words[:start] + words[end:]) & Q(pk__in=_holding(meant, said)))
    return found | Q(pk__in=_printed(text))


def _spans(words: list[str]) -> Iterator[tuple[int, int]]:
    """The runs of words with a digit in them, the longest first."""
    if len(words) > MOST_WORDS:
        return
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            if any(map(str.isdigit, "".join(words[start : start + length]))):
                yield start, start + length


def _naming(words: list[str]) -> Q:
    """Each word is in the name of what a claim is about, of its value, its asserter or its property."""
    found = Q()
    for word in words:
        named = called(word) if fold(word) else Q(pk=None)
        rows = Entity.objects.filter(Q(slug__contains=word.casefold()) | named).values_list("pk", flat=True)
        keys = list(rows.order_by()[: MOST_NAMED + 1])
        entities: Any = rows if len(keys) > MOST_NAMED else keys
        slugs = Property.objects.filter(slug__contains=word.casefold()).values_list("pk", flat=True)
        properties = {*slugs, *saying(Property, "labels", word)}
        found &= (
            Q(subject__in=entities)
            | Q(asserted_by__in=entities)
            | Q(value_entity__in=entities)
            | Q(property__in=properties)
        )
    return found


def _holding(meant: Q, text: str) -> set[int]:
    """The newest claims whose figure or date is the one that is meant, or whose evidence prints it as `text`."""
    newest = Claim.objects.filter(meant).order_by("-pk").values_list("pk", flat=True)
    return {*newest[:MOST_FOUND], *_printed(text)}


def _printed(text: str) -> set[int]:
    rows = Evidence.objects.filter(original_value__icontains=text).order_by("-pk")
    return set(rows.values_list("claim", flat=True)[:MOST_FOUND])


def _of_amount(text: str) -> Q:
    """1.6 billion is an amount, or an end of a range or of bounds; "> 5 million" is whatever lies above."""
    try:
        found = typed.amount(text, [get_language() or FALLBACK])
    except Unclear:
        return Q()
    if found.comparator in ("eq", "approx"):
        written = Q()
        for name in AMOUNTS:
            written |= Q(**{name: found.amount})
        return written & Q(unit=found.unit) if found.unit else written
    return _within(found)


def _within(found: Amount) -> Q:
    """Claims whose amount lies where a range or a bound says. Without a unit, those in base units are compared."""
    try:
        first, unit = base(found.amount, found.unit or "count")
        last = base(found.upper_amount, found.unit or "count")[0] if found.upper_amount else None
    except UnknownUnit:
        return Q()
    measured = Q(base_unit=unit) if found.unit else Q(unit=F("base_unit"))
    match found.comparator:
        case "range":
            return measured & Q(base_lower__gte=first, base_upper__lte=last)
        case "gt" | "ge":
            return measured & Q(base_lower__gte=first)
        case _:
            return measured & Q(base_upper__lte=first)


def _of_date(text: str) -> Q:
    """May 2023 is any date in it: what is written finer begins with it, what is marked ends with a mark."""
    try:
        found = typed.date(text, [get_language() or FALLBACK])
    except Unclear:
        return Q()
    begun = found.rstrip("~?%")
    condition = Q()
    for name in TIMES:
        condition |= Q(**{f"{name}__startswith": begun})
    return condition
