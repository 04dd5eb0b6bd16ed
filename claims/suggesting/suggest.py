"""From one figure of an article to what it may be claimed to say.

Everything is judged from the base itself (labels, quotes that stand as evidence, claims) and gives its reasons.
The order is the same on every machine and in every run.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, Literal

from claims.disputes.ranges import meet
from claims.disputes.rules import gaps
from claims.extraction.results import Mention, Reading
from claims.suggesting.known import Knowledge, KnownClaim, KnownProperty, KnownTerm
from claims.suggesting.results import LIKELY, Contrast, Likely, LikelyTerm, Match, Reason, Suggestion
from claims.suggesting.values import TIMES, anchor, figure_in, same_time, unit_of, value_of
from claims.suggesting.words import Word, phrases, rarity, sentence_at, stems
from kb.lib.quantities import Interval, QuantityError, unit

MOST_MATCHES: Final = 4
MOST_CONTRASTS: Final = 3
MOST_WHO: Final = 12

# How much each sign speaks for a property; what shared words give is a sum of about 0 to 3.
SAME_VALUE: Final = 4.0  # a claim about the same subject has this very value
NAMED: Final = 2.0  # times the weight of words that are in the property's own labels
QUOTED: Final = 1.5  # times the weight of words around quotes that stand as its evidence
HAS_ONE: Final = 0.3  # the subject has a claim of it


def suggest(
    text: str, reading: Reading, knowledge: Knowledge, span: tuple[int, int], *, who: str = ""
) -> Suggestion:
    """What the words of `text` in `span` may be claimed to say; `who` is an entity that an editor chose."""
    return _Suggesting(text, reading, knowledge, span, who).suggestion()


class _Suggesting:
    """One suggestion in the making."""

    def __init__(
        self, text: str, reading: Reading, knowledge: Knowledge, span: tuple[int, int], who: str
    ) -> None:
        self.text, self.known, self.chosen = text, knowledge, who
        self.start, self.end = span
        self.figures = reading.figures
        self.named = [one for one in reading.mentions if one.entity in knowledge.kinds]
        self.sentence = sentence_at(text, self.start)
        self._heard: dict[str, tuple[float, tuple[Reason, ...]]] = {}
        self.figure = figure_in(reading, span)
        self.value = value_of(self.figure) if self.figure else None
        inside = [one.entity or "" for one in self.named if self.start <= one.start < self.end]
        self.about = () if self.figure else tuple(dict.fromkeys(inside))

    def suggestion(self) -> Suggestion:
        fitting = self._fitting()
        here = [one for one in self.named if self.sentence[0] <= one.start < self.sentence[1]]
        same = self._same_values(here)
        who = self._who(here, same, fitting)
        subject = who[0] if who else ""
        matches = self._matches(same, subject, here)
        properties = self._properties(fitting, subject, matches)
        best = properties[0].property if properties and properties[0].is_likely() else ""
        terms = self._terms(best, subject, matches)
        return Suggestion(
            self.start,
            self.end,
            self.figure,
            self.sentence,
            about=self.about,
            who=who,
            carried=bool(who) and not self.chosen and who[0] not in {one.entity for one in here},
            properties=properties,
            terms=terms,
            asserted_by=self._asserter(here, subject, matches),
            matches=matches[:MOST_MATCHES],
            contrasts=tuple(self._contrasts(best, subject, terms)[:MOST_CONTRASTS]),
        )

    # --- what fits by type

    def _fitting(self) -> list[KnownProperty]:
        if self.figure is None:
            wanted = "entity" if self.about else "text"
            return [one for one in self.known.properties if one.data_type == wanted]
        if self.figure.kind in TIMES:
            return [one for one in self.known.properties if one.data_type == "time"]
        try:
            dimension = unit(unit_of(self.figure)).dimension
        except QuantityError:
            return []
        return [one for one in self.known.properties if one.unit_dimension == dimension]

    def _takes(self, prop: KnownProperty, slug: str) -> bool:
        return not prop.subject_kinds or self.known.kinds.get(slug, "") in prop.subject_kinds

    # --- claims with the same value

    def _same_values(self, here: Sequence[Mention]) -> list[Match]:
        if self.value is None and not self.about:
            return []
        near = {one.entity for one in here}
        anywhere = {one.entity for one in self.named}
        found = []
        for claim in self.known.claims:
            nearness = self._nearness(claim)
            if nearness is None:
                continue
            about = {claim.subject, claim.about} - {"", *self.about}
            place: Literal["sentence", "text", ""] = (
                "sentence" if about & near else "text" if about & anywhere else ""
            )
            if place or (
                self.value is not None and not self.value.time and self._said(claim.property) >= LIKELY
            ):
                found.append(Match(claim, nearness, place))
        return found

    def _nearness(self, claim: KnownClaim) -> Literal["same", "overlaps"] | None:
        value = self.value
        if value is None:
            return "same" if claim.about in self.about else None
        if value.time:
            return same_time(value.time, claim.times)
        if claim.amount is None or claim.base_unit != value.base_unit:
            return None
        low, high = anchor(claim)
        if claim.amount == value.amount and (high == value.anchor[1] or claim.comparator != "range"):
            return "same"
        return "overlaps" if low <= value.anchor[1] and value.anchor[0] <= high else None

    def _matches(self, same: Sequence[Match], subject: str, here: Sequence[Mention]) -> tuple[Match, ...]:
        """The best first: about whom the figure is about, then those named near it, then the rest."""
        ranks = {"who": 0, "sentence": 1, "text": 2, "": 3}
        comparator = self.figure.comparator if self.figure else ""
        named = [
            Match(one.claim, one.nearness, "who" if one.claim.subject == subject else one.named)
            for one in same
        ]
        return tuple(
            sorted(
                named,
                key=lambda one: (
                    ranks[one.named],
                    one.nearness != "same",
                    one.claim.deprecated,
                    -self._said(one.claim.property),
                    one.claim.comparator != comparator,
                    one.claim.ref,
                ),
            )
        )

    # --- whom it is about

    def _who(
        self, here: Sequence[Mention], same: Sequence[Match], fitting: Sequence[KnownProperty]
    ) -> tuple[str, ...]:
        """The entities it may be about: of this sentence by nearness, then those named before, the most named first.

        One that has a claim with this value goes before the others of its sentence; one that the likely property is
        not said of goes behind them, and one that no property of this unit is said of behind all.
        """
        valued = {one.claim.subject for one in same if one.named and one.nearness == "same"}
        counts = Counter(one.entity for one in self.named if one.entity not in self.about)
        nearest_last = sorted(here, key=self._distance, reverse=True)
        distance = {one.entity: self._distance(one) for one in nearest_last if one.entity in counts}
        before = {one.entity: self.start - one.start for one in self.named if one.start < self.start}
        slugs = [slug for slug in counts if slug]

        best = max(fitting, key=lambda prop: (self._said(prop.slug), prop.slug), default=None)
        if best is not None and self._said(best.slug) < LIKELY:
            best = None

        def order(slug: str) -> tuple[bool, bool, bool, bool, bool, bool, int, int, str]:
            fits = any(self._takes(prop, slug) for prop in fitting)
            named_here = slug in distance
            return (
                slug != self.chosen,
                not fits,
                not (named_here and slug in valued),
                not named_here,
                slug not in valued,
                best is not None and not self._takes(best, slug),
                0 if named_here else -counts[slug],
                distance.get(slug, before.get(slug, len(self.text))),
                slug,
            )

        ranked = sorted({*slugs, *([self.chosen] if self.chosen in self.known.kinds else [])}, key=order)
        return tuple(ranked[:MOST_WHO])

    def _distance(self, mention: Mention) -> int:
        return min(abs(self.start - mention.end), abs(mention.start - self.end))

    def _asserter(self, here: Sequence[Mention], subject: str, matches: Sequence[Match]) -> str:
        """Who is named in the sentence, is not its subject, and asserts claims about it."""
        voices = {one.asserted_by for one in self.known.claims if one.subject == subject} - {"", subject}
        near = [one.entity for one in sorted(here, key=self._distance) if one.entity in voices]
        return near[0] or "" if near else ""

    # --- which property

    @cached_property
    def around(self) -> dict[str, Word]:
        """The words of the sentence by stem.

        Words between the neighboring figures count in full, the others of the sentence less; the words of the
        figures themselves and of names do not count.
        """
        first, last = self.sentence
        figures = [one for one in self.figures if first < one.end and one.start < last]
        others = [one for one in figures if not (one.start < self.end and self.start < one.end)]
        left = max([first, *(one.end for one in others if one.end <= self.start)])
        right = min([last, *(one.start for one in others if self.end <= one.start)])
        skipped = [(one.start, one.end) for one in figures]
        if self.figure is not None:
            skipped += [(one.start, one.end) for one in self.named if first < one.end and one.start < last]
        rare = rarity(self.text)
        found: dict[str, Word] = {}
        for stem, start, end in stems(self.text, first, last):
            if any(a < end and start < b for a, b in skipped):
                continue
            weight = (1.0 if left <= start < right else 0.4) * rare.get(stem, 1.0)
            if stem not in found or weight > found[stem].weight:
                found[stem] = Word(start, end, weight)
        return found

    def _said(self, slug: str) -> float:
        """How much the words around speak for the property."""
        return self._spoken(slug)[0]

    def _spoken(self, slug: str) -> tuple[float, tuple[Reason, ...]]:
        if slug not in self._heard:
            named, names = self.known.names.shared(slug, self.around)
            quoted, sayings = self.known.sayings.shared(slug, self.around)
            reasons = [Reason("named", phrases(self.text, names))] if names else []
            reasons += [Reason("quoted", phrases(self.text, sayings))] if sayings else []
            self._heard[slug] = NAMED * named + QUOTED * quoted, tuple(reasons)
        return self._heard[slug]

    def _properties(
        self, fitting: Iterable[KnownProperty], subject: str, matches: Sequence[Match]
    ) -> tuple[Likely, ...]:
        valued = {one.claim.property for one in matches if _speaks(one)}
        used = {one.property for one in self.known.claims if one.subject == subject}
        found = []
        for prop in fitting:
            if subject and not self._takes(prop, subject):
                continue
            score, reasons = self._spoken(prop.slug)
            if prop.slug in valued:
                score, reasons = score + SAME_VALUE, (Reason("value"), *reasons)
            if prop.slug in used:
                score, reasons = score + HAS_ONE, (*reasons, Reason("subject"))
            found.append(Likely(prop.slug, round(score, 6), reasons or (Reason("unit"),)))
        return tuple(sorted(found, key=lambda one: (-one.score, one.property)))

    # --- what it covers, and what it stands against

    def _terms(self, slug: str, subject: str, matches: Sequence[Match]) -> tuple[LikelyTerm, ...]:
        prop = self.known.by_slug.get(slug)
        if prop is None:
            return ()
        valued: dict[str, str] = {}
        for one in reversed(matches):
            if one.claim.property == slug and _speaks(one):
                valued.update(one.claim.scope)
        found = []
        for dimension in dict.fromkeys(term.dimension for term in prop.terms):
            best = self._term([term for term in prop.terms if term.dimension == dimension])
            if dimension in valued:
                found.append(LikelyTerm(dimension, valued[dimension], Reason("value")))
            elif best is not None:
                found.append(best)
        return tuple(found)

    def _term(self, terms: Sequence[KnownTerm]) -> LikelyTerm | None:
        scored = []
        for term in terms:
            score, words = self.known.coverage.shared((term.dimension, term.slug), self.around)
            if score >= LIKELY:
                scored.append((-score, term.slug, words))
        if not scored:
            return None
        _score, slug, words = min(scored, key=lambda one: one[:2])
        return LikelyTerm(terms[0].dimension, slug, Reason("named", phrases(self.text, words)))

    def _contrasts(self, slug: str, subject: str, terms: Sequence[LikelyTerm]) -> list[Contrast]:
        if self.value is None or self.value.time or not slug or not subject:
            return []
        ours = {one.dimension: one.term for one in terms}
        found = []
        for claim in self.known.claims:
            if (claim.subject, claim.property) != (subject, slug) or self._nearness(claim) is not None:
                continue
            if claim.base_unit != self.value.base_unit or self._can_both_hold(claim):
                continue
            found_gaps = [one for one in gaps(dict(claim.scope), ours) if one.first]
            differs = tuple((one.dimension, one.first, one.second) for one in found_gaps)
            kind: Literal["contradicts", "other-scope", "rounds"] = "contradicts"
            if self._rounds(claim):
                kind = "rounds"
            elif any(one.is_difference for one in found_gaps):
                kind = "other-scope"
            found.append(Contrast(claim, kind, differs))
        order = {"contradicts": 0, "rounds": 1, "other-scope": 2}
        return sorted(
            found, key=lambda one: (one.claim.deprecated, order[one.kind], len(one.scope), one.claim.ref)
        )

    def _can_both_hold(self, claim: KnownClaim) -> bool:
        assert self.value is not None  # noqa: S101  asked by the caller, for the type checker
        return meet(self.value.whole, Interval(claim.lower, claim.upper))

    def _rounds(self, claim: KnownClaim) -> bool:
        assert self.value is not None  # noqa: S101  asked by the caller, for the type checker
        return meet(Interval(*anchor(claim)), self.value.rounded)


def _speaks(one: Match) -> bool:
    """Whether the claim says what property and scope the figure has: the same value of the same subject, still held."""
    return one.named == "who" and one.nearness == "same" and not one.claim.deprecated
