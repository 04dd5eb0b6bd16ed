"""The reading desk: what it shows of an article, what it suggests, and what each decision does."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.claims import save_claim
from claims.actions.readings import skip
from claims.admin import reading_base
from claims.admin.reading import find_places
from claims.admin.reading_marks import Mark, blocks
from claims.extraction.results import Part
from claims.ledger.models import Edition
from claims.models import Claim, Property, ScopeDimension, Snapshot, Source
from companies.actions import NameDraft
from companies.models import Entity
from kb.lib import blobs
from tests import building as build
from tests.claims.admin.conftest import logged_in, staff
from tests.claims.admin.reading_forms import fields

ARTICLE = """Deep Sea breaks the bank 🙂
Deep Sea paid a transfer fee of more than 5 million euros before tax, wrote the Gazette <b>& others</b>.
The fee was 7 million euros after tax, said Boca. Deep Sea was founded in 1902.
"""
FIVE, SEVEN, YEAR = "5 million euros", "7 million euros", "1902"

pytestmark = pytest.mark.django_db


def at(words: str, text: str = ARTICLE) -> str:
    """The place of words as addresses write it."""
    return f"{text.index(words)}-{text.index(words) + len(words)}"


@pytest.fixture
def club() -> Entity:
    return build.an_entity("the-club", kind="company", names=[NameDraft(text="Deep Sea", language="en")])


@pytest.fixture
def tax() -> ScopeDimension:
    return build.a_dimension("tax")


@pytest.fixture
def fee(tax: ScopeDimension) -> Property:
    return build.a_property(
        "fee", labels={"en": "transfer fee"}, subject_kinds=["company"], required_scope=[tax]
    )


@pytest.fixture
def claim(club: Entity, fee: Property, tax: ScopeDimension) -> Claim:
    """More than five million euros before tax, on another source."""
    return build.a_claim(
        subject=club,
        property=fee,
        value=build.euros("5000000", comparator="gt"),
        scope=[tax.terms.get(slug="before-tax")],
    )


@pytest.fixture
def source() -> Source:
    return an_article(ARTICLE)


def an_article(text: str, slug: str = "article", **changes: Any) -> Source:
    """A source whose text is held."""
    blobs.write(text.encode())
    return build.a_source(slug, snapshots=[build.a_snapshot(text)], **changes)


def address(source: Source) -> str:
    return f"/admin/claims/source/{source.ref}/read/"


def card(page: Any, words: str) -> Any:
    return next(one for one in page.context["cards"] if one.printed == words)


class Lines(HTMLParser):
    """The text of each element with data-start, by that number."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[int, str] = {}
        self.at: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-start" in given:
            self.at = int(given["data-start"] or 0)
            self.lines[self.at] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.at = None

    def handle_data(self, data: str) -> None:
        if self.at is not None:
            self.lines[self.at] += data


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
    real = reading_base.read

    def last_line_is_a_menu(text: str, language: str) -> Any:
        found = real(text, language)
        menu = text.index("The fee was")
        parts = (Part(0, menu, "body"), Part(menu, len(text), "boilerplate"))
        figures = tuple(
            replace(one, region="boilerplate") if one.start >= menu else one for one in found.figures
        )
        return replace(found, parts=parts, figures=figures)

    monkeypatch.setattr(reading_base, "read", last_line_is_a_menu)
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
        ("Deep Sea · transfer fee · more than €5 million", f"/admin/claims/claim/{claim.pk}/change/")
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
    assert (match.label, match.scope) == ("Deep Sea · transfer fee · more than €5 million", "before-tax")
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
        ("contradicts", "Deep Sea · transfer fee · €9 million")
    ]
    assert [(row.held, list(row.scope)) for row in one.others] == [
        ("Deep Sea · transfer fee · €2 million", ["tax: there before-tax, here after-tax"])
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


# Accepting ------------------------------------------------------------------------------------------------


def accept(claim: Claim, words: str = FIVE, **changes: Any) -> dict[str, Any]:
    values = {"decision": "evidence", "span": at(words), "seen": f"{claim.ref}:{claim.version}"}
    return values | changes


def test_accepting_adds_the_quote_goes_on_and_publishes_nothing(
    desk: Client, source: Source, claim: Claim, editor: User
) -> None:
    answer = desk.post(address(source), accept(claim))
    assert answer["Location"] == f"{address(source)}?at={at(SEVEN)}"
    evidence = claim.evidence.last()
    assert evidence is not None
    assert (evidence.exact, evidence.original_value, evidence.source) == (FIVE, FIVE, source)
    assert f"{evidence.start}-{evidence.end}" == at(FIVE)
    page = desk.get(answer["Location"])
    (message,) = page.context["messages"]
    assert f'<a href="/admin/claims/claim/{claim.pk}/change/">Deep Sea · transfer fee' in str(message)
    assert card(page, SEVEN).current
    assert re.search(rf'id="card-{at(SEVEN)}"[^>]*open>\s*<summary autofocus>', page.content.decode())
    assert not Edition.objects.exists()


def test_a_stale_claim_is_refused_with_a_message(desk: Client, source: Source, claim: Claim) -> None:
    save_claim(build.draft_of(claim, value=build.euros("1")), by=None, ref=claim.ref)
    page = desk.post(address(source), accept(claim))
    assert page.status_code == 409
    assert "has changed since you opened it" in page.content.decode()
    assert claim.evidence.count() == 1
    assert card(page, FIVE).current


def test_the_same_words_twice_are_refused(desk: Client, source: Source, claim: Claim) -> None:
    desk.post(address(source), accept(claim))
    claim.refresh_from_db()
    page = desk.post(address(source), accept(claim))
    assert page.status_code == 409
    assert "evidence of this claim already" in page.content.decode()
    assert claim.evidence.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"span": "x"},
        {"span": "5-3"},
        {"span": "0-9999"},
        {"seen": ""},
        {"seen": "c0abcdefgh:1"},
        {"decision": "burn"},
    ],
)
def test_what_nobody_was_shown_is_not_there(
    desk: Client, source: Source, claim: Claim, changes: dict[str, str]
) -> None:
    assert desk.post(address(source), accept(claim, **changes)).status_code == 404
    assert claim.evidence.count() == 1


# A new claim ----------------------------------------------------------------------------------------------


def test_the_form_is_filled_in_and_saves_a_draft(
    desk: Client, source: Source, club: Entity, fee: Property, claim: Claim
) -> None:
    page = desk.get(address(source), {"new": at(FIVE)})
    data = fields(page, "reading-form")
    assert data["subject"] == "the-club"
    assert data["property"] == "fee"
    assert (data["comparator"], data["amount"], data["unit"]) == ("gt", "5000000", "EUR")
    assert (data["scope-tax"], data["mode"], data["stance"]) == ("before-tax", "attributed", "supports")
    answer = desk.post(address(source), data | {"decision": "claim", "asserted_by": "Deep Sea"})
    assert answer.status_code == 302, answer.context["form"].errors
    made = Claim.objects.latest("pk")
    assert made != claim
    assert (made.subject, made.property, made.asserted_by, made.rank) == (club, fee, club, "normal")
    assert (made.comparator, made.amount, made.unit, made.state) == ("gt", "5000000", "EUR", "draft")
    assert made.scope.get().term.slug == "before-tax"
    evidence = made.evidence.get()
    assert (evidence.exact, evidence.original_value) == (FIVE, FIVE)
    assert not Edition.objects.exists()
    assert card(desk.get(address(source)), FIVE).state == "done"


def test_another_property_brings_its_own_fields_and_keeps_what_was_typed(
    desk: Client, source: Source, claim: Claim
) -> None:
    build.a_property("nickname", data_type="text", labels={"en": "nickname"})
    data = fields(desk.get(address(source), {"new": at(FIVE)}), "reading-form")
    data |= {"decision": "again", "property": "nickname", "asserted_on": "2024-05"}
    page = desk.post(address(source), data)
    form = page.context["form"]
    assert "amount" not in form.fields
    assert "scope-tax" not in form.fields
    again = fields(page, "reading-form")
    assert (again["property"], again["asserted_on"], again["subject"]) == ("nickname", "2024-05", "the-club")
    again |= {"decision": "claim", "value_text__en": "the big spenders"}
    assert desk.post(address(source), again).status_code == 302
    assert Claim.objects.latest("pk").value_text["en"] == "the big spenders"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"subject": "nobody-knows"}, "Nothing in the registry"),
        ({"subject": ""}, "required"),
        ({"amount": "5,000"}, "is not an amount"),
        ({"unit": "count"}, "is measured in currency"),
        ({"property": "no-such"}, "valid choice"),
        ({"asserted_on": "yesterday"}, "asserted_on"),
        ({"scope-tax": "no-such"}, "valid choice"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_is_lost(
    desk: Client, source: Source, claim: Claim, wrong: dict[str, str], said: str
) -> None:
    data = fields(desk.get(address(source), {"new": at(FIVE)}), "reading-form")
    page = desk.post(address(source), data | {"decision": "claim", "point_in_time": "2024"} | wrong)
    assert page.status_code == 200
    assert said in html.unescape(page.content.decode())
    assert 'value="2024"' in page.content.decode()
    assert Claim.objects.count() == 1


def test_a_name_of_several_is_not_guessed(desk: Client, source: Source, claim: Claim) -> None:
    for slug in ("one", "two"):
        build.an_entity(slug, kind="company", names=[NameDraft(text="Twin", language="en")])
    data = fields(desk.get(address(source), {"new": at(FIVE)}), "reading-form")
    page = desk.post(address(source), data | {"decision": "claim", "subject": "twin"})
    assert "write one of these: one, two" in page.content.decode()


# Words by hand --------------------------------------------------------------------------------------------


def test_words_by_hand_are_read_and_quoted_as_they_were_chosen(
    desk: Client, source: Source, claim: Claim
) -> None:
    words = "fee of more than 5 million euros"
    answer = desk.get(address(source), {"words": words})
    assert answer["Location"] == f"{address(source)}?new={at(words)}#card-{at(words)}"
    page = desk.get(answer["Location"])
    assert page.context["hand"].matches[0].claim.ref == claim.ref
    assert fields(page, "reading-form")["amount"] == "5000000"
    desk.post(address(source), accept(claim, words))
    evidence = claim.evidence.last()
    assert evidence is not None
    assert (evidence.exact, evidence.original_value) == (words, FIVE)
    assert card(desk.get(address(source)), FIVE).state == "done"


def test_words_in_several_places_ask_which(desk: Client, source: Source) -> None:
    page = desk.get(address(source), {"words": "Deep Sea"})
    assert [place["exact"] for place in page.context["places"]] == ["Deep Sea"] * 3
    assert f"?new={at('Deep Sea')}#card-{at('Deep Sea')}" in html.unescape(page.content.decode())


def test_words_that_stand_nowhere_say_so(desk: Client, source: Source) -> None:
    page = desk.get(address(source), {"words": "Deep Ocean"})
    assert "do not stand in the text" in page.content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [("Straße", [(5, 11)]), ("STRASSE", []), ("die STRAßE", [(1, 11)]), ("  12 ", [(12, 14)])],
)
def test_places_are_found_exactly_else_whatever_their_case(words: str, found: list[tuple[int, int]]) -> None:
    assert find_places("·Die Straße ১২", words) == found


def test_words_without_a_figure_make_a_claim_of_their_own(desk: Client, source: Source, club: Entity) -> None:
    build.a_property("remark", data_type="text", labels={"en": "remark"})
    page = desk.get(address(source), {"new": at("breaks the bank")})
    data = fields(page, "reading-form")
    assert data["property"] == "remark"
    assert data["value_text__en"] == "breaks the bank"
    assert desk.post(address(source), data | {"decision": "claim"}).status_code == 302
    made = Claim.objects.get()
    assert (made.subject, made.value_text) == (club, {"en": "breaks the bank"})


# Skipping -------------------------------------------------------------------------------------------------


def test_skipped_figures_are_remembered_hidden_and_taken_up_again(
    desk: Client, source: Source, editor: User
) -> None:
    answer = desk.post(address(source), {"decision": "skip", "span": at(FIVE)})
    assert answer["Location"].endswith(f"?at={at(SEVEN)}")
    page = desk.get(address(source))
    assert FIVE not in [one.printed for one in page.context["cards"]]
    assert "1 of 3 read" in page.content.decode()
    assert "1 figure was skipped." in page.content.decode()
    shown = desk.get(page.context["sheet"].other_url)
    assert card(shown, FIVE).state == "skipped"
    assert shown.context["sheet"].other_url == address(source)
    desk.post(address(source), {"decision": "take-up", "span": at(FIVE)})
    assert card(desk.get(address(source)), FIVE).state == "open"


def test_when_all_is_read_the_page_says_so(desk: Client, source: Source, editor: User) -> None:
    snapshot = source.snapshots.get()
    for words in (FIVE, SEVEN, YEAR):
        start, end = map(int, at(words).split("-"))
        skip(snapshot, start, end, by=editor)
    assert "All of it is read." in desk.get(address(source)).content.decode()


# Who may, and what is there -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("may", "sees", "evidence", "claims"),
    [
        ((), 403, 403, 403),
        (("claims.view_source",), 200, 403, 403),
        (("claims.change_source", "claims.change_claim"), 200, 302, 403),
        (("claims.view_source", "claims.add_claim"), 200, 403, 302),
    ],
)
def test_each_step_needs_its_permission(
    source: Source, claim: Claim, may: tuple[str, ...], sees: int, evidence: int, claims: int
) -> None:
    client = logged_in(staff("somebody", *may))
    page = client.get(address(source), {"new": at(FIVE)})
    assert page.status_code == sees
    assert client.post(address(source), accept(claim)).status_code == evidence
    assert client.post(address(source), {"decision": "skip", "span": at(SEVEN)}).status_code == evidence
    data = {
        "decision": "claim", "span": at(FIVE), "subject": "the-club", "property": "fee", "comparator": "eq",
        "amount": "5000000", "unit": "EUR", "mode": "attributed", "stance": "supports", "scope-tax": "",
    }  # fmt: skip
    assert client.post(address(source), data).status_code == claims
    if sees == 200:
        shown = page.content.decode()
        assert ("Add this source as evidence" in shown) is (evidence == 302)
        assert ("Save as a draft" in shown) is (claims == 302)


def test_a_text_that_is_not_held_says_what_to_do(desk: Client) -> None:
    source = build.a_source(snapshots=[build.a_snapshot("elsewhere")])
    assert "Capture a copy of it first." in desk.get(address(source)).content.decode()
    assert desk.get(address(build.a_source())).status_code == 200
    assert desk.get("/admin/claims/source/s0abcdefgh/read/").status_code == 404


@pytest.mark.parametrize("query", [{"at": "x"}, {"new": "3-3"}, {"new": "0-99999"}, {"copy": "feed"}])
def test_a_place_that_is_not_there_is_a_404(desk: Client, source: Source, query: dict[str, str]) -> None:
    assert desk.get(address(source), query).status_code == 404


def test_an_older_copy_is_read_on_request(desk: Client, claim: Claim) -> None:
    newer = ARTICLE.replace("5 million", "6 million")
    blobs.write(ARTICLE.encode())
    blobs.write(newer.encode())
    source = build.a_source(snapshots=[build.a_snapshot(ARTICLE), build.a_snapshot(newer)])
    assert "6 million euros" in [one.printed for one in desk.get(address(source)).context["cards"]]
    older = Snapshot.objects.get(position=0).text_sha256[:12]
    page = desk.get(address(source), {"copy": older})
    assert card(page, FIVE).urls["new"] == f"{address(source)}?copy={older}&new={at(FIVE)}#card-{at(FIVE)}"
    answer = desk.post(f"{address(source)}?copy={older}", accept(claim))
    assert answer["Location"].startswith(f"{address(source)}?copy={older}&at=")
    evidence = claim.evidence.last()
    assert evidence is not None
    assert evidence.snapshot == source.snapshots.get(position=0)


def test_the_source_leads_to_the_desk(desk: Client, source: Source) -> None:
    bare = build.a_source("without-a-copy")
    assert address(source) in desk.get(f"/admin/claims/source/{source.pk}/change/").content.decode()
    shown = desk.get("/admin/claims/source/").content.decode()
    assert address(source) in shown
    assert address(bare) not in shown


# How much it asks -----------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_figures_or_claims(
    desk: Client, club: Entity, fee: Property, claim: Claim, tax: ScopeDimension
) -> None:
    few = an_article(ARTICLE)
    line = "Deep Sea paid a transfer fee of {} million euros before tax in {}.\n"
    many = an_article(ARTICLE + "".join(line.format(n, 1900 + n) for n in range(5, 95)), "long")

    def count(source: Source) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(address(source)).status_code == 200
        return len(queries)

    first = count(few)
    for number in range(30):
        value = build.euros(str((number + 5) * 1000000))
        term = tax.terms.get(slug="before-tax")
        build.a_claim(
            subject=club, property=fee, value=value, scope=[term], evidence=[build.some_evidence(few)]
        )
    assert count(many) == count(few) == first


def test_a_long_article_is_asked_about_in_leaves(desk: Client, club: Entity) -> None:
    text = "".join(f"Deep Sea had {n} fans.\n" for n in range(1000, 1100))
    source = an_article(text)
    page = desk.get(address(source))
    assert len(page.context["cards"]) == 40
    assert [shown for shown, _url, _here in page.context["sheet"].leaves] == ["1–40", "41–80", "81–100"]
    third = desk.get(page.context["sheet"].leaves[2][1])
    first = third.context["cards"][0]
    assert (first.printed, first.current) == ("1080", True)
