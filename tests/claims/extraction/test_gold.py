"""The four real articles against the figures that were checked by hand (../shared/gold)."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.score_extraction import score
from claims.extraction.reading import read

SEEDS = ["000_337bf696853b359b", "001_1159042408ce1884", "002_d0f023c919679e24", "003_7bed17ba752fe8b1"]


@pytest.mark.parametrize("name", SEEDS)
def test_every_figure_of_the_article_is_read(name: str, shared: Path) -> None:
    gold = json.loads((shared / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    text = (shared / "seeds" / f"{name}.txt").read_bytes().decode("utf-8")
    reading = read(text, gold["language"])
    result = score(gold, {"figures": [asdict(one) for one in reading.figures]})
    assert result.right > 0
    assert (result.wrong, result.missing, result.names, result.guessed, result.bounds) == ([], [], [], [], [])


@pytest.mark.parametrize("name", SEEDS)
def test_listings_after_the_article_are_marked(name: str, shared: Path) -> None:
    gold = json.loads((shared / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    text = (shared / "seeds" / f"{name}.txt").read_bytes().decode("utf-8")
    found = {(one.start, one.end): one.region for one in read(text, gold["language"]).figures}
    expected = {(one["start"], one["end"]): one["region"] for one in gold["figures"]}
    aside = {"boilerplate", "breadcrumb"}
    assert {span for span, region in found.items() if region == "boilerplate"} == {
        span for span, region in expected.items() if region in aside
    }


@pytest.mark.parametrize("name", SEEDS)
def test_parts_cover_the_text_in_order(name: str, shared: Path) -> None:
    text = (shared / "seeds" / f"{name}.txt").read_bytes().decode("utf-8")
    parts = read(text, "bn").parts
    assert all(one.end <= two.start for one, two in pairwise(parts))
    covered = {at for part in parts for at in range(part.start, part.end)}
    assert all(at in covered or text[at].isspace() for at in range(len(text)))
