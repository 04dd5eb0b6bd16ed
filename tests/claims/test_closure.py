"""What is published refers only to what is published."""

from __future__ import annotations

import json

import pytest

from claims import press
from claims.actions.claims import save_claim
from claims.ledger.models import Edition, Reason, Record
from claims.ledger.printing import NotClosed
from companies.models import Entity
from tests.building import (
    a_claim,
    a_dimension,
    a_dispute,
    a_property,
    a_publisher,
    a_source,
    a_timeline,
    an_entity,
    draft_of,
    euros,
    published,
    record_of,
    resting_on,
    some_evidence,
)
from tests.claims.printed import derived_part, nothing_is_printed

pytestmark = pytest.mark.django_db


def _unpublished_subject():
    claim = a_claim()
    return claim, claim.subject


def _unpublished_property():
    claim = a_claim()
    return claim, claim.property


def _unpublished_source():
    claim = a_claim()
    return claim, claim.evidence.get().source


def _unpublished_figure_source():
    claim = a_claim(evidence=[some_evidence(figure_source=a_source())])
    return claim, claim.evidence.get().figure_source


def _unpublished_dimension():
    dimension = a_dimension()
    claim = a_claim(scope=[dimension.terms.first()])
    return claim, dimension


def _unpublished_asserter():
    claim = a_claim(asserted_by=an_entity())
    return claim, claim.asserted_by


def _unpublished_value():
    value = an_entity()
    claim = a_claim(
        property=a_property(data_type="entity"), value=euros("", comparator="", unit="", entity=value)
    )
    return claim, value


def _unpublished_link():
    target = a_claim()
    return a_claim(links=[("rounds", target)]), target


def _unpublished_required_dimension():
    dimension = a_dimension()
    return a_property(required_scope=[dimension]), dimension


def _unpublished_publisher():
    publisher = a_publisher()
    return a_source(publisher=publisher), publisher


def _unpublished_origin():
    origin = a_source()
    return a_source(derived_from=origin), origin


def _unpublished_member():
    claim = a_claim()
    return a_dispute(claim), claim


def _unpublished_pin():
    claim = a_claim()
    return a_timeline(pinned=[claim]), claim


def _unpublished_exclusion():
    claim = a_claim()
    return a_timeline(excluded=[claim]), claim


def _unpublished_timeline_entity():
    entity = an_entity()
    return a_timeline(entities=[entity]), entity


def _unpublished_timeline_property():
    prop = a_property()
    return a_timeline(properties=[prop]), prop


@pytest.mark.parametrize(
    "make",
    [
        _unpublished_subject,
        _unpublished_property,
        _unpublished_source,
        _unpublished_figure_source,
        _unpublished_dimension,
        _unpublished_asserter,
        _unpublished_value,
        _unpublished_link,
        _unpublished_required_dimension,
        _unpublished_publisher,
        _unpublished_origin,
        _unpublished_member,
        _unpublished_pin,
        _unpublished_exclusion,
        _unpublished_timeline_entity,
        _unpublished_timeline_property,
    ],
)
def test_publish_refuses_a_ref_to_something_unpublished_and_names_it(make):
    root, missing = make()
    present = [one for one in resting_on(root) if one.ref != missing.ref]
    with pytest.raises(NotClosed) as refusal:
        press.publish(present, by=None, reason=Reason.IMPORT)
    assert (root.ref, root.KIND, missing.ref) in refusal.value.dangling
    assert missing.ref in str(refusal.value)
    assert nothing_is_printed()


def test_withdrawing_what_is_referred_to_is_refused_with_the_list():
    claim = a_claim()
    published(claim)
    source = claim.evidence.get().source
    before = Edition.objects.count()
    with pytest.raises(NotClosed) as refusal:
        press.publish([], withdraw=[source], by=None, reason=Reason.UPDATE)
    assert refusal.value.dangling == [(claim.ref, "claim", source.ref)]
    assert Edition.objects.count() == before
    assert record_of(source).op == "added"


def test_withdrawing_with_the_dependents_is_one_edition():
    claim = a_claim()
    published(claim)
    source = claim.evidence.get().source
    edition = press.publish([], withdraw=[claim, source], by=None, reason=Reason.UPDATE)
    assert edition.number == 2
    assert {(one.ref, one.op) for one in Record.objects.filter(edition_from=2)} == {
        (claim.ref, "withdrawn"),
        (source.ref, "withdrawn"),
    }


def test_withdrawing_a_source_with_its_claims_reprinted_without_it():
    first, second = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(first), some_evidence(second)])
    published(claim)
    claim = save_claim(draft_of(claim, evidence=[some_evidence(first)]), by=None, ref=claim.ref)
    press.publish([claim], withdraw=[second], by=None, reason=Reason.IMPORT)
    assert record_of(second).op == "withdrawn"
    assert derived_part(claim)["sources"] == 1


def test_withdrawing_what_was_never_published_is_refused():
    with pytest.raises(ValueError, match="not published"):
        press.publish([], withdraw=[an_entity()], by=None, reason=Reason.UPDATE)
    assert nothing_is_printed()


def test_a_merge_keeps_what_refers_to_the_merged_thing_closed():
    claim, heir = a_claim(), an_entity()
    published(claim, heir)
    gone = Entity.objects.get(pk=claim.subject_id)
    gone.merged_into = heir
    gone.save()
    gone.seal(by=None)
    edition = press.publish([gone], by=None, reason=Reason.IMPORT)
    assert json.loads(record_of(gone).body)["merged_into"] == heir.ref
    assert [one.ref for one in Record.objects.filter(edition_from=edition.number)] == [gone.ref]
