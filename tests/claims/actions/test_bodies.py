"""A body comes back as it was, through the action of its kind, or is refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims.actions.bodies import save_body
from claims.actions.claims import save_claim
from claims.models import Claim, Dispute, Property, Publisher, ScopeDimension, Source, Timeline
from companies.models import Entity
from kb.models import Root, State
from tests import building as build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]

MODELS: list[type[Root]] = [Claim, Dispute, Entity, Property, Publisher, ScopeDimension, Source, Timeline]


def test_every_body_of_the_shipped_dossier_comes_back_byte_for_byte() -> None:
    found = 0
    for model in MODELS:
        rows: Any = model._default_manager.order_by("ref")
        for root in rows.with_parts() if hasattr(rows, "with_parts") else rows:
            save_body(root.KIND, root.body(), by=None, expect=root.version, state=State(root.state))
            after = model._default_manager.get(pk=root.pk)
            assert (after.version, after.body()) == (root.version, root.body()), f"{root.KIND} {root.ref}"
            found += 1
    assert found > 100


def test_a_body_that_names_what_is_not_here_is_refused() -> None:
    claim = build.a_claim()
    broken: dict[str, dict[str, Any]] = {
        "subject": {"subject": "e0000000aa"},
        "scope": {"scope": [{"dimension": build.a_dimension().ref, "term": "no-such-term"}]},
    }
    for part, changes in broken.items():
        with pytest.raises(ValidationError) as refused:
            save_body("claim", claim.body() | changes, by=None, expect=None, state=State.DRAFT)
        assert part in refused.value.message_dict
    assert Claim.objects.get(pk=claim.pk).version == 1


def test_a_quote_comes_back_to_the_copy_it_is_pinned_to() -> None:
    source = build.a_source(snapshots=[build.a_snapshot("one million"), build.a_snapshot("two million")])
    first = source.snapshots.order_by("position").first()
    claim = build.a_claim(
        evidence=[build.some_evidence(source, quote=build.a_quote(first, "one million", "one"))]
    )
    body = claim.body()
    save_claim(build.draft_of(claim, evidence=[build.some_evidence(source)]), by=None, ref=claim.ref)
    save_body("claim", body, by=None, expect=2, state=State.DRAFT)
    assert Claim.objects.get(pk=claim.pk).evidence.get().snapshot == first
    body["evidence"][0]["quote"]["snapshot"] = "0" * 64
    with pytest.raises(ValidationError, match="no copy"):
        save_body("claim", body, by=None, expect=None, state=State.DRAFT)
