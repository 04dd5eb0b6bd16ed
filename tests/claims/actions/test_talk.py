"""Comments, assignments, and the notices that they and every decision lead to."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims.actions import talk
from claims.actions.approvals import approve
from claims.actions.bulk import approve_all
from claims.actions.mailing import LISTED, mail_notices
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.actions.reviews import reject, request_changes, submit
from claims.models import Assignment, Claim, Comment, Notice
from kb.models import State
from tests import building as build


@pytest.fixture
def claim(editor: User) -> Claim:
    return build.a_claim(by=editor)


def notices() -> list[tuple[str, str, str]]:
    rows = Notice.objects.order_by("id").values_list("user__username", "event", "text")
    return [(str(user), str(event), str(text)) for user, event, text in rows]


def test_a_comment_reaches_all_who_had_to_do_with_it_but_its_author(
    claim: Claim, editor: User, colleague: User
) -> None:
    third = User.objects.create_superuser("third")
    talk.assign(claim, to=third, by=editor)
    talk.comment(claim, by=colleague, text=" Which page? ")
    assert notices() == [
        ("third", "assigned", ""), ("editor", "commented", "Which page?"), ("third", "commented", "Which page?"),
    ]  # fmt: skip
    talk.comment(claim, by=editor, text="Page 3.")
    assert notices()[3:] == [("colleague", "commented", "Page 3."), ("third", "commented", "Page 3.")]
    assert {one.thing for one in Notice.objects.all()} == {str(claim)}


@pytest.mark.parametrize("text", ["", " \n", "nul\x00", "half\ud83d", "bidi\u202e", "x" * 4001])
def test_what_says_nothing_or_is_hostile_is_refused(text: str, claim: Claim, editor: User) -> None:
    with pytest.raises(ValidationError):
        talk.comment(claim, by=editor, text=text)
    assert not Comment.objects.exists()


def test_talking_makes_no_version(claim: Claim, editor: User, colleague: User) -> None:
    talk.comment(claim, by=colleague, text="Well.")
    talk.assign(claim, to=editor, by=colleague)
    assert Claim.objects.get(pk=claim.pk).version == claim.version


def test_one_person_or_nobody_looks_after_it(claim: Claim, editor: User, colleague: User) -> None:
    talk.assign(claim, to=colleague, by=editor)
    talk.assign(claim, to=editor, by=colleague)
    assert Assignment.objects.get().assigned_to == editor
    outsider = User.objects.create_user("outsider", is_staff=True)
    with pytest.raises(ValidationError, match="may not work on this"):
        talk.assign(claim, to=outsider, by=editor)
    talk.assign(claim, to=None, by=editor)
    assert not Assignment.objects.exists()


def test_authors_are_told_of_decisions(claim: Claim, editor: User, colleague: User) -> None:
    talk.assign(claim, to=colleague, by=editor)
    root = submit(claim, by=editor, expect=claim.version)
    root = request_changes(root, by=colleague, expect=root.version, comment="Say which page.")
    root = submit(root, by=editor, expect=root.version)
    approve(root, by=colleague, expect=root.version, comment="Good.")
    assert notices() == [
        ("colleague", "assigned", ""),
        ("colleague", "submitted", ""),
        ("editor", "changes-requested", "Say which page."),
        ("colleague", "submitted", ""),
        ("editor", "approved", "Good."),
    ]
    decisions = list(Comment.objects.order_by("id").values_list("decision", "version"))
    assert decisions == [("submit", 2), ("request-changes", 3), ("submit", 4), ("approve", 5)]


def test_a_rejection_is_told_with_its_reason(editor: User, colleague: User) -> None:
    claim = build.a_claim(by=editor, state=State.IN_REVIEW)
    reject(claim, by=colleague, expect=claim.version, comment="Nobody says so.")
    assert notices() == [("editor", "rejected", "Nobody says so.")]


def test_notices_are_mailed_once_to_those_with_an_address(
    claim: Claim, editor: User, colleague: User
) -> None:
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    talk.comment(claim, by=colleague, text="Which\npage?")
    talk.assign(claim, to=colleague, by=editor)
    now = timezone.now()
    assert (mail_notices(now), mail_notices(now)) == (1, 0)
    sent = mail.outbox[0]
    assert sent.to == ["editor@example.org"]
    assert sent.subject.startswith("[Claimbook] commented: ")
    assert "Which\npage?" in sent.body
    assert sent.body.endswith(f"/admin/talk/{claim.ref}/")


def test_what_one_person_did_at_one_moment_is_one_mail(editor: User, colleague: User) -> None:
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    claims = [build.a_claim(by=editor) for _ in range(LISTED + 3)]
    approve_all({claim.ref: claim.version for claim in claims}, by=colleague, comment="All read.")
    talk.comment(claims[0], by=colleague, text="One more thing.")
    assert (mail_notices(timezone.now()), mail_notices(timezone.now())) == (2, 0)
    many, one = mail.outbox
    assert many.subject == f"[Claimbook] approved: {LISTED + 3} things"
    first = sorted(claims, key=lambda claim: claim.ref)
    assert all(
        f"{claim}\n" in many.body and f"/admin/talk/{claim.ref}/" in many.body for claim in first[:LISTED]
    )
    assert not any(f"/admin/talk/{claim.ref}/" in many.body for claim in first[LISTED:])
    assert "and 3 more:" in many.body
    assert many.body.count("All read.") == 1
    assert one.body.endswith(f"/admin/talk/{claims[0].ref}/")


def test_a_mail_that_fails_is_tried_again(
    claim: Claim, editor: User, colleague: User, monkeypatch: Any
) -> None:
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    talk.comment(claim, by=colleague, text="Hm.")

    def fail(self: object) -> None:
        raise SMTPException("no route")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", fail)
        assert mail_notices(timezone.now()) == 0
    assert mail_notices(timezone.now()) == 1


def test_an_address_given_late_brings_no_flood(claim: Claim, editor: User, colleague: User) -> None:
    talk.comment(claim, by=colleague, text="Old.", at=timezone.now() - timedelta(days=2))
    User.objects.filter(pk=editor.pk).update(email="editor@example.org")
    assert mail_notices(timezone.now()) == 0


def test_reading_marks_ones_own_up_to_the_last_that_was_shown(
    claim: Claim, editor: User, colleague: User
) -> None:
    for text in ("one", "two", "three"):
        talk.comment(claim, by=colleague, text=text)
    second = Notice.objects.order_by("id")[1]
    assert talk.mark_read(colleague, up_to=second.pk) == 0
    assert talk.mark_read(editor, up_to=second.pk) == 2
    assert [one.text for one in Notice.objects.unread()] == ["three"]


def test_a_redaction_empties_what_was_said(editor: User, colleague: User) -> None:
    claim = build.a_claim(by=editor)
    talk.comment(claim, by=colleague, text="A private address.")
    build.published(claim)
    confirm_redaction(request_redaction(claim, category="personal-data", by=editor), by=colleague)
    assert not Comment.objects.filter(text__contains="private").exists()
    assert not Notice.objects.filter(text__contains="private").exists()
