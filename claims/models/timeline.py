"""Published claims that have a time, chosen by a rule."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claim import Claim
from claims.models.property import Property
from companies.models import Entity
from kb.lib.fields import EdtfText, Prose, SlugText
from kb.lib.spoken import spoken
from kb.lib.times import time_body
from kb.models import Body, Root


class TimelineQuerySet(models.QuerySet["Timeline"]):
    def with_parts(self) -> TimelineQuerySet:
        return self.prefetch_related("entities", "properties", "pinned", "excluded", "eras")


class Timeline(Root):
    """A rule: claims about any of `entities` by any of `properties`, with `pinned`, without `excluded`."""

    KIND = "timeline"

    slug = SlugText(verbose_name=_("slug"), unique=True)
    title = Prose(verbose_name=_("title"))
    description = Prose(verbose_name=_("description"))
    entities = models.ManyToManyField(
        Entity, blank=True, related_name="timelines", verbose_name=_("entities")
    )
    properties = models.ManyToManyField(
        Property, blank=True, related_name="timelines", verbose_name=_("properties")
    )
    pinned = models.ManyToManyField(
        Claim, blank=True, related_name="pinned_to", verbose_name=_("pinned claims")
    )
    excluded = models.ManyToManyField(
        Claim, blank=True, related_name="excluded_from", verbose_name=_("excluded claims")
    )

    objects = TimelineQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        verbose_name = _("timeline")
        verbose_name_plural = _("timelines")
        constraints = (
            models.CheckConstraint(condition=~models.Q(title={}), name="claims_timeline_has_a_title"),
        )

    def __str__(self) -> str:
        return spoken(self.title)

    def body(self) -> Body:
        def refs(
            roots: models.Manager[Entity] | models.Manager[Property] | models.Manager[Claim],
        ) -> list[str]:
            return sorted(root.ref for root in roots.all())

        return {
            "ref": self.ref,
            "slug": self.slug,
            "title": self.title,
            "description": self.description,
            "rule": {"entities": refs(self.entities), "properties": refs(self.properties)},
            "pinned": refs(self.pinned),
            "excluded": refs(self.excluded),
            # Only where there are some: timelines published before there were eras stay as they are.
            **({"eras": [era.body() for era in self.eras.all()]} if self.eras.all() else {}),
        }


class TimelineEra(models.Model):
    """A span of time with a name, drawn behind the events."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="eras")
    position = models.PositiveIntegerField(default=0, editable=False)
    label = Prose(verbose_name=_("label"))
    time = EdtfText(verbose_name=_("time"), help_text=_("From one date to another, as in 2022-10/2023-10."))

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("era")
        verbose_name_plural = _("eras")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(label={}) & ~models.Q(time=""),
                name="claims_timelineera_is_named_and_dated",
            ),
        )

    def __str__(self) -> str:
        return spoken(self.label)

    def body(self) -> Body:
        return {"label": self.label, "time": time_body(self.time)}
