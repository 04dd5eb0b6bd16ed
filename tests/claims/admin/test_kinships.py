"""Suspected copies on the desk: the front page, the queue, two sources side by side, a source's relatives, drift."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.actions.kinships import confirm, leave_open, reject
from claims.admin import kinships
from claims.admin.queues import Asked, queue_of
from claims.lineage.reasons import SENTENCES
from claims.models import Claim, Kinship, Source
from kb.lib import blobs
from tests import building as build
from tests.claims.admin.conftest import logged_in, staff
from tests.claims.kin import a_pair, a_reading, captured, story
from tests.roles import member

PAGE = "/admin/kinships/"
CAPTURE = "/admin/claims/source/capture/"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def pair(db: None) -> Kinship:
    return a_pair(published_on="2025-02-01")


def page_of(pair: Kinship) -> str:
    return f"{PAGE}{pair.pk}/"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def change_page(source: Source) -> str:
    return reverse("admin:claims_source_change", args=[source.pk])


def waiting(user: User) -> list[str]:
    queue = queue_of("copies")
    assert queue is not None
    return [item.ref for item in queue.items(Asked(user, timezone.now()), 10)]


# The queue ----------------------------------------------------------------------------------------------------


def test_it_waits_on_the_front_page_for_who_writes_sources(pair: Kinship, editor: User) -> None:
    assert waiting(editor) == [str(pair.pk)]
    assert f'href="{PAGE}"' in text(logged_in(editor), "/admin/")
    stranger = logged_in(staff("stranger", "claims.view_dispute"))
    assert PAGE not in text(stranger, "/admin/")
    for address in (PAGE, page_of(pair)):
        for method in ("get", "post"):
            assert getattr(stranger, method)(address).status_code == 403


def test_a_row_names_both_in_their_languages_with_reasons(pair: Kinship, desk: Client) -> None:
    html = text(desk, PAGE)
    assert '<span lang="en" dir="auto">First</span>' in html
    assert '<span lang="de" dir="auto">Second</span>' in html
    assert kinships.reasons(pair)[0] in html
    assert f'href="{page_of(pair)}"' in html


def test_the_queue_narrows_to_one_source_and_to_what_was_left_open(
    pair: Kinship, desk: Client, editor: User
) -> None:
    a_reading("trial", story("trial", "en", "origin"))
    other = a_reading("trial-fr", story("trial", "fr"))
    assert text(desk, PAGE).count("kin-head") == 2
    assert text(desk, f"{PAGE}?source={other.ref}").count("kin-head") == 1
    leave_open(pair, by=editor, why="Ask the publisher.")
    assert "Trial" not in text(desk, f"{PAGE}?left-open=1")
    assert "Second" in text(desk, f"{PAGE}?left-open=1")
    assert "Second" not in text(desk, PAGE)
    for query in ("source=s0000000aa", "source=x", "after=x", "after=99999"):
        assert desk.get(f"{PAGE}?{query}").status_code == 404


def test_the_queue_is_paged(pair: Kinship, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinships, "SIZE", 1)
    a_reading("trial", story("trial", "en", "origin"))
    a_reading("trial-fr", story("trial", "fr"))
    first = text(desk, PAGE)
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = text(desk, following)
    assert "Second" in first
    assert "Trial" not in first
    assert "Trial" in second
    assert "Second" not in second
    assert 'rel="next"' not in second


def test_queries_do_not_grow_with_the_pairs(pair: Kinship, desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            desk.get(PAGE)
        return len(found)

    queries()
    few = queries()
    a_reading("third", story("wind", "ru"))
    a_reading("fourth", story("wind", "hi"))
    assert Kinship.objects.count() == 6
    assert queries() == few


# Side by side -------------------------------------------------------------------------------------------------


def test_the_page_shows_what_an_editor_needs_to_judge(pair: Kinship, desk: Client) -> None:
    html = text(desk, page_of(pair))
    for reason in kinships.reasons(pair):
        assert reason.replace("“", "").split(" is ")[0] in html
    assert "2025-02-01" in html
    for source in (pair.first, pair.second):
        assert f'lang="{source.language}" dir="auto"' in html
    assert story("wind", "de")[:40] in html
    assert "<script" not in html.partition('id="content-main"')[2]


def test_reasons_are_said_in_the_editors_language(pair: Kinship, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = "credits", {"printed": "windpulse.net", "times": 3}
    assert {"code": code, "told": told} in pair.why
    assert "picture credit windpulse.net, 3 times in both" in kinships.reasons(pair)
    spoken = {SENTENCES[code]: "ảnh của %(printed)s, %(times)s lần"}
    monkeypatch.setattr(kinships, "_", lambda message: spoken.get(message, message))
    assert "ảnh của windpulse.net, 3 lần" in kinships.reasons(pair)


def test_sentences_of_an_earlier_release_stand_as_they_are(pair: Kinship, desk: Client) -> None:
    pair.why = ["11 of 12 figures shared"]
    pair.save()
    assert "11 of 12 figures shared" in text(desk, page_of(pair))


def test_drift_and_figures_are_shown_as_printed(desk: Client, shared: Any, db: None) -> None:
    texts = {path.name[:3]: path.read_bytes().decode() for path in (shared / "seeds").glob("*.txt")}
    for name in ("000", "001"):
        a_reading(f"seed-{name}", texts[name])
    html = text(desk, page_of(Kinship.objects.get()))
    assert "digit lost" in html
    assert re.search(r'<td lang="bn" dir="auto">[^<]*মিলিয়ন[^<]*</td>', html)
    assert re.search(r'<td lang="hi" dir="auto">[^<]*मिलियन[^<]*</td>', html)
    assert "<bdi>$1.6 billion</bdi>" in html
    assert "the likelier copy" in html


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("1600000000 USD", "$1.6 billion"), ("2048", "2,048"), ("year 2023", "2023"), ("date 05-12", "05-12"),
        ("date 2024-03", "March 2024"),
        ("5..10 %", "5% – 10%"), ("nonsense", "nonsense"),
    ],
)  # fmt: skip
def test_figures_read_as_one_writes_them(key: str, words: str) -> None:
    assert kinships.figure_words(key).replace("\xa0", " ") == words


def test_confirming_by_form_derives_the_copy(pair: Kinship, desk: Client, editor: User) -> None:
    answer = desk.post(
        page_of(pair),
        {"deed": "confirm", "copy": "second", "derivation": "translation", "why": "Line by line."},
        follow=True,
    )
    assert "Confirmed on the desk" in answer.content.decode()
    pair.second.refresh_from_db()
    assert pair.second.derived_from == pair.first
    assert waiting(editor) == []
    html = text(desk, page_of(pair))
    assert "Line by line." in html
    assert 'value="confirm"' not in html
    assert 'value="reject"' in html  # a confirmation can be taken back


def test_a_third_is_chosen_by_ref_slug_address_or_title(desk: Client, pair: Kinship) -> None:
    third = build.a_source("third", title="The Third", url="https://third.example/page")
    for words in (third.ref, "third", "https://third.example/page", "the third"):
        Source.objects.update(derived_from=None, derivation="")
        Kinship.objects.update(judged="open", judged_at=None, judged_by=None)
        answer = desk.post(page_of(pair), {"deed": "third", "origin": words, "derivation": "copy", "why": ""})
        assert answer.status_code == 302, words
        assert Source.objects.filter(derived_from=third).count() == 2


def test_the_origin_of_one_is_offered_as_the_third(desk: Client, pair: Kinship) -> None:
    third = build.a_source("third", title="The Third")
    build.a_source("second", ref=pair.second.ref, language="de", derived_from=third)
    assert f'value="{third.ref}"' in text(desk, page_of(pair))
    given = {"deed": "third", "offered": third.ref, "derivation": "copy", "why": ""}
    assert desk.post(page_of(pair), given).status_code == 302
    pair.first.refresh_from_db()
    assert pair.first.derived_from == third


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"deed": "confirm", "copy": "both", "derivation": "copy"}, "Select a valid choice"),
        ({"deed": "third", "derivation": "copy"}, "Say which source both come from."),
        ({"deed": "third", "origin": "nobody", "derivation": "copy"}, "No source on the desk is called “nobody”"),
        ({"deed": "third", "origin": "first", "derivation": "copy"}, "is none of the two"),
        ({"deed": "reject"}, "This field is required"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said_and_nothing_is_written(
    pair: Kinship, desk: Client, given: dict[str, str], said: str
) -> None:
    answer = desk.post(page_of(pair), given)
    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert Kinship.objects.get().judged == "open"


def test_a_circle_is_said_on_the_page(pair: Kinship, desk: Client) -> None:
    build.a_source("first", ref=pair.first.ref, derived_from=pair.second)
    answer = desk.post(page_of(pair), {"deed": "confirm", "copy": "second", "derivation": "copy"})
    assert answer.status_code == 409
    assert "both ways would run in a circle" in answer.content.decode()


def test_rejecting_and_leaving_open_by_form(pair: Kinship, desk: Client, editor: User) -> None:
    desk.post(page_of(pair), {"deed": "open", "why": "Ask."})
    assert Kinship.objects.get().judged == "unsure"
    desk.post(page_of(pair), {"deed": "reject", "why": "Two reporters."})
    assert Kinship.objects.get().judged == "rejected"
    assert "Two reporters." in text(desk, page_of(pair))


def test_a_contributor_looks_and_does_not_judge(pair: Kinship) -> None:
    writer = logged_in(member("contributor", "writer"))
    html = text(writer, page_of(pair))
    assert kinships.reasons(pair)[0] in html
    assert 'name="deed"' not in html
    for given in (
        {"deed": "confirm", "copy": "second", "derivation": "copy"},
        {"deed": "reject", "why": "No."},
        {"deed": "open"},
    ):
        assert writer.post(page_of(pair), given).status_code == 409
    assert Kinship.objects.get().judged == "open"


def test_what_is_not_there_is_a_404(pair: Kinship, desk: Client) -> None:
    assert desk.get(f"{PAGE}99999/").status_code == 404
    assert desk.post(page_of(pair), {"deed": "burn"}).status_code == 404


def test_a_pair_that_comes_again_says_so(pair: Kinship, desk: Client, editor: User) -> None:
    reject(pair, by=editor, why="Two reporters.")
    captured(pair.second, story("wind", "de") + "\nNachtrag der Redaktion.")
    assert "proposed again: a text changed" in text(desk, PAGE)
    html = text(desk, page_of(pair))
    assert "Judged before, on an earlier text" in html
    assert "Two reporters." in html


# A source's form ----------------------------------------------------------------------------------------------


def test_the_form_shows_proposals_origin_and_copies(pair: Kinship, desk: Client, editor: User) -> None:
    html = text(desk, change_page(pair.second))
    assert "1 source may share its origin: judge it." in html
    assert f'href="{page_of(pair)}"' in html.partition('id="relatives"')[2]
    confirm(pair, copy=pair.second, derivation="translation", by=editor)
    copy, origin = (
        text(desk, change_page(one)).partition('id="relatives"')[2] for one in (pair.second, pair.first)
    )
    assert "Derived from" in copy
    assert change_page(pair.first) in copy
    assert "Copies of it" in origin
    assert change_page(pair.second) in origin
    assert "May share its origin" not in copy + origin


def test_the_form_says_what_two_independent_reports_rest_on(desk: Client, db: None) -> None:
    a_reading("first", story("wind", "en", "origin"))
    report = a_reading("report", story("wind", "en", "report"))
    html = text(desk, change_page(report))
    assert "both rest on Meridian" in html
    assert "may share its origin" not in html
    names = build.NameDraft(text="Meridian Wind", language="en")
    build.an_entity("meridian", names=[names])
    Kinship.objects.update(common_source="meridian")
    assert "both rest on Meridian Wind" in text(desk, change_page(report))


def test_a_source_without_a_text_has_no_panel(desk: Client, db: None) -> None:
    assert 'id="relatives"' not in text(desk, change_page(build.a_source()))


@pytest.mark.django_db(transaction=True)
def test_after_a_capture_the_editor_lands_on_the_proposals(desk: Client) -> None:
    first = {
        "text": story("wind", "en", "origin"),
        "source_type": "secondary",
        "title": "First",
        "language": "en",
    }
    answer = desk.post(CAPTURE, first)
    assert answer["Location"].endswith("/read/")
    second = {"text": story("wind", "de"), "source_type": "secondary", "title": "Second", "language": "de"}
    answer = desk.post(CAPTURE, second, follow=True)
    source = Source.objects.get(title="Second")
    assert answer.redirect_chain[-1][0] == f"{PAGE}?source={source.ref}"
    html = answer.content.decode()
    assert "First" in html
    assert f"/admin/claims/source/{source.ref}/read/" in html


# Drift --------------------------------------------------------------------------------------------------------


@pytest.fixture
def misprinted(db: None) -> Claim:
    """A fee that a copy prints ten times as large as its origin."""
    origin = build.a_source("origin")
    copy = build.a_source("copy", derived_from=origin, language="bn")
    dimension = build.a_dimension("tax")
    evidence = [
        build.some_evidence(origin, original_value="€1.6 million"),
        build.some_evidence(copy, original_value="€16 million"),
    ]
    return build.a_claim(
        value=build.euros("1600000"), evidence=evidence, scope=[dimension.terms.get(slug="before-tax")]
    )


def test_drift_is_proposed_and_accepted_with_one_click(misprinted: Claim, desk: Client) -> None:
    copy = Source.objects.get(slug="copy")
    html = text(desk, change_page(copy))
    assert "Note the drift: separator" in html
    assert re.search(r'<q lang="bn" dir="auto">€16 million</q>', html)
    given = {
        "source": copy.ref, "claim": misprinted.ref, "version": misprinted.version, "position": 1,
        "kind": "separator",
    }  # fmt: skip
    answer = desk.post("/admin/drift/", given, follow=True)
    html = answer.content.decode()
    assert "Noted on the evidence" in html
    assert "Note the drift" not in html
    assert misprinted.evidence.get(source=copy).drift == ["separator"]
    stale = desk.post("/admin/drift/", given | {"kind": "unit"}, follow=True)
    assert misprinted.evidence.get(source=copy).drift == ["separator"]
    assert "error" in stale.content.decode()


def test_what_is_said_of_a_figure_is_shown_in_the_words_of_both(desk: Client, db: None) -> None:
    evidence, sources = [], list[Source]()
    for slug, words in (("origin", "50,000 cranes, of which 10,000"), ("copy", "50,000 cranes, plus 10,000")):
        page = f"It owns {words} are new."
        blobs.write(page.encode())
        sources.append(
            build.a_source(slug, snapshots=[build.a_snapshot(page)], derived_from=(sources or [None])[0])
        )
        quote = build.a_quote(sources[-1].snapshots.get(), page, "10,000")
        evidence.append(build.some_evidence(sources[-1], quote=quote, original_value="10,000"))
    build.a_claim(evidence=evidence)
    html = text(desk, change_page(sources[1]))
    assert "Note the drift: relation" in html
    for words in ("50,000 cranes, of which 10,000", "50,000 cranes, plus 10,000"):
        assert f'<q lang="en" dir="auto">{words}</q>' in html


def test_drift_is_noted_by_who_writes_claims(misprinted: Claim) -> None:
    copy = Source.objects.get(slug="copy")
    looker = logged_in(staff("looker", "claims.view_source"))
    assert "Note the drift" not in text(looker, change_page(copy))
    assert looker.post("/admin/drift/", {}).status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"claim": "x"}, {"source": "s0000000aa"}, {"position": "x"}, {"version": ""}]
)
def test_drift_of_what_is_not_there_is_a_404(misprinted: Claim, desk: Client, wrong: dict[str, str]) -> None:
    copy = Source.objects.get(slug="copy")
    given = {"source": copy.ref, "claim": misprinted.ref, "version": "1", "position": "1", "kind": "unit"}
    assert desk.post("/admin/drift/", given | wrong).status_code == 404
    assert desk.get("/admin/drift/").status_code == 404


def test_another_value_begins_a_claim_of_its_own(misprinted: Claim, desk: Client) -> None:
    copy = Source.objects.get(slug="copy")
    (address,) = re.findall(r'href="([^"]+\?drifted=[^"]+)"', desk.get(change_page(copy)).content.decode())
    page = desk.get(address)
    form = page.context["adminform"].form
    assert (form.initial["subject"], form.initial["amount"], form.initial["unit"]) == (
        misprinted.subject_id,
        "16000000",
        "EUR",
    )
    rows = {one.formset.prefix: one.formset for one in page.context["inline_admin_formsets"]}
    assert [one.initial["source"] for one in rows["evidence"].forms] == [copy.pk]
    assert [one.initial for one in rows["links"].forms] == [
        {"relation": "misreports", "target": misprinted.pk}
    ]
    answer = desk.post("/admin/claims/claim/add/", sent(form, rows))
    assert answer.status_code == 302, answer.content.decode()
    own = Claim.objects.exclude(pk=misprinted.pk).get()
    assert (own.subject, own.amount) == (misprinted.subject, "16000000")
    assert [(one.relation, one.target) for one in own.links.all()] == [("misreports", misprinted)]
    assert [one.term.slug for one in own.scope.all()] == ["before-tax"]
    assert own.evidence.get().source == copy
    assert "?drifted=" not in desk.get(change_page(copy)).content.decode()


def sent(form: Any, rows: dict[str, Any]) -> dict[str, Any]:
    """What the browser would send of the claim's form as it came."""
    data: dict[str, Any] = {"next_state": "draft", "why": "", "rank": "normal"}
    data |= {name: value for name, value in form.initial.items() if value not in (None, {})}
    for prefix, rowset in rows.items():
        data |= {f"{prefix}-TOTAL_FORMS": len(rowset.forms), f"{prefix}-INITIAL_FORMS": 0}
        for number, one in enumerate(rowset.forms):
            data |= {
                f"{prefix}-{number}-{name}": value
                for name, value in one.initial.items()
                if value not in (None, {}, [])
            }
    return data


@pytest.mark.parametrize("asked", ["x", "s:c:1", "{source}:{claim}:0", "{source}:{claim}:7"])
def test_what_does_not_differ_begins_no_claim(misprinted: Claim, desk: Client, asked: str) -> None:
    words = asked.format(source=Source.objects.get(slug="copy").ref, claim=misprinted.ref)
    assert desk.get(f"/admin/claims/claim/add/?drifted={words}").status_code == 404
