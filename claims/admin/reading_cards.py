"""The cards of the reading desk: what is suggested for one figure, in words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from claims.admin.labels import label
from claims.extraction.results import Figure
from claims.models import Comparator, Property, ScopeDimension
from claims.suggesting.results import Contrast, Match, Reason, Suggestion
from claims.suggesting.values import TIMES, unit_of
from companies.models import Entity
from kb.lib.figures import quantity, time_label
from kb.lib.prose import FALLBACK, choose

Span = tuple[int, int]

PERIODS: Final = {
    "h": pgettext_lazy("rate", "an hour"),
    "d": pgettext_lazy("rate", "a day"),
    "wk": pgettext_lazy("rate", "a week"),
    "mo": pgettext_lazy("rate", "a month"),
    "y": pgettext_lazy("rate", "a year"),
}
SUSPECTS: Final = {
    "digit-lost": gettext_lazy("A digit is missing here: a word such as “million” has no number before it."),
    "separator": gettext_lazy("The point or comma can be read in two ways, and nothing else in the text decides it."),
    "unit": gettext_lazy("There is a number, but no unit that can be told for sure."),
}  # fmt: skip
REASONS: Final = {
    "named": gettext_lazy("its name is in the sentence: %(words)s"),
    "quoted": gettext_lazy("quotes of it have these words: %(words)s"),
    "value": gettext_lazy("a claim about the same subject has this value"),
    "subject": gettext_lazy("there are claims of it about the same subject"),
    "unit": gettext_lazy("only its unit fits"),
}


@dataclass(frozen=True)
class MatchRow:
    """A claim with the same value, and the one button."""

    claim: Any
    label: str
    url: str
    scope: str
    notes: Sequence[str]
    here: bool
    first: bool  # what the key for accepting takes


@dataclass(frozen=True)
class ContrastRow:
    """A claim that says otherwise, and in what the two differ."""

    kind: str
    held: str
    url: str
    scope: Sequence[str]
    deprecated: bool


@dataclass(frozen=True)
class Card:
    """One figure, or words chosen by hand, as the page shows it."""

    span: Span
    printed: str
    state: str  # open, done, skipped
    reading: str = ""
    suspect: str = ""
    before: str = ""
    after: str = ""
    current: bool = False
    by_hand: bool = False
    evidence_of: Sequence[tuple[str, str]] = ()
    found: Suggestion | None = None
    who: str = ""
    who_choices: Sequence[tuple[str, str]] = ()
    likely: str = ""
    reasons: Sequence[str] = ()
    terms: Sequence[tuple[str, str, str]] = ()
    matches: Sequence[MatchRow] = ()
    contrasts: Sequence[ContrastRow] = ()
    others: Sequence[ContrastRow] = ()  # those that cover something else
    urls: Mapping[str, str] = field(default_factory=dict)

    @property
    def flag(self) -> str:
        """What the closed card says of it: `differs` from what we hold, or is `held`."""
        if any(one.kind == "contradicts" and not one.deprecated for one in self.contrasts):
            return "differs"
        return "held" if any(one.first for one in self.matches) else ""

    @property
    def name(self) -> str:
        return f"{self.span[0]}-{self.span[1]}"


@dataclass(frozen=True)
class Names:
    """What things are called: entities and properties by slug, claims by ref, terms by dimension and term."""

    entities: Mapping[str, Entity]
    properties: Mapping[str, Property]
    claims: Mapping[str, Any]
    terms: Mapping[tuple[str, str], str]
    dimensions: Mapping[str, str]

    @classmethod
    def of(
        cls, entities: Mapping[str, Entity], vocabulary: Sequence[Property], claims: Mapping[str, Any]
    ) -> Names:
        scope: list[ScopeDimension] = [one for prop in vocabulary for one in prop.required_scope.all()]
        terms = {(one.slug, term.slug): str(term) for one in scope for term in one.terms.all()}
        return cls(
            entities, {one.slug: one for one in vocabulary}, claims, terms, {one.slug: str(one) for one in scope}
        )  # fmt: skip

    def entity(self, slug: str) -> str:
        return label(self.entities[slug]) if slug in self.entities else slug


def reading_of(figure: Figure, noun: str = "") -> str:
    """How the figure is read: about 50,000; more than $1.3 million a year; from $2 to $3; 12 April 2025."""
    if figure.value is None:
        return ""
    language = get_language() or FALLBACK
    if figure.kind in TIMES:
        return time_label(figure.value, language)
    words = quantity(figure.value, unit_of(figure), noun, language)
    if figure.value_max:
        words = f"{words} – {quantity(figure.value_max, unit_of(figure), noun, language)}"
    elif figure.comparator != "eq":
        words = f"{Comparator(figure.comparator).label} {words}"
    return f"{words} {PERIODS.get(figure.per, figure.per)}" if figure.per else words


def suspect_words(reason: str) -> str:
    """Why a figure is not read, as a sentence."""
    return str(SUSPECTS.get(reason) or _("It cannot be read safely (%(reason)s).") % {"reason": reason})


def card(text: str, found: Suggestion, names: Names, **given: Any) -> Card:
    """The card with its suggestion; `given` are the fields that do not come from it."""
    best = found.properties[0] if found.properties and found.properties[0].is_likely() else None
    prop = names.properties.get(best.property) if best else None
    noun = choose(prop.unit_label, get_language() or FALLBACK)[0] if prop else ""
    rows = [_contrast(one, names) for one in found.contrasts]
    figure = found.figure
    return Card(
        span=(found.start, found.end),
        printed=text[found.start : found.end],
        reading=reading_of(figure, noun) if figure else "",
        suspect=suspect_words(figure.suspect) if figure and figure.suspect else "",
        before=text[found.sentence[0] : found.start],
        after=text[found.end : found.sentence[1]],
        found=found,
        who=names.entity(found.who[0]) if found.who else "",
        who_choices=[(slug, names.entity(slug)) for slug in found.who],
        likely=label(prop) if prop else "",
        reasons=[reason_words(one) for one in best.reasons] if best else (),
        terms=[
            (
                names.dimensions.get(one.dimension, one.dimension),
                names.terms.get((one.dimension, one.term), one.term),
                reason_words(one.reason),
            )
            for one in found.terms
        ],
        matches=_matches(found, names),
        contrasts=[one for one in rows if one.kind != "other-scope"],
        others=[one for one in rows if one.kind == "other-scope"],
        **given,
    )


def reason_words(reason: Reason) -> str:
    return str(REASONS[reason.kind]) % {"words": ", ".join(f"“{word}”" for word in reason.words)}


def claim_url(claim: Any) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def scope_words(claim: Any) -> str:
    return ", ".join(str(one.term) for one in claim.scope.all())


def _matches(found: Suggestion, names: Names) -> list[MatchRow]:
    shown = [one for one in found.matches if one.claim.ref in names.claims]
    first = next((one for one in shown if one.named in ("who", "sentence") and not one.claim.here), None)
    return [_match(one, names, first=one is first) for one in shown]


def _match(one: Match, names: Names, *, first: bool) -> MatchRow:
    claim = names.claims[one.claim.ref]
    notes = []
    if one.nearness == "overlaps":
        notes.append(_("overlaps, not the same figure"))
    if not one.named:
        notes.append(_("its subject is not named in this text"))
    if one.claim.deprecated:
        notes.append(_("deprecated"))
    return MatchRow(claim, label(claim), claim_url(claim), scope_words(claim), notes, one.claim.here, first)


def _contrast(one: Contrast, names: Names) -> ContrastRow:
    claim = names.claims.get(one.claim.ref)
    differs = []
    for dimension, theirs, ours in one.scope:
        words = {
            "dimension": names.dimensions.get(dimension, dimension),
            "theirs": names.terms.get((dimension, theirs), theirs),
            "ours": names.terms.get((dimension, ours), ours),
        }
        differs.append(
            _("%(dimension)s: there %(theirs)s, here %(ours)s") % words
            if ours
            else _("%(dimension)s: there %(theirs)s") % words
        )
    return ContrastRow(
        one.kind,
        label(claim) if claim else one.claim.ref,
        claim_url(claim) if claim else "",
        differs,
        one.claim.deprecated,
    )
