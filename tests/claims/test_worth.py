"""Which figures are worth a claim: where something speaks for it beside the unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from claims.extraction.reading import read
from claims.extraction.results import Mention
from claims.suggesting.known import Knowledge, KnownClaim, KnownProperty
from claims.suggesting.suggest import suggest
from claims.suggesting.worth import Worth, worth

FEE = KnownProperty("fee", "amount", "currency", ("company",), ("transfer fee",))
FOUNDED = KnownProperty("founded", "time", "", ("company",), ("founded",))
NAMES = {"Ajax": "ajax", "Boca": "boca"}
FIVE = Decimal(5_000_000)


def judged(text: str, printed: str, *claims: KnownClaim) -> Worth | None:
    mentions = [
        Mention(text.index(name), text.index(name) + 4, name, NAMES[name]) for name in NAMES if name in text
    ]
    known = Knowledge(dict.fromkeys(NAMES.values(), "company"), [FEE, FOUNDED], claims)
    start = text.index(printed)
    found = suggest(text, read(text, "en", mentions), known, (start, start + len(printed)))
    return worth(found, known)


def held(subject: str = "ajax", prop: str = "fee", **changes: Any) -> KnownClaim:
    amount: dict[str, Any] = {
        "comparator": "eq",
        "amount": FIVE,
        "lower": FIVE,
        "upper": FIVE,
        "base_unit": "EUR",
    }
    return KnownClaim("c1", subject, prop, **(amount | changes))


def test_a_property_that_the_words_speak_for_makes_a_figure_worth_a_claim() -> None:
    assert judged("Ajax paid a transfer fee of €5 million.", "€5 million") == Worth("ajax", "fee")


def test_a_unit_alone_speaks_for_nothing() -> None:
    assert judged("Ajax has €5 million.", "€5 million") is None


def test_without_anybody_it_is_about_there_is_nothing_to_claim() -> None:
    assert judged("A transfer fee of €5 million was paid.", "€5 million") is None


def test_so_does_a_claim_with_the_same_value_about_somebody_named_in_the_sentence() -> None:
    text = "Ajax had €5 million. Boca had €5,000,000."
    assert judged(text, "€5 million", held()) == Worth("ajax", "fee")
    assert judged(text, "€5,000,000", held("ajax")) is None  # named in the text, not in this sentence
    assert judged("Ajax had €5 million.", "€5 million", held(deprecated=True)) is None


def test_a_date_for_which_a_claim_holds_is_not_its_value() -> None:
    text = "Ajax was busy in 1902."
    holds = KnownClaim("c1", "ajax", "fee", times=("1902",))
    assert judged(text, "1902", holds) is None
    assert judged(text, "1902", KnownClaim("c1", "ajax", "founded", times=("1902",))) == Worth(
        "ajax", "founded"
    )


def test_a_figure_that_lost_a_digit_is_worth_a_look() -> None:
    assert judged("Ajax paid a transfer fee of only million euros.", "million euros") == Worth("ajax", "fee")
