"""Bytes in, a document out: what kind they are, their text, and what they say about themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from claims.capturing.addresses import believed, canonical
from claims.capturing.sniffing import HTML, PDF, PLAIN, Unreadable, decoded, media_type
from kb.lib import confined
from kb.lib.saying import Sentence
from kb.lib.saying import gettext_noop as _
from kb.lib.text import HostileText, clean, language_tag

LARGEST: Final = 20_000_000  # bytes of a file
LIMITS: Final = confined.Limits()
IN_A_REQUEST: Final = confined.Limits(
    seconds=15, cpu_seconds=15
)  # somebody waits, and so does a worker of the site
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOO_MUCH: Final = ("time", "memory", "output")
_UNREAD: Final = {
    HTML: _("the page could not be read: %(fault)s"),
    PDF: _("the PDF could not be read: %(fault)s"),
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a file or a page says. Empty where it says nothing; nothing here is guessed.

    `text` is what quotes are pinned to: a plain text as it is, the main text of a page (one paragraph a line, the
    title first), the text of a PDF (pages parted by an empty line). `canonical` is the address to know it by.
    """

    media_type: str
    text: str
    title: str = ""
    language: str = ""  # BCP 47, as the page states it
    canonical: str = ""
    published_on: str = ""  # an ISO day, as the page states it
    pages: int = 0  # of a PDF


def read(
    data: bytes,
    *,
    address: str = "",
    declared: str = "",
    charset: str = "",
    language: str = "",
    limits: confined.Limits = LIMITS,
) -> Document:
    """Read bytes that came from `address`, or from a file.

    `declared` and `charset` are a server's word, believed only where the bytes leave it open; `language` (bn, hi,
    vi, en) helps to read a scan. Pages and PDFs are parsed in a confined process. Raises Unreadable.
    """
    if len(data) > LARGEST:
        raise Unreadable(_("it is larger than %(most)s bytes"), most=f"{LARGEST:,}")
    kind = media_type(data, declared)
    own = canonical(address) if address else ""
    if kind == PLAIN:
        try:
            text = clean(
                decoded(data, charset=charset), what=Sentence(_("the file")), multiline=True, bidi_ok=True
            )
        except HostileText as fault:
            raise Unreadable(fault.sentence) from fault
        if not text.strip():
            raise Unreadable(_("there is nothing in it"))
        return Document(media_type=PLAIN, text=text, canonical=own)
    options: dict[str, Any] = (
        {"charset": charset, "address": address} if kind == HTML else {"language": language}
    )
    parser = "page" if kind == HTML else "pdf"
    try:
        said = confined.run(f"claims.capturing.parsing:{parser}", data, limits=limits, **options)
    except confined.Stopped as fault:
        why = fault.sentence
        if fault.cause != "parser":
            why = Sentence(_UNREAD[kind], {"fault": why})
        if fault.cause in _TOO_MUCH:
            why = Sentence(_("%(fault)s: save or paste only the part that you cite"), {"fault": why})
        raise Unreadable(why) from fault
    return Document(
        media_type=kind,
        text=said["text"],
        title=said["title"],
        language=_language(said.get("language", "")),
        canonical=believed(said.get("canonical", ""), address) if address else "",
        published_on=said.get("published_on", "") if _DAY.fullmatch(said.get("published_on", "")) else "",
        pages=said.get("pages", 0),
    )


def _language(stated: str) -> str:
    try:
        return language_tag(stated.strip().replace("_", "-")) if stated else ""
    except HostileText:
        return ""
