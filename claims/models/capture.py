"""Each time somebody, or the schedule, went for a copy of a source: what came of it, and who has seen to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.source import Snapshot, Source
from kb.lib.fields import Address, Line


class Outcome(models.TextChoices):
    """What an attempt found, next to the newest text that was known before it."""

    CAPTURED = "captured", _("captured")
    UNCHANGED = "unchanged", _("unchanged")
    CHANGED = "changed", _("changed")
    DEAD = "dead", _("dead")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("no answer this time")


STALE = (Outcome.CHANGED, Outcome.DEAD)


class CaptureAttemptQuerySet(models.QuerySet["CaptureAttempt"]):
    def open_items(self) -> CaptureAttemptQuerySet:
        """What the desk still has to look at: a page that changed or is gone, and nobody has said what follows."""
        return self.filter(outcome__in=STALE, resolved_at__isnull=True)

    def for_queue(self) -> CaptureAttemptQuerySet:
        return self.filter(outcome__in=STALE).select_related("source", "snapshot", "resolved_by")


class CaptureAttempt(models.Model):
    """One attempt. Never changed, but that a stale one is resolved: by somebody, or by a later attempt (no name)."""

    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="attempts", verbose_name=_("source")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="capture_attempts",
        verbose_name=_("by"),
    )  # null: the machine
    address = Address(verbose_name=_("fetched from"))  # after redirects; empty for a file or a pasted text
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    detail = Line(verbose_name=_("detail"), blank=True)
    snapshot = models.ForeignKey(
        Snapshot,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="attempts",
        verbose_name=_("snapshot"),
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolved_attempts",
        verbose_name=_("resolved by"),
    )

    objects = CaptureAttemptQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("stale evidence")
        verbose_name_plural = _("stale evidence")
        indexes = (
            models.Index(fields=["source", "-at"], name="claims_attempt_newest"),
            models.Index(
                fields=["-at"],
                condition=models.Q(outcome__in=["changed", "dead"], resolved_at__isnull=True),
                name="claims_attempt_open",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    outcome__in=["captured", "unchanged", "changed", "dead", "refused", "failed"]
                ),
                name="claims_captureattempt_outcome_known",
            ),
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=False) | models.Q(resolved_by__isnull=True),
                name="claims_captureattempt_resolved_by_and_at",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["changed", "dead"]) | models.Q(resolved_at__isnull=True),
                name="claims_captureattempt_only_stale_ones_are_resolved",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source}: {self.get_outcome_display()}"

    @property
    def is_open(self) -> bool:
        return self.outcome in STALE and self.resolved_at is None


def newest(source: Source) -> Snapshot | None:
    """What was seen last: a page that went back to an older text has no newer row to show for it."""
    seen = source.attempts.filter(snapshot__isnull=False).order_by("-at", "-id").first()
    return seen.snapshot if seen else source.snapshots.order_by("position").last()
