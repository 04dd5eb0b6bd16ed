"""Suspected disputes: what publishing brings up, what is remembered, what closes one, and how many queries it takes."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions import candidates, suspecting
from claims.actions.claims import ValueDraft, save_claim
from claims.actions.disputes import DisputeDraft, save_dispute
from claims.actions.merging import merge_entity
from claims.actions.publishing import publish_seen
from claims.actions.suspecting import dismiss, recheck, set_life_bound, suspect
from claims.ledger.models import Edition, Reason
from claims.models import Claim, LifeBound, Property, Suspicion
from claims.permissions import NotAllowed
from companies.models import Entity
from kb.models import Root, State
from tests import building as build
from tests.roles import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def club(db: None) -> Entity:
    return build.an_entity("ajax")


@pytest.fixture
def fee(db: None) -> Property:
    return build.a_property("fee")


def printed(*roots: Root) -> Edition:
    """An edition of the roots and of all that they rest on, looked at like any other."""
    edition = build.published(*roots)
    suspect(edition)
    return edition


def a_pair(club: Entity, fee: Property) -> tuple[Claim, Claim]:
    one = build.a_claim(subject=club, property=fee, value=build.euros("5000000"))
    other = build.a_claim(subject=club, property=fee, value=build.euros("7000000"))
    return one, other


def found() -> list[tuple[str, set[str], str]]:
    rows = Suspicion.objects.order_by("pk").prefetch_related("members__claim")
    return [(one.relation, {each.claim.ref for each in one.members.all()}, one.outcome) for one in rows]


# Finding ------------------------------------------------------------------------------------------------------


def test_publishing_a_contradiction_brings_it_up(club: Entity, fee: Property) -> None:
    one, other = a_pair(club, fee)
    printed(one)
    assert found() == []
    printed(other)
    assert found() == [("contradictory", {one.ref, other.ref}, "open")]
    suspicion = Suspicion.objects.get()
    assert suspicion.rule == "apart"
    assert suspicion.reason["unit"] == "EUR"


def test_both_in_one_edition_are_found_once(club: Entity, fee: Property) -> None:
    printed(*a_pair(club, fee))
    assert len(found()) == 1


def test_the_editors_way_of_publishing_looks_at_it(
    club: Entity, fee: Property, editor: User, settings: Any
) -> None:
    settings.ONE_PERSON_MODE = True
    one, other = a_pair(club, fee)
    build.published(one)
    build.published(*[root for root in build.resting_on(other) if root.ref != other.ref])
    publish_seen({other.ref: other.version}, by=editor, reason=Reason.NEW, note={})
    assert found() == [("contradictory", {one.ref, other.ref}, "open")]


@pytest.mark.parametrize(
    "second",
    [
        {"value": build.euros("5200000")},  # rounding
        {"value": build.euros("5000000", comparator="ge")},
        {"value": ValueDraft(kind="unknown")},
        {"value": build.euros("7000000", unit="USD")},
        {"value": build.euros("7000000"), "point_in_time": "2020"},
        {"value": build.euros("7000000"), "rank": "deprecated", "rank_reason": {"en": "A misprint."}},
    ],
    ids=["rounding", "bound", "unknown", "another unit", "another time", "deprecated"],
)
def test_what_does_not_contradict_is_not_brought_up(
    club: Entity, fee: Property, second: dict[str, Any]
) -> None:
    one = build.a_claim(subject=club, property=fee, value=build.euros("5000000"), point_in_time="2023")
    printed(one, build.a_claim(subject=club, property=fee, **second))
    assert found() == []
    assert recheck().found == 0


@pytest.mark.parametrize("functional", [True, False])
def test_two_entities_or_days_contradict_where_there_is_one_true_value(
    club: Entity, functional: bool
) -> None:
    owner = build.a_property("owner", data_type="entity", functional=functional)
    day = build.a_property("founded", data_type="time", functional=functional)
    claims = [
        build.a_claim(subject=club, property=owner, value=ValueDraft(entity=build.an_entity()))
        for _ in range(2)
    ]
    claims += [
        build.a_claim(subject=club, property=day, value=ValueDraft(time=text)) for text in ("1900", "1901-03")
    ]
    printed(*claims)
    assert len(found()) == (2 if functional else 0)


def test_none_denies_any_value(club: Entity, fee: Property) -> None:
    one = build.a_claim(subject=club, property=fee, value=build.euros("5000000"))
    none = build.a_claim(subject=club, property=fee, value=ValueDraft(kind="none"))
    printed(one)
    printed(none)
    assert found() == [("contradictory", {one.ref, none.ref}, "open")]


def test_a_misreport_is_no_answer_and_stands_against_nothing(club: Entity, fee: Property) -> None:
    right, third = a_pair(club, fee)
    printed(right, third)
    slip = build.a_claim(
        subject=club, property=fee, value=build.euros("50000"), links=[("misreports", right)]
    )
    printed(slip)
    fourth = build.a_claim(subject=club, property=fee, value=build.euros("9000000"))
    printed(fourth)
    assert not [refs for _relation, refs, _outcome in found() if slip.ref in refs]
    assert len(found()) == 3  # each of the other pairs
    assert recheck().found == 0


def test_misreports_do_not_crowd_out_what_contradicts(
    club: Entity, fee: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST", 1)
    elsewhere = build.a_claim(property=fee)
    slip = build.a_claim(subject=club, property=fee, links=[("misreports", elsewhere)])
    one, other = a_pair(club, fee)
    for claim in (slip, one, other):
        printed(claim)
    assert found() == [("contradictory", {one.ref, other.ref}, "open")]


def test_a_suspicion_lapses_when_one_of_its_claims_is_linked_as_a_misreport(
    club: Entity, fee: Property
) -> None:
    right, third = a_pair(club, fee)
    slip = build.a_claim(subject=club, property=fee, value=build.euros("50000"))
    printed(right, third, slip)
    assert len(found()) == 3
    save_claim(build.draft_of(slip, links=[("misreports", right)]), by=None, ref=slip.ref)
    printed(Claim.objects.get(ref=slip.ref))
    waiting = [refs for _relation, refs, outcome in found() if outcome == "open"]
    assert waiting == [{right.ref, third.ref}]
    assert {outcome for _relation, refs, outcome in found() if slip.ref in refs} == {"lapsed"}


def test_two_questions_are_brought_up_only_far_apart_and_where_scope_is_free(club: Entity) -> None:
    tax = build.a_dimension("tax")
    before, after = tax.terms.all()
    free, asked = build.a_property("fee"), build.a_property("wage", required_scope=[tax])
    claims = {
        (prop.slug, amount): build.a_claim(
            subject=club, property=prop, value=build.euros(amount), scope=[before if amount == "1000" else after]
        )
        for prop in (free, asked)
        for amount in ("1000", "9000", "11000")
    }  # fmt: skip
    build.published(*claims.values())
    suspect(Edition.objects.get(number=1))
    far = {claims["fee", "1000"].ref, claims["fee", "11000"].ref}
    assert [each for each in found() if each[0] == "other-question"] == [("other-question", far, "open")]


def test_a_part_larger_than_its_whole(club: Entity, fee: Property) -> None:
    whole = build.a_claim(subject=club, property=fee, value=build.euros("5000000"))
    printed(whole)
    small = build.a_claim(
        subject=club, property=fee, value=build.euros("3000000"), links=[("part-of", whole)]
    )
    printed(small)
    assert found() == []
    large = build.a_claim(
        subject=build.an_entity(), property=fee, value=build.euros("9000000"), links=[("part-of", whole)]
    )
    printed(large)
    assert found() == [("part-too-large", {whole.ref, large.ref}, "open")]


def test_a_sum_that_does_not_add_up_is_found_from_either_end(club: Entity, fee: Property) -> None:
    whole = build.a_claim(subject=club, property=fee, value=build.euros("50000"))
    others = [build.an_entity() for _ in range(2)]
    parts = [
        build.a_claim(subject=one, property=fee, value=build.euros("30000"), links=[("part-of", whole)])
        for one in others
    ]
    printed(whole, *parts)
    assert found() == [("wrong-sum", {whole.ref, *(one.ref for one in parts)}, "open")]
    save_claim(build.draft_of(whole, value=build.euros("60000")), by=None, ref=whole.ref)
    printed(Claim.objects.get(ref=whole.ref))
    assert [outcome for *_, outcome in found()] == ["lapsed"]


def test_a_day_outside_a_life(club: Entity, fee: Property, editor: User) -> None:
    founded = build.a_property("founded", data_type="time", functional=True)
    born = build.a_claim(subject=club, property=founded, value=ValueDraft(time="1900"))
    early = build.a_claim(subject=club, property=fee, point_in_time="1890")
    printed(born, early)
    assert found() == []  # nothing says that this day begins anything
    set_life_bound(founded, "begins", by=editor)
    assert recheck().found == 1
    assert found() == [("outside-life", {born.ref, early.ref}, "open")]
    later = build.a_claim(subject=club, property=fee, value=build.euros("2"), point_in_time="1899-12")
    printed(later)
    assert ("outside-life", {born.ref, later.ref}, "open") in found()


def test_only_a_day_begins_or_ends_a_life_and_only_editors_say_so(fee: Property, editor: User) -> None:
    with pytest.raises(ValidationError, match="time"):
        set_life_bound(fee, "begins", by=editor)
    day = build.a_property("founded", data_type="time")
    with pytest.raises(NotAllowed):
        set_life_bound(day, "begins", by=member("contributor", "writer"))
    assert not LifeBound.objects.exists()


def test_claims_of_merged_entries_stand_against_each_other(
    club: Entity, fee: Property, editor: User, settings: Any
) -> None:
    settings.ONE_PERSON_MODE = True
    twin = build.an_entity("afc-ajax")
    one = build.a_claim(subject=club, property=fee, value=build.euros("5000000"))
    other = build.a_claim(subject=twin, property=fee, value=build.euros("7000000"))
    printed(one, other)
    assert found() == []
    for entity in (club, twin):
        entity.refresh_from_db()
    merge_entity(twin, into=club, by=editor)
    expected = [("contradictory", {one.ref, other.ref}, "open")]
    assert found() == expected
    third = build.a_claim(subject=club, property=fee, value=build.euros("9000000"))
    printed(third)
    assert len(found()) == 3
    Suspicion.objects.all().delete()
    assert recheck().found == 3


# Remembering --------------------------------------------------------------------------------------------------


def test_what_was_dismissed_is_not_proposed_again_unless_a_value_changes(
    club: Entity, fee: Property, editor: User
) -> None:
    one, other = a_pair(club, fee)
    printed(one, other)
    dismiss(Suspicion.objects.get(), by=editor, why="Two transfers.")
    recheck()
    save_claim(build.draft_of(other, note={"en": "Says the club."}), by=None, ref=other.ref)
    printed(Claim.objects.get(ref=other.ref))
    assert [outcome for *_, outcome in found()] == ["dismissed"]
    save_claim(build.draft_of(other, value=build.euros("8000000")), by=None, ref=other.ref)
    printed(Claim.objects.get(ref=other.ref))
    suspicion = Suspicion.objects.get()
    assert (suspicion.outcome, suspicion.why, suspicion.closed_by) == ("open", "", None)


def test_dismissing_takes_an_editor_and_a_reason_and_happens_once(
    club: Entity, fee: Property, editor: User
) -> None:
    printed(*a_pair(club, fee))
    suspicion = Suspicion.objects.get()
    with pytest.raises(NotAllowed):
        dismiss(suspicion, by=member("contributor", "writer"), why="No.")
    with pytest.raises(ValidationError, match="why"):
        dismiss(suspicion, by=editor, why="  ")
    assert Suspicion.objects.get().outcome == "open"
    dismiss(suspicion, by=editor, why="Two transfers.")
    with pytest.raises(ValidationError, match="closed already"):
        dismiss(suspicion, by=editor, why="Once more.")
    standing = Suspicion.objects.get()
    assert (standing.outcome, standing.closed_by, standing.why) == ("dismissed", editor, "Two transfers.")
    assert standing.closed_at is not None


def test_a_correction_lapses_it_and_a_mistake_brings_it_back(club: Entity, fee: Property) -> None:
    one, other = a_pair(club, fee)
    printed(one, other)
    for amount, outcome in (("5000000", "lapsed"), ("7000000", "open")):
        save_claim(build.draft_of(other, value=build.euros(amount)), by=None, ref=other.ref)
        printed(Claim.objects.get(ref=other.ref))
        assert [each for *_, each in found()] == [outcome]


def test_a_dispute_closes_it(club: Entity, fee: Property, editor: User) -> None:
    one, other = a_pair(club, fee)
    printed(one, other)
    draft = DisputeDraft(slug="which", question={"en": "Which?"}, verdict="contested", members=[(one, {})])
    dispute = save_dispute(draft, by=editor)
    assert Suspicion.objects.get().outcome == "open"
    whole = DisputeDraft(
        slug="which", question={"en": "Which?"}, verdict="contested", members=[(one, {}), (other, {})]
    )
    save_dispute(whole, by=editor, ref=dispute.ref, expect=dispute.version)
    suspicion = Suspicion.objects.get()
    assert (suspicion.outcome, suspicion.closed_by, suspicion.dispute) == ("opened", editor, dispute)
    assert recheck().found == 0


@pytest.mark.parametrize("why", ["a\0b", "a \u202e b", "x" * 100_000])
def test_a_hostile_reason_is_refused_with_words(club: Entity, fee: Property, editor: User, why: str) -> None:
    one, other = a_pair(club, fee)
    printed(one, other)
    with pytest.raises(ValidationError) as refused:
        dismiss(Suspicion.objects.get(), by=editor, why=why)
    assert all(refused.value.messages)
    assert Suspicion.objects.get().outcome == "open"


def test_it_is_back_when_its_dispute_is_put_aside(club: Entity, fee: Property, editor: User) -> None:
    one, other = a_pair(club, fee)
    printed(one, other)
    draft = DisputeDraft(
        slug="which", question={"en": "Which?"}, verdict="contested", members=[(one, {}), (other, {})]
    )
    dispute = save_dispute(draft, by=editor)
    type(dispute).objects.filter(pk=dispute.pk).update(state=State.DISCARDED)
    assert recheck().found == 1
    assert (Suspicion.objects.get().outcome, Suspicion.objects.get().dispute) == ("open", None)


@pytest.mark.parametrize("state", [State.DRAFT, State.DISCARDED])
def test_members_of_one_dispute_are_not_suspected_unless_it_was_put_aside(
    club: Entity, fee: Property, state: State
) -> None:
    one, other = a_pair(club, fee)
    dispute = build.a_dispute(one, other)
    type(dispute).objects.filter(pk=dispute.pk).update(state=state)
    printed(one, other)
    assert len(found()) == (0 if state == State.DRAFT else 1)


def test_what_readers_no_longer_see_does_not_wait(club: Entity, fee: Property) -> None:
    one, other = a_pair(club, fee)
    printed(one, other)
    assert Suspicion.objects.waiting().count() == 1
    Claim.objects.filter(pk=one.pk).update(printed_version=0)  # as the press marks what it withdraws
    assert Suspicion.objects.waiting().count() == 0


# All of it ----------------------------------------------------------------------------------------------------


def test_the_full_check_finds_what_publishing_finds(
    club: Entity, fee: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [build.a_claim(subject=club, property=fee, value=build.euros(str(n))) for n in (1, 3, 9, 27, 81)]
    claims += [build.a_claim(property=fee) for _ in range(4)]
    printed(*claims)
    expected = {frozenset(refs) for _relation, refs, _outcome in found()}
    assert len(expected) == 10
    for page, group in ((1000, 200), (3, 200), (2, 1)):  # in memory, over several pages, by the index alone
        monkeypatch.setattr(suspecting, "PAGE", page)
        monkeypatch.setattr(suspecting, "LARGEST_GROUP", group)
        Suspicion.objects.all().delete()
        count = recheck()
        assert (count.claims, count.found) == (9, 10), (page, group)
        assert {frozenset(refs) for _relation, refs, _outcome in found()} == expected


def test_one_claim_brings_in_a_bounded_number(
    club: Entity, fee: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspecting, "MOST_EACH", 3)
    build.published(
        *[build.a_claim(subject=club, property=fee, value=build.euros(str(10**n))) for n in range(6)]
    )
    printed(build.a_claim(subject=club, property=fee, value=build.euros("55555555555")))
    assert [outcome for *_, outcome in found()] == ["open"] * 3
    recheck()
    assert {outcome for *_, outcome in found()} == {"open"}  # what stands is not crowded out
    number = len(found())
    assert recheck().lapsed == 0
    assert len(found()) >= number


def test_publishing_one_claim_asks_the_same_however_many_there_are(club: Entity, fee: Property) -> None:
    counts = []
    for number in (3, 40):
        build.published(
            *[build.a_claim(subject=club, property=fee, value=build.euros("5000000")) for _ in range(number)]
        )
        one = build.a_claim(subject=club, property=fee, value=build.euros("7000000"))
        edition = build.published(one)
        with CaptureQueriesContext(connection) as queries:
            suspect(edition)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 30
