"""Credits of pictures and marks of templates: what a copy drags along."""

from __future__ import annotations

import pytest

from claims.extraction.results import Part
from claims.lineage.residue import Residue, residue, shared_residue, title_in


def of(text: str) -> Residue:
    return residue(text, [Part(0, len(text), "body")])


def shared(a: dict[str, int], b: dict[str, int]) -> list[tuple[str, str, int]]:
    found = shared_residue(Residue(a, frozenset()), Residue(b, frozenset()))
    return [(one.a, one.b, one.times) for one in found]


@pytest.mark.parametrize(
    "line",
    [
        "Picture: windpulse.net",
        "Hình ảnh: Windpulse.net",
        "測試圖片：windpulse.net",
        "ডিপসেক চিত্র: www.windpulse.net",
    ],
)
def test_a_credit_is_an_address_in_a_short_line(line: str) -> None:
    assert of(f"{line}\n{line}").credits == {"windpulse.net": 2}


@pytest.mark.parametrize(
    "line",
    [
        "Picture: youtube.com",
        "Photo: reuters.com",
        "write to desk@windpulse.net",
        "see chart.png",
        "The builders of the tower said on Monday that all of it can be read at windpulse.net.",
    ],
)
def test_addresses_of_everybody_and_files_are_no_credits(line: str) -> None:
    assert not of(line).credits


def test_the_address_of_the_site_itself_is_left_out() -> None:
    text = "Copyright windpulse.net"
    assert not residue(text, [Part(0, len(text), "boilerplate")]).credits


def test_placeholders_count_wherever_they_stand() -> None:
    text = "Save %IMGP% now {{ title }} 50% off %5D and %d"
    assert residue(text, [Part(0, len(text), "boilerplate")]).placeholders == {"%IMGP%", "{{ title }}"}
    both = Residue({}, frozenset({"%IMGP%"}))
    assert [one.a for one in shared_residue(both, both)] == ["%IMGP%"]


def test_one_address_in_both_is_shared() -> None:
    assert shared({"windpulse.net": 4}, {"windpulse.net": 2, "other.net": 1}) == [
        ("windpulse.net", "windpulse.net", 2)
    ]


def test_alike_addresses_count_where_each_credits_several_pictures() -> None:
    assert shared({"ensigame.com": 4}, {"obligame.com": 4}) == [("ensigame.com", "obligame.com", 4)]
    assert shared({"ensigame.com": 4}, {"obligame.com": 2}) == []
    assert shared({"ensigame.com": 4}, {"obligame.net": 4}) == []
    assert shared({"ensigame.com": 4}, {"kitchenry.com": 4}) == []


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://a.example/hi/news/the-tower-that-leans-no-more.html", "the-tower-that-leans-no-more"),
        ("https://b.example/The-Tower-That-Leans-No-More/?utm=1#top", "the-tower-that-leans-no-more"),
        ("https://a.example/news/post1554222", ""),
        ("https://a.example/2025/04/16/tower-news", ""),
        ("https://a.example/?p=905798", ""),
        ("", ""),
    ],
)
def test_an_address_may_end_in_a_title(address: str, title: str) -> None:
    assert title_in(address) == title
