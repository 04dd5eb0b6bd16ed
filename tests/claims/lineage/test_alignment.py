"""Which features stand in both texts, and how surprising their order is."""

from __future__ import annotations

import random

import pytest

from claims.lineage.alignment import MOST_TIMES, Chain, chain, covered
from tests.claims.lineage.made import source


def figures(signs: str) -> tuple:
    return source(signs).figures


def test_the_longest_row_in_both_orders_is_found() -> None:
    found = chain(figures("11 22 33 44 55"), figures("99 22 11 33 77 55 44"))
    assert (found.distinct, found.shared) == (3, 5)
    assert all(i < k and j < m for (i, j), (k, m) in zip(found.steps, found.steps[1:], strict=False))


def test_one_figure_of_a_text_is_used_once() -> None:
    found = chain(figures("11"), figures("11 11"))
    assert len(found.steps) == 1


def test_what_stands_everywhere_has_no_place() -> None:
    often = " ".join(["11"] * (MOST_TIMES + 1))
    assert chain(figures(f"{often} 22"), figures("11 22")).shared == 1
    assert chain(figures("11 22"), figures(f"{often} 22")).shared == 1


def test_figures_that_cannot_be_read_are_not_equal() -> None:
    assert chain(figures("?USD 22"), figures("?USD 22")).shared == 1


def test_a_full_row_is_rarer_the_longer_it_is() -> None:
    assert Chain((), 10, 10).bits == pytest.approx(21.79, abs=0.01)
    assert Chain((), 4, 4).bits == pytest.approx(4.58, abs=0.01)
    assert Chain((), 5, 10).bits == 0
    assert Chain((), 2, 2).bits == Chain((), 0, 5).bits == 0


def test_shuffled_texts_are_hardly_ever_surprising() -> None:
    chance = random.Random(1)  # noqa: S311  # texts, not secrets
    names = [f"Name{number}" for number in range(30)]
    surprising = 0
    for _ in range(300):
        shuffled = chance.sample(names, len(names))
        surprising += chain(source(" ".join(names)).words, source(" ".join(shuffled)).words).bits > 6
    assert surprising <= 3  # 300 / 2**6 is 4.7, and the bound is generous


def test_coverage_is_all_but_the_longest_stretch_without_a_step() -> None:
    assert covered([0.1, 0.5, 0.9]) == pytest.approx(0.6)
    assert covered([]) == 0
