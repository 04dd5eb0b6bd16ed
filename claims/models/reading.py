"""What the machine found in texts and nobody has read yet, and what editors have read and put aside."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from claims.models.evidence import Evidence
from claims.models.property import Property
from claims.models.source import Snapshot, Source
from companies.models import Entity
from kb.lib.fields import Line
from kb.models import OUTSIDE, PUT_ASIDE


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


class SuggestedFigureQuerySet(models.QuerySet["SuggestedFigure"]):
    def waiting(self) -> SuggestedFigureQuerySet:
        """Those that nobody has read: not skipped, and not evidence of the source in a copy with this text.

        Evidence of a claim that nobody of the desk stands for is none. What is about something that was put aside
        meanwhile does not wait, nor what stands in such a source; what is about a merged entity waits under its heir.
        """
        skipped = SkippedFigure.objects.filter(
            snapshot=OuterRef("snapshot"), start=OuterRef("start"), end=OuterRef("end")
        )
        quoted = Evidence.objects.filter(
            source=OuterRef("snapshot__source"),
            snapshot__text_sha256=OuterRef("snapshot__text_sha256"),
            start__lt=OuterRef("end"),
            end__gt=OuterRef("start"),
        ).exclude(claim__state__in=OUTSIDE)
        return self.filter(~Exists(skipped), ~Exists(quoted)).exclude(
            models.Q(snapshot__source__state__in=PUT_ASIDE)
            | models.Q(subject__state__in=PUT_ASIDE)
            | models.Q(subject__merged_into__state__in=PUT_ASIDE)
            | models.Q(property__state__in=PUT_ASIDE)
        )


class SuggestedFigure(models.Model):
    """A figure of an article that the machine takes for worth a claim: where it stands, and what it may be about.

    `start` and `end` count code points. Whether somebody has read it is never stored: see `waiting`.
    """

    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.CASCADE, related_name="suggested", verbose_name=_("snapshot")
    )
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    printed = Line(verbose_name=_("as printed"), max_length=200)
    subject = models.ForeignKey(
        Entity, on_delete=models.CASCADE, related_name="+", verbose_name=_("likely subject")
    )
    property = models.ForeignKey(
        Property, on_delete=models.CASCADE, related_name="+", verbose_name=_("likely property")
    )
    found_at = models.DateTimeField(_("found at"))

    objects = SuggestedFigureQuerySet.as_manager()

    class Meta:
        ordering = ("snapshot", "start")
        verbose_name = _("suggested figure")
        verbose_name_plural = _("suggested figures")
        constraints = (
            models.UniqueConstraint(fields=["snapshot", "start", "end"], name="claims_suggestedfigure_once"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="claims_suggestedfigure_end_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(printed=""), name="claims_suggestedfigure_printed_not_empty"
            ),
        )

    def __str__(self) -> str:
        return f"{self.printed} – {self.subject} · {self.property}"


class ReadText(models.Model):
    """The text of a source that the machine has read for suggestions."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="read_text")
    text_sha256 = models.CharField(max_length=64)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text_sha256[:12]
