"""The claim: subject, property, value, under a scope, at a time, asserted by someone."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims import wording
from claims.models.property import Property, ScopeDimension, ScopeTerm
from companies.models import Entity
from kb.lib.fields import DecimalText, EdtfText, Prose
from kb.lib.spoken import language, spoken
from kb.lib.times import time_body
from kb.models import Body, Root


class ValueKind(models.TextChoices):
    """Wikibase's value, somevalue and novalue, and a figure that is kept secret; never "not entered"."""

    KNOWN = "known", _("known")
    UNKNOWN = "unknown", _("unknown")
    NONE = "none", _("none")
    UNDISCLOSED = "undisclosed", _("undisclosed")


class Comparator(models.TextChoices):
    """One-sided bounds are first-class: "more than 500 million" is gt."""

    EQ = "eq", _("exactly")
    APPROX = "approx", _("about")
    GT = "gt", _("more than")
    GE = "ge", _("at least")
    LT = "lt", _("less than")
    LE = "le", _("at most")
    RANGE = "range", _("between")


class Method(models.TextChoices):
    """How the asserter came by the figure (SDMX observation status)."""

    MEASURED = "measured", _("measured")
    REPORTED = "reported", _("reported")
    ESTIMATED = "estimated", _("estimated")
    CALCULATED = "calculated", _("calculated")


class Mode(models.TextChoices):
    ATTRIBUTED = "attributed", _("attributed: someone says so")
    ENDORSED = "endorsed", _("endorsed: we say so")


class Rank(models.TextChoices):
    PREFERRED = "preferred", _("preferred")
    NORMAL = "normal", _("normal")
    DEPRECATED = "deprecated", _("deprecated")


class ClaimQuerySet(models.QuerySet["Claim"]):
    def with_parts(self) -> ClaimQuerySet:
        """With all that `body()` and `str()` read, in a fixed number of queries."""
        # Sources are joined, not prefetched in turn: that would ask for each of them in one long OR.
        evidence = apps.get_model("claims", "Evidence").objects
        return self.select_related("subject", "property", "value_entity", "asserted_by").prefetch_related(
            models.Prefetch("scope", ClaimScope.objects.select_related("dimension", "term")),
            models.Prefetch("links", ClaimLink.objects.select_related("target")),
            models.Prefetch("evidence", evidence.select_related("source", "snapshot", "figure_source")),
            "property__required_scope",
        )

    def for_admin_list(self) -> ClaimQuerySet:
        return self.select_related("subject", "property", "value_entity", "asserted_by")


class Claim(Root):
    """One statement (Wikidata statement, schema.org Claim). Says nothing without evidence."""

    KIND = "claim"

    subject = models.ForeignKey(
        Entity, on_delete=models.PROTECT, related_name="claims", verbose_name=_("subject")
    )
    property = models.ForeignKey(
        Property, on_delete=models.PROTECT, related_name="claims", verbose_name=_("property")
    )

    value_kind = models.CharField(
        _("value"), max_length=11, choices=ValueKind.choices, default=ValueKind.KNOWN
    )
    comparator = models.CharField(_("comparator"), max_length=6, choices=Comparator.choices, blank=True)
    amount = DecimalText(verbose_name=_("amount"))
    upper_amount = DecimalText(verbose_name=_("upper amount"))
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    lower_bound = DecimalText(verbose_name=_("lower bound"))
    upper_bound = DecimalText(verbose_name=_("upper bound"))
    # What the amount can be, in the dimension's base unit: for ranges and order, never for display.
    base_lower = models.DecimalField(null=True, blank=True, editable=False, max_digits=54, decimal_places=16)
    base_upper = models.DecimalField(null=True, blank=True, editable=False, max_digits=54, decimal_places=16)
    base_unit = models.CharField(max_length=12, blank=True, editable=False)
    value_entity = models.ForeignKey(
        Entity,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="named_by",
        verbose_name=_("entity"),
    )
    value_text = Prose(verbose_name=_("text"))
    value_time = EdtfText(verbose_name=_("time"))

    point_in_time = EdtfText(verbose_name=_("point in time"))
    valid_from = EdtfText(verbose_name=_("valid from"))
    valid_to = EdtfText(verbose_name=_("valid to"))

    asserted_by = models.ForeignKey(
        Entity,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="asserted",
        verbose_name=_("asserted by"),
    )
    asserted_on = EdtfText(verbose_name=_("asserted on"))
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.ATTRIBUTED)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, blank=True)
    rank = models.CharField(_("rank"), max_length=10, choices=Rank.choices, default=Rank.NORMAL)
    rank_reason = Prose(verbose_name=_("why this rank"))
    note = Prose(verbose_name=_("note"), help_text=_("Shown with the claim: a denial, a status, a caution."))

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        permissions = (
            ("propose_claim", "Can propose claims and what they rest on"),
            ("approve_claim", "Can approve claims and what they rest on"),
            ("publish_claim", "Can publish and withdraw claims and what they rest on"),
            ("administer_claim", "Can administer the desk"),
        )
        indexes = (
            models.Index(
                fields=["state", "sealed_at", "ref"],
                condition=models.Q(state__in=["proposed", "draft", "in-review"]),
                name="claims_claim_unfinished",
            ),
            models.Index(
                fields=["sealed_at", "ref"],
                condition=~models.Q(version=models.F("printed_version")),
                name="claims_claim_unprinted",
            ),
            models.Index(fields=["base_unit", "base_lower", "base_upper"], name="claims_claim_base_amount"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(value_kind__in=["known", "unknown", "none", "undisclosed"]),
                name="claims_claim_value_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(value_kind="known")
                | (models.Q(amount="", value_entity__isnull=True, value_time="") & models.Q(value_text={})),
                name="claims_claim_no_value_unless_known",
                violation_error_message=_("a value that is unknown, none or undisclosed is left empty"),
            ),
            models.CheckConstraint(
                condition=~models.Q(value_kind="known")
                | (~models.Q(amount="") & models.Q(value_entity__isnull=True, value_time="", value_text={}))
                | (models.Q(amount="", value_entity__isnull=False, value_time="", value_text={}))
                | (models.Q(amount="", value_entity__isnull=True, value_text={}) & ~models.Q(value_time=""))
                | (models.Q(amount="", value_entity__isnull=True, value_time="") & ~models.Q(value_text={})),
                name="claims_claim_one_value",
                violation_error_message=_("give one value: an amount, an entity, a text or a time"),
            ),
            models.CheckConstraint(
                condition=(models.Q(amount="") & models.Q(comparator="", unit=""))
                | (~models.Q(amount="") & ~models.Q(comparator="") & ~models.Q(unit="")),
                name="claims_claim_amount_with_comparator_and_unit",
                violation_error_message=_("an amount needs a comparator and a unit, and they need an amount"),
            ),
            models.CheckConstraint(
                condition=(models.Q(comparator="range") & ~models.Q(upper_amount=""))
                | (~models.Q(comparator="range") & models.Q(upper_amount="")),
                name="claims_claim_upper_amount_with_range",
                violation_error_message=_("a range, and only a range, has an upper amount"),
            ),
            models.CheckConstraint(
                condition=models.Q(rank="normal") | ~models.Q(rank_reason={}),
                name="claims_claim_rank_has_a_reason",
                violation_error_message=_("say why this rank"),
            ),
            models.CheckConstraint(
                condition=models.Q(point_in_time="") | models.Q(valid_from="", valid_to=""),
                name="claims_claim_at_a_point_or_over_a_span",
                violation_error_message=_("a claim holds at a point in time or over a span, not both"),
            ),
        )

    def __str__(self) -> str:
        """Its sentence, as readers get it, in the language of who reads now."""
        return wording.sentence(self.told(), language())

    def value_words(self) -> str:
        """The value as one writes it: about $6 million; the name of an entity; May 2023; not disclosed."""
        return wording.value_text(self.told(), language())

    def told(self) -> dict[str, Any]:
        """As much of the reading shape (`claims.ledger.joining`) as its sentence and its time are made of."""
        entity, asserter = self.value_entity, self.asserted_by
        return {
            "subject": {"label": str(self.subject)},
            "property": {
                "label": str(self.property),
                "sentence": spoken(self.property.sentence),
                "unit_label": spoken(self.property.unit_label),
            },
            "value": self._value()
            | {
                "entity": {"label": str(entity)} if entity else None,
                "text": spoken(self.value_text),
            },
            "asserted_by": {"label": str(asserter)} if asserter else None,
            **self._times(),
        }

    def when_words(self) -> str:
        """When it holds: May 2023; until 15 March 2022. Empty where it does not say."""
        return wording.when_text({"value": {}, **self._times()}, language())

    def _times(self) -> Body:
        return {name: time_body(getattr(self, name)) for name in ("point_in_time", "valid_from", "valid_to")}

    def _value(self) -> Body:
        return {
            "kind": self.value_kind,
            "comparator": self.comparator or None,
            "amount": self.amount or None,
            "upper_amount": self.upper_amount or None,
            "unit": self.unit or None,
            "lower_bound": self.lower_bound or None,
            "upper_bound": self.upper_bound or None,
            "entity": self.value_entity.ref if self.value_entity else None,
            "text": self.value_text or None,
            "time": time_body(self.value_time),
        }

    def body(self) -> Body:
        return {
            "ref": self.ref,
            "subject": self.subject.ref,
            "property": self.property.ref,
            "value": self._value(),
            "scope": sorted(
                ({"dimension": one.dimension.ref, "term": one.term.slug} for one in self.scope.all()),
                key=lambda one: one["dimension"],
            ),
            **self._times(),
            "asserted_by": self.asserted_by.ref if self.asserted_by else None,
            "asserted_on": time_body(self.asserted_on),
            "mode": self.mode,
            "method": self.method or None,
            "rank": self.rank,
            "rank_reason": self.rank_reason,
            "note": self.note,
            "links": sorted(
                ({"relation": link.relation, "claim": link.target.ref} for link in self.links.all()),
                key=lambda link: (link["relation"], link["claim"]),
            ),
            "evidence": [one.body() for one in self.evidence.all()],
        }


class ClaimScope(models.Model):
    """The term that a claim takes in one dimension."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="scope")
    dimension = models.ForeignKey(ScopeDimension, on_delete=models.PROTECT, verbose_name=_("dimension"))
    term = models.ForeignKey(ScopeTerm, on_delete=models.PROTECT, verbose_name=_("term"))

    class Meta:
        ordering = ("dimension__slug",)
        verbose_name = _("scope")
        verbose_name_plural = _("scope")
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "dimension"], name="claims_claimscope_one_term_a_dimension"
            ),
        )

    def __str__(self) -> str:
        return f"{self.dimension}: {self.term}"


class ClaimLink(models.Model):
    """How a claim relates to the one its figure came from."""

    class Relation(models.TextChoices):
        ROUNDS = "rounds", _("rounds")
        MISREPORTS = "misreports", _("misreports")
        NARROWS = "narrows", _("narrows")
        PART_OF = "part-of", _("is part of")
        SUPERSEDES = "supersedes", _("supersedes")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links")
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices)
    target = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="linked_by", verbose_name=_("claim")
    )

    class Meta:
        ordering = ("relation", "target__ref")
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = (
            models.UniqueConstraint(fields=["claim", "relation", "target"], name="claims_claimlink_once"),
            models.CheckConstraint(
                condition=~models.Q(claim=models.F("target")), name="claims_claimlink_not_to_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.target_id}"
