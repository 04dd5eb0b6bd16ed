"""What a text says of its figures: part of another or beside it, and whose word; golden sentences of each language."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from claims.extraction.reading import read
from claims.lineage.features import Features, features
from claims.lineage.phrases import LANGUAGES, phrases

GOLDEN = tomllib.loads(Path(__file__).with_name("statements.toml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(language, kind, sentence, id=f"{language} {kind} {number}")
    for language, kinds in GOLDEN.items()
    for kind, sentences in kinds.items()
    for number, sentence in enumerate(sentences, 1)
]


def of(text: str, language: str) -> Features:
    return features("a", text, read(text, language))


def test_every_language_has_a_file_and_golden_sentences_of_each_kind() -> None:
    files = {path.stem for path in LANGUAGES.iterdir()}
    assert (
        files == set(GOLDEN) >= {"en", "bn", "hi", "vi", "de", "es", "fr", "pt", "ru", "zh", "ar", "tr", "id"}
    )
    assert all(set(kinds) == {"part", "beside", "said", "neither"} for kinds in GOLDEN.values())


@pytest.mark.parametrize(("language", "kind", "sentence"), CASES)
def test_golden_sentences(language: str, kind: str, sentence: str) -> None:
    text = of(sentence, language)
    ties = [(one.kind, text.figures[one.first].key, text.figures[one.second].key) for one in text.said.ties]
    voices = [(text.figures[one.figure].key, ("word", "rtrs") in one.keys) for one in text.said.voices]
    expected = [(kind, "50000", "10000")] if kind in ("part", "beside") else []
    assert ties == expected
    assert voices == ([("731000000 USD", True)] if kind == "said" else [])


@pytest.mark.parametrize("language", sorted(GOLDEN))
def test_no_sentence_is_read_without_its_phrases(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.lineage.statements.phrases", lambda _language: None)
    for kind in ("part", "beside", "said"):
        said = of(GOLDEN[language][kind][0], language).said
        assert (said.ties, said.voices) == ((), ())


def test_the_words_that_say_it_are_kept() -> None:
    text = of("Last year it had 50,000 cards, of which 10,000 were new. Reuters said so.", "en")
    assert [one.printed for one in text.said.ties] == ["50,000 cards, of which 10,000"]
    text = of("It is dear: according to the agency Reuters, it cost $731 million. No more.", "en")
    assert [one.printed for one in text.said.voices] == [
        "according to the agency Reuters, it cost $731 million"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Reuters said it has 50,000 cards, and Bloomberg said $731 million.",  # each has its own
        "Reuters said that Bloomberg believes it cost $731 million.",
    ],
)
def test_the_phrase_next_to_a_figure_tells_whose_word_it_is(text: str) -> None:
    found = of(text, "en")
    assert {found.figures[one.figure].key: one.keys for one in found.said.voices}["731000000 USD"] == {
        ("word", "brmb")
    }


def test_a_figure_between_two_who_say_something_is_nobodys() -> None:
    found = of("Reuters said it cost $731 million, according to Bloomberg.", "en")
    assert found.said.voices == ()


def test_where_all_nouns_have_capitals_none_is_surely_a_name() -> None:
    assert of("Laut Reuters kostete es 731 Millionen Dollar.", "de").said.voices[0].names == frozenset()
    assert of("According to Reuters it cost $731 million.", "en").said.voices[0].names == {("word", "rtrs")}


def test_a_language_without_a_file_says_nothing() -> None:
    assert phrases("xx") is None
    assert phrases("../en") is None
    assert phrases("en-GB") == phrases("en")
    assert of("50,000 cards, including 10,000 new ones.", "und").said.ties == ()
