"""Sources, origins and voices of a claim as printed, and the state of its quotes."""

from __future__ import annotations

import json

import pytest

from claims import press
from claims.actions.captures import capture
from claims.actions.claims import save_claim
from claims.ledger.models import Edition, Reason, Record
from claims.models import Claim, Source
from tests.building import (
    a_claim,
    a_source,
    an_entity,
    draft_of,
    euros,
    published,
    record_of,
    some_evidence,
)
from tests.claims.printed import derived_part, with_quote

pytestmark = pytest.mark.django_db


# Counting -------------------------------------------------------------------------------------------------


def test_three_copies_of_one_origin_count_one_origin():
    origin = a_source()
    copies = [a_source(derived_from=origin) for _ in range(3)]
    claim = a_claim(evidence=[some_evidence(copy) for copy in copies])
    published(claim)
    derived = derived_part(claim)
    assert (derived["sources"], derived["origins"], derived["voices"]) == (3, 1, 1)
    assert [one["origin"] for one in derived["evidence"]] == [origin.ref] * 3


def test_a_figure_counts_for_the_source_it_names():
    origin, elsewhere = a_source(), a_source()
    copy = a_source(derived_from=origin)
    claim = a_claim(evidence=[some_evidence(copy), some_evidence(copy, figure_source=elsewhere)])
    published(claim)
    assert [one["origin"] for one in derived_part(claim)["evidence"]] == [origin.ref, elsewhere.ref]
    assert derived_part(claim)["origins"] == 2


def test_a_figure_source_is_followed_to_its_own_origin():
    origin = a_source()
    relay = a_source(derived_from=origin)
    claim = a_claim(evidence=[some_evidence(a_source(), figure_source=relay)])
    published(claim)
    assert derived_part(claim)["evidence"][0]["origin"] == origin.ref


def test_origins_that_relay_one_asserter_are_one_voice():
    evidence = [some_evidence(), some_evidence()]
    relayed = a_claim(asserted_by=an_entity(), evidence=evidence)
    own_word = a_claim(evidence=evidence)
    published(relayed, own_word)
    assert (derived_part(relayed)["origins"], derived_part(relayed)["voices"]) == (2, 1)
    assert (derived_part(own_word)["origins"], derived_part(own_word)["voices"]) == (2, 2)


def test_only_what_supports_a_claim_counts_for_it():
    evidence = [some_evidence(), some_evidence(stance="refutes"), some_evidence(stance="mentions")]
    claim = a_claim(evidence=evidence)
    published(claim)
    derived = derived_part(claim)
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
    assert derived_part(claim)["evidence"][0]["origin"] == new_top.ref


def test_a_recount_reaches_claims_whose_figure_comes_from_the_source():
    named, origin = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(figure_source=named)])
    published(claim, origin)
    press.publish([_now_copies(named, origin)], by=None, reason=Reason.IMPORT)
    assert derived_part(claim)["evidence"][0]["origin"] == origin.ref


def test_a_claim_published_with_its_moved_source_is_printed_once():
    first, second = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(first), some_evidence(second)])
    published(claim)
    claim = save_claim(draft_of(claim, note={"en": "see both"}), by=None, ref=claim.ref)
    press.publish([_now_copies(second, first), claim], by=None, reason=Reason.IMPORT)
    assert Edition.objects.count() == 2
    assert derived_part(claim)["origins"] == 1


def test_a_new_title_of_a_source_recounts_nothing():
    source = a_source()
    published(a_claim(evidence=[some_evidence(source)]))
    press.publish([a_source(source.slug, ref=source.ref, title="Another")], by=None, reason=Reason.IMPORT)
    assert Edition.objects.count() == 2


# Quotes ---------------------------------------------------------------------------------------------------


def test_capture_verifies_quotes_and_reprints_their_claims():
    _, source, text, quote = with_quote()
    claim = a_claim(evidence=[some_evidence(source, quote=quote)])
    published(claim)
    assert derived_part(claim)["evidence"][0]["quote"] == "not-held"
    captured = capture(text.encode(), source, by=None)
    assert (captured.new, captured.verified) == (False, 1)
    assert derived_part(claim)["evidence"][0]["quote"] == "verified"
    assert Edition.objects.get(number=2).reason == "source-changed"


def test_capture_of_a_newer_and_different_text_makes_quotes_stale():
    _, source, text, quote = with_quote()
    claim = a_claim(evidence=[some_evidence(source, quote=quote)])
    published(claim)
    capture(text.encode(), source, by=None)
    capture(b"The fee is 1 million euros, it now says.", source, by=None)
    assert derived_part(claim)["evidence"][0]["quote"] == "stale"
    assert json.loads(record_of(claim).body)["evidence"][0]["quote"]["snapshot"] == (
        quote.snapshot.text_sha256
    )


def test_capture_of_the_same_bytes_again_changes_nothing():
    _, source, text, quote = with_quote()
    published(a_claim(evidence=[some_evidence(source, quote=quote)]))
    capture(text.encode(), source, by=None)
    editions, version = Edition.objects.count(), Source.objects.get(pk=source.pk).version
    capture(text.encode(), source, by=None)
    assert Edition.objects.count() == editions
    assert Source.objects.get(pk=source.pk).version == version


def test_evidence_without_a_quote_says_so():
    claim = a_claim()
    published(claim)
    assert derived_part(claim)["evidence"][0]["quote"] == "none"
