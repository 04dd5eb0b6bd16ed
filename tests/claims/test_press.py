"""The one bridge from the desk to the ledger: what it checks and prints."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import press
from claims.actions.claims import save_claim
from claims.ledger.models import OPEN, Edition, Reason, Record, Review
from claims.ledger.printing import NothingToPrint, SlugTaken
from claims.models import Byline
from companies.actions import NameDraft
from kb.lib.text import canonical_json, sha256_text
from kb.models import Revision, State
from tests.building import (
    NOON,
    a_claim,
    a_dimension,
    a_draft,
    a_property,
    a_publisher,
    a_source,
    an_entity,
    draft_of,
    euros,
    published,
    record_of,
)
from tests.claims.printed import nothing_is_printed

pytestmark = pytest.mark.django_db


# What is printed ------------------------------------------------------------------------------------------


def test_a_record_is_the_canonical_body_and_the_hash_of_the_very_text():
    claim = a_claim(note={"bn": "চুক্তি", "en": "deal"})
    published(claim)
    record = record_of(claim)
    body = json.loads(record.body)
    assert record.body == canonical_json(body)
    assert sha256_text(record.body) == record.body_sha256
    assert {key: value for key, value in body.items() if key != "derived"} == claim.body()


def test_bodies_hold_refs_and_never_labels_or_slugs_of_other_things():
    names = [NameDraft(text="Amsterdam Eleven", language="en")]
    claim = a_claim(subject=an_entity("ajax", names=names), property=a_property("transfer-fee"))
    published(claim)
    text = record_of(claim).body
    assert claim.subject.ref in text
    assert not [word for word in ("ajax", "Amsterdam", "transfer-fee") if word in text]


def test_renaming_a_subject_prints_one_record_and_leaves_its_claims_alone():
    claim = a_claim()
    published(claim)
    before = record_of(claim).pk
    renamed = an_entity("renamed-club", ref=claim.subject.ref)
    edition = press.publish([renamed], by=None, reason=Reason.IMPORT)
    assert Record.objects.filter(edition_from=edition.number).count() == 1
    assert record_of(claim).pk == before


def test_publishing_what_stands_already_leaves_no_edition():
    claim = a_claim()
    published(claim)
    with pytest.raises(NothingToPrint):
        published(claim)
    assert Edition.objects.count() == 1
    assert Record.objects.exclude(edition_to=OPEN).count() == 0


def test_publishing_nothing_leaves_no_edition():
    with pytest.raises(NothingToPrint):
        press.publish([], by=None, reason=Reason.IMPORT)
    assert nothing_is_printed()


def test_publishing_again_changes_nothing_of_the_old_record_but_edition_to():
    entity = an_entity("ajax")
    published(entity)
    before = Record.objects.filter(ref=entity.ref).values().get()
    an_entity("ajax", ref=entity.ref, description={"en": "a club"})
    press.publish([entity], by=None, reason=Reason.IMPORT)
    after = Record.objects.filter(pk=before["id"]).values().get()
    assert after == before | {"edition_to": 2}
    assert record_of(entity).op == "modified"


def test_a_draft_changes_no_byte_of_the_ledger():
    claim = a_claim()
    published(claim)
    before = list(Record.objects.order_by("pk").values())
    save_claim(draft_of(claim, value=euros("2000000")), by=None, ref=claim.ref)
    assert list(Record.objects.order_by("pk").values()) == before


def test_publishing_after_a_withdrawal_adds_the_thing_again():
    entity = an_entity()
    published(entity)
    press.publish([], withdraw=[entity], by=None, reason=Reason.UPDATE)
    press.publish([entity], by=None, reason=Reason.IMPORT)
    assert list(
        Record.objects.filter(ref=entity.ref).order_by("edition_from").values_list("op", flat=True)
    ) == [
        "added",
        "withdrawn",
        "added",
    ]


def test_a_published_root_counts_as_approved_in_its_history():
    entity = an_entity()
    published(entity)
    entity.refresh_from_db()
    assert entity.state == State.APPROVED
    assert Revision.objects.filter(ref=entity.ref).last().why == "published in edition 1"


# What an edition says -------------------------------------------------------------------------------------


def test_at_never_decreases_though_the_clock_goes_back():
    first = published(an_entity(), at=NOON)
    second = published(an_entity(), at=NOON - timedelta(hours=3))
    third = published(an_entity(), at=NOON + timedelta(seconds=1))
    assert [first.at, second.at, third.at] == [NOON, NOON, NOON + timedelta(seconds=1)]


def test_every_edition_carries_the_hash_of_the_one_before():
    first, second = published(an_entity()), published(an_entity())
    assert (first.previous_hash, second.previous_hash) == ("", first.hash)
    assert first.hash != second.hash


@pytest.mark.parametrize("reason", [Reason.CORRECTION, Reason.RETRACTION])
def test_a_correction_or_retraction_needs_a_public_note(reason, settings, editor):
    settings.ONE_PERSON_MODE = True
    entity = an_entity()
    with pytest.raises(ValueError, match="note"):
        press.publish([entity], by=editor, reason=reason)
    assert nothing_is_printed()
    edition = press.publish([entity], by=editor, reason=reason, note={"en": "The name was wrong."})
    assert json.loads(edition.note) == {"en": "The name was wrong."}


def test_an_edition_names_the_desk_and_never_a_login(editor):
    edition = published(an_entity(), by=editor)
    assert edition.by == "the desk"
    assert editor.username not in edition.by


def test_an_edition_keeps_the_public_name_of_its_day(editor):
    byline = Byline.objects.create(user=editor, public_name="Rahim Uddin")
    edition = published(an_entity(), by=editor)
    byline.public_name = "R. Uddin"
    byline.save()
    edition.refresh_from_db()
    assert edition.by == "Rahim Uddin"


def test_an_import_is_recorded_as_one():
    assert published(an_entity(), reason=Reason.IMPORT).review == Review.IMPORT


def test_one_person_mode_is_recorded(settings, editor):
    settings.ONE_PERSON_MODE = True
    assert published(an_entity(), by=editor, reason=Reason.NEW).review == Review.ONE_PERSON


def test_one_person_mode_needs_a_person(settings):
    settings.ONE_PERSON_MODE = True
    with pytest.raises(press.NotPublishable):
        published(an_entity(), by=None, reason=Reason.NEW)


def test_a_slug_that_once_led_elsewhere_is_never_reused():
    first = an_entity("ajax")
    published(first)
    an_entity("afc-ajax", ref=first.ref)
    press.publish([first], by=None, reason=Reason.IMPORT)
    second = an_entity("ajax")
    with pytest.raises(SlugTaken, match="ajax"):
        published(second)
    assert Edition.objects.count() == 2
    an_entity("ajax-cape-town", ref=second.ref)
    assert published(second).number == 3


def test_a_slug_of_a_withdrawn_thing_is_never_reused():
    first = an_entity("ajax")
    published(first)
    press.publish([], withdraw=[first], by=None, reason=Reason.UPDATE)
    an_entity("former-ajax", ref=first.ref)
    with pytest.raises(SlugTaken):
        published(an_entity("ajax"))


def test_a_thing_may_take_its_own_former_slug_back():
    entity = an_entity("ajax")
    published(entity)
    for slug in ("afc-ajax", "ajax"):
        an_entity(slug, ref=entity.ref)
        press.publish([entity], by=None, reason=Reason.IMPORT)
    assert json.loads(record_of(entity).body)["slug"] == "ajax"


def test_two_kinds_may_have_the_same_slug():
    assert published(an_entity("ajax"), a_source("ajax")).number == 1


# What may not be published --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (State.PROPOSED, "nobody has taken it up"),
        (State.REJECTED, "rejected"),
        (State.DISCARDED, "discarded"),
    ],
)
def test_what_was_proposed_rejected_or_discarded_is_not_published(state, why):
    with pytest.raises(press.NotPublishable, match=why):
        published(an_entity(state=state))
    assert nothing_is_printed()


def test_a_claim_without_evidence_is_not_published():
    with pytest.raises(press.NotPublishable, match="no evidence"):
        published(a_claim(evidence=[]))


def test_a_claim_without_a_required_dimension_is_not_published():
    dimension = a_dimension("tax")
    prop = a_property(required_scope=[dimension])
    with pytest.raises(press.NotPublishable, match="requires the scope dimension “tax”"):
        published(a_claim(property=prop), dimension)
    claim = a_claim(property=prop, scope=[dimension.terms.first()])
    assert published(claim).number == 1


def test_an_entity_without_a_label_is_not_published():
    with pytest.raises(press.NotPublishable, match="label"):
        published(an_entity(names=[]))


def test_all_faults_are_said_at_once():
    with pytest.raises(press.NotPublishable) as refusal:
        press.publish([a_claim(evidence=[]), an_entity(names=[])], by=None, reason=Reason.IMPORT)
    assert len(refusal.value.faults) == 2


# One door -------------------------------------------------------------------------------------------------


def test_publish_locks_all_roots_in_order_of_ref_and_then_the_press():
    withdrawn = [a_source(), an_entity()]
    published(*withdrawn)
    roots = [an_entity(), an_entity(), a_source(), a_publisher(), an_entity()]
    with CaptureQueriesContext(connection) as queries:
        press.publish(reversed(roots), withdraw=withdrawn, by=None, reason=Reason.IMPORT)
    # SQLite has no FOR UPDATE, but the same statements: a bare list of primary keys is what locks.
    locks = [
        one["sql"]
        for one in queries
        if re.match(r'SELECT "\w+"\."id"( AS "pk")? FROM "\w+" WHERE "\w+"\."ref" IN', one["sql"])
    ]
    at_press = next(
        number for number, one in enumerate(queries.captured_queries) if "ledger_press" in one["sql"]
    )
    assert queries.captured_queries[at_press]["sql"] not in locks
    positions = [number for number, one in enumerate(queries.captured_queries) if one["sql"] in locks]
    refs = [sorted(re.findall(r"'([a-z]\d\w{8})'", one)) for one in locks]
    assert all("ORDER BY" in one for one in locks)
    assert max(positions) < at_press
    assert [ref for some in refs for ref in some] == sorted(root.ref for root in [*roots, *withdrawn])


def test_drafting_never_takes_the_press_lock():
    claim = a_claim()
    published(claim)
    with CaptureQueriesContext(connection) as queries:
        save_claim(draft_of(claim, value=euros("3")), by=None, ref=claim.ref)
        save_claim(a_draft(), by=None)
    assert not [one["sql"] for one in queries if "ledger_press" in one["sql"]]
