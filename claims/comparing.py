"""Bodies held side by side: two as a difference, field by field; three as one body, with what has to be chosen.

Pure. Children are matched by what they are, not by where they stand: a name by its text and language, a piece of
evidence by its source and its quote. A value, a date and a quote are one thing each: half of one and half of another
would say what nobody said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

Body = Mapping[str, Any]
Path = tuple[str, ...]

IDENTITY: Final = frozenset({"ref", "derived"})  # the same on both sides, or not the editors' to change
NESTED: Final = frozenset({"rule"})
PROSE: Final = frozenset(
    {"answer", "description", "labels", "note", "question", "rank_reason", "rationale", "reason", "sentence", "title",
     "translation", "unit_label"}
)  # fmt: skip
SETS: Final = frozenset(
    {"drift", "entities", "excluded", "pinned", "properties", "required_scope", "subject_kinds"}
)

# What makes two children of a list the same child, the surest sign first.
SIGNS: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    "evidence": [("source", "quote.exact", "locator"), ("source", "original_value")],
    "identifiers": [("scheme", "value"), ("scheme",)],
    "links": [("relation", "claim"), ("claim",)],
    "members": [("claim",)],
    "names": [("text", "language", "role"), ("text", "language"), ("language", "role")],
    "scope": [("dimension",)],
    "snapshots": [("sha256",)],
    "terms": [("slug",)],
}
# Signs good enough to show two children side by side, and too weak to make one of both.
LOOSE: Final[Mapping[str, Sequence[str]]] = {"evidence": ("source",)}
# What may stand only once in a list, so that two who each add one have to agree.
ONCE: Final[Mapping[str, Callable[[Body], object]]] = {
    "members": lambda one: one["claim"],
    "names": lambda one: one["language"] if one["role"] == "label" else tuple(sorted(one.items())),
    "scope": lambda one: one["dimension"],
    "snapshots": lambda one: one["sha256"],
    "terms": lambda one: one["slug"],
}
IN_ORDER: Final = frozenset({"evidence", "identifiers", "members", "names", "snapshots", "terms"})
ORDER: Final = "order"  # the last step of a path that stands for the order of a list


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Part:
    """One part of a body in two versions. `parts` are the children of a list, the fields of a child, or languages."""

    path: Path
    old: Any
    new: Any
    change: Change
    parts: Sequence[Part] = ()

    @property
    def name(self) -> str:
        return self.path[-1]

    @property
    def differs(self) -> bool:
        return self.change != Change.SAME


def says_nothing(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (says_nothing(one) and says_nothing(other))


def compare(old: Body | None, new: Body | None) -> list[Part]:
    """Every part of either body, in the order of the older one's fields."""
    before, after = old or {}, new or {}
    names = [name for name in {**before, **after} if name not in IDENTITY]
    return [_part((name,), before.get(name), after.get(name)) for name in names]


def _part(path: Path, old: Any, new: Any) -> Part:
    name = path[-1]
    if name in SIGNS and (isinstance(old, list) or isinstance(new, list)):
        parts = list(_children(path, old or [], new or []))
        moved = name in IN_ORDER and not any(one.differs for one in parts) and (old or []) != (new or [])
        return Part(path, old, new, Change.CHANGED if moved else _change(old, new), parts)
    if _opens(name, old, new):
        fields = {**(old or {}), **(new or {})}
        inner = [_part((*path, key), (old or {}).get(key), (new or {}).get(key)) for key in fields]
        return Part(path, old, new, _change(old, new), inner)
    return Part(path, old, new, _change(old, new))


def _children(path: Path, old: Sequence[Body], new: Sequence[Body]) -> Iterator[Part]:
    """The children in the order of the newer list; those that are gone after the one they stood behind."""
    partner = _partners(path[-1], old, new, LOOSE.get(path[-1]))
    taken = set(partner.values())
    gone = [number for number in range(len(old)) if number not in taken]
    for place, one in enumerate(new):
        before = partner.get(place)
        while gone and before is not None and gone[0] < before:
            yield _child(path, old[gone.pop(0)], None, place)
        yield _child(path, None if before is None else old[before], one, place)
    for number in gone:
        yield _child(path, old[number], None, number)


def _child(path: Path, old: Body | None, new: Body | None, place: int) -> Part:
    here = (*path, str(place))
    fields = {**(old or {}), **(new or {})}
    parts = [_part((*here, key), (old or {}).get(key), (new or {}).get(key)) for key in fields]
    return Part(here, old, new, _change(old, new), parts)


def _change(old: Any, new: Any) -> Change:
    if _same(old, new):
        return Change.SAME
    if says_nothing(old):
        return Change.ADDED
    return Change.REMOVED if says_nothing(new) else Change.CHANGED


def _opens(name: str, *values: Any) -> bool:
    """Whether the value is compared by what is in it."""
    return (name in PROSE or name in NESTED) and all(
        value is None or isinstance(value, Mapping) for value in values
    )


def _partners(
    name: str, old: Sequence[Body], new: Sequence[Body], loose: Sequence[str] | None = None
) -> dict[int, int]:
    """From places in `new` to the places of the same children in `old`; what is new has no partner."""
    found: dict[int, int] = {}
    for keys in (None, *SIGNS[name], *([loose] if loose else [])):
        free = [number for number in range(len(old)) if number not in found.values()]
        for place, one in enumerate(new):
            if place in found:
                continue
            match = next((number for number in free if _sign(old[number], keys) == _sign(one, keys)), None)
            if match is not None:
                found[place] = match
                free.remove(match)
    return found


def _sign(one: Body, keys: Sequence[str] | None) -> object:
    """What the child is known by: the values of `keys`, or all of it."""
    return one if keys is None else [_at(one, key) for key in keys]


def _at(one: Body, key: str) -> Any:
    head, _dot, tail = key.partition(".")
    value = one.get(head)
    return value if not tail else (value or {}).get(tail)


# --- three ------------------------------------------------------------------------------------------------------------


class Side(StrEnum):
    THEIRS = "theirs"
    MINE = "mine"


class Outcome(StrEnum):
    """What became of a field that somebody changed."""

    THEIRS = "theirs"  # only they changed it
    MINE = "mine"  # only I did
    AGREED = "agreed"  # both, to the same
    TOGETHER = "together"  # both, and what both put in and took out goes together
    CHOICE = "choice"  # both, differently: somebody has to choose


@dataclass(frozen=True)
class Meeting:
    """One field that changed on either side since `base`. A child that is not there is None."""

    path: Path
    base: Any
    theirs: Any
    mine: Any
    outcome: Outcome
    around: Body = field(default_factory=dict)  # the child that the field belongs to, to name it by

    @property
    def key(self) -> str:
        """The path as a form names it."""
        return ".".join(self.path)


@dataclass
class Merged:
    """One body out of three. Fields without a choice yet hold mine; `open` says which those are."""

    body: dict[str, Any] = field(default_factory=dict)
    meetings: list[Meeting] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    @property
    def choices(self) -> list[Meeting]:
        return [one for one in self.meetings if one.outcome == Outcome.CHOICE]


def merge(base: Body, theirs: Body, mine: Body, choices: Mapping[str, str] | None = None) -> Merged:
    """What both changed since `base`, together. `choices` says "theirs" or "mine" by the key of a meeting.

    Paths of children count their place in `base`; of what was added, "new-" and the place in `mine`. So they stay
    the same while the same form is looked at, whatever the other side does next.
    """
    merging = _Merging(choices or {})
    for name in {**base, **theirs, **mine}:
        value = merging.value((name,), base.get(name), theirs.get(name), mine.get(name))
        merging.merged.body[name] = value
    return merging.merged


class _Merging:
    def __init__(self, choices: Mapping[str, str]) -> None:
        self.choices, self.merged = choices, Merged()

    def value(self, path: Path, base: Any, theirs: Any, mine: Any, around: Body | None = None) -> Any:
        name = path[-1]
        if theirs == mine == base or (name in IDENTITY and len(path) == 1):
            return mine
        if name in SIGNS and all(isinstance(one, list) or one is None for one in (base, theirs, mine)):
            return self.children(path, base or [], theirs or [], mine or [])
        if name in SETS:
            return self.members(path, base or [], theirs or [], mine or [], around)
        if _opens(name, base, theirs, mine):
            before, here, there = base or {}, theirs or {}, mine or {}
            found = {
                key: self.value((*path, key), before.get(key), here.get(key), there.get(key), around)
                for key in {**before, **here, **there}
            }
            stated = {key: one for key, one in found.items() if one is not None}
            return stated or (None if None in (theirs, mine) else {})
        return self.leaf(path, base, theirs, mine, around)

    def leaf(self, path: Path, base: Any, theirs: Any, mine: Any, around: Body | None) -> Any:
        """One of three values that are not taken apart; noted where somebody changed it."""
        outcome = _outcome(base, theirs, mine, Outcome.CHOICE)
        if outcome == Outcome.CHOICE:
            value = self._chosen(path, theirs, mine)
        else:
            value = theirs if outcome == Outcome.THEIRS else mine
        if not (_same(theirs, base) and _same(mine, base)):
            self.merged.meetings.append(Meeting(path, base, theirs, mine, outcome, around or {}))
        return value

    def _chosen(self, path: Path, theirs: Any, mine: Any) -> Any:
        side = self.choices.get(".".join(path))
        if side not in (Side.THEIRS, Side.MINE):
            self.merged.open.append(".".join(path))
        return theirs if side == Side.THEIRS else mine

    def members(
        self, path: Path, base: list[Any], theirs: list[Any], mine: list[Any], around: Body | None
    ) -> list[Any]:
        """A set: what either side put in or took out; nobody has to choose."""
        kept = [one for one in base if one in theirs and one in mine]
        added = [one for side in (theirs, mine) for one in side if one not in base]
        value = list(dict.fromkeys([*kept, *added]))
        outcome = _outcome(base, theirs, mine, Outcome.TOGETHER)
        self.merged.meetings.append(Meeting(path, base, theirs, mine, outcome, around or {}))
        return value if value in (mine, theirs) else sorted(value)

    # Lists of children ------------------------------------------------------------------------------------

    def children(self, path: Path, base: list[Body], theirs: list[Body], mine: list[Body]) -> list[Body]:
        name = path[-1]
        of_theirs, of_mine = _partners(name, base, theirs), _partners(name, base, mine)
        in_theirs = {number: place for place, number in of_theirs.items()}
        in_mine = {number: place for place, number in of_mine.items()}
        found: dict[Path, Body] = {}  # by where it stands: ("base", 2), ("theirs", 3), ("mine", 1)
        for number, one in enumerate(base):
            here = theirs[in_theirs[number]] if number in in_theirs else None
            there = mine[in_mine[number]] if number in in_mine else None
            if (child := self.child((*path, str(number)), one, here, there)) is not None:
                found["base", str(number)] = child
        added = [place for place in range(len(mine)) if place not in of_mine]
        for place, one in enumerate(theirs):
            if place not in of_theirs:
                twin = next((number for number in added if _twins(name, one, mine[number])), None)
                key = f"new-{twin}" if twin is not None else f"theirs-{place}"
                other = None if twin is None else mine[twin]
                if twin is not None:
                    added.remove(twin)
                if (child := self.child((*path, key), None, one, other)) is not None:
                    found["theirs", str(place)] = child
        for place in added:
            if (child := self.child((*path, f"new-{place}"), None, None, mine[place])) is not None:
                found["mine", str(place)] = child
        their_way = [_place("theirs", place, of_theirs) for place in range(len(theirs))]
        my_way = [_place("mine", place, of_mine) for place in range(len(mine))]
        return [found[key] for key in self.order(path, their_way, my_way, len(base), found)]

    def child(self, path: Path, base: Body | None, theirs: Body | None, mine: Body | None) -> Body | None:
        """One child; None where it is not to stand."""
        known = base or mine or theirs or {}
        if base is None and theirs is not None and mine is not None and theirs != mine:
            # Both added what may stand once: a field that only one of them filled in is taken from that one.
            base = {key: theirs[key] if theirs[key] == mine.get(key) else None for key in theirs}
        if base is not None and theirs is not None and mine is not None:
            return {
                key: self.value(
                    (*path, key), base.get(key), theirs.get(key), mine.get(key), known
                )
                for key in {**base, **theirs, **mine}
            }  # fmt: skip
        value: Body | None = self.leaf(path, base, theirs, mine, known)
        return value

    def order(
        self, path: Path, theirs: list[Path], mine: list[Path], size: int, found: Mapping[Path, Body]
    ) -> list[Path]:
        """The places in one row: as whoever moved children has them, the other's additions where they stood."""
        straight = [("base", str(number)) for number in range(size)]
        common = {key for key in straight if key in theirs and key in mine}
        orders = [[key for key in row if key in common] for row in (straight, theirs, mine)]
        lead, follow = mine, theirs
        if path[-1] in IN_ORDER and orders[1] != orders[0]:
            if orders[2] == orders[0]:
                lead, follow = theirs, mine
            elif orders[1] != orders[2]:
                old, new, other = ([found[key] for key in row if key in found] for row in orders)
                here = (*path, ORDER)
                self.merged.meetings.append(Meeting(here, old, new, other, Outcome.CHOICE))
                lead, follow = self._chosen(here, (theirs, mine), (mine, theirs))
        row = [key for key in lead if key in found]
        for place, key in enumerate(follow):
            if key in found and key not in row:
                before = next((row.index(one) + 1 for one in reversed(follow[:place]) if one in row), 0)
                row.insert(before, key)
        return row + [key for key in found if key not in row]


def _outcome(base: Any, theirs: Any, mine: Any, both: Outcome) -> Outcome:
    """Who changed it; `both` where both did, to different things."""
    if _same(theirs, mine):
        return Outcome.AGREED
    if _same(mine, base):
        return Outcome.THEIRS
    return Outcome.MINE if _same(theirs, base) else both


def _place(side: str, place: int, partners: Mapping[int, int]) -> Path:
    return ("base", str(partners[place])) if place in partners else (side, str(place))


def _twins(name: str, one: Body, other: Body) -> bool:
    """Whether two added children are one, or cannot both stand."""
    once = ONCE.get(name)
    return one == other or (once is not None and once(one) == once(other))
