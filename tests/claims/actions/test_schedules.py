"""Publishing later: exactly once, at its time, or a reason why not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims import press
from claims.actions import schedules
from claims.actions.approvals import approve
from claims.actions.claims import save_claim
from claims.actions.reviews import request_changes, submit
from claims.actions.seen import Moved
from claims.ledger.models import Edition, Reason
from claims.models import Claim, Notice, Schedule
from claims.permissions import NotAllowed
from tests import building as build
from tests.claims.dossiers.bases import an_empty_base
from tests.conftest import ROOT

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
THEN = NOW + timedelta(hours=2)
AFTER = THEN + timedelta(seconds=1)


@pytest.fixture
def claim(editor: User, colleague: User) -> Claim:
    """Approved by a colleague; all that it rests on is published."""
    claim = build.a_claim(by=editor)
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    approve(claim, by=colleague, expect=claim.version)
    return Claim.objects.get(pk=claim.pk)


def scheduled(*claims: Claim, by: User, **changes: Any) -> Schedule:
    values: dict[str, Any] = {"publish_at": THEN, "reason": Reason.NEW, "note": {}, "at": NOW} | changes
    return schedules.schedule({claim.ref: claim.version for claim in claims}, by=by, **values)


def fresh(schedule: Schedule) -> Schedule:
    return Schedule.objects.get(pk=schedule.pk)


def test_it_is_printed_at_its_time_and_once(claim: Claim, editor: User) -> None:
    made = scheduled(claim, by=editor, note={"en": "As agreed."})
    before = Edition.objects.count()
    assert schedules.publish_due(THEN - timedelta(seconds=1)) == 0
    assert Edition.objects.count() == before
    assert schedules.publish_due(AFTER) == 1
    assert schedules.publish_due(AFTER) == 0
    made = fresh(made)
    assert (made.outcome, made.closed_at, made.edition) == ("published", AFTER, before + 1)
    edition = Edition.objects.get(number=before + 1)
    assert (edition.reason, edition.review, edition.note) == ("new", "four-eyes", '{"en":"As agreed."}')
    assert build.record_of(claim).edition_from == edition.number
    assert Notice.objects.filter(user=editor, event="published").count() == 1


def test_what_is_not_approved_is_not_scheduled(editor: User) -> None:
    claim = build.a_claim(by=editor)
    with pytest.raises(ValidationError, match="second person"):
        scheduled(claim, by=editor)


def test_in_one_person_mode_it_is_and_the_edition_says_so(editor: User, settings: Any) -> None:
    settings.ONE_PERSON_MODE = True
    claim = build.a_claim(by=editor)
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    scheduled(claim, by=editor)
    schedules.publish_due(AFTER)
    assert Edition.objects.order_by("-number")[0].review == "one-person"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"publish_at": NOW}, "passed"),
        ({"reason": Reason.CORRECTION}, "note"),
        ({"reason": Reason.IMPORT}, "no reason|not a reason"),
    ],
)
def test_what_makes_no_sense_is_refused(
    changes: dict[str, Any], said: str, claim: Claim, editor: User
) -> None:
    with pytest.raises(ValidationError, match=said):
        scheduled(claim, by=editor, **changes)
    assert not Schedule.objects.exists()


def test_one_thing_waits_in_one_schedule_at_the_version_that_was_seen(claim: Claim, editor: User) -> None:
    with pytest.raises(Moved):
        schedules.schedule(
            {claim.ref: claim.version - 1}, by=editor, publish_at=THEN, reason=Reason.NEW, note={}, at=NOW
        )
    scheduled(claim, by=editor)
    with pytest.raises(ValidationError, match="another schedule"):
        scheduled(claim, by=editor)


@pytest.mark.parametrize("job", [schedules.cancel_lapsed, schedules.publish_due])
def test_it_is_canceled_when_the_approval_lapses_and_says_so(job: Any, claim: Claim, editor: User) -> None:
    made = scheduled(claim, by=editor)
    save_claim(build.draft_of(claim, note={"en": "Later."}), by=editor, ref=claim.ref)
    before = Edition.objects.count()
    job(AFTER)
    made = fresh(made)
    assert made.outcome == "canceled"
    assert "approval has lapsed" in made.fault
    assert Edition.objects.count() == before
    assert Notice.objects.get(event="canceled").text == made.fault


def test_a_request_for_changes_cancels_it_too(claim: Claim, editor: User, colleague: User) -> None:
    made = scheduled(claim, by=editor)
    body = build.draft_of(claim)
    saved = save_claim(body, by=editor, ref=claim.ref)
    submitted = submit(saved, by=editor, expect=saved.version)
    request_changes(submitted, by=colleague, expect=submitted.version, comment="Not yet.")
    schedules.publish_due(AFTER)
    assert fresh(made).outcome == "canceled"
    assert "taken back" in fresh(made).fault


def test_a_failed_try_is_shown_and_tried_again(editor: User, colleague: User) -> None:
    claim = build.a_claim(by=editor)  # what it rests on is not published
    approve(claim, by=colleague, expect=claim.version)
    claim.refresh_from_db()
    made = scheduled(claim, by=editor)
    for number, wait in enumerate((1, 2, 4), start=1):
        at = fresh(made).next_try_at
        assert schedules.publish_due(at) == 0
        made = fresh(made)
        assert (made.outcome, made.tries, made.next_try_at) == (
            "waiting",
            number,
            at + timedelta(minutes=wait),
        )
        assert "would lead to something unpublished" in made.fault
    assert Notice.objects.filter(event="delayed").count() == 1
    build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
    assert schedules.publish_due(made.next_try_at) == 1
    assert fresh(made).fault == ""


def test_one_that_fails_hinders_no_other(
    claim: Claim, editor: User, colleague: User, monkeypatch: Any
) -> None:
    other = build.a_claim(by=editor)
    approve(other, by=colleague, expect=other.version)
    other.refresh_from_db()
    scheduled(other, by=editor, publish_at=THEN - timedelta(minutes=1))
    scheduled(claim, by=editor)
    assert schedules.publish_due(AFTER) == 1


def test_an_error_nobody_foresaw_is_kept_and_tried_again(
    claim: Claim, editor: User, monkeypatch: Any
) -> None:
    made = scheduled(claim, by=editor)
    with monkeypatch.context() as broken:
        broken.setattr(press, "publish", lambda *args, **kwargs: 1 / 0)
        assert schedules.publish_due(AFTER) == 0
    assert "ZeroDivisionError" in fresh(made).fault
    assert schedules.publish_due(fresh(made).next_try_at) == 1


def test_by_hand_it_is_published_early_and_not_again(claim: Claim, editor: User) -> None:
    made = scheduled(claim, by=editor)
    edition = schedules.publish_now(made, by=editor, at=NOW)
    assert (fresh(made).outcome, fresh(made).edition, fresh(made).closed_by) == (
        "published",
        edition.number,
        editor,
    )
    assert schedules.publish_due(AFTER) == 0
    with pytest.raises(ValidationError, match="closed already"):
        schedules.publish_now(made, by=editor)
    with pytest.raises(ValidationError, match="closed already"):
        schedules.cancel(made, by=editor)


def test_what_readers_have_already_closes_it(claim: Claim, editor: User) -> None:
    made = scheduled(claim, by=editor)
    press.publish([claim], by=editor, reason=Reason.NEW)
    assert schedules.publish_due(AFTER) == 0
    assert (fresh(made).outcome, fresh(made).fault) == ("canceled", "readers have all of it already")


def test_who_may_no_longer_publish_publishes_nothing(claim: Claim, editor: User, colleague: User) -> None:
    made = scheduled(claim, by=editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    assert schedules.publish_due(AFTER) == 0
    assert fresh(made).fault == schedules.NO_RIGHT
    outsider = User.objects.create_user("outsider", is_staff=True)
    with pytest.raises(NotAllowed):
        schedules.cancel(made, by=outsider)
    assert schedules.cancel(made, by=colleague).outcome == "canceled"


def test_what_cannot_succeed_any_more_stops_and_all_publishers_are_told(
    claim: Claim, editor: User, colleague: User
) -> None:
    made, before = scheduled(claim, by=editor), Edition.objects.count()
    User.objects.filter(pk=editor.pk).update(is_superuser=False)
    for days in range(3):
        assert schedules.publish_due(AFTER + timedelta(days=days)) == 0
    made = fresh(made)
    assert (made.outcome, made.is_stopped, made.tries) == ("waiting", True, 0)
    told = {one.user.username: one.text for one in Notice.objects.filter(event="delayed")}
    assert told.keys() == {"editor", "colleague"}
    assert set(told.values()) == {f"{schedules.NO_RIGHT} It is not tried again by itself."}
    assert "you" not in schedules.NO_RIGHT.split()
    with pytest.raises(NotAllowed):
        schedules.take_over(made, by=User.objects.get(pk=editor.pk))
    taken = schedules.take_over(made, by=colleague, at=AFTER + timedelta(days=3))
    assert (taken.scheduled_by, taken.is_stopped, taken.fault) == (colleague, False, "")
    assert schedules.publish_due(AFTER + timedelta(days=3)) == 1
    assert fresh(made).edition == before + 1


def test_what_fails_again_and_again_stops_in_the_end(
    claim: Claim, editor: User, colleague: User, monkeypatch: Any
) -> None:
    made, tries = scheduled(claim, by=editor), 0
    with monkeypatch.context() as broken:
        broken.setattr(press, "publish", lambda *args, **kwargs: 1 / 0)
        while not fresh(made).is_stopped:
            schedules.publish_due(fresh(made).next_try_at)
            tries += 1
            assert tries <= schedules.MOST_TRIES
    assert tries == fresh(made).tries == schedules.MOST_TRIES
    assert [one.user for one in Notice.objects.filter(event="delayed").order_by("pk")] == [
        editor, editor, colleague,
    ]  # fmt: skip
    assert schedules.publish_now(made, by=colleague).number == fresh(made).edition


def test_taking_over_keeps_the_time_and_is_refused_once_it_is_closed(
    claim: Claim, editor: User, colleague: User
) -> None:
    made = scheduled(claim, by=editor)
    assert schedules.take_over(made, by=colleague, at=NOW).next_try_at == THEN
    schedules.cancel(made, by=colleague)
    with pytest.raises(ValidationError, match="closed already"):
        schedules.take_over(made, by=colleague)


# Killed in the middle, in a process and a base of its own -----------------------------------------------------

STORY = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from claims.actions.schedules import schedule
from claims.ledger.models import Reason
from claims.models import Claim
from tests import building as build
user = User.objects.create_superuser("editor", email="editor@example.org")
claim = build.a_claim(by=user)
build.published(*[root for root in build.resting_on(claim) if root.ref != claim.ref])
at = timezone.now() - timedelta(hours=1)
schedule({claim.ref: claim.version}, by=user, publish_at=at + timedelta(minutes=1), reason=Reason.NEW, note={}, at=at)
"""
KILLED_BEFORE_THE_COMMIT = """
import os, signal
from claims.actions import schedules
real = schedules._close
def close(*args, **kwargs):
    real(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
schedules._close = close
"""
KILLED_AFTER_THE_COMMIT = """
import os, signal
from claims.actions import schedules
real = schedules._try
def attempt(*args):
    real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
schedules._try = attempt
"""
WORK = "\nfrom django.core.management import call_command\ncall_command('work', once=True)\n"
COUNT = """
from claims.ledger.models import Edition
from claims.models import Schedule
print(Edition.objects.count(), Schedule.objects.get().outcome)
"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = kept | {
        "DEBUG": "true", "CLAIMBOOK_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "kb.settings",
        "CLAIMBOOK_ONE_PERSON": "true", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_worker_that_is_killed_prints_it_exactly_once(tmp_path: Path) -> None:
    setup = run(STORY, an_empty_base(tmp_path))
    assert setup.returncode == 0, setup.stderr
    assert run(COUNT, tmp_path).stdout.split() == ["1", "waiting"]
    killed = run(KILLED_BEFORE_THE_COMMIT + WORK, tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert run(COUNT, tmp_path).stdout.split() == ["1", "waiting"], "half an edition was kept"
    killed = run(KILLED_AFTER_THE_COMMIT + WORK, tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert run(COUNT, tmp_path).stdout.split() == ["2", "published"]
    again = run(WORK + COUNT, tmp_path)
    assert again.returncode == 0, again.stderr
    assert again.stdout.splitlines()[-1].split() == ["2", "published"]
    assert "1 notice(s) mailed" in again.stdout
