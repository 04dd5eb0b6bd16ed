"""Every list, in every ordering, both ways, with rows published in between: each row of the starting edition once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import cycle
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from claims.actions.merging import merge_entity
from claims.api.reading.views import LedgerViewSet
from claims.ledger.indexing import NO_AMOUNT, amount_key
from claims.ledger.models import ClaimIndex, Edition, Reason, ThingIndex
from claims.models import Claim
from kb.api import router
from tests.building import a_claim, a_dispute, a_source, a_timeline, an_entity, euros, published

API = "/api/v1"
LISTS = [
    (prefix, ordering)
    for prefix, view, _ in router.registry
    if prefix not in ("changes", "search")
    for ordering in getattr(view, "orderings", ())
]


def keys(page: dict[str, Any]) -> list[Any]:
    return [one["number"] if "number" in one else (one["edition"], one["ref"]) for one in page["results"]]


def walk(client: Client, path: str, *, meanwhile: Callable[[], object] = int) -> tuple[list[Any], list[Any]]:
    """The keys of all results, page after page, and once more from the last page back to the first."""
    page = client.get(path).json()
    forwards = keys(page)
    while page["next"]:
        meanwhile()
        page = client.get(page["next"]).json()
        forwards += keys(page)
    backwards = keys(page)
    while page["previous"]:
        meanwhile()
        page = client.get(page["previous"]).json()
        backwards = keys(page) + backwards
    return forwards, backwards


def refs_of(client: Client, path: str) -> list[str]:
    return [ref for _, ref in walk(client, path)[0]]


@pytest.mark.django_db
@pytest.mark.usefixtures("dossier")
@pytest.mark.parametrize(("prefix", "ordering"), LISTS)
def test_each_row_of_the_starting_edition_comes_exactly_once(client, prefix, ordering):
    def publish() -> None:
        if Edition.objects.count() > before + 2:
            return
        source, club = a_source(), an_entity(kind=next(kinds))
        claim = a_claim(subject=club, value=euros(str(7 ** Edition.objects.count())))
        published(claim, source, a_dispute(claim, a_claim()), a_timeline(entities=[club]))

    before, kinds = Edition.objects.count(), cycle(["company", "model", "person", "organization"])
    first = client.get(f"{API}/{prefix}/?ordering={ordering}&page_size=100")
    start = int(first["X-Edition"])
    # Without labels: the names around a row are no matter of pages, and take most of the time.
    pages = f"{API}/{prefix}/?ordering={ordering}&page_size=9&labels=off"
    forwards, backwards = walk(client, pages, meanwhile=publish)
    assert len(forwards) == len(set(forwards))
    assert {one if isinstance(one, int) else one[1] for one in forwards} == _standing(prefix, start)
    assert backwards == forwards


def _standing(prefix: str, edition: int) -> set[Any]:
    """Straight from the tables, without a list's help."""
    if prefix == "editions":
        return set(range(1, edition + 1))
    view = next(view for name, view, _ in router.registry if name == prefix)
    assert issubclass(view, LedgerViewSet)
    window = {"edition_from__lte": edition, "edition_to__gt": edition}
    if view.kind == "claim":
        return set(
            ClaimIndex.objects.filter(**window).exclude(rank="deprecated").values_list("ref", flat=True)
        )
    things = ThingIndex.objects.filter(kind=view.kind, **window)
    subkind = getattr(view, "subkind", None)
    return set((things.filter(subkind=subkind) if subkind else things).values_list("ref", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("dossier")
def test_amounts_and_times_are_in_order_and_what_has_none_comes_last(client):
    for ordering, downwards in (("amount", False), ("-amount", True)):
        refs = refs_of(client, f"{API}/claims/?ordering={ordering}&page_size=50&unit=USD")
        rows = {row.ref: row for row in ClaimIndex.objects.filter(ref__in=refs)}
        amounts_of = [rows[ref].amount_key for ref in refs]
        assert amounts_of == sorted(amounts_of, reverse=downwards)
        everything = refs_of(client, f"{API}/claims/?ordering={ordering}&page_size=100")
        known = [ClaimIndex.objects.get(ref=ref).has_amount for ref in everything]
        assert known == sorted(known, reverse=True)
    for ordering in ("time", "-time"):
        everything = refs_of(client, f"{API}/claims/?ordering={ordering}&page_size=100")
        known = [ClaimIndex.objects.get(ref=ref).has_time for ref in everything]
        assert known == sorted(known, reverse=True)


@pytest.mark.django_db
@pytest.mark.usefixtures("dossier")
def test_claims_by_subject_are_in_order_of_its_slug_as_of_the_edition(client):
    def slugs(path: str) -> list[str]:
        found, url = [], f"{API}/claims/?page_size=40&{path}"
        while url:
            page = client.get(url).json()
            found += [one["subject"]["slug"] for one in page["results"]]
            url = page["next"]
        return found

    up = slugs("ordering=subject")
    assert up == sorted(up) != []
    assert slugs("ordering=-subject") == up[::-1]
    first, double = an_entity("a-first-club"), an_entity("zz-last-club")
    published(a_claim(subject=first), a_claim(subject=double))
    assert (slugs("ordering=subject")[0], slugs("ordering=subject")[-1]) == ("a-first-club", "zz-last-club")
    published(an_entity("zzz-renamed-club", ref=first.ref))
    assert slugs("ordering=subject")[-1] == "zzz-renamed-club"
    assert slugs("ordering=subject&edition=2")[0] == "a-first-club"
    merge_entity(double, into=first, by=None, reason=Reason.IMPORT)
    assert slugs("ordering=subject")[-2:] == ["zzz-renamed-club"] * 2


amounts = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**30), max_value=10**30)


@given(st.lists(amounts | st.integers(-(10**60), 10**60).map(Decimal), min_size=2, max_size=6))
def test_the_text_of_amounts_sorts_as_they_do(some):
    assert [amount_key(one) for one in sorted(some)] == sorted(map(amount_key, some))
    for one in some:
        assert (amount_key(one) == amount_key(one * 10)) == (one == 0)
        assert amount_key(one) < NO_AMOUNT
        assert len(amount_key(one)) <= 90


@pytest.mark.django_db
def test_amounts_past_fifteen_digits_keep_their_order(client):
    """SQLite's numbers would take these for equal."""
    values = [
        "1234567890123456789.1",
        "1234567890123456789.3",
        "1234567890123456789.2",
        "-5",
        "-5.5",
        "0",
        "0.001",
    ]
    claims = {value: a_claim(value=euros(value)).ref for value in values}
    published(*Claim.objects.filter(ref__in=claims.values()))
    refs = refs_of(client, f"{API}/claims/?ordering=amount&page_size=2&unit=EUR")
    in_order = [claims[value] for value in sorted(values, key=Decimal)]
    assert [ref for ref in refs if ref in in_order] == in_order
    down = refs_of(client, f"{API}/claims/?ordering=-amount&page_size=2&unit=EUR")
    assert [ref for ref in down if ref in in_order] == in_order[::-1]


@pytest.mark.django_db
@pytest.mark.usefixtures("dossier")
@pytest.mark.parametrize("path", ["/search/?q=deepseek", "/changes/?after=0"])
def test_search_and_changes_give_each_row_once_too(client, path):
    whole, _ = walk(client, f"{API}{path}&page_size=100")
    found, backwards = walk(client, f"{API}{path}&page_size=37", meanwhile=lambda: published(an_entity()))
    assert found == backwards == whole
    assert len(found) == len(set(found))
