"""One article on the reading desk: what is read in it, what is done, and what is suggested for the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims import gathering
from claims.admin.labels import label, with_labels
from claims.admin.reading_cards import Card, Names, card, claim_url, reading_of, suspect_words
from claims.admin.reading_marks import Block, Mark, blocks
from claims.extraction.results import Figure, Reading
from claims.gathering import LEAF
from claims.models import Claim, Evidence, Property, Snapshot, Source
from claims.suggesting.results import Suggestion
from claims.suggesting.suggest import suggest
from claims.suggesting.values import TIMES
from companies.models import Entity
from kb.lib.figures import time_label
from kb.lib.prose import FALLBACK
from kb.models import OUTSIDE, State

Span = tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the figure in hand, words to be made a claim of, who it is about."""

    at: Span | None = None
    new: Span | None = None
    who: str = ""
    skipped: bool = False  # show those put aside


class Pin(NamedTuple):
    """Words of the text that are evidence of a claim."""

    ref: str
    start: int
    end: int
    state: State  # the claim's

    @property
    def counts(self) -> bool:
        """Whether the words are read by it, as SuggestedFigure.objects.waiting has it."""
        return self.state not in OUTSIDE

    def is_in(self, span: Span) -> bool:
        return self.start < span[1] and span[0] < self.end


class Sheet:
    """A snapshot whose text is held. Reads the base in a fixed number of queries, when something is asked."""

    def __init__(self, source: Source, snapshot: Snapshot, text: str, asked: Asked, *, latest: bool) -> None:
        self.source, self.snapshot, self.text, self.asked, self.latest = source, snapshot, text, asked, latest

    # --- what is in the text

    @cached_property
    def reading(self) -> Reading:
        return gathering.read(self.text, self.source.language)

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures of the article itself, in its order."""
        return gathering.of_the_article(self.reading)

    @cached_property
    def pinned(self) -> list[Pin]:
        """The evidence pinned to this text, also that of claims that nobody of the desk stands for."""
        rows = Evidence.objects.filter(
            source=self.source, snapshot__text_sha256=self.snapshot.text_sha256, start__isnull=False
        )
        columns = ("claim__ref", "start", "end", "claim__state")
        return [
            Pin(ref, start or 0, end or 0, State(state))
            for ref, start, end, state in rows.order_by("start", "claim__ref").values_list(*columns)
        ]

    @cached_property
    def put_aside(self) -> set[Span]:
        return set(self.snapshot.skipped.values_list("start", "end"))

    def evidence_at(self, span: Span) -> list[str]:
        """The refs of the claims that have words of the span as evidence."""
        return list(dict.fromkeys(pin.ref for pin in self.pinned if pin.is_in(span)))

    def state(self, span: Span) -> str:
        if any(pin.counts and pin.is_in(span) for pin in self.pinned):
            return "done"
        return "skipped" if span in self.put_aside else "open"

    @cached_property
    def states(self) -> list[tuple[Figure, str]]:
        return [(one, self.state((one.start, one.end))) for one in self.figures]

    @property
    def read_count(self) -> int:
        return sum(state != "open" for _figure, state in self.states)

    def next_open(self, after: int) -> Span | None:
        """The first open figure from `after` on, else the first of all."""
        spans = [(one.start, one.end) for one, state in self.states if state == "open"]
        return next((span for span in spans if span[0] >= after), spans[0] if spans else None)

    # --- one page of it

    @cached_property
    def current(self) -> Span | None:
        """The figure in hand: the one asked for, else the first open one."""
        spans = {(one.start, one.end) for one in self.figures}
        for asked in (self.asked.at, self.asked.new):
            if asked in spans:
                return asked
        return self.next_open(0)

    @cached_property
    def leaf(self) -> int:
        """The number of the page that shows the figure in hand, from 0."""
        index = next((n for n, one in enumerate(self.figures) if (one.start, one.end) == self.current), 0)
        return index // LEAF

    @property
    def leaves(self) -> list[tuple[str, str, bool]]:
        """The pages: which figures they show, their address, and whether it is this one."""
        return [
            (
                f"{first + 1}–{min(first + LEAF, len(self.figures))}",
                self.url(at=(self.figures[first].start, self.figures[first].end)),
                first // LEAF == self.leaf,
            )
            for first in range(0, len(self.figures), LEAF)
        ]

    @cached_property
    def on_leaf(self) -> list[tuple[Figure, str]]:
        return self.states[self.leaf * LEAF : (self.leaf + 1) * LEAF]

    @cached_property
    def by_hand(self) -> Span | None:
        """Words to be made a claim of that are no figure of the article by themselves."""
        spans = {(one.start, one.end) for one in self.figures}
        return self.asked.new if self.asked.new and self.asked.new not in spans else None

    @cached_property
    def suggested(self) -> list[Span]:
        """What the page suggests something for: the open figures, the one in hand, and the words chosen by hand."""
        spans = [
            (one.start, one.end)
            for one, state in self.on_leaf
            if state == "open" or (one.start, one.end) in (self.asked.at, self.asked.new)
        ]
        return [*([self.by_hand] if self.by_hand else []), *spans]

    # --- what the base says to it

    @cached_property
    def vocabulary(self) -> Sequence[Property]:
        return gathering.properties()

    @cached_property
    def entities(self) -> Mapping[str, Entity]:
        named = {one.entity for one in self.reading.mentions if one.entity}
        return gathering.entities(named | ({self.asked.who} if self.asked.who else set()))

    @cached_property
    def suggestions(self) -> dict[Span, Suggestion]:
        """The suggestions by place."""
        wanted = [
            one
            for one in self.reading.figures
            if any(start <= one.start and one.end <= end for start, end in self.suggested)
        ]
        named_in = {
            one.entity
            for one in self.reading.mentions
            if one.entity and self.by_hand and self.by_hand[0] <= one.start < self.by_hand[1]
        }
        known = gathering.knowledge(self.source, wanted, self.entities, self.vocabulary, named_in)
        return {
            span: suggest(
                self.text,
                self.reading,
                known,
                span,
                who=self.asked.who if span in (self.asked.at, self.asked.new) else "",
            )
            for span in self.suggested
        }

    @cached_property
    def names(self) -> Names:
        refs = {pin.ref for pin in self.pinned}
        for one in self.suggestions.values():
            refs |= {match.claim.ref for match in one.matches}
            refs |= {contrast.claim.ref for contrast in one.contrasts}
        return Names.of(self.entities, self.vocabulary, shown_claims(refs))

    # --- what the page shows

    @property
    def cards(self) -> list[Card]:
        """The cards of the page in reading order, those put aside only where they are asked for."""
        return [
            self._card((figure.start, figure.end), figure, state)
            for figure, state in self.on_leaf
            if state != "skipped" or self.asked.skipped or (figure.start, figure.end) == self.asked.at
        ]

    @property
    def hand_card(self) -> Card | None:
        return self._card(self.by_hand, None, "open") if self.by_hand else None

    def _card(self, span: Span, figure: Figure | None, state: str) -> Card:
        common: dict[str, Any] = {
            "current": (span == self.current and self.by_hand is None) or span == self.by_hand,
            "by_hand": figure is None,
            "evidence_of": [
                (self._claim_words(ref), claim_url(self.names.claims[ref]))
                for ref in self.evidence_at(span)
                if ref in self.names.claims
            ],
            "urls": {"at": self.url(at=span), "new": self.url(new=span)},
        }
        if span in self.suggestions:
            return card(self.text, self.suggestions[span], self.names, state=state, **common)
        assert figure is not None  # noqa: S101  words chosen by hand always have a suggestion
        return Card(
            span=span,
            printed=figure.printed,
            state=state,
            reading=reading_of(figure),
            suspect=suspect_words(figure.suspect) if figure.suspect else "",
            **common,
        )

    @property
    def dates(self) -> dict[str, str]:
        """The dates that the article names, and the day it was published, as EDTF with words."""
        found = [one.value for one in self.figures if one.kind in TIMES and one.value]
        language = get_language() or FALLBACK
        return {one: time_label(one, language) for one in (self.source.published_on, *found) if one}

    @property
    def blocks(self) -> list[Block]:
        """The text with its marks: what the hand has chosen, figures, evidence, names."""
        marks = [*self._figure_marks(), *self._evidence_marks(), *self._name_marks()]
        return blocks(self.text, self.reading.parts, marks)

    def _figure_marks(self) -> list[Mark]:
        found = []
        states = {(one.start, one.end): state for one, state in self.states}
        for one in self.reading.figures:
            span = (one.start, one.end)
            kind = "date" if one.kind in TIMES else "figure"
            if span not in states:
                found.append(Mark(start=one.start, end=one.end, css=f"{kind} aside"))
                continue
            state = states[span]
            classes = [kind, *(["suspect"] if one.suspect else []), state]
            if span == self.current:
                classes.append("current")
            found.append(
                Mark(
                    start=one.start,
                    end=one.end,
                    css=" ".join(classes),
                    note=self._figure_note(one, span, state),
                    url=self._mark_url(span, state),
                    name=f"m-{one.start}-{one.end}",
                )
            )
        return found

    def _figure_note(self, one: Figure, span: Span, state: str) -> str:
        if state == "done":
            return self._evidence_note(self.evidence_at(span))
        return suspect_words(one.suspect) if one.suspect else reading_of(one)

    def _mark_url(self, span: Span, state: str) -> str:
        refs = [pin.ref for pin in self.pinned if pin.counts and pin.is_in(span)]
        known = [self.names.claims[ref] for ref in refs if ref in self.names.claims]
        return claim_url(known[0]) if state == "done" and known else self.url(at=span)

    def _evidence_note(self, refs: Sequence[str]) -> str:
        labels = [self._claim_words(ref) for ref in refs if ref in self.names.claims]
        return _("Evidence of: %(claims)s") % {"claims": "; ".join(labels)}

    def _claim_words(self, ref: str) -> str:
        """The claim's label, and where it stands if nobody of the desk stands for it."""
        claim = self.names.claims[ref]
        if claim.state not in OUTSIDE:
            return label(claim)
        return f"{label(claim)} ({claim.get_state_display()})"

    def _evidence_marks(self) -> list[Mark]:
        return [
            Mark(
                start=pin.start,
                end=pin.end,
                css="words done" if pin.counts else "words",
                note=self._evidence_note([pin.ref]),
                url=claim_url(self.names.claims[pin.ref]) if pin.ref in self.names.claims else "",
            )
            for pin in self.pinned
            if pin.start < pin.end <= len(self.text)
        ]

    def _name_marks(self) -> list[Mark]:
        found = []
        for one in self.reading.mentions:
            known = one.entity is not None
            note = self.names.entity(one.entity) if one.entity else _("Looks like %(name)s; nobody has judged it.") % {
                "name": one.likely or "?"
            }  # fmt: skip
            css = "name" if known else "name likely"
            found.append(Mark(start=one.start, end=one.end, css=css, note=note))
        return found

    # --- addresses

    def url(self, *, at: Span | None = None, new: Span | None = None) -> str:
        """The page, with one figure in hand or with the form for words; at the same copy of the source."""
        return read_url(
            self.source, None if self.latest else self.snapshot, at=at, new=new, skipped=self.asked.skipped
        )

    @property
    def other_url(self) -> str:
        """The page with the skipped figures shown, or hidden again."""
        shown = Asked(skipped=not self.asked.skipped)
        return Sheet(self.source, self.snapshot, self.text, shown, latest=self.latest).url()


def read_url(
    source: Source,
    copy: Snapshot | None = None,
    *,
    at: Span | None = None,
    new: Span | None = None,
    skipped: bool = False,
) -> str:
    """Where the source is read, in this copy or the newest one: with one figure in hand, or the form for words.

    The form takes the keyboard, which browsers would leave at an anchor: it has none.
    """
    query = {"copy": copy.text_sha256[:12]} if copy else {}
    anchor = ""
    for name, span in (("at", at), ("new", new)):
        if span is not None:
            query[name] = f"{span[0]}-{span[1]}"
            anchor = f"#card-{span[0]}-{span[1]}" if name == "at" else ""
    if skipped:
        query["skipped"] = "1"
    path = reverse("admin:claims_source_read", args=[source.ref])
    return f"{path}?{urlencode(query)}{anchor}" if query else path


def shown_claims(refs: Collection[str]) -> dict[str, Any]:
    """The claims that the page shows, with what their labels read and how many sources speak for each."""
    rows = with_labels(Claim.objects.filter(ref__in=refs)).prefetch_related("scope__term", "scope__dimension")
    return {one.ref: one for one in rows.annotate(source_count=Count("evidence__source", distinct=True))}
