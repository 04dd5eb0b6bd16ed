"""What the words around a figure say of it: about, more than, up to, a year; and whether a change is told."""

from typing import Final

from claims.extraction.page import Page
from claims.extraction.results import Draft
from kb.lib.quantities import Comparator

_LONGEST_CHANGE: Final = 40  # characters of a word or phrase of change


def compare(page: Page, figure: Draft) -> None:
    """Add its comparator and its period, from the words around it."""
    if figure.kind in ("date", "year"):
        return
    after = page.hits.after[figure.end]
    counted, per = after.get("noun"), after.get("per")
    if per is None and counted is not None:
        per = page.hits.after[counted.end].get("per")
    if per is None or page.following(per.end).isdigit():  # 5 million in the year 2023
        per = page.hits.before[figure.start].get("per")
        per = None if per is not None and page.taken[per.start] else per  # ten months, 5 million
    comparator, at = _comparator(page, figure)
    if per is None and at is not None:
        per = page.hits.before[at].get("per")
    if figure.comparator == "eq":
        figure.comparator = comparator
    figure.per = per.word.value if per and per.word.value != "none" else None


def changes(page: Page, figure: Draft, within: int = 30) -> bool:
    """Whether a verb of change stands shortly before: "rose from 5 to 10" is two figures, no range."""
    begins = max(0, figure.start - within - _LONGEST_CHANGE)
    return any(
        figure.start - within <= hit.end < figure.start
        for said in page.words.change_words.finditer(page.folded, begins, figure.start)
        if (hit := page.hits.starting[said.start()].get("change"))
    )


def _comparator(page: Page, figure: Draft) -> tuple[Comparator, int | None]:
    at = figure.start
    for _ in range(3):
        hit = page.hits.before[at].first("before", "filler")
        if hit is None:
            break
        if hit.word.role == "before":
            if (
                (to := page.hits.starting[hit.start].get("to"))
                and to.end == hit.end
                and changes(page, figure, 60)
            ):
                break  # рост с 5% до 10%
            return hit.word.value, hit.start  # type: ignore[return-value]
        at = hit.start
    end = figure.end
    for _ in range(2):
        if hit := page.hits.after[end].get("after"):
            return hit.word.value, None  # type: ignore[return-value]
        following = page.hits.after[end].first("noun", "per")
        if following is None:
            break
        end = following.end
    # 100多万, 1000억여원: "more than" inside the figure.
    for said in page.words.after_words.finditer(page.folded, figure.start, figure.end):
        hit = page.hits.starting[said.start()].get("after")
        if hit and hit.end <= figure.end:
            return hit.word.value, None  # type: ignore[return-value]
    return "eq", None
