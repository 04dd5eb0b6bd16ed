"""Claims, figures, dates and prose in templates; everything that becomes HTML is escaped here."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims import wording
from claims.glossary import TERMS
from claims.wording import language_attribute
from kb.lib import figures, spoken
from kb.lib import look as sheets
from kb.lib.marking import marked

register = template.Library()

Shape = Mapping[str, Any]
_WORDS: dict[str, Mapping[Any, Any]] = {
    "drift": wording.DRIFT,
    "quote": wording.QUOTES,
    "stance": wording.STANCES,
    "relation": wording.RELATIONS,
    "inverse": wording.INVERSES,
    "derivation": wording.DERIVATIONS,
    "derived": wording.DERIVATION_NAMES,
    "source_type": wording.SOURCE_TYPES,
    "dispute": wording.DISPUTE_STATES,
    "method": wording.METHODS,
    "credibility": wording.CREDIBILITY,
    "grounds": wording.GROUNDS,
    "reliability": wording.RELIABILITY,
    "data_type": wording.DATA_TYPES,
    "op": wording.OPS,
    "thing": wording.THINGS,
}


_FONTS = {
    "bn": ("serif-bengali-bengali-400", "serif-bengali-bengali-600", "sans-bengali-bengali-400"),
    "hi": (
        "serif-devanagari-devanagari-400",
        "serif-devanagari-devanagari-600",
        "sans-devanagari-devanagari-400",
    ),
    "vi": ("serif-vietnamese-400", "serif-vietnamese-600", "sans-vietnamese-400", "sans-vietnamese-600"),
}


def _here() -> str:
    return get_language() or "en"


def _keep(context: Context) -> str:
    reading = context.get("reading")
    return reading.keep if reading else ""


def entity_address(entity: Shape) -> str:
    return reverse(f"claims:{entity['kind']}", args=[entity["slug"]])


# --- addresses --------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *args: Any) -> str:
    """The address of a page, read as of the same edition as this one."""
    return reverse(name, args=args) + _keep(context)


@register.simple_tag(takes_context=True)
def entity_url(context: Context, entity: Shape) -> str:
    return entity_address(entity) + _keep(context)


@register.simple_tag(takes_context=True)
def claim_url(context: Context, claim: Shape) -> str:
    return reverse("claims:claim", args=[claim["ref"]]) + _keep(context)


@register.filter
def web(address: object) -> str:
    """An http(s) address, or nothing."""
    text = str(address or "")
    return text if urlsplit(text).scheme in {"http", "https"} else ""


@register.filter
def host(address: object) -> str:
    return (urlsplit(str(address or "")).hostname or "").removeprefix("www.")


@register.simple_tag(takes_context=True)
def narrow(context: Context, name: str, **parameters: str) -> str:
    """The address of a list narrowed by parameters, read as of the same edition as this page."""
    keep = _keep(context)
    return f"{reverse(name)}{keep}{'&' if keep else '?'}{urlencode(parameters)}"


@register.simple_tag(takes_context=True)
def bare(context: Context) -> str:
    """This page without what narrows it."""
    return str(context["request"].path) + _keep(context)


# --- claims -----------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def sentence(context: Context, claim: Shape, plain: bool = False) -> SafeString | str:
    """The claim as a sentence, its entities linked unless `plain`."""
    if plain:
        return wording.sentence(claim, _here())
    keep = _keep(context)
    return wording.sentence_html(claim, _here(), lambda entity: entity_address(entity) + keep)


@register.simple_tag
def sentence_inside(claim: Shape) -> SafeString:
    """The claim as a sentence inside a link: without links of its own, other languages marked."""
    return wording.sentence_html(claim, _here())


@register.simple_tag
def sentence_text(claim: Shape) -> str:
    """The claim as a plain sentence, to be put in a variable and marked."""
    return wording.sentence(claim, _here())


@register.simple_tag(takes_context=True)
def value(context: Context, claim: Shape, plain: bool = False) -> SafeString:
    """The value of a claim: a figure with its comparator, a date, a text, or an entity, linked unless `plain`."""
    said = claim["value"]
    if said.get("kind", "known") == "known":
        if said.get("amount") is not None:
            return figure(claim)
        if said.get("entity"):
            entity = said["entity"]
            if plain:
                return said_inline(entity["label"])
            address = entity_address(entity) + _keep(context)
            return format_html(
                '<a href="{}"{}>{}</a>', address, language_attribute(entity, _here()), entity["label"]
            )
        if said.get("text"):
            return said_inline(said["text"])
    return format_html("{}", wording.value_text(claim, _here()))


@register.simple_tag
def figure(claim: Shape) -> SafeString:
    """The figure as a thing: the number strong, the comparator light beside it."""
    pattern = wording.comparator_pattern(claim)
    before, _mark, after = pattern.partition("%(value)s")
    bare = format_html("<b>{}</b>", wording.figure_text(claim, _here()))
    head = format_html('<span class="figure__bound">{}</span>', before) if before.strip() else ""
    tail = format_html('<span class="figure__bound">{}</span>', after) if after.strip() else ""
    return format_html('<span class="figure">{}{}{}</span>', head, bare, tail)


@register.simple_tag
def full_figure(claim: Shape) -> str:
    """All the digits, where the figure was shortened to a word; else nothing."""
    said = claim["value"]
    if said.get("amount") is None:
        return ""
    full = figures.digits(said["amount"], _here())
    return "" if full in wording.figure_text(claim, _here()) else full


@register.filter
def when(claim: Shape) -> str:
    """The time of the event a claim tells of."""
    return wording.when_text(claim, _here())


@register.filter
def covers(claim: Shape) -> str:
    return wording.covers_text(claim)


@register.simple_tag
def why_it_leads(row: Shape) -> str:
    """Why a claim leads among those about one thing (`claims.leading`), with the count of the next one."""
    first, behind = row["claim"], row["next"]
    match row["why"]:
        case "only":
            return _("the only claim")
        case "preferred":
            return _("editors prefer it")
        case "exact":
            return _("the exact figure; others round or misreport it")
        case "origins" | "sources" as count:
            words = (
                _("most origins: %(most)s, the next %(next)s")
                if count == "origins"
                else _("as many origins, most sources: %(most)s, the next %(next)s")
            )
            return words % {"most": whole(first[count]), "next": whole(behind[count])}
        case "newest":
            return _("as many origins and sources, the newest statement")
    return _("equal in all counts; one had to stand first")


@register.simple_tag
def kind_name(entity: Shape) -> object:
    """What kind of thing an entity is: Company."""
    kind = wording.KIND_NAMES.get(entity["kind"])
    return kind or entity["kind"]


# --- words, dates, numbers --------------------------------------------------------------------------------------------


@register.filter
def time(found: Any) -> str:
    """A date of the ledger in words."""
    return figures.time_label(found, _here())


@register.filter
def dated(found: Any) -> str:
    """The date of a document: an open interval is one day somewhere in it."""
    return figures.time_label(found, _here(), moment=True)


@register.filter
def day(at: datetime | None) -> str:
    """The day of a point in time, UTC."""
    return figures.time_label(at.date().isoformat(), _here()) if at else ""


@register.filter
def whole(number: int) -> str:
    return figures.whole(int(number), _here())


@register.filter
def numeral(number: object) -> str:
    """A count or a version in the digits that the language writes."""
    return spoken.numeral(number)


@register.filter
def plain(number: int) -> str:
    """A number for an address, whatever the language writes."""
    return str(int(number))


@register.filter
def first_upper(text: SafeString) -> SafeString:
    """Text or a span of it with a capital first letter, for a heading."""
    return text if text.startswith("<") else SafeString(text[:1].upper() + text[1:])


@register.filter
def marking(text: object, query: str) -> SafeString:
    """The text with what matches the query in <mark>."""
    pieces = (
        (format_html("<mark>{}</mark>", piece) if hit else piece,) for piece, hit in marked(str(text), query)
    )
    return format_html_join("", "{}", pieces)


@register.filter
def word(code: Any, family: str) -> str:
    """The word for a code of the vocabulary: `{{ item|word:"drift" }}`."""
    return str(_WORDS[family].get(code, code or ""))


@register.filter
def language_name(tag: str) -> str:
    """A language's name in the reader's language: Bengali."""
    return figures.language_name(str(tag), _here())


# --- prose ------------------------------------------------------------------------------------------------------------


def foreign(text: object) -> str:
    """The language of a text that is not in the page's language, else nothing."""
    tag = str(getattr(text, "language", "") or "")
    return "" if not tag or tag.split("-")[0] == _here().split("-")[0] else tag


@register.filter
def said_inline(text: Any) -> SafeString:
    """Editors' text; in a span with its language where that is not the page's."""
    tag = foreign(text)
    return format_html('<span lang="{}">{}</span>', tag, text) if tag else format_html("{}", text)


@register.filter
def said(text: Any) -> SafeString:
    """Editors' prose; a fallback carries its language and says so."""
    tag = foreign(text)
    if not tag:
        return format_html("{}", text)
    return format_html(
        '<span lang="{}">{}</span> <span class="fallback">{}</span>', tag, text, language_note(text)
    )


@register.filter
def is_foreign(text: object) -> bool:
    """Whether a text is a fallback, in another language than the page's."""
    return bool(foreign(text))


@register.filter
def language_note(text: object) -> str:
    """Which language a fallback is in."""
    return _("in %(language)s") % {"language": language_name(foreign(text))}


@register.filter
def lang_of(text: object) -> SafeString:
    """The attribute ` lang="…"` of a block that holds a fallback."""
    tag = foreign(text)
    return format_html(' lang="{}"', tag) if tag else SafeString("")


@register.filter
def lang(thing: Shape) -> SafeString:
    """The attribute ` lang="…"` of a label or title in another language than the page's.

    A title in plain ASCII is left alone: editors describe untitled documents in English.
    """
    if str(thing.get("title") or "é").isascii():
        return SafeString("")
    return language_attribute(thing, _here())


@register.simple_tag
def local_code() -> str:
    """The page's language."""
    return _here()


@register.simple_tag
def json_ld(linked: Shape) -> SafeString:
    """What the page says to programs (`claims.linked`), in a script element that a browser does not run."""
    text = json.dumps(linked, ensure_ascii=False).translate(
        {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
    )
    return SafeString(f'<script type="application/ld+json">{text}</script>')


@register.simple_tag(takes_context=True)
def term(context: Context, code: str, words: object = "") -> SafeString:
    """A term of art, or `words` for it, as a button that opens its explanation; it works without a script."""
    name, explanation = TERMS[code]
    request = context["request"]
    request.terms = number = getattr(request, "terms", 0) + 1
    return format_html(
        '<button type="button" class="term" popovertarget="term-{}">{}</button>'
        '<span class="term__about" id="term-{}" popover><b>{}</b> {}</span>',
        number, words or name, number, name, explanation,
    )  # fmt: skip


# --- the frame --------------------------------------------------------------------------------------------------------


@register.simple_tag
def look() -> str:
    """The address of the site's style sheet."""
    return reverse("look", args=[sheets.look()[1]])


@register.filter
def fonts(language: str) -> list[str]:
    """The fonts that a page in a language opens with: Latin, and its own script."""
    names = [f"noto-{family}-latin-{weight}" for family in ("serif", "sans") for weight in (400, 600)]
    names += [f"noto-{name}" for name in _FONTS.get(language, ())]
    return [static(f"fonts/{name}-normal.woff2") for name in names]


@register.filter
def year_name(year: int) -> str:
    """A year as the language writes it, without thousands."""
    return figures.localized_digits(str(year), _here())
