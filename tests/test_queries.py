"""Every page and list makes a committed number of queries, at 10 claims as at 300; public ones none of the desk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from claims import synthetic
from claims.actions.disputes import DisputeDraft, save_dispute
from claims.actions.timelines import TimelineDraft, save_timeline
from claims.ledger.addresses import path
from claims.ledger.models import Reason
from claims.models import Claim, Source
from claims.press import publish
from companies.models import Entity

COMMITTED = Path(__file__).with_name("queries.json")


@pytest.fixture(scope="module", params=[10, 300], ids=["10 claims", "300 claims"])
def base(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A synthetic base with one dispute and one timeline."""
    with django_db_blocker.unblock(), transaction.atomic():
        synthetic.make(request.param)
        members: list[tuple[Claim, dict[str, str]]] = [
            (claim, {}) for claim in Claim.objects.order_by("pk")[:5]
        ]
        dispute = save_dispute(
            DisputeDraft(slug="which", question={"en": "Which?"}, verdict="contested", members=members),
            by=None,
        )
        entities = list(Entity.objects.order_by("pk")[:2])
        timeline = save_timeline(TimelineDraft(slug="when", title={"en": "When"}, entities=entities), by=None)
        publish([dispute, timeline], by=None, reason=Reason.IMPORT)
        yield
        transaction.set_rollback(True)


def _addresses() -> dict[str, str]:
    """A name for each page and list, and where it is in this base."""
    claim, source = Claim.objects.order_by("-pk").first(), Source.objects.filter(copies__isnull=False).first()
    assert claim is not None
    assert source is not None
    things = {
        "entity": path(claim.subject.kind, claim.subject.slug)[1:],
        "claim": f"claims/{claim.ref}/",
        "source": f"sources/{source.ref}/",
        "dispute": "disputes/which/",
        "timeline": "timelines/when/",
    }
    lists = ["companies", "people", "claims", "sources", "disputes", "timelines"]
    pages = {
        "page home": "/",
        "page edition": "/editions/2/",
        "page editions": "/editions/",
        "page about": "/about/",
    }
    pages |= {
        "page property": f"/properties/{claim.property.slug}/",
        "page properties list": "/properties/",
        "page search": f"/search/?q={claim.subject.slug}",
        "page corrections": "/corrections/",
        "page claims narrowed": f"/claims/?subject={claim.subject.slug}&min_origins=1&time_from=1990",
        "page timeline json": "/timelines/when.json",
        "page timeline csv": "/timelines/when.csv",
        "page timeline atom": "/timelines/when.atom",
        "page compare": f"/compare/{claim.ref}/",
        "page suggest": f"/search/suggest/?q={claim.subject.slug[:4]}",
        "page search without a hit": "/search/?q=zymurgy",
        "page timeline narrowed": "/timelines/when/?from=2000&by=subject",
        "page timeline frame": "/embed/timelines/when/",
        "page timeline picture": "/timelines/when.svg",
        "page dispute frame": "/embed/disputes/which/",
        "page dispute shared": "/disputes/which/share.png",
        "page claim shared": f"/claims/{claim.ref}/share.png",
        "page property frame": f"/embed/properties/{claim.property.slug}/",
        "page sitemap": "/sitemap.xml?page=1",
    }
    pages |= {f"page {name}": f"/{where}" for name, where in things.items()}
    pages |= {f"page {name} list": f"/{name}/" for name in lists}
    api = {f"api {name}": f"/api/v1/{where}" for name, where in things.items()}
    api |= {f"api {name} list": f"/api/v1/{name}/" for name in [*lists, "entities", "properties"]}
    api |= {f"api {name} list": f"/api/v1/{name}/" for name in ("editions", "changes")}
    api |= {"api edition": "/api/v1/editions/2/", "api search": f"/api/v1/search/?q={claim.subject.slug}"}
    api |= {
        "api index": "/api/v1/",
        "api exports": "/api/v1/exports/",
        "api match": "/api/v1/match/?q=Thing+1&q=Thnig",
    }
    api["api claims by subject"] = "/api/v1/claims/?ordering=-subject"
    api["api claims with words"] = f"/api/v1/claims/?q={claim.subject.slug}"
    api["api claims by amount"] = "/api/v1/claims/?ordering=-amount&publisher=none&language=en"
    api["api claims of a subject"] = f"/api/v1/claims/?subject={claim.subject.slug}"
    admin = {
        f"admin {name} list": f"/admin/{where}/"
        for name, where in {
            "company": "companies/company",
            "claim": "claims/claim",
            "source": "claims/source",
            "dispute": "claims/dispute",
        }.items()
    }
    return pages | api | admin | {"admin index": "/admin/"}


@pytest.mark.django_db
def test_queries_are_the_committed_number(base):
    client = Client()
    client.force_login(User.objects.create_superuser("counter"))
    found = {}
    desk = {model._meta.db_table for model in apps.get_models() if model._meta.app_label != "ledger"}
    for name, address in _addresses().items():
        client.get(address)  # once before, so that nothing but the page itself is counted
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        found[name] = len(queries)
        if not name.startswith("admin"):
            asked = {table for one in queries for table in desk if f'"{table}"' in one["sql"]}
            assert asked == set(), (address, "what the public reads comes from the ledger alone")
    committed = json.loads(COMMITTED.read_text()) if COMMITTED.exists() else {}
    if os.environ.get("COMMIT_QUERIES"):
        highest = {name: max(count, committed.get(name, 0)) for name, count in found.items()}
        COMMITTED.write_text(json.dumps(highest, indent=1, sort_keys=True) + "\n")
        return
    assert found.keys() == committed.keys()
    # One query is saved where all that a part of the page refers to was read by another part already.
    off = {
        name: (count, committed[name])
        for name, count in found.items()
        if not 0 <= committed[name] - count <= 1
    }
    assert off == {}
