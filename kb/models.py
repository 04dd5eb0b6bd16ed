"""What every aggregate of the desk has: a ref, a version, a body, a history that only grows, and visitors.

And how each of the staff wishes to see the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, Final, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from kb.lib.fields import RefField
from kb.lib.refs import new_ref
from kb.lib.text import canonical_json, sha256_text
from kb.lib.validators import validate_site_language, validate_words, validate_zone
from kb.lib.zones import LONGEST, clock

Body = dict[str, Any]
R = TypeVar("R", bound="Root")


class State(models.TextChoices):
    """Where the desk's version of a root stands; published and withdrawn are the ledger's to say."""

    PROPOSED = "proposed", _("proposed")
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in-review", _("in review")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    DISCARDED = "discarded", _("discarded")


PUT_ASIDE: Final = (State.REJECTED, State.DISCARDED)
OUTSIDE: Final = (State.PROPOSED, *PUT_ASIDE)  # nobody of the desk stands for it


class StaleVersion(Exception):
    """Somebody else changed the root since the caller read it; nothing was written."""

    def __init__(self, root: Root, expected: int) -> None:
        super().__init__(
            gettext(
                "%(thing)s has changed since you opened it (version %(before)s then, %(now)s now). "
                "Nothing was saved: look at the newer version, then make your change again."
            )
            % {"thing": root, "before": expected, "now": root.version}
        )
        self.root, self.expected = root, expected


class Root(models.Model):
    """An aggregate root. Its children change only through its action, which ends in `seal`."""

    KIND: ClassVar[str]

    ref = RefField()
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False
    )
    sealed_at = models.DateTimeField(_("last changed at"), default=timezone.now, editable=False)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("last changed by"),
    )  # null: the machine
    printed_version = models.PositiveIntegerField(default=0, editable=False)  # what readers have; 0: nothing

    class Meta:
        abstract = True

    def body(self) -> Body:
        """The root and its children as they would be published: JSON types, refs for other roots."""
        raise NotImplementedError

    def body_sha256(self) -> str:
        """The hash that approvals bind to."""
        return sha256_text(canonical_json(self.body()))

    @classmethod
    def locked(cls, ref: str, *, expect: int | None) -> Self:
        """The root, locked for this transaction.

        Raises DoesNotExist; StaleVersion when `expect` is given and the root has moved on.
        """
        root = cls._base_manager.select_for_update().get(ref=ref)
        if expect is not None and root.version != expect:
            raise StaleVersion(root, expect)
        return root

    @classmethod
    def opened(cls, ref: str | None, *, expect: int | None) -> Self:
        """The root under `ref`, locked; an unsaved one where there is none yet. Raises StaleVersion."""
        if ref is not None and cls._base_manager.filter(ref=ref).exists():
            return cls.locked(ref, expect=expect)
        return cls(ref=ref or new_ref(cls.KIND))

    def seal(self, *, by: User | None, why: str = "", at: datetime | None = None) -> Self:
        """Bump the version and append a Revision, if body or state differ from the last one.

        Call it last in an action's transaction, on a root that is locked or new. Raises ValidationError when `why`
        is no clean text.
        """
        validate_words(why)
        text = canonical_json(self.body())
        digest = sha256_text(text)
        last = Revision.objects.filter(kind=self.KIND, ref=self.ref).order_by("-version").first()
        if last is not None and (last.body_sha256, last.state) == (digest, self.state):
            return self
        self.version += 1
        self.sealed_at, self.sealed_by = at or timezone.now(), by
        self.save(update_fields=["version", "state", "sealed_at", "sealed_by"])
        Revision.objects.create(
            kind=self.KIND,
            ref=self.ref,
            version=self.version,
            state=self.state,
            body=text,
            body_sha256=digest,
            by=by,
            at=self.sealed_at,
            why=why,
        )
        return self


class Revision(models.Model):
    """The desk's history: the whole body of a root after one change. Append-only."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    body = models.TextField()
    body_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="revisions"
    )  # null: the machine, such as a dossier loaded from the command line
    at = models.DateTimeField()
    why = models.TextField(blank=True)

    class Meta:
        ordering = ("kind", "ref", "version")
        constraints = (
            models.UniqueConstraint(fields=["kind", "ref", "version"], name="kb_revision_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="kb_revision_version_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.ref} v{self.version}"


class Presence(models.Model):
    """Who has the form of a root open, by its last sign of life. Tells colleagues; locks nothing."""

    ref = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ref", "by"], name="kb_presence_once"),)

    def __str__(self) -> str:
        return f"{self.by} at {self.ref}"


class Preference(models.Model):
    """In which language and time zone one of the staff has the desk. Changes nothing that readers see."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    language = models.CharField(_("language"), max_length=35, validators=[validate_site_language])
    time_zone = models.CharField(_("time zone"), max_length=LONGEST, validators=[validate_zone])

    class Meta:
        verbose_name = _("language and time zone")
        verbose_name_plural = _("languages and time zones")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(language="") & ~models.Q(time_zone=""), name="kb_preference_says_both"
            ),
        )

    def __str__(self) -> str:
        return f"{self.language}, {self.time_zone}"

    @classmethod
    def of(cls, user_id: int | None) -> Preference:
        """What the user chose, in one query; for whoever chose nothing, what the settings say, not saved."""
        chosen = cls.objects.filter(user_id=user_id).first() if user_id is not None else None
        return chosen or cls(language=settings.LANGUAGE_CODE, time_zone=settings.TIME_ZONE)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """What runs inside speaks this language and shows this time; afterwards it is as it was."""
        known = self.language in dict(settings.LANGUAGES)
        with (
            override(self.language if known else settings.LANGUAGE_CODE),
            timezone.override(clock(self.time_zone)),
        ):
            yield
