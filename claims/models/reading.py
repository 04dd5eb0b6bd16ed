"""What editors have read and put aside, so that the reading desk does not ask again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.source import Snapshot


class SkippedFigure(models.Model):
    """A figure of a snapshot that somebody has read and does not need. `start` and `end` count code points."""

    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.CASCADE, related_name="skipped", verbose_name=_("snapshot")
    )
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    skipped_at = models.DateTimeField(_("skipped at"))
    skipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="skipped_figures",
        verbose_name=_("skipped by"),
    )

    class Meta:
        ordering = ("snapshot", "start")
        verbose_name = _("skipped figure")
        verbose_name_plural = _("skipped figures")
        constraints = (
            models.UniqueConstraint(fields=["snapshot", "start", "end"], name="claims_skippedfigure_once"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="claims_skippedfigure_end_after_start"
            ),
        )

    def __str__(self) -> str:
        return f"{self.snapshot}: {self.start}–{self.end}"
