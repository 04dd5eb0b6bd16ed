"""What editions changed, corrections, former addresses, and the site as machines read it."""

import re
from xml.etree import ElementTree

import pytest

from claims import press
from claims.actions.claims import save_claim
from claims.actions.merging import merge_entity
from claims.actions.sources import SourceDraft, save_source
from claims.ledger.models import Edition, Reason, Review
from claims.ledger.printing import Imprint, redact
from claims.models import Source
from companies.actions import EntityDraft, NameDraft, save_entity
from tests.building import (
    NOON,
    a_claim,
    a_dimension,
    a_source,
    a_timeline,
    an_entity,
    draft_of,
    euros,
    published,
    resting_on,
    some_evidence,
)  # fmt: skip
from tests.claims.views.test_pages import get, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_person(settings, editor):
    settings.ONE_PERSON_MODE = True
    return editor


def corrected(claim, editor, **changes):
    claim.refresh_from_db()  # publishing made a version of its own
    claim = save_claim(draft_of(claim, **changes), by=editor, ref=claim.ref, expect=claim.version)
    note = {"en": "A digit was lost."}
    press.publish([claim], by=editor, reason=Reason.CORRECTION, note=note)
    return Edition.objects.latest("number").number


def renamed(entity, slug):
    entity.refresh_from_db()
    names = [NameDraft(text=slug.title(), language="en")]
    entity = save_entity(
        EntityDraft(slug=slug, kind=entity.kind, names=names), by=None, ref=entity.ref, expect=entity.version
    )
    published(entity)
    return entity


def test_an_edition_names_each_change_and_shows_it_field_by_field(client, editor):
    claim = a_claim(value=euros("1000000"))
    published(*resting_on(claim))
    number = corrected(claim, editor, value=euros("2000000"), note={"en": "Read anew."})
    html = get(client, f"/editions/{number}/")
    assert re.search(r"<del>[^<]*€1 million</del>", html)
    assert re.search(r"<ins><a [^>]*>[^<]*€2 million</a></ins>", html)
    assert "<del>€1</del> million" in html
    assert "<ins>Read anew.</ins>" in html
    assert "1000000" not in html
    assert "added" in words(get(client, "/editions/1/?kind=claim"))
    assert "Claim" not in words(
        get(client, "/editions/1/?kind=source").split('class="list changes"')[1].split("</ol>")[0]
    )


def test_one_more_piece_of_evidence_does_not_print_the_others_again(client, editor):
    dimension = a_dimension("tax")
    first, second = (dimension.terms.get(slug=slug) for slug in ("before-tax", "after-tax"))
    evidence = [some_evidence(locator=f"page {number}") for number in range(10, 15)]
    claim = a_claim(point_in_time="2023-05", evidence=evidence, scope=[first])
    published(*resting_on(claim))
    source = a_source(title="The club's own report")
    published(source)
    number = corrected(
        claim, editor, point_in_time="2023-06", scope=[second],
        evidence=[*draft_of(claim).evidence, some_evidence(source, locator="page 99")],
    )  # fmt: skip
    said = words(get(client, f"/editions/{number}/")).split("What it changed")[1]
    assert "added: The club's own report" in said
    assert "page 99" in said
    assert "page 10" not in said
    assert "May 2023" in said
    assert "June 2023" in said
    assert "2023-06" not in said
    assert "tax" in said
    assert "Before: before-tax → Now: after-tax" in said


def test_corrections_say_what_we_said_what_we_say_now_and_why(client, editor):
    assert "Nothing has been corrected" in words(get(client, "/corrections/"))
    claim, hoax = a_claim(value=euros("1000000")), a_claim()
    published(*resting_on(claim, hoax))
    corrected(claim, editor, value=euros("2000000"))
    press.publish([], withdraw=[hoax], by=editor, reason=Reason.RETRACTION, note={"en": "It was a hoax."})
    said = words(get(client, "/corrections/"))
    assert said.index("It was a hoax.") < said.index("A digit was lost.")
    assert said.index("€1 million", said.index("A digit")) < said.index("€2 million")
    assert "It was a hoax." not in words(get(client, "/corrections/?edition=2"))


def test_old_versions_are_told_though_what_they_name_is_withdrawn(client, editor):
    claim = a_claim()
    published(*resting_on(claim))
    subject = claim.subject
    press.publish(
        [], withdraw=[claim, subject], by=editor, reason=Reason.RETRACTION, note={"en": "Never was."}
    )
    for path in ("/editions/1/", "/editions/2/", "/corrections/"):
        assert subject.slug.title() in words(get(client, path))


def test_history_says_in_words_what_changed(client, editor):
    source = a_source()
    claim = a_claim(evidence=[some_evidence(source)])
    published(*resting_on(claim))
    corrected(claim, editor, value=euros("2000000"))
    root = a_source()
    published(root)
    source = Source.objects.get(ref=source.ref)
    draft = SourceDraft(
        slug=source.slug,
        title="Copy",
        language="en",
        source_type="secondary",
        derived_from=root,
        derivation="copy",
    )
    published(save_source(draft, by=None, ref=source.ref, expect=source.version))
    history = words(get(client, f"/claims/{claim.ref}/")).split("History")[1]
    assert re.search(r"changed: evidence goes back to another origin .* changed: value ·", history)


@pytest.mark.parametrize("prefix", ["", "/vi"])
def test_a_former_slug_leads_to_the_present_one_for_ever(client, prefix):
    entity = an_entity("red-star")
    published(entity)
    renamed(entity, "red-star-belgrade")
    answer = client.get(f"{prefix}/organizations/red-star/?utm=1&x=%C3%A9")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{prefix}/organizations/red-star-belgrade/?utm=1&x=%C3%A9"
    get(client, f"{prefix}/organizations/red-star/?edition=1")  # its address in that edition
    back = client.get(f"{prefix}/organizations/red-star-belgrade/?edition=1")
    assert (back.status_code, back.headers["Location"]) == (
        301,
        f"{prefix}/organizations/red-star/?edition=1",
    )


def test_a_merged_entity_leads_to_the_one_it_became(client, editor):
    entity, goal = an_entity("partizan"), an_entity("partizan-belgrade")
    claim = a_claim(subject=entity)
    published(*resting_on(claim), goal)
    merge_entity(entity, into=goal, by=editor)
    answer = client.get("/organizations/partizan/?a=b")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/organizations/partizan-belgrade/?a=b")
    assert client.get("/organizations/partizan/?edition=1").status_code == 200
    assert "Partizan-Belgrade" in words(get(client, f"/properties/{claim.property.slug}/"))


def test_a_timeline_answers_other_programs_with_an_etag(client):
    claim = a_claim(point_in_time="2023-05")
    timeline = a_timeline(slug="season", entities=[claim.subject])
    published(*resting_on(claim, timeline), at=NOON)
    assert 'rel="alternate" type="application/atom+xml"' in get(client, "/timelines/season/")
    js = client.get("/timelines/season.json")
    (event,) = js.json()["events"]
    assert event["start_date"] == {"year": 2023, "month": 5}
    assert event["text"]["text"].count(f"http://testserver/claims/{claim.ref}/") == 1
    assert client.get("/timelines/season.json", headers={"if-none-match": js["ETag"]}).status_code == 304
    assert client.get("/timelines/season.csv")["Content-Type"] == "text/csv; charset=utf-8"
    feed = client.get("/vi/timelines/season.atom")
    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(feed.content)  # noqa: S314  our own
    assert root.find("{http://www.w3.org/2005/Atom}updated").text == NOON.isoformat()
    assert f"http://testserver/vi/claims/{claim.ref}/" in feed.content.decode()
    assert client.get("/timelines/nothing.csv").status_code == 404
    assert client.get("/timelines/season.atom?edition=0").status_code == 404


def test_the_site_map_holds_what_is_live_and_nothing_else(client, editor, monkeypatch):
    claim, gone = a_claim(), a_claim()
    published(*resting_on(claim, gone))
    press.publish([], withdraw=[gone], by=editor, reason=Reason.RETRACTION, note={"en": "Hoax."})
    answer = client.get("/sitemap.xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314  our own
    found = [one.text for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(found) == len(set(found))
    assert f"http://testserver/claims/{claim.ref}/" in found
    assert f"http://testserver/bn/claims/{claim.ref}/" in found
    assert not any(gone.ref in one for one in found)
    for address in found:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address
    monkeypatch.setattr("claims.views.sitemaps.SIZE", 3)
    index = client.get("/sitemap.xml").content.decode()
    maps = re.findall(r"<loc>http://testserver([^<]+)</loc>", index)
    paged = {
        loc for one in maps for loc in re.findall(r"<loc>([^<]+)</loc>", client.get(one).content.decode())
    }
    assert paged == set(found)
    assert client.get("/sitemap.xml?page=99").status_code == 404


def test_old_versions_are_told_though_what_they_name_was_removed_by_law(client, editor, colleague):
    claim = a_claim()
    published(*resting_on(claim))
    prop, subject = claim.property, claim.subject
    press.publish(
        [], withdraw=[claim, prop, subject], by=editor, reason=Reason.RETRACTION, note={"en": "Never was."}
    )
    for root in (prop, subject):
        imprint = Imprint(by="the desk", reason=Reason.UPDATE, review=Review.FOUR_EYES, note={}, at=NOON)
        redact(root.KIND, root.ref, "personal", imprint)
    for number in range(1, 5):
        html = get(client, f"/editions/{number}/")
        assert subject.slug not in html
        assert prop.slug not in html
    get(client, "/corrections/")
    get(client, f"/claims/{claim.ref}/")
