"""The editions: each an act of publishing, with everything it changed."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from claims.ledger import read
from claims.ledger.models import Record
from claims.ledger.read import Thing
from claims.views.kinds import KIND_BY_CODE
from claims.views.paging import PAGE_SIZE
from claims.views.reading import Reading, edition_shape, not_found, page, show
from claims.wording import sentence
from kb.lib.prose import choose
from kb.lib.refs import is_ref

Shape = dict[str, Any]


@page
def edition_list(request: HttpRequest, reading: Reading) -> HttpResponse:
    """All editions, newest first; `after` is the number of the last one seen."""
    rows = read.editions(reading.as_of)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) <= 15:
        rows = rows.filter(number__lt=int(after))
    found = list(rows[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    following = f"{reading.keep}{'&' if reading.keep else '?'}after={found[-1].number}" if more else ""
    context = {"editions": [edition_shape(one, reading.language) for one in found], "next": following}
    return show(request, reading, "claims/edition_list.html", context)


@page
def edition(request: HttpRequest, reading: Reading, number: int) -> HttpResponse:
    """One edition: who published it, when and why, and what it changed."""
    found = read.editions(reading.as_of).filter(number=number).first()
    if found is None:
        return not_found(request, reading, "edition", "")
    rows = Record.objects.filter(edition_from=number).order_by("ref")
    after = request.GET.get("after", "")
    if is_ref(after):
        rows = rows.filter(ref__gt=after)
    records = list(rows[: PAGE_SIZE + 1])
    more, records = len(records) > PAGE_SIZE, records[:PAGE_SIZE]
    context = {
        "edition": edition_shape(found, reading.language),
        "changes": changes(reading, [Thing.of(record) for record in records]),
        "before": number - 1,
        "next": "?" + urlencode({"after": records[-1].ref}) if more else "",
    }
    return show(request, reading, "claims/edition_detail.html", context)


def changes(reading: Reading, things: list[Thing]) -> list[Shape]:
    """What an edition printed, each with a name and the page it has, if any."""
    here = Reading(read.as_of_edition(things[0].edition), reading.language) if things else reading
    claims = {
        shape["ref"]: shape for shape in here.joined.claims([one for one in things if one.kind == "claim"])
    }
    return [
        {"thing": thing, "name": _name(thing, claims.get(thing.ref), reading.language), **_page(thing)}
        for thing in things
    ]


def _name(thing: Thing, claim: Shape | None, language: str) -> str:
    if claim and not claim.get("withdrawn"):
        return sentence(claim, language)
    body = thing.body
    for key in ("question", "labels", "title"):
        if isinstance(body.get(key), dict):
            return choose(body[key], language)[0]
    if body.get("names"):
        labels = {name["language"]: name["text"] for name in body["names"] if name["role"] == "label"}
        return choose(labels, language)[0]
    return str(body.get("title") or body.get("name") or body.get("slug") or thing.ref)


def _page(thing: Thing) -> Shape:
    """The name and key of the page of a thing; empty for kinds that have none."""
    match thing.kind:
        case "claim" | "source":
            return {"page": f"claims:{thing.kind}", "key": thing.ref}
        case "dispute" | "timeline":
            return {"page": f"claims:{thing.kind}", "key": thing.body.get("slug") or thing.ref}
        case "entity" if thing.body.get("kind") in KIND_BY_CODE:
            return {"page": f"claims:{thing.body['kind']}", "key": thing.body["slug"]}
    return {"page": "", "key": ""}
