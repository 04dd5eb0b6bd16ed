"""Digits that went lost in a copy: "$ million", "only million মিলিয়ন ডলারে". A suspect figure, never a guess."""

from collections.abc import Iterator

from claims.extraction.lexicon import Hit
from claims.extraction.page import Page
from claims.extraction.results import Draft


def lost_digits(page: Page) -> Iterator[Draft]:
    """Every scale word without its number where one must have stood."""
    after = 0
    for start in page.hits.openings:
        if start < after or page.taken[start]:
            continue
        hit = page.hits.starting[start].get("scale")
        if hit is None or page.hits.before[start].first("scale", "hundred"):
            continue
        found = _lost(page, hit)
        if found is not None:
            after = found.end
            yield found


def _lost(page: Page, hit: Hit) -> Draft | None:
    twin = page.hits.after[hit.end].get("scale")
    twice = twin is not None and twin.word == hit.word and _differs(page, hit, twin)
    end = twin.end if twin and twice else hit.end
    sign = page.currency_before(hit.start)
    if sign is not None and page.text[sign.start].isalpha():
        sign = None
    currency = page.hits.after[end].get("currency")
    only = page.hits.before[hit.start].first("filler", "before") is not None and currency is not None
    if not (twice or sign or only):
        return None
    start = sign.start if sign else hit.start
    end = currency.end if currency else end
    said = currency or sign
    return Draft(start, end, "money" if said else "count", None,
        unit=said.word.value if said else None, suspect="digit-lost",
    )  # fmt: skip


def _differs(page: Page, one: Hit, other: Hit) -> bool:
    """Whether one word is printed in two languages: million মিলিয়ন, million triệu; not twice for emphasis."""
    return page.folded[one.start : one.end] != page.folded[other.start : other.end]
