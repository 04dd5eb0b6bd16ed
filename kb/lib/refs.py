"""Names of publishable things: opaque refs, which never change, and readable slugs.

A ref is a letter for its kind, a digit, and eight characters of Crockford's base 32 in lower case. The
digit keeps refs apart from words, and the alphabet has no i, l, o or u to misread.
"""

import re
import secrets
from typing import Final

from kb.lib.saying import Fault
from kb.lib.saying import gettext_noop as _

PREFIXES: Final = {
    "entity": "e",
    "property": "p",
    "scope-dimension": "d",
    "publisher": "b",
    "source": "s",
    "claim": "c",
    "dispute": "q",
    "timeline": "t",
    "page": "h",
}
CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
LONGEST_SLUG: Final = 100

# Without anchors: match the whole text (re.fullmatch), because $ lets a final line feed through.
REF_PATTERN: Final = f"[a-z][0-9][{CROCKFORD}]{{8}}"
SLUG_PATTERN: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"

_REF: Final = re.compile(REF_PATTERN)
_SLUG: Final = re.compile(SLUG_PATTERN)
_KINDS: Final = {letter: kind for kind, letter in PREFIXES.items()}


class SlugError(Fault, ValueError):
    """The text cannot be a slug; the message says why and what to write."""


def new_ref(kind: str) -> str:
    """A fresh, unguessable ref, one of 10^13 of its kind; KeyError when there is no such kind."""
    tail = "".join(secrets.choice(CROCKFORD) for _letter in range(8))
    return PREFIXES[kind] + secrets.choice("0123456789") + tail


def is_ref(text: str, kind: str | None = None) -> bool:
    """Whether the text has the form of a ref, of that kind where one is given."""
    return bool(_REF.fullmatch(text)) and (kind is None or text[0] == PREFIXES[kind])


def kind_of(ref: str) -> str | None:
    """The kind a ref names by its letter; None for other letters and for what is no ref."""
    return _KINDS.get(ref[0]) if is_ref(ref) else None


def check_slug(text: str) -> str:
    """Return the slug unchanged, or raise SlugError."""
    if not text:
        raise SlugError(_("A slug is missing: write words of a-z and 0-9 joined by hyphens (solar-panel)."))
    if len(text) > LONGEST_SLUG:
        raise SlugError(
            _("A slug has at most %(most)s characters, this has %(number)s: shorten it."),
            most=LONGEST_SLUG,
            number=len(text),
        )
    if not _SLUG.fullmatch(text):
        raise SlugError(
            _("%(text)s is no slug: write words of a-z and 0-9 joined by hyphens (solar-panel)."),
            text=repr(text),
        )
    if is_ref(text):
        raise SlugError(_("%(text)s has the form of a ref: write a readable name instead."), text=repr(text))
    return text
