"""Judging whether sources share an origin: what is confirmed derives one of them, what is rejected is remembered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions.sources import SourceDraft, save_source
from claims.actions.tracing import roots
from claims.models import Derivation, Kinship, Source
from claims.permissions import NotAllowed, can_approve
from kb.lib import checked
from kb.models import PUT_ASIDE, State

Judged = Kinship.Judged


def confirm(
    kinship: Kinship, *, copy: Source, derivation: str, by: User, why: str = "", at: datetime | None = None
) -> Source:
    """Derive `copy`, one of the two, from the other on the desk; readers see it when it is published.

    A source that was approved waits for review; what is waiting between sources that are one family by this is
    confirmed along with it. Raises NotAllowed unless an editor asks; ValidationError, also when the copy is derived
    from something else already, or the derivations would run in a circle.
    """
    require_judge(by)
    at = at or timezone.now()
    with transaction.atomic():
        standing = _locked(kinship)
        _refuse_confirmed(standing)
        if copy.pk not in (standing.first_id, standing.second_id):
            raise ValidationError({"copy": _("The copy is one of the two.")})
        derived = _derive(copy, standing.other(copy), derivation, by=by, why=why, at=at)
        _judge(standing, Judged.CONFIRMED, by=by, why=why, at=at)
        _settle([derived], by=by, at=at)
        return derived


def from_third(
    kinship: Kinship, *, origin: Source, derivation: str, by: User, why: str = "", at: datetime | None = None
) -> tuple[Source, Source]:
    """Derive both from a third source on the desk. Raises what `confirm` raises."""
    require_judge(by)
    at = at or timezone.now()
    with transaction.atomic():
        standing = _locked(kinship)
        _refuse_confirmed(standing)
        if origin.pk in (standing.first_id, standing.second_id):
            raise ValidationError(
                {
                    "origin": _(
                        "The third source is none of the two: confirm instead which of them is the copy."
                    )
                }
            )
        first = _derive(standing.first, origin, derivation, by=by, why=why, at=at)
        second = _derive(standing.second, origin, derivation, by=by, why=why, at=at)
        _judge(standing, Judged.CONFIRMED, by=by, why=why, at=at)
        _settle([first, second], by=by, at=at)
        return first, second


def reject(kinship: Kinship, *, by: User, why: str, at: datetime | None = None) -> Kinship:
    """Remember that neither is a copy of the other; they are not proposed again until one of the texts changes.

    Where one of them was derived from the other, it is so no longer on the desk. Raises NotAllowed unless an editor
    asks; ValidationError without a reason.
    """
    require_judge(by)
    if not why.strip():
        raise ValidationError({"why": _("Say why neither is a copy of the other.")})
    at = at or timezone.now()
    with transaction.atomic():
        standing = _locked(kinship)
        if standing.judged == Judged.REJECTED:
            raise ValidationError(_("This was rejected already."))
        _refuse_third(standing)
        for copy in (standing.first, standing.second):
            if copy.derived_from_id == standing.other(copy).pk:
                _save(copy, None, "", by=by, why=why, at=at)
        return _judge(standing, Judged.REJECTED, by=by, why=why, at=at)


def leave_open(kinship: Kinship, *, by: User, why: str = "", at: datetime | None = None) -> Kinship:
    """Note that somebody looked and is not sure; it stands aside until a text changes. Raises as `reject` does."""
    require_judge(by)
    with transaction.atomic():
        standing = _locked(kinship)
        _refuse_confirmed(standing)
        return _judge(standing, Judged.UNSURE, by=by, why=why, at=at or timezone.now())


def require_judge(by: User) -> None:
    """Raise NotAllowed unless this is an editor."""
    if not can_approve(by):
        raise NotAllowed(_("to judge whether a source is a copy takes more rights than you have"))


def _locked(kinship: Kinship) -> Kinship:
    Kinship.objects.select_for_update().get(pk=kinship.pk)
    return Kinship.objects.with_sources().get(pk=kinship.pk)


def _refuse_confirmed(kinship: Kinship) -> None:
    if kinship.judged == Judged.CONFIRMED:
        raise ValidationError(_("This was confirmed already: to take it back, judge that neither is a copy."))


def _refuse_third(kinship: Kinship) -> None:
    """Raise ValidationError where both come from a third source: which of the two does not is for an editor to say."""
    third = kinship.first.derived_from
    if kinship.judged == Judged.CONFIRMED and third is not None and third == kinship.second.derived_from:
        raise ValidationError(
            _("Both are derived from “%(third)s”: take that off one of them first.") % {"third": third.title}
        )


def _judge(kinship: Kinship, judged: str, *, by: User, why: str, at: datetime) -> Kinship:
    kinship.judged, kinship.judged_at, kinship.judged_by, kinship.reason = judged, at, by, why.strip()
    checked.save(kinship)
    return kinship


def _derive(copy: Source, origin: Source, derivation: str, *, by: User, why: str, at: datetime) -> Source:
    """The copy as saved. One that is derived from the origin already stays as it is."""
    if derivation not in Derivation.values:
        raise ValidationError(
            {"derivation": _("Say how the copy came from it: copy, translation, rewrite, …")}
        )
    standing = Source.objects.select_related("derived_from").get(pk=copy.pk)
    said = {"copy": standing.title, "origin": origin.title}
    if standing.derived_from_id == origin.pk:
        return standing
    if standing.derived_from is not None:
        said["other"] = standing.derived_from.title
        raise ValidationError(
            _(
                "“%(copy)s” is derived from “%(other)s” already: choose the other one as the copy, or take that "
                "off first."
            )
            % said
        )
    if origin.state in PUT_ASIDE:
        raise ValidationError(_("“%(origin)s” was put aside: nothing can be derived from it.") % said)
    if _leads_to(origin, standing):
        raise ValidationError(
            _(
                "“%(origin)s” is derived from “%(copy)s” itself: both ways would run in a circle. Choose "
                "“%(origin)s” as the copy."
            )
            % said
        )
    return _save(standing, origin, derivation, by=by, why=why, at=at)


def _leads_to(source: Source, ancestor: Source) -> bool:
    step: Source | None = source
    while step is not None and step.pk != ancestor.pk:
        step = step.derived_from
    return step is not None


def _save(
    copy: Source, origin: Source | None, derivation: str, *, by: User, why: str, at: datetime
) -> Source:
    """Save the source with another origin. What was approved waits for review; nothing else changes its place."""
    state = State(copy.state)
    if state in PUT_ASIDE:
        raise ValidationError(
            _("“%(copy)s” was put aside: take it up again before you say where it comes from.")
            % {"copy": copy.title}
        )
    to = {State.APPROVED: State.IN_REVIEW, State.PROPOSED: State.DRAFT}.get(state, state)
    said = f"derived from {origin.slug}" if origin else "derived from nothing we know"
    draft = replace(_draft_of(copy), derived_from=origin, derivation=derivation)
    return save_source(
        draft, by=by, why=f"{said}: {why.strip()}" if why.strip() else said, ref=copy.ref,
        expect=copy.version, state=to, at=at,
    )  # fmt: skip


def _draft_of(source: Source) -> SourceDraft:
    """The source as it stands, as the draft that would leave it so."""
    return SourceDraft(
        slug=source.slug,
        title=source.title,
        language=source.language,
        source_type=source.source_type,
        publisher=source.publisher,
        authors=source.authors,
        url=source.url,
        published_on=source.published_on,
        derived_from=source.derived_from,
        derivation=source.derivation,
        identifiers=[(one.scheme, one.value) for one in source.identifiers.all()],
        note=source.note,
    )


def _settle(derived: Iterable[Source], *, by: User, at: datetime) -> None:
    """Confirm what is waiting between sources that are now derived from one origin, the last step a new one."""
    refs = [one.ref for one in derived]
    origins = set(roots(refs).values())
    family = set(Source.objects.filter(ref__in=origins).values_list("pk", flat=True))
    frontier = set(family)
    while frontier:
        frontier = set(Source.objects.filter(derived_from__in=frontier).values_list("pk", flat=True)) - family
        family |= frontier
    follows = _("Both are derived from one origin by what was confirmed between others.")
    Kinship.objects.waiting().among(family).update(
        judged=Judged.CONFIRMED, judged_at=at, judged_by=by, reason=follows
    )
