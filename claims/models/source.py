"""The document, and hashed copies of it as retrieved."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.publisher import Publisher
from kb.lib import blobs
from kb.lib.fields import Address, EdtfText, LanguageTag, Line, Lines, Prose, SlugText
from kb.lib.times import time_body
from kb.lib.validators import validate_line
from kb.models import Body, Root


class SourceType(models.TextChoices):
    PRIMARY = "primary", _("primary")
    SECONDARY = "secondary", _("secondary")
    TERTIARY = "tertiary", _("tertiary")


class Derivation(models.TextChoices):
    """How a source came from the one it is derived from (PROV wasDerivedFrom)."""

    COPY = "copy", _("copy")
    TRANSLATION = "translation", _("translation")
    REWRITE = "rewrite", _("rewrite")
    SUMMARY = "summary", _("summary")
    QUOTATION = "quotation", _("quotation")


class SourceQuerySet(models.QuerySet["Source"]):
    def with_parts(self) -> SourceQuerySet:
        return self.select_related("publisher", "derived_from").prefetch_related("snapshots", "identifiers")


class Source(Root):
    """A document somebody can look up (PROV Entity)."""

    KIND = "source"

    slug = SlugText(verbose_name=_("slug"), unique=True)
    title = Line(verbose_name=_("title"))
    language = LanguageTag(verbose_name=_("language"))
    publisher = models.ForeignKey(
        Publisher,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sources",
        verbose_name=_("publisher"),
    )
    authors = Lines(verbose_name=_("authors"))
    url = Address(verbose_name=_("address"))
    published_on = EdtfText(verbose_name=_("published on"))
    source_type = models.CharField(_("type"), max_length=9, choices=SourceType.choices)
    derived_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="copies",
        verbose_name=_("derived from"),
    )
    derivation = models.CharField(_("derivation"), max_length=11, blank=True, choices=Derivation.choices)
    note = Prose(verbose_name=_("note"))

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes = (
            models.Index(
                fields=["state", "sealed_at", "ref"],
                condition=models.Q(state__in=["proposed", "draft", "in-review"]),
                name="claims_source_unfinished",
            ),
            models.Index(
                fields=["sealed_at", "ref"],
                condition=~models.Q(version=models.F("printed_version")),
                name="claims_source_unprinted",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(title=""), name="claims_source_title_not_empty"),
            models.CheckConstraint(
                condition=models.Q(source_type__in=["primary", "secondary", "tertiary"]),
                name="claims_source_type_known",
            ),
            models.CheckConstraint(
                condition=(models.Q(derived_from__isnull=True) & models.Q(derivation=""))
                | (models.Q(derived_from__isnull=False) & ~models.Q(derivation="")),
                name="claims_source_derivation_with_origin",
                violation_error_message=_("say what the source is derived from and how, or neither"),
            ),
            models.CheckConstraint(
                condition=models.Q(derived_from__isnull=True) | ~models.Q(derived_from=models.F("id")),
                name="claims_source_not_from_itself",
                violation_error_message=_("a source cannot be derived from itself"),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def body(self) -> Body:
        return {
            "ref": self.ref,
            "slug": self.slug,
            "title": self.title,
            "language": self.language,
            "publisher": self.publisher.ref if self.publisher else None,
            "authors": self.authors,
            "url": self.url,
            "published_on": time_body(self.published_on),
            "source_type": self.source_type,
            "derived_from": self.derived_from.ref if self.derived_from else None,
            "derivation": self.derivation or None,
            "identifiers": [{"scheme": one.scheme, "value": one.value} for one in self.identifiers.all()],
            "note": self.note,
            "snapshots": [snapshot.body() for snapshot in self.snapshots.all()],
        }


class SourceIdentifier(models.Model):
    """The document's name in somebody else's register: doi, arxiv, sec-accession, federal-register…"""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="identifiers")
    position = models.PositiveIntegerField(default=0, editable=False)
    scheme = SlugText(verbose_name=_("scheme"), max_length=40)
    value = Line(verbose_name=_("value"))

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = (
            models.UniqueConstraint(
                fields=["source", "scheme", "value"], name="claims_sourceidentifier_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Snapshot(models.Model):
    """One copy of a source as retrieved. Never changed; the bytes may lie elsewhere than in this base.

    `sha256` is the hash of the bytes, `text_sha256` that of the extracted text in UTF-8; both name files in
    the content-addressed store. `characters` counts the text's code points, which quotes' offsets count too.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="snapshots")
    position = models.PositiveIntegerField(default=0, editable=False)
    sha256 = models.CharField(_("sha-256 of the bytes"), max_length=64)
    text_sha256 = models.CharField(_("sha-256 of the text"), max_length=64)
    media_type = models.CharField(_("media type"), max_length=100, default="text/plain")
    characters = models.PositiveIntegerField(_("characters"))
    retrieved_on = EdtfText(verbose_name=_("retrieved on"))

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        indexes = (
            models.Index(fields=["sha256"], name="claims_snapshot_bytes"),
            models.Index(fields=["text_sha256"], name="claims_snapshot_text"),
        )
        constraints = (
            models.UniqueConstraint(fields=["source", "sha256"], name="claims_snapshot_once_a_source"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$", text_sha256__regex=r"^[0-9a-f]{64}$"),
                name="claims_snapshot_hashes_are_sha256",
            ),
        )

    def __str__(self) -> str:
        return self.text_sha256[:12]

    def clean(self) -> None:
        """Refuse, in words, what a database would choke on before it came to the constraints."""
        for name in ("sha256", "text_sha256"):
            if not re.fullmatch("[0-9a-f]{64}", getattr(self, name)):
                raise ValidationError({name: _("a sha-256 is 64 digits 0 to 9 and a to f")})
        try:
            validate_line(self.media_type)
        except ValidationError as fault:
            raise ValidationError({"media_type": fault.messages}) from fault

    def body(self) -> Body:
        return {
            "sha256": self.sha256,
            "text_sha256": self.text_sha256,
            "media_type": self.media_type,
            "characters": self.characters,
            "retrieved_on": time_body(self.retrieved_on),
        }

    def text(self) -> str | None:
        """The extracted text, where this base holds it."""
        data = blobs.read(self.text_sha256)
        return None if data is None else data.decode("utf-8")
