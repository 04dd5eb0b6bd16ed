"""What a timeline's address asks to see of it: which years, whom, and how the drawing is grouped. No script needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.events import Event, Moment, events, moment, span
from claims.ledger import read
from claims.timelines import Drawing, draw
from claims.views.moments import label
from claims.views.reading import Reading
from kb.lib.figures import localized_digits

Claim = Mapping[str, Any]
GROUPINGS: Final[Mapping[str, str | Promise]] = {
    "subject": gettext_lazy("who or what it is about"),
    "property": gettext_lazy("what happened"),
}


@dataclass(frozen=True, slots=True)
class Framed:
    """The events that are asked for, and the choices of the form; `faults` say what could not be read."""

    rows: list[Event]
    group: str
    chosen: Mapping[str, str]
    years: list[tuple[int, str]] = field(default_factory=list)
    subjects: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    eras: list[tuple[str, Moment]] = field(default_factory=list)

    @property
    def drawing(self) -> Drawing | None:
        return draw(_grouped(self.rows, self.group), label, eras=self.eras)

    @property
    def groupings(self) -> Mapping[str, str | Promise]:
        return GROUPINGS

    @property
    def narrowed(self) -> bool:
        """Whether something is left out."""
        return any(self.chosen[name] for name in ("from", "to", "subject"))


def framed(
    request: HttpRequest, reading: Reading, claims: Sequence[Claim], eras: Sequence[Mapping[str, Any]] = ()
) -> Framed:
    """The events that an address asks for: `from` and `to` are years, `subject` is a slug or ref, `by` a grouping.

    A claim is in when it may lie in the years asked for. What cannot be read leaves nothing out, and is a fault.
    """
    chosen = {name: request.GET.get(name, "").strip() for name in ("by", "from", "to", "subject")}
    subjects = {claim["subject"]["slug"]: str(claim["subject"]["label"]) for claim in claims}
    faults: list[str] = []
    first, last = (_year(chosen[name], name, faults) for name in ("from", "to"))
    about = _subject(reading, chosen["subject"])
    if about and not any(claim["subject"]["ref"] in about for claim in claims):
        faults.append(
            _("subject: nothing on this timeline is about “%(slug)s”.") % {"slug": chosen["subject"]}
        )
    if chosen["by"] and chosen["by"] not in GROUPINGS:
        faults.append(_("by: write one of %(choices)s.") % {"choices": ", ".join(GROUPINGS)})
    everything = events(claims)
    years = sorted({event.year for event in everything})
    rows = events(
        claim
        for claim in claims
        if faults or (_within(claim, first, last) and (not about or claim["subject"]["ref"] in about))
    )
    return Framed(
        rows=rows,
        group="" if faults else chosen["by"],
        chosen=chosen,
        years=[(year, localized_digits(str(year), reading.language)) for year in years],
        subjects=sorted(subjects.items(), key=lambda one: one[1].casefold()),
        faults=faults,
        eras=[(str(era["label"]), found) for era in eras if (found := span(era["time"])) is not None],
    )


def _subject(reading: Reading, key: str) -> set[str]:
    """The refs that a slug or ref stands for, former ones and merged things included; none when nothing is asked."""
    thing = read.find("entity", key, reading.as_of) if key else None
    return read.same_as([thing.ref], reading.as_of) if thing else {key} - {""}


def _year(text: str, name: str, faults: list[str]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and int(text):
        return int(text)
    faults.append(_("%(name)s: write a year, as in %(name)s=2023.") % {"name": name})
    return None


def _within(claim: Claim, first: int | None, last: int | None) -> bool:
    found = moment(claim)
    if found is None:
        return False
    after = first is None or (found.latest or date.max).year >= first
    return after and (last is None or (found.earliest or date.min).year <= last)


def _grouped(rows: Sequence[Event], group: str) -> list[tuple[str, Sequence[Event]]]:
    """The events under their headings, each group where its first event stands; all in one without a grouping."""
    if not group:
        return [("", rows)]
    groups: dict[str, tuple[str, list[Event]]] = {}
    for event in rows:
        alone = [Event([claim], event.moments[:1]) for claim in event.together] if group == "subject" else []
        for one in alone or [event]:  # what is said of several stands with each of them
            about = one.claims[0][group]
            groups.setdefault(about["ref"], (str(about["label"]), []))[1].append(one)
    return list(groups.values())
