"""Where the events of a timeline stand: pure layout, no HTML and no database.

Dates are drawn no finer than the evidence: a day is a mark, a month or a year a bar, "about" has soft ends, an open
interval an arrow. Claims that date one and the same event differently stand on one row as alternatives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from claims.events import Event, Moment
from claims.lettering import clipped, text_width

Claim = Mapping[str, Any]

WIDTH: Final = 1000.0
EDGE: Final = 8.0  # between a mark and its label, and at both sides of the drawing
GAP: Final = 16.0  # between neighbors in one lane
LANE: Final = 28.0
ROOM: Final = 160.0  # a label with less room beside its marks goes below them
STACK: Final = 12.0  # what each further alternative adds to a lane
HEADING: Final = 34.0
ERA: Final = 18.0  # the line of an era's label
TOP: Final = 34.0  # room for the years above
BOTTOM: Final = 14.0
BREAK: Final = 26.0  # width of a run of years in which nothing is known
NARROWEST: Final = 5.0
MONTHS: Final = 200  # days; a longer bar is drawn light, as a year is
POINT: Final = 5.0  # radius of a day


# --- a strip: one year from top to bottom, beside an event in words ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strip:
    """A moment within its year, in percent from January; arrows where it goes on beyond."""

    start: float
    end: float
    point: bool
    soft: bool
    before: bool
    after: bool

    @property
    def length(self) -> float:
        return round(self.end - self.start, 2)

    @property
    def middle(self) -> float:
        return round((self.start + self.end) / 2, 2)


def strip(found: Moment, year: int) -> Strip:
    """Where a moment lies in `year`."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if found.earliest is not None and found.earliest > last:
        return Strip(100.0, 100.0, False, found.soft, before=False, after=True)
    if found.latest is not None and found.latest < first:
        return Strip(0.0, 0.0, False, found.soft, before=True, after=False)
    before = found.earliest is None or found.earliest < first
    after = found.latest is None or found.latest > last
    start = 0.0 if before else _share(found.earliest or first)
    end = 100.0 if after else _share(found.latest or last, whole=True)
    return Strip(start, end, found.is_day, found.soft, before, after)


def _share(day: date, *, whole: bool = False) -> float:
    length = 366 if day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0) else 365
    passed = day.timetuple().tm_yday - (0 if whole else 1)
    return round(100 * passed / length, 2)


# --- the drawing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """What one claim draws: a point (start = end) or a bar."""

    claim: Claim
    start: float
    end: float
    y: float
    point: bool
    soft: bool
    uncertain: bool
    open_start: bool
    open_end: bool
    vague: bool  # most of a year or more

    @property
    def length(self) -> float:
        return round(self.end - self.start, 1)

    @property
    def top(self) -> float:
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Row:
    """An event in the drawing, its label beside its marks."""

    event: Event
    marks: list[Mark]
    label: str
    label_x: float
    label_y: float
    at_end: bool  # the label ends at label_x
    left: float
    right: float
    height: float


@dataclass(frozen=True, slots=True)
class Year:
    """A year's column; a break stands for a run of years without events."""

    x: float
    width: float
    year: int
    is_break: bool = False

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Band:
    """An era behind the events: where it lies, and its label with a line of its own above them."""

    x: float
    width: float
    label: str
    label_y: float


@dataclass(slots=True)
class Drawing:
    """A whole timeline in units of a drawing WIDTH wide."""

    height: float
    years: list[Year]
    headings: list[tuple[str, float]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    width: float = WIDTH


def draw(
    groups: Sequence[tuple[str, Sequence[Event]]],
    label: Callable[[Event], str],
    *,
    eras: Sequence[tuple[str, Moment]] = (),
    longest: float = 520.0,
) -> Drawing | None:
    """Lay out groups of events under their headings, oldest first; None when there is nothing to draw.

    Every event has a place of its own in a lane, so that no label meets another label or mark.
    """
    everything = [event for _title, group in groups for event in group]
    if not everything:
        return None
    scale = _columns(everything)
    drawing = Drawing(height=0.0, years=scale, bands=_bands(eras, scale))
    y = TOP + ERA * len(drawing.bands)
    for title, group in groups:
        if not group:
            continue
        if title:
            drawing.headings.append((title, y + 20))
            y += HEADING
        lanes = _packed(group, label, scale, longest)
        for lane in lanes:
            drawing.rows += [_lowered(row, y) for row in lane]
            y += max(row.height for row in lane)
    drawing.height = y + BOTTOM
    return drawing


def _bands(eras: Sequence[tuple[str, Moment]], columns: Sequence[Year]) -> list[Band]:
    """The eras that touch the years drawn, cut where these begin and end; each label has a line of its own."""
    bands: list[Band] = []
    first, last = columns[0], columns[-1]
    for label, found in eras:
        start, end = found.earliest or date.min, found.latest or date.max
        if end.year < first.year or start.year > last.year:
            continue
        left = first.x if start.year < first.year else _near(start, columns)
        right = last.x + last.width if end.year > last.year else _near(end, columns, whole=True)
        room = max(WIDTH - EDGE - left, 0)
        bands.append(
            Band(
                round(left, 1),
                round(max(right - left, NARROWEST), 1),
                clipped(label, room),
                TOP + ERA * (len(bands) + 0.5),
            )
        )
    return bands


def _near(day: date, columns: Sequence[Year], *, whole: bool = False) -> float:
    """Where a day lies; in a run of years without events, at its beginning."""
    for column in columns:
        if column.year == day.year and not column.is_break:
            return _x(day, columns, whole=whole)
        if column.year >= day.year:
            return column.x
    return columns[-1].x


def _columns(everything: Sequence[Event]) -> list[Year]:
    """The years as columns: wider where more happened, a narrow break for years without events."""
    counted: dict[int, int] = {}
    for event in everything:
        for found in event.moments:
            for year in _years(found):
                counted[year] = counted.get(year, 0)
            counted[event.year] += 1
    weights: list[tuple[int, float]] = []  # (year, weight), weight 0 is a break
    for year in range(min(counted), max(counted) + 1):
        if year in counted:
            weights.append((year, 1 + min(counted[year], 12) * 0.25))
        elif weights and weights[-1][1]:
            weights.append((year, 0.0))
    breaks = sum(1 for _year, weight in weights if not weight)
    unit = (WIDTH - 2 * EDGE - breaks * BREAK) / sum(weight for _year, weight in weights)
    columns, x = [], EDGE
    for year, weight in weights:
        width = weight * unit if weight else BREAK
        columns.append(Year(round(x, 1), round(width, 1), year, is_break=not weight))
        x += width
    return columns


def _years(found: Moment) -> range:
    """The years a moment touches; of a long span its two ends only count through their own years."""
    first = (found.earliest or found.latest or date.min).year
    last = (found.latest or found.earliest or date.max).year
    return range(first, last + 1)


def _x(day: date, columns: Sequence[Year], *, whole: bool = False) -> float:
    for column in columns:
        if column.year == day.year and not column.is_break:
            return column.x + column.width * _share(day, whole=whole) / 100
    raise ValueError(f"the drawing has no year {day.year}")


def _packed(
    group: Sequence[Event], label: Callable[[Event], str], columns: Sequence[Year], longest: float
) -> list[list[Row]]:
    """Each event into the first lane with room for its marks and its label."""
    lanes: list[list[Row]] = []
    for event in group:
        row = _row(event, label(event), columns, longest)
        for lane in lanes:
            if all(row.right + GAP <= other.left or other.right + GAP <= row.left for other in lane):
                lane.append(row)
                break
        else:
            lanes.append([row])
    return lanes


def _row(event: Event, text: str, columns: Sequence[Year], longest: float) -> Row:
    marks = [
        _mark(claim, found, columns, STACK * index) for index, (claim, found) in enumerate(_distinct(event))
    ]
    left = min(mark.start - (POINT if mark.point else 0) for mark in marks)
    right = max(mark.end + (POINT if mark.point else 0) for mark in marks)
    room_right, room_left = WIDTH - right - 2 * EDGE, left - 2 * EDGE
    wanted = min(text_width(text), longest)
    height = LANE + STACK * (len(marks) - 1)
    if max(room_right, room_left) < min(wanted, ROOM):
        shown = clipped(text, longest)
        width = text_width(shown)
        label_x = min(max(left, EDGE), WIDTH - EDGE - width)
        return Row(
            event=event,
            marks=marks,
            label=shown,
            label_x=round(label_x, 1),
            label_y=STACK * len(marks) + 5,
            at_end=False,
            left=min(left, label_x),
            right=max(right, round(label_x + width, 1)),
            height=height + STACK + 6,
        )
    at_end = room_right < wanted and room_left > room_right
    shown = clipped(text, min(longest, room_left if at_end else room_right))
    width = text_width(shown)
    label_x = left - EDGE if at_end else right + EDGE
    return Row(
        event=event,
        marks=marks,
        label=shown,
        label_x=round(label_x, 1),
        label_y=STACK * (len(marks) - 1) / 2,
        at_end=at_end,
        left=round(label_x - width if at_end else left, 1),
        right=round(right if at_end else label_x + width, 1),
        height=height,
    )


def _distinct(event: Event) -> list[tuple[Claim, Moment]]:
    """One mark for each different moment, the vaguest on top."""
    first: dict[tuple[date | None, date | None], tuple[Claim, Moment]] = {}
    for claim, found in event.dated:
        first.setdefault((found.earliest, found.latest), (claim, found))
    return sorted(first.values(), key=lambda pair: _span(pair[1]), reverse=True)


def _span(found: Moment) -> int:
    return ((found.latest or date.max) - (found.earliest or date.min)).days


def _mark(claim: Claim, found: Moment, columns: Sequence[Year], y: float) -> Mark:
    last = columns[-1]
    start = columns[0].x if found.earliest is None else _x(found.earliest, columns)
    end = last.x + last.width if found.latest is None else _x(found.latest, columns, whole=True)
    if found.is_day:
        start = end = (start + end) / 2
    elif end - start < NARROWEST:
        start, end = start - NARROWEST / 2, end + NARROWEST / 2
    return Mark(
        claim=claim,
        start=round(start, 1),
        end=round(end, 1),
        y=y,
        point=found.is_day,
        soft=found.soft,
        uncertain=found.uncertain,
        open_start=found.earliest is None,
        open_end=found.latest is None,
        vague=_span(found) > MONTHS,
    )


def _lowered(row: Row, y: float) -> Row:
    base = y + LANE / 2
    return replace(
        row,
        marks=[replace(mark, y=mark.y + base) for mark in row.marks],
        label_y=row.label_y + base + 4.5,
    )
