"""Parts and wholes, sums, times outside a life: each rule by example and by what is just not a fault."""

from __future__ import annotations

import pytest

from claims.disputes.facts import Fact
from claims.disputes.groups import GROUP_RULES, faults
from tests.claims.disputes.facts import a_fact

PART = [("part-of", "c9")]


def part(ref: str, amount: str = "", **given: object) -> Fact:
    return a_fact(ref, amount, links=PART, scope={"kind": ref}, **given)


WHOLE = a_fact("c9", "50000")
BORN = a_fact("c7", time="2015", property="founded", bound="begins")
GONE = a_fact("c8", time="2020", property="dissolved", bound="ends")

# rule → what it finds something in
FAULTY: dict[str, list[list[Fact]]] = {
    "part_too_large": [
        [WHOLE, part("c1", "60000")],
        [a_fact("c9", "50000", comparator="approx"), part("c1", "55000", comparator="gt"), part("c2", kind="unknown")],
    ],
    "sum_too_large": [
        [WHOLE, part("c1", "30000"), part("c2", "30000")],
        [WHOLE, part("c1", "30000"), part("c2", "20000", comparator="gt"), part("c3", "1")],
    ],
    "sum_too_small": [[WHOLE, part("c1", "10000"), part("c2", "10000")]],
    "outside_life": [
        [BORN, a_fact("c1", "5", at="2013")],
        [GONE, a_fact("c1", "5", since="2021")],
        [BORN, a_fact("c1", time="2014-05")],
        [BORN, a_fact("c8", time="2014", property="dissolved", bound="ends")],
    ],
}  # fmt: skip
SOUND = {
    "the rest is not known": [
        a_fact("c9", "50000", comparator="approx"), part("c1", "10000"), part("c2", "10000"),
        part("c3", kind="unknown"),
    ],
    "one part may be more": [WHOLE, part("c1", "10000"), part("c2", "10000", comparator="gt")],
    "one part alone says nothing of the rest": [WHOLE, part("c1", "10000")],
    "they add up": [WHOLE, part("c1", "30000"), part("c2", "20000")],
    "within what about allows": [
        a_fact("c9", "50000", comparator="approx"), part("c1", "30000"), part("c2", "24000"),
    ],
    "two versions of one part": [
        WHOLE, part("c1", "30000"), part("c2", "20000"), a_fact("c3", "29000", links=PART, scope={"kind": "c1"}),
    ],
    "a deprecated part": [WHOLE, part("c1", "60000", rank="deprecated")],
    "a misreported part": [WHOLE, a_fact("c1", "60000", links=[*PART, ("misreports", "c2")])],
    "another unit": [WHOLE, part("c1", "60000", unit="USD")],
    "another time": [a_fact("c9", "50000", at="2020"), part("c1", "60000", at="2024")],
    "born in that year": [BORN, a_fact("c1", "5", at="2015-03")],
    "born about then": [
        a_fact("c7", time="2015~", property="founded", bound="begins"), a_fact("c1", "5", at="2014-11"),
    ],
    "one account of the birth is earlier": [
        BORN, a_fact("c6", time="2013", property="founded", bound="begins"), a_fact("c1", "5", at="2014"),
    ],
    "somebody else's life": [BORN, a_fact("c1", "5", at="2013", subject="boca")],
    "no bound": [a_fact("c7", time="2015", property="founded"), a_fact("c1", "5", at="2013")],
}  # fmt: skip


def test_every_rule_has_examples_and_says_what_it_does() -> None:
    assert set(FAULTY) == {rule.__name__ for rule in GROUP_RULES}
    assert all(rule.__doc__ for rule in GROUP_RULES)


@pytest.mark.parametrize(
    ("rule", "number"), [(rule, n) for rule, some in FAULTY.items() for n in range(len(some))]
)
def test_a_fault_is_found_by_its_rule_and_by_no_other(rule: str, number: int) -> None:
    facts = FAULTY[rule][number]
    assert [found.rule for found in faults(facts)] == [rule]
    assert faults(facts, [one for one in GROUP_RULES if one.__name__ != rule]) == []


@pytest.mark.parametrize("name", SOUND)
def test_what_is_sound_is_left_alone(name: str) -> None:
    assert faults(SOUND[name]) == []


def test_a_fault_names_its_claims_and_figures() -> None:
    found = faults([WHOLE, part("c1", "30000"), part("c2", "30000")])[0]
    assert found.claims == ("c9", "c1", "c2")
    assert found.told == {"unit": "EUR", "sum": "60000", "whole": "50000"}
    before = faults([BORN, a_fact("c1", "5", at="2013")])[0]
    assert before.told == {"side": "before", "day": "2013-12-31", "bound": "2015-01-01"}
