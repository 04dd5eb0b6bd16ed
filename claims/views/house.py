"""What the house says of itself: pages in the editors' words, and how to read all the others."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from claims.glossary import TERMS
from claims.ledger import read
from claims.ledger.joining import Said
from claims.ledger.read import Thing
from claims.views.kinds import KINDS
from claims.views.reading import Reading, page, show, standing

Shape = dict[str, Any]
FIRST: Final = "about"  # the slug of the page that opens /about/
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).disable("image")


@page
def about(request: HttpRequest, reading: Reading) -> HttpResponse:
    """The editors' first page where they published one, the titles of their others, and how to read the site."""
    rows = read.listed("page", reading.as_of).order_by("sort", "ref")
    pages = [Thing.of(row.record) for row in rows]
    first = next((one for one in pages if one.body["slug"] == FIRST), None)
    context = {
        "first": shaped(first, reading.language) if first else None,
        "others": [
            {"slug": one.body["slug"], "title": reading.joined.say(one.body["title"])}
            for one in pages
            if one is not first
        ],
        "kinds": KINDS,
        "terms": TERMS,
    }
    return show(request, reading, "kb/about.html", context)


@page
def house_page(request: HttpRequest, reading: Reading, key: str) -> HttpResponse:
    """One page of the house."""
    thing = standing(request, reading, "page", key, "page")
    if thing.body["slug"] == FIRST:
        return redirect(reverse("about") + reading.keep)
    return show(request, reading, "kb/page.html", {"house": shaped(thing, reading.language)})


def shaped(thing: Thing, language: str) -> Shape:
    """A page in the reader's language: title and text as prose, and the text as HTML. Headings begin at h2."""
    text = Said.of(thing.body["text"], language)
    return {
        "ref": thing.ref,
        "slug": thing.body["slug"],
        "title": Said.of(thing.body["title"], language),
        "text": text,
        "html": rendered(str(text)),
    }


def rendered(text: str) -> SafeString:
    """CommonMark as HTML: tags in it stay text, pictures stay links, and links lead to safe schemes only. A heading of
    the first level becomes one of the second, since the page has its own."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("rel", "nofollow noopener noreferrer")
    return SafeString(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
