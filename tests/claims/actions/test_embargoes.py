"""What may not be published yet: who keeps it back, who lets it go, and that nothing gets past it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from claims import press
from claims.actions.embargoes import embargo, lift
from claims.actions.publishing import publish_seen
from claims.actions.schedules import publish_due, schedule
from claims.ledger.models import Edition, Reason
from claims.models import Comment, Embargo, Notice, Schedule
from claims.permissions import NotAllowed
from claims.workflow import Role
from kb.models import StaleVersion
from tests import building as build
from tests.roles import member

pytestmark = pytest.mark.django_db

WHY = "The company asks us to wait for its press conference."


@pytest.fixture
def until():
    return timezone.now() + timedelta(days=2)


@pytest.fixture
def claim(settings):
    settings.ONE_PERSON_MODE = True
    found = build.a_claim()
    build.published(*build.resting_on(found)[1:])
    return found


def _publish(claim, by, **changes):
    return publish_seen({claim.ref: claim.version}, by=by, reason=Reason.NEW, note={}, **changes)


@pytest.mark.parametrize("reason", [Reason.NEW, Reason.IMPORT])
def test_nothing_under_embargo_is_printed_by_anybody_for_any_reason(claim, editor, until, reason):
    embargo(claim, until=until, why=WHY, by=editor, expect=claim.version)
    editions = Edition.objects.count()
    with pytest.raises(press.NotPublishable, match="under embargo until"):
        press.publish([claim], by=editor, reason=reason)
    assert Edition.objects.count() == editions
    assert press.publish([claim], by=editor, reason=reason, at=until).number == editions + 1


def test_a_writer_sets_it_and_puts_it_off_and_a_publisher_shortens_and_lifts_it(claim, until):
    writer, publisher = member(Role.CONTRIBUTOR, "writer"), member(Role.PUBLISHER, "publisher")
    embargo(claim, until=until, why=WHY, by=writer, expect=claim.version)
    embargo(claim, until=until + timedelta(days=1), why="Put off.", by=writer, expect=claim.version)
    with pytest.raises(NotAllowed):
        embargo(claim, until=until, why="Sooner.", by=writer, expect=claim.version)
    with pytest.raises(NotAllowed):
        lift(claim, by=writer, expect=claim.version)
    assert Embargo.objects.get().until == until + timedelta(days=1)
    embargo(claim, until=until, why="Sooner.", by=publisher, expect=claim.version)
    lift(claim, by=publisher, expect=claim.version)
    assert not Embargo.objects.exists()
    assert list(Comment.objects.order_by("pk").values_list("decision", "text")) == [
        ("embargo", WHY), ("embargo", "Put off."), ("embargo", "Sooner."), ("lift", ""),
    ]  # fmt: skip
    assert _publish(claim, publisher)


def test_what_makes_no_sense_is_refused_with_words(claim, editor, until):
    for changes in ({"until": timezone.now()}, {"why": " \n"}):
        with pytest.raises(ValidationError):
            embargo(claim, **{"until": until, "why": WHY} | changes, by=editor, expect=claim.version)
    with pytest.raises(StaleVersion):
        embargo(claim, until=until, why=WHY, by=editor, expect=claim.version + 1)
    with pytest.raises(ValidationError, match="no embargo"):
        lift(claim, by=editor, expect=claim.version)
    assert not Embargo.objects.exists()


def test_an_edition_is_scheduled_for_its_end_and_not_before(claim, editor, until):
    embargo(claim, until=until, why=WHY, by=editor, expect=claim.version)
    seen = {claim.ref: claim.version}
    with pytest.raises(ValidationError, match="under embargo until"):
        schedule(seen, by=editor, publish_at=until - timedelta(minutes=1), reason=Reason.NEW, note={})
    schedule(seen, by=editor, publish_at=until, reason=Reason.NEW, note={})
    before = Edition.objects.count()
    publish_due(until + timedelta(minutes=1))
    assert Edition.objects.count() == before + 1


def test_an_embargo_set_later_stops_what_was_scheduled(claim, editor, until):
    schedule(
        {claim.ref: claim.version},
        by=editor,
        publish_at=until - timedelta(days=1),
        reason=Reason.NEW,
        note={},
    )
    embargo(claim, until=until, why=WHY, by=editor, expect=claim.version)
    before = Edition.objects.count()
    hours = range(-24, 0)
    for hour in hours:
        publish_due(until + timedelta(hours=hour, minutes=1))
    assert Edition.objects.count() == before
    standing = Schedule.objects.get()
    assert "under embargo until" in standing.fault
    assert standing.tries == 0  # to wait is no failure
    assert Notice.objects.filter(user=editor, event="delayed").count() == 1
    publish_due(until + timedelta(hours=1, minutes=1))
    assert Edition.objects.count() == before + 1


def test_what_was_scheduled_goes_on_within_an_hour_when_the_embargo_is_lifted(claim, editor, until):
    due = until - timedelta(days=1)
    schedule({claim.ref: claim.version}, by=editor, publish_at=due, reason=Reason.NEW, note={})
    embargo(claim, until=until, why=WHY, by=editor, expect=claim.version)
    publish_due(due)
    lift(claim, by=editor, expect=claim.version)
    before = Edition.objects.count()
    publish_due(due + timedelta(hours=1))
    assert Edition.objects.count() == before + 1


def test_readers_and_partners_learn_nothing_of_it(claim, editor, until, client):
    build.published(claim)
    addresses = (f"/claims/{claim.ref}/", f"/api/v1/claims/{claim.ref}/", "/api/v1/changes/", "/editions/")
    before = [client.get(one).content for one in addresses]
    changed = build.save_claim(build.draft_of(claim, note={"en": "More."}), by=editor, ref=claim.ref)
    embargo(changed, until=until, why=WHY, by=editor, expect=changed.version)
    assert [client.get(one).content for one in addresses] == before
