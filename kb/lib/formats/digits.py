"""Figures in the digits that the reader's language writes, where Django writes for people: it has no setting for that.

Three places of Django's are taken hold of, and no other: dates and times in a format that the language names (never
ISO, never a field of a form, never what an address or an attribute is made of), spans of time, and numbers in the
sentences of `{% blocktranslate %}`. A number that stands alone or comes in by `%` says so itself: `numeral`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any, Final

from django.template import defaultfilters
from django.templatetags import i18n
from django.utils import dateformat
from django.utils.formats import get_format

from kb.lib.spoken import numeral

NAMED: Final = (
    "DATE_FORMAT",
    "TIME_FORMAT",
    "DATETIME_FORMAT",
    "SHORT_DATE_FORMAT",
    "SHORT_DATETIME_FORMAT",
    "YEAR_MONTH_FORMAT",
    "MONTH_DAY_FORMAT",
)  # fmt: skip


def install() -> None:
    """Once, when the project is loaded; Django's own lists and histories write so as well."""
    for module, name, wrapped in (
        (dateformat, "format", _dated),
        (dateformat, "time_format", _dated),
        (defaultfilters, "timesince", _spanned),
        (defaultfilters, "timeuntil", _spanned),
        (i18n, "render_value_in_context", _in_a_sentence),
    ):
        plain = getattr(module, name)
        if not hasattr(plain, "__wrapped__"):
            setattr(module, name, wrapped(plain))


def _dated(plain: Callable[[Any, str], str]) -> Callable[[Any, str], str]:
    @wraps(plain)
    def dated(value: Any, format_string: str) -> str:
        text = plain(value, format_string)
        return numeral(text) if any(format_string == get_format(name) for name in NAMED) else text

    return dated


def _spanned(plain: Callable[..., str]) -> Callable[..., str]:
    @wraps(plain)
    def spanned(*args: Any, **kwargs: Any) -> str:
        return numeral(plain(*args, **kwargs))

    return spanned


def _in_a_sentence(plain: Callable[[Any, Any], str]) -> Callable[[Any, Any], str]:
    @wraps(plain)
    def said(value: Any, context: Any) -> str:
        text = plain(value, context)
        is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        return numeral(text) if is_number else text

    return said
