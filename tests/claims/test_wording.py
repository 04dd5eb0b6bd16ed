"""Sentences made from the structure of claims."""

from claims.ledger.joining import Said
from claims.wording import sentence, sentence_html, value_text, when, when_text
from tests.claims.story import (
    BANNED,
    COST,
    DEEPSEEK,
    H800,
    HIGH_FLYER,
    RELEASED,
    SPUN_OFF,
    V3,
    claim,
    entity,
    prop,
)


def test_sentence_fills_the_pattern_of_the_property():
    assert (
        sentence(claim("c1", DEEPSEEK, SPUN_OFF, entity=HIGH_FLYER), "en") == "High-Flyer spun off DeepSeek"
    )
    assert (
        sentence(claim("c1", H800, BANNED, text="China"), "en")
        == "Nvidia H800 was banned from export to China"
    )
    assert (
        sentence(claim("c1", V3, RELEASED, time="2024-12-26"), "en")
        == "DeepSeek-V3 was released on 26 December 2024"
    )


def test_sentence_begins_with_a_capital_and_keeps_names():
    assert sentence(claim("c1", V3, COST, amount="6000000", comparator="approx"), "en") == (
        "Training DeepSeek-V3 cost about $6 million"
    )
    assert (
        sentence(claim("c1", entity("x", "iFlytek"), prop("p", "staff"), text="many"), "en")
        == "iFlytek: staff many"
    )


def test_sentence_without_a_pattern_is_subject_label_value():
    assert (
        sentence(claim("c1", V3, prop("layers", "layers"), amount="61", unit=None), "en")
        == "DeepSeek-V3: layers 61"
    )


def test_sentence_names_an_unknown_asserter():
    pattern = prop("opinion", "opinion", "{asserter} on {subject}: {value}")
    assert sentence(claim("c1", V3, pattern, text="cheap"), "en") == "An unnamed source on DeepSeek-V3: cheap"


def test_sentence_html_escapes_every_part():
    nasty = claim("c1", entity("x", "<b>X</b>"), prop("p", "p", "<i>{subject}</i> {value}"), text="<script>")
    html = sentence_html(nasty, "en", lambda one: '"><script>')
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html


def test_sentence_html_links_entities_and_names_their_language():
    said = claim("c1", entity("x", "深度求索", language="zh"), SPUN_OFF, entity=HIGH_FLYER)
    assert sentence_html(said, "en", lambda one: f"/{one['slug']}/") == (
        '<a href="/high-flyer/">High-Flyer</a> spun off <a href="/x/" lang="zh">深度求索</a>'
    )


def test_sentence_html_marks_words_of_a_fallback_language():
    pattern = prop("p", "p", "{subject} was seen in {value}")
    pattern["sentence"] = Said.of({"en": "{subject} was seen in {value}"}, "bn")
    html = sentence_html(claim("c1", V3, pattern, text="China"), "bn")
    assert '<span lang="en"> was seen in </span>' in html


def test_a_sentence_inside_a_link_has_no_links_and_marks_other_languages():
    said = claim("c1", entity("x", "深度求索", language="zh"), COST, amount="6000000")
    assert sentence_html(said, "en") == (
        'Training <span lang="zh">深度求索</span> cost <span class="figure">$6 million</span>'
    )


def test_value_says_every_comparator():
    said = {
        comparator: value_text(claim("c1", V3, COST, amount="5", comparator=comparator), "en")
        for comparator in ("eq", "approx", "gt", "ge", "lt", "le")
    }
    assert said == {
        "eq": "$5", "approx": "about $5", "gt": "more than $5", "ge": "at least $5", "lt": "less than $5",
        "le": "at most $5",
    }  # fmt: skip
    assert (
        value_text(claim("c1", V3, COST, amount="5", upper_amount="7", comparator="range"), "en")
        == "$5 to $7"
    )


def test_value_that_is_not_known_is_said_not_left_out():
    assert value_text(claim("c1", V3, COST, kind="undisclosed"), "en") == "not disclosed"
    assert value_text(claim("c1", V3, COST, kind="none"), "en") == "none"
    assert value_text(claim("c1", V3, COST, kind="unknown"), "en") == "not known"


def test_when_prefers_the_value_then_the_point_then_the_span():
    assert when_text(claim("c1", V3, RELEASED, time="2024", on="2023"), "en") == "2024"
    assert when_text(claim("c1", V3, COST, amount="1", on="2023-05"), "en") == "May 2023"
    spanned = claim("c1", V3, COST, amount="1") | {
        "valid_from": {"edtf": "2023-10", "earliest": "2023-10-01", "latest": "2023-10-31"}
    }
    assert when(spanned) == {"edtf": "2023-10/..", "earliest": "2023-10-01", "latest": None}
    assert when(claim("c1", V3, COST, amount="1")) is None
