"""Search rows are what bodies say, are written with their records, verified with them, and redacted with them."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from claims import press
from claims.actions.redaction import confirm_redaction, request_redaction
from claims.ledger import verify
from claims.ledger.columns import Term, fts5, tsquery
from claims.ledger.models import OPEN, Reason, Record, SearchRow
from claims.ledger.searching import LONGEST_WORD, run_together, search_row, words
from tests.building import NOON, a_claim, a_source, an_entity, is_postgres, published, some_evidence


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("DeepSeek-V3, H800!", ["deepseek", "v3", "h800"]),
        ("ডিপসিক কোম্পানি", ["ডিপসিক", "কোম্পানি"]),
        ("৬ মিলিয়ন ডলার", ["6", "মিলিয়ন", "ডলার"]),
        ("दीपसीक की लागत", ["दीपसीक", "की", "लागत"]),
        ("Việt Nam: triệu đô", ["viet", "nam", "trieu", "do"]),
        ("深度求索", ["深度求索"]),
        ("$1.6 billion", ["1", "6", "billion"]),
        ("—…«»", []),
    ],
)
def test_words_are_whole_in_every_script(text, split):
    assert words(text) == split


@given(st.text(max_size=60))
def test_words_hold_no_sign_of_the_index(text):
    for word in words(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert not set(word) & set("_=\"' \\*&|!():")
    assert words(" ".join(words(text))) == words(text) or any(
        len(word) == LONGEST_WORD for word in words(text)
    )
    assert " " not in run_together(text)


def test_queries_quote_every_word():
    wanted = ((Term("a"), Term('b"c')), (Term("d'e", prefix=True),))
    assert fts5(wanted) == '("a" OR "b""c") AND ("d\'e" *)'
    assert tsquery(wanted) == "('a' | 'b\"c') & ('d''e':*)"


def test_names_stand_whole_in_parts_and_run_together():
    names = [{"text": text, "language": "en", "role": "label"} for text in ("Open AI", "DeepSeek H800")]
    body = {"ref": "e0abcdefgh", "slug": "open-ai", "kind": "company", "description": {}, "names": names}
    found = set(search_row("entity", body)["words"].split())
    assert found >= {
        "open",
        "ai",
        "openai",
        "==openai",
        "=open",
        "deepseek",
        "deep",
        "seek",
        "h",
        "800",
        "deepseekh800",
    }
    assert "_e0abcdefgh" in found


@pytest.mark.django_db
def test_every_live_record_has_a_row_and_a_withdrawn_one_has_none():
    claim = a_claim()
    published(claim)
    live = Record.objects.filter(edition_to=OPEN)
    assert set(live.values_list("pk", flat=True)) == set(SearchRow.objects.values_list("pk", flat=True))
    press.publish([], withdraw=[claim], by=None, reason=Reason.RETRACTION, note={"en": "no"}, at=NOON)
    assert not SearchRow.objects.filter(ref=claim.ref, edition_to=OPEN).exists()
    assert SearchRow.objects.filter(ref=claim.ref).count() == 1


@pytest.mark.django_db
def test_words_changed_behind_the_ledger_are_found():
    claim = a_claim()
    published(claim)
    row = SearchRow.objects.get(ref=claim.ref)
    SearchRow.objects.filter(pk=row.pk).update(words=row.words + " planted")
    assert any("search index row" in fault for fault in verify.faults())


@pytest.mark.django_db
@pytest.mark.skipif(is_postgres(), reason="PostgreSQL's index is no table of its own")
def test_a_full_text_index_that_says_something_else_is_found():
    published(an_entity("puffin"))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_search_fts(rowid, words) VALUES (999999, 'planted')")
    assert any("full-text" in fault for fault in verify.faults())


@pytest.mark.django_db
def test_no_word_of_what_was_redacted_is_left(editor, colleague):
    source = a_source("report-about-aardvarks", title="Aardvarkology")
    published(source, a_claim(evidence=[some_evidence(a_source())]))
    confirm_redaction(request_redaction(source, category="court-order", by=editor), by=colleague)
    assert not SearchRow.objects.filter(words__contains="aardvark").exists()
    assert list(verify.faults()) == []
    if not is_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM ledger_search_fts_data")
            assert not any(b"aardvark" in bytes(block) for (block,) in cursor.fetchall())
