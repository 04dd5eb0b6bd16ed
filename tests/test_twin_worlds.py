"""Two bases that differ only in what is hidden answer every public address with the same bytes.

It is one base, asked before and after drafts, changes, users and approvals were added through the desk's own actions.
"""

from __future__ import annotations

from itertools import chain, product

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.actions.approvals import approve
from claims.actions.claims import save_claim
from claims.api.reading.exporting import NAMES
from claims.ledger.addresses import PLURAL, path
from claims.ledger.models import ClaimIndex, Edition, ThingIndex
from claims.models import Byline, Claim, Source
from companies.actions import NameDraft
from companies.models import Entity
from kb.api import router
from tests.building import (
    a_claim,
    a_dispute,
    a_property,
    a_publisher,
    a_source,
    a_timeline,
    an_entity,
    draft_of,
    some_evidence,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]
API = "/api/v1"
HIDDEN = ("hidden-club", "hidden-report", "hidden-fee", "hidden-blatt", "hidden-question", "hidden-season")
WORDS = ("hidden", "hidden club", "hid", "zymurgy", "zym", "geheim")
Answer = tuple[int, tuple[tuple[str, str], ...], bytes]


def addresses() -> list[str]:
    """Every kind of public address: lists, details, filters, search, what is not there, in languages and editions."""
    kinds = {"source", "dispute", "timeline", "property"}
    things = [
        path(subkind if kind == "entity" else kind, slug)
        for kind, subkind, slug in ThingIndex.objects.order_by("pk").values_list("kind", "subkind", "slug")
        if kind in kinds or kind == "entity"
    ]
    claims = [path("claim", ref) for ref in Claim.objects.order_by("ref").values_list("ref", flat=True)[:25]]
    nouns = [*PLURAL.values(), "claims", "sources", "disputes", "timelines", "properties", "editions"]
    lists = ["/", "/about/", "/corrections/", "/search/", "/sitemap.xml", *(f"/{noun}/" for noun in nouns)]
    unknown = [f"/{noun}/{slug}/" for noun, slug in product(nouns, HIDDEN)]
    pages = [*lists, *things[::3], *claims[:10], *unknown]
    pages += [f"/{language}{one}" for language in ("bn", "hi", "vi") for one in [*lists, *things[::20]]]
    taken = ("timelines/deepseek", "disputes/cost-of-deepseek-v3", "properties/training-cost")
    pages += [f"/{one}.svg" for one in taken] + [f"/embed/{one}/" for one in taken]
    pages += [f"/timelines/deepseek.{form}" for form in ("json", "csv", "atom")]
    pages += [f"/compare/{one.strip('/').partition('/')[2]}/" for one in claims[:3]]
    pages += [
        f"{claims[0]}share.png",
        "/disputes/cost-of-deepseek-v3/share.png",
        "/opensearch.xml",
        "/about/hidden/",
    ]
    pages += [f"/search/suggest/?q={word}" for word in (*WORDS, "deep")]
    pages += [f"{one}?edition=1" for one in lists] + [f"/search/?q={word}" for word in (*WORDS, "deepseek")]
    api = [f"{API}/exports/claims.{form}?listed=on" for form in ("csv", "jsonl")]
    api += [f"{API}/{prefix}/" for prefix, _, _ in router.registry]
    api += [f"{API}{one}" for one in [*things[1::3], *claims, *unknown]]
    api += [f"{API}/{prefix}/?count=on&page_size=3&labels=off" for prefix, _, _ in router.registry if prefix not in (
        "search", "changes", "match", "exports")]  # fmt: skip
    api += [f"{API}/", *(f"{API}/match/?q={word}" for word in (*WORDS, "Zymurgy geheim", "deepseek"))]
    api += [f"{API}/exports/{name}" for name in (*NAMES, "hidden.csv")]
    api += [f"{API}/search/?q={word}&page_size=100" for word in (*WORDS, "deepseek", "চীন", "report")]
    filters = ("subject", "asserted_by", "property", "source", "origin", "publisher")
    api += [f"{API}/claims/?{name}={slug}&count=on" for name, slug in product(filters, (*HIDDEN, "deepseek"))]
    api += [f"{API}/claims/?q={word}&count=on" for word in (*WORDS, "deepseek")]
    api += [f"{API}/claims/?scope=hidden-basis:before-tax", f"{API}/sources/?publisher=hidden-blatt"]
    api += [
        f"{API}/claims/?ordering={one}&count=on"
        for one in ("amount", "-amount", "time", "-origins", "sources")
    ]
    api += [f"{API}/claims/?edition=9", f"{API}/claims/?subject_kind=company&count=on", "/api/schema/"]
    return list(dict.fromkeys(chain(pages, api)))


def answers(client: Client, asked: list[str]) -> dict[str, Answer]:
    found = {}
    for address in asked:
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        found[address] = answer.status_code, tuple(sorted(answer.headers.items())), body
    return found


def hide() -> None:
    """Of everything that the desk has, something that nobody published."""
    user = User.objects.create_superuser("hidden-editor", password="a-long-password")
    second = User.objects.create_superuser("hidden-colleague", password="a-long-password")
    Byline.objects.create(user=user, public_name="Hidden Editor")
    club = an_entity(
        "hidden-club", kind="company", names=[NameDraft(text="Zymurgy geheim", language="en")], by=user
    )
    publisher, fee = a_publisher("hidden-blatt"), a_property("hidden-fee")
    source = a_source("hidden-report", publisher=publisher, derived_from=Source.objects.get(slug="seed-001"))
    claims = [
        a_claim(subject=club, property=fee, evidence=[some_evidence(source)], by=user),
        a_claim(subject=Entity.objects.get(slug="deepseek"), property=fee, evidence=[some_evidence(source)]),
    ]
    a_dispute(*claims, Claim.objects.filter(rank="normal").order_by("ref")[0], slug="hidden-question")
    a_timeline(slug="hidden-season", entities=[Entity.objects.get(slug="deepseek")], properties=[fee])
    standing = ClaimIndex.objects.values("ref")
    published = Claim.objects.filter(ref__in=standing).order_by("ref")
    for claim in published[:5]:  # published claims that were changed since
        changed = save_claim(draft_of(claim, note={"en": "hidden zymurgy"}), by=user, ref=claim.ref)
        approve(changed, by=second, expect=changed.version)


def test_hidden_rows_change_no_byte_of_any_public_answer():
    client = Client()
    asked = addresses()
    assert len(asked) >= 500
    before = answers(client, asked)
    hide()
    assert Edition.objects.count() == 1
    after = answers(Client(), asked)
    assert [address for address in asked if before[address] != after[address]] == []
    found = {status for status, _, _ in before.values()}
    assert {200, 404, 400} <= found
    assert 500 not in found
