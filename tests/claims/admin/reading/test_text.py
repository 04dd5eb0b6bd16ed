"""The reading desk: what it shows of an article, and what it suggests."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims import gathering
from claims.admin.reading_marks import Mark, blocks
from claims.extraction.results import Part
from claims.models import Claim, Property, ScopeDimension, Source
from companies.actions import NameDraft
from companies.models import Entity
from tests import building as build
from tests.claims.admin.reading.article import (
    ARTICLE,
    FIVE,
    SEVEN,
    YEAR,
    Lines,
    accept,
    address,
    an_article,
    at,
    card,
)

pytestmark = pytest.mark.django_db


# The text -------------------------------------------------------------------------------------------------


def test_the_whole_text_stands_there_byte_for_byte_at_its_offsets(
    desk: Client, source: Source, claim: Claim
) -> None:
    parser = Lines()
    parser.feed(desk.get(address(source)).content.decode())
    assert "\n".join(parser.lines.values()) == ARTICLE.rstrip("\n")
    assert all(ARTICLE[start : start + len(line)] == line for start, line in parser.lines.items())


def test_what_was_read_is_marked_in_place(desk: Client, source: Source, club: Entity) -> None:
    page = desk.get(address(source)).content.decode()
    assert f'<mark class="figure open current" id="m-{at(FIVE)}" title="more than €5 million">' in page
    assert re.search(rf'<mark class="date open" id="m-{at(YEAR)}"[^>]*>', page)
    assert '<mark class="name" title="Deep Sea">Deep Sea</mark>' in page
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp; others&lt;/b&gt;" in page


@pytest.mark.parametrize(("language", "direction"), [("en", "auto"), ("ar", "rtl"), ("ur", "rtl")])
def test_the_text_stands_in_its_own_script_and_direction(desk: Client, language: str, direction: str) -> None:
    page = desk.get(address(an_article(ARTICLE, language=language))).content.decode()
    assert f'<article lang="{language}" dir="{direction}"' in page


def test_what_hangs_around_the_article_is_folded_and_yields_no_card(
    desk: Client, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = gathering.read

    def last_line_is_a_menu(text: str, language: str) -> Any:
        found = real(text, language)
        menu = text.index("The fee was")
        parts = (Part(0, menu, "body"), Part(menu, len(text), "boilerplate"))
        figures = tuple(
            replace(one, region="boilerplate") if one.start >= menu else one for one in found.figures
        )
        return replace(found, parts=parts, figures=figures)

    monkeypatch.setattr(gathering, "read", last_line_is_a_menu)
    page = desk.get(address(source))
    assert [one.printed for one in page.context["cards"]] == [FIVE]
    assert '<details class="region boilerplate">' in page.content.decode()
    assert "1 line around the article" in page.content.decode()
    assert page.context["sheet"].read_count == 0


def test_marks_that_overlap_keep_the_first_and_go_on_over_a_line_break() -> None:
    text = "one two\nthree"
    marks = [Mark(start=4, end=13, css="a", name="m"), Mark(start=0, end=5, css="b")]
    (block,) = blocks(text, [Part(0, 13, "body")], marks)
    assert block.lines == [
        '<p data-start="0">one <mark class="a" id="m">two</mark></p>',
        '<p data-start="8"><mark class="a">three</mark></p>',
    ]


def test_figures_that_are_evidence_lead_to_their_claim(
    desk: Client, source: Source, claim: Claim, editor: User
) -> None:
    desk.post(address(source), accept(claim))
    page = desk.get(address(source))
    assert card(page, FIVE).state == "done"
    assert card(page, FIVE).evidence_of == [
        ("Deep Sea: transfer fee more than €5 million", f"/admin/claims/claim/{claim.pk}/change/")
    ]
    assert re.search(
        rf'<mark class="figure done" id="m-{at(FIVE)}" title="Evidence of: Deep Sea[^"]*">'
        rf'<a href="/admin/claims/claim/{claim.pk}/change/">',
        page.content.decode(),
    )
    assert (page.context["sheet"].read_count, len(page.context["sheet"].figures)) == (1, 3)
    assert "1 of 3 read" in page.content.decode()


def test_a_suspect_figure_says_why_in_words(desk: Client) -> None:
    text = "ডিপসিক million মিলিয়ন ডলার ব্যয় করেছে।\n"
    page = desk.get(address(an_article(text, language="bn")))
    (one,) = page.context["cards"]
    assert "digit is missing" in one.suspect
    assert one.matches == []
    assert one.suspect in html.unescape(page.content.decode())


# The cards ------------------------------------------------------------------------------------------------


def test_a_card_says_how_the_figure_is_read_and_whom_it_is_about(
    desk: Client, source: Source, claim: Claim
) -> None:
    one = card(desk.get(address(source)), FIVE)
    assert one.reading == "more than €5 million"
    assert (one.who, one.likely) == ("Deep Sea", "transfer fee")
    assert one.reasons[0] == "a claim about the same subject has this value"
    assert "its name is in the sentence: “transfer fee”" in one.reasons[1]
    assert [term for _dimension, term, _why in one.terms] == ["before-tax"]
    assert one.before.endswith("more than ")


def test_claims_we_hold_come_with_one_button(desk: Client, source: Source, claim: Claim) -> None:
    page = desk.get(address(source))
    (match,) = card(page, FIVE).matches
    assert (match.claim.ref, match.first, match.here) == (claim.ref, True, False)
    assert (match.label, match.scope) == ("Deep Sea: transfer fee more than €5 million", "before-tax")
    assert f'name="seen" value="{claim.ref}:1"' in page.content.decode()


def test_a_figure_that_differs_from_what_we_hold_is_flagged_with_the_scope(
    desk: Client, source: Source, claim: Claim, tax: ScopeDimension, club: Entity, fee: Property
) -> None:
    build.a_claim(
        subject=club, property=fee, value=build.euros("9000000"), scope=[tax.terms.get(slug="after-tax")]
    )
    low = build.a_claim(
        subject=club, property=fee, value=build.euros("2000000"), scope=[tax.terms.get(slug="before-tax")]
    )
    page = desk.get(address(source), {"at": at(SEVEN), "who": "the-club"})
    one = card(page, SEVEN)
    assert one.flag == "differs"
    assert [(row.kind, row.held) for row in one.contrasts] == [
        ("contradicts", "Deep Sea: transfer fee €9 million")
    ]
    assert [(row.held, list(row.scope)) for row in one.others] == [
        ("Deep Sea: transfer fee €2 million", ["tax: there before-tax, here after-tax"])
    ]
    assert f"/admin/claims/claim/{low.pk}/change/" in page.content.decode()
    assert "Differs from what we hold:" in page.content.decode()


def test_an_editor_may_say_who_it_is_about(desk: Client, source: Source, club: Entity) -> None:
    boca = build.an_entity("boca", kind="company", names=[NameDraft(text="Boca", language="en")])
    other = build.a_claim(subject=boca, property=build.a_property("wage"), value=build.euros("7000000"))
    page = desk.get(address(source), {"at": at(SEVEN), "who": "the-club"})
    assert card(page, SEVEN).who == "Deep Sea"
    page = desk.get(address(source), {"at": at(SEVEN), "who": "boca"})
    assert card(page, SEVEN).who == "Boca"
    assert card(page, SEVEN).matches[0].claim.ref == other.ref
