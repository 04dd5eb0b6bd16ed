"""Why texts are taken for one origin or for two: reasons as data, and the sentences made of them. Pure Python.

A reason is kept as its code and what it speaks of; the sentence is made where it is shown, in the reader's language.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kb.lib.saying import gettext_noop

Told = Mapping[str, str | int]


SENTENCES: Final[Mapping[str, str]] = {
    "figures": gettext_noop("%(shared)s of %(all)s figures shared"),
    "rare-figures": gettext_noop("%(shared)s of %(all)s figures shared, %(rare)s of them rare"),
    "no-figures": gettext_noop("no figure shared"),
    "own-figures": gettext_noop(
        "each has figures of its own: %(a)s only in the first, %(b)s only in the second"
    ),
    "nothing-own": gettext_noop("hardly a figure stands in one of them alone"),
    "figure-order": gettext_noop("figures stand in the same order: %(row)s of %(shared)s"),
    "order": gettext_noop("figures, names and words stand in the same order: %(row)s of %(shared)s"),
    "names": gettext_noop("%(both)s of %(all)s names are in both"),
    "text": gettext_noop("%(percent)s %% of the runs of words are the same"),
    "credit": gettext_noop("picture credit %(printed)s"),
    "credits": gettext_noop("picture credit %(printed)s, %(times)s times in both"),
    "residue": gettext_noop("template residue %(printed)s"),
    "residues": gettext_noop("template residue %(printed)s, %(times)s times in both"),
    "other-credit": gettext_noop("pictures are credited to an address that the other text lacks"),
    "address": gettext_noop("both addresses end in %(title)s"),
    "lost-in-both": gettext_noop("both lost the digits of the same figure"),
    "too-little": gettext_noop("too little of the story is shared to be a copy"),
    "copy-lost": gettext_noop("%(copy)s is the likelier copy: digits were lost or rounded there"),
    "copy-later": gettext_noop("%(copy)s is the likelier copy: it is dated %(date)s, later than the other"),
    "common-source": gettext_noop("both rest on %(source)s"),
    "joined": gettext_noop("each shares its origin with %(third)s"),
    "joined-more": gettext_noop("each shares its origin with %(third)s (and with %(more)s more)"),
    "parted": gettext_noop(
        "yet most of the %(family)s that share the origin of %(name)s are independent of the other"
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for one origin (weight above 0, in logits) or against it. Without a code it goes unsaid."""

    weight: float
    code: str = ""
    told: Told = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "told": dict(self.told)}


def sentence(code: str, told: Told, translated: Callable[[str], str] = str) -> str:
    """The reason as a sentence, in English or as `translated` has it. Raises KeyError for a code there is not."""
    return translated(SENTENCES[code]) % told
