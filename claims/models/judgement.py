"""What editors have judged of two entities: the same thing, different things, or not clear yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models import Entity
from kb.lib.fields import Line

if TYPE_CHECKING:
    from collections.abc import Iterable


class Verdict(models.TextChoices):
    SAME = "same", _("the same")
    DIFFERENT = "different", _("different")
    UNSURE = "unsure", _("unsure")


class JudgementQuerySet(models.QuerySet["Judgement"]):
    def of(self, entities: Iterable[Entity]) -> JudgementQuerySet:
        """Those in which one of the entities is judged."""
        keys = [one.pk for one in entities]
        return self.filter(models.Q(first__in=keys) | models.Q(second__in=keys))

    def standing(self) -> dict[tuple[str, str], str]:
        """The latest verdict on each pair of refs, the smaller ref first; one query."""
        rows = self.order_by("pk").values_list("first__ref", "second__ref", "verdict")
        return {(first, second): verdict for first, second, verdict in rows}


class Judgement(models.Model):
    """One line of the log; the latest on a pair stands. `first` is the entity with the smaller ref."""

    first = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="+", verbose_name=_("first"))
    second = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="+", verbose_name=_("second"))
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict.choices)
    why = Line(verbose_name=_("why"), blank=True)
    judged_at = models.DateTimeField(_("judged at"))
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="judgements",
        verbose_name=_("judged by"),
    )  # null: the machine

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(verdict__in=["same", "different", "unsure"]),
                name="claims_judgement_verdict_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(first=models.F("second")), name="claims_judgement_of_two"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first} · {self.second}: {self.get_verdict_display()}"
