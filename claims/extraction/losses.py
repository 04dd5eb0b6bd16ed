"""Digits that went lost in a copy: "$ million", "only million মিলিয়ন ডলারে". A suspect figure, never a guess."""

from collections.abc import Iterator

from claims.extraction.lexicon import Hit
from claims.extraction.page import Page
from claims.extraction.results import Figure


def lost_digits(page: Page) -> Iterator[Figure]:
    """Every scale word without its number where one must have stood."""
    after = 0
    opening = (hit for start in page.hits.openings for hit in page.hits.starting(start))
    for hit in opening:
        if (
            hit.word.role != "scale"
            or hit.start < after
            or page.taken(hit.start)
            or page.amounts.before(hit.start, "scale", "hundred")
        ):
            continue
        found = _lost(page, hit)
        if found is not None:
            after = found.end
            yield found


def _lost(page: Page, hit: Hit) -> Figure | None:
    amounts = page.amounts
    twin = amounts.after(hit.end, "scale")
    twice = twin is not None and twin.word == hit.word and _differs(page, hit, twin)
    end = twin.end if twin and twice else hit.end
    sign = page.currency_before(hit.start)
    if sign is not None and page.text[sign.start].isalpha():
        sign = None
    currency = amounts.after(end, "currency")
    only = amounts.before(hit.start, "filler", "before") is not None and currency is not None
    if not (twice or sign or only):
        return None
    start = sign.start if sign else hit.start
    end = currency.end if currency else end
    said = currency or sign
    return Figure(
        start, end, page.text[start:end], "money" if said else "count", None,
        unit=said.word.value if said else None, suspect="digit-lost",
    )  # fmt: skip


def _differs(page: Page, one: Hit, other: Hit) -> bool:
    """Whether one word is printed in two languages: million মিলিয়ন, million triệu; not twice for emphasis."""
    return page.folded[one.start : one.end] != page.folded[other.start : other.end]
