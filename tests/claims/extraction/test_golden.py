"""Sentences with every figure in them, by hand: tests/data/extraction/<language>.jsonl.

A line has `text` and `figures`, in order; of a figure what is written is compared: `printed`, `kind` and `value`
always, `unit`, `comparator`, `value_max`, `per` and `suspect` with their defaults where left out.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from claims.extraction.reading import read
from claims.extraction.tables import languages
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "data" / "extraction"
AT_LEAST = {"en": 60, "bn": 60, "hi": 60, "vi": 60}
DEFAULTS = {"unit": None, "comparator": "eq", "value_max": None, "per": None, "suspect": None}


def sentences(language: str) -> list[dict[str, Any]]:
    path = GOLDEN / f"{language}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.mark.parametrize("language", languages())
def test_every_sentence_reads_as_written_down(language: str) -> None:
    wrong = []
    for number, sentence in enumerate(sentences(language), 1):
        expected = [{**DEFAULTS, **one} for one in sentence["figures"]]
        names = ("printed", "kind", "value", *DEFAULTS)
        got = [
            {name: getattr(one, name) for name in names} for one in read(sentence["text"], language).figures
        ]
        if got != expected:
            wrong.append(
                f"{language}.jsonl:{number}: {sentence['text']}\n  expected {expected}\n  read     {got}"
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", languages())
def test_there_are_enough_sentences(language: str) -> None:
    assert len(sentences(language)) >= AT_LEAST.get(language, 10)
