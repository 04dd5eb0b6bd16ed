"""On a source's form: what it has to do with other sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.admin.finding import admin_url
from claims.admin.kinships import SIZE, judge_url, named_source
from claims.models import Kinship, Source, TracedText


@dataclass(frozen=True)
class Relatives:
    """What a source has to do with others, as far as texts tell or editors judged."""

    proposals: Sequence[tuple[Source, Kinship, str]]  # the other, the pair, the address of its page
    origin: tuple[Source, str] | None
    copies: Sequence[tuple[Source, str]]
    resting: Sequence[tuple[Source, str, str]]  # the other, what both rest on, the address of the pair
    is_traced: bool

    def __bool__(self) -> bool:
        return bool(self.proposals or self.origin or self.copies or self.resting or self.is_traced)


def relatives(source: Source) -> Relatives:
    """For the panel of a source's form; a fixed number of queries but for the names of common sources."""
    kin = list(Kinship.objects.of(source).with_sources().order_by("-score", "pk")[: 2 * SIZE])
    judged = Kinship.Judged
    open_ones = [
        one for one in kin if one.judged in (judged.OPEN, judged.UNSURE) and one.verdict != Kinship.Answer.INDEPENDENT
    ]  # fmt: skip
    resting = [one for one in kin if one.verdict == Kinship.Answer.INDEPENDENT and one.common_source]
    names = {one: named_source(one) for one in {row.common_source for row in resting}}
    copies = source.copies.order_by("title")[:SIZE]
    return Relatives(
        proposals=[(one.other(source), one, judge_url(one)) for one in open_ones],
        origin=(source.derived_from, admin_url(source.derived_from)) if source.derived_from else None,
        copies=[(one, admin_url(one)) for one in copies],
        resting=[(one.other(source), names[one.common_source], judge_url(one)) for one in resting],
        is_traced=TracedText.objects.filter(source=source).exists(),
    )
