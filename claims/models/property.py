"""The vocabulary: properties that claims state, and the dimensions that say what a figure covers."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import Entity
from kb.lib.fields import Prose, SlugText
from kb.lib.quantities import DIMENSIONS
from kb.lib.spoken import spoken
from kb.models import Body, Root


class DataType(models.TextChoices):
    """What the value of a property is (Wikibase datatypes: quantity, item, string, time)."""

    AMOUNT = "amount", _("amount")
    ENTITY = "entity", _("entity")
    TEXT = "text", _("text")
    TIME = "time", _("time")


UNIT_DIMENSIONS = {
    "count": _("count"),
    "ratio": _("ratio"),
    "time": _("time"),
    "power": _("power"),
    "energy": _("energy"),
    "length": _("length"),
    "mass": _("mass"),
    "data": _("data"),
    "compute": _("compute"),
    "data-rate": _("data-rate"),
    "compute-rate": _("compute-rate"),
    "currency": _("currency"),
}


def validate_kinds(kinds: object) -> None:
    if not isinstance(kinds, list) or any(kind not in Entity.Kind.values for kind in kinds):
        raise ValidationError(
            gettext("subject kinds are a list out of %(kinds)s") % {"kinds": ", ".join(Entity.Kind.values)}
        )


class ScopeDimension(Root):
    """One way in which figures differ in what they cover, with the terms it can take (Wikidata qualifier)."""

    KIND = "scope-dimension"

    slug = SlugText(verbose_name=_("slug"), unique=True)
    labels = Prose(verbose_name=_("labels"))
    description = Prose(verbose_name=_("description"))

    class Meta:
        ordering = ("slug",)
        verbose_name = _("scope dimension")
        verbose_name_plural = _("scope dimensions")
        constraints = (
            models.CheckConstraint(condition=~models.Q(slug=""), name="claims_scopedimension_slug_not_empty"),
        )

    def __str__(self) -> str:
        return spoken(self.labels) or self.slug

    def body(self) -> Body:
        return {
            "ref": self.ref,
            "slug": self.slug,
            "labels": self.labels,
            "description": self.description,
            "terms": [
                {"slug": term.slug, "labels": term.labels, "description": term.description}
                for term in self.terms.all()
            ],
        }


class ScopeTerm(models.Model):
    """One value of a dimension, such as "final training run" of "included work"."""

    dimension = models.ForeignKey(ScopeDimension, on_delete=models.CASCADE, related_name="terms")
    position = models.PositiveIntegerField(default=0, editable=False)
    slug = SlugText(verbose_name=_("slug"))
    labels = Prose(verbose_name=_("labels"))
    description = Prose(verbose_name=_("description"))

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = (
            models.UniqueConstraint(
                fields=["dimension", "slug"], name="claims_scopeterm_slug_once_a_dimension"
            ),
        )

    def __str__(self) -> str:
        return spoken(self.labels) or self.slug


class PropertyQuerySet(models.QuerySet["Property"]):
    def with_parts(self) -> PropertyQuerySet:
        return self.prefetch_related("required_scope")


class Property(Root):
    """What a claim states about its subject (Wikidata property).

    A property names the scope dimensions it *requires*: without them two figures cannot be compared (ADR 3).
    `functional`: a subject has one true value at a time. `event`: the claim is something that happened.
    """

    KIND = "property"

    slug = SlugText(verbose_name=_("slug"), unique=True)
    labels = Prose(verbose_name=_("labels"))
    description = Prose(verbose_name=_("description"))
    sentence = Prose(
        verbose_name=_("sentence"),
        help_text=_(
            "A pattern with {subject}, {value} and {asserter}, per language; {when} is a date with its preposition."
        ),
    )
    data_type = models.CharField(_("data type"), max_length=8, choices=DataType.choices)
    unit_dimension = models.CharField(
        _("unit dimension"),
        max_length=20,
        blank=True,
        choices=[(name, UNIT_DIMENSIONS[name]) for name in DIMENSIONS],
    )
    unit_label = Prose(verbose_name=_("unit label"), help_text=_("The noun that is counted, such as “GPUs”."))
    subject_kinds = models.JSONField(
        _("subject kinds"), default=list, blank=True, validators=[validate_kinds]
    )
    required_scope = models.ManyToManyField(
        ScopeDimension, blank=True, related_name="required_by", verbose_name=_("required scope")
    )
    functional = models.BooleanField(_("functional"), default=False)
    event = models.BooleanField(_("event"), default=False)

    objects = PropertyQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        verbose_name = _("property")
        verbose_name_plural = _("properties")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(data_type__in=["amount", "entity", "text", "time"]),
                name="claims_property_data_type_known",
            ),
            models.CheckConstraint(
                condition=(models.Q(data_type="amount") & ~models.Q(unit_dimension=""))
                | (~models.Q(data_type="amount") & models.Q(unit_dimension="")),
                name="claims_property_amounts_have_a_unit_dimension",
                violation_error_message=_("an amount, and only an amount, has a unit dimension"),
            ),
        )

    def __str__(self) -> str:
        return spoken(self.labels) or self.slug

    def body(self) -> Body:
        return {
            "ref": self.ref,
            "slug": self.slug,
            "labels": self.labels,
            "description": self.description,
            "sentence": self.sentence,
            "data_type": self.data_type,
            "unit_dimension": self.unit_dimension or None,
            "unit_label": self.unit_label,
            "subject_kinds": sorted(self.subject_kinds),
            "required_scope": sorted(dimension.ref for dimension in self.required_scope.all()),
            "functional": self.functional,
            "event": self.event,
        }
