"""What bytes are, by looking at them: a name or a server's word decides only where the bytes leave it open."""

from __future__ import annotations

import codecs
import re
from typing import Final

from kb.lib.saying import Fault, Sentence
from kb.lib.saying import gettext_noop as _

PDF: Final = "application/pdf"
HTML: Final = "text/html"
PLAIN: Final = "text/plain"

_ELSE: Final = (
    (b"PK\x03\x04", _("a ZIP archive or an office document")), (b"\xd0\xcf\x11\xe0", _("an old office document")),
    (b"\x1f\x8b", _("a gzip archive")), (b"Rar!", _("a RAR archive")), (b"7z\xbc\xaf", _("a 7z archive")),
    (b"\x89PNG", _("a picture")), (b"\xff\xd8\xff", _("a picture")), (b"GIF8", _("a picture")),
    (b"RIFF", _("a media file")), (b"{\\rtf", _("an RTF document")), (b"\x7fELF", _("a program")),
    (b"MZ", _("a program")), (b"%!PS", _("PostScript")),
    (b"ID3", _("a media file")), (b"OggS", _("a media file")), (b"\x00\x00\x00", _("a media file")),
)  # fmt: skip
_TEXTUAL: Final = (b"{\\rtf", b"%!PS")
# How pages begin (WHATWG MIME Sniffing, section 7.1), after what `_opening` takes away.
_PAGE: Final = re.compile(
    rb"<(!doctype\s+html|html|head|title|meta|body|script|style|iframe|h1"
    rb"|div|article|main|table|font|p|a|b|br)[\s>/]",
    re.IGNORECASE,
)
_TAG: Final = re.compile(rb"<(html|head|body|title|p|div|h1|article|span|a)[\s>]", re.IGNORECASE)


class Unreadable(Fault, ValueError):
    """The bytes give no text; the message says what they are and what to do."""


def media_type(data: bytes, declared: str = "") -> str:
    """PDF, HTML or PLAIN. Raises Unreadable for anything else, and for nothing."""
    if not data.strip():
        raise Unreadable(_("there is nothing in it"))
    start = data[:4096]
    if b"%PDF-" in start[:1024]:
        return PDF
    if found := next(
        (what for magic, what in _ELSE if start.startswith(magic) and _binary(magic, start)), ""
    ):
        raise Unreadable(
            _("it is %(kind)s, no text, page or PDF: save it as one of these"), kind=Sentence(found)
        )
    text = _as_ascii(start)
    if _PAGE.match(_opening(text)):
        return HTML
    if declared in (HTML, "application/xhtml+xml") and _TAG.search(text):
        return HTML
    return PLAIN


def _binary(magic: bytes, start: bytes) -> bool:
    """A text may well begin with “MZ”, but never holds a zero byte."""
    return not magic.isascii() or b"\0" in start or magic in _TEXTUAL


def _as_ascii(start: bytes) -> bytes:
    """The beginning as one byte a character, so that marks of ASCII can be looked for."""
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(bom):
            return start[2:].decode(encoding, "replace").encode("ascii", "replace")
    return start.removeprefix(codecs.BOM_UTF8)


def _opening(text: bytes) -> bytes:
    """The text from its first word or tag on: no white space, XML declaration or comments; nothing if one has no end.

    No regular expression: one that tries comments in every way needs twice the time for each more.
    """
    text = text.lstrip()
    if text[:5].lower() == b"<?xml":
        text = text.partition(b">")[2].lstrip()
    while text.startswith(b"<!--"):
        text = text[4:].partition(b"-->")[2].lstrip()
    return text


# Character sets ---------------------------------------------------------------------------------------------

# Names on the web and the codec that reads them (WHATWG Encoding); what is not here is not believed.
_SETS: Final = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "windows-31j": "cp932", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp", "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949", "utf8": "utf-8", "utf-8": "utf-8", "koi8-r": "koi8_r", "koi8-u": "koi8_u",
    "macintosh": "mac_roman", "windows-874": "cp874",
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"iso-8859-{number}": f"iso8859_{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}  # fmt: skip
# White space is taken whole (*+): tried in parts, a page full of it takes minutes.
_META: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*+=\s*+[\"']?\s*+([a-z0-9_:-]{2,40})", re.IGNORECASE)


def decoded(data: bytes, *, charset: str = "", page: bool = False) -> str:
    """The text of the bytes: by byte order mark, else by what the server says, else the page itself, else UTF-8.

    Raises Unreadable when nobody names the set and it is no UTF-8: the set is never guessed. Where a set is named and
    some bytes do not fit it, they read as U+FFFD, so that the damage shows.
    """
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")
    ):  # fmt: skip
        if data.startswith(bom) and (page or encoding != "utf-8"):
            return data[len(bom) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        stated = _META.search(data[:4096]) if page else None
        named = charset or (stated[1].decode("ascii") if stated else "")
        codec = _SETS.get(named.strip().lower())
        if codec is None:
            if named:
                raise Unreadable(
                    _(
                        "byte %(place)s is no UTF-8 (%(charset)s is not known here): "
                        "save the file as UTF-8 plain text"
                    ),
                    place=fault.start,
                    charset=named,
                ) from fault
            raise Unreadable(
                _("byte %(place)s is no UTF-8: save the file as UTF-8 plain text"), place=fault.start
            ) from fault
    return data.decode(codec, "replace")
