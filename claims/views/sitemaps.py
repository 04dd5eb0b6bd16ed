"""The map of the site for search engines: what is live, in every language (sitemaps.org, hreflang links)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from claims.ledger import read
from claims.ledger.models import ThingIndex
from claims.views.house import FIRST
from claims.views.kinds import KIND_BY_CODE, KINDS
from claims.views.reading import Reading, page

SIZE = 2000  # things on one map; the format allows 50,000 addresses, and each is there in every language
THINGS = ("entity", "source", "dispute", "timeline", "property", "page")
LISTS = ("timeline", "dispute", "property", "claim", "source", "edition")


@page
def sitemap(request: HttpRequest, reading: Reading) -> HttpResponse:
    """One map, or an index of maps (`page=`) where there is more than one map holds."""
    things = ThingIndex.objects.filter(read.window(reading.as_of.number), kind__in=THINGS)
    claims = read.claims(reading.as_of).exclude(rank="deprecated")
    of_things, of_claims = _pages(things.count()), _pages(claims.count())
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    if not number and of_things + of_claims > 2:
        here = request.build_absolute_uri(request.path)
        maps = [f"{here}?page={one}" for one in range(1, 1 + of_things + of_claims)]
        return _xml("sitemap_index.xml", {"maps": maps})
    if number > of_things + of_claims:
        raise Http404
    paths: list[tuple[str, int]] = []
    if number <= 1:
        paths += [(path, reading.as_of.number) for path in _fixed()]
    if number <= of_things:
        offset = max(number - 1, 0) * SIZE
        rows = things.order_by("kind", "ref")[offset : offset + SIZE]
        paths += [
            (_path(kind, subkind, ref, slug), edition)
            for kind, subkind, ref, slug, edition in rows.values_list(
                "kind", "subkind", "ref", "slug", "edition_from"
            )
        ]
    if not number or number > of_things:
        offset = max(number - of_things - 1, 0) * SIZE
        refs = claims.order_by("ref")[offset : offset + SIZE].values_list("ref", "edition_from")
        paths += [(reverse("claims:claim", args=[ref]), edition) for ref, edition in refs]
    editions = read.editions(reading.as_of).in_bulk(list({edition for _path, edition in paths}))
    found = [
        {**one, "at": editions[edition].at if edition in editions else None}
        for path, edition in paths
        for one in _in_every_language(request, path)
    ]
    return _xml("sitemap.xml", {"addresses": found})


def _pages(number: int) -> int:
    return max(1, -(-number // SIZE))


def _fixed() -> Iterator[str]:
    yield reverse("home")
    yield reverse("about")
    yield from (reverse(kind.list_name) for kind in KINDS)
    yield from (reverse(f"claims:{name}-list") for name in LISTS)
    yield reverse("claims:corrections")


def _path(kind: str, subkind: str, ref: str, slug: str) -> str:
    if kind == "entity":
        return reverse(f"claims:{KIND_BY_CODE[subkind].code}", args=[slug])
    if kind == "page":
        return reverse("about") if slug == FIRST else reverse("page", args=[slug])
    return reverse(f"claims:{kind}", args=[ref if kind == "source" else slug])


def _in_every_language(request: HttpRequest, path: str) -> list[dict[str, Any]]:
    """The address in each language, each naming all the others, as search engines ask."""
    others = [
        {
            "code": code,
            "url": request.build_absolute_uri(path if code == settings.LANGUAGE_CODE else f"/{code}{path}"),
        }
        for code, _name in settings.LANGUAGES
    ]
    return [{"url": one["url"], "others": others} for one in others]


def _xml(template: str, context: dict[str, Any]) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), content_type="application/xml; charset=utf-8")
