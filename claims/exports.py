"""For other programs: a timeline as TimelineJS's JSON, and CSV that a spreadsheet opens without running anything. Pure.

TimelineJS: https://timeline.knightlab.com/docs/json-format.html. Its texts are HTML, so everything is escaped.
"""

import calendar
import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import wording
from claims.events import Event, Moment, span
from kb.lib.figures import time_label, whole

Claim = Mapping[str, Any]
Shape = dict[str, Any]
Address = Callable[[Claim], str]

COLUMNS: Final = (
    "ref", "url", "time", "earliest", "latest", "claim", "subject", "subject_label", "property", "property_label",
    "value", "amount", "unit", "scope", "asserted_by", "asserted_on", "sources", "origins", "voices", "rank", "note",
)  # fmt: skip
_ALL: Final = ("ref", "edition", "url")
TABLES: Final[dict[str, Sequence[str]]] = {  # the columns of whole kinds: paths in the API's shapes
    "claims": (
        *_ALL, "sentence", "subject.slug", "subject.kind", "subject.label", "property.slug", "property.label",
        "value.kind", "value.comparator", "value.amount", "value.upper_amount", "value.unit", "value.lower_bound",
        "value.upper_bound", "value.entity.slug", "value.entity.label", "value.text", "value.time.edtf",
        "value.time.earliest", "value.time.latest", "scope.dimension", "scope.term", "point_in_time.edtf",
        "point_in_time.earliest", "point_in_time.latest", "valid_from.edtf", "valid_to.edtf", "asserted_by.slug",
        "asserted_by.label", "asserted_on.edtf", "mode", "method", "rank", "rank_reason", "note", "links.relation",
        "links.claim", "sources", "origins", "voices", "credibility", "disputes", "evidence.source.ref",
        "evidence.source.publisher", "evidence.stance", "evidence.original_value", "license",
    ),
    "entities": (
        *_ALL, "slug", "kind", "label", "language", "description", "names.text", "names.language", "names.role",
        "identifiers.scheme", "identifiers.value",
    ),
    "properties": (
        *_ALL, "slug", "label", "unit_label", "sentence", "data_type", "unit_dimension", "event", "functional",
        "subject_kinds", "required_scope", "description",
    ),
    "sources": (
        *_ALL, "slug", "title", "language", "publisher.slug", "publisher.name", "publisher.reliability", "address",
        "authors", "published_on.edtf", "published_on.earliest", "published_on.latest", "source_type", "derivation",
        "derived_from.ref", "derived_from.title", "identifiers.scheme", "identifiers.value", "snapshots.sha256", "note",
    ),
    "disputes": (*_ALL, "slug", "state", "question", "answer", "reason", "members.claim.ref", "members.note"),
    "timelines": (*_ALL, "slug", "title", "description"),
}  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLAIN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?[~?%]?")


def timeline_js(
    timeline: Shape, rows: Sequence[Event], language: str, address: Address, group: Callable[[Claim], str]
) -> Shape:
    """The timeline as TimelineJS reads it: dates no finer than the evidence, one group a kind of subject."""
    return {
        "title": {
            "unique_id": timeline["ref"],
            "text": {
                "headline": format_html("{}", timeline["title"]),
                "text": format_html("<p>{}</p>", timeline["description"]) if timeline["description"] else "",
            },
        },
        "events": [_event(event, language, address, group) for event in rows],
        "eras": [_era(era) for era in timeline["eras"] if span(era["time"])],
        "scale": "human",
    }


def _era(era: Shape) -> Shape:
    """A span with a name. TimelineJS wants both ends: an open one is drawn to the end of the other's year."""
    time = era["time"]
    first = date.fromisoformat(time["earliest"] or f"{time['latest'][:4]}-01-01")
    last = date.fromisoformat(time["latest"] or f"{time['earliest'][:4]}-12-31")
    return {
        "start_date": _day(first),
        "end_date": _day(last),
        "text": {"headline": format_html("{}", era["label"])},
    }


def _event(event: Event, language: str, address: Address, group: Callable[[Claim], str]) -> Shape:
    claim = event.lead
    start, end = dates(str((wording.when(claim) or {}).get("edtf", "")), event.moments[0])
    return {
        "unique_id": claim["ref"],
        "start_date": start,
        **({"end_date": end} if end else {}),
        "display_date": wording.when_text(claim, language),
        "group": group(claim),
        "autolink": False,
        "text": {
            "headline": format_html("{}", wording.sentence(claim, language)),
            "text": _text(event, language, address),
        },
    }


def _text(event: Event, language: str, address: Address) -> str:
    claim = event.lead
    parts = [format_html("<p>{}</p>", claim["note"])] if claim.get("note") else []
    if event.contested:
        others = [
            f"{wording.when_text(other, language)} ({counts_text(other, language)})"
            for other in event.claims[1:]
        ]
        parts.append(format_html("<p>{} {}</p>", _("Dated differently:"), "; ".join(others)))
    parts.append(format_html("<p>{}</p>", counts_text(claim, language)))
    parts.append(format_html('<p><a href="{}">{}</a></p>', address(claim), _("Evidence")))
    return format_html_join("", "{}", ((part,) for part in parts))


def counts_text(claim: Claim, language: str) -> str:
    """3 sources, 2 origins, 1 voice."""
    sources, origins, voices = (int(claim[part]) for part in ("sources", "origins", "voices"))
    return ", ".join(
        (
            ngettext("%(shown)s source", "%(shown)s sources", sources) % {"shown": whole(sources, language)},
            ngettext("%(shown)s origin", "%(shown)s origins", origins) % {"shown": whole(origins, language)},
            ngettext("%(shown)s voice", "%(shown)s voices", voices) % {"shown": whole(voices, language)},
        )
    )


def dates(edtf: str, moment: Moment) -> tuple[dict[str, int], dict[str, int] | None]:
    """A start and, where it differs, an end, each as fine as it is known. An open end has no end; of an interval
    with an open start the end is the start, since TimelineJS places every event by one."""
    first, slash, last = edtf.partition("/")
    start, end = _plain(first), _plain(last)
    if not slash and start:
        return start, None
    if slash and (start or end) and all(one in ("", "..") or _plain(one) for one in (first, last)):
        return (start or end or {}), (end if start and end and end != start else None)
    return _bounds(moment)


def _plain(text: str) -> dict[str, int] | None:
    found = _PLAIN.fullmatch(text)
    if found is None or (found[2] and not 1 <= int(found[2]) <= 12):
        return None
    return {
        name: int(part) for name, part in zip(("year", "month", "day"), found.groups(), strict=True) if part
    }


def _bounds(moment: Moment) -> tuple[dict[str, int], dict[str, int] | None]:
    """For seasons, decades and sets: the days between which it lies, as months or years where they are whole."""
    first, last = moment.earliest or moment.latest or date.min, moment.latest or moment.earliest or date.max
    if moment.earliest is None or moment.latest is None:
        return _day(first), None
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        start, end = {"year": first.year}, {"year": last.year}
    elif first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        start, end = ({"year": one.year, "month": one.month} for one in (first, last))
    else:
        start, end = _day(first), _day(last)
    return start, end if end != start else None


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def timeline_csv(rows: Sequence[Event], language: str, address: Address) -> str:
    """One line a claim."""
    claims = (claim for event in rows for claim in event.together or event.claims)
    return table([COLUMNS, *(_cells(claim, language, address) for claim in claims)])


def _cells(claim: Claim, language: str, address: Address) -> list[str]:
    time, value, asserter = wording.when(claim) or {}, claim["value"], claim.get("asserted_by")
    return [
        claim["ref"], address(claim), time.get("edtf") or "", time.get("earliest") or "", time.get("latest") or "",
        wording.sentence(claim, language), claim["subject"]["slug"], claim["subject"]["label"],
        claim["property"]["slug"], claim["property"]["label"], wording.value_text(claim, language),
        value.get("amount") or "", value.get("unit") or "",
        " ".join(f"{one['dimension']}:{one['term']}" for one in claim["scope"]),
        asserter["label"] if asserter else "", time_label(claim.get("asserted_on"), language),
        *(str(claim[part]) for part in ("sources", "origins", "voices", "rank")), claim.get("note") or "",
    ]  # fmt: skip


def safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what could be one."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def table(rows: Iterable[Iterable[object]]) -> str:
    """CSV (RFC 4180) in which no cell is a formula."""
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def cells(shape: Shape, columns: Iterable[str]) -> list[str]:
    """What stands in a shape under each path, "value.amount" say; several values are joined by semicolons."""
    return [_cell(shape, path.split(".")) for path in columns]


def _cell(value: Any, path: Sequence[str]) -> str:
    if isinstance(value, list):
        return "; ".join(_cell(one, path) for one in value)
    if path and isinstance(value, dict):
        return _cell(value.get(path[0]), path[1:])
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
