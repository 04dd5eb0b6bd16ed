"""Who vouched for what: approvals, public names, and removals that the law ordered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.property import Property
from kb.lib.fields import Line


class Byline(models.Model):
    """The public name that an editor chose. Logins are never public; without one it is "the desk"."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="byline")
    public_name = Line(verbose_name=_("public name"), max_length=80)

    class Meta:
        verbose_name = _("public name")
        verbose_name_plural = _("public names")
        constraints = (
            models.CheckConstraint(condition=~models.Q(public_name=""), name="claims_byline_not_empty"),
        )

    def __str__(self) -> str:
        return self.public_name


class Approval(models.Model):
    """Somebody's word that one version may be published. It lapses when the thing moves on, and does not come back."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    body_sha256 = models.CharField(max_length=64)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals"
    )
    approved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "ref", "version", "approved_by"], name="claims_approval_once_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class HalfLife(models.Model):
    """After how many months claims of a property are looked at again. The desk's own; no part of the property."""

    property = models.OneToOneField(
        Property, on_delete=models.CASCADE, related_name="half_life", verbose_name=_("property")
    )
    months = models.PositiveSmallIntegerField(_("months"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("property__slug",)
        verbose_name = _("half-life")
        verbose_name_plural = _("half-lives")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(months__gte=1, months__lte=600),
                name="claims_halflife_from_one_month",
                violation_error_message=_("give months, from 1 to 600"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.property}: {self.months}"


class Recheck(models.Model):
    """When somebody last looked at a claim and found that it still says what there is to say."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="recheck")
    checked_at = models.DateTimeField(db_index=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.checked_at:%Y-%m-%d}"


class Redaction(models.Model):
    """An order to remove one thing from every version; carried out when a second person confirms it."""

    class Category(models.TextChoices):
        COURT_ORDER = "court-order", _("court order")
        PERSONAL_DATA = "personal-data", _("personal data")
        COPYRIGHT = "copyright", _("copyright")

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    category = models.CharField(_("category"), max_length=13, choices=Category.choices)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="redactions_requested"
    )
    requested_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="redactions_confirmed",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="claims_redaction_confirmed_by_and_at",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("requested_by")),
                name="claims_redaction_by_two_people",
                violation_error_message=_("a second person confirms a redaction"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}: {self.category}"
