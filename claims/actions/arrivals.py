"""A document that nobody had before becomes a source of its own, with its first snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Final
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from claims.actions.captures import Captured, capture
from claims.actions.sources import SourceDraft, save_source
from claims.capturing.documents import Document
from claims.extraction.identify import UNDETERMINED, identify
from claims.models import Source
from kb.lib.text import one_line

SHORTEST_SLUG: Final = 4
LONGEST_TITLE: Final = 500
LONGEST_FIRST_LINE: Final = 200
LENGTH_OF_A_SCRIPT: Final = 4  # in a language tag: zh-Hant


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A document that came in, with what an editor said of it; what is empty is taken from the document."""

    data: bytes
    document: Document
    source_type: str
    title: str = ""
    language: str = ""
    url: str = ""  # where readers find it
    fetched_from: str = ""


def add_source(arrival: Arrival, *, by: User, at: datetime | None = None) -> Captured:
    """A draft of a new source with its first snapshot. Raises ValidationError; then nothing is kept."""
    document, at = arrival.document, at or timezone.now()
    title = arrival.title or _title(document)
    url = arrival.url or document.canonical
    draft = SourceDraft(
        slug=free_slug(title, url),
        title=title,
        language=arrival.language or _language(document),
        source_type=arrival.source_type,
        url=url,
        published_on=document.published_on,
    )
    with transaction.atomic():
        source = save_source(draft, by=by, why="captured", at=at)
        return capture(
            arrival.data, source, document=document, address=arrival.fetched_from,
            retrieved_on=at.date().isoformat(), by=by, at=at,
        )  # fmt: skip


def _title(document: Document) -> str:
    """The title that the document states, else the first line of its text that has words; never more than a line takes.

    The text stays as it is, direction marks and tabs included; a title may hold none.
    """
    stated = one_line(document.title, LONGEST_TITLE)
    lines = (one_line(line, LONGEST_FIRST_LINE) for line in document.text.splitlines())
    return stated or next(filter(None, lines), "")


def _language(document: Document) -> str:
    """The language of the text; pages that state another one (or a region: en-US) do so by their template's word."""
    stated = "-".join(document.language.split("-")[:2])
    if len(stated.partition("-")[2]) != LENGTH_OF_A_SCRIPT:
        stated = stated.partition("-")[0]
    found = identify(document.text, [stated] if stated else [])
    return stated if stated and found in (UNDETERMINED, stated.partition("-")[0]) else found


def free_slug(title: str, url: str) -> str:
    """A slug that no source has: from the title, else the host; titles in other scripts give none."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    slug = slugify(title)[:80].strip("-_")
    if len(slug) < SHORTEST_SLUG:
        slug = slugify(host.replace(".", "-")) or "source"
    slug = slug.replace("_", "-")
    taken = set(Source.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(one for one in chain([slug], (f"{slug}-{n}" for n in count(2))) if one not in taken)
