"""The reading desk: an article on the left, what it may be evidence of on the right. Nothing is published here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from claims.actions import readings
from claims.actions.readings import Passage
from claims.admin.labels import label
from claims.admin.publishing import admin_url
from claims.admin.reading_cards import claim_url
from claims.admin.reading_forms import ReadingForm, first_values, groups
from claims.admin.reading_sheet import Asked, Sheet, Span
from claims.models import Claim, Snapshot, Source
from claims.suggesting.values import figure_in
from kb.admin import faults_of
from kb.lib.quantities import units
from kb.lib.scripts import fold_in_place
from kb.models import StaleVersion

MOST_PLACES: Final = 20  # where words are found that were given to quote
AROUND: Final = 60  # characters shown around such a place
RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def read_view(site: admin.AdminSite, request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the article and its cards. POST with decision=evidence, claim, again, skip or take-up: one step."""
    if not any(request.user.has_perm(f"claims.{verb}_source") for verb in ("view", "change")):
        raise PermissionDenied
    source = get_object_or_404(Source.objects.select_related("publisher"), ref=ref)
    copies = list(source.snapshots.order_by("-position"))
    snapshot = _copy(copies, request.GET.get("copy", ""))
    text = snapshot.text() if snapshot else None
    if snapshot is None or text is None:
        return _nothing_held(site, request, source)
    asked = Asked(
        at=_span(request.GET.get("at", ""), len(text)),
        new=_span(request.GET.get("new", ""), len(text)),
        who=request.GET.get("who", ""),
        skipped=request.GET.get("skipped") == "1",
    )
    sheet = Sheet(source, snapshot, text, asked, latest=snapshot == copies[0])
    if request.method == "POST":
        return _decide(site, request, sheet, copies)
    words = request.GET.get("words", "")
    places = find_places(text, words) if words.strip() else []
    if len(places) == 1:
        return HttpResponseRedirect(sheet.url(new=places[0]))
    return _page(site, request, sheet, copies, words=words, places=places)


# The page -------------------------------------------------------------------------------------------------


def _page(
    site: admin.AdminSite,
    request: HttpRequest,
    sheet: Sheet,
    copies: Sequence[Snapshot],
    *,
    form: ReadingForm | None = None,
    refused: Sequence[str] = (),
    words: str = "",
    places: Sequence[Span] = (),
) -> HttpResponse:
    source, text = sheet.source, sheet.text
    may_claim = request.user.has_perm("claims.add_claim")
    if form is None and sheet.asked.new is not None and may_claim:
        form = _form(sheet, sheet.asked.new)
        form.begin_at()
    context = {
        **site.each_context(request),
        "title": _("Reading"),
        "subtitle": source.title,
        "sheet": sheet,
        "source": source,
        "source_url": admin_url(source),
        "direction": "rtl" if source.language.split("-")[0] in RIGHT_TO_LEFT else "auto",
        "copies": [(one, one.text_sha256[:12], one == sheet.snapshot) for one in copies],
        "hand": sheet.hand_card,
        "cards": sheet.cards,
        "form": form,
        "form_span": _name(sheet.asked.new) if form else "",
        "refused": refused,
        "named_here": sorted(((one.slug, label(one)) for one in sheet.entities.values()), key=lambda one: one[1]),
        "units": [unit.code for unit in units().values() if unit.dimension != "currency"],
        "words": words,
        "places": [_place(sheet, span) for span in places],
        "skipped_count": sum(state == "skipped" for _figure, state in sheet.states),
        "follow": bool(request.GET.get("at")) and form is None,
        "may_evidence": request.user.has_perm("claims.change_claim"),
        "may_claim": may_claim,
        "length": len(text),
    }  # fmt: skip
    return TemplateResponse(request, "admin/reading/read.html", context, status=409 if refused else 200)


def _nothing_held(site: admin.AdminSite, request: HttpRequest, source: Source) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("Reading"),
        "subtitle": source.title,
        "source": source,
        "source_url": admin_url(source),
    }
    return TemplateResponse(request, "admin/reading/nothing.html", context)


def _form(sheet: Sheet, span: Span, data: Any = None, initial: Any = None) -> ReadingForm:
    found = sheet.suggestions[span]
    words = sheet.text[span[0] : span[1]]
    return ReadingForm(
        data,
        initial=initial or first_values(found, words, sheet.source.language),
        groups=groups(found, sheet.vocabulary),
        vocabulary=sheet.vocabulary,
        language=sheet.source.language,
    )


def _name(span: Span | None) -> str:
    return f"{span[0]}-{span[1]}" if span else ""


def _place(sheet: Sheet, span: Span) -> dict[str, Any]:
    start, end = span
    line = sheet.text.rfind("\n", 0, start) + 1
    stop = sheet.text.find("\n", end)
    stop = len(sheet.text) if stop < 0 else stop
    return {
        "before": sheet.text[max(line, start - AROUND) : start],
        "exact": sheet.text[start:end],
        "after": sheet.text[end : min(stop, end + AROUND)],
        "url": sheet.url(new=span),
    }


def find_places(text: str, words: str) -> list[Span]:
    """Where the words stand in the text, byte for byte; else whatever their case, accents and digits. At most 20."""
    words = words.strip()
    return _find(text, words) or _find(fold_in_place(text), fold_in_place(words))


def _find(text: str, words: str) -> list[Span]:
    found: list[Span] = []
    at = text.find(words) if words else -1
    while at >= 0 and len(found) < MOST_PLACES:
        found.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    return found


# The decisions --------------------------------------------------------------------------------------------


def _decide(
    site: admin.AdminSite, request: HttpRequest, sheet: Sheet, copies: Sequence[Snapshot]
) -> HttpResponse:
    span = _span(request.POST.get("span", ""), len(sheet.text))
    if span is None:
        raise Http404("no such words in this text")
    decision = request.POST.get("decision", "")
    needed = {"evidence": "claims.change_claim", "claim": "claims.add_claim", "again": "claims.add_claim"}
    if not request.user.has_perm(needed.get(decision, "claims.change_claim")):
        raise PermissionDenied
    by = cast(User, request.user)
    match decision:
        case "evidence":
            return _add_evidence(site, request, sheet, copies, span)
        case "claim" | "again":
            return _add_claim(site, request, sheet, copies, span)
        case "skip":
            readings.skip(sheet.snapshot, *span, by=by)
            return HttpResponseRedirect(_onward(sheet, span))
        case "take-up":
            readings.take_up(sheet.snapshot, *span)
            return HttpResponseRedirect(sheet.url(at=span))
    raise Http404("no such decision")


def _add_evidence(
    site: admin.AdminSite, request: HttpRequest, sheet: Sheet, copies: Sequence[Snapshot], span: Span
) -> HttpResponse:
    ref, _colon, version = request.POST.get("seen", "").partition(":")
    if not version.isascii() or not version.isdigit():
        raise Http404("no such version")
    figure = figure_in(sheet.reading, span)
    passage = Passage(
        snapshot=sheet.snapshot, start=span[0], end=span[1], printed=figure.printed if figure else ""
    )
    try:
        claim = readings.add_evidence(ref, passage, by=cast(User, request.user), expect=int(version))
    except Claim.DoesNotExist as fault:
        raise Http404("no such claim") from fault
    except StaleVersion as stale:
        return _page(site, request, _again(sheet, at=span), copies, refused=[str(stale)])
    except ValidationError as fault:
        lines = [line for some in faults_of(fault).values() for line in some]
        return _page(site, request, _again(sheet, at=span), copies, refused=lines)
    _say(request, _("This source is now evidence of"), claim)
    return HttpResponseRedirect(_onward(sheet, span))


def _add_claim(
    site: admin.AdminSite, request: HttpRequest, sheet: Sheet, copies: Sequence[Snapshot], span: Span
) -> HttpResponse:
    sheet = _again(sheet, new=span)
    if request.POST.get("decision") == "again":  # another property was chosen: other fields
        given = ReadingForm.as_typed(request.POST)
        form = _form(sheet, span, initial=given)
        form.begin_at("property")
        return _page(site, request, sheet, copies, form=form)
    form = _form(sheet, span, data=request.POST)
    if form.is_valid():
        passage = Passage(
            snapshot=sheet.snapshot,
            start=span[0],
            end=span[1],
            printed=form.cleaned_data["printed"],
            stance=form.cleaned_data["stance"],
        )
        try:
            claim = readings.add_claim(form.draft(), passage, by=cast(User, request.user))
        except ValidationError as fault:
            form.refuse(faults_of(fault))
        else:
            _say(request, _("A draft was made:"), claim)
            return HttpResponseRedirect(_onward(sheet, span))
    form.begin_at()
    return _page(site, request, sheet, copies, form=form)


def _again(sheet: Sheet, *, at: Span | None = None, new: Span | None = None) -> Sheet:
    asked = Asked(at=at, new=new, who=sheet.asked.who, skipped=sheet.asked.skipped)
    return Sheet(sheet.source, sheet.snapshot, sheet.text, asked, latest=sheet.latest)


def _onward(sheet: Sheet, span: Span) -> str:
    """The next open figure after the one just read. Without an anchor: beside one, browsers skip autofocus."""
    fresh = _again(sheet)
    following = fresh.next_open(span[1])
    return fresh.url(at=following).partition("#")[0] if following else fresh.url()


def _say(request: HttpRequest, what: str, claim: Claim) -> None:
    messages.success(request, format_html('{} <a href="{}">{}</a>', what, claim_url(claim), label(claim)))


def _copy(copies: Sequence[Snapshot], wanted: str) -> Snapshot | None:
    """The copy asked for by the beginning of its text's hash, else the newest one whose text is held."""
    if wanted:
        found = [one for one in copies if one.text_sha256.startswith(wanted)]
        if not found:
            raise Http404("no such copy of this source")
        return found[0]
    return next((one for one in copies if one.text() is not None), None)


def _span(text: str, length: int) -> Span | None:
    """A place as addresses write it: 120-134. None where nothing is asked; a 404 where no such words are."""
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", text)
    if found is None or not int(found[1]) < int(found[2]) <= length:
        raise Http404("no such words in this text")
    return int(found[1]), int(found[2])
