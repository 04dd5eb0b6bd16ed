"""Matching names with entities."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from claims import press
from claims.actions.merging import merge_entity
from claims.ledger import read
from claims.ledger.models import Reason
from claims.reconciliation import LOOKED_AT, MOST_CANDIDATES, NEAREST, candidates, likeness
from companies.actions import NameDraft
from kb.lib.text import fold
from tests.building import an_entity, published
from tests.claims.api.asking import get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


def matched(client: Client, *names: str, **more: Any) -> list[list[dict[str, Any]]]:
    """The candidates of each name."""
    query = urlencode({"q": names, **more}, doseq=True)
    results = get(client, f"/match/?{query}")["results"]
    assert [one["q"] for one in results] == list(names)
    return [one["candidates"] for one in results]


@pytest.mark.parametrize(
    ("name", "slug", "language"),
    [
        ("DeepSeek", "deepseek", "en"),
        ("DEEPSEEK ", "deepseek", "en"),
        ("ＤｅｅｐＳｅｅｋ", "deepseek", "en"),
        ("ডিপসিক", "deepseek", "bn"),
        ("डीपसीक", "deepseek", "hi"),
        ("luong van phong", "liang-wenfeng", "vi"),
        ("এইচ 800", "h800", "bn"),
    ],
)
def test_the_very_name_is_a_match_in_every_script(client, name, slug, language):
    ((best, *others),) = matched(client, name)
    assert (best["slug"], best["score"], best["match"]) == (slug, "1", True)
    assert best["name"]["language"] == language
    assert fold(best["name"]["text"]) == fold(name)
    assert not any(one["match"] for one in others)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Depseek", "deepseek"), ("deep seek", "deepseek"), ("Nvdia", "nvidia"), ("Wenfeng, Liang", "liang-wenfeng"),
     ("H-800", "h800"), ("SemiAnalisys", "semianalysis"), ("ডিপসীক", "deepseek")],
)  # fmt: skip
def test_a_near_spelling_comes_first_but_is_no_match(client, name, slug):
    (found,) = matched(client, name)
    assert found[0]["slug"] == slug
    assert not any(one["match"] for one in found)
    scores = [Decimal(one["score"]) for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(Decimal("0.6") <= score <= NEAREST for score in scores)


def test_a_name_that_two_have_is_no_match_unless_their_kinds_differ(client):
    names = [NameDraft(text="Zymurgy", language="en")]
    published(an_entity(kind="company", names=names), an_entity(kind="model", names=names))
    (both,) = matched(client, "zymurgy")
    assert [(one["score"], one["match"]) for one in both] == [("1", False)] * 2
    (one,) = matched(client, "zymurgy", kind="model")
    assert [(found["kind"], found["match"]) for found in one] == [("model", True)]


def test_names_are_those_of_the_edition_and_of_what_is_published(client):
    club = an_entity(names=[NameDraft(text="Zymurgy", language="en")])
    number = published(club).number
    published(an_entity(ref=club.ref, slug=club.slug, names=[NameDraft(text="Quixotry", language="en")]))
    an_entity(names=[NameDraft(text="Quixotry", language="en")])  # a draft
    assert [one["match"] for one in matched(client, "Quixotry")[0]] == [True]
    assert matched(client, "Zymurgy") == [[]]
    assert [one["match"] for one in matched(client, "Zymurgy", edition=number)[0]] == [True]
    press.publish([], by=None, reason=Reason.RETRACTION, note={"en": "no"}, withdraw=[club])
    assert matched(client, "Quixotry") == [[]]


def test_what_was_merged_is_no_candidate(client):
    names = [NameDraft(text="Zymurgy", language="en")]
    club, double = an_entity(names=names), an_entity(names=names)
    published(club, double)
    merge_entity(double, into=club, by=None, reason=Reason.IMPORT)
    (found,) = matched(client, "Zymurgy")
    assert [(one["ref"], one["match"]) for one in found] == [(club.ref, True)]


def test_an_answer_does_not_depend_on_what_else_is_asked(client):
    names = ["deepseek", "nvidia", "h800", "zzzz", "—", "de", "Liang", "ডিপসিক", "openai", "the"]
    assert matched(client, *names) == [matched(client, name)[0] for name in names]


def test_labels_are_in_the_language_asked(client):
    ((best, *_),) = matched(client, "DeepSeek", lang="bn")
    assert (best["label"], best["language"], best["name"]["text"]) == ("ডিপসিক", "bn", "DeepSeek")


def test_queries_are_as_many_for_fifty_names_as_for_one(client):
    counts = []
    for names in (["deepseek"], [f"deepseek {n}" for n in range(50)]):
        with CaptureQueriesContext(connection) as queries:
            matched(client, *names)
        counts.append(len(queries))
    assert counts == [4, 4]


def test_a_crowd_of_namesakes_is_cut_and_makes_no_match():
    crowd = [an_entity(names=[NameDraft(text="Zy-murgy", language="en")]) for _ in range(LOOKED_AT)]
    alone = an_entity(names=[NameDraft(text="Zymurgy", language="en")])
    published(alone)
    published(*crowd)
    (found,) = candidates(["zymurgy"], read.latest())
    assert len(found) == MOST_CANDIDATES
    assert not any(one.match for one in found)


@pytest.mark.parametrize(
    "query",
    ["q=", "q=%20", f"q={'x' * 201}", "&".join(["q=a"] * 51), "q=a&kind=animal", "q=a&page_size=3", "q=%00",
     "q=a&kind=model&kind=company"],
)  # fmt: skip
def test_what_cannot_be_matched_is_said(client, query):
    assert get(client, f"/match/?{query}", status=400)["parameters"]


def test_no_names_have_no_candidates(client):
    assert get(client, "/match/") == {"results": []}


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_likeness_is_one_for_the_very_name_only(one, other):
    assert likeness(one, one) == 1
    assert likeness(one, other) == likeness(other, one)
    assert (likeness(one, other) == 1) == (fold(one) == fold(other))
    assert likeness(one, other) <= 1


@given(st.text(min_size=1, max_size=200))
def test_any_text_is_a_name(text):
    for found in candidates([text], read.AsOf(1, "", None, latest=True)):
        assert len(found) <= MOST_CANDIDATES
