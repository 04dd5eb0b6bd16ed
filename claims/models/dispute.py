"""Claims that answer one question differently, and what an editor made of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from kb.lib.fields import Prose, SlugText
from kb.lib.spoken import spoken
from kb.models import Body, Root


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def with_parts(self) -> DisputeQuerySet:
        return self.prefetch_related("members__claim")


class Dispute(Root):
    class Verdict(models.TextChoices):
        CONTESTED = "contested", _("contested")
        DIFFERENT_SCOPE = "different-scope", _("different scope")
        SUPERSEDED = "superseded", _("superseded")
        COPY_ERROR = "copy-error", _("copy error")
        SETTLED = "settled", _("settled")

    KIND = "dispute"

    slug = SlugText(verbose_name=_("slug"), unique=True)
    question = Prose(verbose_name=_("question"))
    verdict = models.CharField(_("state of the dispute"), max_length=15, choices=Verdict.choices)
    answer = Prose(verbose_name=_("answer"))
    reason = Prose(verbose_name=_("reason"))

    objects = DisputeQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = (
            models.CheckConstraint(condition=~models.Q(question={}), name="claims_dispute_asks_something"),
            models.CheckConstraint(
                condition=models.Q(verdict="contested") | ~models.Q(reason={}),
                name="claims_dispute_verdict_has_a_reason",
                violation_error_message=_("say why the dispute stands as it does"),
            ),
        )

    def __str__(self) -> str:
        return spoken(self.question)

    def body(self) -> Body:
        return {
            "ref": self.ref,
            "slug": self.slug,
            "question": self.question,
            "state": self.verdict,
            "answer": self.answer,
            "reason": self.reason,
            "members": [{"claim": member.claim.ref, "note": member.note} for member in self.members.all()],
        }


class DisputeMember(models.Model):
    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveIntegerField(default=0, editable=False)
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("claim")
    )
    note = Prose(verbose_name=_("note"))

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = (
            models.UniqueConstraint(fields=["dispute", "claim"], name="claims_disputemember_once"),
        )

    def __str__(self) -> str:
        return str(self.claim_id)
