"""Sentences that are put into a language when they are read."""

from __future__ import annotations

import json
import pickle

import pytest

from kb.lib.edtf import EdtfError, parse
from kb.lib.saying import Fault, Sentence

WORDS = {
    "%(what)s: take it out (%(why)s).": "%(why)s — %(what)s বাদ দিন।",
    "the quote": "উদ্ধৃতি",
    "100%% wrong": "একেবারে ভুল",
}
NESTED = Sentence("%(what)s: take it out (%(why)s).", {"what": Sentence("the quote"), "why": "100% %(x)s"})


def bengali(text: str) -> str:
    return WORDS.get(text, text)


def test_slots_are_filled_and_sentences_in_them_are_translated_too() -> None:
    assert str(NESTED) == "the quote: take it out (100% %(x)s)."
    assert NESTED.said(bengali) == "100% %(x)s — উদ্ধৃতি বাদ দিন।"
    assert str(Sentence("100%% wrong")) == "100% wrong"


def test_a_fault_is_english_until_somebody_reads_it() -> None:
    fault = Fault(NESTED)
    assert str(fault) == str(NESTED)
    assert fault.said(bengali) == NESTED.said(bengali)
    assert pickle.loads(pickle.dumps(fault)).said(bengali) == NESTED.said(bengali)  # noqa: S301  our own


def test_a_sentence_comes_back_from_another_process_as_it_went() -> None:
    back = Sentence.unpacked(json.loads(json.dumps(Sentence("%(a)s %(b)s", {"a": NESTED, "b": 7}).packed())))
    assert back.said(bengali) == f"{NESTED.said(bengali)} 7"


def test_the_machinery_raises_faults_that_can_be_translated() -> None:
    with pytest.raises(EdtfError) as refused:
        parse("2023-13")
    assert refused.value.said(
        lambda text: text.upper().replace("(TEXT)S", "(text)s").replace("(MONTH)S", "(month)s")
    )
    assert "13" in refused.value.said(str)
