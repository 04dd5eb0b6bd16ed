"""Removing what the law orders removed: asked for by one person, carried out when another confirms."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from claims import press
from claims.actions.submissions import forget_submissions
from claims.actions.talk import forget
from claims.ledger.models import Edition, Reason, Review
from claims.ledger.printing import Imprint, redact
from claims.models import (
    Claim,
    Kinship,
    Page,
    ReadText,
    Redaction,
    Report,
    Source,
    SuggestedFigure,
    TracedText,
)
from companies.models import Entity
from kb.lib import blobs, checked
from kb.models import Revision, Root, State


def request_redaction(root: Root, *, category: str, by: User, at: datetime | None = None) -> Redaction:
    """Ask for the removal of a claim, a source, an entity or a page. Raises ValidationError for another kind."""
    if not isinstance(root, Claim | Source | Entity | Page):
        raise ValidationError(_("“%(thing)s” holds nothing to redact; correct it instead") % {"thing": root})
    redaction = Redaction(
        kind=root.KIND, ref=root.ref, category=category, requested_by=by, requested_at=at or timezone.now()
    )
    checked.save(redaction)
    return redaction


def confirm_redaction(redaction: Redaction, *, by: User, at: datetime | None = None) -> Edition:
    """Carry the removal out: in the ledger, the desk, its history and the stored files.

    Raises ValidationError when the same person asked for it; NotClosed while anything published refers to it.
    """
    now = at or timezone.now()
    with transaction.atomic():
        redaction = Redaction.objects.select_for_update().get(pk=redaction.pk)
        redaction.confirmed_by, redaction.confirmed_at = by, now
        checked.save(redaction)
        root = press.ROOTS[redaction.kind].locked(redaction.ref, expect=None)
        with override("en"):
            category = str(redaction.get_category_display())
        imprint = Imprint(
            by=press.public_name(by),
            reason=Reason.RETRACTION,
            review=Review.FOUR_EYES,
            note={"en": f"Removed: {category}."},
            at=now,
        )
        edition = redact(redaction.kind, redaction.ref, redaction.category, imprint)
        Revision.objects.filter(kind=root.KIND, ref=root.ref).update(body="")
        forget(root)
        files = _empty(root)
        root.seal(by=by, why=f"redacted: {redaction.category}", at=now)
        transaction.on_commit(lambda: _remove(files))
        return edition


def _empty(root: Root) -> set[str]:
    """Take the content off the desk; the hashes of the files that must go with it."""
    root.state = State.DISCARDED
    files: set[str] = set()
    Report.objects.filter(ref=root.ref).update(message="—", contact="", answer="")
    forget_submissions(root)
    if isinstance(root, Page):
        root.title, root.text, root.slug = {"en": "—"}, {"en": "—"}, f"redacted-{root.ref}"
    elif isinstance(root, Claim):
        root.evidence.all().delete()
        root.links.all().delete()
        root.suspicions.all().delete()  # their reasons hold what it said
        root.value_kind, root.comparator, root.unit = "undisclosed", "", ""
        root.amount = root.upper_amount = root.lower_bound = root.upper_bound = root.value_time = ""
        root.value_entity, root.value_text, root.note, root.rank, root.rank_reason = (
            None,
            {},
            {},
            "normal",
            {},
        )
        root.base_lower = root.base_upper = None
        root.base_unit = ""
    elif isinstance(root, Source):
        files = {digest for one in root.snapshots.all() for digest in (one.sha256, one.text_sha256)}
        root.identifiers.all().delete()
        root.attempts.update(address="", detail="")
        root.keys.all().delete()
        TracedText.objects.filter(source=root).delete()
        SuggestedFigure.objects.filter(snapshot__source=root).delete()  # they hold words of the text
        ReadText.objects.filter(source=root).delete()
        Kinship.objects.filter(Q(first=root) | Q(second=root)).delete()  # so do their reasons
        root.title, root.url, root.authors, root.note = "—", "", [], {}
        root.slug = f"redacted-{root.ref}"
    elif isinstance(root, Entity):
        root.names.all().delete()
        root.identifiers.all().delete()
        root.description, root.slug = {}, f"redacted-{root.ref}"
    root.save()
    return files


def _remove(files: set[str]) -> None:
    for digest in files:
        blobs.remove(digest)
