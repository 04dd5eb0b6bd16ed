"""The search page, on the shipped dossier."""

import re
from urllib.parse import urlencode

import pytest

from claims.views.search import TITLES
from tests.claims.views.test_pages import get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


@pytest.mark.parametrize("name", ["deepseek", "ডিপসিক", "डीपसीक", "DEEPSEEK"])
def test_names_are_found_in_every_script(client, name):
    html = get(client, f"/search/?q={name}")
    assert re.search(r'href="/companies/deepseek/"', html)
    assert "<mark>" in html
    assert '<h2 id="found-entity">' in html


def test_search_groups_by_kind_and_narrows_to_one(client):
    html = get(client, "/search/?q=training cost")
    found = re.findall(r'<h2 id="found-(\w+)">', html)
    assert len(found) == len(set(found)) > 1
    assert set(found) <= set(TITLES)
    only = get(client, "/search/?q=training cost&kind=claim")
    assert re.findall(r'<h2 id="found-(\w+)">', only) == ["claim"]


def test_search_shows_the_quote_that_matched(client):
    html = get(client, "/search/?q=মিলিয়ন&kind=claim")
    assert re.search(r'lang="bn">“[^”]*<mark>মিলিয়ন</mark>', html)


def test_search_goes_on_without_losing_or_repeating(client):
    seen, address = [], "/search/?q=deepseek&kind=claim"
    while address:
        html = get(client, address)
        seen += re.findall(r'list__title"><a href="/claims/(\w+)/', html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        address = "/search/" + following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) > 40


@pytest.mark.parametrize("query", ["zebra-crossing", "%00", "<script>alert(1)</script>", "x" * 5000, "!!!"])
def test_nothing_found_helps_on_and_runs_nothing(client, query):
    html = get(client, f"/search/?q={query}")
    assert "<script>" not in html
    if query != "%00":
        assert "Nothing that is published matches" in html


def test_search_reads_as_of_an_edition_and_survives_broken_cursors(client):
    assert "Nothing that is published matches" in get(client, "/search/?q=deepseek&edition=0")
    assert "/companies/deepseek/" in get(client, "/search/?q=deepseek&cursor=broken&kind=nothing")
    html = get(client, "/search/?q=deepseek&edition=1")
    assert '<input type="hidden" name="edition" value="1">' in html
    assert "/companies/deepseek/?edition=1" in html


def test_a_misspelled_name_is_offered_as_what_was_meant(client):
    html = get(client, "/search/?q=Depseak")
    assert "Did you mean" in html
    assert '<a href="/companies/deepseek/">DeepSeek</a>' in html
    assert "Did you mean" not in get(client, "/search/?q=deepseek")
    assert "Did you mean" not in get(client, "/search/?q=xylophonequartet")


@pytest.mark.parametrize(
    ("prefix", "typed", "label"),
    [("", "deeps", "DeepSeek"), ("/bn", "ডিপসি", "ডিপসিক"), ("/vi", "chi phi hu", "chi phí huấn luyện")],
)
def test_names_are_suggested_while_somebody_types(client, prefix, typed, label):
    address = f"{prefix}/search/suggest/?{urlencode({'q': typed})}"
    answer = client.get(address)
    assert answer["Content-Type"] == "application/x-suggestions+json"
    query, labels, kinds, addresses = answer.json()
    assert query == typed
    assert label in labels
    assert len(labels) == len(kinds) == len(addresses) <= 8
    for one in addresses:
        assert client.get(one).status_code == 200
    assert client.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get("/search/suggest/").json() == ["", [], [], []]


def test_a_browser_can_add_our_search(client):
    html = get(client, "/vi/opensearch.xml")
    assert 'template="http://testserver/vi/search/?q={searchTerms}"' in html
    assert 'rel="search"' in get(client, "/vi/")


@pytest.mark.parametrize(
    ("prefix", "question", "word", "said"),
    [
        ("", "what did V3 really cost?", "v3 cost", "What did DeepSeek-V3 cost?"),
        ("", "when was the H800 banned?", "h800", "Nvidia H800 was banned"),
        ("/vi", "khi nào H800 bị cấm?", "h800", "H800"),
    ],
)
def test_a_question_in_whole_words_is_answered_by_its_telling_words(client, prefix, question, word, said):
    html = get(client, f"{prefix}/search/?{urlencode({'q': question})}")
    assert word in re.search(r'<p class="lede">([^<]*)</p>', html)[1].casefold()
    assert said in re.sub(r"</?mark>", "", html)
