"""The language of titles and sentences: every one of ours, short ones too, and what nothing tells."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from claims.extraction.identify import identify
from tests.conftest import ROOT

SAMPLES = [
    (one["language"], one["text"])
    for one in map(json.loads, (ROOT / "tests/data/languages.jsonl").read_text("utf-8").splitlines())
]
SHORT = 40  # characters


def test_there_are_twelve_samples_of_each_language():
    counts = Counter(language for language, _text in SAMPLES)
    assert len(counts) == 26
    assert min(counts.values()) >= 12
    assert len(set(SAMPLES)) == len(SAMPLES)


@pytest.mark.parametrize(("short", "least"), [(True, 0.97), (False, 0.99)])
def test_samples_are_told_apart(short, least):
    asked = [(language, text) for language, text in SAMPLES if (len(text) < SHORT) is short]
    wrong = [(language, identify(text), text) for language, text in asked if identify(text) != language]
    assert len(wrong) <= (1 - least) * len(asked), wrong


@pytest.mark.parametrize("language", sorted({language for language, _text in SAMPLES}))
def test_a_text_of_all_its_samples_is_never_mistaken(language):
    assert identify(" ".join(text for one, text in SAMPLES if one == language)) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mô hình AI rẻ tiền", "vi"),
        ("Deepseek kostet weniger", "de"),
        ("Biaya pelatihan hanya 6 juta dolar", "id"),
        ("DeepSeek-V3 ও ChatGPT-র খরচ", "bn"),
        ("OpenAI GPT-4o 和 Nvidia H800", "und"),
        ("OpenAI 发布 GPT-4o 模型", "zh"),
        ("DeepSeek kaufte Nvidia-Chips und baute", "de"),
        ("অসমৰ বাতৰি", "as"),
        ("Η τιμή έπεσε", "el"),
        ("המחיר ירד", "he"),
        ("ราคา", "th"),
        ("ລາຄາ", "lo"),
    ],
)
def test_the_script_and_a_few_words_tell(text, language):
    assert identify(text) == language


@pytest.mark.parametrize("text", ["", " ", "2048", "H8", "DeepSeek", "$1.6", "→ ★", "a"])
def test_what_nothing_tells_is_undetermined(text):
    assert identify(text) == "und"


def test_a_hint_settles_what_is_open_and_never_overrules_the_script():
    assert identify("DeepSeek", hints=["vi"]) == "vi"
    assert identify("Dua bank akan bergabung", hints=["ms-MY"]) == "ms"
    assert identify("নতুন চিপের দাম কমল", hints=["hi"]) == "bn"
    assert identify("The price of the new chip fell", hints=["vi"]) == "en"
    assert identify("2048", hints=["vi"]) == "und"


@pytest.mark.parametrize("stem", ["000", "001", "002", "003"])
def test_the_seeds(shared, stem):
    text = next((shared / "seeds").glob(f"{stem}*")).read_text(encoding="utf-8")
    gold = json.loads(next((shared / "gold").glob(f"{stem}*")).read_text(encoding="utf-8"))
    assert identify(text) == gold["language"]
    assert identify(text[:60]) == gold["language"]
