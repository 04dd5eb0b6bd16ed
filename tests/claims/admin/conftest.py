"""One published claim with everything around it, and people with different permissions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from claims.models import Claim, Dispute, Source, Timeline
from companies.actions import IdentifierDraft, NameDraft
from companies.models import Entity
from kb.lib import blobs
from kb.models import Revision
from tests import building as build
from tests.shelf import Shelf, is_empty

TEXT = "Die Ablöse betrug 6 মিলিয়ন ডলার, sagt der Verein. Später hieß es: 6 মিলিয়ন ডলার."


@dataclass(frozen=True)
class Story:
    entity: Entity
    source: Source
    claim: Claim
    dispute: Dispute
    timeline: Timeline


@pytest.fixture
def story(db: None, shelf: Shelf) -> Story:
    """A club, its transfer fee in two reports, a dispute, a timeline; all of it published.

    It is made once; other tests get the rows that this made, unless they have begun with others of their own.
    """
    if Revision.objects.exists() or not shelf.put_back("story"):
        alone = is_empty()
        _tell()
        if alone:
            shelf.keep("story")
    return Story(
        Entity.objects.get(slug="the-club"),
        Source.objects.get(slug="report"),
        Claim.objects.get(subject__slug="the-club", scope__term__slug="before-tax"),
        Dispute.objects.get(slug="how-much-was-it"),
        Timeline.objects.get(slug="the-season"),
    )


def _tell() -> None:
    club = build.an_entity(
        "the-club",
        kind="company",
        names=[
            NameDraft(text="Deep Sea", language="en"),
            NameDraft(text="ডিপসিক", language="bn"),
            NameDraft(text="दीपसेक", language="hi", role="alias"),
        ],
        identifiers=[IdentifierDraft(scheme="wikidata", value="Q42")],
        description={"en": "A club.", "de": "Ein Verein."},
    )
    dimension = build.a_dimension("tax")
    fee = build.a_property(
        "fee", labels={"en": "transfer fee", "bn": "দলবদলের ফি"}, required_scope=[dimension]
    )
    source = build.a_source(
        "report", publisher=build.a_publisher("gazette"), snapshots=[build.a_snapshot(TEXT)]
    )
    snapshot = source.snapshots.get()
    claim = build.a_claim(
        subject=club,
        property=fee,
        scope=[dimension.terms.get(slug="before-tax")],
        asserted_by=club,
        point_in_time="2023-05~",
        evidence=[
            build.some_evidence(
                source, quote=build.a_quote(snapshot, TEXT, "6 মিলিয়ন ডলার"), original_value="6 মিলিয়ন ডলার"
            ),
            build.some_evidence(build.a_source("copy", derived_from=source)),
        ],
    )
    other = build.a_claim(subject=club, property=fee, scope=[dimension.terms.get(slug="after-tax")])
    dispute = build.a_dispute(claim, other, slug="how-much-was-it")
    timeline = build.a_timeline(slug="the-season", entities=[club])
    build.published(dispute, timeline, claim, other, build.a_page())


@pytest.fixture
def held(story: Story) -> Story:
    """The same, and the text of the source is held here."""
    assert hashlib.sha256(TEXT.encode()).hexdigest() == blobs.write(TEXT.encode())
    return story


@pytest.fixture
def desk(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def staff(name: str, *codenames: str) -> User:
    """Somebody of the staff with these permissions, such as "claims.publish_claim"."""
    user = User.objects.create_user(name, password="a-long-password", is_staff=True)
    for one in codenames:
        app, codename = one.split(".")
        model = codename.split("_", 1)[1]
        kind = ContentType.objects.get_by_natural_key(app, model)
        permission, _ = Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": codename}
        )
        user.user_permissions.add(permission)
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
