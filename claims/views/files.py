"""What a page offers for download: what it lists as files, its drawing as SVG, a frame for other pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from claims.filters import OF_LISTS
from claims.views.facets import given
from claims.views.paging import changed
from claims.views.reading import Reading, base_of

REPEATED: Final = ("scope",)  # filters that may be given more than once
FORMS: Final = (("CSV", "csv"), ("JSON Lines", "jsonl"))
MEDIA: Final = {"CSV": "text/csv", "JSON Lines": "application/jsonl"}


@dataclass(frozen=True, slots=True)
class Offered:
    """Addresses, all of the edition that is read: files as (name, address); `svg` and `embed` may be empty."""

    files: list[tuple[str, str]]
    svg: str = ""
    embed: str = ""
    compare: str = ""


def listed(request: HttpRequest, reading: Reading, plural: str, **fixed: str) -> Offered:
    """A list's rows, all pages of them, as it is narrowed; `fixed` is what its address says before the query."""
    asked = given(request.GET, [name for name in OF_LISTS[plural].base_filters if name not in fixed])
    chosen = [(name, values if name in REPEATED else values[-1:]) for name, values in asked.lists()]
    return Offered(_files(reading, plural, [*chosen, *((name, [one]) for name, one in fixed.items())]))


def of_the_api(reading: Reading, route: str, *args: str, **query: str) -> Offered:
    """What a page without a file of its own shows, as the API gives it."""
    asked = {**{name: value for name, value in query.items() if value}, "edition": str(reading.as_of.number)}
    address = f"{reverse(route, args=args)}?{urlencode({**asked, 'lang': reading.language})}"
    return Offered([("JSON", address)])


def shown(
    request: HttpRequest,
    reading: Reading,
    kind: str,
    shape: Mapping[str, Any],
    *,
    drawing: object = None,
    **claims: str,
) -> Offered:
    """A page's drawing and frame, its versions, and the claims it shows where a filter of claims names them."""
    key = shape["ref"] if kind == "claim" else shape["slug"]
    query = changed(request, {"edition": str(reading.as_of.number), "known_at": ""})
    return Offered(
        _files(reading, "claims", [(name, [one]) for name, one in claims.items()]) if claims else [],
        svg=reverse(f"claims:{kind}-svg", args=[key]) + query if drawing else "",
        embed=base_of(request) + reverse(f"claims:embed-{kind}", args=[key]) + query,
        compare=versions(reading, shape["ref"]),
    )


def versions(reading: Reading, ref: str) -> str:
    """Where the published versions of a thing are compared."""
    return reverse("claims:compare", args=[ref]) + reading.keep


def _files(reading: Reading, plural: str, query: list[tuple[str, list[str]]]) -> list[tuple[str, str]]:
    common = [("listed", ["on"]), ("edition", [str(reading.as_of.number)]), ("lang", [reading.language])]
    text = urlencode([*query, *common], doseq=True)
    return [(name, f"{reverse('api-export', args=[f'{plural}.{form}'])}?{text}") for name, form in FORMS]
