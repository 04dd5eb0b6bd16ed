"""Relatives are found without comparing everything with everything."""

from __future__ import annotations

from claims.lineage.candidates import MOST_FOUND, MOST_KEYS, MOST_LISTED, Candidates, blocking_keys
from tests.claims.lineage.made import source
from tests.claims.lineage.test_verdict import OTHERS, STORY


def names(index: Candidates, signs: str, name: str = "new") -> list[str]:
    return [one.name for one in index.find(source(signs, name))]


def test_a_copy_finds_its_origin_and_not_the_others() -> None:
    index = Candidates()
    assert index.add(source(OTHERS, "other")) == []
    index.add(source(STORY, "origin"))
    assert names(index, " ".join(STORY.split()[4:])) == ["origin"]
    assert names(index, "Zarkov 17 Yelland 3000") == []
    assert len(index) == 2


def test_what_looks_is_not_entered() -> None:
    index = Candidates()
    assert names(index, STORY) == names(index, STORY) == []
    assert index.add(source(STORY)) == []


def test_a_copy_that_lost_units_is_found() -> None:
    index = Candidates()
    figures = " ".join(one for one in STORY.split() if one[0].isdigit())
    index.add(source(figures, "origin"))
    assert names(index, figures.replace("USD", "")) == ["origin"]


def test_common_figures_find_by_their_neighbors() -> None:
    index = Candidates()
    index.add(source("5e6USD 200 60% 3e6USD 100 7e6USD", "origin"))
    assert names(index, "5e6USD 200 60% 3e6USD") == ["origin"]
    assert names(index, "60% 5e6USD 100 200 7e6USD 3e6USD") == []


def test_the_same_runs_of_words_are_found_without_a_figure() -> None:
    index = Candidates()
    index.add(source("Aldrin", "origin", shingles=range(1000, 1100)))
    assert [one.name for one in index.find(source("Brenholt", shingles=range(1000, 1090)))] == ["origin"]
    assert not index.find(source("Brenholt", shingles=range(5000, 5100)))


def test_the_likeliest_comes_first() -> None:
    index = Candidates()
    index.add(source("731e6USD Karvel 94 Stomdal", "part"))
    index.add(source(STORY, "whole"))
    assert names(index, STORY) == ["whole", "part"]


def test_adding_costs_the_same_however_many_there_are() -> None:
    index = Candidates()
    for number in range(3 * MOST_LISTED):
        found = index.add(source(f"{STORY} {7919 * number + 1}", f"s{number}"))
    assert len(found) == MOST_FOUND
    assert len(blocking_keys(source(STORY + " " + OTHERS))) <= MOST_KEYS
    longest = max(len(one) for one in index._lists.values() if isinstance(one, list))
    assert longest == MOST_LISTED
