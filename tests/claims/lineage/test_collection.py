"""What two texts leave open is settled by the families that they belong to."""

from __future__ import annotations

from itertools import combinations

from claims.lineage.collection import FAMILY, Collection, settled
from claims.lineage.rarity import Rarity
from claims.lineage.reasons import Reason
from claims.lineage.verdict import INDEPENDENT, SAME, Verdict, compare
from tests.claims.lineage.made import source
from tests.claims.lineage.test_verdict import OTHERS, STORY

NAMES = ["p", "q", "r", "s", "t"]
PLAIN = compare(source("Aldrin"), source("Brenholt", "b"), Rarity())


def verdict(score: float) -> Verdict:
    from dataclasses import replace

    answer = "same-origin" if score >= SAME else "independent" if score < INDEPENDENT else "unsure"
    return replace(PLAIN, score=score, answer=answer, reasons=(Reason(0.0, "no-figures"),))  # type: ignore[arg-type]


def decided(scores: dict[tuple[int, int], float], size: int) -> dict[tuple[int, int], Verdict]:
    pairs = {pair: verdict(scores.get(pair, 0.01)) for pair in combinations(range(size), 2)}
    return settled(pairs, NAMES)


def test_a_third_that_is_sure_of_both_joins_them() -> None:
    joined = decided({(0, 1): 0.97, (1, 2): 0.95, (0, 2): 0.4}, 3)[0, 2]
    assert joined.answer == "same-origin"
    assert joined.why == ("no figure shared", "each shares its origin with q")


def test_a_third_that_is_not_sure_joins_nobody() -> None:
    assert decided({(0, 1): 0.97, (1, 2): 0.85, (0, 2): 0.4}, 3)[0, 2].answer == "unsure"


def test_who_goes_with_one_of_a_family_only_is_not_joined() -> None:
    # p, q, r, s are a family; t is sure of s alone and unlike the others.
    family = dict.fromkeys(combinations(range(4), 2), 0.97)
    answers = decided(family | {(3, 4): 0.93, (0, 4): 0.4}, 5)
    assert answers[0, 4].answer == "independent"
    assert answers[3, 4].answer == "same-origin"
    assert (
        decided(family | {(3, 4): 0.93, (0, 4): 0.4, (1, 4): 0.8, (2, 4): 0.8}, 5)[0, 4].answer
        == "same-origin"
    )


def test_a_weak_link_to_one_of_a_family_is_parted() -> None:
    family = dict.fromkeys(combinations(range(4), 2), 0.97)
    assert len({one for pair in family for one in pair}) > FAMILY
    parted = decided(family | {(0, 4): 0.7}, 5)[0, 4]
    assert parted.answer == "independent"
    assert parted.why[-1] == "yet most of the 3 that share the origin of p are independent of the other"
    assert decided({(0, 4): 0.7}, 5)[0, 4].answer == "same-origin"


def test_a_sure_link_stands() -> None:
    family = dict.fromkeys(combinations(range(4), 2), 0.97)
    assert decided(family | {(0, 4): 0.95}, 5)[0, 4].answer == "same-origin"


def test_every_pair_comes_once_in_the_order_given() -> None:
    sources = [source(STORY, "x"), source(OTHERS, "y"), source(STORY, "z")]
    pairs = Collection(sources).pairs()
    assert [(one.a, one.b, one.verdict.answer) for one in pairs] == [
        ("x", "y", "independent"),
        ("x", "z", "same-origin"),
        ("y", "z", "independent"),
    ]
