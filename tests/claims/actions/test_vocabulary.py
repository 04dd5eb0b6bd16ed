"""Saving properties, dimensions, disputes and timelines."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from claims.models import Dispute, Timeline
from tests.building import a_claim, a_dimension, a_dispute, a_property, a_timeline, an_entity

pytestmark = pytest.mark.django_db


def test_an_amount_and_only_an_amount_has_a_unit_dimension():
    for changes in ({"unit_dimension": ""}, {"data_type": "text", "unit_dimension": "currency"}):
        with pytest.raises(ValidationError, match="unit dimension"):
            a_property(**changes)


def test_a_changed_required_scope_is_a_new_version():
    prop, dimension = a_property("fee"), a_dimension()
    again = a_property("fee", ref=prop.ref, required_scope=[dimension])
    assert (again.version, again.body()["required_scope"]) == (2, [dimension.ref])


def test_a_verdict_other_than_contested_says_why():
    with pytest.raises(ValidationError, match="say why"):
        a_dispute(verdict="settled")
    assert a_dispute(verdict="settled", reason={"en": "one is a copy"}).version == 1


def test_a_dispute_keeps_its_members_in_order_and_once_each():
    first, second = a_claim(), a_claim()
    dispute = Dispute.objects.get(pk=a_dispute(second, first).pk)
    assert [one["claim"] for one in dispute.body()["members"]] == [second.ref, first.ref]
    with pytest.raises(ValidationError):
        a_dispute(first, first)


def test_a_timeline_is_a_rule_with_pins():
    entity, prop, pinned, excluded = an_entity(), a_property(), a_claim(), a_claim()
    made = a_timeline(entities=[entity], properties=[prop], pinned=[pinned], excluded=[excluded])
    body = Timeline.objects.get(pk=made.pk).body()
    assert body["rule"] == {"entities": [entity.ref], "properties": [prop.ref]}
    assert (body["pinned"], body["excluded"]) == ([pinned.ref], [excluded.ref])


@pytest.mark.parametrize("make", [lambda: a_timeline(title={}), lambda: a_dispute(question={})])
def test_what_readers_see_first_is_said(make):
    with pytest.raises(ValidationError):
        make()
