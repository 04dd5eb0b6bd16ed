"""What matches is marked in the text as it is written."""

import pytest

from kb.lib.marking import SNIPPET, holds, marked, snippet


@pytest.mark.parametrize(
    ("text", "query", "hits"),
    [
        ("DeepSeek-V3 cost", "deepseek", ["DeepSeek"]),
        ("DeepSeek-V3 cost", "COST v3", ["V3", "cost"]),
        ("DeepSeek", "seek", ["Seek"]),
        ("a seek in DeepSeek", "seek", ["seek"]),
        ("Đại học Bách khoa", "dai hoc", ["Đại", "học"]),
        ("ডিপসিক কোম্পানি", "ডিপসিক", ["ডিপসিক"]),
        ("৬০ লাখ", "60", ["৬০"]),
        ("Straße", "strasse", ["Straße"]),
        ("cost", "o", []),
        ("cost", "", []),
        ("<b>", "b", ["b"]),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(text, query, hits):
    pieces = marked(text, query)
    assert [piece for piece, hit in pieces if hit] == hits
    assert "".join(piece for piece, _hit in pieces) == text
    assert holds(text, query) == bool(hits)


def test_a_snippet_holds_the_first_match():
    text = "word " * 100 + "needle " + "word " * 100
    found = snippet(text, "needle")
    assert "needle" in found
    assert len(found) <= SNIPPET + 2
    assert found.startswith("…word")
    assert found.endswith("…")
    assert snippet("short text", "text") == "short text"
