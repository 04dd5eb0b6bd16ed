"""What editors have judged not to apply: a property that things of a kind have, and this one cannot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.property import Property
from companies.models import Entity
from kb.lib.fields import Line


class Inapplicable(models.Model):
    """The property does not apply to the entity, so that its absence is no gap. Remembered until it is taken back."""

    entity = models.ForeignKey(
        Entity, on_delete=models.CASCADE, related_name="inapplicable", verbose_name=_("entity")
    )
    property = models.ForeignKey(
        Property, on_delete=models.CASCADE, related_name="+", verbose_name=_("property")
    )
    why = Line(verbose_name=_("why"))
    judged_at = models.DateTimeField(_("judged at"))
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("judged by")
    )

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("property that does not apply")
        verbose_name_plural = _("properties that do not apply")
        constraints = (
            models.UniqueConstraint(fields=["entity", "property"], name="claims_inapplicable_once"),
            models.CheckConstraint(condition=~models.Q(why=""), name="claims_inapplicable_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.entity} · {self.property}: {self.why}"
