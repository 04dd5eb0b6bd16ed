"""What people take from a page: its drawing as a picture, a frame for their own page, the picture of a shared link.

Each is a page of its own beside the page it is taken from, read as of the same edition.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from csp.decorators import csp, csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, override
from django.views.decorators.clickjacking import xframe_options_exempt

from claims import wording
from claims.charts import Chart
from claims.ledger.read import Thing
from claims.plates import Plate, chart_plate, style, timeline_plate
from claims.sharing import Card, can_draw, drawn
from claims.views import disputes, properties
from claims.views.claims import citation_of
from claims.views.entities import sources_of
from claims.views.framing import framed
from claims.views.moments import strips
from claims.views.reading import Elsewhere, Reading, base_of, moments, page, revalidated, standing, stands
from kb.lib.figures import whole

Shape = dict[str, Any]
View = TypeVar("View", bound=Callable[..., HttpResponse])
FONTS: Final = Path(settings.BASE_DIR) / "static/fonts"


# --- what is taken ----------------------------------------------------------------------------------------------------


def _claim(_request: HttpRequest, reading: Reading, thing: Thing) -> Shape:
    shape = reading.joined.claims([thing])[0]
    return {"claim": shape, "title": wording.sentence(shape, reading.language), "sources": sources_of(shape)}


def _dispute(_request: HttpRequest, reading: Reading, thing: Thing) -> Shape:
    shape = reading.joined.disputes([thing])[0]
    pictures = disputes.drawn(shape, reading.language)
    return {"dispute": shape, "title": str(shape["question"]), "events": pictures["dated"], **pictures}


def _property(_request: HttpRequest, reading: Reading, thing: Thing) -> Shape:
    shape = reading.joined.properties([thing])[0]
    rows = properties.first_rows(reading, thing)
    chart = properties.chart_of(rows, reading.language)
    return {"property": shape, "title": str(shape["label"]), "rows": rows, "chart": chart, "subjects": True}


def _timeline(request: HttpRequest, reading: Reading, thing: Thing) -> Shape:
    shape = reading.joined.timelines([thing])[0]
    frame = framed(request, reading, reading.joined.timeline_claims(thing), shape["eras"])
    if frame.faults:
        raise Elsewhere(render(request, "400.html", {"fault": " ".join(frame.faults)}, status=400))
    return {
        "timeline": shape,
        "title": str(shape["title"]),
        "events": strips(frame.rows),
        "drawing": frame.drawing,
    }


_TAKEN: Final[dict[str, Callable[[HttpRequest, Reading, Thing], Shape]]] = {
    "claim": _claim,
    "dispute": _dispute,
    "property": _property,
    "timeline": _timeline,
}


# --- the forms it is taken in -----------------------------------------------------------------------------------------


def _policy(decorator: Any) -> Callable[[View], View]:
    """A decorator of django-csp, whose own types know only views without arguments."""
    return cast(Callable[[View], View], decorator)


@page
def picture(request: HttpRequest, reading: Reading, kind: str, key: str) -> HttpResponse:
    """A chart or a timeline as SVG, with its heading and where it is from; 404 where nothing is drawn."""
    thing = standing(request, reading, kind, key, f"claims:{kind}-svg")
    return revalidated(request, reading, lambda: _picture(request, reading, kind, thing))


@_policy(csp({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]}))
def _picture(request: HttpRequest, reading: Reading, kind: str, thing: Thing) -> HttpResponse:
    taken = _TAKEN[kind](request, reading, thing)
    if (plate := _plate(taken, reading)) is None:
        raise Http404("nothing is drawn here")
    address = _address(request, reading, kind, thing)
    context = {
        "reading": reading,
        "title": taken["title"],
        "plate": plate,
        "style": style(),
        "base": base_of(request),
        "address": address,
        "source": _source_line(reading, address),
    }
    answer = render(request, "claims/picture.svg", context, content_type="image/svg+xml; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="claimbook-{thing.body["slug"]}.svg"'
    return answer


@page
def embedded(request: HttpRequest, reading: Reading, kind: str, key: str) -> HttpResponse:
    """A claim, a dispute, a property or a timeline for a frame in somebody's own page."""
    return _frame(request, reading, kind, standing(request, reading, kind, key, f"claims:embed-{kind}"))


@xframe_options_exempt
@_policy(csp_replace({"frame-ancestors": ["*"]}))
def _frame(request: HttpRequest, reading: Reading, kind: str, thing: Thing) -> HttpResponse:
    """Only what stands may be framed: the pages of what does not are answered before this."""
    address = _address(request, reading, kind, thing)
    frame = {"reading": reading, "kind": kind, "address": address, "stands": stands(reading)}
    taken = _TAKEN[kind](request, reading, thing)
    return render(request, "claims/embed.html", frame | taken | moments(request, reading))


@page
def shared(request: HttpRequest, reading: Reading, kind: str, key: str) -> HttpResponse:
    """The PNG that goes with a link to a claim or a dispute. Where this machine cannot draw the script, in English."""
    thing = standing(request, reading, kind, key, f"claims:{kind}-share")
    return revalidated(request, reading, lambda: _drawn_card(request, reading, kind, thing))


def _drawn_card(request: HttpRequest, reading: Reading, kind: str, thing: Thing) -> HttpResponse:
    card = _card(request, reading, kind, thing)
    if not can_draw(card):
        with override(settings.LANGUAGE_CODE):
            card = _card(request, Reading(reading.as_of, settings.LANGUAGE_CODE, reading.keep), kind, thing)
    return HttpResponse(drawn(card, FONTS), content_type="image/png")


def _plate(taken: Shape, reading: Reading) -> Plate | None:
    if taken.get("chart"):
        return chart_plate(
            taken["title"], taken["chart"], reading.language, subjects=taken.get("subjects", False)
        )
    return timeline_plate(taken["title"], taken["drawing"]) if taken.get("drawing") else None


def _card(request: HttpRequest, reading: Reading, kind: str, thing: Thing) -> Card:
    taken = _TAKEN[kind](request, reading, thing)
    chart: Chart | None = taken.get("chart")
    if kind == "dispute":
        state = taken["dispute"]["state"]
        kicker = f"{_('Dispute')} · {wording.DISPUTE_STATES.get(state, state)}"
        counts = [
            _counted(
                len(taken["members"]), npgettext("counted", "claim", "claims", len(taken["members"])), reading
            )
        ]
    else:
        claim = taken["claim"]
        kicker = f"{_('Claim')} · {claim['property']['label']}"
        words = {
            "sources": npgettext("counted", "source", "sources", claim["sources"]),
            "origins": npgettext("counted", "origin", "origins", claim["origins"]),
            "voices": npgettext("counted", "voice", "voices", claim["voices"]),
        }
        counts = [_counted(claim[part], word, reading) for part, word in words.items()]
    headline = taken["title"] if kind == "dispute" else citation_of(request, reading, taken["claim"]).said
    rows = chart.rows if chart else []
    figures = [_figure(row.claim, reading.language, grouped=bool(chart and chart.grouped)) for row in rows]
    return Card(kicker, headline, f"Claimbook · {stands(reading)}", counts, chart, figures)


def _figure(claim: Mapping[str, Any], language: str, *, grouped: bool) -> str:
    """A figure in words; with its property where the figures beside it answer other questions."""
    said = wording.value_text(claim, language)
    return f"{claim['property']['label']}: {said}" if grouped else said


def _counted(number: int, word: str, reading: Reading) -> tuple[str, str]:
    return whole(number, reading.language), word


def _address(request: HttpRequest, reading: Reading, kind: str, thing: Thing) -> str:
    """The page it is taken from, in the edition it is taken in."""
    key = thing.ref if kind == "claim" else thing.body["slug"]
    path = reverse(f"claims:{kind}", args=[key])
    return request.build_absolute_uri(f"{path}?edition={reading.as_of.number}")


def _source_line(reading: Reading, address: str) -> str:
    return f"Claimbook · {stands(reading)} · {settings.CLAIM_LICENSE} · {address}"
