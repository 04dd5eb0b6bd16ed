"""Where a copy's evidence prints a claim's figure otherwise than its origin's, and what an editor makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions.claims import EvidenceDraft, save_claim
from claims.actions.drifting import Restated, accept_drift, drifted
from claims.models import Claim, Source
from claims.permissions import NotAllowed
from kb.lib import blobs
from kb.models import StaleVersion, State
from tests import building as build
from tests.roles import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def origin(db: None) -> Source:
    return build.a_source("origin")


@pytest.fixture
def copy(origin: Source) -> Source:
    return build.a_source("copy", derived_from=origin)


def claimed(origin: Source, copy: Source, theirs: str, own: str, **changes: Any) -> Claim:
    """A claim with both as evidence, each with the figure as it prints it."""
    evidence = [
        build.some_evidence(origin, original_value=theirs),
        build.some_evidence(copy, original_value=own),
    ]
    return build.a_claim(evidence=evidence, **changes)


@pytest.mark.parametrize(
    ("theirs", "own", "kinds", "relation"),
    [
        ("€1.6 billion", "€16 billion", ["separator"], "misreports"),
        ("€1.6 billion", "€ billion", ["digit-lost"], ""),
        ("€5.576 million", "€5.6 million", [], "rounds"),
        ("€6 million", "$6 million", ["unit"], "misreports"),
        ("€50 million", "€60 million", [], "misreports"),
        ("17 July 2023", "17 July 2024", ["date"], "misreports"),
    ],
)
def test_what_is_proposed(
    origin: Source, copy: Source, theirs: str, own: str, kinds: list[str], relation: str
) -> None:
    claim = claimed(origin, copy, theirs, own)
    (one,) = drifted(copy)
    assert (one.claim, one.origin.source, one.copy.source) == (claim, origin, copy)
    assert (list(one.kinds), one.relation) == (kinds, relation)
    assert drifted(origin) == []


@pytest.mark.parametrize("own", ["€1.6 billion", "€1,600 million", "much money"])
def test_the_same_figure_or_none_is_no_drift(origin: Source, copy: Source, own: str) -> None:
    claimed(origin, copy, "€1.6 billion", own)
    assert drifted(copy) == []


def test_sources_that_are_not_related_do_not_drift(origin: Source) -> None:
    other = build.a_source("other")
    claimed(origin, other, "€1.6 billion", "€16 billion")
    assert drifted(other) == []


def test_a_copy_of_a_copy_is_held_against_the_nearest(origin: Source, copy: Source) -> None:
    last = build.a_source("last", derived_from=copy)
    claim = claimed(origin, copy, "€1.6 billion", "€16 billion")
    evidence = [
        build.some_evidence(source, original_value=value)
        for source, value in ((origin, "€1.6 billion"), (copy, "€16 billion"), (last, "€16 billion"))
    ]
    build.a_claim(ref=claim.ref, expect=claim.version, subject=claim.subject, property=claim.property,
                  evidence=evidence)  # fmt: skip
    assert [one.copy.source for one in drifted(copy)] == [copy]
    assert drifted(last) == []


def test_the_quote_is_read_in_its_sentence(origin: Source) -> None:
    text = "Es kostete 1,6 Milliarden Euro im Jahr."
    copy = build.a_source("quoted", language="de", derived_from=origin, snapshots=[build.a_snapshot(text)])
    quote = build.a_quote(
        copy.snapshots.get(), text, "1,6 Milliarden Euro", prefix="kostete ", suffix=" im Jahr"
    )
    evidence = [
        build.some_evidence(origin, original_value="€1.6 billion a year"),
        build.some_evidence(copy, quote=quote, original_value="1,6 Milliarden Euro"),
    ]
    build.a_claim(evidence=evidence)
    assert drifted(copy) == []


def quoted(slug: str, text: str, words: str, **changes: Any) -> tuple[Source, EvidenceDraft]:
    """A source whose text is held, and evidence that quotes these words of it."""
    blobs.write(text.encode())
    source = build.a_source(slug, snapshots=[build.a_snapshot(text)], **changes)
    quote = build.a_quote(source.snapshots.get(), text, words)
    return source, build.some_evidence(source, quote=quote, original_value=words)


PART = "Auditors looked at the port. It owns 50,000 cranes, of which 10,000 are new."
SAID = "The port is dear: according to Meridian, it cost €731 million."


@pytest.mark.parametrize(
    ("theirs", "own", "words", "language", "found"),
    [
        (PART, "It owns 50,000 cranes, plus 10,000 new ones.", "10,000", "en",
         ("relation", "50,000 cranes, of which 10,000", "50,000 cranes, plus 10,000")),
        (PART, "Er besitzt 50.000 Kräne und 10.000 neue.", "10.000", "de",
         ("relation", "50,000 cranes, of which 10,000", "50.000 Kräne und 10.000")),
        (PART, "It owns 50,000 cranes, including 10,000 new ones.", "10,000", "en", None),
        (PART, "It owns 50,000 cranes. There are 10,000 new ones.", "10,000", "en", None),
        (PART, "It owns 60,000 cranes, plus 10,000 new ones.", "10,000", "en", None),  # beside something else
        (SAID, "It cost €731 million, Bloomberg said.", "€731 million", "en",
         ("attribution", "according to Meridian, it cost €731 million", "€731 million, Bloomberg said")),
        (SAID, "It cost €731 million, as Meridian says.", "€731 million", "en", None),
        (SAID, "It cost €731 million.", "€731 million", "en", None),
        (SAID, "Es kostete €731 Millionen, sagte Bloomberg.", "€731 Millionen", "de", None),  # another language
    ],
)  # fmt: skip
def test_what_the_sentence_says_of_the_figure(
    theirs: str, own: str, words: str, language: str, found: tuple[str, str, str] | None
) -> None:
    origin, first = quoted("origin", theirs, "10,000" if theirs == PART else "€731 million")
    copy, second = quoted("copy", own, words, language=language, derived_from=origin)
    build.a_claim(evidence=[first, second])
    told = [(list(one.kinds), one.restated, one.relation) for one in drifted(copy)]
    assert told == ([([found[0]], [Restated(*found)], "")] if found else [])


def test_a_figure_that_drifted_may_be_said_otherwise_too(editor: User) -> None:
    origin, first = quoted("origin", PART, "10,000")
    copy, second = quoted("copy", "It owns 50,000 cranes, plus 1,000 new ones.", "1,000", derived_from=origin)
    claim = build.a_claim(evidence=[first, second])
    (one,) = drifted(copy)
    assert (list(one.kinds), one.relation) == (["relation"], "misreports")
    accept_drift(claim, 1, ["relation"], by=editor, expect=claim.version)
    assert drifted(copy)[0].new_kinds == []


def test_queries_do_not_grow_with_the_claims(origin: Source, copy: Source) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            drifted(copy)
        return len(found)

    claimed(origin, copy, "€1.6 billion", "€16 billion")
    few = queries()
    for _ in range(5):
        claimed(origin, copy, "€1.6 billion", "€16 billion")
    assert queries() == few
    assert len(drifted(copy)) == 6


# Accepting ----------------------------------------------------------------------------------------------------


def test_accepting_notes_it_beside_what_is_noted(origin: Source, copy: Source, editor: User) -> None:
    claim = claimed(origin, copy, "€1.6 billion", "€16 billion")
    for kind in ("separator", "unit", "separator"):
        claim.refresh_from_db()
        claim = accept_drift(claim, 1, [kind], by=editor, expect=claim.version)
    assert [one.drift for one in claim.evidence.all()] == [[], ["separator", "unit"]]
    assert drifted(copy)[0].new_kinds == []


def test_accepting_is_an_edit_like_any_other(origin: Source, copy: Source, editor: User) -> None:
    claim = claimed(origin, copy, "€1.6 billion", "€16 billion")
    build.published(claim)
    claim.refresh_from_db()
    saved = accept_drift(claim, 1, ["separator"], by=member("contributor", "writer"), expect=claim.version)
    assert saved.state == State.DRAFT
    with pytest.raises(StaleVersion):
        accept_drift(claim, 1, ["unit"], by=editor, expect=claim.version)
    with pytest.raises(NotAllowed):
        accept_drift(saved, 1, ["unit"], by=User.objects.create_user("reader"), expect=saved.version)


@pytest.mark.parametrize(
    ("position", "kinds"), [(2, ["unit"]), (-1, ["unit"]), (1, ["rounded"]), (1, []), (1, ["theft"])]
)
def test_what_is_not_there_is_refused(
    origin: Source, copy: Source, editor: User, position: int, kinds: list[str]
) -> None:
    claim = claimed(origin, copy, "€1.6 billion", "€16 billion")
    with pytest.raises(ValidationError):
        accept_drift(claim, position, kinds, by=editor, expect=claim.version)
    assert Claim.objects.get().version == claim.version


def test_a_claim_of_its_own_is_asked_for_once(origin: Source, copy: Source) -> None:
    claim = claimed(origin, copy, "€50 million", "€60 million")
    assert not drifted(copy)[0].is_linked
    save_claim(
        build.a_draft(
            subject=claim.subject,
            property=claim.property,
            links=[("misreports", claim)],
            evidence=[build.some_evidence(copy, original_value="€60 million")],
        ),
        by=None,
    )
    assert drifted(copy)[0].is_linked
