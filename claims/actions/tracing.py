"""Holding a captured text against the others: which sources share its origin, proposed to editors.

Sources meet by keys in a table, so that the work and the number of queries do not grow with the number of sources.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from heapq import nlargest
from itertools import combinations
from typing import Final, cast

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from claims.extraction.reading import read
from claims.lineage.candidates import ENOUGH, MOST_FOUND, MOST_LISTED, blocking_keys
from claims.lineage.collection import settled
from claims.lineage.features import Features, features
from claims.lineage.origins import root
from claims.lineage.rarity import Rarity
from claims.lineage.verdict import Answer, Verdict, compare
from claims.models import Kinship, Snapshot, Source, SourceKey, TracedText
from companies.matching import Matcher, Spelling
from companies.models import Name
from kb.lib import blobs
from kb.lib.text import one_line
from kb.models import PUT_ASIDE

FEATURES_KEPT: Final = 256  # texts whose features this process remembers; 17 may be asked for at once
LONGEST_SOURCE: Final = 300
INDEPENDENT: Final = "independent"
NOTHING: Final[tuple[Answer, float]] = (INDEPENDENT, 0.0)
_FULL_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")

Judged, Side = Kinship.Judged, Kinship.Side
Spellings = tuple[Spelling, ...]


def trace(snapshot: Snapshot, *, again: bool = False, at: datetime | None = None) -> int:
    """Hold the text of a snapshot against those of its source's likely relatives; how many new proposals came of it.

    Nothing happens where this very text of the source was held against them already (unless `again`), or where the
    text is not held here. Call it outside of a transaction: reading the texts takes a while.
    """
    source, digest = snapshot.source, snapshot.text_sha256
    before = TracedText.objects.filter(source=source).first()
    known = before is not None and before.text_sha256 == digest and before.traced_at is not None
    if (known and not again) or not blobs.held(digest):
        return 0
    names = tuple(Name.objects.spellings())
    own = _features_of(source, digest, names)
    told = {_signed(key): bits for key, bits in blocking_keys(own).items()}
    _enter(source, digest, told)
    others = [*_relatives(source, told), *_waiting(source)]
    texts = {
        one.source: one.text_sha256
        for one in TracedText.objects.filter(source__in=others).select_related("source")
        if blobs.held(one.text_sha256)
    } | {source: digest}
    verdicts = _compared({one: _features_of(one, text, names) for one, text in texts.items()}, source)
    return _remember(source, verdicts, texts, at=at or timezone.now())


# Meeting -------------------------------------------------------------------------------------------------------


def _signed(key: int) -> int:
    """A hash of 64 bits as the column of the table takes it."""
    return key - (1 << 64) if key >= 1 << 63 else key


def _enter(source: Source, digest: str, told: Iterable[int]) -> None:
    """Have the source found by its keys from now on; under each stand the first MOST_LISTED sources alone."""
    with transaction.atomic():
        TracedText.objects.update_or_create(
            source=source, defaults={"text_sha256": digest, "traced_at": None}
        )
        SourceKey.objects.filter(source=source).delete()
        keys = set(told)
        counted = SourceKey.objects.filter(hash__in=keys).values("hash").annotate(listed=Count("pk"))
        full = set(counted.filter(listed__gte=MOST_LISTED).values_list("hash", flat=True))
        SourceKey.objects.bulk_create(SourceKey(hash=key, source=source) for key in sorted(keys - full))


def _relatives(source: Source, told: Mapping[int, float]) -> Sequence[int]:
    """The likeliest relatives by primary key: those that share the most telling keys."""
    there = SourceKey.objects.filter(hash__in=list(told)).exclude(source=source)
    bits: dict[int, float] = defaultdict(float)
    for key, other in there.exclude(source__state__in=PUT_ASIDE).values_list("hash", "source_id"):
        bits[other] += told[key]
    near = [other for other, common in bits.items() if common >= ENOUGH]
    return nlargest(MOST_FOUND, near, key=lambda other: (bits[other], -other))


def _waiting(source: Source) -> Sequence[int]:
    """Those that the source's earlier text was proposed with: the new one may say something else."""
    rows = Kinship.objects.of(source).filter(judged__in=[Judged.OPEN, Judged.UNSURE])
    pairs = rows.order_by("-score", "pk").values_list("first_id", "second_id")[:MOST_FOUND]
    return [first if second == source.pk else second for first, second in pairs]


# Comparing -----------------------------------------------------------------------------------------------------


def _features_of(source: Source, digest: str, names: Spellings) -> Features:
    found = _features(digest, source.language, source.url, names)
    # What an editor says of the date counts before what the page prints; a month says nothing about before or after.
    published = source.published_on if _FULL_DATE.fullmatch(source.published_on) else found.published
    return replace(found, name=f"“{source.title}”", published=published)


@lru_cache(maxsize=FEATURES_KEPT)
def _features(digest: str, language: str, address: str, names: Spellings) -> Features:
    text = (blobs.read(digest) or b"").decode("utf-8")
    return features("", text, read(text, language, _matcher(names).find(text, language)), address)


@lru_cache(maxsize=2)
def _matcher(names: Spellings) -> Matcher:
    return Matcher(names)


def _compared(known: Mapping[Source, Features], own: Source) -> dict[tuple[Source, Source], Verdict]:
    """The verdicts on `own` with each other source, settled by what is known of the others among one another."""
    order = sorted(known, key=lambda source: source.pk)
    at, rarity = order.index(own), Rarity(known.values())
    fresh = {
        (min(at, other), max(at, other)): compare(
            known[order[min(at, other)]], known[order[max(at, other)]], rarity
        )
        for other in range(len(order))
        if other != at
    }
    if not fresh:
        return {}
    blank, between = next(iter(fresh.values())), _between(order)
    verdicts = {
        (i, j): fresh[i, j]
        if at in (i, j)
        else _as_known(blank, between.get((order[i].pk, order[j].pk), NOTHING))
        for i, j in combinations(range(len(order)), 2)
    }
    found = settled(verdicts, [known[source].name for source in order])
    return {(order[i], order[j]): found[i, j] for i, j in fresh}


def _as_known(blank: Verdict, known: tuple[Answer, float]) -> Verdict:
    """A verdict for settling others, which asks for no more than its answer and score."""
    return replace(blank, answer=known[0], score=known[1])


def _between(sources: Sequence[Source]) -> dict[tuple[int, int], tuple[Answer, float]]:
    """What was found, and judged, of these sources among one another; what is not there is independent."""
    judged: dict[str, tuple[Answer, float]] = {
        Judged.CONFIRMED: ("same-origin", 1.0), Judged.REJECTED: NOTHING,
    }  # fmt: skip
    rows = Kinship.objects.among(source.pk for source in sources)
    return {
        (first, second): judged.get(how, (cast(Answer, verdict), score))
        for first, second, verdict, score, how in rows.values_list(
            "first_id", "second_id", "verdict", "score", "judged"
        )
    }


# Remembering ---------------------------------------------------------------------------------------------------


def _remember(
    source: Source, verdicts: Mapping[tuple[Source, Source], Verdict], texts: Mapping[Source, str], *, at: datetime
) -> int:  # fmt: skip
    """Write down what was found; what editors judged of these very texts stands."""
    with transaction.atomic():
        standing = {
            (row.first_id, row.second_id): row for row in Kinship.objects.of(source).select_for_update()
        }
        origins = roots(one.ref for one in texts)
        new, changed, gone, proposed = list[Kinship](), list[Kinship](), list[int](), 0
        for (first, second), verdict in verdicts.items():
            row = standing.get((first.pk, second.pk))
            tells = verdict.answer != INDEPENDENT or verdict.common_source is not None
            if row is None and not tells:
                continue
            compared = (texts[first], texts[second])
            if row is None:
                row = Kinship(first=first, second=second, found_at=at)
                new.append(row)
            elif row.judged == Judged.CONFIRMED or _judged_so(row, compared, verdict):
                continue
            elif not tells and row.judged_at is None:
                gone.append(row.pk)
                continue
            else:
                changed.append(row)
            was_open = row.pk is not None and row.judged == Judged.OPEN
            _fill(row, verdict, compared, at=at)
            if origins[first.ref] == origins[second.ref] and verdict.answer != INDEPENDENT:
                row.judged, row.judged_at, row.judged_by, row.reason = Judged.CONFIRMED, at, None, ""
            proposed += verdict.answer != INDEPENDENT and row.judged == Judged.OPEN and not was_open
        Kinship.objects.bulk_create(
            new, ignore_conflicts=True
        )  # another process may have found the same pair
        Kinship.objects.bulk_update(changed, WRITTEN)
        Kinship.objects.filter(pk__in=gone).delete()
        TracedText.objects.filter(source=source, text_sha256=texts[source]).update(traced_at=at)
    return proposed


WRITTEN: Final = (
    "first_text", "second_text", "verdict", "score", "why", "shared", "drift", "copy", "common_source", "found_at",
    "judged", "judged_at", "judged_by", "reason",
)  # fmt: skip


def _judged_so(row: Kinship, compared: tuple[str, str], verdict: Verdict) -> bool:
    """Whether a judgement stands: it was made of these very texts, or the new ones give no cause to ask again."""
    if row.judged == Judged.OPEN:
        return False
    return compared == (row.first_text, row.second_text) or (
        row.judged == Judged.REJECTED and verdict.answer == INDEPENDENT
    )


def _fill(row: Kinship, verdict: Verdict, compared: tuple[str, str], *, at: datetime) -> None:
    side = {"a": Side.FIRST, "b": Side.SECOND, "": ""}
    row.first_text, row.second_text = compared
    row.verdict, row.score = verdict.answer, verdict.score
    row.why, row.shared = [one.as_json() for one in verdict.reasons], _figures_of(verdict)
    row.drift = [
        {"kind": one.kind, "first": one.a, "second": one.b, "lost_in": str(side[one.lost_in])}
        for one in verdict.evidence.drift
    ]
    row.copy = side[verdict.copy or ""]
    row.common_source = one_line(verdict.common_source or "", LONGEST_SOURCE)
    if row.judged != Judged.OPEN:
        row.judged, row.found_at = Judged.OPEN, at


def _figures_of(verdict: Verdict) -> list[str]:
    """The figures in both as their values and units, dates and years as they are: 1600000000 USD, 05-12, 2023."""
    return [key if kind == "figure" else f"{kind} {key}" for kind, key in verdict.evidence.figures]


def roots(refs: Iterable[str]) -> dict[str, str]:
    """Of each source, by ref, the first of the chain that it was derived through; one query a step of the chains."""
    wanted = list(refs)
    parents: dict[str, str] = {}
    frontier = set(wanted)
    while frontier:
        rows = Source.objects.filter(ref__in=frontier, derived_from__isnull=False)
        step = dict(rows.values_list("ref", "derived_from__ref"))
        parents |= step
        frontier = set(step.values()) - set(parents)
    return {ref: root(ref, parents) for ref in wanted}
