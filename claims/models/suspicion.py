"""What the rules suspect of claims that stand against each other, and what became of it. The desk's own, in no body."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.dispute import Dispute
from claims.models.property import Property
from kb.lib.fields import Line


class SuspicionQuerySet(models.QuerySet["Suspicion"]):
    def waiting(self) -> SuspicionQuerySet:
        """Those that an editor should look at: open, and readers see all their claims."""
        hidden = SuspectedClaim.objects.filter(suspicion=models.OuterRef("pk"), claim__printed_version=0)
        return self.filter(~models.Exists(hidden), outcome=Suspicion.Outcome.OPEN)

    def of(self, claims: Iterable[Claim]) -> SuspicionQuerySet:
        """Those that one of the claims is in."""
        return self.filter(claims__in=[one.pk for one in claims]).distinct()


class Suspicion(models.Model):
    """Claims that cannot all hold, by a rule of claims/disputes. `reason` is what the rule told, as data.

    `key` names the claims and is never used twice. `digest` is of what they said: a suspicion that was dismissed
    opens again when it is found with another digest.
    """

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        OPENED = "opened", _("a dispute was opened")
        DISMISSED = "dismissed", _("not a dispute")
        LAPSED = "lapsed", _("no longer so")

    key = models.CharField(max_length=60, unique=True)
    relation = models.CharField(_("relation"), max_length=20)
    rule = models.CharField(max_length=40)
    reason = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    found_at = models.DateTimeField(_("found at"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices, default=Outcome.OPEN)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("closed by"),
    )  # null: the machine
    why = Line(verbose_name=_("why"), blank=True)
    dispute = models.ForeignKey(
        Dispute, null=True, on_delete=models.PROTECT, related_name="suspicions", verbose_name=_("dispute")
    )
    claims = models.ManyToManyField(
        Claim, through="SuspectedClaim", related_name="suspicions", verbose_name=_("claims")
    )

    objects = SuspicionQuerySet.as_manager()

    class Meta:
        ordering = ("found_at", "key")
        verbose_name = _("suspected dispute")
        verbose_name_plural = _("suspected disputes")
        indexes = (models.Index(fields=["outcome", "found_at"], name="claims_suspicion_waiting"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome__in=["open", "opened", "dismissed", "lapsed"]),
                name="claims_suspicion_outcome_known",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="open", closed_at=None)
                | (~models.Q(outcome="open") & models.Q(closed_at__isnull=False)),
                name="claims_suspicion_closed_at_its_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_by=None) | models.Q(closed_at__isnull=False),
                name="claims_suspicion_closed_by_and_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="dismissed") | ~models.Q(why=""),
                name="claims_suspicion_dismissed_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="opened", dispute__isnull=False)
                | (~models.Q(outcome="opened") & models.Q(dispute=None)),
                name="claims_suspicion_opened_as_a_dispute",
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation}: {self.key}"


class SuspectedClaim(models.Model):
    """One of the claims, in the order in which the reason speaks of them."""

    suspicion = models.ForeignKey(Suspicion, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveIntegerField(default=0)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="suspected")

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=["suspicion", "claim"], name="claims_suspectedclaim_once"),
        )

    def __str__(self) -> str:
        return str(self.claim_id)


class LifeBound(models.Model):
    """That the dates of a property begin or end the life of their subjects: its founding, its dissolution."""

    class Bound(models.TextChoices):
        BEGINS = "begins", _("begins it")
        ENDS = "ends", _("ends it")

    property = models.OneToOneField(
        Property, on_delete=models.CASCADE, related_name="life_bound", verbose_name=_("property")
    )
    bound = models.CharField(_("the subject’s life"), max_length=6, choices=Bound.choices)
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )

    class Meta:
        ordering = ("property__slug",)
        verbose_name = _("beginning or end")
        verbose_name_plural = _("beginnings and ends")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(bound__in=["begins", "ends"]), name="claims_lifebound_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.property}: {self.get_bound_display()}"
