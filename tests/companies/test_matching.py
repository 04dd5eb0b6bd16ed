"""Names found in texts of every script: what is asserted, what is proposed, what is left alone."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.actions import NameDraft
from companies.matching import Matcher, Mention, Spelling
from companies.models import Name
from tests.building import an_entity

NAMES = [
    Spelling("DeepSeek", "deepseek", "en"),
    Spelling("ডিপসেক", "deepseek", "bn", "misspelling"),
    Spelling("ডিপসিক", "deepseek", "bn"),
    Spelling("दीपसेक", "deepseek", "hi"),
    Spelling("深度求索", "deepseek", "zh"),
    Spelling("딥시크", "deepseek", "ko"),
    Spelling("ディープシーク", "deepseek", "ja"),
    Spelling("ديب سيك", "deepseek", "ar"),
    Spelling("டீப்சீக்", "deepseek", "ta"),
    Spelling("డీప్‌సీక్", "deepseek", "te"),
    Spelling("ડીપસીક", "deepseek", "gu"),
    Spelling("Дипсик", "deepseek", "ru"),
    Spelling("Nvidia", "nvidia", "en"),
    Spelling("এনভিডিয়া", "nvidia", "bn"),
    Spelling("एनवीडिया", "nvidia", "hi"),
    Spelling("Нвидия", "nvidia", "ru"),
    Spelling("Nvidia H800", "h800", "en"),
    Spelling("H800", "h800", "en", "alias"),
    Spelling("Nvidia A100", "a100", "en"),
    Spelling("A100", "a100", "en", "alias"),
    Spelling("DeepSeek-V3", "deepseek-v3", "en"),
    Spelling("V3", "deepseek-v3", "en", "abbreviation"),
    Spelling("DeepSeek-R1", "deepseek-r1", "en"),
    Spelling("আর 1", "deepseek-r1", "bn", "abbreviation"),
    Spelling("OpenAI", "openai", "en"),
    Spelling("Meta", "meta", "en"),
    Spelling("Orca", "orca", "en"),
    Spelling("The Register", "the-register", "en"),
    Spelling("Liang Wenfeng", "liang-wenfeng", "en"),
    Spelling("Lương Văn Phong", "liang-wenfeng", "vi"),
    Spelling("SemiAnalysis", "semianalysis", "en"),
    Spelling("ChatGPT", "chatgpt", "en"),
]
MATCHER = Matcher(NAMES)


def said(text: str, language: str | None = None, matcher: Matcher = MATCHER) -> list[tuple[str, str | None]]:
    """(printed, entity) of each mention, after checking that the places hold what is printed."""
    found = matcher.find(text, language)
    assert all(text[one.start : one.end] == one.printed for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    return [(one.printed, one.entity) for one in found]


def proposed(text: str, matcher: Matcher = MATCHER) -> list[tuple[str, str | None]]:
    return [(one.printed, one.likely) for one in matcher.find(text) if one.entity is None]


def test_a_mention_says_where_it_stands_and_leaves_the_ending_out():
    text = "নতুন ডিপসেকের দাম"
    assert MATCHER.find(text) == [Mention(5, 11, "ডিপসেক", "deepseek")]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ডিপসিকের ব্যয়", "ডিপসিক"),
        ("ডিপসেককেও বলা হয়", "ডিপসেক"),
        ("DeepSeek-এর দাম", "DeepSeek"),
        ("DeepSeekের দাম", "DeepSeek"),
        ("दीपसेक ने कहा", "दीपसेक"),
        ("दीपसेकने सांगितले", "दीपसेक"),
        ("दीपसेकको मूल्य", "दीपसेक"),
        ("딥시크는 말했다", "딥시크"),
        ("딥시크에서 나온", "딥시크"),
        ("DeepSeek은 새 모델", "DeepSeek"),
        ("ディープシークは発表した", "ディープシーク"),
        ("公司深度求索发布", "深度求索"),
        ("وديب سيك أعلنت", "ديب سيك"),
        ("شرکت DeepSeek‌ها", "DeepSeek"),
        ("டீப்சீக்கின் விலை", "டீப்சீக்"),
        ("டீப்சீக் நிறுவனம்", "டீப்சீக்"),
        ("డీప్‌సీక్‌కు ధర", "డీప్‌సీక్"),
        ("డీప్సీక్ ధర", "డీప్సీక్"),
        ("ડીપસીકના ભાવ", "ડીપસીક"),
        ("стоимость Дипсика", "Дипсик"),
        ("DeepSeek's price", "DeepSeek"),
        ("DeepSeek’s price", "DeepSeek"),
        ("DEEPSEEK wins", "DEEPSEEK"),
        ("Ｄｅｅｐｓｅｅｋ 值", "Ｄｅｅｐｓｅｅｋ"),
        ("Deep Seek's price", "Deep Seek"),
        ("DeepSeek'in fiyatı", "DeepSeek"),
        ("#DeepSeek", "DeepSeek"),
        ("(DeepSeek)", "DeepSeek"),
    ],
)
def test_a_name_is_found_in_its_languages_dress(text, printed):
    assert said(text) == [(printed, "deepseek")]


@pytest.mark.parametrize(
    "text",
    [
        "deepseeker",
        "ডিপসেকার",
        "딥시크릿",
        "ディープシークレット",
        "xDeepSeek",
        "DeepSeek2",
        "MetaOrca",
        "metadata",
    ],
)
def test_a_name_inside_another_word_is_no_name(text):
    assert not [one for one in MATCHER.find(text) if one.entity]


def test_a_stem_that_changes_is_reported_in_its_case():
    assert said("акции Нвидии и Нвидию") == [("Нвидии", "nvidia"), ("Нвидию", "nvidia")]


def test_a_language_adds_endings_to_latin_names():
    assert said("Nvidianın çipleri", "tr") == [("Nvidia", "nvidia")]
    assert said("Nvidian sirut", "fi") == [("Nvidia", "nvidia")]
    assert not [one for one in MATCHER.find("Nvidian") if one.entity]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_normal_forms_are_one_name_and_offsets_are_the_texts_own(form):
    text = unicodedata.normalize(form, "Ông Lương Văn Phong nói")
    assert said(text) == [(unicodedata.normalize(form, "Lương Văn Phong"), "liang-wenfeng")]
    assert said("এনভিডি\u09dfার") == [("এনভিডি\u09dfা", "nvidia")]
    assert said("এনভিডি\u09af\u09bcার") == [("এনভিডি\u09af\u09bcা", "nvidia")]


WRITTEN = ["H800", "H 800", "H-800", "H\u2011800", "H\u00a0800", "h800", "এইচ 800", "এইচ ৮০০", "এইচ-৮০০"]


@pytest.mark.parametrize("printed", [*WRITTEN, "एच 800", "एच800", "એચ 800", "ایچ 800"])
def test_a_model_number_is_one_name_however_it_is_written(printed):
    assert said(f"x {printed}, y") == [(printed, "h800")]


@pytest.mark.parametrize("text", ["H8000", "H80", "XH800", "এইচ 8000", "A 100 people", "in a 100"])
def test_another_number_is_another_name(text):
    assert not [one for one in MATCHER.find(text) if one.entity]


def test_the_longest_name_wins():
    assert said("Nvidia H800 and Nvidia") == [("Nvidia H800", "h800"), ("Nvidia", "nvidia")]
    assert said("DeepSeek V3, DeepSeekV3, Deepseek-V3")[0] == ("DeepSeek V3", "deepseek-v3")


def test_a_makers_name_before_a_models_is_one_name_in_any_script():
    assert said("ডিপসেক ভি 3 নিউরাল") == [("ডিপসেক ভি 3", "deepseek-v3")]
    assert said("दीपसेक वी 3") == [("दीपसेक वी 3", "deepseek-v3")]
    assert said("深度求索V3") == [("深度求索V3", "deepseek-v3")]
    assert said("এনভিডিয়া এইচ 800 জিপিইউ") == [("এনভিডিয়া এইচ 800", "h800")]
    assert said("এনভিডিয়া এ 100 চিপ") == [("এনভিডিয়া এ 100", "a100")]
    assert said("এ 100 জন") == []


def test_a_name_too_short_to_stand_alone_needs_its_maker_in_the_text():
    assert said("DeepSeek released it. V3 is cheap") == [("DeepSeek", "deepseek"), ("V3", "deepseek-v3")]
    assert MATCHER.find("The V3 rocket") == [Mention(4, 6, "V3", None, "deepseek-v3")]
    assert said("DeepSeek. A v3 engine") == [("DeepSeek", "deepseek")]


def test_and_one_million_is_no_model():
    assert said("ডিপসিক আর 1 মিলিয়ন ডলার") == [("ডিপসিক", "deepseek")]
    assert said("ডিপসিক আর 1.5 কোটি") == [("ডিপসিক", "deepseek")]
    assert said("ডিপসিকের আর 1 এর জন্য") == [("ডিপসিক", "deepseek"), ("আর 1", "deepseek-r1")]


def test_a_word_is_a_name_by_its_capital_only():
    assert said("they met Meta and the orca") == [("Meta", "meta")]
    assert said("the register of The Register") == [("The Register", "the-register")]
    assert said("an open AI model by Open AI") == [("Open AI", "openai")]


def test_a_word_at_the_start_of_a_sentence_needs_the_name_elsewhere():
    assert MATCHER.find("Orca whales swim.") == [Mention(0, 4, "Orca", None, "orca")]
    assert said("Orca is out. We tried Orca.") == [("Orca", "orca"), ("Orca", "orca")]


def test_small_letters_are_a_name_where_the_text_names_it_otherwise():
    assert said("nvidia fell") == []
    assert said("nvidia fell; Nvidia rose") == [("nvidia", "nvidia"), ("Nvidia", "nvidia")]
    assert said("nvidia sells the h800") == [("nvidia", "nvidia"), ("h800", "h800")]


def test_a_version_that_nobody_registered_is_proposed_never_asserted():
    assert MATCHER.find("DeepSeek-V3.2-Exp works") == [
        Mention(0, 17, "DeepSeek-V3.2-Exp", None, "deepseek-v3")
    ]
    assert proposed("DeepSeek-R1-Zero") == [("DeepSeek-R1-Zero", "deepseek-r1")]
    assert said("an H800-based rig") == [("H800", "h800")]
    assert said("die H800-Karten", "de") == [("H800", "h800")]
    assert said("It has the H800. And") == [("H800", "h800")]


def test_addresses_name_nobody():
    assert said("see https://www.openai.com/chatgpt, deepseek.com or x@openai.com") == []
    assert said("OpenAI/Nvidia deal") == [("OpenAI", "openai"), ("Nvidia", "nvidia")]
    own = Matcher([Spelling("ensigame.com", "ensigame")])
    assert said("image: ensigame.com", matcher=own) == [("ensigame.com", "ensigame")]


def shared(*more: Spelling) -> Matcher:
    return Matcher(
        [
            Spelling("Mercury", "mercury-chip", "en"),
            Spelling("Mercury", "mercury-bank", "en"),
            Spelling("Mercury Bank", "mercury-bank", "en", "alias"),
            *more,
        ]
    )


def test_a_spelling_of_two_entities_goes_to_the_one_named_elsewhere():
    assert said("Mercury Bank rose; the Mercury", matcher=shared()) == [
        ("Mercury Bank", "mercury-bank"),
        ("Mercury", "mercury-bank"),
    ]
    (open_,) = shared().find("then Mercury")
    assert (open_.entity, open_.likely in {"mercury-chip", "mercury-bank"}) == (None, True)


def test_a_dash_or_a_paragraph_parts_two_names():
    assert said("Nvidia — H800") == [("Nvidia", "nvidia"), ("H800", "h800")]
    assert said("Nvidia\n\nH800") == [("Nvidia", "nvidia"), ("H800", "h800")]
    assert said("Liang\nWenfeng") == [("Liang\nWenfeng", "liang-wenfeng")]


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("bài của TATGPT", ("TATGPT", "chatgpt")),
        ("by Semianalysys today", ("Semianalysys", "semianalysis")),
        ("दावा डीपसीक का", ("डीपसीक", "deepseek")),
        ("সেমিয়ানালাইসিসের মতে", ("সেমিয়ানালাইসিস", "semianalysis")),
        ("сообщил Семианализис", ("Семианализис", "semianalysis")),
    ],
)
def test_what_looks_or_sounds_like_a_name_is_proposed(text, likely):
    assert proposed(text) == [likely]


@pytest.mark.parametrize(
    "text", ["Obligame.com", "the Analysis", "a chat about", "प्रदर्शन दर्शाता", "Semifinals Deepen Seekers"]
)
def test_what_merely_begins_alike_is_not_proposed(text):
    assert proposed(text) == []


PIECES = [
    "DeepSeek",
    "V3",
    "R1",
    "-",
    " ",
    "\n",
    "\u200d",
    "\u09bf",
    "এইচ",
    "800",
    ".1",
    "আর",
    "%",
    "ের",
    "TATGPT",
    "İ",
    "e\u0301",
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=16).map("".join))
def test_any_text_has_mentions_in_order_that_say_what_is_printed(text):
    assert all(printed for printed, _entity in said(text))


def test_an_empty_registry_finds_nothing():
    assert Matcher([]).find("DeepSeek") == []
    assert Matcher([Spelling("7", "seven"), Spelling("x", "x"), Spelling("2048", "n")]).find("7 x 2048") == []


def test_no_place_is_lost_over_ten_thousand_names():
    many = [Spelling(f"Zeta{number}x Qorvane", f"e{number}") for number in range(10_000)]
    matcher = Matcher([*many, *NAMES])
    assert said("Zeta77x Qorvane, Nvidia", matcher=matcher) == [
        ("Zeta77x Qorvane", "e77"),
        ("Nvidia", "nvidia"),
    ]


def _seed(shared_folder, start: str) -> str:
    return next((shared_folder / "seeds").glob(f"{start}*")).read_text(encoding="utf-8")


def test_the_garbled_names_of_the_seeds_are_proposed(shared_folder):
    right = [one for one in NAMES if one.role != "misspelling"]
    garbled = {
        one for start in ("000", "003") for one in proposed(_seed(shared_folder, start), Matcher(right))
    }
    assert {("ডিপসেক", "deepseek"), ("TATGPT", "chatgpt")} <= garbled
    assert {slug for _printed, slug in garbled} <= {"deepseek", "chatgpt", "semianalysis"}


@pytest.fixture(name="shared_folder")
def _shared_folder(shared):
    return shared


@pytest.mark.django_db
def test_the_desks_names_are_spellings_and_a_merged_entitys_are_its_heirs():
    heir = an_entity("ajax", names=[NameDraft(text="Ajax", language="en")])
    old = an_entity("ayax", names=[NameDraft(text="Ayax", language="es", role="misspelling")])
    old.merged_into = heir
    old.save()
    found: Sequence[Spelling] = Name.objects.spellings()
    assert set(found) == {
        Spelling("Ajax", "ajax", "en", "label"),
        Spelling("Ayax", "ajax", "es", "misspelling"),
    }
