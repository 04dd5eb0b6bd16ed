"""What people say to each other about a thing on the desk: comments, who looks after it, and notices of it.

None of it is public, and none of it is part of a body: talking changes no version.
"""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.workflow import Action
from kb.lib.validators import validate_words

LONGEST = 4000
DECIDED = {
    Action.TAKE_UP: _("taken up"),
    Action.SUBMIT: _("submitted for review"),
    Action.TAKE_BACK: _("taken back"),
    Action.REQUEST_CHANGES: _("sent back"),
    Action.APPROVE: _("approved"),
    Action.REJECT: _("rejected"),
    Action.DISCARD: _("discarded"),
    Action.REOPEN: _("reopened"),
}


class Comment(models.Model):
    """Words about one version of a thing; `decision` where they came with one, such as a request for changes."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    text = models.TextField(
        _("comment"), blank=True, max_length=LONGEST, validators=[validate_words, MaxLengthValidator(LONGEST)]
    )
    decision = models.CharField(max_length=20, blank=True)  # one of workflow.Action
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = (models.Index(fields=["ref", "at"], name="claims_comment_of"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(decision__in=["request-changes", "reject"]) | ~models.Q(text=""),
                name="claims_comment_decision_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref}: {self.text[:60]}"

    @property
    def deed(self) -> str:
        """What was decided, in words; empty for a mere comment."""
        if not self.decision:
            return ""
        decision = Action(self.decision)
        return str(DECIDED.get(decision, decision.label))


class Assignment(models.Model):
    """Who looks after a thing now: one person, or nobody."""

    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=10, unique=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments"
    )
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        indexes = (models.Index(fields=["assigned_to", "assigned_at"], name="claims_assignment_of"),)

    def __str__(self) -> str:
        return f"{self.ref}: {self.assigned_to}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)

    def for_mail(self) -> NoticeQuerySet:
        """What is still to be mailed, oldest first."""
        staff = self.filter(mailed_at__isnull=True, user__is_staff=True)
        return staff.exclude(user__email="").select_related("user", "by")


class Notice(models.Model):
    """One line to one person: something happened to a thing of theirs. Mailed once, by `manage.py work`."""

    class Event(models.TextChoices):
        COMMENTED = "commented", _("commented")
        ASSIGNED = "assigned", _("assigned to you")
        SUBMITTED = "submitted", _("submitted for review")
        CHANGES_REQUESTED = "changes-requested", _("sent back")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        PUBLISHED = "published", _("published as scheduled")
        DELAYED = "delayed", _("not published yet")
        CANCELED = "canceled", _("schedule canceled")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=20, choices=Event.choices)
    kind = models.CharField(max_length=20, blank=True)
    ref = models.CharField(max_length=10, blank=True)  # empty: about a schedule of several things
    version = models.PositiveIntegerField(default=0)
    thing = models.CharField(max_length=200)  # what it was called then
    text = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: the machine
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = (
            models.Index(fields=["user", "-at", "-id"], name="claims_notice_of"),
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="claims_notice_unread"
            ),
            models.Index(
                fields=["id"], condition=models.Q(mailed_at__isnull=True), name="claims_notice_to_mail"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.thing}"
