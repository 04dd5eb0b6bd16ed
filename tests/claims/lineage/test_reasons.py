"""Reasons as data, and the sentences made of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from claims.lineage import collection, verdict
from claims.lineage.reasons import SENTENCES, Reason, sentence


def test_every_code_is_used_and_has_a_sentence() -> None:
    source = "".join(Path(str(one.__file__)).read_text(encoding="utf-8") for one in (verdict, collection))
    named = {code for code in SENTENCES if f'"{code}"' in source or f'"{code.removesuffix("s")}"' in source}
    assert named == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_all_that_it_asks_for(code: str) -> None:
    told = {name: f"<{name}>" for name in re.findall(r"%\((\w+)\)s", SENTENCES[code])}
    said = sentence(code, told | {"more": "<more>"})
    assert all(value in said for value in told.values())
    assert "%(" not in said


def test_a_sentence_is_translated_before_it_is_filled_in() -> None:
    spoken = {SENTENCES["text"]: "%(percent)s %% giống nhau"}
    assert sentence("text", {"percent": 90}, spoken.__getitem__) == "90 % giống nhau"
    assert sentence("text", {"percent": 90}) == "90 % of the runs of words are the same"
    with pytest.raises(KeyError):
        sentence("theft", {})


def test_a_reason_is_kept_as_data() -> None:
    one = Reason(1.5, "address", {"title": "the-tower"})
    assert one.as_json() == {"code": "address", "told": {"title": "the-tower"}}
