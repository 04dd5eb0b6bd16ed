"""Pages of the house: from the desk or a dossier to /about/, and words explained."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from claims.actions.pages import PageDraft, save_page
from claims.glossary import TERMS
from claims.views.house import rendered
from kb.lib.markdown import markdown
from tests.building import published
from tests.claims.views.test_pages import get, words
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db
HOUSE = ROOT / "dossiers" / "house"


def test_without_a_page_of_the_house_about_says_how_to_read(client):
    html = get(client, "/about/")
    assert "<h1>How to read this</h1>" in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize(("prefix", "title"), [("", "About this Claimbook"), ("/vi", "Về Claimbook này")])
def test_the_house_that_ships_says_how_it_works_and_who_pays(client, prefix, title):
    call_command("load_dossier", str(HOUSE), publish=True, stdout=StringIO())
    html = get(client, f"{prefix}/about/")
    assert f"<h1>{title}</h1>" in html
    assert "<h2>" in html
    for slug in ("corrections-policy", "funding-and-contact"):
        assert f'href="{prefix}/about/{slug}/"' in html
        assert get(client, f"{prefix}/about/{slug}/").count("<h1") == 1
    assert client.get(f"{prefix}/about/about/").headers["Location"] == f"{prefix}/about/"
    assert client.get(f"{prefix}/about/nothing/").status_code == 404


def test_editors_change_it_and_the_edition_before_keeps_its_words(client, editor):
    draft = PageDraft(slug="about", title={"en": "About"}, text={"en": "We are few."})
    page = save_page(draft, by=editor)
    first = published(page)
    assert "We are few." in words(get(client, "/about/"))
    save_page(
        PageDraft(slug="about", title={"en": "About"}, text={"en": "We are many."}), by=editor, ref=page.ref
    )
    assert "We are few." in words(get(client, "/about/"))  # a draft is nobody's business
    published(type(page).objects.get())
    assert "We are many." in words(get(client, "/about/"))
    assert "We are few." in words(get(client, f"/about/?edition={first.number}"))
    assert 'href="/about/about/"' in get(client, f"/editions/{first.number + 1}/")
    bengali = get(client, "/bn/about/")
    assert '<div class="house" lang="en">' in bengali


def test_the_desk_writes_it_and_refuses_an_empty_text(editor):
    desk = Client()
    desk.force_login(editor)
    form = {"title_0": "en", "title_1": "Who we are", "slug": "who", "_version": "0"}
    html = desk.get("/admin/claims/page/add/").content.decode()
    assert 'name="slug"' in html
    assert "Markdown" in html
    assert desk.post("/admin/claims/page/add/", form).status_code == 200  # not saved: no text


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](http://elsewhere.example/a.png)",
     "<img src=x onerror=alert(1)>", "[x](data:text/html;base64,AAAA)", "a\n===\n\n# b"],
)  # fmt: skip
def test_nothing_in_a_text_becomes_more_than_text(hostile):
    html = rendered(f"before\n\n{hostile}\n\nafter")
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in re.sub(r">[^<]*<", "", html)
    assert "<h1" not in html


@pytest.mark.parametrize("language", ["bn", "hi", "vi"])
def test_every_term_is_explained_in_every_language(language):
    english = {code: (str(name), str(said)) for code, (name, said) in TERMS.items()}
    with override(language):
        for code, (name, said) in TERMS.items():
            assert str(name) != english[code][0]
            assert str(said) != english[code][1]


@pytest.mark.usefixtures("dossier")
def test_a_term_opens_its_explanation_without_a_script(client):
    html = get(client, "/claims/c6wznfnhtt/")
    buttons = re.findall(r'<button type="button" class="term" popovertarget="([^"]+)">([^<]+)</button>', html)
    assert {"sources", "origins", "grade"} & {word for _id, word in buttons}
    for found, _word in buttons:
        assert html.count(f'id="{found}" popover') == 1
    plain = markdown(html, "http://testserver/claims/c6wznfnhtt/")
    assert "origin" in plain
    assert str(TERMS["voice"][1]) not in plain
