"""The language of whoever reads now, and prose and numbers in it."""

from __future__ import annotations

from django.utils.translation import get_language

from kb.lib.figures import localized_digits
from kb.lib.prose import FALLBACK, Prose, choose


def language() -> str:
    """The tag of the active language; English where none is."""
    return get_language() or FALLBACK


def spoken(prose: Prose) -> str:
    """The text for the active language, else in English, else in any; empty when nothing is said."""
    return choose(prose, language())[0]


def numeral(number: object) -> str:
    """A count, a version, an edition in the digits that the active language writes; nothing else about it changes."""
    return localized_digits(str(number), language())
