"""Each reason for and against one origin: with it the verdict is one thing, without it another."""

from __future__ import annotations

import pytest

from claims.lineage.features import Features
from claims.lineage.rarity import Rarity
from claims.lineage.verdict import INDEPENDENT, SAME, Verdict, compare
from tests.claims.lineage.made import source

STORY = "731e6USD Karvel 94 Stomdal 3.46e9USD Nordvik 218e6USD Lindmark 1.7e9USD Persdal 340000 Torvald 88USD Kestrel"
OTHERS = "12 Aldrin 41e6USD Brenholt 57% Corvast 9.1e9USD Durnfeld 63000 Elmsted"
CREDIT = {"windpulse.net": 3}


def judged(a: Features, b: Features) -> Verdict:
    return compare(a, b, Rarity())


def shuffled(signs: str) -> str:
    """The signs in an order that has nothing of the one given."""
    tokens = signs.split()
    return " ".join(tokens[1::2][::-1] + tokens[::2][::-1])


def test_a_translation_shares_an_origin() -> None:
    verdict = judged(source(STORY), source(STORY, "b"))
    assert verdict.answer == "same-origin"
    assert verdict.score > 0.9
    assert verdict.common_source is None
    assert "7 of 7 figures shared, 5 of them rare" in verdict.why
    assert "figures stand in the same order: 7 of 7" in verdict.why


def test_an_abridged_copy_shares_an_origin() -> None:
    half = " ".join(STORY.split()[:8])
    assert judged(source(STORY), source(half, "b")).answer == "same-origin"


def test_the_order_tells_a_copy_from_a_report() -> None:
    verdict = judged(source(STORY), source(shuffled(STORY), "b"))
    assert verdict.answer == "independent"


@pytest.mark.parametrize("signs", ["2048", "944e6USD", "944.13e6USD"])
def test_one_shared_figure_is_never_enough(signs: str) -> None:
    credited = {"windpulse.net": 4}
    a = source(f"Karvel Stomdal {signs} Nordvik ?USD", credits=credited)
    b = source(f"Aldrin {signs} Brenholt ?USD", "b", credits=credited)
    verdict = judged(a, b)
    assert verdict.answer == "independent"
    # Without that rule the credit would carry it.
    assert (
        judged(source(STORY, credits=credited), source(STORY, "b", credits=credited)).answer == "same-origin"
    )


def test_texts_about_other_things_are_independent() -> None:
    verdict = judged(source(STORY), source(OTHERS, "b"))
    assert (verdict.answer, verdict.shared, verdict.common_source) == ("independent", (), None)


def test_a_shared_credit_speaks_for_one_origin_and_a_different_one_against() -> None:
    a, b = (
        "731e6USD Karvel 94 Stomdal 3.46e9USD Nordvik 22 Aldrin",
        "731e6USD Karvel 94 3.46e9USD Elmsted 41e6USD Brenholt",
    )
    plain = judged(source(a), source(b, "b")).score
    same = judged(source(a, credits=CREDIT), source(b, "b", credits=CREDIT))
    alike = judged(source(a, credits={"ensigame.com": 3}), source(b, "b", credits={"obligame.com": 3}))
    other = judged(source(a, credits=CREDIT), source(b, "b"))
    assert other.score < plain < alike.score < same.score
    assert "picture credit windpulse.net, 3 times in both" in same.why
    assert "picture credit ensigame.com / obligame.com, 3 times in both" in alike.why
    assert "pictures are credited to an address that the other text lacks" in other.why


def test_template_residue_speaks_for_one_origin() -> None:
    signs = "731e6USD Karvel 94 Stomdal 3.46e9USD"
    a, b = source(signs, placeholders={"%IMGP%"}), source(signs, "b", placeholders={"%IMGP%"})
    assert judged(a, b).score > judged(source(signs), source(signs, "b")).score
    assert "template residue %IMGP%" in judged(a, b).why


def test_names_of_its_own_speak_against_one_origin() -> None:
    figures = [sign for sign in STORY.split() if sign[0].isdigit()]
    same = " Name ".join(figures)
    own_a = " ".join(f"{figure} Alpha{chr(97 + n)}" for n, figure in enumerate(figures))
    own_b = " ".join(f"{figure} Omega{chr(97 + n)}" for n, figure in enumerate(figures))
    with_names = judged(source(own_a), source(own_b, "b"))
    assert with_names.score < judged(source(same), source(same, "b")).score
    assert "0 of 7 names are in both" in with_names.why


def test_another_alphabet_may_hide_names() -> None:
    figures = [sign for sign in STORY.split() if sign[0].isdigit()]
    own_a = source(" ".join(f"{figure} Alpha{chr(97 + n)}" for n, figure in enumerate(figures)))
    own_b = " ".join(f"{figure} omega{chr(97 + n)}" for n, figure in enumerate(figures))
    same_script = judged(own_a, source(own_b, "b", cased=False))
    across = judged(own_a, source(own_b, "b", cased=False, script="DEVANAGARI"))
    assert across.score > same_script.score


def test_figures_of_its_own_speak_against_one_origin() -> None:
    extra_a, extra_b = f"{STORY} 41e6USD 57%", f"{STORY} 9.13e9USD 63000"
    verdict = judged(source(extra_a), source(extra_b, "b"))
    assert verdict.score < judged(source(STORY), source(STORY, "b")).score
    assert (
        "each has figures of its own: 41e6USD only in the first, 9.13e9USD only in the second" in verdict.why
    )
    # In one of them alone they are no reason: the other may be abridged.
    assert not any("of its own" in one for one in judged(source(extra_a), source(STORY, "b")).why)


def test_that_neither_has_a_figure_of_its_own_speaks_for_one_origin() -> None:
    story = f"{STORY} 63000 Elmsted"
    both = judged(source(story), source(story, "b"))
    assert "hardly a figure stands in one of them alone" in both.why
    one_more = judged(source(f"{story} 9.13e9USD"), source(story, "b"))
    assert one_more.score < both.score
    assert "hardly a figure stands in one of them alone" not in one_more.why


def test_a_credit_and_the_same_names_without_a_story_are_not_enough() -> None:
    a = source("Karvel Stomdal Nordvik Lindmark Persdal Torvald Kestrel 944e6USD", credits=CREDIT)
    b = source("Torvald Nordvik Kestrel Lindmark Persdal 944e6USD Stomdal Karvel", "b", credits=CREDIT)
    verdict = judged(a, b)
    assert verdict.answer == "independent"
    assert "too little of the story is shared to be a copy" in verdict.why


def test_the_same_runs_of_words_speak_for_one_origin() -> None:
    words = "Aldrin Brenholt Corvast"
    a, b = source(words, shingles=range(100)), source(words, "b", shingles=range(10, 110))
    verdict = judged(a, b)
    assert verdict.answer == "same-origin"
    assert "90 % of the runs of words are the same" in verdict.why
    hardly = source(words, "b", shingles=range(95, 195))
    assert judged(a, hardly).answer == "independent"


def test_two_identical_texts_share_an_origin_however_short() -> None:
    a = source("Aldrin", shingles=range(6))
    assert judged(a, source("Aldrin", "b", shingles=range(6))).answer == "same-origin"
    assert judged(a, source("Aldrin", "b", shingles=range(1, 7))).answer == "independent"
    # One run of words is too little even if it is all there is.
    assert judged(source("Aldrin", shingles=[1]), source("Aldrin", "b", shingles=[1])).answer == "independent"


def test_digits_lost_at_the_same_place_speak_for_one_origin() -> None:
    a, b = "731e6USD Karvel ?USD 94 Stomdal 3.46e9USD", "731e6USD Karvel 94 Stomdal ?USD 3.46e9USD"
    same, elsewhere = judged(source(a), source(a, "b")), judged(source(a), source(b, "b"))
    assert same.score > elsewhere.score
    assert "both lost the digits of the same figure" in same.why
    assert "both lost the digits of the same figure" not in elsewhere.why


def test_without_figures_the_order_of_names_decides() -> None:
    names = "Albaner Fornaset Montelus Rinaldov Tesilmor Valdombra Elevatek Stampero Tarokant Korvalin"
    assert judged(source(names), source(names, "b")).answer == "same-origin"
    assert judged(source(names), source(shuffled(names), "b")).answer == "independent"


def test_a_figure_whose_unit_was_not_read_is_the_same_figure() -> None:
    without = STORY.replace("USD", "")
    assert judged(source(STORY), source(without, "b")).answer == "same-origin"
    assert "3.46e9 USD" in judged(source(STORY), source(without, "b")).shared


def test_what_was_lost_tells_the_copy_before_the_date_does() -> None:
    lost = source(STORY.replace("218e6USD", "?USD"), "early.txt", published="2025-01-01")
    whole = source(STORY, "late.txt", published="2025-06-01")
    verdict = judged(lost, whole)
    assert verdict.copy == "a"
    assert "early.txt is the likelier copy: digits were lost or rounded there" in verdict.why
    assert judged(whole, lost).copy == "b"


def test_the_later_text_is_the_likelier_copy() -> None:
    a, b = source(STORY, "a", published="2025-06-01"), source(STORY, "b", published="2025-01-01")
    assert judged(a, b).copy == "a"
    assert "a is the likelier copy: it is dated 2025-06-01, later than the other" in judged(a, b).why
    assert judged(source(STORY), source(STORY, "b", published="2025-01-01")).copy is None


def test_independents_have_no_copy() -> None:
    a, b = source(STORY, published="2025-06-01"), source(OTHERS, "b", published="2025-01-01")
    assert judged(a, b).copy is None


def test_between_the_bounds_the_verdict_is_unsure() -> None:
    scores = {}
    tokens = STORY.split()
    for kept in range(2, len(tokens)):
        verdict = judged(
            source(STORY), source(" ".join([*tokens[:kept], *OTHERS.split()[: 10 - kept // 2]]), "b")
        )
        scores[verdict.answer] = verdict.score
        assert (verdict.answer == "same-origin") == (verdict.score >= SAME)
        assert (verdict.answer == "independent") == (verdict.score < INDEPENDENT)
    assert set(scores) == {"same-origin", "unsure", "independent"}


def test_a_pair_is_judged_alike_from_both_sides() -> None:
    a, b = source(STORY, credits=CREDIT), source(" ".join(STORY.split()[3:]) + " 57% Elmsted", "b")
    assert judged(a, b).score == judged(b, a).score


def test_one_title_in_both_addresses_speaks_for_one_origin() -> None:
    a = source("Karvel 944e6USD Stomdal", address="the-tower-that-leans")
    b = source("Aldrin 944e6USD Brenholt", "b", address="the-tower-that-leans")
    verdict = judged(a, b)
    assert verdict.answer == "same-origin"
    assert "both addresses end in the-tower-that-leans" in verdict.why
    assert (
        judged(a, source("Aldrin 944e6USD Brenholt", "b", address="a-tower-that-stands")).answer
        == "independent"
    )
    assert judged(source("Karvel"), source("Aldrin", "b")).answer == "independent"
