"""The reader pages on the shipped dossier."""

import re
from html import unescape

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]

PAGES = [
    "/", "/about/", "/companies/", "/companies/deepseek/", "/hardware/", "/hardware/h800/", "/models/",
    "/models/deepseek-v3/", "/people/", "/organizations/", "/techniques/", "/policies/", "/events/", "/facilities/",
    "/publications/", "/claims/", "/claims/c2a583mq56/", "/claims/c6wznfnhtt/", "/sources/", "/sources/s81x1zrhj9/",
    "/disputes/", "/disputes/cost-of-deepseek-v3/", "/disputes/when-high-flyer-spun-off-deepseek/", "/timelines/",
    "/timelines/deepseek/", "/timelines/export-controls/", "/editions/", "/editions/1/", "/properties/",
    "/properties/training-cost/", "/properties/released-on/", "/search/", "/search/?q=deepseek", "/corrections/",
    "/claims/?unit=USD&amount_min=1", "/sources/?language=bn",
]  # fmt: skip


def get(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def words(html: str) -> str:
    """The text of a page without its tags, and without what opens on demand only."""
    html = re.sub(r'<span class="term__about".*?</span>', "", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


@pytest.mark.once
@pytest.mark.parametrize("prefix", ["", "/bn", "/hi", "/vi"])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole_in_every_language(client, path, prefix):
    html = get(client, prefix + path)
    language = prefix.strip("/") or "en"
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert re.search(r"<title>\s*[^\s·]", html)
    assert '<main id="content"' in html
    assert 'href="#content"' in html


@pytest.mark.parametrize("path", PAGES)
def test_page_holds_nothing_the_content_policy_forbids(client, path):
    # What the page says to programs is in a data block, which no browser runs (HTML, "prepare the script element").
    html = re.sub(r'<script type="application/ld\+json">[^<>&]*</script>', "", get(client, path))
    assert "<style" not in html
    assert re.findall(r"<script[^>]*>", html) == ['<script src="/static/js/suggest.js" defer>']
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_somewhere_and_outward_ones_give_nothing_away(client, path):
    for tag in re.findall(r"<a [^>]*>", get(client, path)):
        address = unescape(tag.split('href="')[1].split('"')[0])
        if address.startswith("http"):
            assert 'rel="nofollow noopener noreferrer"' in tag
        else:
            assert address.startswith(("/", "#", "?")), tag


def test_home_shows_both_events_the_dispute_and_the_edition(client):
    said = words(get(client, "/"))
    assert "High-Flyer spun off DeepSeek" in said
    assert "Nvidia H800 was banned from export to China" in said
    assert "What did DeepSeek-V3 cost?" in said
    assert "Edition 1" in said


def test_claim_counts_origins_apart_from_sources_and_quotes_the_original(client):
    html = get(client, "/claims/c2a583mq56/")
    said = words(html)
    assert "Training DeepSeek-V3 cost about $6 million" in said
    assert "3 sources" in said
    assert "1 origin" in said
    assert "Evidence, from 1 origin" in said
    assert re.search(r'<blockquote lang="bn">.*?6 মিলিয়ন ডলার', html, re.DOTALL)
    assert re.search(r'<blockquote lang="vi">.*?6 triệu đô la', html, re.DOTALL)
    assert "digit lost" in said
    assert "6 million dollars" in said
    assert "the whole official training run" in said
    assert "Rounds" in said


def test_dispute_sets_the_figures_side_by_side_with_what_each_covers(client):
    html = get(client, "/disputes/cost-of-deepseek-v3/")
    said = words(html)
    for figure in ("$5.576 million", "about $6 million", "more than $500 million", "about $1.6 billion"):
        assert said.count(figure) >= 2, figure  # in the picture and in the table
    assert "purchase of servers" in said
    assert len(re.findall(r'class="strip( strip--deprecated)?"', html)) == 8


def test_timeline_draws_a_year_as_a_bar_and_a_day_as_a_mark(client):
    html = get(client, "/timelines/deepseek/")
    assert 'class="mark--year"' in html
    assert 'class="mark--point"' in html
    assert "Dated differently" in html


def test_drawings_have_plain_numbers_in_every_language(client):
    for prefix in ("", "/bn", "/hi", "/vi"):
        html = get(client, f"{prefix}/timelines/deepseek/")
        for name, value in re.findall(r'\s(x|y|x1|x2|cx|cy|width|height|r)="([^"]*)"', html):
            assert re.fullmatch(r"-?[0-9.]+%?", value), (prefix, name, value)


def test_source_shows_its_chain_to_the_origin(client):
    said = words(get(client, "/sources/s81x1zrhj9/"))
    assert said.index("translation of") < said.index("rewrite of") < said.index("the origin")
    assert "DeepSeek Debates" in said


def test_entity_opens_with_its_best_facts_and_their_sources(client):
    html = get(client, "/companies/deepseek/")
    table = html[html.index("<table") : html.index("</table>")]
    assert "High-Flyer" in table
    assert "/sources/s" in table
    assert "sources" in words(table)


def test_prose_that_falls_back_to_english_says_so(client):
    html = get(client, "/bn/claims/c2a583mq56/")
    assert re.search(r'<span lang="en">The articles.*?</span> <span class="fallback">', html, re.DOTALL)
    assert "৬০ লাখ" in html


def test_slugs_and_kinds_lead_to_the_one_address(client):
    assert client.get("/models/deepseek/").headers["Location"] == "/companies/deepseek/"
    assert client.get("/sources/seed-000/").headers["Location"] == "/sources/s81x1zrhj9/"
    answer = client.get("/bn/models/deepseek/?edition=1")
    assert answer.headers["Location"] == "/bn/companies/deepseek/?edition=1"


def test_list_is_paged_by_key_without_loss(client):
    seen: list[str] = []
    address = "/sources/"
    while address:
        html = get(client, address)
        seen += re.findall(r'list__title"><a href="/sources/(\w+)/', html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        address = "/sources/" + unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) > 50


@pytest.mark.parametrize("query", ["known_at=2020-01-01", "edition=0"])
def test_before_the_first_edition_there_is_nothing_and_the_page_says_so(client, query):
    said = words(get(client, f"/companies/?{query}"))
    assert "Nothing is published here" in said
    assert "Read this page as it stands today" in said
    assert "had not been published yet" in words(get(client, f"/companies/deepseek/?{query}", status=404))


def test_a_page_read_as_of_an_edition_keeps_to_it(client):
    html = get(client, "/companies/deepseek/?edition=1&utm_source=x")
    assert "edition 1" in words(html)
    assert re.search(r'href="/claims/\w+/\?edition=1"', html)
    assert re.search(r'href="/disputes/\?edition=1"', html)


@pytest.mark.parametrize(
    "query",
    ["known_at=2025-13-01", "known_at=20250101", "known_at=9999-12-31", "edition=x", "edition=-1", "edition=99",
     "edition=%D9%A1", "edition=1&known_at=2025-01-01", "edition=999999999999999999999"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/claims/", "/companies/deepseek/", "/editions/1/"])
def test_malformed_times_are_a_friendly_400(client, path, query):
    assert "This address cannot be read" in words(get(client, f"{path}?{query}", status=400))


def test_unknown_and_broken_parameters_are_ignored(client):
    for query in ("nonsense=1", "after=zzz", "after=s0000000000", "after=%00", "known_at=", "edition="):
        get(client, f"/sources/?{query}")
        get(client, f"/claims/?{query}")
        get(client, f"/editions/?{query}")


def test_nothing_at_an_address_is_a_helpful_404(client):
    for path in ("/nothing/", "/bn/nothing/", "/claims/c000000000/", "/companies/nobody/", "/editions/99/"):
        html = get(client, path, status=404)
        assert ("এই ঠিকানায় কিছু নেই" if path.startswith("/bn") else "Nothing stands at this address") in html
        assert "/timelines/" in html


def test_only_reading_is_allowed(client):
    assert client.post("/").status_code == 405
    assert client.post("/claims/").status_code == 405


def test_machines_get_health(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
