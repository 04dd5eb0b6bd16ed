"""How much a shared feature says: by what it is, and by how many sources have it."""

from __future__ import annotations

import pytest

from claims.lineage.rarity import RARE, Rarity, prior, shown
from claims.lineage.signs import Key
from tests.claims.lineage.made import source


@pytest.mark.parametrize("common", ["8", "100", "12", "50 %", "2048", "5000000 USD"])
def test_precise_figures_say_more_than_round_and_usual_ones(common: str) -> None:
    assert prior(("figure", common)) < prior(("figure", "944000000 USD"))
    assert prior(("figure", "944000000 USD")) >= RARE


def test_a_year_says_hardly_anything() -> None:
    assert prior(("year", "2023")) < 1
    assert prior(("year", "2023")) < prior(("figure", "2048"))


def test_both_ends_of_a_range_count() -> None:
    assert prior(("figure", "125..155 USD")) > prior(("figure", "125 USD"))


def test_what_many_sources_have_says_less() -> None:
    sources = [source("944e6USD", f"s{number}") for number in range(2000)]
    sources += [source("731e6USD")]
    rarity = Rarity(sources)
    common: Key = ("figure", "944000000 USD")
    rare: Key = ("figure", "731000000 USD")
    assert rarity.found(common) == 2000
    assert rarity.bits(common) < 0.5
    assert rarity.bits(rare) > RARE


def test_a_small_collection_hardly_changes_the_prior() -> None:
    key: Key = ("figure", "944000000 USD")
    assert Rarity([source("944e6USD")] * 4).bits(key) == pytest.approx(prior(key), abs=1.5)


def test_a_source_can_be_taken_out_again() -> None:
    rarity = Rarity([source("944e6USD")])
    before = rarity.bits(("figure", "944000000 USD"))
    other = source("944e6USD 22")
    rarity.add(other)
    rarity.remove(other)
    assert rarity.bits(("figure", "944000000 USD")) == before


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (("figure", "1600000000 USD"), "1.6e9 USD"),
        (("figure", "944000000 USD"), "944e6 USD"),
        (("figure", "2048"), "2048"),
        (("figure", "50000"), "50000"),
        (("figure", "3.5 %"), "3.5 %"),
        (("figure", "12000000000..15000000000 USD"), "12e9..15e9 USD"),
        (("year", "2023"), "2023"),
    ],
)
def test_figures_are_shown_as_editors_write_them(key: tuple, said: str) -> None:
    assert shown(key) == said
