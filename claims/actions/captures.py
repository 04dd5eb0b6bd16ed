"""Taking copies of sources: storing one, knowing it again, and going back to see whether the page still says it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from claims import press
from claims.actions.suggestions import suggest_figures
from claims.actions.tracing import trace
from claims.capturing import addresses
from claims.capturing.documents import LIMITS, Document, read
from claims.capturing.sniffing import Unreadable
from claims.ledger.models import OPEN, Link
from claims.models import CaptureAttempt, Evidence, Outcome, Snapshot, Source
from claims.models.capture import newest
from claims.models.source import SourceQuerySet
from claims.permissions import require_role
from claims.workflow import Role
from kb.lib import blobs, checked, confined, net
from kb.lib.text import HostileText, one_line, sha256_text
from kb.models import State

GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
TRIES: Final = 3  # so many attempts without an answer, one after the other, and the address counts as dead
LONGEST_DETAIL: Final = 480


@dataclass(frozen=True)
class Captured:
    """What a capture did: the snapshot, whether it is new, and how many quotes were found in its text."""

    snapshot: Snapshot
    new: bool
    verified: int


@dataclass(frozen=True)
class Known:
    """A source that we have already, and by what it was known again: "bytes", "text" or "address"."""

    source: Source
    by: str

    @property
    def why(self) -> str:
        return str(_WHY[self.by])


_WHY: Final = {
    "bytes": _("it holds the very same file"),
    "text": _("it holds the very same text"),
    "address": _("it has the same address"),
}


def guard() -> net.Guard:
    """What may be fetched, by the settings."""
    return net.Guard(agent=settings.FETCH_AGENT, ports=settings.FETCH_PORTS)


def fetch(
    url: str, *, guard: net.Guard, language: str = "", limits: confined.Limits = LIMITS
) -> tuple[net.Fetched, Document]:
    """The page at `url` and what it says. Raises net.FetchError; Unreadable."""
    page = net.fetch(url, guard)
    document = read(
        page.data, address=page.url, declared=page.media_type, charset=page.charset, language=language,
        limits=limits,
    )  # fmt: skip
    return page, document


def capture(
    data: bytes,
    source: Source,
    *,
    document: Document | None = None,
    address: str = "",
    retrieved_on: str = "",
    by: User | None,
    at: datetime | None = None,
) -> Captured:
    """Store one copy of a source with its text, and hold every quote pinned to that text against it.

    `document` is what `data` say, where they have been read already; `address` is where they were fetched from.
    Published claims that quote the source are recounted, so that pages say what is verified and what is stale.
    Raises ValidationError when the bytes give no text, or when a pinned quote is not in it: nothing is kept.
    """
    require_role(by, Role.CONTRIBUTOR, source)
    try:
        document = document or read(data, address=address, language=source.language)
    except (Unreadable, HostileText) as fault:
        raise ValidationError(fault.said(gettext)) from fault
    with transaction.atomic():
        before = newest(Source.locked(source.ref, expect=None))
        captured = _store(data, document, source.ref, retrieved_on=retrieved_on, by=by)
        differs = before is not None and before.text_sha256 != captured.snapshot.text_sha256
        outcome = Outcome.CHANGED if differs and quotes(captured.snapshot) else Outcome.CAPTURED
        at = at or timezone.now()
        _note(source, outcome, address=address, by=by, at=at, snapshot=captured.snapshot)
        return captured


def _store(data: bytes, document: Document, ref: str, *, retrieved_on: str, by: User | None) -> Captured:
    digest = hashlib.sha256(data).hexdigest()
    source = Source.locked(ref, expect=None)
    snapshot = source.snapshots.filter(sha256=digest).first()
    new = snapshot is None
    if snapshot is None:
        snapshot = Snapshot(
            source=source,
            position=source.snapshots.count(),
            sha256=digest,
            text_sha256=sha256_text(document.text),
            media_type=document.media_type,
            characters=len(document.text),
            retrieved_on=retrieved_on,
        )
        checked.save(snapshot)
        if source.state == State.APPROVED:
            source.state = State.DRAFT  # what was approved had no such copy
        source.seal(by=by, why="captured")
    elif snapshot.text_sha256 != sha256_text(document.text):
        raise ValidationError(
            _("these bytes were captured before and gave another text then: quotes stay pinned to that one")
        )
    quotes = list(Evidence.objects.filter(snapshot=snapshot).select_related("claim"))
    misquoted = [
        gettext("claim %(ref)s: %(fault)s") % {"ref": one.claim.ref, "fault": wrong}
        for one in quotes
        if (wrong := one.misquotes(document.text))
    ]
    if misquoted:
        raise ValidationError(misquoted)
    blobs.write(data)
    blobs.write(document.text.encode())
    quoting = Link.objects.filter(role="source", target_ref=source.ref, edition_to=OPEN)
    press.recount(quoting.values_list("ref", flat=True))
    # Reading the texts takes a while, and what is captured stays whatever comes of it.
    captured = Captured(snapshot, new, len(quotes))
    transaction.on_commit(lambda: trace(captured.snapshot), robust=True)
    transaction.on_commit(lambda: suggest_figures(source), robust=True)
    return captured


# Known again ----------------------------------------------------------------------------------------------


def known(
    *, data: bytes = b"", text: str = "", urls: Iterable[str] = (), other_than: Source | None = None
) -> Known | None:
    """The source that has these bytes, else this text, else one of these addresses; None when it is new to us."""
    sources = Source.objects.exclude(pk=other_than.pk) if other_than else Source.objects.all()
    if data:
        digest = hashlib.sha256(data).hexdigest()
        if found := sources.filter(snapshots__sha256=digest).order_by("pk").first():
            return Known(found, "bytes")
    if text and (found := sources.filter(snapshots__text_sha256=sha256_text(text)).order_by("pk").first()):
        return Known(found, "text")
    for url in filter(None, urls):
        if found := _at(url, sources):
            return Known(found, "address")
    return None


def _at(url: str, sources: SourceQuerySet) -> Source | None:
    """The source whose address leads to the same document as `url`."""
    try:
        wanted = addresses.key(url)
    except HostileText:
        return None
    host = wanted.partition("/")[0].partition("?")[0]
    there = sources.filter(url__icontains=host).order_by("pk").values_list("pk", "url")
    for pk, other in there.iterator():
        if addresses.key(other) == wanted:
            return sources.get(pk=pk)
    return None


# Going back -----------------------------------------------------------------------------------------------


def due(at: datetime, *, after: timedelta) -> SourceQuerySet:
    """Sources with an address that published evidence cites, and that nobody went for since `at` - `after`.

    Those never tried come first, then the longest ago.
    """
    cited = Link.objects.filter(role="source", edition_to=OPEN).values("target_ref")
    return (
        Source.objects.filter(ref__in=cited)
        .exclude(url="")
        .annotate(last_tried=Max("attempts__at", filter=~Q(attempts__address="")))
        .filter(Q(last_tried__isnull=True) | Q(last_tried__lt=at - after))
        .order_by(F("last_tried").asc(nulls_first=True), "pk")
    )


def recapture(
    source: Source, *, guard: net.Guard, by: User | None = None, at: datetime | None = None
) -> CaptureAttempt:
    """Go to the source's address once more and record what came of it; nothing is raised for what a page does.

    Another text than the newest known one is stored as a new snapshot and opens an item in the queue of stale
    evidence, and so does an address that is gone. Evidence stays pinned where it is.
    """
    require_role(by, Role.CONTRIBUTOR, source)
    at = at or timezone.now()
    try:
        page, document = fetch(source.url, guard=guard, language=source.language)
    except net.Declined as fault:
        return _missed(source, _meaning(fault.status), str(fault), by=by, at=at)
    except net.Unreachable as fault:
        return _missed(source, Outcome.FAILED, str(fault), by=by, at=at)
    except (net.Refused, Unreadable) as fault:
        return _missed(source, Outcome.REFUSED, str(fault), by=by, at=at)
    with transaction.atomic():
        return _compared(Source.locked(source.ref, expect=None), page, document, by=by, at=at)


def not_taken_in(source: Source, fault: Exception, *, at: datetime | None = None) -> CaptureAttempt:
    """Record an attempt over which `recapture` itself broke: the source gets its next turn when it is due again."""
    said = "; ".join(fault.messages) if isinstance(fault, ValidationError) else str(fault)
    detail = f"the page could not be taken in ({type(fault).__name__}: {said})"
    return _note(source, Outcome.REFUSED, detail, address=source.url, by=None, at=at or timezone.now())


def _compared(
    source: Source, page: net.Fetched, document: Document, *, by: User | None, at: datetime
) -> CaptureAttempt:
    """The attempt that brought this page: its text is stored when it says something new."""
    last, outcome = newest(source), Outcome.CHANGED
    same = last is not None and _same(last, page, document)
    if last is None:
        outcome = Outcome.CAPTURED
    elif not same and not _alike(last, document):
        # A text that was pasted never equals the one taken from the page: what is quoted has to stand in both.
        pinned = [one.exact for one in Evidence.objects.filter(source=source, snapshot__isnull=False)]
        same = bool(pinned) and all(exact in document.text for exact in pinned)
        outcome = Outcome.CHANGED if pinned else Outcome.CAPTURED
    if same:
        return _note(source, Outcome.UNCHANGED, address=page.url, by=by, at=at, snapshot=last)
    try:
        # What is stored as the reason is in the house's language, whoever asked.
        with override(settings.LANGUAGE_CODE), transaction.atomic():
            day = at.date().isoformat()
            captured = _store(page.data, document, source.ref, retrieved_on=day, by=by)
    except ValidationError as fault:
        said = "; ".join(fault.messages)
        return _note(source, Outcome.REFUSED, said, address=page.url, by=by, at=at)
    return _note(source, outcome, address=page.url, by=by, at=at, snapshot=captured.snapshot)


def _same(snapshot: Snapshot, page: net.Fetched, document: Document) -> bool:
    digests = sha256_text(document.text), hashlib.sha256(page.data).hexdigest()
    return snapshot.text_sha256 == digests[0] or snapshot.sha256 == digests[1]


def _alike(snapshot: Snapshot, document: Document) -> bool:
    """Whether their texts were taken in one way, so that a difference is the page's."""
    stored = snapshot.attempts.filter(outcome__in=(Outcome.CAPTURED, Outcome.CHANGED))
    return stored.exclude(address="").exists() or snapshot.media_type == document.media_type


def _meaning(status: int) -> Outcome:
    if status in GONE:
        return Outcome.DEAD
    return Outcome.FAILED if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.REFUSED


def _missed(
    source: Source, outcome: Outcome, detail: str, *, by: User | None, at: datetime
) -> CaptureAttempt:
    with transaction.atomic():
        source = Source.locked(source.ref, expect=None)
        tried = source.attempts.exclude(address="").order_by("-at", "-id")
        last = list(tried.values_list("outcome", flat=True)[: TRIES - 1])
        if (
            outcome == Outcome.FAILED
            and len(last) == TRIES - 1
            and set(last) <= {Outcome.FAILED, Outcome.DEAD}
        ):
            outcome, detail = Outcome.DEAD, f"no answer {TRIES} times in a row: {detail}"
        return _note(source, outcome, detail, address=source.url, by=by, at=at)


def _note(
    source: Source, outcome: Outcome, detail: str = "", *, address: str = "", by: User | None, at: datetime,
    snapshot: Snapshot | None = None,
) -> CaptureAttempt:  # fmt: skip
    """Record an attempt. It closes the open items that it makes out of date: the page answers again, or says more."""
    attempt = CaptureAttempt(
        source=source, at=at, by=by, address=address, outcome=outcome, snapshot=snapshot,
        detail=one_line(detail, LONGEST_DETAIL),  # a server's own words may be in it
    )  # fmt: skip
    replaced = [Outcome.DEAD] if (snapshot and address) or outcome == Outcome.DEAD else []
    if outcome == Outcome.CHANGED:
        replaced.append(Outcome.CHANGED)
    if outcome == Outcome.DEAD and (seen := _seen_dead(source)):
        attempt.resolved_at, attempt.resolved_by = at, seen
    source.attempts.open_items().filter(outcome__in=replaced).update(resolved_at=at, resolved_by=None)
    checked.save(attempt)
    return attempt


def _seen_dead(source: Source) -> User | None:
    """Who has seen that the address is dead, if it was dead at the last attempt that could tell."""
    told = source.attempts.exclude(address="").exclude(outcome__in=(Outcome.FAILED, Outcome.REFUSED))
    last = told.order_by("-at", "-id").first()
    return last.resolved_by if last and last.outcome == Outcome.DEAD else None


@dataclass(frozen=True)
class Quoted:
    """A piece of evidence that is pinned to another text than the one at hand, and whether its words stand there."""

    evidence: Evidence
    found: bool


def quotes(snapshot: Snapshot | None, source: Source | None = None) -> list[Quoted]:
    """What is quoted from the snapshot's source by other texts of it, the words that are gone first.

    Without a snapshot, or where its text is not held, nothing is found. `source` is needed only then.
    """
    text = (snapshot.text() if snapshot else None) or ""
    source = snapshot.source if snapshot else source
    pinned = Evidence.objects.filter(source=source, snapshot__isnull=False)
    if snapshot:
        pinned = pinned.exclude(snapshot__text_sha256=snapshot.text_sha256)
    rows = pinned.select_related("claim", "snapshot").order_by("claim__ref", "position")
    return sorted((Quoted(one, one.exact in text) for one in rows), key=lambda one: one.found)


def resolve(attempt: CaptureAttempt, *, by: User, at: datetime | None = None) -> CaptureAttempt:
    """Close an open item: somebody has seen to it. Raises ValidationError when it is not open."""
    with transaction.atomic():
        attempt = CaptureAttempt.objects.select_for_update().get(pk=attempt.pk)
        if not attempt.is_open:
            raise ValidationError(_("This has been seen to already."))
        require_role(by, Role.CONTRIBUTOR, attempt.source)
        attempt.resolved_at, attempt.resolved_by = at or timezone.now(), by
        checked.save(attempt)
        return attempt
