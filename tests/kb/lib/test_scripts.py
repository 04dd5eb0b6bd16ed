import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.lib.scripts import fold_in_place, is_gap, joined, kind_of, script_of, squeeze, starts_sentence

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_folding_in_place_keeps_every_position(text):
    folded = fold_in_place(text)
    assert len(folded) == len(text)
    assert fold_in_place(folded) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [("২,০৪৮ Ａｂ", "2,048 ab"), ("Đô La", "đô la"), ("x\u00a0y", "x y"), ("İ", "İ"), ("ß", "ß"), ("①", "①")],
)
def test_folding_in_place_of_digits_case_width_and_spaces(text, folded):
    assert fold_in_place(text) == folded


@given(TEXT)
def test_each_squeezed_letter_stands_where_it_says(text):
    page = squeeze(text)
    places = [(page.start(index), page.stop(index)) for index in range(len(page.letters))]
    assert all(0 <= start <= stop <= len(text) for start, stop in places)
    assert places == sorted(places)
    for (start, stop), letter in zip(places, page.letters, strict=True):
        if stop - start == 1 and unicodedata.is_normalized("NFC", text):
            assert squeeze(text[start:stop]).letters == letter


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["Lương Văn Phong", "এনভিডিয়া", "क़र्ज़", "디プ", "é̂ x"])
def test_squeezing_forgets_normal_forms_and_keeps_the_texts_own_places(form, text):
    page = squeeze(unicodedata.normalize(form, text))
    assert page.letters == squeeze(text).letters
    whole = unicodedata.normalize(form, text)
    parts = [whole[page.start(index) : page.stop(index)] for index in range(len(page.letters))]
    assert unicodedata.normalize("NFC", "".join(parts)).replace(" ", "") == unicodedata.normalize(
        "NFC", text
    ).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("A-4\u00a0b", "a4b"),
        ("A\u20114", "a4"),
        ("サム・アルトマン", "サムアルトマン"),
        ("می\u200cخواهم", "میخواهم"),
        ("كتاب", "کتاب"),
        ("مُحَمَّد", "محمد"),
        ("İstanbul ısı", "istanbulisi"),
        ("র\u200d্যাম", "র্যাম"),
        ("l’or", "l'or"),
    ],
)
def test_squeezing_leaves_out_what_comes_and_goes_in_a_name(text, letters):
    assert squeeze(text).letters == letters


def test_breaks_are_the_letters_after_something_left_out():
    page = squeeze("ab c--d")
    assert page.breaks(0, 3) == [2, 3]
    assert page.breaks(2, 3) == [3]
    assert page.breaks(0, 1) == []


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("abc", 1, True),
        ("a4", 1, True),
        ("4a", 1, True),
        ("42", 1, True),
        ("৪2", 1, True),
        ("৪টি", 1, False),
        ("a b", 1, False),
        ("a-b", 1, False),
        ("AI芯片", 2, False),
        ("芯片", 1, False),
        ("GPU를", 3, False),
        ("한글", 1, True),
        ("タワ", 1, True),
        ("ア・ア", 1, False),
        ("ราคา", 1, False),
        ("ดี", 1, True),
        ("কি", 1, True),
        ("কিন", 2, True),
        ("কিx", 2, False),
        ("é\u0301x", 2, True),
        ("AIе", 2, False),
        ("AIের", 2, True),
        ("", 0, False),
        ("a", 0, False),
        ("a", 1, False),
    ],
)
def test_where_words_hold_together(text, at, expected):
    assert joined(text, at) is expected


def test_kinds_and_scripts():
    assert [kind_of(one) for one in "aি৪芯ア・ก-"] == [
        "letter",
        "mark",
        "digit",
        "ideograph",
        "kana",
        "other",
        "unspaced",
        "other",
    ]
    assert [script_of(one) for one in "aকি芯가4-"] == ["LATIN", "BENGALI", "BENGALI", "CJK", "HANGUL", "", ""]
    assert [is_gap(one) for one in " \u00a0-–・\na."] == [True] * 6 + [False] * 2


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [("Ab", 0, True), ("x. Ab", 3, True), ("x, Ab", 3, False), ("x\n“Ab", 3, True), ("শেষ। আর", 5, True)],
)
def test_where_a_sentence_begins(text, at, expected):
    assert starts_sentence(text, at) is expected
