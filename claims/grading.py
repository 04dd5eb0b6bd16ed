"""How credible a claim is, derived by a rule that readers can check. Pure Python.

The scale is the second half of the Admiralty code (NATO AJP-2.1): 1 confirmed, 2 probably true, 3 possibly true,
4 doubtful, 5 improbable, 6 cannot be judged. The first half, A to F, grades publishers and is given by editors.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

GOOD: Final = frozenset("ABC")
POOR: Final = frozenset("DE")


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from: its publisher's grade (A to F, or none), whether it is first-hand, the publisher."""

    reliability: str | None
    is_primary: bool
    publisher: str = ""


@dataclass(frozen=True)
class Standing:
    """What a grade is derived from: `origins` support the claim, `refuting` others say the opposite."""

    origins: Sequence[Origin]
    voices: int
    refuting: int = 0
    is_contested: bool = False  # a published dispute has it against another figure, unsettled
    is_misreport: bool = False  # it is linked to the claim that it misreports

    @property
    def best(self) -> str | None:
        """The best grade of a publisher among the origins, F and none left out."""
        return min((one.reliability for one in self.origins if one.reliability in GOOD | POOR), default=None)

    @property
    def well_kept(self) -> int:
        """How many publishers of grade A, B or C stand behind the origins; two articles of one paper are one."""
        return len(
            {one.publisher or number for number, one in enumerate(self.origins) if one.reliability in GOOD}
        )

    @property
    def first_hand(self) -> bool:
        """Whether an origin is a primary document of a completely reliable publisher."""
        return any(one.is_primary and one.reliability == "A" for one in self.origins)


@dataclass(frozen=True)
class Rule:
    """`credibility` is given by the first rule of RULES whose condition holds."""

    name: str
    credibility: int
    holds: Callable[[Standing], bool]


RULES: Final = (
    Rule("no-support", 6, lambda it: not it.origins),
    Rule("misreport", 5, lambda it: it.is_misreport),
    Rule("outnumbered", 5, lambda it: it.refuting > it.voices),
    Rule("refuted", 4, lambda it: it.refuting > 0),
    Rule("ungraded", 6, lambda it: it.best is None),
    Rule("contested", 4, lambda it: it.is_contested and it.voices < 2),
    Rule("contested-voices", 3, lambda it: it.is_contested),
    Rule("unreliable", 4, lambda it: it.best in POOR and it.voices < 2),
    Rule("unreliable-voices", 3, lambda it: it.best in POOR),
    Rule("confirmed", 1, lambda it: it.voices >= 2 and it.well_kept >= 2),
    Rule("corroborated", 2, lambda it: it.voices >= 2),
    Rule("first-hand", 2, lambda it: it.first_hand),
    Rule("one-voice", 3, lambda it: True),
)


@dataclass(frozen=True)
class Grade:
    """A credibility from 1 to 6, the rule that gave it, and the numbers its sentence needs."""

    credibility: int
    rule: str
    reliability: str | None
    refuting: int

    def grounds(self) -> dict[str, Any]:
        """What is printed beside the credibility: {rule, reliability, refuting}."""
        return {name: value for name, value in asdict(self).items() if name != "credibility"}


def grade(standing: Standing) -> Grade:
    """The grade of a claim. Never 1 below two voices."""
    rule = next(rule for rule in RULES if rule.holds(standing))
    return Grade(rule.credibility, rule.name, standing.best, standing.refuting)
