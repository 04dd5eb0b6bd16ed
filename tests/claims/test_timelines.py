"""Where events stand: joined, in order, no finer than known, and never on top of each other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from claims.events import Moment, events, moment
from claims.lettering import clipped, text_width, wrapped
from claims.timelines import EDGE, ERA, WIDTH, Drawing, draw, strip
from claims.wording import sentence
from tests.claims.story import BANNED, COST, H800, RELEASED, V3, claim, entity, spin_offs


def label(event):
    return sentence(event.lead, "en")


def drawn(*groups) -> Drawing:
    found = draw(groups, label)
    assert found is not None
    return found


def dated(edtf) -> Moment:
    found = moment(claim("c1", V3, RELEASED, time=edtf))
    assert found is not None
    return found


def test_claims_that_date_one_event_stand_on_one_row():
    (event,) = events(spin_offs())
    assert event.contested
    assert [one["ref"] for one in event.claims] == ["c2", "c1"]  # the better supported first
    row = drawn(("", [event])).rows[0]
    assert [(mark.claim["ref"], mark.point) for mark in row.marks] == [("c1", False), ("c2", False)]
    assert row.marks[0].length > 8 * row.marks[1].length


def test_different_values_are_different_events():
    assert len(events([claim("c1", H800, BANNED, on="2023", text=text) for text in ("China", "Russia")])) == 2


def test_amounts_of_different_times_are_different_events():
    amounts = [claim(f"c{n}", V3, COST, on=on, amount="1") for n, on in enumerate(("2023", "2023", "2024"))]
    assert [len(event.claims) for event in events(amounts)] == [2, 1]


def test_claims_without_a_time_are_left_out():
    assert events([claim("c1", V3, COST, amount="1")]) == []
    assert draw([("", [])], label) is None


@pytest.mark.parametrize(
    ("edtf", "point", "soft", "open_start", "open_end"),
    [
        ("2023-07-17", True, False, False, False),
        ("2023-05", False, False, False, False),
        ("2023", False, False, False, False),
        ("2023-05~", False, True, False, False),
        ("2023-10/..", False, False, False, True),
        ("../2023", False, False, True, False),
    ],
)
def test_mark_is_no_finer_than_the_date(edtf, point, soft, open_start, open_end):
    drawing = drawn(("", events([claim("c1", V3, RELEASED, time=edtf)])))
    mark = drawing.rows[0].marks[0]
    assert (mark.point, mark.soft, mark.open_start, mark.open_end) == (point, soft, open_start, open_end)


def test_year_fills_its_column_and_month_a_twelfth():
    drawing = drawn(("", events(spin_offs())))
    year, month = drawing.rows[0].marks
    (column,) = drawing.years
    assert year.length == pytest.approx(column.width, abs=0.2)
    assert month.length == pytest.approx(column.width * 31 / 365, abs=0.2)


def test_years_without_events_become_a_break():
    claims = [
        claim(f"c{n}", entity(f"m{n}", f"M{n}"), RELEASED, time=str(year))
        for n, year in enumerate((1990, 2023))
    ]
    years = drawn(("", events(claims))).years
    assert [(year.year, year.is_break) for year in years] == [(1990, False), (1991, True), (2023, False)]


@pytest.mark.parametrize("name", ["Model", "ডিপসিক গবেষণাপত্র", "डीपसीक मॉडल", "深度求索"])
@pytest.mark.parametrize("step", [1, 30])
def test_three_hundred_labels_never_meet(name, step):
    start = date(2021, 1, 1)
    claims = [
        claim(
            f"c{n}",
            entity(f"m{n}", f"{name} {n} " * (1 + n % 5)),
            RELEASED,
            time=(start + timedelta(n * step)).isoformat(),
        )
        for n in range(300)
    ]
    drawing = drawn(("One", events(claims[::2])), ("Two", events(claims[1::2])))
    assert len(drawing.rows) == 300
    lanes: dict[float, list[tuple[float, float]]] = {}
    for row in drawing.rows:
        assert row.left >= 0
        assert row.right <= WIDTH
        lanes.setdefault(row.label_y, []).append((row.left, row.right))
    for taken in lanes.values():
        taken.sort()
        assert all(a[1] < b[0] for a, b in pairwise(taken))
    assert max(row.label_y for row in drawing.rows) < drawing.height


@pytest.mark.parametrize("edtf", ["2023", "2023-01/..", "../2023", "2023~"])
def test_label_without_room_beside_its_bar_goes_below_it(edtf):
    (row,) = drawn(("", events([claim("c1", V3, RELEASED, time=edtf)]))).rows
    assert row.label.startswith("DeepSeek-V3 was released on")
    assert row.label_y > row.marks[0].y + 8
    assert row.right <= WIDTH


def test_label_too_long_is_cut_at_a_word():
    assert clipped("one two three", text_width("one two…") + 1) == "one two…"
    assert clipped("short", 500) == "short"
    assert clipped("x" * 500, 100).endswith("…")


def test_strip_places_a_moment_in_its_year():
    day = strip(dated("2023-07-02"), 2023)
    assert day.point
    assert day.middle == pytest.approx(50, abs=0.5)
    year = strip(dated("2023"), 2023)
    assert (year.start, year.end, year.before, year.after) == (0, 100, False, False)
    later = strip(dated("2016-02"), 2015)
    assert (later.length, later.after) == (0, True)
    earlier = strip(dated("2014"), 2015)
    assert (earlier.length, earlier.before) == (0, True)
    leap = strip(dated("2024-12-31"), 2024)
    assert leap.end == 100


def test_drawing_keeps_to_its_edges():
    drawing = drawn(("", events(spin_offs())))
    assert drawing.years[0].x == EDGE
    assert drawing.years[-1].x + drawing.years[-1].width <= WIDTH - EDGE + 0.2


def test_eras_lie_behind_the_events_and_are_cut_where_the_years_end():
    found = events([claim(f"c{year}", V3, RELEASED, time=str(year)) for year in (2020, 2021, 2024)])
    eras = [
        ("Before all of it", Moment(date(2010, 1, 1), date(2012, 1, 1), False, False)),
        ("The long one", Moment(None, date(2020, 6, 30), False, False)),
        ("The late one", Moment(date(2022, 5, 1), None, False, False)),
    ]
    plain, drawn = draw([("", found)], label), draw([("", found)], label, eras=eras)
    assert [band.label for band in drawn.bands] == ["The long one", "The late one"]
    long, late = drawn.bands
    assert long.x == drawn.years[0].x
    assert long.x + long.width == pytest.approx(drawn.years[0].x + drawn.years[0].width / 2, abs=2)
    assert late.x + late.width == pytest.approx(drawn.years[-1].x + drawn.years[-1].width, abs=0.2)
    assert late.x >= next(year.x for year in drawn.years if year.is_break)
    assert drawn.height == plain.height + 2 * ERA
    assert min(mark.y for row in drawn.rows for mark in row.marks) > late.label_y


@pytest.mark.parametrize("text", ["x" * 20_000, "word " * 4_000, "শব্দ " * 4_000])
def test_long_texts_are_cut_where_the_room_ends(text):
    assert text_width(clipped(text, 200)) <= 200
    lines = wrapped(text, 200, most=3)
    assert len(lines) == 3
    assert all(text_width(line) <= 200 for line in lines)
    assert lines[-1].endswith("…")


def test_what_fits_is_left_as_it_is():
    assert clipped("A few words", 500) == "A few words"
    assert wrapped("A few words", 500) == ["A few words"]
    assert wrapped("one two three", text_width("one two")) == ["one two", "three"]
    assert wrapped("", 100) == []
