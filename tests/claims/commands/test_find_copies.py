"""manage.py find_copies: texts that were there before are held against one another, once."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from claims.actions.captures import capture
from claims.actions.tracing import trace
from claims.management import captured
from claims.management.commands import find_copies
from claims.models import Kinship, Source, SourceKey, TracedText
from tests import building as build
from tests.claims.kin import story
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def unread(db: None) -> list[Source]:
    """Three sources, two of one origin, whose texts nobody has compared; and one without a text."""
    texts = {
        "first": story("wind", "en", "origin"),
        "second": story("wind", "de"),
        "third": story("trial", "fr"),
    }
    sources = [build.a_source(slug) for slug in texts]
    for source, text in zip(sources, texts.values(), strict=True):
        capture(text.encode(), source, by=None)  # what follows a commit does not follow in a test
    build.a_source("without")
    return sources


def run(**options: Any) -> str:
    out = StringIO()
    call_command("find_copies", stdout=out, **options)
    return out.getvalue().strip()


def test_it_fills_keys_and_proposals(unread: list[Source]) -> None:
    assert not SourceKey.objects.exists()
    assert run() == "3 sources: 1 new proposals, 1 waiting to be judged"
    assert set(SourceKey.objects.values_list("source__slug", flat=True)) == {"first", "second", "third"}
    pair = Kinship.objects.get()
    assert (pair.first, pair.second) == (unread[0], unread[1])


def test_running_it_again_changes_nothing(unread: list[Source]) -> None:
    run()
    before = list(Kinship.objects.values()), list(TracedText.objects.values())
    assert run() == "3 sources: 0 new proposals, 1 waiting to be judged"
    assert (list(Kinship.objects.values()), list(TracedText.objects.values())) == before


def test_again_compares_what_was_compared_and_finds_it_once(unread: list[Source]) -> None:
    run()
    first = TracedText.objects.earliest("pk").traced_at
    assert run(again=True) == "3 sources: 0 new proposals, 1 waiting to be judged"
    later = TracedText.objects.earliest("pk").traced_at
    assert first is not None
    assert later is not None
    assert later > first


def test_it_goes_on_where_it_was_stopped(unread: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def stopped(snapshot: Any, **options: Any) -> int:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(snapshot.source.slug)
        return trace(snapshot, **options)

    with monkeypatch.context() as patch:
        patch.setattr(find_copies, "trace", stopped)
        with pytest.raises(KeyboardInterrupt):
            run()
    compared = set(TracedText.objects.values_list("pk", "traced_at"))
    assert len(compared) == 2
    run()
    assert compared < set(TracedText.objects.values_list("pk", "traced_at"))
    assert TracedText.objects.count() == 3


def test_pages_are_gone_through_to_the_end(unread: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captured, "PAGE", 1)
    assert run().startswith("3 sources: 1 new")


def test_a_copy_that_a_dossier_names_is_recognized_and_asks_nobody(db: None) -> None:
    """The practice dossier says that its Bengali text is a copy of the English one; so do the texts."""
    call_command("load_dossier", str(ROOT / "dossiers" / "practice"), stdout=StringIO())
    run()
    pair = Kinship.objects.get(first__slug="tower-en", second__slug="tower-bn")
    assert (pair.verdict, pair.judged, pair.judged_by) == ("same-origin", "confirmed", None)
    assert pair.score >= 0.9
