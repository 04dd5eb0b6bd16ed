"""What an article is read with: only what somebody of the desk stands for."""

from __future__ import annotations

import pytest

from claims import gathering
from claims.models import Claim
from kb.models import OUTSIDE, State
from tests import building as build

pytestmark = pytest.mark.django_db
TEXT = "The club paid a fee of 5 million euros."


@pytest.mark.parametrize("state", State)
def test_claims_and_quotes_suggest_something_while_the_desk_stands_for_them(state: State) -> None:
    source = build.a_source(language="en", snapshots=[build.a_snapshot(TEXT)])
    quote = build.a_quote(source.snapshots.get(), TEXT, "a fee of 5 million euros")
    claim = build.a_claim(value=build.euros("5000000"), evidence=[build.some_evidence(source, quote=quote)])
    Claim.objects.filter(pk=claim.pk).update(state=state)
    reading = gathering.read(TEXT, "en")
    named = gathering.entities([claim.subject.slug])
    known = gathering.knowledge(source, reading.figures, named, gathering.properties())
    expected = [] if state in OUTSIDE else [claim.ref]
    assert [one.ref for one in known.claims] == expected
    assert [one.property for one in known.quotes] == [claim.property.slug] * len(expected)
