import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.lib.refs import (
    CROCKFORD,
    PREFIXES,
    REF_PATTERN,
    SLUG_PATTERN,
    SlugError,
    check_slug,
    is_ref,
    kind_of,
    new_ref,
)


@pytest.mark.parametrize("kind", PREFIXES)
def test_new_ref_says_its_kind(kind):
    ref = new_ref(kind)
    assert is_ref(ref)
    assert is_ref(ref, kind)
    assert kind_of(ref) == kind
    assert re.fullmatch("[a-z][0-9][0123456789abcdefghjkmnpqrstvwxyz]{8}", ref)


def test_new_refs_differ():
    assert len({new_ref("claim") for _ in range(1000)}) == 1000


def test_new_refs_use_the_whole_alphabet():
    tails = [new_ref("claim") for _ in range(1000)]
    assert {character for ref in tails for character in ref[2:]} == set(CROCKFORD)
    assert {ref[1] for ref in tails} == set("0123456789")


def test_new_ref_of_an_unknown_kind_is_a_key_error():
    with pytest.raises(KeyError):
        new_ref("edition")


def test_kinds_have_letters_of_their_own():
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@pytest.mark.parametrize(
    "text",
    ["", "c7k2m9qx4", "c7k2m9qx4tt", "C7k2m9qx4t", "ck2m9qx4t7", "c7k2m9qxit", "c7k2m9qx4t\n", "c৭k2m9qx4t"],
)
def test_other_text_is_no_ref(text):
    assert not is_ref(text)
    assert kind_of(text) is None


def test_ref_of_another_kind():
    assert not is_ref("c7k2m9qx4t", "source")
    assert is_ref("z7k2m9qx4t")
    assert kind_of("z7k2m9qx4t") is None


@pytest.mark.parametrize("slug", ["a", "0", "training-cost", "deepseek-v3", "a" * 100])
def test_slug_is_returned_unchanged(slug):
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("a" * 101, "at most 100"),
        ("Training", "no slug"),
        ("training_cost", "no slug"),
        ("-a", "no slug"),
        ("a--b", "no slug"),
        ("a-", "no slug"),
        ("giá", "no slug"),
        ("a\n", "no slug"),
        ("c7k2m9qx4t", "form of a ref"),
    ],
)
def test_slug_is_refused_with_the_reason(text, reason):
    with pytest.raises(SlugError, match=reason):
        check_slug(text)


@given(st.from_regex(SLUG_PATTERN, fullmatch=True).filter(lambda slug: len(slug) <= 100))
def test_a_slug_is_a_slug_or_a_ref(text):
    assert is_ref(text) or check_slug(text) == text


@given(st.from_regex(REF_PATTERN, fullmatch=True))
def test_no_ref_is_a_slug(text):
    with pytest.raises(SlugError):
        check_slug(text)
