"""What readers say is wrong: a letter to the desk about one published thing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.lib.fields import Line
from kb.lib.validators import validate_words

LONGEST = 2000  # characters


class ReportQuerySet(models.QuerySet["Report"]):
    def open_items(self) -> ReportQuerySet:
        return self.filter(outcome="")


class Report(models.Model):
    """One letter. Never changed, but that somebody of the desk closes it.

    `ref` and `edition` say what was read. `sender` is a keyed hash of the address it came from and the day: enough to
    count letters, not to find the writer. `contact` is only for an answer and is emptied when the report is closed.
    """

    class Outcome(models.TextChoices):
        MENDED = "mended", _("mended")
        DECLINED = "declined", _("looked at, left as it is")
        SPAM = "spam", _("no report")

    ref = models.CharField(_("about"), max_length=10)
    edition = models.PositiveIntegerField(_("edition"))
    language = models.CharField(_("language"), max_length=35)
    message = models.TextField(_("message"), max_length=LONGEST, validators=[validate_words])
    contact = Line(verbose_name=_("contact"), max_length=200, blank=True)
    sender = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("at"))
    outcome = models.CharField(_("outcome"), max_length=8, blank=True, choices=Outcome.choices)
    answer = models.TextField(_("what was done"), max_length=LONGEST, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reports",
        verbose_name=_("seen to by"),
    )
    resolved_at = models.DateTimeField(_("seen to at"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("readers' report")
        verbose_name_plural = _("readers' reports")
        default_permissions = ()
        indexes = (
            models.Index(fields=["at", "ref"], condition=models.Q(outcome=""), name="claims_report_open"),
            models.Index(fields=["sender", "at"], name="claims_report_sender"),
            models.Index(fields=["at"], name="claims_report_at"),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(message=""), name="claims_report_says_something"),
            models.CheckConstraint(
                condition=models.Q(outcome="", resolved_at__isnull=True, resolved_by__isnull=True)
                | (~models.Q(outcome="") & models.Q(resolved_at__isnull=False, resolved_by__isnull=False)),
                name="claims_report_closed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref}: {self.message[:60]}"
