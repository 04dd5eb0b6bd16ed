"""What a page of the desk asks of the database does not grow with the rows on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.finding import admin_url
from claims.models import Claim
from companies.actions import NameDraft
from kb.models import Root
from tests import building as build

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9


def _claims(number: int, by: User) -> list[Claim]:
    return [build.a_claim(by=by) for _ in range(number)]


def _claim(number: int, by: User) -> Root:
    pieces = []
    for index in range(number):
        text = f"The fee was {index + 2} million euros."
        source = build.a_source(snapshots=[build.a_snapshot(text)], publisher=build.a_publisher())
        quote = build.a_quote(source.snapshots.get(), text, f"{index + 2} million")
        pieces.append(build.some_evidence(source, quote=quote, figure_source=build.a_source()))
    dimensions = [build.a_dimension() for _ in range(number)]
    return build.a_claim(evidence=pieces, scope=[one.terms.first() for one in dimensions], by=by)


def _source(number: int, by: User) -> Root:
    return build.a_source(snapshots=[build.a_snapshot(f"Text {index}.") for index in range(number)])


def _entity(number: int, by: User) -> Root:
    names = [
        NameDraft(text=f"Name {index}", language="en", role="alias" if index else "label")
        for index in range(number)
    ]
    return build.an_entity(names=names, by=by)


FORMS: dict[str, Callable[[int, User], Root]] = {
    "claim": _claim,
    "dispute": lambda number, by: build.a_dispute(*_claims(number, by)),
    "timeline": lambda number, by: build.a_timeline(pinned=_claims(number, by)),
    "source": _source,
    "entity": _entity,
}


def asked(client: Client, address: str) -> int:
    """How many queries the second visit takes: the first one is written down."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_asks_no_more_for_more_rows(desk: Client, editor: User, kind: str) -> None:
    few, many = FORMS[kind](FEW, editor), FORMS[kind](MANY, editor)
    assert asked(desk, admin_url(few)) == asked(desk, admin_url(many))


@pytest.mark.parametrize("page", ["review", "schedule", "bulk", "withdraw"])
@pytest.mark.parametrize("is_published", [False, True])
def test_a_page_for_many_asks_no_more_for_more(
    desk: Client, editor: User, page: str, is_published: bool
) -> None:
    claims = _claims(MANY, editor)
    if is_published:
        build.published(*claims)

    def address(some: list[Any]) -> str:
        return f"{reverse(f'admin:{page}')}?{urlencode([('ref', one.ref) for one in some])}"

    assert asked(desk, address(claims[:FEW])) == asked(desk, address(claims))
