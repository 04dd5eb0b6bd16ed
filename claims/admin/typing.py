"""Fields in which figures and dates are typed as people type them, and are read back in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.extraction import typed
from claims.extraction.typed import Amount, Unclear
from claims.models import Comparator, Source
from kb.lib.figures import quantity, time_label
from kb.lib.prose import FALLBACK
from kb.lib.quantities import units

MOST_SOURCES: Final = 20
MOST_UNITS: Final = 6  # that a question names
AMOUNTS: Final = ("amount", "upper_amount", "lower_bound", "upper_bound")
DATES: Final = ("value_time", "point_in_time", "valid_from", "valid_to", "asserted_on")


def amount_words(found: Amount, language: str) -> str:
    """A figure in words: more than $500 million; between 5 million and 10 million."""
    first = quantity(found.amount, found.unit, "", language)
    sign = str(Comparator(found.comparator).label)
    if found.upper_amount:
        last = quantity(found.upper_amount, found.unit, "", language)
        return _("%(between)s %(first)s and %(last)s") % {"between": sign, "first": first, "last": last}
    return first if found.comparator == Comparator.EQ else f"{sign} {first}"


def read_back(kind: str, text: str, languages: Sequence[str]) -> str:
    """What was typed, in words of the page's language. Raises Unclear."""
    language = get_language() or FALLBACK
    if kind == "date":
        return time_label(typed.date(text, languages), language)
    return amount_words(typed.amount(text, languages), language)


class TypedInput(forms.TextInput):
    """A line that says below it how it is read."""

    def __init__(self, kind: str, **attrs: Any) -> None:
        super().__init__(attrs={"data-typed": kind, "autocomplete": "off", "dir": "auto"} | attrs)
        self.kind = kind
        self.languages: Sequence[str] = ()  # those besides the page's in which it may have been typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        try:
            said = read_back(self.kind, str(value), self.read_in()) if value else ""
        except Unclear:
            said = ""  # the form's own errors ask, with the sources' languages at hand
        field = super().render(name, value, attrs, renderer)
        context = {"field": field, "id": (attrs or {}).get("id", ""), "said": said}
        return SafeString(render_to_string("admin/widgets/typed.html", context))

    def read_in(self) -> list[str]:
        return [get_language() or FALLBACK, *self.languages]


class TypedField(forms.CharField):
    """Text that `read` turns into the desk's notation, once the form knows the languages."""

    def __init__(self, kind: str, *, size: int = 14, **kwargs: Any) -> None:
        widget = TypedInput(kind, size=size, **({"class": "edtf"} if kind == "date" else {}))
        super().__init__(required=False, max_length=typed.LONGEST, widget=widget, **kwargs)


def languages_of(data: Mapping[str, Any]) -> list[str]:
    """The languages in which a claim's form may be filled in: the page's, then those of the sources it cites."""
    chosen = [
        value
        for name, value in data.items()
        if name.startswith("evidence-") and name.endswith("-source") and str(value).isdigit()
    ]
    return [get_language() or FALLBACK, *_of_sources(chosen)]


def _of_sources(keys: Sequence[str]) -> list[str]:
    rows = Source.objects.filter(pk__in=[int(key) for key in keys[:MOST_SOURCES]])
    return sorted(set(rows.values_list("language", flat=True)))


def settle(
    cleaned: dict[str, Any],
    initial: Mapping[str, Any],
    languages: Sequence[str],
    ask: Callable[[str, str], None],
) -> None:
    """Put the desk's notation in place of what was typed; what the figure says besides fills the fields around it.

    `ask` takes a field and a question. What stands as it stood is not read again.
    """
    for name in DATES:
        if (text := cleaned.get(name)) and text != initial.get(name):
            try:
                cleaned[name] = typed.date(text, languages)
            except Unclear as fault:
                ask(name, fault.said(_))
    for name in AMOUNTS:
        if (text := cleaned.get(name)) and text != initial.get(name):
            try:
                found = typed.amount(text, languages)
            except Unclear as fault:
                ask(name, fault.said(_))
                continue
            if name == "amount":
                _spread(cleaned, found, ask)
            elif found.comparator != "eq" or found.upper_amount:
                ask(name, _("Write one figure here: the comparator stands before the first one."))
            cleaned[name] = found.amount
    if cleaned.get("amount"):
        cleaned["comparator"] = cleaned.get("comparator") or Comparator.EQ
        prop = cleaned.get("property")
        if not cleaned.get("unit") and prop is not None:
            if prop.unit_dimension == "count":
                cleaned["unit"] = "count"
            elif prop.unit_dimension:
                ask("unit", _unit_question(prop.unit_dimension))


def _unit_question(dimension: str) -> str:
    """The unit is missing: what it may be."""
    known = [one.code for one in units().values() if one.dimension == dimension and "/" not in one.code]
    shown = ["USD", "EUR", "CNY"] if dimension == "currency" else known[:MOST_UNITS]
    return _("The unit is missing: %(units)s…") % {"units": ", ".join(shown)}


def _spread(cleaned: dict[str, Any], found: Amount, ask: Callable[[str, str], None]) -> None:
    """What a figure says besides its amount goes into the fields for it, unless they say something else."""
    said = {"comparator": found.comparator, "upper_amount": found.upper_amount, "unit": found.unit}
    for name, value in said.items():
        if value in ("", Comparator.EQ):
            continue
        if cleaned.get(name) not in (None, "", Comparator.EQ, value):
            shown = Comparator(value).label if name == "comparator" else value
            ask(
                name,
                _("The figure says “%(said)s” and this field something else: change one of them.")
                % {"said": shown},
            )
            continue
        cleaned[name] = value


def typed_view(site: admin.AdminSite, request: HttpRequest) -> JsonResponse:
    """GET ?kind=&text=&source=…: {"said": how it is read} or {"asks": the question}."""
    kind, text = request.GET.get("kind", ""), request.GET.get("text", "")
    if kind not in ("amount", "date"):
        raise Http404("no such kind of field")
    keys = [key for key in request.GET.getlist("source") if key.isascii() and key.isdigit() and len(key) < 16]
    try:
        said = read_back(kind, text, [get_language() or FALLBACK, *_of_sources(keys)]) if text.strip() else ""
    except Unclear as fault:
        return JsonResponse({"asks": fault.said(_)})
    return JsonResponse({"said": said})
