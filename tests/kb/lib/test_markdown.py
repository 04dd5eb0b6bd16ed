"""Pages as Markdown."""

from __future__ import annotations

import pytest

from kb.lib.markdown import markdown

PAGE = """<!doctype html><html><head><title>x</title></head><body><nav><a href="/x">menu</a></nav>
<main><h1>A <a href="/clubs/ajax/">club</a></h1><p>paid <b>5</b></p><svg><text>drawn</text></svg>
<script type="application/ld+json">{"a": 1}</script><ul><li>one<ul><li>two</li></ul></li></ul></main></body></html>"""


def test_what_stands_in_main_with_whole_addresses_and_nothing_drawn():
    text = markdown(PAGE, "https://claims.example/claims/c1/")
    assert text.startswith("# A [club](https://claims.example/clubs/ajax/)\n\npaid **5**\n")
    assert "- one\n  - two" in text
    assert text.endswith("\n---\nhttps://claims.example/claims/c1/\n")
    for silent in ("menu", "drawn", '"a"'):
        assert silent not in text


def test_a_page_without_main_is_refused():
    with pytest.raises(ValueError, match="main"):
        markdown("<p>x</p>", "https://claims.example/")


@pytest.mark.django_db
@pytest.mark.usefixtures("dossier")
@pytest.mark.parametrize(
    "path", ["/", "/claims/c2a583mq56/", "/bn/disputes/cost-of-deepseek-v3/", "/claims/"]
)
def test_whoever_prefers_markdown_gets_it_and_others_the_page(client, path):
    plain = client.get(path, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert plain["Content-Type"].startswith("text/html")
    answer = client.get(path, headers={"accept": "text/markdown, text/html;q=0.5"})
    assert "Accept" in plain["Vary"]
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert int(answer["Content-Length"]) == len(answer.content)
    text = answer.content.decode()
    assert "# " in text
    assert "<" not in text.replace("\\<", "")


def test_text_of_a_page_does_not_become_markup():
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt; [click](javascript:x) ![](http://evil.example/x.png)"
    text = markdown(
        f'<main><p>{hostile} <a href="javascript:alert(1)">here</a></p></main>', "https://claims.example/"
    )
    assert "\\<script\\>" in text
    assert "[click](" not in text.replace("\\[click", "")
    assert "](javascript:alert" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html; q*=nonexist''0.5", ";;;", "text/markdown;q=0", "*/*", ""])
def test_whatever_is_accepted_a_page_comes(client, accept):
    answer = client.get("/about/", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
