"""Two claims against each other: each rule by example, and what becomes of its examples without it."""

from __future__ import annotations

from typing import Any

import pytest

from claims.disputes.facts import Fact
from claims.disputes.rules import IN_A_DISPUTE, RULES, Relation, relate
from tests.claims.disputes.facts import a_fact

R = Relation


def pair(one: dict[str, Any], other: dict[str, Any], **both: Any) -> tuple[Fact, Fact]:
    return a_fact("c1", **(both | one)), a_fact("c2", **(both | other))


def amounts(one: str, other: str, **both: Any) -> tuple[Fact, Fact]:
    return a_fact("c1", one, **both), a_fact("c2", other, **both)


def about(
    one: dict[str, Any], other: dict[str, Any], amount: str = "5", second: str = "9"
) -> tuple[Fact, Fact]:
    return a_fact("c1", amount, **one), a_fact("c2", second, **other)


DAYS: dict[str, Any] = {"functional": True, "event": True, "property": "founded"}
MOVED: dict[str, Any] = {"event": True, "property": "left", "entity": "boca"}

# rule → the examples that it decides: two facts and the relation it gives.
EXAMPLES: dict[str, list[tuple[tuple[Fact, Fact], Relation]]] = {
    "linked": [
        (about({"links": [("supersedes", "c2")]}, {}), R.SUPERSEDED),
        (about({}, {"links": [("supersedes", "c1")]}), R.SUPERSEDED),
        (about({"links": [("misreports", "c2")]}, {}), R.COPY_ERROR),
        (about({"links": [("narrows", "c2")]}, {}), R.REFINED),
        (about({"links": [("part-of", "c2")]}, {}), R.PART),
    ],
    "misreport": [
        (about({"links": [("misreports", "c3")]}, {}), R.NOT_COMPARABLE),
        (about({"links": [("misreports", "c3")]}, {"scope": {"tax": "after"}}), R.NOT_COMPARABLE),
        (about({"links": [("misreports", "c3")]}, {"links": [("misreports", "c3")]}), R.NOT_COMPARABLE),
    ],
    "another_question": [
        (about({"scope": {"tax": "before"}}, {"scope": {"tax": "after"}}), R.OTHER_QUESTION),
        (about({}, {"subject": "boca"}), R.OTHER_QUESTION),
        (about({}, {"property": "wage"}), R.OTHER_QUESTION),
        (pair({"time": "2023", "scope": {"of": "club"}}, {"time": "2024", "scope": {"of": "fund"}}, **DAYS),
         R.OTHER_QUESTION),
    ],
    "one_event": [
        (pair({"at": "2023"}, {"at": "2023-05"}, **MOVED), R.REFINED),
        (pair({"at": "2023"}, {"at": "2023"}, **MOVED), R.EQUAL),
        (pair({"at": "2023-05"}, {"at": "2023-07-17"}, functional=True, **MOVED), R.CONTRADICTORY),
        (pair({"at": "2023-05~"}, {"at": "2023-06"}, functional=True, **MOVED), R.COMPATIBLE),
    ],
    "another_time": [
        (about({"at": "2022"}, {"at": "2023"}), R.OTHER_TIME),
        (about({"since": "2020", "until": "2021"}, {"since": "2022"}), R.OTHER_TIME),
        (pair({"at": "2023-05"}, {"at": "2023-07-17"}, **MOVED), R.OTHER_TIME),
    ],
    "nothing_stated": [
        ((a_fact("c1", "5"), a_fact("c2", kind="none")), R.CONTRADICTORY),
        ((a_fact("c1", "5"), a_fact("c2", kind="unknown")), R.NOT_COMPARABLE),
        ((a_fact("c1", "5"), a_fact("c2", kind="undisclosed")), R.NOT_COMPARABLE),
        ((a_fact("c1", kind="none"), a_fact("c2", kind="none")), R.EQUAL),
    ],
    "other_unit": [
        ((a_fact("c1", "5", unit="EUR"), a_fact("c2", "9", unit="USD")), R.NOT_COMPARABLE),
        ((a_fact("c1", "5", unit="mo"), a_fact("c2", "9", unit="d")), R.NOT_COMPARABLE),
    ],
    "same_value": [
        (amounts("5000000", "5000000"), R.EQUAL),
        ((a_fact("c1", "2", unit="t"), a_fact("c2", "2000", unit="kg")), R.EQUAL),
        (pair({"entity": "boca"}, {"entity": "boca"}, functional=True), R.EQUAL),
        (pair({"time": "2023-05"}, {"time": "2023-05"}, **DAYS), R.EQUAL),
    ],
    "one_inside": [
        ((a_fact("c1", "5576000"), a_fact("c2", "6000000", comparator="approx")), R.REFINED),
        ((a_fact("c1", "944"), a_fact("c2", "500", comparator="gt")), R.REFINED),
        ((a_fact("c1", "4", comparator="range", upper="9"), a_fact("c2", "7")), R.REFINED),
        (pair({"time": "2023"}, {"time": "2023-05"}, **DAYS), R.REFINED),
        (pair({"time": "2023-05-06"}, {"time": "2023-05"}, **DAYS), R.REFINED),
    ],
    "rounding": [
        (amounts("5000000", "5200000"), R.EQUAL),
        ((a_fact("c1", "500"), a_fact("c2", "500", comparator="gt")), R.COMPATIBLE),
    ],
    "overlap": [
        ((a_fact("c1", "4", comparator="range", upper="9"), a_fact("c2", "7", comparator="gt")), R.COMPATIBLE),
        ((a_fact("c1", "50", comparator="approx"), a_fact("c2", "45", comparator="approx")), R.COMPATIBLE),
        (pair({"time": "2023-05/2023-07"}, {"time": "2023-07/2023-09"}, **DAYS), R.COMPATIBLE),
        (pair({"time": "2023-05~"}, {"time": "2023-06-02"}, **DAYS), R.COMPATIBLE),
    ],
    "several": [
        (pair({"entity": "boca"}, {"entity": "porto"}), R.COMPATIBLE),
        (pair({"time": "2023"}, {"time": "2024"}), R.COMPATIBLE),
    ],
    "apart": [
        (amounts("5000000", "7000000"), R.CONTRADICTORY),
        (amounts("10000", "12000"), R.CONTRADICTORY),
        ((a_fact("c1", "500", comparator="le"), a_fact("c2", "500", comparator="gt")), R.CONTRADICTORY),
        (amounts("589000000000", "593000000000", comparator="approx", at="2025-01-27"), R.CONTRADICTORY),
        (pair({"entity": "boca"}, {"entity": "porto"}, functional=True), R.CONTRADICTORY),
        (pair({"time": "2023-05"}, {"time": "2023-07-17"}, **DAYS), R.CONTRADICTORY),
    ],
}  # fmt: skip
CASES = [
    pytest.param(rule, *facts, relation, id=f"{rule} {number}")
    for rule, examples in EXAMPLES.items()
    for number, (facts, relation) in enumerate(examples, 1)
]


def test_every_rule_has_examples_and_says_what_it_does() -> None:
    assert set(EXAMPLES) == {rule.__name__ for rule in RULES}
    assert all(rule.__doc__ for rule in (*RULES, *IN_A_DISPUTE))


@pytest.mark.parametrize(("rule", "one", "other", "relation"), CASES)
def test_a_rule_decides_its_examples_in_either_order(
    rule: str, one: Fact, other: Fact, relation: Relation
) -> None:
    for found in (relate(one, other), relate(other, one)):
        assert (found.rule, found.relation) == (rule, relation)
        assert set(found.claims) == {"c1", "c2"}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_without_a_rule_an_example_of_it_comes_out_otherwise(rule: str) -> None:
    rest = [each for each in RULES if each.__name__ != rule]
    changed = [facts for facts, relation in EXAMPLES[rule] if relate(*facts, rest).relation != relation]
    assert changed


def test_words_are_left_to_people() -> None:
    found = relate(a_fact("c1", text={"en": "one"}), a_fact("c2", text={"en": "two"}, functional=True))
    assert (found.rule, found.relation) == ("no_rule", R.NOT_COMPARABLE)


def test_what_only_one_side_gives_is_said_and_hides_no_contradiction() -> None:
    found = relate(a_fact("c1", "5", scope={"tax": "before"}), a_fact("c2", "9"))
    assert found.relation == R.CONTRADICTORY
    assert found.told["scope"] == [["tax", "before", ""]]


def test_every_dimension_that_differs_is_named() -> None:
    one = a_fact("c1", "5", scope={"tax": "before", "who": "club", "year": "first"})
    other = a_fact("c2", "9", scope={"tax": "after", "who": "club", "bonus": "with"})
    found = relate(one, other)
    assert found.relation == R.OTHER_QUESTION
    assert found.told["scope"] == [["bonus", "", "with"], ["tax", "before", "after"], ["year", "first", ""]]


def test_a_link_that_says_rounds_is_held_against_the_figures() -> None:
    linked = a_fact("c1", "6000000", links=[("rounds", "c2")])
    assert relate(linked, a_fact("c2", "5576000")).relation == R.EQUAL
    assert relate(linked, a_fact("c2", "7500000")).relation == R.CONTRADICTORY


def test_the_ends_of_ranges_are_open_or_closed() -> None:
    assert (
        relate(a_fact("c1", "5", comparator="le"), a_fact("c2", "5", comparator="ge")).relation
        == R.COMPATIBLE
    )
    assert (
        relate(a_fact("c1", "5", comparator="lt"), a_fact("c2", "5", comparator="ge")).relation
        == R.CONTRADICTORY
    )


def test_merged_entities_are_one() -> None:
    one, other = a_fact("c1", "5"), a_fact("c2", "9", subject="afc-ajax")
    assert relate(one, other).relation == R.OTHER_QUESTION
    other = a_fact("c2", "9", subject="afc-ajax", heirs={"afc-ajax": "ajax"})
    assert relate(one, other).relation == R.CONTRADICTORY


def test_in_a_dispute_days_of_two_properties_are_held_together() -> None:
    left = a_fact("c1", at="2023-05", **MOVED)
    year = a_fact("c2", at="2023", **MOVED)
    registered = a_fact("c3", time="2023-07-17", event=True, property="registered")
    assert relate(left, registered).relation == R.OTHER_QUESTION
    assert relate(left, registered, IN_A_DISPUTE).relation == R.CONTRADICTORY
    assert relate(year, registered, IN_A_DISPUTE).relation == R.REFINED
    assert relate(left, year, IN_A_DISPUTE).claims == ("c1", "c2")  # the finer one first
