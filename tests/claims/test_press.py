"""The one bridge from the desk to the ledger: what it checks, derives and prints."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import press
from claims.actions.captures import capture
from claims.actions.claims import save_claim
from claims.ledger.models import OPEN, Edition, Link, Reason, Record, Review
from claims.ledger.printing import NotClosed, NothingToPrint, SlugTaken
from claims.models import Approval, Byline, Claim, Source
from companies.actions import NameDraft
from companies.models import Entity
from kb.lib.text import canonical_json, sha256_text
from kb.models import Revision, State
from tests.building import (
    NOON,
    a_claim,
    a_dimension,
    a_dispute,
    a_draft,
    a_property,
    a_publisher,
    a_quote,
    a_snapshot,
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

pytestmark = pytest.mark.django_db

EVERY_TABLE = (Edition, Record, Link)


def _nothing_is_printed() -> bool:
    return not any(table.objects.exists() for table in EVERY_TABLE)


def _derived(claim: Claim) -> dict:
    return json.loads(record_of(claim).body)["derived"]


# Closure --------------------------------------------------------------------------------------------------


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
    assert _nothing_is_printed()


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
    assert _derived(claim)["sources"] == 1


def test_withdrawing_what_was_never_published_is_refused():
    with pytest.raises(ValueError, match="not published"):
        press.publish([], withdraw=[an_entity()], by=None, reason=Reason.UPDATE)
    assert _nothing_is_printed()


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
    assert _nothing_is_printed()


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
    assert _nothing_is_printed()
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


# Four eyes ------------------------------------------------------------------------------------------------


def _approve(root, by: User) -> None:
    Approval.objects.create(
        kind=root.KIND, ref=root.ref, body_sha256=root.body_sha256(), approved_by=by, approved_at=NOON
    )


def test_publishing_waits_for_a_second_person(editor, colleague):
    entity = an_entity(by=editor)
    with pytest.raises(press.NotPublishable, match="second person"):
        press.publish([entity], by=editor, reason=Reason.NEW)
    assert _nothing_is_printed()
    _approve(entity, colleague)
    assert press.publish([entity], by=editor, reason=Reason.NEW).review == Review.FOUR_EYES


def test_nobody_approves_what_they_wrote(editor):
    entity = an_entity(by=editor)
    _approve(entity, editor)
    assert not press.approved_by_another(entity)


def test_what_the_machine_wrote_anybody_may_approve(editor):
    entity = an_entity()
    _approve(entity, editor)
    assert press.approved_by_another(entity)


def test_an_approval_counts_though_the_approver_moved_the_state(editor, colleague):
    entity = an_entity(by=editor)
    _approve(entity, colleague)
    entity.state = State.APPROVED
    entity.seal(by=colleague, why="approved")
    assert press.approved_by_another(entity)


def test_a_writer_may_not_approve_after_somebody_else_moved_the_state(editor, colleague):
    entity = an_entity(by=editor)
    _approve(entity, editor)
    entity.state = State.IN_REVIEW
    entity.seal(by=colleague, why="sent to review")
    assert not press.approved_by_another(entity)


def _with_quote(text="The fee was 1 million euros, before tax."):
    dimension = a_dimension()
    source = a_source(snapshots=[a_snapshot(text)])
    quote = a_quote(source.snapshots.get(), text, "1 million euros")
    return dimension, source, text, quote


def test_an_approval_lapses_when_the_value_changes_and_returns_with_it(editor, colleague):
    claim = a_claim(by=editor)
    _approve(claim, colleague)
    assert press.approved_by_another(claim)
    changed = save_claim(draft_of(claim, value=euros("2000000")), by=editor, ref=claim.ref)
    assert not press.approved_by_another(changed)
    back = save_claim(draft_of(claim, value=euros()), by=editor, ref=claim.ref)
    assert press.approved_by_another(back)


def test_an_approval_lapses_when_the_scope_changes(editor, colleague):
    dimension = a_dimension()
    before, after = dimension.terms.all()
    claim = a_claim(scope=[before], by=editor)
    _approve(claim, colleague)
    changed = save_claim(draft_of(claim, scope=[after]), by=editor, ref=claim.ref)
    assert not press.approved_by_another(changed)


def test_an_approval_lapses_when_the_quote_changes(editor, colleague):
    _, source, text, quote = _with_quote()
    claim = a_claim(evidence=[some_evidence(source, quote=quote)], by=editor)
    _approve(claim, colleague)
    assert press.approved_by_another(claim)
    wider = a_quote(source.snapshots.get(), text, "was 1 million euros")
    changed = save_claim(
        draft_of(claim, evidence=[some_evidence(source, quote=wider)]), by=editor, ref=claim.ref
    )
    assert not press.approved_by_another(changed)


def test_an_approval_lapses_when_the_quote_moves_to_another_snapshot(editor, colleague):
    text, newer = "The fee was 1 million euros.", "The fee was 1 million euros, it says."
    source = a_source(snapshots=[a_snapshot(text), a_snapshot(newer)])
    older_copy, newer_copy = source.snapshots.all()
    claim = a_claim(evidence=[some_evidence(source, quote=a_quote(older_copy, text, "1 million"))], by=editor)
    _approve(claim, colleague)
    moved = some_evidence(source, quote=a_quote(newer_copy, newer, "1 million"))
    changed = save_claim(draft_of(claim, evidence=[moved]), by=editor, ref=claim.ref)
    assert not press.approved_by_another(changed)


def test_an_approval_of_one_thing_is_none_of_another(editor, colleague):
    first, second = an_entity(by=editor), an_entity(by=editor)
    _approve(first, colleague)
    assert not press.approved_by_another(second)


# What may not be published --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.PROPOSED, State.REJECTED, State.DISCARDED])
def test_what_was_proposed_rejected_or_discarded_is_not_published(state):
    with pytest.raises(press.NotPublishable, match=str(state.label)):
        published(an_entity(state=state))
    assert _nothing_is_printed()


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


# Counting -------------------------------------------------------------------------------------------------


def test_three_copies_of_one_origin_count_one_origin():
    origin = a_source()
    copies = [a_source(derived_from=origin) for _ in range(3)]
    claim = a_claim(evidence=[some_evidence(copy) for copy in copies])
    published(claim)
    derived = _derived(claim)
    assert (derived["sources"], derived["origins"], derived["voices"]) == (3, 1, 1)
    assert [one["origin"] for one in derived["evidence"]] == [origin.ref] * 3


def test_a_figure_counts_for_the_source_it_names():
    origin, elsewhere = a_source(), a_source()
    copy = a_source(derived_from=origin)
    claim = a_claim(evidence=[some_evidence(copy), some_evidence(copy, figure_source=elsewhere)])
    published(claim)
    assert [one["origin"] for one in _derived(claim)["evidence"]] == [origin.ref, elsewhere.ref]
    assert _derived(claim)["origins"] == 2


def test_a_figure_source_is_followed_to_its_own_origin():
    origin = a_source()
    relay = a_source(derived_from=origin)
    claim = a_claim(evidence=[some_evidence(a_source(), figure_source=relay)])
    published(claim)
    assert _derived(claim)["evidence"][0]["origin"] == origin.ref


def test_origins_that_relay_one_asserter_are_one_voice():
    evidence = [some_evidence(), some_evidence()]
    relayed = a_claim(asserted_by=an_entity(), evidence=evidence)
    own_word = a_claim(evidence=evidence)
    published(relayed, own_word)
    assert (_derived(relayed)["origins"], _derived(relayed)["voices"]) == (2, 1)
    assert (_derived(own_word)["origins"], _derived(own_word)["voices"]) == (2, 2)


def test_only_what_supports_a_claim_counts_for_it():
    evidence = [some_evidence(), some_evidence(stance="refutes"), some_evidence(stance="mentions")]
    claim = a_claim(evidence=evidence)
    published(claim)
    derived = _derived(claim)
    assert (derived["sources"], derived["origins"]) == (1, 1)
    assert len(derived["evidence"]) == 3


def _now_copies(source: Source, origin: Source) -> Source:
    return a_source(source.slug, ref=source.ref, derived_from=origin)


def test_a_changed_lineage_reprints_its_claims_in_an_edition_of_its_own():
    first, second = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(first), some_evidence(second)])
    untouched = a_claim()
    published(claim, untouched)
    before = json.loads(record_of(claim).body)
    assert before["derived"]["origins"] == 2

    returned = press.publish([_now_copies(second, first)], by=None, reason=Reason.IMPORT)

    assert (returned.number, returned.reason) == (2, "import")
    recount = Edition.objects.get(number=3)
    assert (recount.reason, recount.review, recount.by) == ("source-changed", "machine", "the desk")
    assert [one.ref for one in Record.objects.filter(edition_from=3)] == [claim.ref]
    after = json.loads(record_of(claim).body)
    assert after["derived"]["origins"] == 1
    assert {key for key in after if after[key] != before[key]} == {"derived"}


def test_a_recount_keeps_what_was_published_though_the_desk_has_a_newer_draft():
    first, second = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(first), some_evidence(second)])
    published(claim)
    save_claim(draft_of(claim, value=euros("777"), evidence=[some_evidence(first)]), by=None, ref=claim.ref)
    press.publish([_now_copies(second, first)], by=None, reason=Reason.IMPORT)
    body = json.loads(record_of(claim).body)
    assert body["value"]["amount"] == "1000000"
    assert len(body["evidence"]) == 2
    assert body["derived"]["origins"] == 1
    assert Claim.objects.get(ref=claim.ref).amount == "777"


def test_a_recount_reaches_claims_over_copies_of_copies():
    top, new_top = a_source(), a_source()
    middle = a_source(derived_from=top)
    leaf = a_source(derived_from=middle)
    claim = a_claim(evidence=[some_evidence(leaf)])
    published(claim, new_top)
    press.publish([_now_copies(top, new_top)], by=None, reason=Reason.IMPORT)
    assert _derived(claim)["evidence"][0]["origin"] == new_top.ref


def test_a_recount_reaches_claims_whose_figure_comes_from_the_source():
    named, origin = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(figure_source=named)])
    published(claim, origin)
    press.publish([_now_copies(named, origin)], by=None, reason=Reason.IMPORT)
    assert _derived(claim)["evidence"][0]["origin"] == origin.ref


def test_a_claim_published_with_its_moved_source_is_printed_once():
    first, second = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(first), some_evidence(second)])
    published(claim)
    claim = save_claim(draft_of(claim, note={"en": "see both"}), by=None, ref=claim.ref)
    press.publish([_now_copies(second, first), claim], by=None, reason=Reason.IMPORT)
    assert Edition.objects.count() == 2
    assert _derived(claim)["origins"] == 1


def test_a_new_title_of_a_source_recounts_nothing():
    source = a_source()
    published(a_claim(evidence=[some_evidence(source)]))
    press.publish([a_source(source.slug, ref=source.ref, title="Another")], by=None, reason=Reason.IMPORT)
    assert Edition.objects.count() == 2


# Quotes ---------------------------------------------------------------------------------------------------


def test_capture_verifies_quotes_and_reprints_their_claims():
    _, source, text, quote = _with_quote()
    claim = a_claim(evidence=[some_evidence(source, quote=quote)])
    published(claim)
    assert _derived(claim)["evidence"][0]["quote"] == "not-held"
    captured = capture(text.encode(), source, by=None)
    assert (captured.new, captured.verified) == (False, 1)
    assert _derived(claim)["evidence"][0]["quote"] == "verified"
    assert Edition.objects.get(number=2).reason == "source-changed"


def test_capture_of_a_newer_and_different_text_makes_quotes_stale():
    _, source, text, quote = _with_quote()
    claim = a_claim(evidence=[some_evidence(source, quote=quote)])
    published(claim)
    capture(text.encode(), source, by=None)
    capture(b"The fee is 1 million euros, it now says.", source, by=None)
    assert _derived(claim)["evidence"][0]["quote"] == "stale"
    assert json.loads(record_of(claim).body)["evidence"][0]["quote"]["snapshot"] == (
        quote.snapshot.text_sha256
    )


def test_capture_of_the_same_bytes_again_changes_nothing():
    _, source, text, quote = _with_quote()
    published(a_claim(evidence=[some_evidence(source, quote=quote)]))
    capture(text.encode(), source, by=None)
    editions, version = Edition.objects.count(), Source.objects.get(pk=source.pk).version
    capture(text.encode(), source, by=None)
    assert Edition.objects.count() == editions
    assert Source.objects.get(pk=source.pk).version == version


def test_evidence_without_a_quote_says_so():
    claim = a_claim()
    published(claim)
    assert _derived(claim)["evidence"][0]["quote"] == "none"


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
