"""The registry: Company, Hardware, AIModel and the other kinds, each a proxy of one Entity table.

One table, because a claim's subject, its value and its asserter may each be of any kind (ADR 2).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from companies.spellings import Spelling
from kb.lib.fields import LanguageTag, Line, Prose, SlugText
from kb.lib.prose import FALLBACK
from kb.lib.spoken import language
from kb.models import Body, Root

__all__ = [
    "AIModel",
    "Company",
    "Entity",
    "Event",
    "Facility",
    "Hardware",
    "Identifier",
    "Name",
    "Organization",
    "Person",
    "Policy",
    "Publication",
    "Technique",
]


class EntityQuerySet(models.QuerySet["Entity"]):
    def with_parts(self) -> EntityQuerySet:
        """With all that `body()` reads, in a fixed number of queries."""
        return self.prefetch_related("names", "identifiers")


class EntityManager(models.Manager["Entity"]):
    """All entities, or those of the one kind that a proxy class names."""

    def get_queryset(self) -> EntityQuerySet:
        rows = EntityQuerySet(self.model, using=self._db)
        kind = self.model.OF_KIND
        return rows if kind is None else rows.filter(kind=kind)

    def with_parts(self) -> EntityQuerySet:
        return self.get_queryset().with_parts()


class Entity(Root):
    """What a claim is about, whatever its kind (Wikidata item, schema.org Thing)."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        HARDWARE = "hardware", _("hardware")
        MODEL = "model", _("AI model")
        ORGANIZATION = "organization", _("organization")
        PERSON = "person", _("person")
        TECHNIQUE = "technique", _("technique")
        POLICY = "policy", _("policy")
        EVENT = "event", _("event")
        FACILITY = "facility", _("facility")
        PUBLICATION = "publication", _("publication")

    KIND = "entity"
    OF_KIND: ClassVar[str | None] = None

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    slug = SlugText(verbose_name=_("slug"), unique=True)
    description = Prose(verbose_name=_("description"))
    merged_into = models.ForeignKey(
        "companies.Entity",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="absorbed",
    )

    objects = EntityManager()

    class Meta:
        verbose_name = _("entity")
        verbose_name_plural = _("entities")
        ordering = ("slug",)
        indexes = (
            models.Index(
                fields=["state", "sealed_at", "ref"],
                condition=models.Q(state__in=["proposed", "draft", "in-review"]),
                name="companies_entity_unfinished",
            ),
            models.Index(
                fields=["sealed_at", "ref"],
                condition=~models.Q(version=models.F("printed_version")),
                name="companies_entity_unprinted",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "company",
                        "hardware",
                        "model",
                        "organization",
                        "person",
                        "technique",
                        "policy",
                        "event",
                        "facility",
                        "publication",
                    ]
                ),
                name="companies_entity_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="companies_entity_not_merged_into_itself",
            ),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.kind and self.OF_KIND is not None:
            self.kind = self.OF_KIND

    def __str__(self) -> str:
        return self.label(language()) if self.pk else self.slug

    @property
    def heir(self) -> Entity:
        """What it was merged into, over any number of steps; itself where it was not."""
        heir = self
        while heir.merged_into is not None:
            heir = heir.merged_into
        return heir

    def body(self) -> Body:
        if self.merged_into is not None:
            return {
                "ref": self.ref,
                "kind": self.kind,
                "slug": self.slug,
                "merged_into": self.merged_into.ref,
            }
        return {
            "ref": self.ref,
            "kind": self.kind,
            "slug": self.slug,
            "description": self.description,
            "names": [
                {"text": name.text, "language": name.language, "role": name.role} for name in self.names.all()
            ],
            "identifiers": [{"scheme": one.scheme, "value": one.value} for one in self.identifiers.all()],
        }

    def label(self, language: str = FALLBACK) -> str:
        """The label in `language`, else in English, else any. Reads names already prefetched."""
        labels = {name.language: name.text for name in self.names.all() if name.role == Name.Role.LABEL}
        return labels.get(language) or labels.get(FALLBACK) or next(iter(labels.values()), self.slug)


class Company(Entity):
    OF_KIND = Entity.Kind.COMPANY

    class Meta:
        proxy = True
        verbose_name = _("company")
        verbose_name_plural = _("companies")


class Hardware(Entity):
    OF_KIND = Entity.Kind.HARDWARE

    class Meta:
        proxy = True
        verbose_name = _("hardware")
        verbose_name_plural = _("hardware")


class AIModel(Entity):
    OF_KIND = Entity.Kind.MODEL

    class Meta:
        proxy = True
        verbose_name = _("AI model")
        verbose_name_plural = _("AI models")


class Organization(Entity):
    """A ministry, a university, a standards body."""

    OF_KIND = Entity.Kind.ORGANIZATION

    class Meta:
        proxy = True
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")


class Person(Entity):
    OF_KIND = Entity.Kind.PERSON

    class Meta:
        proxy = True
        verbose_name = _("person")
        verbose_name_plural = _("people")


class Technique(Entity):
    OF_KIND = Entity.Kind.TECHNIQUE

    class Meta:
        proxy = True
        verbose_name = _("technique")
        verbose_name_plural = _("techniques")


class Policy(Entity):
    OF_KIND = Entity.Kind.POLICY

    class Meta:
        proxy = True
        verbose_name = _("policy")
        verbose_name_plural = _("policies")


class Event(Entity):
    """One thing that happened and has several values: a funding round, a share-price fall."""

    OF_KIND = Entity.Kind.EVENT

    class Meta:
        proxy = True
        verbose_name = _("event")
        verbose_name_plural = _("events")


class Facility(Entity):
    OF_KIND = Entity.Kind.FACILITY

    class Meta:
        proxy = True
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")


class Publication(Entity):
    """A work that claims are about, or an outlet that asserts: a paper, a news site."""

    OF_KIND = Entity.Kind.PUBLICATION

    class Meta:
        proxy = True
        verbose_name = _("publication")
        verbose_name_plural = _("publications")


class NameManager(models.Manager["Name"]):
    def spellings(self) -> list[Spelling]:
        """Every name as `companies.matching.Matcher` takes it; a merged entity's names are its heir's."""
        heir = Coalesce("entity__merged_into__slug", "entity__slug")
        return [Spelling(*row) for row in self.values_list("text", heir, "language", "role")]


class Name(models.Model):
    """How an entity is called in one language, right or wrong."""

    class Role(models.TextChoices):
        LABEL = "label", _("label")
        ALIAS = "alias", _("alias")
        ABBREVIATION = "abbreviation", _("abbreviation")
        TRANSLITERATION = "transliteration", _("transliteration")
        MISSPELLING = "misspelling", _("misspelling")

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="names")
    position = models.PositiveIntegerField(default=0, editable=False)
    text = Line(verbose_name=_("name"), max_length=200)
    language = LanguageTag(verbose_name=_("language"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices, default=Role.LABEL)
    folded = models.CharField(max_length=400, editable=False)  # kb.lib.text.fold(text): what search compares

    objects = NameManager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("name")
        verbose_name_plural = _("names")
        indexes = (models.Index(fields=["folded"], name="companies_name_folded"),)
        constraints = (
            models.UniqueConstraint(
                fields=["entity", "text", "language", "role"], name="companies_name_once"
            ),
            models.UniqueConstraint(
                fields=["entity", "language"],
                condition=models.Q(role="label"),
                name="companies_name_one_label_a_language",
                violation_error_message=_(
                    "an entity has one label in each language; make the other an alias"
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(
                    role__in=["label", "alias", "abbreviation", "transliteration", "misspelling"]
                ),
                name="companies_name_role_known",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="companies_name_not_empty"),
        )

    def __str__(self) -> str:
        return self.text


class Identifier(models.Model):
    """The entity's name in somebody else's register: wikidata, lei, ticker, arxiv, huggingface, website…"""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="identifiers")
    position = models.PositiveIntegerField(default=0, editable=False)
    scheme = SlugText(verbose_name=_("scheme"), max_length=40)
    value = Line(verbose_name=_("value"))

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = (
            models.UniqueConstraint(fields=["entity", "scheme", "value"], name="companies_identifier_once"),
            models.CheckConstraint(condition=~models.Q(value=""), name="companies_identifier_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"
