"""The events that claims tell of: joined, in order of time, no finer than known. Pure: claims in the reading shape.

Claims that date one and the same event differently are one event with alternatives. Statements that differ in
nothing but their subject are one event with several subjects.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.wording import when

Claim = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, as days; None is an open end."""

    earliest: date | None
    latest: date | None
    soft: bool
    uncertain: bool

    @property
    def is_day(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest

    @property
    def sort_key(self) -> tuple[date, date]:
        first = self.earliest or self.latest or date.max
        return first, self.latest or date.max


@dataclass(frozen=True, slots=True)
class Event:
    """One event: the claims that tell of it, with the moment each gives."""

    claims: list[Claim]
    moments: list[Moment]
    together: tuple[Claim, ...] = ()  # claims that say the same of one subject each; the first is in `claims`

    @property
    def lead(self) -> Claim:
        """The best supported claim; with `subjects` where it stands for several."""
        if not self.together:
            return self.claims[0]
        return dict(self.claims[0]) | {"subjects": [claim["subject"] for claim in self.together]}

    @property
    def sort_key(self) -> tuple[date, date]:
        return min(moment.sort_key for moment in self.moments)

    @property
    def year(self) -> int:
        return self.sort_key[0].year

    @property
    def contested(self) -> bool:
        """Whether its claims give different times."""
        return len({(moment.earliest, moment.latest) for moment in self.moments}) > 1

    @property
    def dated(self) -> list[tuple[Claim, Moment]]:
        return list(zip(self.claims, self.moments, strict=True))


def moment(claim: Claim) -> Moment | None:
    """The moment of a claim in the reading shape; None when it has no time."""
    return span(when(claim))


def span(time: Mapping[str, Any] | None) -> Moment | None:
    """A time of the ledger as a moment; None when it is open at both ends, or there is none."""
    if time is None or not (time.get("earliest") or time.get("latest")):
        return None
    edtf = str(time.get("edtf") or "")
    return Moment(
        earliest=date.fromisoformat(time["earliest"]) if time.get("earliest") else None,
        latest=date.fromisoformat(time["latest"]) if time.get("latest") else None,
        soft="~" in edtf or "%" in edtf,
        uncertain="?" in edtf or "%" in edtf,
    )


def events(claims: Iterable[Claim]) -> list[Event]:
    """The events that claims tell of, in order of time; the best supported claim of each comes first."""
    joined: dict[tuple[Any, ...], list[tuple[Claim, Moment]]] = {}
    for claim in claims:
        if (found := moment(claim)) is not None:
            joined.setdefault(_identity(claim, found), []).append((claim, found))
    rows = []
    for dated in joined.values():
        dated.sort(key=lambda pair: (-_weight(pair[0]), pair[1].sort_key, str(pair[0]["ref"])))
        rows.append(Event([claim for claim, _moment in dated], [found for _claim, found in dated]))
    return sorted(_joint(rows), key=lambda event: (event.sort_key, str(event.claims[0]["ref"])))


def _joint(rows: Iterable[Event]) -> list[Event]:
    """The same with statements that differ in their subject only made one."""
    alike: dict[tuple[Any, ...], list[Event]] = {}
    for event in rows:
        alike.setdefault(_statement(event), []).append(event)
    joint = []
    for group in alike.values():
        if len(group) == 1:
            joint.append(group[0])
            continue
        said = sorted((event.claims[0] for event in group), key=lambda claim: str(claim["subject"]["label"]))
        joint.append(Event([said[0]], group[0].moments, tuple(said)))
    return joint


def _statement(event: Event) -> tuple[Any, ...]:
    """All that an event says but whom it is about; an event with alternatives is like no other."""
    claim = event.claims[0]
    value = claim["value"]
    if len(event.claims) > 1 or value.get("time") or not claim["evidence"]:
        return (id(event),)
    asserter, entity = claim.get("asserted_by"), value.get("entity")
    return (
        claim["property"]["ref"],
        event.moments[0],
        value.get("kind"),
        entity["ref"] if entity else value.get("text") or "",
        *(value.get(part) for part in ("comparator", "amount", "upper_amount", "unit")),
        asserter["ref"] if asserter else "",
        *(str(claim.get(part) or "") for part in ("note", "rank", "mode", "method")),
        tuple(sorted((one["dimension"], one["term"]) for one in claim.get("scope") or [])),
        tuple(sorted({(one["stance"], one["source"]["ref"]) for one in claim["evidence"]})),
    )


def _identity(claim: Claim, found: Moment) -> tuple[Any, ...]:
    """What makes two claims tell of one event: subject, property and value; amounts at the same time."""
    value = claim["value"]
    about = (claim["subject"]["ref"], claim["property"]["ref"])
    if value.get("entity"):
        return (*about, value["entity"]["ref"])
    if value.get("time"):
        return about
    if value.get("amount") is not None:
        covers = tuple(sorted((one["dimension"], one["term"]) for one in claim.get("scope") or []))
        return (*about, found.earliest, found.latest, covers)
    return (*about, value.get("text"))


def _weight(claim: Claim) -> int:
    rank = {"preferred": 1000, "deprecated": -1000}.get(str(claim.get("rank")), 0)
    return rank + int(claim.get("origins") or 0) * 10 + int(claim.get("sources") or 0)
