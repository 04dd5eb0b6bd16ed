"""Citations of a claim, in the forms that people and reference managers take."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from claims.citing import FORMS, Citation

CITATION = Citation(
    ref="c1",
    sentence="The club paid 50% of $5_000 {net} & more",
    asserter="Smith & Sons",
    edition=3,
    printed_on=date(2026, 3, 1),
    address="https://claims.example/claims/c1/?edition=3",
    language="en",
)


def test_plain_text_names_the_version_and_its_day():
    assert CITATION.plain() == (
        "The club paid 50% of $5_000 {net} & more, according to Smith & Sons. "
        "Claimbook, claim c1, edition 3 of 1 March 2026. "
        "https://claims.example/claims/c1/?edition=3"
    )


def test_bibtex_escapes_what_tex_takes_as_a_command():
    entry = CITATION.bibtex()
    assert r"title = {{The club paid 50\% of \$5\_000 \{net\} \& more, according to Smith \& Sons}}" in entry
    assert "author = {{Claimbook}}" in entry
    assert "month = mar\n" in entry
    assert entry.count("{") == entry.count("}")
    assert "\\textbackslash{}input" in replace(CITATION, sentence="\\input").bibtex()


def test_csl_is_a_list_of_one_web_page():
    (item,) = json.loads(CITATION.csl())
    assert (item["type"], item["version"], item["URL"]) == ("webpage", "edition 3", CITATION.address)
    assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
    assert item["author"] == [{"literal": "Claimbook"}]  # who asserts it is no author of our page
    assert item["title"].endswith(", according to Smith & Sons")
    assert json.loads(replace(CITATION, asserter="", when="2023").csl())[0]["title"].endswith("more (2023)")


@pytest.mark.django_db
@pytest.mark.usefixtures("dossier")
@pytest.mark.parametrize("form", FORMS)
def test_each_form_has_an_address_that_keeps_the_edition(client, form):
    answer = client.get(f"/claims/c2a583mq56/cite.{form}?edition=1")
    assert answer.status_code == 200
    assert answer["Content-Type"] == FORMS[form][0]
    assert "/claims/c2a583mq56/?edition=1" in answer.content.decode()
    assert client.get(f"/claims/c9zzzzzzzz/cite.{form}").status_code == 404
