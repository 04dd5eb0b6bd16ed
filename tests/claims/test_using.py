"""What others rest on is not discarded."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import press
from claims.actions.entities import save_entity
from claims.actions.reviews import discard, reopen, take_up
from claims.actions.sources import SourceDraft, save_source
from claims.admin.finding import admin_url
from claims.models import Claim
from claims.permissions import NotAllowed
from claims.using import NAMED_BY, naming
from companies.actions import draft_of
from kb.models import Root, State
from tests import building as build
from tests.roles import member


def current(root: Root) -> Any:
    return press.ROOTS[root.KIND]._default_manager.get(pk=root.pk)


def put_aside(root: Root, by: User) -> None:
    discard(current(root), by=by, expect=current(root).version)


@pytest.fixture
def claim(editor: User) -> Claim:
    """A draft that names something of every kind, in every part of a claim."""
    dimension = build.a_dimension()
    other, origin = build.a_claim(), build.a_source()
    source = build.a_source(publisher=build.a_publisher(), derived_from=origin)
    return build.a_claim(
        property=build.a_property(required_scope=[dimension]),
        scope=[dimension.terms.all()[0]],
        asserted_by=build.an_entity(),
        links=[("supersedes", other)],
        evidence=[build.some_evidence(source, figure_source=origin)],
    )


def test_nothing_that_a_draft_names_is_discarded_until_the_draft_is(claim: Claim, editor: User) -> None:
    evidence = claim.evidence.get()
    named = [
        claim.subject, claim.property, claim.asserted_by, claim.scope.get().dimension, evidence.source,
        evidence.figure_source, claim.links.get().target,
    ]  # fmt: skip
    for root in named:
        assert root is not None
        with pytest.raises(NotAllowed, match="is in use, by"):
            put_aside(root, editor)
        assert current(root).state == State.DRAFT
    put_aside(claim, editor)
    put_aside(named[0], editor)
    assert current(named[0]).state == State.DISCARDED


def test_the_refusal_names_the_first_of_those_who_use_it_and_how_many_there_are(editor: User) -> None:
    club = build.an_entity()
    prop, source = build.a_property(), build.a_source()
    claims = [
        build.a_claim(subject=club, property=prop, evidence=[build.some_evidence(source)]) for _ in range(7)
    ]
    with pytest.raises(NotAllowed) as refused:
        put_aside(source, editor)
    assert "by 7 things: " in refused.value.messages[0]
    assert refused.value.messages[0].count(str(claims[0])) == 5


def test_the_form_refuses_it_as_well(claim: Claim, editor: User) -> None:
    club = claim.subject
    with pytest.raises(NotAllowed) as refused:
        save_entity(draft_of(club), by=editor, ref=club.ref, state=State.DISCARDED)
    assert "in use" in refused.value.message_dict["next_state"][0]


def test_what_disputes_timelines_and_merged_entries_name_stays_too(editor: User) -> None:
    claims = [build.a_claim(), build.a_claim()]
    dispute = build.a_dispute(*claims)
    club = build.an_entity()
    timeline = build.a_timeline(pinned=[claims[0]], entities=[club])
    for root in (*claims, club):
        with pytest.raises(NotAllowed, match="in use"):
            put_aside(root, editor)
    put_aside(timeline, editor)
    put_aside(club, editor)
    with pytest.raises(NotAllowed, match="in use"):
        put_aside(claims[0], editor)
    put_aside(dispute, editor)
    put_aside(claims[0], editor)


@pytest.mark.parametrize("kind", ["subject", "property", "source"])
def test_a_proposal_keeps_nobody_from_discarding_their_own_draft_and_is_not_taken_up_then(
    kind: str, editor: User, client: Client
) -> None:
    things: dict[str, Any] = {
        "subject": build.an_entity("united"),
        "property": build.a_property(),
        "source": build.a_source(),
    }
    proposal = build.a_claim(
        evidence=[build.some_evidence(things["source"])], by=member("partner", "p"), state=State.PROPOSED,
        subject=things["subject"], property=things["property"],
    )  # fmt: skip
    gone: Root = things[kind]
    put_aside(gone, editor)
    said = f"it names {gone}, which is discarded"
    with pytest.raises(NotAllowed) as refused:
        take_up(proposal, by=editor, expect=1)
    assert said in refused.value.messages[0]
    client.force_login(editor)
    for page in (reverse("admin:talk", args=[proposal.ref]), admin_url(proposal)):
        html = client.get(page).content.decode()
        assert said in html
        assert 'value="take-up"' not in html
    reopen(current(gone), by=editor, expect=current(gone).version)
    take_up(current(proposal), by=editor, expect=1)
    assert current(proposal).state == State.DRAFT


def test_what_was_proposed_is_in_use_by_other_proposals(editor: User) -> None:
    first, second = (member("partner", name) for name in ("p", "q"))
    draft = SourceDraft(slug="report", title="A report", language="en", source_type="secondary")
    source = save_source(draft, by=first, state=State.PROPOSED)
    proposal = build.a_claim(evidence=[build.some_evidence(source)], by=second, state=State.PROPOSED)
    for user in (first, editor):
        with pytest.raises(NotAllowed, match="in use"):
            put_aside(source, user)
    put_aside(proposal, second)
    put_aside(source, first)


# Parts of a root, by model; a reference in one of them is the root's.
PARTS = {"claim": ["scope", "links", "evidence"], "dispute": ["members"]}


def test_every_reference_between_roots_is_looked_for() -> None:
    """A new foreign key to a root fails here until it is in the table."""
    found = set()
    for kind, model in press.ROOTS.items():
        owners = [("", model)] + [
            (f"{part}__", model._meta.get_field(part).related_model) for part in PARTS.get(kind, ())
        ]
        for prefix, owner in owners:
            for field in owner._meta.get_fields():
                named = getattr(field.related_model, "KIND", "") if not field.auto_created else ""
                if named and not (prefix and field.related_model is model and field.name == kind):
                    found.add((named, model, prefix + field.name))
    table = {
        (kind, model, part) for kind, rows in NAMED_BY.items() for model, parts in rows for part in parts
    }
    assert found == table


def test_it_costs_the_same_however_many_use_it(editor: User) -> None:
    club, prop, source = build.an_entity(), build.a_property(), build.a_source()
    build.a_claim(subject=club, property=prop, evidence=[build.some_evidence(source)])
    with CaptureQueriesContext(connection) as few:
        assert sum(len(rows) for rows in naming(club)) == 1
    for _ in range(4):
        build.a_claim(subject=club, property=prop, evidence=[build.some_evidence(source)])
    with CaptureQueriesContext(connection) as many:
        assert sum(len(rows) for rows in naming(club)) == 5
    assert len(few) == len(many)
