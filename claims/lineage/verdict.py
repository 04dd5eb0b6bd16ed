"""Do two texts share an origin? The verdict on copying, with its reasons. Pure Python.

Two questions are asked one after the other: do the texts tell the same things at all, and if so, did one come from
the other (or both from a third), or do they report independently on one document? What copies keep and reports do
not is the order of everything, names beyond those of the document, runs of words, credits of pictures, errors.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from claims.lineage.evidence import FEWEST_FIGURES, Evidence, Side, weigh
from claims.lineage.features import Features
from claims.lineage.rarity import Rarity, shown
from claims.lineage.reasons import Reason, Told, sentence
from claims.lineage.sources import common_source

Answer = Literal["same-origin", "independent", "unsure"]

SAME: Final = 0.55
INDEPENDENT: Final = 0.35
# Without this much of the story in common no credit and no error makes a copy.
FEWEST_ORDER_BITS: Final = 12.0
COPIED_TEXT: Final = 0.15

# What each reason weighs, in logits; measured in docs/lineage.md.
_BIAS: Final = -4.0
_FIGURE_BIT, _MOST_FIGURE_BITS = 0.10, 30.0
_ORDER_BIT, _MOST_ORDER_BITS = 0.06, 50.0
_ORDER_BIT_ALONE, _MOST_BITS_ALONE = 0.12, 40.0  # where there are no figures to share
_IN_ORDER, _USUALLY_IN_ORDER, _FEWEST_IN_ORDER = 5.0, 0.75, 8
_NAMED, _USUALLY_NAMED, _SUPPOSED_NAMES = 7.0, 0.65, 4.0
_LEAST_ACROSS = -0.3  # another alphabet hides names: their absence says little
_OWN_BIT, _MOST_OWN_BITS = -0.15, 10.0
_NOTHING_OWN, _LITTLE_OWN_BITS, _FEWEST_FOR_NOTHING = 1.0, 2.0, 8
_TEXT, _MOST_TEXT = 8.0, 0.5
_CREDIT, _LIKE_CREDIT, _OTHER_CREDIT = 2.8, 2.2, -1.5
_FEWEST_CREDITS: Final = 2
_ADDRESS = 5.0
_LOST_IN_BOTH, _MOST_LOST = 1.0, 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score` is 0 for surely independent to 1 for surely one origin. `copy` is the likelier copy, if either is."""

    answer: Answer
    score: float
    reasons: tuple[Reason, ...]
    evidence: Evidence
    common_source: str | None
    copy: Literal["a", "b"] | None

    @property
    def why(self) -> tuple[str, ...]:
        """The reasons as English sentences."""
        return tuple(sentence(one.code, one.told) for one in self.reasons)

    @property
    def shared(self) -> tuple[str, ...]:
        """The figures in both, the rarest first, as an editor reads them: 1.6e9 USD, 2048, 2023."""
        return tuple(shown(key) for key in self.evidence.figures)


def compare(a: Features, b: Features, rarity: Rarity) -> Verdict:
    """The verdict on two texts."""
    evidence = weigh(a, b, rarity)
    reasons = list(_reasons(evidence))
    score = 1 / (1 + math.exp(-_BIAS - sum(reason.weight for reason in reasons)))
    if not tells_one_story(evidence):
        score = min(score, INDEPENDENT - 0.05)
        reasons.append(Reason(0.0, "too-little"))
    answer: Answer = "same-origin" if score >= SAME else "independent" if score < INDEPENDENT else "unsure"
    source = common_source(a, b, evidence.figures) if answer != "same-origin" else None
    copy, sign = _direction(a, b, evidence) if answer == "same-origin" else (None, None)
    reasons += [sign] if sign else []
    reasons += [Reason(0.0, "common-source", {"source": source})] if source else []
    told = tuple(reason for reason in reasons if reason.code)
    return Verdict(answer, round(score, 3), told, evidence, source, copy)


def tells_one_story(evidence: Evidence) -> bool:
    """Whether enough is shared that one origin is possible at all: one figure is never enough."""
    figures = sum(kind == "figure" for kind, _key in evidence.figures)
    return (
        figures >= FEWEST_FIGURES
        or evidence.whole_row.bits >= FEWEST_ORDER_BITS
        or evidence.text >= COPIED_TEXT
        or bool(evidence.address)
    )


def _reasons(evidence: Evidence) -> Iterator[Reason]:
    yield from _of_figures(evidence)
    yield from _of_order(evidence)
    yield from _of_names(evidence)
    if evidence.text:
        percent = round(100 * evidence.text)
        weight = _TEXT * min(evidence.text, _MOST_TEXT)
        yield Reason(weight, "text" if percent else "", {"percent": percent})
    yield from _of_residue(evidence)
    if evidence.address:
        yield Reason(_ADDRESS, "address", {"title": evidence.address})


def _of_figures(evidence: Evidence) -> Iterator[Reason]:
    shared = len(evidence.figures)
    fewer = shared + min(len(evidence.a.own), len(evidence.b.own))
    code = "no-figures" if not shared else "rare-figures" if evidence.rare else "figures"
    told = {"shared": shared, "all": fewer, "rare": evidence.rare}
    yield Reason(_FIGURE_BIT * min(evidence.bits, _MOST_FIGURE_BITS), code, told)
    own = min(evidence.a.own_bits, evidence.b.own_bits)
    if own >= 2:
        examples = {"a": evidence.a.own[0], "b": evidence.b.own[0]}
        yield Reason(_OWN_BIT * min(own, _MOST_OWN_BITS), "own-figures", examples)
    elif shared >= _FEWEST_FOR_NOTHING and evidence.a.own_bits + evidence.b.own_bits <= _LITTLE_OWN_BITS:
        yield Reason(_NOTHING_OWN, "nothing-own")


def _of_order(evidence: Evidence) -> Iterator[Reason]:
    figures, whole = evidence.figure_row, evidence.whole_row
    if figures.shared > 2:
        yield Reason(0.0, "figure-order", {"row": figures.distinct, "shared": figures.shared})
    if evidence.figures:
        weight = _ORDER_BIT * min(whole.bits, _MOST_ORDER_BITS)
    else:
        weight = _ORDER_BIT_ALONE * min(whole.bits, _MOST_BITS_ALONE)
    code = "order" if whole.shared > 2 else ""
    yield Reason(weight, code, {"row": whole.distinct, "shared": whole.shared})
    if whole.shared >= _FEWEST_IN_ORDER:
        yield Reason(_IN_ORDER * (whole.share - _USUALLY_IN_ORDER))


def _of_names(evidence: Evidence) -> Iterator[Reason]:
    sides = [side for side in (evidence.a, evidence.b) if side.names]
    if sides:
        best = max(sides, key=_named)
        told = {"both": round(best.named * best.names), "all": best.names}
        weight = _NAMED * (_named(best) - _USUALLY_NAMED)
        yield Reason(max(weight, _LEAST_ACROSS) if evidence.across else weight, "names", told)


def _named(side: Side) -> float:
    """The share of a text's names that the other has, drawn to the usual share where there are few."""
    return (side.named * side.names + _USUALLY_NAMED * _SUPPOSED_NAMES) / (side.names + _SUPPOSED_NAMES)


def _of_residue(evidence: Evidence) -> Iterator[Reason]:
    for found in evidence.residue:
        same = found.a == found.b
        code = "credit" if "." in found.a else "residue"
        code += "s" if found.times > 1 else ""
        told: Told = {"printed": found.a if same else f"{found.a} / {found.b}", "times": found.times}
        yield Reason(_CREDIT if same else _LIKE_CREDIT, code, told)
        break
    else:
        most = max(evidence.a.uncredited, evidence.b.uncredited)
        if most >= _FEWEST_CREDITS:
            yield Reason(_OTHER_CREDIT, "other-credit")
    if evidence.lost_in_both:
        lost = min(evidence.lost_in_both, _MOST_LOST)
        yield Reason(_LOST_IN_BOTH * lost, "lost-in-both")


def _direction(
    a: Features, b: Features, evidence: Evidence
) -> tuple[Literal["a", "b"] | None, Reason | None]:
    """Which text is the likelier copy, and the sign of it: what was lost on the way, else the later date."""
    lost = {side: sum(one.lost_in == side for one in evidence.drift) for side in ("a", "b")}
    if lost["a"] != lost["b"]:
        side: Literal["a", "b"] = "a" if lost["a"] > lost["b"] else "b"
        name = (a if side == "a" else b).name
        return side, Reason(0.0, "copy-lost", {"copy": name})
    if a.published and b.published and a.published != b.published:
        side = "a" if a.published > b.published else "b"
        later = a if side == "a" else b
        return side, Reason(0.0, "copy-later", {"copy": later.name, "date": later.published})
    return None, None
