"""The grade of a claim: a rule that readers can check, and when it is derived anew."""

from __future__ import annotations

from typing import Any

import pytest

from claims import grading, press
from claims.actions.claims import EvidenceDraft
from claims.actions.withdrawals import foresee, withdraw
from claims.grading import RULES, Origin, Standing, grade
from claims.ledger.models import Edition, Reason, Record
from claims.models import Claim, Publisher, Source
from claims.wording import CREDIBILITY, GROUNDS
from tests.building import (
    a_claim,
    a_dispute,
    a_publisher,
    a_source,
    an_entity,
    euros,
    published,
    some_evidence,
)
from tests.claims.printed import derived_part

A, B, E, NONE = Origin("A", False), Origin("B", False), Origin("E", False), Origin(None, False)
FILING = Origin("A", True)

# For each rule a standing that it, and no rule before it, decides.
CASES = {
    "no-support": (Standing([], 0), 6),
    "misreport": (Standing([A, B], 2, is_misreport=True), 5),
    "outnumbered": (Standing([A], 1, refuting=2), 5),
    "refuted": (Standing([A, B], 2, refuting=1), 4),
    "ungraded": (Standing([NONE, Origin("F", True)], 2), 6),
    "contested": (Standing([A, B], 1, is_contested=True), 4),
    "contested-voices": (Standing([A, B], 2, is_contested=True), 3),
    "unreliable": (Standing([E, E], 1), 4),
    "unreliable-voices": (Standing([E, E], 2), 3),
    "confirmed": (Standing([A, B], 2), 1),
    "corroborated": (Standing([A, E], 2), 2),
    "first-hand": (Standing([FILING, B], 1), 2),
    "one-voice": (Standing([B], 1), 3),
}


def test_every_rule_has_a_case_and_words():
    names = [rule.name for rule in RULES]
    assert names == list(CASES) == list(GROUNDS)
    assert {rule.credibility for rule in RULES} == set(CREDIBILITY)


@pytest.mark.parametrize("name", CASES)
def test_each_rule_decides_its_case(name):
    standing, credibility = CASES[name]
    given = grade(standing)
    assert (given.rule, given.credibility) == (name, credibility)


@pytest.mark.parametrize("name", [name for name in CASES if name != "one-voice"])
def test_without_a_rule_its_case_is_graded_otherwise(name, monkeypatch):
    monkeypatch.setattr(grading, "RULES", [rule for rule in RULES if rule.name != name])
    assert grade(CASES[name][0]).rule != name


def test_one_voice_is_never_confirmed_however_many_carry_it():
    for origins in ([A] * 12, [FILING] * 12, [A, B, E, NONE]):
        assert grade(Standing(origins, 1)).credibility > 1


def test_two_articles_of_one_paper_do_not_confirm_one_another():
    paper = Origin("A", False, "the-paper")
    assert grade(Standing([paper, paper], 2)).rule == "corroborated"
    assert grade(Standing([paper, Origin("C", False, "another")], 2)).rule == "confirmed"


def _from(*grades: str, **changes: Any) -> list[EvidenceDraft]:
    """Evidence from one source of a publisher of each grade."""
    return [
        some_evidence(
            a_source(publisher=a_publisher(reliability=one, graded_on="2026" if one else ""), **changes)
        )
        for one in grades
    ]


def _credibility(claim: Claim) -> int:
    return int(derived_part(claim)["credibility"])


def _regraded(publisher: Publisher, reliability: str) -> Edition:
    again = a_publisher(publisher.slug, ref=publisher.ref, reliability=reliability, graded_on="2026")
    return press.publish([again], by=None, reason=Reason.IMPORT)


@pytest.mark.django_db
def test_the_press_prints_the_grade_and_its_grounds():
    alone, confirmed = a_claim(evidence=_from("B")), a_claim(evidence=_from("B", "C"))
    relayed = a_claim(evidence=_from("A", "A"), asserted_by=an_entity())
    published(alone, confirmed, relayed)
    assert derived_part(alone)["grounds"] == {"rule": "one-voice", "reliability": "B", "refuting": 0}
    assert [_credibility(one) for one in (alone, confirmed, relayed)] == [3, 1, 3]


@pytest.mark.django_db
def test_the_publisher_of_the_origin_counts_not_that_of_the_copy():
    origin = a_source(publisher=a_publisher(reliability="E", graded_on="2026"))
    copy = a_source(publisher=a_publisher(reliability="A", graded_on="2026"), derived_from=origin)
    claim = a_claim(evidence=[some_evidence(copy)])
    published(claim)
    assert derived_part(claim)["grounds"]["rule"] == "unreliable"


@pytest.mark.django_db
def test_a_new_grade_of_a_publisher_is_passed_on_to_its_claims_and_to_those_of_its_copies():
    publisher = a_publisher(reliability="B", graded_on="2026")
    origin = a_source(publisher=publisher)
    direct = a_claim(evidence=[some_evidence(origin)])
    copied = a_claim(evidence=[some_evidence(a_source(derived_from=origin))])
    untouched = a_claim(evidence=_from("B"))
    published(direct, copied, untouched)
    edition = _regraded(publisher, "D")
    recount = Edition.objects.get(number=edition.number + 1)
    assert recount.reason == "source-changed"
    printed = Record.objects.filter(edition_from=recount.number).values_list("ref", flat=True)
    assert set(printed) == {direct.ref, copied.ref}
    assert [_credibility(one) for one in (direct, copied, untouched)] == [4, 4, 3]


@pytest.mark.django_db
def test_a_source_that_turns_out_to_be_first_hand_is_counted_so():
    publisher = a_publisher(reliability="A", graded_on="2026")
    source = a_source(publisher=publisher)
    claim = a_claim(evidence=[some_evidence(source)])
    published(claim)
    again = a_source(source.slug, ref=source.ref, publisher=publisher, source_type="primary")
    press.publish([again], by=None, reason=Reason.IMPORT)
    assert derived_part(claim)["grounds"]["rule"] == "first-hand"


@pytest.mark.django_db
def test_a_dispute_weighs_while_it_is_contested():
    one, two = (a_claim(evidence=_from("B"), value=euros(amount)) for amount in ("5", "9"))
    published(one, two)
    dispute = a_dispute(one, two)
    published(dispute)
    assert [_credibility(claim) for claim in (one, two)] == [4, 4]
    withdraw([dispute], by=None, note={"en": "Both were asked again."})
    assert [_credibility(claim) for claim in (one, two)] == [3, 3]


@pytest.mark.django_db
def test_a_dispute_printed_with_its_claims_weighs_at_once():
    one, two = (a_claim(evidence=_from("B"), value=euros(amount)) for amount in ("5", "9"))
    published(a_dispute(one, two), one, two)
    assert [_credibility(claim) for claim in (one, two)] == [4, 4]
    assert Edition.objects.count() == 1


@pytest.mark.django_db
def test_what_refutes_and_what_misreports():
    against = [some_evidence(one.source, stance="refutes") for one in _from("A")]
    refuted = a_claim(evidence=[*_from("B"), *against])
    right = a_claim(evidence=_from("B"))
    wrong = a_claim(evidence=_from("B"), links=[("misreports", right)])
    published(refuted, right, wrong)
    assert [_credibility(claim) for claim in (refuted, right, wrong)] == [4, 3, 5]


@pytest.mark.django_db
def test_a_withdrawal_says_beforehand_what_it_would_do_and_does_it():
    going = a_source(publisher=a_publisher(reliability="A", graded_on="2026"))
    stays = a_claim(evidence=[some_evidence(going), *_from("B")])
    lost = a_claim(evidence=[some_evidence(going)])
    dispute = a_dispute(stays, a_claim(), verdict="settled", reason={"en": "The first was measured."})
    published(stays, lost, dispute, *(member.claim for member in dispute.members.all()))
    foreseen = foresee([Source.objects.get(ref=going.ref)])
    assert [claim.ref for claim in foreseen.lost] == [lost.ref]
    assert [
        (one.claim.ref, one.before["credibility"], one.after["credibility"]) for one in foreseen.recounted
    ] == [(stays.ref, 1, 3)]
    assert [one.ref for one in foreseen.reopened] == [dispute.ref]
    assert _credibility(stays) == 1

    withdraw([going], by=None, note={"en": "It was made up."})
    assert derived_part(stays) == foreseen.recounted[0].after
    assert Record.objects.filter(ref=lost.ref).latest("edition_from").op == "withdrawn"


@pytest.mark.django_db
def test_withdrawing_a_dispute_says_whose_grade_it_gives_back():
    one, two = (a_claim(evidence=_from("B"), value=euros(amount)) for amount in ("5", "9"))
    dispute = a_dispute(one, two)
    published(dispute, one, two)
    foreseen = foresee([dispute])
    assert {
        (each.claim.ref, each.before["credibility"], each.after["credibility"]) for each in foreseen.recounted
    } == {
        (one.ref, 4, 3),
        (two.ref, 4, 3),
    }
    assert foreseen.lost == []
