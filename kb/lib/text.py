"""Text from strangers: refused when it hides something, folded for search, hashed, written as canonical JSON.

What is published is quoted byte for byte, so text is taken as it is or refused with the place and the remedy.
Nothing here repairs text, but for `one_line`, which serves our own words about a document.
"""

import hashlib
import json
import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from kb.lib.saying import Fault, Sentence
from kb.lib.saying import gettext_noop as _

LONGEST_URL: Final = 2000
DEEPEST: Final = 100


class HostileText(Fault, ValueError):
    """The text holds characters that hide, break or reorder it; the message says where and what to do."""


class NotCanonical(ValueError):
    """The value has no canonical JSON; the message gives the path of the fault ($.value.amount)."""


_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    chr(plane + low) for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)
)
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_DIRECTION: Final = re.compile(f"[{_BIDI}]")
_NEVER: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff" + _NONCHARACTERS
_LINES: Final = "\t\n\u2028\u2029"
_HOSTILE: Final = {
    (multiline, bidi_ok): re.compile(
        f"[{_NEVER}{'' if multiline else _LINES}{'' if bidi_ok else _BIDI}]"
    )
    for multiline in (False, True)
    for bidi_ok in (False, True)
}  # fmt: skip
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean(
    text: str, *, what: str | Sentence, multiline: bool = False, bidi_ok: bool = False, strip: bool = False
) -> str:
    """Return the text as it is, or raise HostileText naming ``what``, the position and the code point.

    ``multiline`` takes tabs and line feeds (never carriage returns: see ``unix_lines``), ``bidi_ok`` takes
    direction controls (for captured quotes), ``strip`` drops outer white space. Joiners (ZWJ, ZWNJ) are
    spelling in Indic scripts and Persian, and always pass.
    """
    if strip:
        text = text.strip()
    if found := _HOSTILE[multiline, bidi_ok].search(text):
        character = found.group()
        raise HostileText(
            _("%(what)s: character %(number)s is U+%(code)s, %(remedy)s."),
            what=what,
            number=found.start() + 1,
            code=f"{ord(character):04X}",
            remedy=_remedy(character),
        )
    return text


def one_line(text: str, most: int) -> str:
    """At most `most` characters of the text as one line that `clean` takes: for a note or a title of our own making.

    Direction controls fall out, white space and whatever else is refused become one space. Never for a quote.
    """
    return " ".join(_HOSTILE[False, False].sub(" ", _DIRECTION.sub("", text)).split())[:most].strip()


def unix_lines(text: str) -> str:
    """The text with the line ends of browsers' forms (CR LF) as line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _remedy(character: str) -> Sentence:
    if _SURROGATE.match(character):
        return Sentence(_("half of a surrogate pair; send the text as valid UTF-8"))
    if character in "\t\n\r\u2028\u2029":
        return Sentence(_("a tab or line break; write one line, or plain line feeds where lines are allowed"))
    if unicodedata.category(character) == "Cc":
        return Sentence(_("a control character; remove it"))
    if unicodedata.category(character) == "Cf":
        return Sentence(_("an invisible direction control that can disguise text; remove it"))
    return Sentence(_("not a character of Unicode; remove it"))


_URL_FORBIDDEN: Final = re.compile(rf"[\s\\<>\"{_NEVER}{_BIDI}\u200b-\u200d\u2060\ufeff]")


def check_url(url: str) -> str:
    """Return an absolute http or https address unchanged, or raise HostileText.

    Nothing is resolved: whether its host may be fetched is for the fetcher to decide.
    """
    if len(url) > LONGEST_URL:
        raise HostileText(
            _("Address: %(number)s characters are too many, the most is %(most)s."),
            number=len(url),
            most=LONGEST_URL,
        )
    if found := _URL_FORBIDDEN.search(url):
        raise HostileText(
            _(
                "Address: character %(number)s is U+%(code)s, "
                "which no address holds; remove it or percent-encode it."
            ),
            number=found.start() + 1,
            code=f"{ord(found.group()):04X}",
        )
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise HostileText(
            _("The address cannot be read (%(error)s): write https://host/path."), error=error
        ) from error
    if parts.scheme not in {"http", "https"}:
        raise HostileText(_("The address must start with https:// or http://: write https://host/path."))
    if "@" in parts.netloc:
        raise HostileText(_("The address holds a user name or password before @: write it without."))
    if not host or not any(character.isalnum() for character in host) or "%" in host:
        raise HostileText(_("The address names no host: write https://host/path."))
    return url


_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*)"
    r"(?P<private>-x(?:-[a-z0-9]{1,8})+)?",
    re.ASCII,
)


def language_tag(tag: str) -> str:
    """Return a well-formed BCP 47 tag (RFC 5646) in canonical case, or raise HostileText.

    Registered meanings are not looked up; grandfathered (i-klingon) and wholly private tags are refused.
    """
    found = _TAG.fullmatch(tag.lower()) if len(tag) <= 60 and tag.isascii() else None
    if not found:
        raise HostileText(
            _("%(tag)s is no language tag: write en, bn or zh-Hant, say (BCP 47)."), tag=repr(tag[:60])
        )
    variants = found["variants"].split("-")[1:]
    singletons = re.findall(r"-([a-z0-9])(?=-)", found["extensions"])
    if len(set(variants)) < len(variants) or len(set(singletons)) < len(singletons):
        raise HostileText(
            _("%(tag)s repeats a part: write each variant and extension once (BCP 47)."), tag=repr(tag)
        )
    parts = [found["language"]]
    if found["script"]:
        parts.append(found["script"].title())
    if found["region"]:
        parts.append(found["region"].upper())
    return "-".join(parts) + found["variants"] + found["extensions"] + (found["private"] or "")


class _Folding(dict[int, str]):
    """For str.translate: characters as search compares them, worked out once each."""

    _LETTERS: Final = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i"}
    # Width, font and joining make no other letter; superscripts, fractions and ™ do: 10² is not 102.
    _SAME_LETTER: Final = frozenset(
        {"<wide>", "<narrow>", "<font>", "<noBreak>", "<compat>"}
        | {"<initial>", "<medial>", "<final>", "<isolated>"}
    )
    _IGNORED: Final = frozenset("\u00ad\u034f\u061c\u180e\ufeff") | {
        chr(code)
        for first, last in ((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F))
        for code in range(first, last + 1)
    }

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in self._IGNORED:
            folded = ""
        elif character in self._LETTERS:
            folded = self._LETTERS[character]
        elif unicodedata.category(character) == "Nd":
            folded = str(unicodedata.decimal(character))
        elif unicodedata.decomposition(character).split(" ")[0] in self._SAME_LETTER:
            folded = unicodedata.normalize("NFKD", character).casefold().translate(self)
        else:
            folded = character
        self[code] = folded
        return folded


_FOLDING: Final = _Folding()
_LATIN_ACCENTS: Final = re.compile("([a-zæœ])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]+")


def fold(text: str) -> str:
    """The text as search compares it, the same for every spelling of it; folding twice changes nothing.

    Case, accents of Latin letters (đ too), the digits of every script, width, joiners and white space fold
    away. Vowel signs, nuktas and the marks of other scripts stay, in one normal form (NFC, in which Bengali
    U+09DF is two characters).
    """
    folded = unicodedata.normalize("NFD", text).casefold().translate(_FOLDING)
    folded = unicodedata.normalize("NFD", folded).casefold()
    folded = _LATIN_ACCENTS.sub(r"\1", folded)
    return " ".join(unicodedata.normalize("NFC", folded).split())


def sha256_text(text: str) -> str:
    """The sha-256 of the text's UTF-8 bytes in hexadecimal; raises HostileText for lone surrogates."""
    try:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError as error:
        raise HostileText(
            _("Text to hash: character %(number)s is %(remedy)s."),
            number=error.start + 1,
            remedy=_remedy(text[error.start]),
        ) from error


def canonical_json(value: object) -> str:
    """The one JSON text of a value: keys sorted by code point, no spaces, nothing escaped without need.

    Takes dicts with text keys, lists, tuples, text, integers, booleans and None; anything else raises
    NotCanonical, floats above all: a decimal is written as text.
    """
    _check_canonical(value, "$", 0)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _check_canonical(value: object, path: str, depth: int) -> None:
    if depth > DEEPEST:
        raise NotCanonical(f"{path[:200]}: nested deeper than {DEEPEST}.")
    if isinstance(value, str):
        if found := _SURROGATE.search(value):
            raise NotCanonical(f"{path}: character {found.start() + 1} is {_remedy(found.group())}.")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{path}: the key {key!r} is {type(key).__name__}; keys are text.")
            if _SURROGATE.search(key):
                raise NotCanonical(f"{path}: the key {key!r} holds half of a surrogate pair.")
            _check_canonical(item, f"{path}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _check_canonical(item, f"{path}[{index}]", depth + 1)
    elif isinstance(value, float):
        raise NotCanonical(f"{path}: {value!r} is a float; write decimals as text.")
    elif value is not None and not isinstance(value, int):
        raise NotCanonical(f"{path}: {type(value).__name__} has no canonical JSON; write it as text.")
