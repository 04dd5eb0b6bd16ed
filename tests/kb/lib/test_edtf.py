"""EDTF against three published suites (../shared/gold), ISO 8601-2, and a second library."""

import datetime
import json
import os
import re
from calendar import monthrange
from pathlib import Path
from typing import Any

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.lib.edtf import Day, DeskDate, EdtfError, desk_date, overlaps, parse

GOLD_FILE = Path(__file__).resolve().parents[3].parent / "shared" / "gold" / "edtf.json"
GOLD: dict[str, Any] = json.loads(GOLD_FILE.read_text(encoding="utf-8")) if GOLD_FILE.exists() else {}

UNKNOWN_END = "ISO 8601-2: an empty end is unknown; the library's ten years around it are a guess of its own"
SEASON_INTERVAL = "ISO 8601-2 lets an end be any level 1 date; unt-validate has season ends as valid level 1"
# Every disagreement with a suite has its reason; one that no longer disagrees fails the suite.
BOUNDS_EXEMPT = {"/2006": UNKNOWN_END, "2004-06-01/": UNKNOWN_END, "1984-06-02?/": UNKNOWN_END}
ACCEPTED_ALTHOUGH_REFUSED = {
    "2018/2018-23": SEASON_INTERVAL,
    "2018-01?/2018-23": SEASON_INTERVAL,
    "2012-21/2012-22": SEASON_INTERVAL,
    "2018-21/2018-23": SEASON_INTERVAL + " (edtf.js calls it level 3)",
    "2011-23~": "level 1 qualifies a whole date, a season too: unt-validate's own level 1 has 1952-23~/1953",
    "196X": "a level 1 date which python-edtf's list repeats among its level 2 examples",
    "19XX": "a level 1 date which python-edtf's list repeats among its level 2 examples",
}


def suite(*path: str) -> list[Any]:
    found: Any = GOLD
    for key in path:
        found = found.get(key, {})
    return list(found)


def level_zero_and_one() -> list[str]:
    unt = suite("unt", "valid_level0") + suite("unt", "valid_level1")
    return unt + [text for text, level, options in suite("edtf_js", "valid") if level in {0, 1, None}]


def python_examples(*, level_two: bool) -> list[tuple[str, list[str]]]:
    examples = suite("python_edtf", "examples")
    texts = [text for text, _ in examples]
    border = texts.index("2004?-06-11") if texts else 0
    return examples[border:] if level_two else examples[:border]


def level_two() -> list[str]:
    texts = suite("unt", "valid_level2") + [text for text, _ in python_examples(level_two=True)]
    return texts + [text for text, level, _ in suite("edtf_js", "valid") if level in {2, 3}]


def invalid() -> list[Any]:
    unt = [text for part in ("dates", "intervals", "datetimes") for text in suite("unt", "invalid_" + part)]
    return unt + suite("python_edtf", "bad") + [text for text, _ in suite("edtf_js", "rejected")]


def day(text: str) -> Day | None:
    found = re.fullmatch(r"(-?\d+)-(\d\d)-(\d\d)", text)
    return Day(*map(int, found.groups())) if found else None


def unless_exempt(texts: list[Any]) -> list[Any]:
    return [text for text in texts if text not in ACCEPTED_ALTHOUGH_REFUSED]


def test_gold_is_read():
    if not GOLD:
        message = f"No EDTF gold file at {GOLD_FILE}: the conformance suites were NOT run."
        (pytest.fail if os.environ.get("CI", "").lower() == "true" else pytest.skip)(message)
    assert len(level_zero_and_one()) > 150
    assert len(invalid()) > 120


@pytest.mark.parametrize("text", level_zero_and_one())
def test_valid_level_0_and_1_is_read(text):
    assert parse(text).text == text


@pytest.mark.parametrize(("text", "bounds"), python_examples(level_two=False))
def test_strict_bounds_agree_with_the_suite(text, bounds):
    strict = bounds[:2] if len(bounds) in {2, 4} else bounds[:1] * 2
    edtf = parse(text)
    agrees = (edtf.earliest, edtf.latest) == tuple(map(day, strict))
    assert agrees != (text in BOUNDS_EXEMPT), "an exemption is stale" if agrees else f"{edtf} is not {strict}"


@pytest.mark.parametrize(("text", "flags"), suite("python_edtf", "approximate_uncertain"))
def test_qualifiers_agree_with_the_suite(text, flags):
    if not re.fullmatch(r"[^?~%]*[?~%]?(/[^?~%]*[?~%]?)?", text):
        with pytest.raises(EdtfError, match="level 2"):
            parse(text)
        return
    uncertain, approximate, both = flags
    edtf = parse(text)
    assert (edtf.uncertain, edtf.approximate) == (uncertain or both, approximate or both)


@pytest.mark.parametrize("text", unless_exempt(invalid()))
def test_invalid_is_refused(text):
    with pytest.raises(EdtfError, match=r"[a-z]"):
        parse(text)


@pytest.mark.parametrize("text", unless_exempt(level_two()))
def test_level_2_is_refused_by_name(text):
    with pytest.raises(EdtfError, match="is EDTF level 2, which is not supported"):
        parse(text)


@pytest.mark.skipif(not GOLD, reason="no gold file")
@pytest.mark.parametrize("text", ACCEPTED_ALTHOUGH_REFUSED)
def test_exemptions_are_not_stale(text):
    assert text in invalid() + level_two()
    assert parse(text)


@pytest.mark.skipif(not GOLD, reason="no gold file")
def test_exempt_bounds_are_still_in_the_suite():
    assert set(BOUNDS_EXEMPT) <= {text for text, _ in python_examples(level_two=False)}


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2016-05-02T16:54:59+02:30", (2016, 5, 2), (2016, 5, 2), "time"),
        ("2023-10-01", (2023, 10, 1), (2023, 10, 1), "day"),
        ("1985-04-XX", (1985, 4, 1), (1985, 4, 30), "month"),
        ("2010-24", (2010, 12, 1), (2010, 12, 31), "season"),
        ("1985-XX-XX", (1985, 1, 1), (1985, 12, 31), "year"),
        ("Y-170002", (-170002, 1, 1), (-170002, 12, 31), "year"),
        ("201X", (2010, 1, 1), (2019, 12, 31), "decade"),
        ("19", (1900, 1, 1), (1999, 12, 31), "century"),
        ("-04", (-499, 1, 1), (-400, 12, 31), "century"),
        ("-00XX", (-99, 1, 1), (-1, 12, 31), "century"),
        ("1XXX", (1000, 1, 1), (1999, 12, 31), "millennium"),
        ("XXXX-XX", (0, 1, 1), (9999, 12, 31), "unknown"),
        ("2023-10/..", (2023, 10, 1), None, "interval"),
        ("/2023", None, (2023, 12, 31), "interval"),
        ("../", None, None, "interval"),
        ("-0004-02-29", (-4, 2, 29), (-4, 2, 29), "day"),
        ("2000-02", (2000, 2, 1), (2000, 2, 29), "month"),
        ("1900-02", (1900, 2, 1), (1900, 2, 28), "month"),
    ],
)
def test_bounds_and_precision(text, earliest, latest, precision):
    edtf = parse(text)
    assert (edtf.earliest, edtf.latest, edtf.precision) == (earliest, latest, precision)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2023-02-29", "01 to 28"),
        ("2023-5", "two digits"),
        ("31.05.2023", "year first"),
        ("২০২৩-০৫", "digits 0 to 9"),
        ("2023–05", "plain hyphen"),
        ("2023/open", r"\.\."),
        ("201x", "capital X"),
        ("12345", "Y12345"),
        ("31/05/2023", "2023-05-31"),
        ("2024/2023", "earlier date first"),
        ("2023\n", "white space"),
        ("Y" + "1" * 5000, "at most"),
        (2023, "not int"),
    ],
)
def test_refusals_say_what_to_write(text, advice):
    with pytest.raises(EdtfError, match=advice):
        parse(text)


def test_desk_date_has_calendar_days():
    assert desk_date("2023-10~") == DeskDate(
        datetime.date(2023, 10, 1), datetime.date(2023, 10, 31), "2023-10~"
    )
    assert desk_date("../2023").earliest is None


@pytest.mark.parametrize(
    "text", ["0000", "-0001/2000", "Y12345", "..", "../..", "/", "XXXX", "2023-05-31T10:00:00Z", ""]
)
def test_desk_date_refuses_what_the_desk_cannot_keep(text):
    with pytest.raises(EdtfError):
        desk_date(text)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2023", "2023-12-31", True),
        ("2023", "2024", False),
        ("2023/..", "2031-05", True),
        ("../2022", "2023", False),
        ("/", "-9999", True),
    ],
)
def test_overlap(a, b, expected):
    assert overlaps(parse(a), parse(b)) is expected
    assert overlaps(parse(b), parse(a)) is expected


def test_overlap_of_a_desk_date_and_any_date():
    assert overlaps(desk_date("2023-05"), parse("2023-05-31"))
    assert not overlaps(desk_date("2023-05"), parse("2023-06-01"))


years = st.integers(0, 9999).map("{:04}".format) | st.integers(-9999, -1).map("{:05}".format)
months = st.builds("{}-{:02}".format, years, st.integers(1, 12))
days = st.builds("{}-{:02}".format, months, st.integers(1, 28))
# The library exchanges the bounds of -2004-02-XX: no unknown day in a negative year here.
masked = st.sampled_from(
    ["201X", "19XX", "1XXX", "-01XX", "2004-XX", "1985-04-XX", "1985-XX-XX", "2004-02-XX"]
)
qualified = st.builds("{}{}".format, years | months | days | masked, st.sampled_from(["", "?", "~", "%"]))
seasons = st.builds("{}-{}".format, years, st.integers(21, 24))
long_years = st.integers(10_000, 10**9).map("Y{}".format)
# The library reads reversed intervals: only ordered ones can be compared.
intervals = st.lists(days | months | years, min_size=2, max_size=2).map(
    lambda ends: "/".join(sorted(ends, key=lambda end: parse(end).earliest or ()))
)


@given(qualified | seasons | long_years | intervals)
@settings(deadline=None, max_examples=150)
def test_bounds_agree_with_the_edtf_library(text):
    theirs, ours = parse_edtf(text), parse(text)
    assert ours.earliest == tuple(theirs.lower_strict()[:3])
    assert ours.latest == tuple(theirs.upper_strict()[:3])


@given(st.integers(-9999, 9999), st.integers(1, 12), st.integers(1, 31))
def test_days_are_refused_exactly_when_the_calendar_lacks_them(year, month, number):
    # The calendar repeats every 400 years, so that Python's own can speak for any year.
    text = f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{number:02}"
    try:
        datetime.date(year % 400 + 400, month, number)
    except ValueError:
        with pytest.raises(EdtfError):
            parse(text)
    else:
        assert parse(text).earliest == (year, month, number)
        assert parse(text[:-3]).latest == (year, month, monthrange(year % 400 + 400, month)[1])


@given(st.text(alphabet="0123456789-/.XTYZES?~%[]{}:, ০", max_size=24) | st.text(max_size=12))
def test_any_other_text_raises_edtf_error_only(text):
    try:
        edtf = parse(text)
    except EdtfError:
        return
    assert overlaps(edtf, edtf)
