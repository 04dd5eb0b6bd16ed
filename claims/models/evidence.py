"""What ties a claim to a source: a stance, and a quote pinned to a hashed text or a place in it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.source import Snapshot, Source
from kb.lib.fields import Line, Prose
from kb.lib.validators import validate_quote
from kb.models import Body


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("supports")
    REFUTES = "refutes", _("refutes")
    MENTIONS = "mentions", _("mentions")


class Drift(models.TextChoices):
    """How a copy's literal differs from its origin's where an editor reads them as the same statement."""

    DIGIT_LOST = "digit-lost", _("digit lost")
    SEPARATOR = "separator", _("separator")
    UNIT = "unit", _("unit")
    SCOPE = "scope", _("scope")
    RELATION = "relation", _("relation")
    DATE = "date", _("date")
    ATTRIBUTION = "attribution", _("attribution")


def validate_drift(kinds: object) -> None:
    if (
        not isinstance(kinds, list)
        or len(set(kinds)) != len(kinds)
        or any(k not in Drift.values for k in kinds)
    ):
        raise ValidationError(
            gettext("drift is a list out of %(kinds)s, each once") % {"kinds": ", ".join(Drift.values)}
        )


class Evidence(models.Model):
    """One source's word on one claim (Wikidata reference).

    The quote is a W3C TextQuoteSelector with its TextPositionSelector: `start` and `end` count code points
    of the snapshot's text. Where no text is held, `locator` says where to look.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    position = models.PositiveIntegerField(default=0, editable=False)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("source")
    )
    stance = models.CharField(_("stance"), max_length=8, choices=Stance.choices, default=Stance.SUPPORTS)
    original_value = Line(verbose_name=_("as printed"), max_length=200, blank=True)
    snapshot = models.ForeignKey(
        Snapshot,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evidence",
        verbose_name=_("snapshot"),
    )
    exact = models.TextField(_("quote"), blank=True, validators=[validate_quote])
    prefix = models.TextField(_("before it"), blank=True, validators=[validate_quote])
    suffix = models.TextField(_("after it"), blank=True, validators=[validate_quote])
    start = models.PositiveIntegerField(_("start"), null=True, blank=True)
    end = models.PositiveIntegerField(_("end"), null=True, blank=True)
    locator = Line(verbose_name=_("locator"), max_length=200, blank=True)
    translation = Prose(verbose_name=_("translation"))
    drift = models.JSONField(_("drift"), default=list, blank=True, validators=[validate_drift])
    figure_source = models.ForeignKey(
        Source,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="figures",
        verbose_name=_("source of the figure"),
    )
    note = Prose(verbose_name=_("note"))

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(stance__in=["supports", "refutes", "mentions"]),
                name="claims_evidence_stance_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(exact="", prefix="", suffix="")
                    & models.Q(start__isnull=True, end__isnull=True, snapshot__isnull=True)
                )
                | (
                    ~models.Q(exact="")
                    & models.Q(start__isnull=False, end__isnull=False, snapshot__isnull=False)
                    & models.Q(end__gt=models.F("start"))
                ),
                name="claims_evidence_quote_is_pinned",
                violation_error_message=_("a quote needs its start, its end and the snapshot it stands in"),
            ),
            models.CheckConstraint(
                condition=~models.Q(exact="") | ~models.Q(locator=""),
                name="claims_evidence_quote_or_locator",
                violation_error_message=_("quote the words, or say where in the source they stand"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.original_value or self.exact or self.source}"

    def body(self) -> Body:
        return {
            "source": self.source.ref,
            "stance": self.stance,
            "original_value": self.original_value,
            "quote": {
                "exact": self.exact,
                "prefix": self.prefix,
                "suffix": self.suffix,
                "start": self.start,
                "end": self.end,
                "snapshot": self.snapshot.text_sha256,
            }
            if self.snapshot
            else None,
            "locator": self.locator,
            "translation": self.translation,
            "drift": self.drift,
            "figure_source": self.figure_source.ref if self.figure_source else None,
            "note": self.note,
        }

    def misquotes(self, text: str) -> str:
        """What is wrong with the quote in `text`; empty when it stands at its offsets, byte for byte."""
        if self.start is None or self.end is None:
            return ""
        found = text[self.start : self.end]
        if found != self.exact:
            said = {"found": repr(found), "start": self.start, "end": self.end, "exact": repr(self.exact)}
            return gettext("the text has %(found)s at %(start)s–%(end)s, not %(exact)s") % said
        if self.prefix and text[max(0, self.start - len(self.prefix)) : self.start] != self.prefix:
            said = {"place": self.start, "words": repr(self.prefix)}
            return gettext("the text before %(place)s is not %(words)s") % said
        if self.suffix and text[self.end : self.end + len(self.suffix)] != self.suffix:
            said = {"place": self.end, "words": repr(self.suffix)}
            return gettext("the text after %(place)s is not %(words)s") % said
        return ""
