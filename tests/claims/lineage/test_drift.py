"""How a copy's figures differ: each kind, and what is no drift."""

from __future__ import annotations

import pytest

from claims.extraction.reading import read
from claims.lineage.alignment import chain
from claims.lineage.drift import drifts, restated
from claims.lineage.features import Features, features
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


# What is said of figures that both print -------------------------------------------------------------------------


def of(text: str, language: str = "en") -> Features:
    return features("a", text, read(text, language))


def said(a: Features, b: Features) -> list[tuple[str, str, str]]:
    return [(one.kind, one.a, one.b) for one in restated(a, b, chain(a.figures, b.figures))]


ORIGIN = (
    "The agency Meridian surveyed the port. It owns 50,000 cranes, including 10,000 new ones. According to Bloomberg, "
    "it cost $731 million."
)
PART, VOICE = "50,000 cranes, including 10,000", "According to Bloomberg, it cost $731 million"


@pytest.mark.parametrize(
    ("copy", "language", "told"),
    [
        ("It owns 50,000 cranes as well as 10,000 new ones.", "en",
         ("relation", PART, "50,000 cranes as well as 10,000")),
        ("Besides its 50,000 cranes it has 10,000 new ones.", "en", ("relation", PART, "50,000 cranes it has 10,000")),
        ("It owns 50,000 cranes. In addition, it bought 10,000.", "en",
         ("relation", PART, "50,000 cranes. In addition, it bought 10,000")),
        ("Bến cảng có 50.000 cần cẩu, ngoài ra còn có 10.000 chiếc mới.", "vi",
         ("relation", PART, "50.000 cần cẩu, ngoài ra còn có 10.000")),
        ("It cost $731 million, Meridian said.", "en", ("attribution", VOICE, "$731 million, Meridian said")),
        ("It cost $731 million, Reuters said.", "en", ("attribution", VOICE, "$731 million, Reuters said")),
        ("Theo Meridian, chi phí là 731 triệu đô la.", "vi",
         ("attribution", VOICE, "Theo Meridian, chi phí là 731 triệu đô la")),
        ("मेरिडियन के अनुसार इसकी लागत 731 मिलियन डॉलर थी।", "hi",
         ("attribution", VOICE, "मेरिडियन के अनुसार इसकी लागत 731 मिलियन डॉलर")),
    ],
)  # fmt: skip
def test_a_copy_says_otherwise_of_a_figure(copy: str, language: str, told: tuple[str, str, str]) -> None:
    assert said(of(ORIGIN), of(copy, language)) == [told]
    assert said(of(copy, language), of(ORIGIN)) == [(told[0], told[2], told[1])]


@pytest.mark.parametrize(
    ("copy", "language"),
    [
        (ORIGIN, "en"),
        ("The agency Meridian saw 50,000 cranes, of them 10,000 new. It cost $731 million, Bloomberg said.", "en"),
        ("It bought 10,000 of the 50,000 cranes. Analysts said that it cost $731 million.", "en"),
        ("It owns 50,000 cranes. 10,000 are new. It cost $731 million.", "en"),
        ("It owns 50,000 cranes, plus 12,000 new ones.", "en"),  # of another figure
        ("It owns 50,000 cranes, including 10,000 new ones. Of 50,000 cranes and 10,000 more it is proud.", "en"),
        ("Bến cảng có 50.000 cần cẩu, trong đó 10.000 chiếc mới. Theo Bloomberg, chi phí là 731 triệu đô la.", "vi"),
        ("У порта 50 000 кранов, в том числе 10 000 новых. По данным Блумберг, он стоил 731 миллион долларов.", "ru"),
        # Reuters may be how the other language writes it: nothing in either text says that it is another.
        ("По данным Рейтер, он стоил 731 миллион долларов.", "ru"),
    ],
)  # fmt: skip
def test_a_faithful_copy_says_nothing_otherwise(copy: str, language: str) -> None:
    assert said(of(ORIGIN), of(copy, language)) == []


def test_initials_stand_for_a_name() -> None:
    origin = of("According to the West Shore Journal, it cost $731 million.")
    assert said(origin, of("It cost $731 million, the WSJ said.")) == []
    assert [kind for kind, *_ in said(origin, of("It cost $731 million, the NYT said."))] == ["attribution"]
