"""Partners: whoever sends claims in through the API. A partner is an account without a login, and has keys."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey

from claims.models.claim import Claim
from kb.lib.fields import Line
from kb.lib.validators import validate_words

LONGEST_MESSAGE = 2000  # characters


class PartnerKey(AbstractAPIKey):
    """One of a partner's keys. Only its hash is kept (SHA-512 of 32 random characters); revoking it is for ever."""

    partner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="keys", verbose_name=_("partner")
    )
    name = Line(verbose_name=_("what it is for"), max_length=50)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("revoked by"),
    )
    last_used_on = models.DateField(_("last used on"), null=True, editable=False)  # UTC

    class Meta:
        ordering = ("-created", "pk")
        verbose_name = _("partner's key")
        verbose_name_plural = _("partners' keys")
        default_permissions = ()


class Submission(models.Model):
    """A claim that a partner sent in, as it was sent. What becomes of it is the claim's own state.

    The same words from the same partner are one submission, however often they are sent.
    """

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="submission")
    partner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    received_at = models.DateTimeField()
    sent = models.TextField()  # canonical JSON; emptied by a redaction
    sha256 = models.CharField(max_length=64)  # of `sent`
    message = models.TextField(blank=True, max_length=LONGEST_MESSAGE, validators=[validate_words])

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["partner", "sha256"], name="claims_submission_sent_once"),
        )

    def __str__(self) -> str:
        return f"{self.partner}: {self.claim}"
