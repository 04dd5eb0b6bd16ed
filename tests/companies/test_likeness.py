"""Which entries may be one: found in one pass, in every script, with the reasons."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from rapidfuzz import fuzz

from companies import likeness
from companies.likeness import MOST_UNDER_ONE_KEY, Known, likenesses


def entry(ref: str, *names: str, kind: str = "company", role: str = "label", ids: Any = ()) -> Known:
    return Known(ref, kind, tuple((name, role) for name in names), tuple(ids))


def signs(*entries: Known) -> list[tuple[str, str, list[str]]]:
    return [(one.first, one.second, [reason.sign for reason in one.reasons]) for one in likenesses(entries)]


@pytest.mark.parametrize("other", ["ডিপসিক", "दीपसीक", "Дипсик", "Deep Sik", "Deepseek"])
def test_names_meet_across_scripts_and_spellings(other: str) -> None:
    found = likenesses([entry("e1", "DeepSeek"), entry("e2", other), entry("e3", "Ajax Amsterdam")])
    assert [(one.first, one.second) for one in found] == [("e1", "e2")]
    assert {(reason.ours, reason.theirs) for reason in found[0].reasons} == {("DeepSeek", other)}


def test_an_identifier_says_more_than_a_name_and_a_name_more_than_a_sound() -> None:
    wikidata = [("wikidata", "Q42")]
    assert signs(
        entry("e1", "Ajax", ids=wikidata), entry("e2", "Something", ids=[("wikidata", "q42")]),
        entry("e3", "AJAX"), entry("e4", "Anthropic"), entry("e5", "Antropic"),
    ) == [("e1", "e2", ["identifier"]), ("e1", "e3", ["name"]), ("e4", "e5", ["sound"])]  # fmt: skip


def test_what_is_numbered_differently_or_of_another_kind_is_not_the_same() -> None:
    assert signs(entry("e1", "DeepSeek-V3"), entry("e2", "DeepSeek-V2")) == []
    assert signs(entry("e1", "DeepSeek V3"), entry("e2", "ডিপসিক V3")) == [("e1", "e2", ["sound"])]
    assert signs(entry("e1", "DeepSeek"), entry("e2", "DeepSeek", kind="model")) == []


def test_short_names_and_misheard_misspellings_say_nothing() -> None:
    assert signs(entry("e1", "AI"), entry("e2", "AI")) == []
    assert signs(entry("e1", "DeepSeek"), entry("e2", "দিপসেক", role="misspelling")) == []
    assert signs(entry("e1", "DeepSeek"), entry("e2", "DeepSeek", role="misspelling")) != []


def test_a_name_that_many_share_proposes_nobody() -> None:
    many = [entry(f"e{number}", "Springfield") for number in range(MOST_UNDER_ONE_KEY + 1)]
    assert signs(*many) == []
    assert len(signs(*many[:3])) == 3


def test_the_work_grows_with_the_names_and_not_with_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = Counter[int]()

    class Counting:
        @staticmethod
        def ratio(one: str, other: str) -> float:
            compared[size] += 1
            return fuzz.ratio(one, other)

    monkeypatch.setattr(likeness, "fuzz", Counting)
    chance = random.Random(7)  # noqa: S311  not cryptography
    syllables = [c + v for c in "bdfgklmnprstv" for v in "aeiou"]
    names = ["".join(chance.choices(syllables, k=6)) for _ in range(4000)]
    for size in (1000, 4000):
        likenesses(entry(f"e{number}", name) for number, name in enumerate(names[:size]))
    assert compared[4000] < 4000
    assert compared[4000] < 40 * max(compared[1000], 1)  # all pairs would be 16 times as many, and 8 million
