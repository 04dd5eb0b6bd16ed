"""What is suggested for a figure, and why: in several languages, with the smallest base that proves it."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from claims.extraction.reading import read
from claims.extraction.results import Mention, Reading
from claims.suggesting.known import Knowledge, KnownClaim, KnownProperty, KnownQuote, KnownTerm
from claims.suggesting.results import Suggestion
from claims.suggesting.suggest import suggest
from claims.suggesting.values import figure_in
from claims.suggesting.words import Vocabulary, Word, phrases, sentence_at, stems

TAX = tuple(
    KnownTerm("tax", slug, (label,)) for slug, label in (("before", "before tax"), ("after", "after tax"))
)
FEE = KnownProperty(
    "fee", "amount", "currency", ("company",), ("transfer fee", "phí chuyển nhượng", "দলবদলের ফি"), TAX
)
WAGE = KnownProperty("wage", "amount", "currency", ("company", "person"), ("yearly wage", "lương"))
SEATS = KnownProperty("seats", "amount", "count", ("facility",), ("seats", "stadium capacity"))
FOUNDED = KnownProperty("founded", "time", "", ("company",), ("founded",))
PLAYS_FOR = KnownProperty("plays-for", "entity", "", ("person",), ("plays for",))
NICKNAME = KnownProperty("nickname", "text", "", (), ("nickname",))
KINDS = {"ajax": "company", "boca": "company", "the-dell": "facility", "ann": "person"}
NAMES = {"Ajax": "ajax", "Boca": "boca", "The Dell": "the-dell", "Ann": "ann"}
EVERYTHING = (FEE, WAGE, SEATS, FOUNDED, PLAYS_FOR, NICKNAME)


def reading_of(text: str, language: str = "en") -> Reading:
    mentions = sorted(
        (
            Mention(at, at + len(name), name, slug)
            for name, slug in NAMES.items()
            for at in range(len(text))
            if text.startswith(name, at)
        ),
        key=lambda one: one.start,
    )
    return read(text, language, mentions)


def about(text: str, printed: str, *, language: str = "en", who: str = "", **known: Any) -> Suggestion:
    values: dict[str, Any] = {"kinds": KINDS, "properties": EVERYTHING} | known
    start = text.index(printed)
    span = (start, start + len(printed))
    return suggest(text, reading_of(text, language), Knowledge(**values), span, who=who)


def money(ref: str, amount: str, subject: str = "ajax", prop: str = "fee", **changes: Any) -> KnownClaim:
    value = Decimal(amount)
    values: dict[str, Any] = {"comparator": "eq", "amount": value, "lower": value, "upper": value} | changes
    return KnownClaim(ref, subject, prop, base_unit="EUR", **values)


TEXT = "Ajax paid a transfer fee of €5 million for Ann. Boca was not amused.\nIn 1900 it was founded."


# Claims with the same value -------------------------------------------------------------------------------


def test_a_claim_of_the_same_value_is_found_whatever_its_property() -> None:
    found = about(TEXT, "€5 million", claims=[money("c1", "5000000"), money("c2", "6000000")])
    assert [(one.claim.ref, one.nearness, one.named) for one in found.matches] == [("c1", "same", "who")]


def test_those_about_whom_the_sentence_names_come_first() -> None:
    claims = [
        money("c1", "5000000", "the-club-nobody-named"), money("c2", "5000000", "boca"), money("c3", "5000000"),
        money("c4", "5000000", deprecated=True),
    ]  # fmt: skip
    found = about(TEXT, "€5 million", claims=claims)
    assert [(one.claim.ref, one.named) for one in found.matches] == [
        ("c3", "who"), ("c4", "who"), ("c2", "text"), ("c1", ""),
    ]  # fmt: skip


def test_a_claim_about_nobody_in_the_text_needs_words_that_speak_for_it() -> None:
    stranger = money("c1", "5000000", "the-club-nobody-named")
    assert about(TEXT, "€5 million", claims=[stranger]).matches
    assert not about("They talked of €5 million at noon.", "€5 million", claims=[stranger]).matches


def test_another_currency_is_another_value() -> None:
    dollars = replace(money("c1", "5000000"), base_unit="USD")
    assert not about(TEXT, "€5 million", claims=[dollars]).matches


def test_an_interval_that_holds_the_figure_overlaps() -> None:
    about_five = money("c1", "5200000", comparator="approx", lower=Decimal(4900000), upper=Decimal(5500000))
    assert [one.nearness for one in about(TEXT, "€5 million", claims=[about_five]).matches] == ["overlaps"]


def test_a_bound_is_the_same_as_its_bound_and_not_as_what_it_allows() -> None:
    text = "Ajax paid a fee of more than €5 million."
    bound = money("c1", "5000000", comparator="gt", upper=None)
    allowed = money("c2", "9000000")
    found = about(text, "€5 million", claims=[bound, allowed])
    assert [(one.claim.ref, one.nearness) for one in found.matches] == [("c1", "same")]
    assert found.contrasts == ()


def test_dates_match_claims_about_whom_is_named_by_any_time_they_have() -> None:
    when = KnownClaim("c1", "ajax", "founded", times=("1900-03-18",))
    told = KnownClaim("c2", "boca", "plays-for", times=("1900",))
    never = KnownClaim("c3", "the-club-nobody-named", "founded", times=("1900",))
    found = about(TEXT, "1900", claims=[when, told, never])
    assert {(one.claim.ref, one.nearness) for one in found.matches} == {("c1", "overlaps"), ("c2", "same")}


def test_a_suspect_figure_matches_nothing_and_still_has_a_place() -> None:
    text = "Ajax paid a transfer fee of million মিলিয়ন ডলার."
    reading = reading_of(text, "bn")
    suspects = [one for one in reading.figures if one.suspect]
    assert suspects
    known = Knowledge(KINDS, EVERYTHING, [money("c1", "1000000")])
    found = suggest(text, reading, known, (suspects[0].start, suspects[0].end))
    assert found.matches == ()
    assert found.who[0] == "ajax"


def test_words_without_a_figure_match_claims_whose_value_they_name() -> None:
    text = "Last year Ann joined Boca."
    claim = KnownClaim("c1", "ann", "plays-for", about="boca")
    found = about(text, "Boca", claims=[claim])
    assert (found.about, found.who) == (("boca",), ("ann",))
    assert [one.claim.ref for one in found.matches] == ["c1"]
    assert [one.property for one in found.properties] == ["plays-for"]


# Whom it is about -----------------------------------------------------------------------------------------


def test_the_nearest_of_the_sentence_comes_first() -> None:
    assert about("Ajax sold her to Boca for €5 million.", "€5 million").who == ("boca", "ajax")


def test_nobody_in_the_sentence_means_the_most_named_before() -> None:
    found = about("Ajax met Boca. Ajax won. The fee was €5 million.", "€5 million")
    assert (found.who[0], found.carried) == ("ajax", True)


def test_a_kind_that_no_fitting_property_takes_goes_behind() -> None:
    assert about("Ajax filled The Dell: 30,000 came.", "30,000").who == ("the-dell", "ajax")
    assert about("Ajax bought The Dell for €5 million.", "€5 million").who == ("ajax", "the-dell")


def test_one_that_has_a_claim_of_this_value_goes_before_the_nearest() -> None:
    found = about("Ajax sold her to Boca for €5 million.", "€5 million", claims=[money("c1", "5000000")])
    assert found.who == ("ajax", "boca")


def test_an_editor_may_choose_somebody_else() -> None:
    found = about(TEXT, "€5 million", who="boca", claims=[money("c1", "5000000", "boca")])
    assert found.who[0] == "boca"
    assert found.matches[0].named == "who"


def test_who_asserts_is_named_in_the_sentence_and_has_asserted_before() -> None:
    text = "Ajax paid a fee of €5 million, said Boca."
    said = money("c1", "7000000", asserted_by="boca")
    assert about(text, "€5 million", who="ajax", claims=[said]).asserted_by == "boca"
    assert about(text, "€5 million", who="ajax", claims=[money("c1", "7000000")]).asserted_by == ""


# Which property, and what it covers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "printed", "language"),
    [
        ("Ajax agreed on a transfer fee of €5 million.", "€5 million", "en"),
        ("Ajax trả phí chuyển nhượng 5 triệu đô la.", "5 triệu đô la", "vi"),
        ("Ajax দলবদলে ফি দিয়েছে ৫ মিলিয়ন ডলার।", "৫ মিলিয়ন ডলার", "bn"),
    ],
)
def test_labels_in_any_language_speak_for_a_property(text: str, printed: str, language: str) -> None:
    best = about(text, printed, language=language).properties[0]
    assert (best.property, best.reasons[0].kind) == ("fee", "named")
    assert best.is_likely()
    assert all(words in text for words in best.reasons[0].words)


def test_words_around_quotes_speak_for_a_property() -> None:
    text = "Ajax remunerates its stars with €5 million."
    quotes = [
        KnownQuote("wage", (), "remunerates players handsomely"),
        KnownQuote("fee", (), "sold for"),
    ]
    best = about(text, "€5 million", quotes=quotes).properties[0]
    assert (best.property, best.reasons[0].kind, best.reasons[0].words) == (
        "wage",
        "quoted",
        ("remunerates",),
    )
    assert not about(text, "€5 million").properties[0].is_likely()


def test_words_that_stand_by_every_quote_say_little() -> None:
    text = "Ajax has given €5 million."
    quotes = [KnownQuote(one.slug, (), "has given") for one in EVERYTHING]
    assert not about(text, "€5 million", quotes=quotes).properties[0].is_likely()


def test_only_what_fits_the_unit_and_the_subject_is_suggested() -> None:
    found = about("Ann holds 30,000 seats in The Dell.", "30,000", who="the-dell")
    assert [one.property for one in found.properties] == ["seats"]
    assert about("Ann earns €5 million.", "€5 million").properties[0].property == "wage"
    assert [one.property for one in about(TEXT, "1900", who="ajax").properties] == ["founded"]


def test_words_between_the_neighboring_figures_count_more() -> None:
    text = "Ajax paid a transfer fee of €5 million and a yearly wage of €2 million."
    assert about(text, "€5 million").properties[0].property == "fee"
    assert about(text, "€2 million").properties[0].property == "wage"


def test_the_same_value_speaks_loudest_unless_it_is_deprecated() -> None:
    text = "Ajax paid a yearly wage of €5 million."
    claim = money("c1", "5000000")
    assert about(text, "€5 million", claims=[claim]).properties[0].property == "fee"
    assert (
        about(text, "€5 million", claims=[replace(claim, deprecated=True)]).properties[0].property == "wage"
    )


def test_terms_come_from_the_same_value_else_from_words() -> None:
    text = "Ajax paid a transfer fee of €5 million after tax."
    named = about(text, "€5 million").terms
    assert [(one.dimension, one.term, one.reason.kind) for one in named] == [("tax", "after", "named")]
    held = about(text, "€5 million", claims=[money("c1", "5000000", scope=(("tax", "before"),))]).terms
    assert [(one.term, one.reason.kind) for one in held] == [("before", "value")]


# What it stands against -----------------------------------------------------------------------------------


def test_another_value_of_the_same_subject_and_property_contradicts() -> None:
    claims = [money("c1", "7000000"), money("c2", "7000000", "boca"), money("c3", "7000000", prop="wage")]
    found = about(TEXT, "€5 million", claims=claims)
    assert [(one.claim.ref, one.kind) for one in found.contrasts] == [("c1", "contradicts")]


def test_a_difference_of_scope_is_named() -> None:
    text = "Ajax paid a transfer fee of €5 million after tax."
    claims = [
        money("c1", "7000000", scope=(("tax", "before"),)),
        money("c2", "8000000", scope=(("tax", "after"),)),
    ]
    found = about(text, "€5 million", claims=claims)
    assert [(one.claim.ref, one.kind, one.scope) for one in found.contrasts] == [
        ("c2", "contradicts", ()), ("c1", "other-scope", (("tax", "before", "after"),)),
    ]  # fmt: skip


def test_a_figure_that_may_be_rounded_is_no_contradiction() -> None:
    assert [one.kind for one in about(TEXT, "€5 million", claims=[money("c1", "5200000")]).contrasts] == [
        "rounds"
    ]


def test_nothing_contradicts_where_no_property_is_likely() -> None:
    text = "Ajax and €5 million."
    assert about(text, "€5 million", claims=[money("c1", "7000000")]).contrasts == ()


# All of it ------------------------------------------------------------------------------------------------


def test_the_order_in_which_the_base_answers_changes_nothing() -> None:
    claims = [money(f"c{n}", str(n % 3 * 1000000 + 5000000), "ajax" if n % 2 else "boca") for n in range(12)]
    quotes = [KnownQuote(one.slug, (), f"paid {one.slug} for Ann") for one in EVERYTHING]
    first = about(TEXT, "€5 million", claims=claims, quotes=quotes)
    for seed in range(5):
        shuffled = random.Random(seed)  # noqa: S311  an order, not a secret
        mixed = [shuffled.sample(some, len(some)) for some in (claims, quotes, list(EVERYTHING))]
        assert about(TEXT, "€5 million", claims=mixed[0], quotes=mixed[1], properties=mixed[2]) == first


def test_the_figure_of_words_chosen_by_hand_is_the_one_in_them() -> None:
    reading = reading_of(TEXT)
    start = TEXT.index("fee of €5 million")
    found = figure_in(reading, (start, start + len("fee of €5 million")))
    assert found is not None
    assert found.value == "5000000"
    assert figure_in(reading, (0, 4)) is None


# Words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word", "sentence"),
    [
        ("One. It cost 1.6 billion. Two.", "cost", "It cost 1.6 billion."),
        ("এক। দুই তিন। চার।", "তিন", "দুই তিন।"),
        ("第一。第二句话。第三。", "二句", "第二句话。"),
        ("A title\nThe body goes on", "body", "The body goes on"),
        ("He left the U.S. in May. Then", "left", "He left the U.S. in May."),
    ],
)
def test_sentences_end_where_each_script_ends_them(text: str, word: str, sentence: str) -> None:
    start, end = sentence_at(text, text.index(word))
    assert text[start:end] == sentence


def test_endings_even_out_and_scripts_without_spaces_go_by_pairs() -> None:
    def found(text: str) -> list[str]:
        return [stem for stem, _start, _end in stems(text, 0, len(text))]

    assert found("বিনিয়োগ")[0] == found("বিনিয়োগের")[0]
    assert found("训练成本") == ["训练", "练成", "成本"]
    assert found("12,5 % a") == []


def test_a_word_of_one_thing_says_more_than_a_word_of_all() -> None:
    words = Vocabulary({"fee": ["a fee paid", "fee again"], "wage": ["a wage paid"]})
    text = "fee paid"
    around = {stem: Word(start, end, 1.0) for stem, start, end in stems(text, 0, len(text))}
    score, telling = words.shared("fee", around)
    assert score > words.shared("wage", around)[0]
    assert phrases(text, telling)[0].startswith("fee")
