"""An article about a transfer fee, and what a browser finds on the page where it is read."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from claims.models import Claim, Source
from kb.lib import blobs
from tests import building as build

ARTICLE = """Deep Sea breaks the bank 🙂
Deep Sea paid a transfer fee of more than 5 million euros before tax, wrote the Gazette <b>& others</b>.
The fee was 7 million euros after tax, said Boca. Deep Sea was founded in 1902.
"""
FIVE, SEVEN, YEAR = "5 million euros", "7 million euros", "1902"


def at(words: str, text: str = ARTICLE) -> str:
    """The place of words as addresses write it."""
    return f"{text.index(words)}-{text.index(words) + len(words)}"


def an_article(text: str, slug: str = "article", **changes: Any) -> Source:
    """A source whose text is held."""
    blobs.write(text.encode())
    return build.a_source(slug, snapshots=[build.a_snapshot(text)], **changes)


def address(source: Source) -> str:
    return f"/admin/claims/source/{source.ref}/read/"


def card(page: Any, words: str) -> Any:
    return next(one for one in page.context["cards"] if one.printed == words)


class Lines(HTMLParser):
    """The text of each element with data-start, by that number."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[int, str] = {}
        self.at: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-start" in given:
            self.at = int(given["data-start"] or 0)
            self.lines[self.at] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.at = None

    def handle_data(self, data: str) -> None:
        if self.at is not None:
            self.lines[self.at] += data


def accept(claim: Claim, words: str = FIVE, **changes: Any) -> dict[str, Any]:
    values = {"decision": "evidence", "span": at(words), "seen": f"{claim.ref}:{claim.version}"}
    return values | changes
