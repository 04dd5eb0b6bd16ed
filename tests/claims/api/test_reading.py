"""The reading API, on the shipped dossier."""

import base64
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from claims import press
from claims.actions.merging import merge_entity
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.ledger.models import Reason, Record
from claims.models import Claim
from kb.lib.text import sha256_text
from tests.building import a_claim, an_entity, published
from tests.claims.api.asking import API, every, get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


def test_claim_has_the_shape_of_the_contract(client):
    claim = get(client, "/claims/?subject=deepseek-v3&property=training-cost&asserted_by=deepseek")[
        "results"
    ][0]
    assert set(claim) == {
        "ref", "edition", "url", "subject", "property", "value", "scope", "point_in_time", "valid_from",
        "valid_to", "asserted_by", "asserted_on", "mode", "method", "rank", "rank_reason", "note", "links",
        "sources", "origins", "voices", "credibility", "grounds", "disputes", "license", "evidence",
    }  # fmt: skip
    assert set(claim["value"]) == {
        "kind", "comparator", "amount", "upper_amount", "unit", "lower_bound", "upper_bound", "entity", "text",
        "time",
    }  # fmt: skip
    assert claim["url"] == f"http://testserver/claims/{claim['ref']}/"
    assert claim["license"] == "CC-BY-4.0"


def test_six_million_has_three_sources_and_one_origin(client):
    claims = get(client, "/claims/?subject=deepseek-v3&property=training-cost&page_size=100")["results"]
    rounded = next(one for one in claims if one["value"]["amount"] == "6000000")
    assert (rounded["value"]["comparator"], rounded["value"]["unit"]) == ("approx", "USD")
    assert {one["source"]["slug"] for one in rounded["evidence"]} >= {"seed-000", "seed-001", "seed-003"}
    assert (rounded["origins"], rounded["voices"]) == (1, 1)
    assert [link["relation"] for link in rounded["links"]] == ["rounds"]
    exact = next(one for one in claims if one["ref"] == rounded["links"][0]["claim"])
    assert exact["value"]["amount"] == "5576000"


def test_must_and_could_differ_on_one_sided_bounds(client):
    def amounts(query: str) -> set[tuple[str, str]]:
        rows = every(client, f"/claims/?unit=USD&page_size=100&{query}")
        return {(one["value"]["comparator"], one["value"]["amount"]) for one in rows}

    certainly = amounts("bounds=must&amount_min=400000000")
    assert ("gt", "500000000") in certainly
    assert ("approx", "6000000") not in certainly
    possibly = amounts("bounds=could&amount_min=5900000&amount_max=6000000")
    assert ("approx", "6000000") in possibly
    assert ("eq", "5576000") not in possibly


def test_time_filters_overlap_imprecise_dates(client):
    found = every(client, "/claims/?time_from=2023-10&time_to=2023-10&page_size=100")
    times = {(one["value"]["time"] or one["point_in_time"])["edtf"] for one in found}
    assert {"2023", "2023-10-17"} <= times


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1", "page_size=0", "page_size=101", "page_size=x", "ordering=rank", "cursor=zzz", "cursor=W10",
        "edition=99999", "edition=-1", "known_at=2999-01-01", "known_at=yesterday", "edition=1&known_at=2026-01-01",
        "lang=%21%21", "labels=maybe", "unit=XX", "amount_min=six", "scope=basis", "time_from=soon",
        "rank=best", "subject=a&subject=b", "min_origins=-1", "min_origins=nan", "subject=%00",
        "bounds=perhaps", "valid_on=lately", "disputed=perhaps",
    ],
)  # fmt: skip
def test_unknown_or_malformed_parameters_are_named(client, query):
    problem = get(client, f"/claims/?{query}", status=400)
    assert problem["status"] == 400
    name = query.split("=")[0]
    assert name in problem["detail"] or "known_at" in problem["detail"]


def test_problem_documents_have_their_media_type(client):
    answer = client.get(f"{API}/claims/?nonsense=1")
    assert answer["Content-Type"] == "application/problem+json"
    assert set(answer.json()) >= {"type", "title", "status", "detail"}


@pytest.mark.parametrize("ordering", ["edition", "-edition", "time", "-time"])
def test_paging_gives_every_row_once_both_ways(client, ordering):
    path = f"/claims/?ordering={ordering}&page_size=23"
    forwards, url, last = [], API + path, None
    while url:
        page = client.get(url).json()
        forwards += [one["ref"] for one in page["results"]]
        url, last = page["next"], page
    assert len(forwards) == len(set(forwards)) == every_count(client)
    backwards, url = [one["ref"] for one in last["results"]], last["previous"]
    while url:
        page = client.get(url).json()
        backwards = [one["ref"] for one in page["results"]] + backwards
        url = page["previous"]
    assert backwards == forwards


def every_count(client: Client) -> int:
    return int(get(client, "/claims/?count=on&page_size=1")["count"])


def test_a_listing_stays_in_the_edition_it_began_in(client):
    first = client.get(f"{API}/claims/?ordering=edition&page_size=100")
    press.publish([], by=None, reason=Reason.RETRACTION, note={"en": "test"}, withdraw=[_free_claim()])
    second = client.get(first.json()["next"])
    assert (first["X-Edition"], second["X-Edition"]) == ("1", "1")
    assert client.get(f"{API}/claims/")["X-Edition"] == "2"


def test_etag_gives_304_until_the_edition_changes(client):
    answer = client.get(f"{API}/claims/")
    assert client.get(f"{API}/claims/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"{API}/claims/?lang=bn", headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert answer["X-Edition"] == "1"


def test_labels_off_serves_the_stored_bodies(client):
    for one in get(client, "/claims/?labels=off&page_size=5")["results"]:
        record = Record.objects.get(ref=one["ref"])
        assert one["body"] == json.loads(record.body)
    raw = client.get(f"{API}/claims/{one['ref']}/?labels=off").content.decode()
    assert sha256_text(raw[raw.index('"body":') + 7 : -1]) == record.body_sha256


def test_labels_follow_the_language_asked(client):
    claim = get(client, "/claims/?subject=deepseek-v3&property=training-cost&lang=bn")["results"][0]
    english = get(client, "/claims/?subject=deepseek-v3&property=training-cost")["results"][0]
    assert claim["property"]["label"] != english["property"]["label"] == "training cost"


def test_timeline_holds_its_events_in_order(client):
    timeline = get(client, "/timelines/deepseek/")
    spun_off = [one for one in timeline["events"] if one["property"]["slug"] == "spun-off-from"]
    assert "2023" in {(one["point_in_time"] or {}).get("edtf") for one in spun_off}
    starts = [(one["value"]["time"] or one["point_in_time"])["earliest"] for one in timeline["events"]]
    assert starts == sorted(starts)


def test_export_ban_of_2023_names_its_source(client):
    events = get(client, "/timelines/export-controls/")["events"]
    ban = next(
        one
        for one in events
        if one["property"]["slug"] == "export-banned"
        and one["subject"]["slug"] == "h800"
        and one["point_in_time"]["edtf"] == "2023"
    )
    assert "seed-002" in {one["source"]["slug"] for one in ban["evidence"]}


@pytest.mark.parametrize(
    ("kind", "slug"),
    [("companies", "deepseek"), ("hardware", "h800"), ("models", "deepseek-v3"), ("people", "liang-wenfeng")],
)
def test_each_kind_lists_and_shows_its_own(client, kind, slug):
    assert slug in {one["slug"] for one in every(client, f"/{kind}/?page_size=100")}
    shown = get(client, f"/{kind}/{slug}/")
    assert shown["url"] == f"http://testserver/{kind}/{slug}/"
    assert get(client, f"/{kind}/{shown['ref']}/") == shown
    get(client, f"/publications/{slug}/", status=404)


def test_before_the_first_edition_there_is_nothing(client):
    day = (timezone.now() - timedelta(days=2)).date().isoformat()
    assert get(client, f"/claims/?known_at={day}&count=on") == {
        "next": None,
        "previous": None,
        "results": [],
        "count": 0,
    }
    get(client, f"/timelines/deepseek/?known_at={day}", status=404)


def test_a_retracted_claim_leaves_lists_and_says_why(client):
    claim = _free_claim()
    press.publish([], by=None, reason=Reason.RETRACTION, note={"en": "the page was a hoax"}, withdraw=[claim])
    assert claim.ref not in {one["ref"] for one in every(client, "/claims/?page_size=100")}
    gone = get(client, f"/claims/{claim.ref}/", status=410)
    assert (gone["reason"], gone["note"]) == ("retraction", {"en": "the page was a hoax"})
    assert get(client, f"/claims/{claim.ref}/?edition=1")["ref"] == claim.ref


def _free_claim() -> Claim:
    """A published claim that no other thing refers to."""
    free = Claim.objects.filter(
        memberships=None, linked_by=None, pinned_to=None, excluded_from=None, rank="normal"
    )
    return next(claim for claim in free if Record.objects.filter(ref=claim.ref).exists())


def test_deprecated_claims_are_listed_only_when_asked_for(client):
    deprecated = every(client, "/claims/?rank=deprecated")
    assert deprecated
    assert not {one["ref"] for one in deprecated} & {
        one["ref"] for one in every(client, "/claims/?page_size=100")
    }


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_here(client, method):
    assert getattr(client, method)(f"{API}/claims/").status_code == 405


def test_each_of_several_scopes_is_checked_and_applied(client):
    problem = get(client, "/claims/?scope=nonsense&scope=included-work:pre-training", status=400)
    assert "scope" in problem["parameters"]
    both = every(client, "/claims/?scope=included-work:pre-training&scope=cost-basis:gpu-rental")
    assert both
    for claim in both:
        terms = {(one["dimension"], one["term"]) for one in claim["scope"]}
        assert terms >= {("included-work", "pre-training"), ("cost-basis", "gpu-rental")}


def test_an_address_that_is_not_there_is_a_problem_document(client):
    for path in ("nowhere/", "nowhere", "claims//", "/evil.example", "exports/claims.csv/"):
        answer = client.get(f"{API}/{path}")
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), path


@pytest.mark.parametrize(
    "path", ["claims", "claims?subject=deepseek&q=a+b", "companies/deepseek", "match?q=a"]
)
def test_an_address_without_its_last_slash_leads_on(client, path):
    answer = client.get(f"{API}/{path}")
    head, mark, query = path.partition("?")
    assert (answer.status_code, answer["Location"]) == (301, f"{API}/{head}/{mark}{query}")
    assert client.post(f"{API}/{path}").status_code == 404


def test_answers_vary_by_address_only(client):
    answer = client.get(f"{API}/claims/?lang=vi")
    assert answer["Content-Language"] == "vi"
    assert "Cookie" not in answer.get("Vary", "")
    assert "Accept-Language" not in answer.get("Vary", "")


def test_every_answer_names_its_edition(client):
    for query in ("nonsense=1", "edition=99", ""):
        assert client.get(f"{API}/claims/?{query}")["X-Edition"] == "1"


def test_what_is_not_there_is_never_unchanged(client):
    assert client.get(f"{API}/claims/c0000000aa/", headers={"If-None-Match": "*"}).status_code == 404


def test_former_slugs_and_merged_entities_lead_on_for_ever(client):
    club, double = an_entity("old-name"), an_entity("its-double")
    first = published(club, double).number
    published(an_entity("new-name", ref=club.ref))
    merge_entity(double, into=club, by=None, reason=Reason.IMPORT)
    for key in ("old-name", "its-double", double.ref):
        answer = client.get(f"{API}/entities/{key}/?lang=bn&labels=off")
        assert (answer.status_code, answer["Location"]) == (
            301,
            f"{API}/entities/new-name/?lang=bn&labels=off",
        )
    later = client.get(f"{API}/organizations/new-name/?edition={first}")
    assert (later.status_code, later["Location"]) == (301, f"{API}/organizations/old-name/?edition={first}")
    for key in ("old-name", club.ref):
        assert get(client, f"/entities/{key}/?edition={first}")["slug"] == "old-name"
    assert get(client, f"/entities/its-double/?edition={first}")["slug"] == "its-double"
    assert client.get(f"{API}/people/old-name/").status_code == 404


def test_editions_tell_what_they_changed(client):
    claim = a_claim()
    edition = published(claim, note={"en": "why", "bn": "কেন"}, reason=Reason.IMPORT)
    assert [one["number"] for one in get(client, "/editions/")["results"]] == [2, 1]
    shown = get(client, "/editions/2/?lang=bn")
    assert (shown["note"], shown["reason"], shown["hash"]) == ("কেন", "import", edition.hash)
    assert claim.ref in {one["ref"] for one in shown["changes"]}
    assert get(client, "/editions/2/?labels=off")["note"] == {"en": "why", "bn": "কেন"}
    assert get(client, "/editions/1/")["truncated"] is False
    for key in ("0", "3", "x", "९", "1" * 30):
        get(client, f"/editions/{key}/", status=404)
    get(client, "/editions/2/?edition=1", status=404)


def test_the_feed_of_changes_holds_every_record_in_order_and_goes_on(client):
    first = every(client, "/changes/?page_size=100")
    assert len(first) == Record.objects.count()
    claim = a_claim()
    published(claim)
    press.publish([], by=None, reason=Reason.RETRACTION, note={"en": "no"}, withdraw=[claim])
    page = get(client, "/changes/?after=1&page_size=100")
    assert [one["edition"] for one in page["results"]] == sorted(one["edition"] for one in page["results"])
    assert (page["results"][-1]["op"], page["results"][-1]["edition"], page["after"]) == ("withdrawn", 3, 3)
    raw = client.get(f"{API}/changes/?after=2").content.decode()
    body = raw[raw.index('"body":') + 7 : raw.index(',"sha256"')]
    assert sha256_text(body) == page["results"][-1]["sha256"]
    assert get(client, "/changes/?after=3") == {"next": None, "previous": None, "results": [], "after": 3}
    part = get(client, "/changes/?after=1&page_size=1")
    assert part["after"] == 1  # edition 2 is not read to its end
    get(client, "/changes/?after=x", status=400)


def test_a_redacted_record_is_told_and_shows_nothing(client, editor, colleague):
    claim = a_claim(note={"en": "defamation"})
    published(claim)
    press.publish([], by=None, reason=Reason.RETRACTION, note={"en": "no"}, withdraw=[claim])
    confirm_redaction(request_redaction(claim, category="court-order", by=editor), by=colleague)
    answer = client.get(f"{API}/changes/?after=1&page_size=100")
    mine = [one for one in answer.json()["results"] if one["ref"] == claim.ref]
    assert [(one["op"], one["body"] is None) for one in mine] == [
        ("added", True), ("withdrawn", True), ("redacted", False),
    ]  # fmt: skip
    assert b"defamation" not in answer.content
    assert claim.ref not in {one["ref"] for one in get(client, "/search/?q=defamation&edition=2")["results"]}


def test_search_names_what_it_finds(client):
    first = get(client, "/search/?q=%E0%A6%A1%E0%A6%BF%E0%A6%AA%E0%A6%B8%E0%A6%BF%E0%A6%95")["results"][0]
    assert (first["kind"], first["slug"], first["match"]) == ("company", "deepseek", "name")
    assert first["url"] == "http://testserver/companies/deepseek/"
    claims = get(client, "/search/?q=h800&kind=claim&lang=tlh")["results"]
    assert {one["kind"] for one in claims} == {"claim"}
    assert all(one["label"] for one in claims)
    assert set(get(client, "/search/?q=h800&labels=off")["results"][0]) == {
        "ref",
        "edition",
        "format",
        "body",
    }
    assert get(client, "/search/")["results"] == []
    for query in ("kind=animal", "q=a&q=b", "ordering=label", "cursor=WzEsIngiLDAsImEiXQ"):
        get(client, f"/search/?{query}", status=400)


def test_sources_disputes_and_properties_have_filters_too(client):
    assert {one["language"] for one in every(client, "/sources/?language=bn")} == {"bn"}
    assert {one["source_type"] for one in every(client, "/sources/?source_type=primary")} == {"primary"}
    assert {one["state"] for one in every(client, "/disputes/?state=contested")} <= {"contested"}
    assert {one["data_type"] for one in every(client, "/properties/?data_type=amount")} == {"amount"}
    assert "h800" in {one["slug"] for one in every(client, "/hardware/?q=h800")}
    assert "deepseek" in {one["slug"] for one in every(client, "/entities/?q=deepseek&kind=company")}


@pytest.mark.parametrize(
    "key", ['["\\ud800"]', '[1,"-edition",0,"x","\\ud800"]', '[1,"-edition",0,"99999999999999999999","c"]']
)
def test_a_forged_cursor_is_refused_or_finds_nothing(client, key):
    cursor = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    assert client.get(f"{API}/claims/?cursor={cursor}").status_code in (200, 400)
