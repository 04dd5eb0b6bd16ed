"""What stood in the ledger in one edition: the only thing that readers and partners are served."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from claims import press
from claims.actions.claims import save_claim
from claims.actions.merging import merge_entity
from claims.ledger import printing, read, upcast
from claims.ledger.models import Reason, Record
from kb.lib.text import sha256_text
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

pytestmark = pytest.mark.django_db


def test_before_the_first_edition_there_is_number_zero():
    assert read.latest() == read.AsOf(0, "", None, latest=True)


def test_what_is_served_is_byte_for_byte_what_was_hashed():
    claim = a_claim(note={"bn": "চুক্তি"})
    published(claim)
    thing = read.find("claim", claim.ref, read.latest())
    assert sha256_text(thing.text) == record_of(claim).body_sha256


def test_an_edition_is_read_as_it_was_for_ever():
    claim = a_claim()
    published(claim)
    then = read.as_of_edition(1)
    before = read.find("claim", claim.ref, then).text
    press.publish(
        [save_claim(draft_of(claim, value=euros("2")), by=None, ref=claim.ref)], by=None, reason=Reason.IMPORT
    )
    press.publish([], withdraw=[claim], by=None, reason=Reason.UPDATE)
    assert read.find("claim", claim.ref, then).text == before
    assert read.find("claim", claim.ref, read.as_of_edition(2)).body["value"]["amount"] == "2"
    assert read.find("claim", claim.ref, read.latest()).gone
    assert [row.ref for row in read.claims(then)] == [claim.ref]
    assert not read.claims(read.latest()).exists()
    assert read.find("claim", claim.ref, read.as_of_edition(0)) is None


def test_history_lists_every_version_newest_first_up_to_the_edition():
    entity = an_entity("ajax")
    published(entity)
    an_entity("ajax", ref=entity.ref, description={"en": "a club"})
    press.publish([entity], by=None, reason=Reason.IMPORT)
    assert [one.edition for one in read.history(entity.ref, read.latest())] == [2, 1]
    assert [one.edition for one in read.history(entity.ref, read.as_of_edition(1))] == [1]


def test_an_edition_that_has_not_come_is_refused():
    published(an_entity())
    assert read.as_of_edition(1) == read.latest()
    with pytest.raises(read.NoSuchEdition, match="no edition 2; the newest is 1"):
        read.as_of_edition(2)
    with pytest.raises(read.NoSuchEdition):
        read.as_of_edition(-1)


def test_known_at_takes_the_last_edition_of_the_day_in_utc():
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    published(an_entity(), at=midnight - timedelta(hours=5))
    published(an_entity(), at=midnight - timedelta(microseconds=1))
    published(an_entity(), at=midnight)
    today = date(2026, 3, 5)
    assert [read.as_of_day(date(2026, 3, day), today=today).number for day in (1, 2, 3, 5)] == [2, 3, 3, 3]
    assert read.as_of_day(date(2026, 2, 28), today=today).number == 0
    with pytest.raises(read.NoSuchEdition, match="has not come yet"):
        read.as_of_day(date(2026, 3, 6), today=today)


def test_the_last_day_of_the_calendar_is_a_day():
    published(an_entity())
    assert read.as_of_day(date.max, today=date.max).number == 1


def test_a_former_or_later_slug_leads_to_the_thing_that_had_it():
    entity = an_entity("ajax")
    published(entity)
    an_entity("afc-ajax", ref=entity.ref)
    press.publish([entity], by=None, reason=Reason.IMPORT)
    for key in ("ajax", "afc-ajax", entity.ref):
        assert read.find("entity", key, read.latest()).body["slug"] == "afc-ajax"
    # A later slug leads, in an earlier edition, to the thing as it was called then.
    assert read.find("entity", "afc-ajax", read.as_of_edition(1)).body["slug"] == "ajax"
    assert read.find("entity", "ajax", read.as_of_edition(0)) is None


def test_a_withdrawn_thing_is_found_under_its_slug_and_gone():
    entity = an_entity("ajax")
    published(entity)
    press.publish([], withdraw=[entity], by=None, reason=Reason.UPDATE)
    assert read.find("entity", "ajax", read.latest()).gone


def test_a_merged_thing_leads_on_from_the_edition_of_the_merge():
    double, heir, last = an_entity("ayax"), an_entity("ajax"), an_entity("afc-ajax")
    claim = a_claim(subject=double)
    published(claim, heir, last)
    merge_entity(double, into=heir, by=None, reason=Reason.IMPORT)
    merge_entity(heir, into=last, by=None, reason=Reason.IMPORT)
    slugs = [read.find("entity", double.ref, read.as_of_edition(number)).body["slug"] for number in (1, 2, 3)]
    assert slugs == ["ayax", "ajax", "afc-ajax"]
    assert read.find("entity", "ayax", read.latest()).ref == last.ref
    assert read.same_as([last.ref], read.latest()) == {double.ref, heir.ref, last.ref}
    assert read.same_as([last.ref], read.as_of_edition(1)) == {last.ref}
    assert record_of(claim).edition_from == 1


def test_a_ref_of_another_kind_is_not_found():
    source = a_source()
    published(source)
    assert read.find("entity", source.ref, read.latest()) is None
    assert read.find("entity", "nothing-like-it", read.latest()) is None


def test_listed_and_links_show_only_what_stands():
    claim = a_claim()
    published(claim)
    entity_row = read.listed("entity", read.latest()).get()
    assert (entity_row.ref, entity_row.slug) == (claim.subject.ref, claim.subject.slug)
    assert {one.role for one in read.links(read.latest())} == {"subject", "property", "source", "origin"}
    press.publish([], withdraw=[claim], by=None, reason=Reason.UPDATE)
    assert not read.links(read.latest()).exists()


def test_things_of_no_refs_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read.things([], read.AsOf(1, "", None, latest=True)) == {}


# Formats --------------------------------------------------------------------------------------------------


def test_an_old_body_is_lifted_on_reading_and_never_rewritten(monkeypatch):
    entity = an_entity("ajax")
    published(entity)
    stored = Record.objects.values().get()

    def split_the_slug(body):
        return body | {"words": body["slug"].split("-")}

    def count_the_words(body):
        return body | {"count": len(body["words"])}

    present = printing.FORMAT
    monkeypatch.setattr(upcast, "FORMAT", present + 2)
    steps = {("entity", present): split_the_slug, ("entity", present + 1): count_the_words}
    monkeypatch.setattr(upcast, "STEPS", steps)
    body = read.find("entity", "ajax", read.latest()).body
    assert (body["words"], body["count"]) == (["ajax"], 1)
    assert Record.objects.values().get() == stored


def test_a_body_of_the_present_format_is_not_lifted(monkeypatch):
    monkeypatch.setattr(upcast, "STEPS", {("entity", printing.FORMAT): lambda body: 1 / 0})
    assert upcast.upcast("entity", {"ref": "x"}, printing.FORMAT) == {"ref": "x"}


def test_a_kind_without_a_step_passes_through_a_new_format(monkeypatch):
    monkeypatch.setattr(upcast, "FORMAT", printing.FORMAT + 1)
    assert upcast.upcast("source", {"ref": "x"}, printing.FORMAT) == {"ref": "x"}


def test_a_claim_printed_before_there_were_grades_has_no_grounds():
    old = {
        "ref": "c1",
        "derived": {"sources": 1, "origins": 1, "voices": 1, "credibility": None, "evidence": []},
    }
    assert upcast.upcast("claim", old, 1)["derived"]["grounds"] is None
    assert upcast.upcast("claim", {"ref": "c1", "withdrawn": True}, 1) == {"ref": "c1", "withdrawn": True}


def test_a_body_of_a_newer_format_is_refused_not_guessed():
    with pytest.raises(ValueError, match=f"of format {printing.FORMAT + 1}"):
        upcast.upcast("entity", {}, printing.FORMAT + 1)


def test_a_recount_lifts_an_old_body_before_it_reprints_it(monkeypatch):
    """A reprint is of the present format, so its body must be too."""
    first, second = a_source(), a_source()
    claim = a_claim(evidence=[some_evidence(first), some_evidence(second)])
    published(claim)
    present = printing.FORMAT
    for module in (upcast, printing):
        monkeypatch.setattr(module, "FORMAT", present + 1)
    monkeypatch.setattr(upcast, "STEPS", {("claim", present): lambda body: body | {"lifted": True}})
    press.publish([a_source(second.slug, ref=second.ref, derived_from=first)], by=None, reason=Reason.IMPORT)
    record = record_of(claim)
    assert (record.edition_from, record.format) == (3, present + 1)
    assert '"lifted":true' in record.body
