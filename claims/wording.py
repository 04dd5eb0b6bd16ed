"""What a claim says, in words made from its structure: its value, its sentence, its time, what it covers.

Claims come in the reading shape (`claims.ledger.joining`). Patterns and labels are editors' text, so everything
is escaped where it becomes HTML.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from kb.lib.figures import listed, quantity, time_label, time_phrase

Claim = Mapping[str, Any]
Links = Callable[[Mapping[str, Any]], str]

_SLOT: Final = re.compile(r"\{(subject|value|when|asserter)\}")
_UNKNOWN: Final[dict[str, str | Promise]] = {
    "unknown": gettext_lazy("not known"),
    "none": gettext_lazy("none"),
    "undisclosed": gettext_lazy("not disclosed"),
}
_COMPARATORS: Final[dict[str, str | Promise]] = {
    "approx": gettext_lazy("about %(value)s"),
    "gt": gettext_lazy("more than %(value)s"),
    "ge": gettext_lazy("at least %(value)s"),
    "lt": gettext_lazy("less than %(value)s"),
    "le": gettext_lazy("at most %(value)s"),
}
COMPARATORS: Final[dict[str, str | Promise]] = {
    "eq": gettext_lazy("exactly"),
    "approx": gettext_lazy("about"),
    "gt": gettext_lazy("more than"),
    "ge": gettext_lazy("at least"),
    "lt": gettext_lazy("less than"),
    "le": gettext_lazy("at most"),
    "range": gettext_lazy("between"),
}
VALUE_KINDS: Final[dict[str, str | Promise]] = {"known": gettext_lazy("known"), **_UNKNOWN}
DATA_TYPES: Final[dict[str, str | Promise]] = {
    "amount": gettext_lazy("amount"),
    "entity": gettext_lazy("entity"),
    "text": gettext_lazy("text"),
    "time": gettext_lazy("time"),
}
MODES: Final[dict[str, str | Promise]] = {
    "attributed": gettext_lazy("attributed: someone says so"),
    "endorsed": gettext_lazy("endorsed: we say so"),
}
RANKS: Final[dict[str, str | Promise]] = {
    "preferred": gettext_lazy("preferred"),
    "normal": gettext_lazy("normal"),
    "deprecated": gettext_lazy("deprecated"),
}
METHODS: Final[dict[str, str | Promise]] = {
    "measured": gettext_lazy("measured"),
    "reported": gettext_lazy("reported"),
    "estimated": gettext_lazy("estimated"),
    "calculated": gettext_lazy("calculated"),
}
CREDIBILITY: Final[dict[int, str | Promise]] = {
    1: gettext_lazy("confirmed by independent voices"),
    2: gettext_lazy("probably true"),
    3: gettext_lazy("possibly true"),
    4: gettext_lazy("doubtful"),
    5: gettext_lazy("improbable"),
    6: gettext_lazy("cannot be judged"),
}
GROUNDS: Final[dict[str, str | Promise]] = {  # of each rule of claims.grading
    "no-support": gettext_lazy("no published source supports it"),
    "misreport": gettext_lazy("it misreports another claim, which is linked below"),
    "outnumbered": gettext_lazy("more origins contradict it than voices support it"),
    "refuted": gettext_lazy("an origin contradicts it"),
    "ungraded": gettext_lazy("none of those it comes from has been graded"),
    "contested": gettext_lazy("it has one voice, and another figure stands against it"),
    "contested-voices": gettext_lazy("independent voices say so, but another figure stands against it"),
    "unreliable": gettext_lazy("it has one voice, and that is not usually reliable"),
    "unreliable-voices": gettext_lazy("independent voices say so, but none of them is usually reliable"),
    "confirmed": gettext_lazy("independent voices say so, at least two of them fairly reliable or better"),
    "corroborated": gettext_lazy("independent voices say so, one of them fairly reliable or better"),
    "first-hand": gettext_lazy(
        "it stands in a primary document of a reliable publisher; no second voice confirms it"
    ),
    "one-voice": gettext_lazy("it has one voice, fairly reliable or better; no second voice confirms it"),
}
RELIABILITY: Final[dict[str, str | Promise]] = {
    "A": gettext_lazy("reliable"),
    "B": gettext_lazy("usually reliable"),
    "C": gettext_lazy("fairly reliable"),
    "D": gettext_lazy("not usually reliable"),
    "E": gettext_lazy("unreliable"),
    "F": gettext_lazy("cannot be judged"),
}
DRIFT: Final[dict[str, str | Promise]] = {
    "digit-lost": gettext_lazy("digit lost"),
    "separator": gettext_lazy("separator misread"),
    "unit": gettext_lazy("unit changed"),
    "scope": gettext_lazy("scope changed"),
    "relation": gettext_lazy("relation changed"),
    "date": gettext_lazy("date changed"),
    "attribution": gettext_lazy("attribution changed"),
}
QUOTES: Final[dict[str, str | Promise]] = {
    "verified": gettext_lazy("found in the text"),
    "not-held": gettext_lazy("quoted; we keep no copy of the text"),
    "stale": gettext_lazy("stale: a newer copy of the text differs"),
}
STANCES: Final[dict[str, str | Promise]] = {
    "supports": gettext_lazy("supports"),
    "refutes": gettext_lazy("contradicts"),
    "mentions": gettext_lazy("mentions"),
}
RELATIONS: Final[dict[str, str | Promise]] = {
    "rounds": gettext_lazy("Rounds"),
    "misreports": gettext_lazy("Misreports"),
    "narrows": gettext_lazy("Narrows"),
    "part-of": gettext_lazy("Part of"),
    "supersedes": gettext_lazy("Supersedes"),
}
INVERSES: Final[dict[str, str | Promise]] = {  # the relations as they read from the other claim
    "rounds": gettext_lazy("Rounded in"),
    "misreports": gettext_lazy("Misreported in"),
    "narrows": gettext_lazy("Made more exact by"),
    "part-of": gettext_lazy("Has as a part"),
    "supersedes": gettext_lazy("Superseded by"),
}
DERIVATIONS: Final[dict[str, str | Promise]] = {
    "copy": gettext_lazy("copy of"),
    "translation": gettext_lazy("translation of"),
    "rewrite": gettext_lazy("rewrite of"),
    "summary": gettext_lazy("summary of"),
    "quotation": gettext_lazy("quotation from"),
}
DERIVATION_NAMES: Final[dict[str, str | Promise]] = {
    "copy": gettext_lazy("copy"),
    "translation": gettext_lazy("translation"),
    "rewrite": gettext_lazy("rewrite"),
    "summary": gettext_lazy("summary"),
    "quotation": gettext_lazy("quotation"),
}
SOURCE_TYPES: Final[dict[str, str | Promise]] = {
    "primary": gettext_lazy("primary source"),
    "secondary": gettext_lazy("secondary source"),
    "tertiary": gettext_lazy("tertiary source"),
}
DISPUTE_STATES: Final[dict[str, str | Promise]] = {
    "contested": gettext_lazy("contested"),
    "different-scope": gettext_lazy("different scopes"),
    "superseded": gettext_lazy("superseded"),
    "copy-error": gettext_lazy("copying error"),
    "settled": gettext_lazy("settled"),
}
OPS: Final[dict[str, str | Promise]] = {
    "added": gettext_lazy("added"),
    "modified": gettext_lazy("changed"),
    "withdrawn": gettext_lazy("withdrawn"),
    "redacted": gettext_lazy("removed"),
}
KIND_NAMES: Final[dict[str, str | Promise]] = {
    "company": gettext_lazy("Company"),
    "hardware": gettext_lazy("Hardware"),
    "model": gettext_lazy("Model"),
    "person": gettext_lazy("Person"),
    "organization": gettext_lazy("Organization"),
    "technique": gettext_lazy("Technique"),
    "policy": gettext_lazy("Policy"),
    "event": gettext_lazy("Event"),
    "facility": gettext_lazy("Facility"),
    "publication": gettext_lazy("Publication"),
}
NAME_ROLES: Final[dict[str, str | Promise]] = {
    "label": gettext_lazy("label"),
    "alias": gettext_lazy("alias"),
    "abbreviation": gettext_lazy("abbreviation"),
    "transliteration": gettext_lazy("transliteration"),
    "misspelling": gettext_lazy("misspelling"),
}
THINGS: Final[dict[str, str | Promise]] = {
    "claim": gettext_lazy("Claim"),
    "source": gettext_lazy("Source"),
    "entity": gettext_lazy("Entity"),
    "publisher": gettext_lazy("Publisher"),
    "property": gettext_lazy("Property"),
    "scope-dimension": gettext_lazy("Scope"),
    "dispute": gettext_lazy("Dispute"),
    "timeline": gettext_lazy("Timeline"),
    "page": gettext_lazy("Page of the house"),
}


def comparator_pattern(claim: Claim) -> str:
    """What stands around the figure: "about %(value)s"; "%(value)s" for an exact one."""
    found = _COMPARATORS.get(claim["value"].get("comparator") or "eq")
    return str(found) if found else "%(value)s"


def figure_text(claim: Claim, language: str) -> str:
    """The bare figure of a claim: $6 million; a range with both ends. Only for amounts."""
    value = claim["value"]
    label = claim["property"].get("unit_label") or ""
    figure = quantity(value["amount"], value.get("unit"), label, language)
    if value.get("comparator") == "range" and value.get("upper_amount") is not None:
        upper = quantity(value["upper_amount"], value.get("unit"), label, language)
        return pgettext("amounts", "%(lower)s to %(upper)s") % {"lower": figure, "upper": upper}
    return figure


def value_text(claim: Claim, language: str) -> str:
    """The value in words, its comparator included: about $6 million; High-Flyer; May 2023; not disclosed."""
    value = claim["value"]
    if (kind := value.get("kind", "known")) != "known":
        return str(_UNKNOWN.get(kind, kind))
    if value.get("amount") is not None:
        return comparator_pattern(claim) % {"value": figure_text(claim, language)}
    if value.get("entity"):
        return str(value["entity"]["label"])
    if value.get("time"):
        return time_label(value["time"], language)
    return str(value.get("text") or "")


def when(claim: Claim) -> dict[str, Any] | None:
    """The time of the event a claim tells of: its value, else its point in time, else its span of validity."""
    single = claim["value"].get("time") or claim.get("point_in_time")
    if single:
        return dict(single)
    first, last = claim.get("valid_from"), claim.get("valid_to")
    if not first and not last:
        return None
    return {
        "edtf": f"{_end(first)}/{_end(last)}",
        "earliest": first["earliest"] if first else None,
        "latest": last["latest"] if last else None,
    }


def _end(time: Mapping[str, Any] | None) -> str:
    return ".." if not time or "/" in time["edtf"] else str(time["edtf"])


def when_text(claim: Claim, language: str) -> str:
    """The time of a claim in words; nothing when it has none."""
    return time_label(when(claim), language)


def covers_text(claim: Claim) -> str:
    """What the figure covers, term after term; what is said of two dimensions in the same words is said once."""
    terms = [str(one.get("term_label") or one["term"]) for one in claim.get("scope") or []]
    return " · ".join(dict.fromkeys(terms))


def sentence(claim: Claim, language: str) -> str:
    """The claim as one plain sentence, without a full stop; for titles, labels and feeds."""
    parts = [text for _slot, text in _filled(claim, language)]
    return _capitalized("".join(parts))


def names_asserter(claim: Claim) -> bool:
    """Whether there is nobody to be named beside the sentence: it says who asserts it, or nobody does."""
    return not claim["asserted_by"] or "{asserter}" in (claim["property"].get("sentence") or "")


def sentence_html(claim: Claim, language: str, links: Links | None = None) -> SafeString:
    """The same with entities as links (`links` gives an entity's address), the figure and other languages marked."""
    pieces: list[SafeString] = []
    for index, (slot, text) in enumerate(_filled(claim, language)):
        shown = _capitalized(text) if index == 0 else text
        pieces.append(_marked(claim, slot, shown, links, language))
    return mark_safe("".join(pieces))  # noqa: S308  every piece is escaped by _marked


def subjects(claim: Claim) -> list[Mapping[str, Any]]:
    """Whom the claim is about: its subject, or all of a row that stands for several claims (`claims.events`)."""
    return list(claim.get("subjects") or [claim["subject"]])


def subject_text(claim: Claim, language: str) -> str:
    return listed([str(one["label"]) for one in subjects(claim)], language)


def _marked(claim: Claim, slot: str, text: str, links: Links | None, language: str) -> SafeString:
    if slot == "subject" and len(about := subjects(claim)) > 1:
        pieces = re.split(r"\0(\d+)\0", listed([f"\0{index}\0" for index in range(len(about))], language))
        shown = [
            _marked(
                {"subject": about[int(piece)], "value": {}}, slot, about[int(piece)]["label"], links, language
            )
            if index % 2
            else escape(piece)
            for index, piece in enumerate(pieces)
        ]
        return mark_safe("".join(shown))  # noqa: S308  every piece is escaped
    entity = {
        "subject": claim["subject"],
        "value": claim["value"].get("entity"),
        "asserter": claim.get("asserted_by"),
    }.get(slot)
    if entity and links:
        return format_html('<a href="{}"{}>{}</a>', links(entity), language_attribute(entity, language), text)
    if entity:
        tag = language_attribute(entity, language)
        return format_html("<span{}>{}</span>", tag, text) if tag else escape(text)
    if slot == "value" and claim["value"].get("amount") is not None:
        return format_html('<span class="figure">{}</span>', text)
    said = (
        claim["property"].get("sentence")
        if not slot
        else claim["value"].get("text")
        if slot == "value"
        else None
    )
    tag = language_attribute({"language": getattr(said, "language", "")}, language)
    return format_html("<span{}>{}</span>", tag, text) if tag and text.strip() else escape(text)


def language_attribute(entity: Mapping[str, Any], language: str) -> SafeString:
    """` lang="zh"` for a label in another language than the page's, else nothing."""
    tag = str(entity.get("language") or "")
    if not tag or tag.split("-")[0] == language.split("-")[0]:
        return SafeString("")
    return format_html(' lang="{}"', tag)


def _filled(claim: Claim, language: str) -> list[tuple[str, str]]:
    """(slot, text) pairs in order; the slot of plain words is empty."""
    pattern = claim["property"].get("sentence") or ""
    if "{subject}" not in pattern:
        return [
            ("subject", subject_text(claim, language)),
            ("", _(": %(property)s ") % {"property": claim["property"]["label"]}),
            ("value", value_text(claim, language)),
        ]
    parts: list[tuple[str, str]] = []
    position = 0
    for found in _SLOT.finditer(pattern):
        if literal := pattern[position : found.start()]:
            parts.append(("", literal))
        parts.append((found[1], _slot_text(claim, found[1], language)))
        position = found.end()
    if literal := pattern[position:]:
        parts.append(("", literal))
    return parts


def _slot_text(claim: Claim, slot: str, language: str) -> str:
    if slot == "subject":
        return subject_text(claim, language)
    if slot == "value":
        return value_text(claim, language)
    if slot == "when":
        time = claim["value"].get("time")
        return time_phrase(time, language) if time else value_text(claim, language)
    asserter = claim.get("asserted_by")
    return str(asserter["label"]) if asserter else _("an unnamed source")


def _capitalized(text: str) -> str:
    """The text with a capital first letter; names that begin in lower case with a capital inside stay."""
    head = text.split(" ", 1)[0]
    if not text or any(character.isupper() for character in head):
        return text
    return text[0].upper() + text[1:]
