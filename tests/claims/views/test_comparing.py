"""Any published thing in two of its versions, and a timeline narrowed and grouped."""

import csv
import re
from io import StringIO

import pytest

from claims.actions.claims import save_claim
from tests.building import a_claim, draft_of, euros, published
from tests.claims.views.test_pages import get, words

pytestmark = pytest.mark.django_db


def test_two_versions_of_a_claim_side_by_side(client):
    claim = a_claim(value=euros("1000000"))
    first = published(claim).number
    for amount in ("2000000", "3000000"):
        claim = save_claim(draft_of(claim, value=euros(amount)), by=None, ref=claim.ref)
        last = published(claim).number
    said = words(get(client, f"/compare/{claim.ref}/"))
    assert "€2 million → Now: €3 million" in said
    assert "€1 million" not in said
    assert "000000" not in said
    said = words(get(client, f"/compare/{claim.ref}/?from={first}&to={last}"))
    assert "€1 million → Now: €3 million" in said
    turned = words(get(client, f"/compare/{claim.ref}/?from={last}&to={first}"))
    assert "€1 million → Now: €3 million" in turned
    assert "nothing stood before it" in words(get(client, f"/compare/{claim.ref}/?edition={first}"))
    assert "€3 million" not in get(client, f"/compare/{claim.ref}/?edition={last - 1}")
    assert f"/compare/{claim.ref}/" in get(client, f"/claims/{claim.ref}/")


@pytest.mark.parametrize("query", ["?from=x", "?to=99999999999999999999", "?from=&to=", "?from=0"])
def test_what_cannot_be_read_compares_the_last_change(client, query):
    claim = a_claim()
    published(claim)
    assert "What changed" in get(client, f"/compare/{claim.ref}/{query}")


def test_what_was_never_published_has_no_versions(client):
    assert client.get("/compare/c0000000aa/").status_code == 404
    assert client.get(f"/compare/{a_claim().ref}/").status_code == 404


@pytest.mark.usefixtures("dossier")
@pytest.mark.parametrize(
    "path", ["/companies/deepseek/", "/disputes/cost-of-deepseek-v3/", "/timelines/deepseek/",
             "/properties/training-cost/", "/sources/s81x1zrhj9/", "/claims/c6wznfnhtt/"],
)  # fmt: skip
def test_every_kind_of_page_leads_to_its_versions(client, path):
    address = re.search(r'href="(/compare/\w+/)"', get(client, path))[1]
    assert "First published in edition" in words(get(client, address))


@pytest.mark.usefixtures("dossier")
def test_a_timeline_is_narrowed_to_years_and_to_whom_it_is_about(client):
    whole, some = (
        get(client, "/timelines/export-controls/"),
        get(client, "/timelines/export-controls/?from=2023&to=2023"),
    )
    years = set(re.findall(r'<h3 class="year" id="y(\d+)"', some))
    assert years == {"2023"}
    assert len(re.findall(r'<li class="moment"', some)) < len(re.findall(r'<li class="moment"', whole))
    one = get(client, "/timelines/export-controls/?subject=h800")
    assert set(re.findall(r'<span class="moment__time">', one))
    assert "Nvidia H800 was banned from export to China" in words(one)
    assert "AI Diffusion" not in words(one.split("<h2>In words</h2>")[1])
    assert "No event fits" in get(client, "/timelines/export-controls/?subject=h800&from=2026")


@pytest.mark.usefixtures("dossier")
def test_the_drawing_is_grouped_and_its_files_hold_what_is_seen(client):
    query = "?from=2023&to=2024&by=subject"
    html = get(client, f"/timelines/export-controls/{query}")
    assert html.count("drawing__heading") > 2
    svg = re.search(r'href="(/timelines/export-controls\.svg[^"]+)"', html)[1].replace("&amp;", "&")
    assert client.get(svg).content.decode().count("drawing__heading drawing__halo") == html.count(
        "drawing__heading "
    )
    table = re.search(r'href="(/timelines/export-controls\.csv[^"]+)"', html)[1].replace("&amp;", "&")
    rows = list(csv.DictReader(StringIO(client.get(table).content.decode(), newline="")))
    assert rows
    assert all((row["latest"] or "9999") >= "2023" and row["earliest"] < "2025" for row in rows)


@pytest.mark.usefixtures("dossier")
@pytest.mark.parametrize("query", ["from=soon", "to=20233", "subject=nobody", "by=color", "from=0"])
def test_what_cannot_be_read_says_so_and_leaves_nothing_out(client, query):
    html = get(client, f"/timelines/export-controls/?{query}", status=400)
    assert 'role="alert"' in html
    assert query.partition("=")[0] + ":" in words(html)
    assert len(re.findall(r'<li class="moment"', html)) > 20


@pytest.mark.usefixtures("dossier")
def test_eras_are_drawn_said_and_given_to_other_programs(client):
    html = get(client, "/timelines/export-controls/")
    assert html.count("drawing__era") >= 2
    assert "Eras: Under the rules of October 2022 (October 2022 to October 2023)" in words(html)
    assert "drawing__era" not in get(client, "/timelines/deepseek/")
    eras = client.get("/timelines/export-controls.json").json()["eras"]
    assert eras[0]["start_date"] == {"year": 2022, "month": 10, "day": 1}
    assert (
        client.get("/api/v1/timelines/export-controls/").json()["eras"][1]["time"]["edtf"]
        == "2023-10/2025-01"
    )
