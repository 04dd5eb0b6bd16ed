"""Who puts a source out: not who asserts what it says."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.lib.fields import Address, EdtfText, Line, Prose, SlugText
from kb.lib.times import time_body
from kb.models import Body, Root


class Reliability(models.TextChoices):
    """Grade of a publisher, A to F (the Admiralty code's first letter)."""

    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: cannot be judged")


class Publisher(Root):
    KIND = "publisher"

    slug = SlugText(verbose_name=_("slug"), unique=True)
    name = Line(verbose_name=_("name"))
    url = Address(verbose_name=_("address"))
    reliability = models.CharField(_("reliability"), max_length=1, blank=True, choices=Reliability.choices)
    rationale = Prose(verbose_name=_("why this grade"))
    graded_on = EdtfText(verbose_name=_("graded on"))

    class Meta:
        ordering = ("slug",)
        verbose_name = _("publisher")
        verbose_name_plural = _("publishers")
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="claims_publisher_name_not_empty"),
            models.CheckConstraint(
                condition=models.Q(reliability="") | ~models.Q(graded_on=""),
                name="claims_publisher_grade_is_dated",
                violation_error_message=_("say when the grade was given"),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def body(self) -> Body:
        return {
            "ref": self.ref,
            "slug": self.slug,
            "name": self.name,
            "url": self.url,
            "reliability": self.reliability or None,
            "rationale": self.rationale,
            "graded_on": time_body(self.graded_on),
        }
