"""New sources out of documents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims.actions.arrivals import Arrival, add_source
from claims.capturing.documents import read
from claims.models import CaptureAttempt, Source
from kb.models import Revision
from tests.claims.capturing.making import LONG, a_page

pytestmark = pytest.mark.django_db


def arrival(data: bytes, url: str = "", **said: str) -> Arrival:
    return Arrival(data=data, document=read(data, address=url), **({"source_type": "secondary"} | said))


def test_a_new_source_takes_from_its_page_what_nobody_said(editor: User) -> None:
    head = '<link rel="canonical" href="/fee"><meta property="article:published_time" content="2025-04-12">'
    data = a_page(*LONG, head=head, language="en-GB").encode()
    source = add_source(arrival(data, "http://gazette.example/x?utm_source=1"), by=editor).snapshot.source
    source.refresh_from_db()
    assert (source.title, source.slug, source.language, source.url, source.published_on, source.state) == (
        "The fee", "the-fee", "en", "http://gazette.example/fee", "2025-04-12", "draft",
    )  # fmt: skip
    assert [one.why for one in Revision.objects.filter(ref=source.ref)] == ["captured"] * 2


def test_a_new_source_is_what_an_editor_says(editor: User) -> None:
    said = {"title": "Die Ablöse", "language": "de", "url": "https://x.example/1", "source_type": "primary"}
    captured = add_source(arrival(a_page(*LONG).encode(), **said), by=editor)
    source = captured.snapshot.source
    assert {name: getattr(source, name) for name in said} == said


def test_a_title_in_another_script_gives_the_slug_of_its_host(editor: User) -> None:
    text = "ক্লাবটি খেলোয়াড়ের জন্য ৬ মিলিয়ন ডলার দিয়েছে বলে সোমবার জানিয়েছে পত্রিকাটি।"
    first = add_source(arrival(text.encode(), "https://www.gazette.example/1"), by=editor).snapshot.source
    second = add_source(arrival(f"{text}!".encode(), "https://gazette.example/2"), by=editor).snapshot.source
    assert (first.slug, second.slug) == ("gazette-example", "gazette-example-2")
    assert (first.title, first.language) == (text, "bn")


@pytest.mark.parametrize(
    ("stated", "language"), [("en-US", "en"), ("bn", "en"), ("", "en"), ("en-Latn-GB", "en-Latn")]
)
def test_the_text_says_its_language_and_the_page_how_it_is_written(
    editor: User, stated: str, language: str
) -> None:
    data = a_page(*LONG, language=stated).encode()
    assert add_source(arrival(data), by=editor).snapshot.source.language == language


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\u202eThe fee was paid\nin May.", "The fee was paid"),
        ("\u200fThe\tfee\u2069 was paid", "The fee was paid"),
        ("\u200e\u200f\n \t\nThe fee\u2028was paid", "The fee"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_title_that_nobody_said_is_cleaned_and_the_text_is_not(editor: User, text: str, title: str) -> None:
    snapshot = add_source(arrival(text.encode(), language="en"), by=editor).snapshot
    assert (snapshot.source.title, snapshot.text()) == (title, text)


def test_a_title_that_a_page_states_is_cleaned(editor: User) -> None:
    came = arrival(b"A text", language="en")
    stated = replace(came, document=replace(came.document, title="The \u202efee\x85 of 5"))
    assert add_source(stated, by=editor).snapshot.source.title == "The fee of 5"


def test_a_title_that_an_editor_says_is_refused_when_it_hides_something(editor: User) -> None:
    with pytest.raises(ValidationError, match="invisible direction control"):
        add_source(arrival(b"A text", title="The \u202efee", language="en"), by=editor)


def test_what_cannot_be_a_source_is_not_half_of_one(editor: User) -> None:
    with pytest.raises(ValidationError):
        add_source(arrival(b"A text", source_type="rumour", language="en"), by=editor)
    assert (Source.objects.count(), CaptureAttempt.objects.count()) == (0, 0)
