"""A club, its transfer fee on another source, and an article that is held."""

from __future__ import annotations

import pytest

from claims.models import Claim, Property, ScopeDimension, Source
from companies.actions import NameDraft
from companies.models import Entity
from tests import building as build
from tests.claims.admin.reading.article import ARTICLE, an_article


@pytest.fixture
def club() -> Entity:
    return build.an_entity("the-club", kind="company", names=[NameDraft(text="Deep Sea", language="en")])


@pytest.fixture
def tax() -> ScopeDimension:
    return build.a_dimension("tax")


@pytest.fixture
def fee(tax: ScopeDimension) -> Property:
    return build.a_property(
        "fee", labels={"en": "transfer fee"}, subject_kinds=["company"], required_scope=[tax]
    )


@pytest.fixture
def claim(club: Entity, fee: Property, tax: ScopeDimension) -> Claim:
    """More than five million euros before tax, on another source."""
    return build.a_claim(
        subject=club,
        property=fee,
        value=build.euros("5000000", comparator="gt"),
        scope=[tax.terms.get(slug="before-tax")],
    )


@pytest.fixture
def source() -> Source:
    return an_article(ARTICLE)
