"""Lists of the desk are walked row by row: every row once, in order, forwards and back, and nothing is counted."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.admin.claims import ClaimAdmin
from claims.models import Claim
from tests import building as build

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/claim/"
# The columns of the list: the claim, its value, who says so, evidence, rank, standing; two of them may be empty.
ORDERS = ["", "o=1", "o=2", "o=-2", "o=3", "o=-3.2", "o=5", "o=-6.1", "o=7"]


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    """Eight claims, some without an amount or without anybody who asserts them, three on a page."""
    monkeypatch.setattr(ClaimAdmin, "list_per_page", 3)
    bodies = [build.an_entity() for _ in range(2)]
    when = build.a_property(data_type="time")
    return [
        build.a_claim(
            asserted_by=bodies[index % 2] if index % 3 else None,
            **(
                {"property": when, "value": build.ValueDraft(time="2023")}
                if index % 4 == 0
                else {"value": build.euros(str(10 + index % 5))}
            ),
        )
        for index in range(8)
    ]


def _page(desk: Client, address: str) -> tuple[list[int], dict[str, str]]:
    answer = desk.get(address)
    assert answer.status_code == 200
    links = re.findall(r'<a href="(\?[^"]+)" rel="(next|prev)"', answer.content.decode())
    return [row.pk for row in answer.context["cl"].result_list], {
        name: LIST + url.replace("&amp;", "&") for url, name in links
    }


@pytest.mark.parametrize("order", ORDERS)
def test_a_walk_meets_every_row_once_and_comes_back_the_same_way(
    desk: Client, claims: list[Claim], order: str
) -> None:
    there: list[list[int]] = []
    address = f"{LIST}?{order}"
    while address:
        rows, links = _page(desk, address)
        there.append(rows)
        last, address = address, links.get("next", "")
    assert sorted(chain(*there)) == sorted(claim.pk for claim in claims)
    back: list[list[int]] = []
    address = last
    while address:
        rows, links = _page(desk, address)
        back.insert(0, rows)
        address = links.get("prev", "")
    assert list(chain(*back)) == list(chain(*there))


def test_what_comes_in_between_is_neither_repeated_nor_hides_anything(
    desk: Client, claims: list[Claim]
) -> None:
    first, links = _page(desk, LIST)
    build.a_claim()
    second, _links = _page(desk, links["next"])
    assert not set(first) & set(second)
    assert len(second) == 3


def test_another_order_or_filter_begins_at_the_first_page(desk: Client, claims: list[Claim]) -> None:
    _rows, links = _page(desk, LIST)
    html = desk.get(links["next"]).content.decode()
    others = [one for one in re.findall(r'href="(\?[^"]*)"', html) if "rel=" not in one]
    assert not [one for one in others if "after=" in one and one not in html.split("paginator")[1]]


@pytest.mark.parametrize(
    "asked", ["after=0", "after=x", "before=-1", "after=999999999999999999999", "after=1&before=1"]
)
def test_a_place_that_is_none_is_the_first_page_or_what_follows(
    desk: Client, claims: list[Claim], asked: str
) -> None:
    assert _page(desk, f"{LIST}?{asked}")


@pytest.mark.parametrize(
    "address", [LIST, f"{LIST}?o=2", f"{LIST}?q=club", "/admin/companies/entity/", "/admin/claims/source/",
                "/admin/autocomplete/?app_label=claims&model_name=claim&field_name=subject&term=club"],
)  # fmt: skip
def test_nothing_is_counted(desk: Client, claims: list[Claim], address: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    counting = [one["sql"] for one in queries if one["sql"].startswith("SELECT COUNT(")]
    assert [one for one in counting if "claims_notice" not in one] == []  # one's own notices are few


def test_a_picker_goes_on_where_there_is_more(desk: Client) -> None:
    for _ in range(21):
        build.an_entity()
    address = "/admin/autocomplete/?app_label=claims&model_name=claim&field_name=subject&term=club"
    first, second = desk.get(address).json(), desk.get(f"{address}&page=2").json()
    assert first["pagination"]["more"]
    assert not second["pagination"]["more"]
    assert len(first["results"]) + len(second["results"]) == 21
    assert desk.get(f"{address}&page=0").status_code == 404


@pytest.mark.parametrize(
    ("place", "title"),
    [("claims/claim", "Claims"), ("claims/halflife", "Half-lives"), ("claims/captureattempt", "Stale evidence"),
     ("auth/user", "Users"), ("auth/group", "Groups")],
)  # fmt: skip
def test_a_list_is_called_by_what_stands_in_it(desk: Client, place: str, title: str) -> None:
    html = desk.get(f"/admin/{place}/").content.decode()
    assert f"<h1>{title}</h1>" in html
    assert "to change" not in html
