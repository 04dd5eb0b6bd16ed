"""Lineage measured: made-up stories with copies in many languages and independent reports; the four real articles."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from claims.extraction.identify import identify
from claims.extraction.reading import read
from claims.lineage.candidates import Candidates
from claims.lineage.collection import Collection, Pair
from claims.lineage.features import Features, features
from claims.lineage.rarity import Rarity
from claims.lineage.verdict import compare

STORIES = Path(__file__).with_name("stories.toml")


@cache
def texts() -> list[dict[str, str]]:
    return list(tomllib.loads(STORIES.read_text(encoding="utf-8"))["text"])


def of(name: str, text: str, language: str = "") -> Features:
    language = language or identify(text)
    return features(name, text, read(text, language))


@cache
def sources() -> list[Features]:
    return [of(str(number), one["body"].strip()) for number, one in enumerate(texts())]


@cache
def pairs() -> list[tuple[bool, Pair]]:
    """Every pair of the stories' texts, and whether it truly shares an origin."""
    return [
        (_share(texts()[int(pair.a)], texts()[int(pair.b)]), pair) for pair in Collection(sources()).pairs()
    ]


def _share(a: dict[str, str], b: dict[str, str]) -> bool:
    return a["story"] == b["story"] and "report" not in (a["role"], b["role"])


def test_the_language_of_every_text_is_told() -> None:
    assert [one.language for one in sources()] == [one["language"] for one in texts()]


def test_pairs_are_told_as_well_as_we_ask() -> None:
    answers = Counter((truth, pair.verdict.answer) for truth, pair in pairs())
    said = answers[True, "same-origin"] + answers[False, "same-origin"]
    copies = sum(count for (truth, _answer), count in answers.items() if truth)
    unsure = answers[True, "unsure"] + answers[False, "unsure"]
    assert len({one["language"] for one in texts()}) >= 13
    assert copies >= 30
    assert answers[True, "same-origin"] / said >= 0.98
    assert answers[True, "same-origin"] / copies >= 0.95
    assert unsure / len(pairs()) <= 0.1


def test_two_at_a_time_they_are_told_nearly_as_well() -> None:
    answers = Counter(
        (_share(texts()[i], texts()[j]), compare(sources()[i], sources()[j], Rarity()).answer)
        for i, j in combinations(range(len(texts())), 2)
    )
    assert answers[False, "same-origin"] == 0
    assert answers[True, "same-origin"] >= 0.9 * sum(count for (truth, _), count in answers.items() if truth)


def test_reports_on_one_document_are_independent_and_say_what_they_rest_on() -> None:
    reports = {
        str(number) for number, one in enumerate(texts()) if one["story"] == "wind" and one["role"] != "copy"
    }
    found = [pair.verdict for _truth, pair in pairs() if {pair.a, pair.b} <= reports]
    assert {verdict.answer for verdict in found} == {"independent"}
    assert "Meridian" in {verdict.common_source for verdict in found}


def drift_of(story: str, language: str, role: str = "copy") -> set[tuple[str, str, str]]:
    """The drift of a copy against the origin of its story."""
    numbers = [number for number, one in enumerate(texts()) if one["story"] == story]
    (origin,) = [number for number in numbers if texts()[number]["role"] == "origin"]
    (copy,) = [
        number
        for number in numbers
        if (texts()[number]["role"], texts()[number]["language"]) == (role, language)
    ]
    verdict = compare(sources()[origin], sources()[copy], Rarity())
    assert verdict.answer == "same-origin"
    return {(one.kind, one.a, one.b) for one in verdict.evidence.drift}


def test_drift_is_told_in_a_copy() -> None:
    assert drift_of("wind", "hi") == {("digit-lost", "$218 million", "million मिलियन डॉलर")}
    assert drift_of("ports", "en") >= {
        ("separator", "$4.25 billion", "$425 billion"),
        ("rounded", "$730 million", "$700 million"),
    }
    assert drift_of("trial", "fr") == set()


def test_no_copy_says_otherwise_of_its_figures() -> None:
    kinds = Counter(one.kind for _truth, pair in pairs() for one in pair.verdict.evidence.drift)
    assert kinds["digit-lost"] > 0
    assert kinds["relation"] == kinds["attribution"] == 0


def without_paragraphs(text: str, which: int) -> str:
    lines = text.split("\n")
    return "\n".join(line for number, line in enumerate(lines) if number % 3 != which)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_third_of_the_paragraphs_may_be_missing(which: int) -> None:
    for one, whole in zip(texts(), sources(), strict=True):
        if one["role"] == "origin":
            cut = of("cut", without_paragraphs(one["body"].strip(), which))
            assert compare(whole, cut, Rarity()).answer == "same-origin", one["story"]


def test_every_copy_finds_a_relative_among_the_candidates() -> None:
    index = Candidates()
    seen: set[str] = set()
    for one, source in zip(texts(), sources(), strict=True):
        found = {texts()[int(candidate.name)]["story"] for candidate in index.add(source)}
        if one["role"] == "copy":
            assert one["story"] in seen
            assert one["story"] in found, (one["story"], one["language"])
        seen.add(one["story"])


SEEDS = ["000_337bf696853b359b", "001_1159042408ce1884", "002_d0f023c919679e24", "003_7bed17ba752fe8b1"]


def test_the_four_real_articles(shared: Path) -> None:
    real = [of(name[:3], (shared / "seeds" / f"{name}.txt").read_bytes().decode()) for name in SEEDS]
    answers = {(pair.a, pair.b): pair.verdict for pair in Collection(real).pairs()}
    same = {names for names, verdict in answers.items() if verdict.answer == "same-origin"}
    assert same == {("000", "001"), ("000", "003"), ("001", "003")}
    assert {verdict.answer for names, verdict in answers.items() if "002" in names} == {"independent"}
    for names in same:
        assert answers[names].score > 0.8
        assert "944e6 USD" in answers[names].shared
    assert any("ensigame.com / obligame.com" in reason for reason in answers["000", "003"].why)
    assert "2048" in answers["000", "002"].shared
    drift = [(one.kind, one.b) for one in answers["000", "001"].evidence.drift]
    assert drift == [
        ("digit-lost", "$ 6 मिलियन"), ("relation", "1.6 बिलियन डॉलर है, जिसमें परिचालन खर्च $ 944 मिलियन"),
    ]  # fmt: skip
    restated = {
        names: {one.kind for one in verdict.evidence.drift} & {"relation", "attribution"}
        for names, verdict in answers.items()
    }
    # The second sets the running costs inside the investment, the others beside it. All give each figure to the same.
    assert restated == {names: set() for names in answers} | {
        ("000", "001"): {"relation"},
        ("001", "003"): {"relation"},
    }
    assert answers["000", "001"].copy == "a"
