"""How a copy's figures differ: each kind, and what is no drift."""

from __future__ import annotations

import pytest

from claims.lineage.alignment import chain
from claims.lineage.drift import drifts
from tests.claims.lineage.made import source


def found(a: str, b: str) -> list[tuple[str, str, str, str]]:
    one, other = source(a).figures, source(b).figures
    return [(drift.kind, drift.a, drift.b, drift.lost_in) for drift in drifts(one, other, chain(one, other))]


@pytest.mark.parametrize(
    ("a", "b", "drift"),
    [
        ("11 6e6USD 22", "11 ?USD 22", ("digit-lost", "6e6USD", "?USD", "b")),
        ("11 ?USD 22", "11 6e6USD 22", ("digit-lost", "?USD", "6e6USD", "a")),
        ("11 4.25e9USD 22", "11 425e9USD 22", ("separator", "4.25e9USD", "425e9USD", "")),
        ("11 17.5% 22", "11 175% 22", ("separator", "17.5%", "175%", "")),
        ("11 1.3e6USD 22", "11 1.3e6EUR 22", ("unit", "1.3e6USD", "1.3e6EUR", "")),
        ("11 5.576e6USD 22", "11 5.6e6USD 22", ("rounded", "5.576e6USD", "5.6e6USD", "b")),
        ("11 6e6USD 22", "11 5.576e6USD 22", ("rounded", "6e6USD", "5.576e6USD", "a")),
        ("11 2023-05-08 22", "11 2024-05-08 22", ("date", "2023-05-08", "2024-05-08", "")),
        ("11 2023-05-08 22", "11 2023-05-18 22", ("date", "2023-05-08", "2023-05-18", "")),
        ("11 88/yUSD 22", "11 88/moUSD 22", ("scope", "88/yUSD", "88/moUSD", "")),
    ],
)
def test_each_kind_is_told_between_the_same_neighbors(a: str, b: str, drift: tuple) -> None:
    assert found(a, b) == [drift]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("11 6e6USD 22", "11 6e6USD 22"),
        ("11 6e6USD 22", "11 22"),
        ("11 6e6USD 22", "11 60e6USD 22"),  # one digit is no misplaced point
        ("11 731e6USD 22", "11 944e6USD 22"),
        ("11 5.576e6USD 22", "11 5.7e6USD 22"),
        ("11 ?EUR 22", "11 6e6USD 22"),
        ("11 2023-05-08 22", "11 2024-06-08 22"),
        ("11 88/yUSD 22", "11 88USD 22"),
        ("5.576e6USD 11 22", "11 22 5.6e6USD"),  # not between the same neighbors
        ("11 4.25e9USD 22 33 425e9USD", "11 425e9USD 22 33"),  # the other text has both
    ],
)
def test_what_differs_otherwise_is_no_drift(a: str, b: str) -> None:
    assert found(a, b) == []


def test_a_lost_figure_is_paired_with_one_printed_elsewhere_too() -> None:
    drifted = found("6e6USD 11 ?USD 22", "6e6USD 11 6e6USD 22")
    assert drifted == [("digit-lost", "?USD", "6e6USD", "a")]
