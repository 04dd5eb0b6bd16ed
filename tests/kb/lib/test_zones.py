"""Time zones as people name them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kb.lib.zones import NoSuchZone, clock, listed, offset, zone_named, zones

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("Asia/Dhaka", "Asia/Dhaka"), ("asia/dhaka", "Asia/Dhaka"), (" dhaka ", "Asia/Dhaka"), ("UTC", "UTC"),
        ("utc", "UTC"), ("Ho Chi Minh", "Asia/Ho_Chi_Minh"), ("america/new york", "America/New_York"),
        ("Asia/Saigon", "Asia/Saigon"),  # a former name, still known
    ],
)  # fmt: skip
def test_a_zone_is_known_by_its_name_or_its_city(typed: str, named: str) -> None:
    assert zone_named(typed) == named


@pytest.mark.parametrize(
    ("typed", "says"),
    [("Daka", "Asia/Dhaka"), ("Asia/Daka", "Asia/Dhaka"), ("Qqqqq", "such as Asia/Dhaka"), ("", "such as"),
     ("../../etc/passwd", "such as"), ("x" * 5000, "such as")],
)  # fmt: skip
def test_anything_else_is_refused_with_what_is_near(typed: str, says: str) -> None:
    with pytest.raises(NoSuchZone, match=says) as refused:
        zone_named(typed)
    assert len(str(refused.value)) < 300


def test_the_list_is_of_places_and_complete_enough() -> None:
    assert listed()[0] == "UTC"
    assert len(listed()) > 400
    assert set(listed()) <= zones()
    assert not [name for name in listed() if name.startswith(("Etc/", "posix"))]


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Dhaka", "UTC+06:00"),
        ("Asia/Kathmandu", "UTC+05:45"),
        ("America/New_York", "UTC-04:00"),
        ("UTC", "UTC"),
    ],
)
def test_how_far_clocks_are_from_utc(zone: str, shown: str) -> None:
    assert offset(zone, NOON) == shown


def test_a_zone_that_is_gone_reads_as_utc() -> None:
    assert str(clock("Mars/Olympus")) == "UTC"
    assert str(clock("Asia/Dhaka")) == "Asia/Dhaka"
