"""manage.py find_suggestions: texts that were there before are read, once."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from claims.actions.captures import capture
from claims.actions.suggestions import suggest_figures
from claims.management.commands import find_suggestions
from claims.models import ReadText, Source, SuggestedFigure
from companies.actions import NameDraft
from tests import building as build

pytestmark = pytest.mark.django_db

TEXT = "Deep Sea paid a transfer fee of {} million euros."


@pytest.fixture
def unread(db: None) -> list[Source]:
    """Three sources whose texts nobody has read, a fourth without a text, and words for what they say."""
    build.an_entity("club", kind="company", names=[NameDraft(text="Deep Sea", language="en")])
    build.a_property("fee", labels={"en": "transfer fee"}, subject_kinds=["company"])
    sources = [build.a_source(f"source-{number}") for number in range(3)]
    for number, source in enumerate(sources):
        capture(
            TEXT.format(number + 2).encode(), source, by=None
        )  # what follows a commit does not follow here
    build.a_source("without")
    return sources


def run(**options: Any) -> str:
    out = StringIO()
    call_command("find_suggestions", stdout=out, **options)
    return out.getvalue().strip()


def test_it_reads_what_was_not_read(unread: list[Source]) -> None:
    assert run() == "3 sources: 3 suggestions, 3 waiting to be read"
    assert set(SuggestedFigure.objects.values_list("snapshot__source__slug", "printed")) == {
        (f"source-{number}", f"{number + 2} million euros") for number in range(3)
    }


def test_running_it_again_changes_nothing(unread: list[Source]) -> None:
    run()
    before = list(SuggestedFigure.objects.values()), list(ReadText.objects.values())
    assert run() == "3 sources: 0 suggestions, 3 waiting to be read"
    assert (list(SuggestedFigure.objects.values()), list(ReadText.objects.values())) == before


def test_again_reads_what_was_read_with_the_names_there_are_now(unread: list[Source]) -> None:
    run()
    capture(b"Boca paid a transfer fee of 9 million euros.", unread[0], by=None)
    assert run() == "3 sources: 0 suggestions, 2 waiting to be read"
    build.an_entity("boca", kind="company", names=[NameDraft(text="Boca", language="en")])
    assert run() == "3 sources: 0 suggestions, 2 waiting to be read"
    assert run(again=True) == "3 sources: 3 suggestions, 3 waiting to be read"
    assert SuggestedFigure.objects.get(snapshot__source=unread[0]).subject.slug == "boca"


def test_it_goes_on_where_it_was_stopped(unread: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(source: Source, **options: Any) -> int:
        if source == unread[2]:
            raise KeyboardInterrupt
        return suggest_figures(source, **options)

    with monkeypatch.context() as patch:
        patch.setattr(find_suggestions, "suggest_figures", stopped)
        with pytest.raises(KeyboardInterrupt):
            run()
    read = set(ReadText.objects.values_list("pk", "read_at"))
    assert len(read) == 2
    assert run() == "3 sources: 1 suggestions, 3 waiting to be read"
    assert read < set(ReadText.objects.values_list("pk", "read_at"))
