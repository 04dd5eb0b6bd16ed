import contextlib
import hashlib
import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.lib.text import (
    HostileText,
    NotCanonical,
    canonical_json,
    check_url,
    clean,
    fold,
    language_tag,
    sha256_text,
    unix_lines,
)

LEGIBLE = ["", " ", "ডিপসিক", "क़र्ज़", "tiếng Việt", "می‌خواهم", "র‍্যাম", "👩‍🔬", "中文", "é"]


@pytest.mark.parametrize("text", LEGIBLE)
def test_clean_leaves_text_of_every_script_alone(text):
    assert clean(text, what="Name") == text


@pytest.mark.parametrize(
    "code", [0x00, 0x07, 0x0D, 0x1B, 0x7F, 0x85, 0x9F, 0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0x10FFFF]
)
@pytest.mark.parametrize("multiline", [False, True])
def test_clean_refuses_controls_surrogates_and_noncharacters(code, multiline):
    with pytest.raises(HostileText, match=rf"^Note: character 3 is U\+{code:04X}, .*\.$"):
        clean("ab" + chr(code), what="Note", multiline=multiline, bidi_ok=True)


@pytest.mark.parametrize("code", [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_clean_refuses_direction_controls_except_in_quotes(code):
    text = f"a{chr(code)}b"
    with pytest.raises(HostileText, match="direction control"):
        clean(text, what="Title")
    assert clean(text, what="Quote", bidi_ok=True) == text


@pytest.mark.parametrize("character", ["\n", "\t", "\u2028"])
def test_clean_takes_lines_only_where_they_are_allowed(character):
    text = f"a{character}b"
    with pytest.raises(HostileText, match="one line"):
        clean(text, what="Title")
    assert clean(text, what="Note", multiline=True) == text


def test_clean_strips_only_when_asked():
    assert clean(" a ", what="Name") == " a "
    assert clean(" a\n", what="Name", strip=True) == "a"


def test_unix_lines():
    assert unix_lines("a\r\nb\rc\n") == "a\nb\nc\n"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp"])))
def test_clean_never_alters(text):
    assert clean(text, what="Text") == text


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "HTTPS://Example.org/",
        "https://bn.wikipedia.org/wiki/কৃত্রিম_বুদ্ধিমত্তা",
        "https://[2001:db8::1]/",
        "https://example.org/?to=me@example.org",
        "https://example.org/" + "a" * 1980,
    ],
)
def test_url_is_returned_unchanged(url):
    assert check_url(url) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "must start with"),
        ("example.org", "must start with"),
        ("//example.org/", "must start with"),
        ("javascript:alert(1)", "must start with"),
        ("file:///etc/passwd", "must start with"),
        ("https://", "no host"),
        ("https:///path", "no host"),
        ("https://:80/", "no host"),
        ("https://./", "no host"),
        ("https://user@example.org/", "before @"),
        ("https://user:secret@example.org/", "before @"),
        ("https://example.org/a b", r"U\+0020"),
        ("java\nscript:alert(1)", r"U\+000A"),
        ("https://example.org\\@evil.test/", r"U\+005C"),
        ("https://example.org/\u202egpj", r"U\+202E"),
        ("https://example.org/\x00", r"U\+0000"),
        ("https://exam\u200bple.org/", r"U\+200B"),
        ("https://example.org:99999/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://example.org/" + "a" * 1981, "too many"),
    ],
)
def test_url_is_refused_with_the_reason(url, reason):
    with pytest.raises(HostileText, match=reason):
        check_url(url)


@given(st.text(alphabet="htps:/@[]\\.?#% aé①", max_size=30).map("http".__add__))
def test_check_url_raises_hostile_text_only(url):
    with contextlib.suppress(HostileText):
        assert check_url(url) == url


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [
        ("en", "en"),
        ("BN", "bn"),
        ("zh-hant", "zh-Hant"),
        ("ZH-hANT-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("zh-yue-HK", "zh-yue-HK"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-1996", "de-1996"),
        ("hi-u-NU-deva-x-Web", "hi-u-nu-deva-x-web"),
    ],
)
def test_language_tag_takes_canonical_case(tag, canonical):
    assert language_tag(tag) == canonical
    assert language_tag(canonical) == canonical


@pytest.mark.parametrize(
    "tag",
    ["", "e", "en_US", "en-", "-en", "en--us", "english-us-u", "i-klingon", "x-ours", "en\n", "বাংলা",
     "de-1996-1996", "en-u-nu-latn-u-ca-gregory", "en-us-us", "K" * 61, "\u212a\u212a"],
)  # fmt: skip
def test_malformed_language_tags_are_refused(tag):
    with pytest.raises(HostileText, match="BCP 47"):
        language_tag(tag)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đồng  Việt Nam\n", "dong viet nam"),
        ("ĐẰNG", "dang"),
        ("Łódź, Ørsted, İstanbul, Straße", "lodz, orsted, istanbul, strasse"),
        ("৫০ हज़ार ५० ٥٠ ５０", "50 हज\u093cार 50 50 50"),
        ("কিলোমিটার", "কিলোমিটার"),
        ("ＧＰＵ ﬁ ℏ", "gpu fi h"),
        ("10² ½ GeForce™", "10² ½ geforce™"),
        ("র‍্যাম", "র্যাম"),
        ("й Й", "й й"),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("বিক্রয়", "বিক্র\u09dfে"[:-1]),
        ("\u09df", "\u09af\u09bc"),
        ("\u0958", "\u0915\u093c"),
        ("ko\u0302\u0301", "k\u1ed1"),
        ("\u09cb", "\u09c7\u09be"),
    ],
)
def test_spellings_of_one_word_fold_alike(one, other):
    assert fold(one) == fold(other)


def test_fold_keeps_words_apart_that_differ_in_a_vowel_sign():
    assert fold("কিল") != fold("কল")


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_normal_forms_fold_alike(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_sha256_is_of_the_utf8_bytes():
    assert sha256_text("টাকা") == hashlib.sha256("টাকা".encode()).hexdigest()
    with pytest.raises(HostileText, match="character 2"):
        sha256_text("a\ud800")


def test_canonical_json_is_sorted_dense_and_unescaped():
    assert (
        canonical_json({"b": [1, None, True], "a": {"z": "৫০", "é": ""}})
        == '{"a":{"z":"৫০","é":""},"b":[1,null,true]}'
    )


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (1.5, r"\$: 1\.5 is a float"),
        ({"value": {"amounts": ["1", float("nan")]}}, r"\$\.value\.amounts\[1\]: nan is a float"),
        ({"a": {1: "x"}}, r"\$\.a: the key 1 is int"),
        ({"a": ["x\ud800"]}, r"\$\.a\[0\]: character 2"),
        ({"\udfff": 1}, r"\$: the key"),
        ({"a": Decimal(1)}, r"\$\.a: Decimal"),
        ({"a": {1, 2}}, r"\$\.a: set"),
        ({"a": b"x"}, r"\$\.a: bytes"),
    ],
)
def test_canonical_json_names_the_path_of_the_fault(value, path):
    with pytest.raises(NotCanonical, match=path):
        canonical_json(value)


def test_canonical_json_refuses_what_contains_itself():
    value: list[object] = []
    value.append(value)
    with pytest.raises(NotCanonical, match="deeper"):
        canonical_json(value)


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('ab"\\é\n', max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(trees)
def test_canonical_json_can_be_read_back_and_is_stable(value):
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text
    assert text.encode("utf-8")
