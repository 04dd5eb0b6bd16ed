"""What the machine finds of texts that share an origin, and what editors judge. The desk's own, in no body."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.source import Source
from kb.lib.fields import Line


class KinshipQuerySet(models.QuerySet["Kinship"]):
    def proposed(self) -> KinshipQuerySet:
        """What the machine takes for one origin, or is unsure about; not what only rests on a common source."""
        return self.filter(verdict__in=[Kinship.Answer.SAME, Kinship.Answer.UNSURE])

    def waiting(self) -> KinshipQuerySet:
        """Those that an editor should look at."""
        return self.proposed().filter(judged=Kinship.Judged.OPEN)

    def left_open(self) -> KinshipQuerySet:
        """Those that an editor looked at without being sure."""
        return self.proposed().filter(judged=Kinship.Judged.UNSURE)

    def of(self, source: Source) -> KinshipQuerySet:
        return self.filter(models.Q(first=source) | models.Q(second=source))

    def among(self, sources: Iterable[int]) -> KinshipQuerySet:
        """Those of two of these sources, by primary key."""
        keys = list(sources)
        return self.filter(first__in=keys, second__in=keys)

    def with_sources(self) -> KinshipQuerySet:
        """With all that a row or a page of them shows."""
        return self.select_related(
            "first__publisher",
            "first__derived_from",
            "second__publisher",
            "second__derived_from",
            "judged_by",
        )


class Kinship(models.Model):
    """Two sources whose texts were compared. `first` came into this base first.

    `why` has {code, told}, of which claims.lineage.reasons makes sentences that call the two "the first" and "the
    second" (a string is a sentence of an earlier release); `drift` has {kind, first, second, lost_in}:
    how each prints a figure, and which of them lost something. `first_text` and `second_text` are the texts compared,
    by their sha-256: another text may be proposed again. An open one with a date was judged on an earlier text.
    """

    class Answer(models.TextChoices):
        SAME = "same-origin", _("one origin")
        UNSURE = "unsure", _("perhaps one origin")
        INDEPENDENT = "independent", _("independent")

    class Judged(models.TextChoices):
        OPEN = "open", _("open")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("not a copy")
        UNSURE = "unsure", _("left open")

    class Side(models.TextChoices):
        FIRST = "first", _("the first")
        SECOND = "second", _("the second")

    first = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("first"))
    second = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("second"))
    first_text = models.CharField(max_length=64)
    second_text = models.CharField(max_length=64)
    verdict = models.CharField(_("verdict"), max_length=11, choices=Answer.choices)
    score = models.FloatField(_("score"))  # 0 for surely independent to 1 for surely one origin
    why = models.JSONField(default=list, blank=True)
    shared = models.JSONField(default=list, blank=True)  # the figures in both, the rarest first
    drift = models.JSONField(default=list, blank=True)
    copy = models.CharField(_("likelier copy"), max_length=6, blank=True, choices=Side.choices)
    common_source = Line(verbose_name=_("common source"), blank=True)
    found_at = models.DateTimeField(_("found at"))
    judged = models.CharField(_("judged"), max_length=9, choices=Judged.choices, default=Judged.OPEN)
    judged_at = models.DateTimeField(_("judged at"), null=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("judged by"),
    )  # null: the machine, which found the link on the desk already
    reason = Line(verbose_name=_("why"), blank=True)

    objects = KinshipQuerySet.as_manager()

    class Meta:
        ordering = ("found_at", "pk")
        verbose_name = _("suspected copy")
        verbose_name_plural = _("suspected copies")
        indexes = (models.Index(fields=["judged", "found_at"], name="claims_kinship_waiting"),)
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="claims_kinship_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="claims_kinship_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["same-origin", "unsure", "independent"]),
                name="claims_kinship_verdict_known",
            ),
            models.CheckConstraint(
                condition=models.Q(copy__in=["", "first", "second"]), name="claims_kinship_copy_known"
            ),
            models.CheckConstraint(
                condition=models.Q(judged__in=["open", "confirmed", "rejected", "unsure"]),
                name="claims_kinship_judged_known",
            ),
            models.CheckConstraint(
                condition=models.Q(judged="open") | models.Q(judged_at__isnull=False),
                name="claims_kinship_judged_at_its_judgement",
            ),
            models.CheckConstraint(
                condition=models.Q(judged_by=None) | models.Q(judged_at__isnull=False),
                name="claims_kinship_judged_by_and_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(judged="rejected") | ~models.Q(reason=""),
                name="claims_kinship_rejected_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first} · {self.second}: {self.get_verdict_display()}"

    @property
    def judged_before(self) -> bool:
        """Whether it was judged on an earlier text, and is proposed again since the text changed."""
        return self.judged == self.Judged.OPEN and self.judged_at is not None

    def other(self, source: Source) -> Source:
        """The one of the two that is not `source`."""
        return self.second if self.first_id == source.pk else self.first


class SourceKey(models.Model):
    """A telling feature of a source's text, hashed: what sources are found by that may be relatives."""

    hash = models.BigIntegerField()
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hash", "source"], name="claims_sourcekey_once"),)

    def __str__(self) -> str:
        return f"{self.hash:x}"


class TracedText(models.Model):
    """The text of a source by which others find it. Without a date it was not held against them yet."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="traced")
    text_sha256 = models.CharField(max_length=64)
    traced_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text_sha256[:12]
