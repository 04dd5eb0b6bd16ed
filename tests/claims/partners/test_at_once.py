"""Partners and editors at the same moment, over connections of their own: nothing twice, nothing lost."""

from __future__ import annotations

from functools import partial

import pytest
from django.contrib.auth.models import User

from claims.actions import reviews
from claims.models import Claim, Source, Submission
from kb.models import State
from tests import building as build
from tests.claims.partners.sending import Partner, a_request, published_things
from tests.claims.partners.test_submitting import NEW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ROUNDS = 5


@pytest.fixture
def editor(db) -> User:
    return User.objects.create_superuser("editor", password="a-long-password")


@pytest.fixture
def two(editor) -> tuple[Partner, Partner]:
    published_things()
    return Partner("the-gazette", by=editor), Partner("the-herald", by=editor)


def test_the_same_words_twice_at_once_are_one_submission(two):
    first, _other = two
    for number in range(ROUNDS):
        answers = build.together(*[partial(first.send, a_request(message=str(number)))] * 3)
        assert sorted(one.status_code for one in answers) == [200, 200, 201]
    assert Submission.objects.count() == Claim.objects.count() == ROUNDS


def test_one_new_address_from_two_at_once_is_one_source(two):
    for number in range(ROUNDS):
        new = NEW | {"url": f"https://gazette.example/{number}"}
        sent = a_request(evidence=[{"new_source": new, "locator": "page 1"}])
        answers = build.together(*[partial(one.send, sent) for one in two])
        assert [one.status_code for one in answers] == [201, 201]
        assert Source.objects.filter(url=new["url"]).count() == 1


def test_a_source_is_not_taken_back_from_under_another_partner(two):
    first, other = two
    for number in range(ROUNDS):
        new = NEW | {"url": f"https://gazette.example/{number}"}
        sent = a_request(evidence=[{"new_source": new, "locator": "page 1"}], message=str(number))
        ref = first.send(sent).json()["ref"]
        taken, made = build.together(partial(first.take_back, ref), partial(other.send, sent))
        assert (taken.status_code, made.status_code) == (200, 201)
        source = Claim.objects.get(ref=made.json()["ref"]).evidence.get().source
        assert source.state == State.PROPOSED


def test_taking_back_and_taking_up_at_once_ends_in_one_of_them(two, editor):
    first, _other = two
    for number in range(ROUNDS):
        claim = Claim.objects.get(ref=first.send(a_request(message=str(number))).json()["ref"])
        back, again, up = build.together(
            partial(first.take_back, claim.ref),
            partial(first.take_back, claim.ref),
            partial(reviews.take_up, claim, by=editor, expect=1),
        )
        statuses = sorted((back.status_code, again.status_code))
        taken_up = not isinstance(up, Exception)
        assert statuses == ([409, 409] if taken_up else [200, 409])
        assert Claim.objects.get(pk=claim.pk).state == (State.DRAFT if taken_up else State.DISCARDED)
