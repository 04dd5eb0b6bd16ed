"""Search finds published things by every name in every script, alike on both databases."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import press
from claims.actions.claims import save_claim
from claims.actions.merging import merge_entity
from claims.ledger import read
from claims.ledger.models import OPEN, Reason, SearchRow
from claims.ledger.searching import run_together, words
from claims.models import Claim
from claims.search import KINDS, Found, Hit, search
from companies.actions import NameDraft
from companies.models import Entity
from kb.lib.pagination import BadCursor, Cursor
from tests.building import (
    NOON,
    a_claim,
    a_property,
    a_publisher,
    a_source,
    an_entity,
    draft_of,
    euros,
    published,
    some_evidence,
)

pytestmark = pytest.mark.django_db
shipped = pytest.mark.usefixtures("dossier")


def found(text: str, **how: Any) -> list[Hit]:
    return search(text, how.pop("as_of", None) or read.latest(), size=how.pop("size", 1000), **how).hits


def refs(text: str, **how: Any) -> list[str]:
    return [hit.ref for hit in found(text, **how)]


def ref_of(slug: str) -> str:
    return Entity.objects.get(slug=slug).ref


@shipped
@pytest.mark.parametrize(
    "text",
    [
        "DeepSeek",
        "deepseek",
        "DEEPSEEK",
        "ডিপসিক",
        "डीपसीक",
        "deep seek",
        "Deep-Seek",
        "  deepseek! ",
        "ＤｅｅｐＳｅｅｋ",
    ],
)
def test_a_company_is_found_first_by_every_name_in_every_script(text):
    first = found(text)[0]
    assert (first.kind, first.score) == ("entity", 0)
    assert first.ref in {ref_of("deepseek")}


@shipped
@pytest.mark.parametrize(
    ("text", "slug"),
    [("h 800", "h800"), ("H-800", "h800"), ("deepseekv3", "deepseek-v3"), ("v3 deepseek", "deepseek-v3"),
     ("liang wenf", "liang-wenfeng")],
)  # fmt: skip
def test_spacing_order_and_unfinished_words_do_not_matter(text, slug):
    assert ref_of(slug) in refs(text, kinds=["entity"])[:3]


@shipped
def test_claims_are_found_by_words_of_subject_property_value_and_quotes():
    claim = a_claim(subject=an_entity("zebra-works"), property=a_property("stripe-fee"))
    published(claim)
    for text in ("zebra works", "stripe fee", "1000000", "zebra stripe 1000000", "fee zeb", claim.ref):
        assert claim.ref in refs(text, kinds=["claim"]), text
    assert claim.ref not in refs("zebra giraffe")
    quoted = refs("৬ মিলিয়ন ডলার", kinds=["claim"])
    assert quoted
    assert set(refs("6 মিলিয়ন ডলার", kinds=["claim"])) == set(quoted)


def test_sources_are_found_by_title_publisher_and_authors():
    source = a_source(
        title="Über die Kosten", publisher=a_publisher(name="Berliner Blatt"), authors=["Nguyễn Đức Anh"]
    )
    published(a_claim(evidence=[some_evidence(source)]))
    for text in ("uber kosten", "berliner kosten", "nguyen duc", "Nguyễn Đức Anh", "blatt"):
        assert refs(text, kinds=["source"]) == [source.ref], text


@shipped
def test_names_rank_above_text_and_kinds_narrow():
    scores = [hit.score for hit in found("deepseek")]
    assert scores == sorted(scores)
    assert {hit.kind for hit in found("deepseek")} == {"entity", "timeline", "source", "claim", "dispute"}
    assert {hit.kind for hit in found("deepseek", kinds=["claim", "source"])} == {"claim", "source"}
    models = refs("deepseek", kinds=["model"])
    assert set(models) <= set(Entity.objects.filter(kind="model").values_list("ref", flat=True)) != set()
    assert found("deepseek", kinds=["nothing"]) == []


@shipped
def test_pages_hold_every_hit_once_both_ways():
    everything = found("deepseek")
    forwards, cursor, page = [], None, None
    while page is None or cursor is not None:
        page = search("deepseek", read.latest(), size=7, cursor=cursor)
        forwards += page.hits
        cursor = Cursor.parse(str(page.next)) if page.next else None
    backwards, cursor = page.hits, page.previous
    while cursor is not None:
        before = search("deepseek", read.latest(), size=7, cursor=cursor)
        backwards, cursor = before.hits + backwards, before.previous
    assert forwards == backwards == everything
    with pytest.raises(BadCursor):
        search("nvidia", read.latest(), cursor=page.previous)


def test_what_is_hidden_is_not_found():
    claim = a_claim(subject=an_entity("walrus-club"))
    first = published(claim)
    an_entity("walrus-draft")
    a_claim(subject=claim.subject, note={"en": "walrus secret"})
    assert refs("walrus") == [claim.subject.ref, claim.ref]
    assert refs("secret") == []
    press.publish([], withdraw=[claim], by=None, reason=Reason.RETRACTION, note={"en": "hoax"}, at=NOON)
    assert refs("walrus") == [claim.subject.ref]
    assert claim.ref in refs("walrus", as_of=read.as_of_edition(first.number))
    assert refs("walrus", as_of=read.as_of_edition(0)) == []


def test_a_deprecated_claim_is_not_found():
    claim = a_claim(subject=an_entity("heron-club"))
    published(claim)
    draft = draft_of(claim, rank="deprecated", rank_reason={"en": "misread"})
    published(save_claim(draft, by=None, ref=claim.ref))
    assert refs("heron") == [claim.subject.ref]


def test_a_new_name_finds_what_refers_to_it_and_an_old_edition_keeps_the_old():
    club = an_entity("otter-club", names=[NameDraft(text="Otter", language="en")])
    claim = a_claim(subject=club)
    before = published(claim).number
    names = [NameDraft(text="Badger", language="en")]
    published(an_entity(club.slug, ref=club.ref, names=names))
    assert refs("badger") == [club.ref, claim.ref]
    assert refs("otter", kinds=["claim"], as_of=read.as_of_edition(before)) == [claim.ref]
    assert refs("badger", as_of=read.as_of_edition(before)) == []


def test_claims_about_a_merged_entity_are_found_by_the_name_it_was_merged_into():
    double, club = (
        an_entity("stoat-double"),
        an_entity("stoat-club", names=[NameDraft(text="Ermine", language="en")]),
    )
    claim = a_claim(subject=double)
    published(claim, club)
    merge_entity(double, into=club, by=None, reason=Reason.IMPORT)
    assert refs("ermine") == [club.ref, claim.ref]


@shipped
@pytest.mark.parametrize(
    "text",
    ["", " ", '"', "' OR 1=1 --", "deep*", "NEAR(a b)", "a AND", "NOT", "words:deep", "^deep", "{", "-deep", "\\",
     "'':*", "a & b", "!a", "a <-> b", "(", "\x00", "\ud800", "%", "_e0", "==deepseek", "=deepseek", "💥",
     "\u200d", "z" * 5000, "a " * 500, "꣼ ꣽ", "\U0001e2ec", "e", "c2"],
)  # fmt: skip
def test_any_text_is_a_query(text):
    assert isinstance(search(text, read.latest()), Found)


@shipped
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=40))
def test_no_text_breaks_the_search(text):
    search(text, read.latest())


@shipped
def test_signs_of_the_index_find_nothing_of_their_own():
    for text in ("_", "==", "_ =", "=deepsee k"):
        assert refs(text) == refs(text.strip("_= "))


@shipped
def test_a_ref_finds_its_thing_and_a_piece_of_it_does_not():
    ref = ref_of("deepseek")
    assert ref in refs(ref)
    assert refs(ref[:6]) == []


def expected(text: str) -> dict[str, int]:
    """ref -> score by reading every row in Python: what both engines must find."""
    rows = {row.ref: set(row.words.split()) for row in SearchRow.objects.filter(edition_to=OPEN)}
    kinds = dict(SearchRow.objects.filter(edition_to=OPEN, listed=True).values_list("ref", "kind"))
    asked = words(text)
    last = asked[-1]

    def holds(of: set[str], word: str, sign: str = "") -> bool:
        return sign + word in of or (word == last and any(one.startswith(sign + word) for one in of))

    naming = ("entity", "property", "publisher", "scope-dimension")
    namesakes = {
        word: {"_" + ref for ref, of in rows.items() if kinds.get(ref) in naming and holds(of, word, "=")}
        for word in asked
    }
    found = {}
    exact = {"6 million": "6000000", "2023": "2023"}.get(text)
    figures = {
        row.ref
        for row in read.claims(read.latest())
        if json.loads(row.record.body)["value"]["amount"] == exact
    }
    for ref, of in rows.items():
        if kinds.get(ref) not in KINDS:
            continue
        if "==" + run_together(text) in of:
            found[ref] = 0
        elif any(one.startswith("==" + run_together(text)) for one in of):
            found[ref] = 1
        elif all(holds(of, word, "=") for word in asked) or (exact and ref in figures):
            found[ref] = 2
        elif all(holds(of, word) or "_" + word in of or of & namesakes[word] for word in asked):
            found[ref] = 3
    return found


@shipped
@pytest.mark.parametrize(
    "text",
    ["h800", "deep", "deepseek v3", "নভিডিয়া", "এনভিডিয়া", "চীন", "chip", "nvidia chip", "6 million", "triệu", "trieu đô",
     "६", "लाख", "₫ usd", "2023", "export ban", "gpu hour", "trump", "s", "liang", "cost of training"],
)  # fmt: skip
def test_both_databases_find_what_reading_every_row_finds(text):
    hits = found(text)
    assert {hit.ref: hit.score for hit in hits} == expected(text)
    assert [hit.score for hit in hits] == sorted(hit.score for hit in hits)


def test_a_thousand_matches_are_ranked_and_an_exact_name_is_always_among_them(monkeypatch):
    monkeypatch.setattr("claims.search.RANKED", 3)
    exact = an_entity("falcon", names=[NameDraft(text="Falcon", language="en")])
    published(exact)
    others = [an_entity(f"falcon-{number}") for number in range(6)]
    published(*others)
    hits = found("falcon")
    assert hits[0] == Hit("entity", exact.ref, 0)
    assert len(hits) < 7


@pytest.mark.parametrize(
    "query", ["7.3 billion", "7,3 tỷ", "৭৩০ কোটি", "7.3 billion euros", "€7.3bn", "7300000000"]
)
def test_a_figure_is_found_however_it_is_written(query):
    claim, other = a_claim(value=euros("7300000000")), a_claim(value=euros("7200000000"))
    published(claim, other)
    assert [hit.ref for hit in search(query, read.latest()).hits] == [claim.ref]
    assert search(query, read.latest(), kinds=["entity"]).hits == []


def test_a_figure_in_another_currency_is_not_the_one_asked_for():
    published(a_claim(value=euros("7300000000")))
    assert search("7.3 billion dollars", read.latest()).hits == []


@pytest.mark.parametrize("query", ["> 7.3 billion euros", "7.3-8 billion", "at least 7.3 billion", "9" * 60])
def test_a_bound_or_a_range_is_no_figure_to_find(query):
    claim = a_claim(value=euros("7300000000"))
    published(claim)
    assert claim.ref not in [hit.ref for hit in search(query, read.latest()).hits]


def test_a_figure_nobody_has_published_is_not_found():
    claim = a_claim(value=euros("7300000000"))
    published(a_claim())
    assert search("7.3 billion", read.latest()).hits == []
    assert Claim.objects.get(pk=claim.pk).amount == "7300000000"
