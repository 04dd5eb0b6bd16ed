"""Editions and the records they print, with index rows that are computed from bodies and belong to them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.ledger.columns import Bytewise, Words

OPEN = 2**63 - 1  # `edition_to` of a record that no later one has replaced


class Reason(models.TextChoices):
    NEW = "new", _("new")
    UPDATE = "update", _("update")
    CORRECTION = "correction", _("correction")
    RETRACTION = "retraction", _("retraction")
    SOURCE_CHANGED = "source-changed", _("source changed")
    IMPORT = "import", _("import")
    FORMAT = "format", _("format")


class Review(models.TextChoices):
    """Whether a second pair of eyes saw what an edition prints."""

    FOUR_EYES = "four-eyes", _("approved by a second person")
    ONE_PERSON = "one-person", _("one-person mode")
    IMPORT = "import", _("imported")
    MACHINE = "machine", _("recounted by the machine")


class Op(models.TextChoices):
    ADDED = "added", _("added")
    MODIFIED = "modified", _("modified")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REDACTED = "redacted", _("redacted")


GONE = (Op.WITHDRAWN, Op.REDACTED)


class Press(models.Model):
    """The one counter row. Whoever holds its lock prints the next edition."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="ledger_press_single_row"),)

    def __str__(self) -> str:
        return f"edition {self.number}"


class Edition(models.Model):
    """One act of publishing: gapless, in commit order, chained by hash."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)  # frozen text: a public name, or "the desk"
    reason = models.CharField(max_length=14, choices=Reason.choices)
    review = models.CharField(max_length=10, choices=Review.choices)
    note = models.TextField()  # canonical JSON, text per language
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(condition=models.Q(number__gte=1), name="ledger_edition_from_one"),
            models.UniqueConstraint(fields=["previous_hash"], name="ledger_edition_one_successor"),
            models.CheckConstraint(
                condition=~models.Q(reason__in=["correction", "retraction"]) | ~models.Q(note="{}"),
                name="ledger_edition_corrections_say_why",
            ),
        )
        indexes = (models.Index(fields=["at"], name="ledger_edition_at"),)

    def __str__(self) -> str:
        return f"edition {self.number}"


class Record(models.Model):
    """The immutable JSON body of one published version of one thing.

    Live in the editions `edition_from` ≤ n < `edition_to`. Only its successor stamps `edition_to`, and only a
    redaction empties `body`, leaving `body_sha256` and the category.
    """

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    op = models.CharField(max_length=9, choices=Op.choices)
    format = models.PositiveSmallIntegerField()
    body = models.TextField()
    body_sha256 = models.CharField(max_length=64)
    edition_from = models.PositiveBigIntegerField()
    edition_to = models.PositiveBigIntegerField(default=OPEN)
    redacted = models.CharField(max_length=13, blank=True)

    class Meta:
        ordering = ("edition_from", "kind", "ref")
        constraints = (
            models.UniqueConstraint(fields=["ref", "edition_from"], name="ledger_record_once_an_edition"),
            models.UniqueConstraint(
                fields=["ref"], condition=models.Q(edition_to=OPEN), name="ledger_record_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(edition_to__gt=models.F("edition_from")), name="ledger_record_window"
            ),
            models.CheckConstraint(
                condition=~models.Q(body="") | ~models.Q(redacted=""),
                name="ledger_record_empty_only_if_redacted",
            ),
        )
        indexes = (
            models.Index(fields=["edition_from", "kind", "ref"], name="ledger_record_feed"),
            models.Index(fields=["kind", "edition_to"], name="ledger_record_kind_open"),
            models.Index(
                fields=["edition_from"], condition=models.Q(op="redacted"), name="ledger_record_redacted"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} in edition {self.edition_from}"


class Windowed(models.Model):
    """A row that belongs to a record and carries its window, so that one table answers a query."""

    edition_from = models.PositiveBigIntegerField()
    edition_to = models.PositiveBigIntegerField(default=OPEN)

    class Meta:
        abstract = True


class ThingIndex(Windowed):
    """What lists of anything but claims filter and sort by."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.CASCADE, related_name="thing")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    slug = models.CharField(max_length=100, blank=True)
    subkind = models.CharField(
        max_length=20, blank=True
    )  # an entity's kind, a source's type, a dispute's state
    language = models.CharField(max_length=60, blank=True)  # a source's
    sort = Bytewise(max_length=200)  # the folded label

    class Meta:
        indexes = (
            models.Index(fields=["kind", "slug"], name="ledger_thing_slug"),
            models.Index(fields=["kind", "subkind", "sort", "ref"], name="ledger_thing_list"),
        )

    def __str__(self) -> str:
        return self.slug or self.ref


class ClaimIndex(Windowed):
    """What claims are filtered and sorted by. Never null: an open bound is a sentinel (ledger/indexing.py)."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.CASCADE, related_name="claim")
    ref = models.CharField(max_length=10)
    subject = models.CharField(max_length=10)
    property = models.CharField(max_length=10)
    value_entity = models.CharField(max_length=10, blank=True)
    asserted_by = models.CharField(max_length=10, blank=True)
    rank = models.CharField(max_length=10)
    mode = models.CharField(max_length=10)
    unit = models.CharField(max_length=12, blank=True)
    base_unit = models.CharField(max_length=12, blank=True)
    lower = models.DecimalField(max_digits=54, decimal_places=16)
    upper = models.DecimalField(max_digits=54, decimal_places=16)
    has_amount = models.BooleanField()
    amount_key = Bytewise(
        max_length=90
    )  # the exact amount in the base unit, so written that text sorts like it
    lower_open = models.BooleanField()
    upper_open = models.BooleanField()
    has_time = models.BooleanField()
    earliest = models.DateField()
    latest = models.DateField()
    valid_earliest = models.DateField()
    valid_latest = models.DateField()
    sources = models.PositiveIntegerField()
    origins = models.PositiveIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=["subject", "property", "edition_to"], name="ledger_claim_subject"),
            models.Index(fields=["property", "edition_to"], name="ledger_claim_property"),
            models.Index(fields=["earliest", "ref"], name="ledger_claim_time"),
            models.Index(fields=["edition_from", "ref"], name="ledger_claim_edition"),
            models.Index(fields=["amount_key", "ref"], name="ledger_claim_amount"),
            models.Index(fields=["-has_amount", "-amount_key", "-ref"], name="ledger_claim_amount_down"),
            models.Index(fields=["origins", "ref"], name="ledger_claim_origins"),
            models.Index(fields=["sources", "ref"], name="ledger_claim_sources"),
        )

    def __str__(self) -> str:
        return self.ref


class Link(Windowed):
    """One reference from a record's body to another thing, so that what refers to what needs no reading of JSON."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    role = models.CharField(max_length=20)
    target_ref = models.CharField(max_length=10)
    detail = models.CharField(max_length=100, blank=True)  # for role "scope": the term

    class Meta:
        indexes = (
            models.Index(fields=["target_ref", "role", "edition_to"], name="ledger_link_target"),
            models.Index(fields=["role", "edition_to"], name="ledger_link_role"),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.role} {self.target_ref}"


class SearchRow(Windowed):
    """The words a record is found by (ledger/searching.py), under a full-text index of the database."""

    record = models.OneToOneField(Record, primary_key=True, on_delete=models.CASCADE, related_name="search")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    subkind = models.CharField(max_length=20, blank=True)  # an entity's kind
    listed = (
        models.BooleanField()
    )  # False for deprecated claims, which are found only where their rank is asked for
    words = Words()

    class Meta:
        indexes = (models.Index(fields=["ref", "edition_from"], name="ledger_search_ref"),)

    def __str__(self) -> str:
        return f"words of {self.ref}"
