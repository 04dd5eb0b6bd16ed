"""What of a text is compared: figures by value, names by sound, only the article's own parts."""

from __future__ import annotations

import pytest

from claims.extraction.reading import read
from claims.lineage.features import Features, features
from claims.lineage.signs import Sign
from claims.lineage.sounds import sound_key
from companies.matching import Mention

LONG = (
    "The builders of the tower said on Monday that nothing at all had gone wrong with the foundations of it."
)


def of(text: str, language: str = "en", mentions: tuple[Mention, ...] = ()) -> Features:
    return features("text", text, read(text, language, mentions))


def keys(signs: tuple[Sign, ...]) -> list[str]:
    return [one.key for one in signs]


@pytest.mark.parametrize(
    ("text", "language", "key"),
    [
        ("It cost $1.6 billion.", "en", "1600000000 USD"),
        ("Es kostete 1,6 Milliarden Dollar.", "de", "1600000000 USD"),
        ("খরচ ১.৬ বিলিয়ন ডলার।", "bn", "1600000000 USD"),
        ("It cost 16億ドル.", "ja", "1600000000 USD"),
        ("They bought 50,000 chips.", "en", "50000"),
        ("On 9 April 2025 it was sold.", "en", "04-09"),
        ("It was founded in 2014.", "en", "2014"),
    ],
)
def test_a_figure_has_one_key_in_every_language(text: str, language: str, key: str) -> None:
    assert keys(of(text, language).figures) == [key]


def test_a_figure_that_cannot_be_read_equals_nothing() -> None:
    (lost,) = of("They spent $ million on it.").figures
    assert lost.key == ""
    assert ("figure", "") not in of("They spent $ million on it.").found


def test_what_the_page_hangs_around_the_article_is_left_out() -> None:
    text = f"{LONG} It cost $7.31 billion.\n\nRelated articles\n\nZorblatt sold for $88 million\n"
    found = of(text)
    assert keys(found.figures) == ["7310000000 USD"]
    assert not [one for one in found.words if one.printed == "Zorblatt"]


def test_a_title_has_no_place_in_the_order() -> None:
    found = of(f"Tower cost $5.2 billion\n\n{LONG} It has 81 floors.\n")
    assert [(one.key, one.in_body) for one in found.figures] == [("5200000000 USD", False), ("81", True)]


def test_the_date_at_the_head_is_that_of_the_article_and_no_figure() -> None:
    found = of(f"The tower\n\nApr 12,2025\n\n{LONG}\n")
    assert (found.published, found.figures) == ("2025-04-12", ())


def test_names_are_those_of_the_registry_and_may_be_only_likely() -> None:
    text = "Zorblatt and Quirina agreed."
    found = of(
        text,
        mentions=(Mention(0, 8, "Zorblatt", "zorblatt"), Mention(13, 20, "Quirina", None, "quirina-inc")),
    )
    assert keys(found.names) == ["zorblatt", "quirina-inc"]


@pytest.mark.parametrize(
    ("latin", "other"),
    [
        ("Skagervind", "Скагервинд"),
        ("Vestmark", "वेस्टमार्क"),
        ("Semianalysis", "সেমিয়ানালাইসিস"),
        ("Banfora", "バンフォラ"),
        ("Kestrel", "케스트렐"),
        ("Okafor", "Окафор"),
        ("Lumina", "ルミナ"),
        ("Valmare", "발마레"),
        ("Skagervind", "Скагервиндом"),
    ],
)
def test_a_name_sounds_alike_in_other_letters(latin: str, other: str) -> None:
    assert sound_key(latin) == sound_key(other) != ""


def test_names_that_sound_unlike_have_unlike_keys() -> None:
    assert (
        len(
            {
                sound_key(name)
                for name in ("Skagervind", "Vestmark", "Kestrel", "Okafor", "Ibarra", "H800", "VLP")
            }
        )
        == 7
    )


@pytest.mark.parametrize(
    ("word", "key"), [("H800", "h800"), ("H100s", "h100"), ("MTP", "mtp"), ("the", ""), ("12", "")]
)
def test_short_words_are_compared_as_printed_or_not_at_all(word: str, key: str) -> None:
    assert sound_key(word) == key


def test_a_word_is_a_name_by_its_capital_and_not_by_beginning_a_sentence() -> None:
    found = of(
        "Builders praised Skagervind. Nobody disputes MegaCorp or the builders. Yesterday brought nothing."
    )
    assert [one.printed for one in found.words if one.cased] == ["Skagervind", "MegaCorp"]


def test_words_of_a_figure_are_no_words() -> None:
    assert [one.printed for one in of("Together $1.6 billion.").words] == ["Together"]


def test_a_script_without_capitals_names_nothing() -> None:
    found = of("वेस्टमार्क एनर्जी ने वादा किया था कि स्कागरविंड घरों को बिजली देगा।", "hi")
    assert found.script == "DEVANAGARI"
    assert found.words
    assert not any(one.cased for one in found.words)


def test_runs_of_words_are_hashed_and_letters_where_words_are_not_spaced() -> None:
    same = of(LONG).shingles & of(f"Yesterday. {LONG}").shingles
    assert len(same) > 10
    assert of("该风电场距海岸二十八公里采用名为的浮动基础", "zh").shingles
    assert (
        not of(LONG).shingles & of("A house is a house and a tower is a tower and no more than this").shingles
    )
