"""What a dispute about a finding would begin as: its state, and which findings are worth a suspicion."""

from decimal import Decimal
from typing import Final

from claims.disputes.facts import Fact
from claims.disputes.ranges import meet
from claims.disputes.rules import Finding, Relation, gaps

FAR_APART: Final = 10  # times; so far apart, two questions are worth a word that tells them apart
ALWAYS: Final = frozenset(
    {Relation.CONTRADICTORY, Relation.PART_TOO_LARGE, Relation.WRONG_SUM, Relation.OUTSIDE_LIFE}
)


def suspicious(found: Finding, a: Fact, b: Fact) -> bool:
    """Whether an editor should look at the pair unasked.

    A contradiction; or two questions about one subject and property whose figures are far apart, where the scope
    differs in something that the property does not ask for: what it asks for, readers see told apart everywhere.
    """
    if found.relation in ALWAYS:
        return True
    if found.relation != Relation.OTHER_QUESTION or (a.subject, a.property) != (b.subject, b.property):
        return False
    differ = {one.dimension for one in gaps(a.scope, b.scope) if one.is_difference}
    return not differ <= a.trait.required and far_apart(a, b)


def far_apart(a: Fact, b: Fact) -> bool:
    """Whether the larger amount is more than ten times the smaller, however both are read."""
    if a.amount is None or b.amount is None or a.base_unit != b.base_unit or meet(a.whole, b.whole):
        return False
    small, large = sorted((a, b), key=lambda one: one.amount or Decimal(0))
    high, low = small.whole.upper, large.whole.lower
    return high is not None and low is not None and high > 0 and low > FAR_APART * high


def state(found: Finding, a: Fact, b: Fact) -> str:
    """The state that a dispute about the two most likely has; an editor decides."""
    if found.relation in _STATES:
        return _STATES[found.relation]
    said_both = a.asserted_by and a.asserted_by == b.asserted_by
    if found.relation == Relation.CONTRADICTORY and said_both and a.asserted and b.asserted:
        return "contested" if meet(a.asserted.range, b.asserted.range) else "superseded"
    return "contested"


_STATES: Final = {
    Relation.OTHER_QUESTION: "different-scope",
    Relation.OTHER_TIME: "different-scope",
    Relation.PART: "different-scope",
    Relation.SUPERSEDED: "superseded",
    Relation.COPY_ERROR: "copy-error",
}
