"""Suspected copies: two sources side by side with the reasons, and what an editor makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions.kinships import confirm, from_third, leave_open, reject
from claims.admin.finding import admin_url
from claims.admin.labels import label
from claims.admin.offering import SourceInput
from claims.admin.publishing import REFUSALS, page_of, sentences
from claims.lineage.reasons import sentence
from claims.models import Derivation, Drift, Kinship, Source
from companies.models import Entity
from kb.lib import blobs
from kb.lib.figures import quantity, time_label
from kb.lib.quantities import QuantityError
from kb.lib.refs import is_ref
from kb.lib.spoken import language, numeral

SIZE: Final = 25
EXCERPT: Final = 700  # characters of each text that the page shows
MOST_REASONS: Final = 3  # of a row; the page has all
MOST_FAMILY: Final = 6  # sources offered as the third from which both come
DRIFTS: Final[Mapping[str, Any]] = dict(Drift.choices) | {"rounded": gettext_lazy("rounded")}

Side = Kinship.Side


@dataclass(frozen=True)
class Shown:
    """One of the two as the page shows it."""

    source: Source
    url: str
    is_copy: bool  # the likelier one
    excerpt: str
    goes_on: bool


def judge_url(kinship: Kinship) -> str:
    return reverse("admin:kinship", args=[kinship.pk])


def kinships_view(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Pairs that may share an origin, the longest waiting first, from ?after=.

    With ?source= those of one source, with ?left-open=1 those that an editor was not sure about.
    """
    _may_see(request)
    source = _source(request.GET["source"]) if request.GET.get("source") else None
    left_open = request.GET.get("left-open") == "1"
    everything = Kinship.objects.left_open() if left_open else Kinship.objects.waiting()
    waiting = everything.of(source) if source else everything
    after = request.GET.get("after", "")
    rows = list((_behind(waiting, after) if after else waiting).with_sources()[: SIZE + 1])
    here, kept = reverse("admin:kinships"), {"source": source.ref} if source else {}
    kept |= {"left-open": "1"} if left_open else {}
    context = {
        **site.each_context(request),
        "title": _("Suspected copies"),
        "rows": [(one, judge_url(one), reasons(one)[:MOST_REASONS]) for one in rows[:SIZE]],
        "source": source,
        "source_url": admin_url(source) if source else "",
        "read_url": reverse("admin:claims_source_read", args=[source.ref]) if source else "",
        "left_open": left_open,
        "left_open_url": "" if left_open else _address(here, kept | {"left-open": "1"}),
        "first_url": _address(here, kept) if after else "",
        "next_url": _address(here, kept | {"after": rows[SIZE - 1].pk}) if len(rows) > SIZE else "",
    }
    return TemplateResponse(request, "admin/kinships.html", context)


def _address(path: str, query: Mapping[str, Any]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _may_see(request: HttpRequest) -> None:
    if not permissions.can_view(request.user, Source):
        raise PermissionDenied


def _source(ref: str) -> Source:
    found = Source.objects.filter(ref=ref).first() if is_ref(ref) else None
    if found is None:
        raise Http404("no source has this ref")
    return found


def _behind(waiting: Any, after: str) -> Any:
    last = Kinship.objects.filter(pk=int(after)).first() if after.isascii() and after.isdigit() else None
    if last is None:
        raise Http404("this page has gone; begin at the first")
    return waiting.filter(
        models.Q(found_at__gt=last.found_at) | models.Q(found_at=last.found_at, pk__gt=last.pk)
    )


# One pair ------------------------------------------------------------------------------------------------------


class ReasonForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class ConfirmForm(ReasonForm):
    """Which of the two is the copy, and how it came from the other."""

    field_order = ("copy", "derivation", "why")

    copy = forms.ChoiceField(
        label=gettext_lazy("The copy is"),
        choices=Side.choices,
        widget=forms.RadioSelect(attrs={"dir": "auto"}),
    )
    derivation = forms.ChoiceField(label=gettext_lazy("It is a"), choices=Derivation.choices)

    def __init__(self, *args: Any, kinship: Kinship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ChoiceField, self.fields["copy"])
        choice.choices = [(Side.FIRST, kinship.first.title), (Side.SECOND, kinship.second.title)]


class ThirdForm(ReasonForm):
    """A source from which both come: one of those offered, or any by its ref, slug, address or title."""

    field_order = ("offered", "origin", "derivation", "why")

    offered = forms.ChoiceField(
        label=gettext_lazy("Both come from"), required=False, widget=forms.RadioSelect
    )
    origin = forms.CharField(
        label=gettext_lazy("or from"),
        required=False,
        max_length=1000,
        widget=SourceInput(),
        help_text=gettext_lazy("A ref, slug, address or title of a source; it is offered as you type."),
    )
    derivation = forms.ChoiceField(label=gettext_lazy("They are a"), choices=Derivation.choices)

    def __init__(self, *args: Any, family: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ChoiceField, self.fields["offered"])
        choice.choices = [(one.ref, one.title) for one in family]
        if not family:
            del self.fields["offered"]
            self.fields["origin"].label = _("Both come from")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed, offered = cleaned.get("origin", "").strip(), cleaned.get("offered", "")
        if not typed and not offered:
            raise ValidationError(_("Say which source both come from."))
        cleaned["source"] = _named(typed or offered)
        return cleaned


class RejectForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True


def _named(words: str) -> Source:
    """The source that is called so. Raises ValidationError when there is none, or several have the title."""
    found = list(
        Source.objects.filter(
            models.Q(ref=words) | models.Q(slug=words) | models.Q(url=words) | models.Q(title__iexact=words)
        )[:2]
    )
    if not found:
        raise ValidationError(
            _("No source on the desk is called “%(words)s”. Enter it first; then name it here.") % {"words": words}
        )  # fmt: skip
    if len(found) > 1:
        raise ValidationError(_("Several sources are called so: give the ref of the one you mean."))
    return found[0]


def kinship_view(site: admin.AdminSite, request: HttpRequest, number: int) -> HttpResponse:
    """GET: the two side by side. POST with deed=confirm, third, reject or open: judge them."""
    _may_see(request)
    kinship = Kinship.objects.with_sources().filter(pk=number).first()
    if kinship is None:
        raise Http404("no such pair")
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed not in DEEDS:
        raise Http404("no such judgement")
    data: Callable[[str], Any] = lambda name: request.POST if deed == name else None  # noqa: E731
    usual = usual_derivation(kinship)
    offered = _family(kinship)
    sheet: dict[str, Any] = {
        "confirm": ConfirmForm(
            data("confirm"),
            kinship=kinship,
            initial={"copy": kinship.copy or Side.SECOND, "derivation": usual},
            auto_id="confirm-%s",
        ),
        "third": ThirdForm(data("third"), family=offered, initial={"derivation": usual}, auto_id="third-%s"),
        "reject": RejectForm(data("reject"), auto_id="reject-%s"),
        "open": ReasonForm(data("open"), auto_id="open-%s"),
    }
    refused: list[str] = []
    if deed and sheet[deed].is_valid():
        try:
            changed = DEEDS[deed](kinship, sheet[deed].cleaned_data, cast(User, request.user))
        except REFUSALS as fault:
            refused = sentences(fault)
        else:
            return _judged(request, deed, changed)
    elif deed:
        refused = [str(line) for lines in sheet[deed].errors.values() for line in lines]
    context = {
        **site.each_context(request),
        "title": _("Suspected copy"),
        "kinship": kinship,
        "sides": _sides(kinship),
        "reasons": reasons(kinship),
        "drift": _drift(kinship),
        "shared": [figure_words(one) for one in kinship.shared],
        "common_source": named_source(kinship.common_source),
        "copy_form": sheet["confirm"],
        "third_form": sheet["third"],
        "reject_form": sheet["reject"],
        "open_form": sheet["open"],
        "draft_places": {name: f"kinship.{kinship.pk}.{name}" for name in DEEDS},
        "refused": refused,
        "may_judge": permissions.can_approve(request.user),
        "is_confirmed": kinship.judged == Kinship.Judged.CONFIRMED,
        "is_rejected": kinship.judged == Kinship.Judged.REJECTED,
    }
    return TemplateResponse(request, "admin/kinship.html", context, status=409 if refused else 200)


def _confirm(kinship: Kinship, given: Mapping[str, Any], by: User) -> Sequence[Source]:
    copy = kinship.first if given["copy"] == Side.FIRST else kinship.second
    return [confirm(kinship, copy=copy, derivation=given["derivation"], by=by, why=given["why"])]


def _third(kinship: Kinship, given: Mapping[str, Any], by: User) -> Sequence[Source]:
    return from_third(
        kinship, origin=given["source"], derivation=given["derivation"], by=by, why=given["why"]
    )


def _reject(kinship: Kinship, given: Mapping[str, Any], by: User) -> Sequence[Source]:
    was_confirmed = kinship.judged == Kinship.Judged.CONFIRMED
    reject(kinship, by=by, why=given["why"])
    return [kinship.first, kinship.second] if was_confirmed else []


def _open(kinship: Kinship, given: Mapping[str, Any], by: User) -> Sequence[Source]:
    leave_open(kinship, by=by, why=given["why"])
    return []


DEEDS: Final[Mapping[str, Callable[[Kinship, Mapping[str, Any], User], Sequence[Source]]]] = {
    "confirm": _confirm,
    "third": _third,
    "reject": _reject,
    "open": _open,
}


def _judged(request: HttpRequest, deed: str, changed: Sequence[Source]) -> HttpResponse:
    """Back to the queue, with the way to the review of what was changed."""
    said = {
        "confirm": _(
            "Confirmed on the desk. Readers see it, and claims are recounted, when it is published."
        ),
        "third": _("Confirmed on the desk. Readers see it, and claims are recounted, when it is published."),
        "reject": _("Noted: neither is a copy. They are not proposed again until one of the texts changes."),
        "open": _("Left open: it stands aside until one of the texts changes."),
    }[deed]
    user = request.user
    if changed and (permissions.can_publish(user) or permissions.can_approve(user)):
        review = page_of("admin:review", [one.ref for one in changed])
        messages.success(request, format_html('{} <a href="{}">{}</a>', said, review, _("Review…")))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:kinships"))


def usual_derivation(kinship: Kinship) -> str:
    """What a copy would be in all likelihood, by the two languages."""
    same = kinship.first.language.partition("-")[0] == kinship.second.language.partition("-")[0]
    return Derivation.COPY if same else Derivation.TRANSLATION


def _family(kinship: Kinship) -> Sequence[Source]:
    """What one of the two is derived from: likely thirds."""
    two = (kinship.first, kinship.second)
    keys = [one.derived_from_id for one in two if one.derived_from_id is not None]
    thirds = Source.objects.filter(pk__in=keys).exclude(pk__in=[one.pk for one in two])
    return list(thirds.order_by("title")[:MOST_FAMILY])


def _sides(kinship: Kinship) -> Sequence[Shown]:
    sides = (
        (kinship.first, kinship.first_text, Side.FIRST),
        (kinship.second, kinship.second_text, Side.SECOND),
    )
    shown = []
    for source, digest, side in sides:
        text = (blobs.read(digest) or b"").decode("utf-8").strip()
        shown.append(
            Shown(source, admin_url(source), kinship.copy == side, text[:EXCERPT], len(text) > EXCERPT)
        )
    return shown


def _drift(kinship: Kinship) -> Sequence[tuple[str, str, str, str]]:
    """(kind, as the first prints it, as the second does, which of them lost something), in words."""
    lost = dict(Side.choices)
    return [
        (str(DRIFTS.get(one["kind"], one["kind"])), one["first"], one["second"], str(lost.get(one["lost_in"], "")))
        for one in kinship.drift
    ]  # fmt: skip


def reasons(kinship: Kinship) -> list[str]:
    """Why the machine proposes it, in words; sentences that an earlier release wrote stand as they are."""
    return [
        one if isinstance(one, str) else sentence(one["code"], _told(one["told"]), _) for one in kinship.why
    ]


def _told(told: Mapping[str, Any]) -> dict[str, str]:
    """What a reason speaks of: counts in the reader's digits, what a page prints as it stands."""
    return {name: numeral(one) if isinstance(one, int) else str(one) for name, one in told.items()}


def figure_words(key: str) -> str:
    """A figure that both texts print, as one writes it: $1.6 billion, 2,048, 2023."""
    number, _space, unit = key.partition(" ")
    if number in ("year", "date"):
        return time_label(unit, language())
    try:
        ends = [quantity(one, unit, "", language()) for one in number.split("..")]
    except (QuantityError, ArithmeticError, ValueError):
        return key
    return " – ".join(ends)


def named_source(common_source: str) -> str:
    """What both rest on, in words: the machine names entities of the registry by their slug."""
    if not common_source:
        return ""
    entity = Entity.objects.filter(slug=common_source).prefetch_related("names").first()
    return label(entity) if entity else common_source
