"""What people take from a page: pictures, frames, files, the picture of a shared link."""

import csv
import json
import os
import re
from html import unescape
from io import BytesIO, StringIO
from xml.etree.ElementTree import fromstring

import pytest
from django.contrib.auth.models import User
from PIL import Image

from claims.actions.redaction import confirm_redaction, request_redaction
from claims.sharing import SIZE, Card, can_draw
from tests.building import a_claim, a_dispute, published
from tests.claims.views.test_pages import get, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]

COST = "cost-of-deepseek-v3"
SVG = "{http://www.w3.org/2000/svg}"


def offered(html: str) -> dict[str, str]:
    """The files of a page by name."""
    aside = re.search(r'<aside class="take.*?</aside>', html, re.DOTALL)[0]
    return {
        name: unescape(address) for address, name in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', aside)
    }


def taken(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return b"".join(answer).decode()


@pytest.mark.once
@pytest.mark.parametrize("prefix", ["", "/bn", "/hi", "/vi"])
@pytest.mark.parametrize(
    "path", [f"/disputes/{COST}.svg", "/timelines/export-controls.svg", "/properties/training-cost.svg"]
)
def test_a_drawing_is_a_picture_of_its_own(client, path, prefix):
    answer = client.get(f"{prefix}{path}")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    root = fromstring(answer.content)  # noqa: S314  # our own

    assert root.tag == f"{SVG}svg"
    assert "var(" not in root.find(f"{SVG}style").text
    links = [one.get("href") for one in root.iter(f"{SVG}a")]
    assert len(links) > 2
    assert all(one.startswith("http://testserver/") for one in links)
    assert any("?edition=1" in "".join(one.itertext()) for one in root.iter(f"{SVG}text"))


def test_a_picture_says_each_figure_what_it_covers_and_who_asserts_it(client):
    root = fromstring(client.get(f"/disputes/{COST}.svg").content)  # noqa: S314  # our own
    said = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    assert said[0] == "What did DeepSeek-V3 cost?"
    assert "more than $500 million" in said
    assert "about $6 million" in said
    assert any("SemiAnalysis" in one for one in said)


def test_where_nothing_is_drawn_there_is_no_picture(client):
    assert client.get("/properties/spun-off-from.svg").status_code == 404
    assert "spun-off-from.svg" not in get(client, "/properties/spun-off-from/")


@pytest.mark.once
@pytest.mark.parametrize("prefix", ["", "/bn"])
@pytest.mark.parametrize("path", [f"/disputes/{COST}/share.png", "/claims/c6wznfnhtt/share.png"])
def test_a_shared_link_has_a_picture(client, path, prefix):
    answer = client.get(f"{prefix}{path}")
    assert answer["Content-Type"] == "image/png"
    image = Image.open(BytesIO(answer.content))
    assert image.size == SIZE
    assert len(image.convert("RGB").getcolors(10**6)) > 8
    assert client.get(f"{prefix}{path}", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_pages_name_their_picture_and_their_address(client):
    html = get(client, f"/bn/disputes/{COST}/?edition=1")
    image = unescape(re.search(r'property="og:image" content="([^"]+)"', html)[1])
    assert image == f"http://testserver/bn/disputes/{COST}/share.png?edition=1"
    assert client.get(image).status_code == 200
    assert f'<link rel="canonical" href="http://testserver/bn/disputes/{COST}/">' in html
    listed = get(client, "/claims/?unit=USD&after=c0000000aa")
    assert '<link rel="canonical" href="http://testserver/claims/?unit=USD">' in listed


@pytest.mark.once
def test_each_language_has_a_picture_of_its_own(client):
    if not can_draw(Card("", "ড", "")) and os.environ.get("CI") != "true":
        pytest.skip("FriBiDi is not installed, so Bengali is not shaped")
    pictures = {
        client.get(f"{prefix}/claims/c6wznfnhtt/share.png").content for prefix in ("", "/bn", "/hi", "/vi")
    }
    assert len(pictures) == 4


@pytest.mark.once
def test_without_shaping_the_picture_is_in_english(client, monkeypatch):
    monkeypatch.setattr("claims.sharing.features.check", lambda name: False)
    assert (
        client.get("/bn/claims/c6wznfnhtt/share.png").content
        == client.get("/claims/c6wznfnhtt/share.png").content
    )


@pytest.mark.parametrize(
    "path", ["claims/c6wznfnhtt", f"disputes/{COST}", "disputes/when-high-flyer-spun-off-deepseek",
             "properties/training-cost", "properties/spun-off-from", "timelines/deepseek"],
)  # fmt: skip
def test_a_frame_may_stand_in_any_page_and_nothing_else_may(client, path):
    answer = client.get(f"/embed/{path}/?edition=1")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    html = answer.content.decode()
    assert f'<a href="http://testserver/{path}/?edition=1">Claimbook</a>' in html
    assert "<script" not in html
    page = client.get(f"/{path}/")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    code = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page.content.decode(), re.DOTALL)[1])
    assert client.get(re.search(r'src="([^"]+)"', code)[1]).status_code == 200


def test_a_list_offers_what_it_shows(client):
    path = "/claims/?subject=deepseek-v3&property=training-cost"
    html = get(client, path)
    shown = set(re.findall(r'<p class="list__title"><a href="/claims/(\w+)/"', html))
    files = offered(html)
    assert {row["ref"] for row in csv.DictReader(StringIO(taken(client, files["CSV"]), newline=""))} == shown
    assert {json.loads(line)["ref"] for line in taken(client, files["JSON Lines"]).splitlines()} == shown


def test_the_whole_list_of_claims_leaves_out_what_it_leaves_out(client):
    rows = list(csv.DictReader(StringIO(taken(client, offered(get(client, "/claims/"))["CSV"]), newline="")))
    everything = list(csv.DictReader(StringIO(taken(client, "/api/v1/exports/claims.csv"), newline="")))
    assert {row["rank"] for row in rows} <= {"normal", "preferred"}
    assert {row["ref"] for row in rows} == {row["ref"] for row in everything if row["rank"] != "deprecated"}


@pytest.mark.parametrize(
    ("path", "column"),
    [("/bn/sources/?language=bn", "title"), ("/companies/?q=deepseek", "label"),
     ("/properties/?data_type=time", "label"), ("/disputes/?state=contested", "question"), ("/timelines/", "title")],
)  # fmt: skip
def test_every_list_has_its_file_in_its_language(client, path, column):
    html = get(client, path)
    rows = list(csv.DictReader(StringIO(taken(client, offered(html)["CSV"]), newline="")))
    assert rows
    for row in rows:
        assert row[column].split("(")[0].strip().casefold() in words(html).casefold()


def test_a_dispute_offers_its_members(client):
    html = get(client, f"/disputes/{COST}/")
    refs = [row["ref"] for row in csv.DictReader(StringIO(taken(client, offered(html)["CSV"]), newline=""))]
    members = set(re.findall(r'<a class="ladder__value" href="/claims/(\w+)/"', html))
    assert set(refs) == members
    assert len(refs) == len(members) > 5


def test_a_file_that_cannot_be_asked_for_so_says_which_parameter(client):
    answer = client.get("/api/v1/exports/claims.csv?listed=perhaps&unit=parsec-ish")
    assert answer.status_code == 400
    answer = client.get("/api/v1/exports/sources.csv?unit=USD")
    assert answer.status_code == 400
    assert "unit" in answer.content.decode()


def test_the_gallery_shows_every_component_to_whoever_works_on_them_only(client, settings):
    assert client.get("/gallery/").status_code == 404
    settings.DEBUG = True
    html = get(client, "/gallery/")
    for part in ("chart", "drawing", "tree ", "evidence", "counts", "narrow"):
        assert f'class="{part}' in html


def test_the_list_of_claims_is_a_dataset_with_its_files(client):
    html = get(client, "/bn/claims/?unit=USD")
    said = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    assert said["@type"] == "Dataset"
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [one["encodingFormat"] for one in said["distribution"]] == ["text/csv", "application/jsonl"]
    for one in said["distribution"]:
        assert "unit=USD" in one["contentUrl"]
        assert client.get(one["contentUrl"]).status_code == 200


def test_a_redaction_reaches_what_caches_hold_of_older_editions(client):
    held = a_claim(note={"en": "to be forgotten"})
    edition = published(held).number
    address = f"/claims/{held.ref}/share.png?edition={edition}"
    api = f"/api/v1/claims/?edition={edition}&subject={held.subject.slug}"
    tags = {one: client.get(one)["ETag"] for one in (address, api)}
    assert all(
        client.get(one, headers={"if-none-match": tag}).status_code == 304 for one, tag in tags.items()
    )
    one, other = (User.objects.create_superuser(name) for name in ("one", "other"))
    confirm_redaction(request_redaction(held, category="court-order", by=one), by=other)
    assert client.get(api, headers={"if-none-match": tags[api]}).status_code == 200
    assert client.get(address, headers={"if-none-match": tags[address]}).status_code != 304


def test_a_picture_is_drawn_of_any_text(client):
    for text in ("x" * 60_000, "word " * 5_000, "深度求索 стоит ≈ Ω", "🙂 تكلفة"):
        disputed = a_dispute(a_claim(), a_claim(), question={"en": text})
        published(disputed)
        assert client.get(f"/disputes/{disputed.slug}/share.png").status_code == 200
        assert client.get(f"/disputes/{disputed.slug}/").status_code == 200


def test_what_does_not_stand_may_not_be_framed_and_is_no_picture(client):
    for address in (
        "/embed/claims/c0000000aa/",
        "/disputes/nothing.svg",
        "/embed/timelines/deepseek/?from=abc",
    ):
        answer = client.get(address)
        assert answer.status_code in (400, 404)
        assert answer["X-Frame-Options"] == "DENY"
        assert "style-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/companies/?kind=hardware", "/claims/?property=training-cost&property=released-on",
             "/sources/?language=zh&language=bn"],
)  # fmt: skip
def test_a_list_asked_for_twice_over_still_has_its_files(client, path):
    for address in offered(get(client, path)).values():
        if address.startswith("/api"):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    "path",
    ["/search/?q=deepseek&kind=claim", "/bn/search/?q=deepseek&kind=nonsense", "/editions/", "/editions/1/"],
)
def test_what_has_no_file_of_its_own_is_offered_as_the_api_gives_it(client, path):
    answer = client.get(offered(get(client, path))["JSON"])
    assert answer.status_code == 200, answer.content
    assert answer.json()["number"] == 1 if "/1/" in path else answer.json()["results"]


def test_a_search_without_a_find_offers_no_file(client):
    assert 'class="take' not in get(client, "/search/?q=zzzzzzzz")
