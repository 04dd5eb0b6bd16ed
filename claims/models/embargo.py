"""An embargo: until when a thing may not be published, whoever approves it. The desk's own; nothing of it is public."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.lib.validators import validate_words


class EmbargoQuerySet(models.QuerySet["Embargo"]):
    def standing(self, at: datetime) -> EmbargoQuerySet:
        """Those that have not run out."""
        return self.filter(until__gt=at)


class Embargo(models.Model):
    """One a thing. It runs out by itself at `until`; what was printed before is not touched by it."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10, unique=True)
    until = models.DateTimeField(_("not before"))
    why = models.CharField(_("why"), max_length=500, validators=[validate_words])
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    objects = EmbargoQuerySet.as_manager()

    class Meta:
        verbose_name = _("embargo")
        verbose_name_plural = _("embargoes")

    def __str__(self) -> str:
        return f"{self.ref} {self.until:%Y-%m-%d %H:%M}"
