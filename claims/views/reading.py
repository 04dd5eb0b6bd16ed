"""What every page does first: settle which edition it reads, in which language, and say so when it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from hashlib import sha256
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims.ledger import read
from claims.ledger.joining import Joined, Said
from claims.ledger.models import Edition
from claims.ledger.read import AsOf, NoSuchEdition, Thing
from claims.views.paging import changed
from kb.lib.figures import time_label, whole

P = ParamSpec("P")


class Unreadable(Exception):
    """The address asks for a day or an edition that cannot be read; the message says what to write."""


class Elsewhere(Exception):
    """What stands at the address is not what it names; `answer` says where that is, or what became of it."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


@dataclass(frozen=True)
class Reading:
    """One request's edition and language. `keep` goes behind the links of a page read as of the past."""

    as_of: AsOf
    language: str
    keep: str = ""
    day: date | None = None

    @cached_property
    def joined(self) -> Joined:
        return Joined(self.as_of, self.language)

    @property
    def past(self) -> bool:
        """Whether the reader asked for a day or an edition."""
        return bool(self.keep)


def resolve(request: HttpRequest) -> Reading:
    """The reading a request asks for; Unreadable when `known_at` or `edition` cannot be honored."""
    language = get_language() or settings.LANGUAGE_CODE
    known_at, edition = request.GET.get("known_at"), request.GET.get("edition")
    if known_at and edition:
        raise Unreadable(_("Give either known_at or edition, not both."))
    try:
        if edition:
            return Reading(read.as_of_edition(_number(edition)), language, f"?edition={int(edition)}")
        if known_at:
            day = _day(known_at)
            as_of = read.as_of_day(day, today=timezone.now().date())
            return Reading(as_of, language, f"?known_at={day.isoformat()}", day)
    except NoSuchEdition as error:
        raise Unreadable(_no_such(edition)) from error
    return Reading(read.latest(), language)


def _no_such(edition: str | None) -> str:
    if edition:
        return _("There is no edition %(number)s yet.") % {"number": edition}
    return _("That day has not come yet. Give today or an earlier day.")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Unreadable(_("An edition is a whole number, as in edition=3."))
    return int(text)


def _day(text: str) -> date:
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(_("A day is written year-month-day, as in known_at=2025-04-12.")) from error


def page(
    view: Callable[Concatenate[HttpRequest, Reading, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A public page: the view gets the reading as its second argument."""

    @login_not_required
    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            reading = resolve(request)
        except Unreadable as error:
            return render(request, "400.html", {"fault": str(error)}, status=400)
        try:
            return view(request, reading, *args, **kwargs)
        except Elsewhere as error:
            return error.answer

    return shown


def show(
    request: HttpRequest, reading: Reading, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The template with what the frame of every page needs."""
    frame = {"reading": reading, "language_links": language_links(request)} | moments(request, reading)
    answer = render(request, template, frame | context, status=status)
    answer.is_page = True  # type: ignore[attr-defined]  # kb.middleware.AsMarkdown may turn it into Markdown
    return answer


def moments(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    """This page, narrowed as it is, for good and as it stands today; and what a form for another day must carry on."""
    settled = {"edition": "", "known_at": ""}
    return {
        "canonical": request.build_absolute_uri(changed(request, settled)),
        "permanent_address": request.build_absolute_uri(
            changed(request, settled | {"edition": str(reading.as_of.number)})
        ),
        "for_good": changed(request, settled | {"edition": str(reading.as_of.number)}),
        "today": changed(request, settled),
        "carried": [
            (name, value)
            for name, values in request.GET.lists()
            if name not in (*settled, "after")
            for value in values
        ],
    }


def stands(reading: Reading) -> str:
    """Which edition is read, and its day: Edition 3, 21 November 2026."""
    at = reading.as_of.at
    if at is None:
        return _("before the first edition")
    said = {
        "number": whole(reading.as_of.number, reading.language),
        "day": time_label(at.date().isoformat(), reading.language),
    }
    return _("Edition %(number)s, %(day)s") % said


def base_of(request: HttpRequest) -> str:
    """The site's address without its last slash."""
    return request.build_absolute_uri("/").rstrip("/")


def social(
    request: HttpRequest, reading: Reading, title: str, description: str, route: str, key: str
) -> dict[str, str]:
    """What a link to the page shows where it is shared (Open Graph); the picture is that of the edition read."""
    picture = f"{reverse(route, args=[key])}?edition={reading.as_of.number}"
    return {"title": title, "description": description, "image": request.build_absolute_uri(picture)}


def revalidated(request: HttpRequest, reading: Reading, make: Callable[[], HttpResponse]) -> HttpResponse:
    """A file for caches and other sites, with an ETag of address, build and edition; made only for who lacks it."""
    wanted = f"{request.build_absolute_uri()}\n{settings.BUILD}\n{read.state(reading.as_of)}"
    etag = f'"{sha256(wanted.encode()).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=etag) or make()
    answer["ETag"] = etag
    answer["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(answer, public=True, no_cache=True)
    return answer


def language_links(request: HttpRequest) -> list[dict[str, Any]]:
    """This page in every language: code, name in that language, address."""
    here = get_language()
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "url": translate_url(request.get_full_path(), code),
            "whole": request.build_absolute_uri(translate_url(request.get_full_path(), code)),
            "here": code == here,
        }
        for code, _name in settings.LANGUAGES
    ]


def look_up(reading: Reading, kind: str, key: str) -> Thing | None:
    """The thing under a ref or a slug as it stood; a slug it got only later leads to it too."""
    thing = read.find(kind, key, reading.as_of)
    if thing is None and reading.past and (later := read.find(kind, key, read.latest())):
        thing = read.find(kind, later.ref, reading.as_of)
    return thing


def standing(request: HttpRequest, reading: Reading, kind: str, key: str, route: str = "") -> Thing:
    """The live thing under a ref or a slug; `route` is the address asked for, by default that of its page.

    Raises Elsewhere: a 404, the page of what was withdrawn, or a redirect to where the thing stands now. A claim and a
    source stand under their ref, everything else under its slug.
    """
    thing = look_up(reading, kind, key)
    if thing is None:
        raise Elsewhere(not_found(request, reading, kind, key))
    present = thing.ref if kind in ("claim", "source") else thing.body.get("slug", thing.ref)
    if thing.gone:
        raise Elsewhere(withdrawn(request, reading, thing))
    if key != present:
        raise Elsewhere(moved(request, reverse(route or f"claims:{kind}", args=[present])))
    return thing


def moved(request: HttpRequest, address: str) -> HttpResponse:
    """To the address the thing has, with the query as it was asked."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address, permanent=True)


def not_found(request: HttpRequest, reading: Reading, kind: str, key: str) -> HttpResponse:
    """A 404 that says when the thing was first published later than the edition that is read."""
    later: Thing | None = None
    if reading.past:
        later = read.find(kind, key, read.latest())
    return show(request, reading, "404.html", {"later": later, "path": request.path}, status=404)


def edition_shape(edition: Edition, language: str) -> dict[str, Any]:
    """An edition with its note in the reader's language."""
    return {
        "number": edition.number,
        "at": edition.at,
        "by": _("the desk") if edition.by == "the desk" else edition.by,  # frozen words, but not a name
        "reason": edition.get_reason_display(),
        "review": edition.get_review_display(),
        "note": Said.of(json.loads(edition.note or "{}"), language),
        "hash": edition.hash,
    }


def withdrawn(request: HttpRequest, reading: Reading, thing: Thing) -> HttpResponse:
    """The page of what was published and taken back: why, when, and what it said last."""
    edition = read.editions(reading.as_of).filter(number=thing.edition).first()
    last = next((one for one in read.history(thing.ref, reading.as_of) if not one.gone), None)
    claim = None
    if last is not None and thing.kind == "claim" and thing.op == "withdrawn":
        before = Reading(AsOf(thing.edition - 1, "", None, latest=False), reading.language)
        claim = before.joined.claims([last])[0]
    context = {
        "thing": thing,
        "claim": claim,
        "label": _label(last) if thing.op == "withdrawn" else "",
        "edition": edition_shape(edition, reading.language) if edition else None,
        "before": thing.edition - 1,
    }
    return show(request, reading, "claims/withdrawn.html", context)


def _label(thing: Thing | None) -> str:
    if thing is None:
        return ""
    body = thing.body
    names = body.get("names") or [{}]
    prose = body.get("question") or body.get("labels") or {}
    title = body.get("title")
    if isinstance(title, dict):
        prose = title
    return str(
        (title if isinstance(title, str) else "")
        or next(iter(prose.values()), "")
        or names[0].get("text", "")
        or body.get("slug", "")
    )
