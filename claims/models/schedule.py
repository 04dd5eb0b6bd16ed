"""Publishing later: what was chosen, at which body, and when. The worker prints it, or says why it could not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.lib.fields import Prose

NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)  # when the next try is of what is not tried again by itself


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def waiting(self) -> ScheduleQuerySet:
        return self.filter(outcome=Schedule.Outcome.WAITING)

    def due(self, at: datetime) -> ScheduleQuerySet:
        """What is to be tried now, the longest due first."""
        return self.waiting().filter(next_try_at__lte=at).order_by("next_try_at", "id")


class Schedule(models.Model):
    """One edition to come. Printed in the very transaction that closes it, so never twice."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PUBLISHED = "published", _("published")
        CANCELED = "canceled", _("canceled")

    publish_at = models.DateTimeField(_("publish at"))
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")  # the one it was chosen in
    reason = models.CharField(_("reason"), max_length=14)  # one that an editor gives, of the ledger's
    note = Prose(verbose_name=_("public note"))
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="schedules"
    )
    scheduled_at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    next_try_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)  # that failed
    fault = models.TextField(blank=True)  # why the last try failed, or why it was canceled
    edition = models.PositiveBigIntegerField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # null: the machine

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ("-publish_at", "-id")
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        indexes = (
            models.Index(
                fields=["next_try_at", "id"],
                condition=models.Q(outcome="waiting"),
                name="claims_schedule_due",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome="waiting", closed_at__isnull=True)
                | (~models.Q(outcome="waiting") & models.Q(closed_at__isnull=False)),
                name="claims_schedule_closed_at_its_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="published", edition__isnull=False)
                | (~models.Q(outcome="published") & models.Q(edition__isnull=True)),
                name="claims_schedule_published_in_an_edition",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=False) | models.Q(closed_by__isnull=True),
                name="claims_schedule_closed_by_and_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.publish_at:%Y-%m-%d %H:%M} UTC"

    @property
    def is_stopped(self) -> bool:
        """Whether it waits for a person: the worker has given up, and `fault` says why."""
        return self.outcome == self.Outcome.WAITING and self.next_try_at >= NEVER


class ScheduledThing(models.Model):
    """One thing of a schedule, at the body that was looked at: another body needs another look."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="things")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    body_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("ref",)
        constraints = (
            models.UniqueConstraint(fields=["schedule", "ref"], name="claims_scheduledthing_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
