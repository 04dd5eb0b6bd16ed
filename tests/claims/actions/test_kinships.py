"""Judging suspected copies: what is derived on the desk, what publishing counts then, who may, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims import press
from claims.actions.approvals import approve
from claims.actions.kinships import confirm, from_third, leave_open, reject
from claims.actions.publishing import publish_seen
from claims.ledger.models import OPEN, Edition, Link, Reason, Record
from claims.models import Claim, Kinship, Source
from claims.permissions import NotAllowed
from kb.models import Revision, State
from tests import building as build
from tests.claims.kin import a_pair, a_reading, story
from tests.claims.printed import derived_part
from tests.roles import ROLES, member

pytestmark = pytest.mark.django_db


def witnessed(*sources: Source) -> Claim:
    """A published claim that rests on these sources."""
    claim = build.a_claim(evidence=[build.some_evidence(one) for one in sources])
    build.published(claim)
    for one in sources:
        one.refresh_from_db()
    return claim


def counted(claim: Claim) -> tuple[int, int]:
    derived = derived_part(claim)
    return derived["sources"], derived["origins"]


def print_it(source: Source, *, first: User, second: User) -> list[Edition]:
    """Have a second person approve the source and publish it; the editions that this printed."""
    before = set(Edition.objects.values_list("number", flat=True))
    source.refresh_from_db()
    approve(source, by=second, expect=source.version)
    source.refresh_from_db()
    publish_seen({source.ref: source.version}, by=first, reason=Reason.UPDATE, note={})
    return list(Edition.objects.exclude(number__in=before).order_by("number"))


# Confirming ---------------------------------------------------------------------------------------------------


def test_confirming_derives_the_copy_and_waits_for_publication(editor: User) -> None:
    pair = a_pair()
    claim = witnessed(pair.first, pair.second)
    derived = confirm(pair, copy=pair.second, derivation="translation", by=editor, why="Line by line.")
    assert (derived.derived_from, derived.derivation) == (pair.first, "translation")
    assert derived.state == State.IN_REVIEW
    pair.refresh_from_db()
    assert (pair.judged, pair.judged_by, pair.reason) == ("confirmed", editor, "Line by line.")
    assert counted(claim) == (2, 2)
    revision = Revision.objects.filter(ref=derived.ref).latest("version")
    assert (revision.by, revision.why) == (editor, "derived from first: Line by line.")


def test_publishing_it_recounts_in_one_edition_of_reason_source_changed(
    editor: User, colleague: User
) -> None:
    pair = a_pair()
    claims = [witnessed(pair.first, pair.second) for _ in range(2)]
    untouched = witnessed(pair.first)
    derived = confirm(pair, copy=pair.second, derivation="translation", by=editor)
    printed = print_it(derived, first=editor, second=colleague)
    assert [one.reason for one in printed] == [Reason.UPDATE, Reason.SOURCE_CHANGED]
    assert [counted(claim) for claim in claims] == [(2, 1), (2, 1)]
    assert counted(untouched) == (1, 1)
    reprinted = set(Record.objects.filter(edition_from=printed[1].number).values_list("ref", flat=True))
    assert reprinted == {claim.ref for claim in claims}


def test_the_seeds_from_capture_to_counts(editor: User, colleague: User, shared: Path) -> None:
    """Four articles in three languages say one thing: four sources, and in the end two origins."""
    texts = {path.name[:3]: path.read_bytes().decode() for path in (shared / "seeds").glob("*.txt")}
    sources = {name: a_reading(f"seed-{name}", texts[name]) for name in ("000", "001", "003", "002")}
    claim = witnessed(*sources.values())
    assert counted(claim) == (4, 4)
    for first, second in (("000", "001"), ("001", "003")):
        pair = Kinship.objects.get(first=sources[first], second=sources[second])
        # 000 lost digits that 001 has; of 001 and 003 the editor takes 003 for the origin
        copy = confirm(pair, copy=pair.first, derivation="translation", by=editor)
        print_it(copy, first=editor, second=colleague)
    assert counted(claim) == (4, 2)
    roots = {one["origin"] for one in derived_part(claim)["evidence"]}
    assert roots == {sources["003"].ref, sources["002"].ref}
    assert not Kinship.objects.waiting().exists()


def test_what_follows_between_others_of_the_family_is_confirmed_with_it(editor: User) -> None:
    origin = a_reading("first", story("wind", "en", "origin"))
    for slug, language in (("second", "de"), ("third", "ru")):
        a_reading(slug, story("wind", language))
    assert Kinship.objects.waiting().count() == 3
    for other in ("second", "third"):
        pair = Kinship.objects.get(first=origin, second__slug=other)
        confirm(pair, copy=pair.second, derivation="translation", by=editor)
    last = Kinship.objects.get(first__slug="second", second__slug="third")
    assert (last.judged, last.judged_by) == ("confirmed", editor)
    assert last.reason


def test_a_draft_stays_a_draft(editor: User) -> None:
    pair = a_pair()
    assert confirm(pair, copy=pair.second, derivation="copy", by=editor).state == State.DRAFT


def test_a_link_that_is_there_already_is_only_noted(editor: User) -> None:
    pair = a_pair()
    build.a_source("second", ref=pair.second.ref, language="de", derived_from=pair.first)
    version = Source.objects.get(pk=pair.second.pk).version
    confirm(pair, copy=pair.second, derivation="translation", by=editor)
    assert Source.objects.get(pk=pair.second.pk).version == version
    assert Kinship.objects.get().judged == "confirmed"


# A third ------------------------------------------------------------------------------------------------------


def test_both_may_come_from_a_third(editor: User, colleague: User) -> None:
    pair, third = a_pair(), build.a_source("third")
    claim = witnessed(pair.first, pair.second)
    build.published(third)
    both = from_third(pair, origin=third, derivation="translation", by=editor)
    assert [one.derived_from for one in both] == [third, third]
    for one in both:
        print_it(one, first=editor, second=colleague)
    assert counted(claim) == (2, 1)
    assert Link.objects.filter(role="derived-from", target_ref=third.ref, edition_to=OPEN).count() == 2


def test_what_a_third_explains_is_not_rejected_before_one_is_taken_off_it(editor: User) -> None:
    pair, third = a_pair(), build.a_source("third")
    from_third(pair, origin=third, derivation="translation", by=editor)
    with pytest.raises(ValidationError, match="take that off one of them first"):
        reject(pair, by=editor, why="Both were at the press conference.")
    build.a_source("first", ref=pair.first.ref)
    reject(pair, by=editor, why="Both were at the press conference.")
    assert Kinship.objects.get().judged == "rejected"


@pytest.mark.parametrize("why", ["a\0b", "a \u202e b", "x" * 100_000])
def test_a_hostile_reason_is_refused_with_words(editor: User, why: str) -> None:
    pair = a_pair()
    with pytest.raises(ValidationError) as refused:
        reject(pair, by=editor, why=why)
    assert all(refused.value.messages)
    assert Kinship.objects.get().judged == "open"


def test_the_third_is_none_of_the_two(editor: User) -> None:
    pair = a_pair()
    with pytest.raises(ValidationError, match="none of the two"):
        from_third(pair, origin=pair.first, derivation="copy", by=editor)


def test_of_a_third_both_are_derived_or_none(editor: User) -> None:
    pair, third, other = a_pair(), build.a_source("third"), build.a_source("other")
    build.a_source("second", ref=pair.second.ref, language="de", derived_from=other)
    with pytest.raises(ValidationError, match="is derived from “Other” already"):
        from_third(pair, origin=third, derivation="copy", by=editor)
    assert Source.objects.get(pk=pair.first.pk).derived_from is None


# Refused ------------------------------------------------------------------------------------------------------


def test_a_circle_is_refused_with_the_way_out(editor: User) -> None:
    pair = a_pair()
    build.a_source("first", ref=pair.first.ref, derived_from=pair.second)
    with pytest.raises(ValidationError) as refused:
        confirm(pair, copy=pair.second, derivation="copy", by=editor)
    assert refused.value.messages == [
        "“First” is derived from “Second” itself: both ways would run in a circle. Choose “First” as the copy."
    ]
    assert Kinship.objects.get().judged == "open"


def test_a_copy_of_something_else_is_not_taken_over(editor: User) -> None:
    pair, other = a_pair(), build.a_source("other")
    build.a_source("second", ref=pair.second.ref, language="de", derived_from=other)
    with pytest.raises(ValidationError, match="is derived from “Other” already"):
        confirm(pair, copy=pair.second, derivation="copy", by=editor)


@pytest.mark.parametrize("aside", ["first", "second"])
def test_nothing_is_derived_of_what_was_put_aside(editor: User, aside: str) -> None:
    pair = a_pair()
    Source.objects.filter(slug=aside).update(state="discarded")
    with pytest.raises(ValidationError, match="was put aside"):
        confirm(pair, copy=pair.second, derivation="copy", by=editor)


def test_another_source_and_another_word_are_refused(editor: User) -> None:
    pair = a_pair()
    with pytest.raises(ValidationError, match="one of the two"):
        confirm(pair, copy=build.a_source(), derivation="copy", by=editor)
    with pytest.raises(ValidationError, match="Say how the copy came from it"):
        confirm(pair, copy=pair.second, derivation="theft", by=editor)


def test_what_is_confirmed_is_not_confirmed_again(editor: User) -> None:
    pair = a_pair()
    confirm(pair, copy=pair.second, derivation="copy", by=editor)
    for judge in (
        lambda: confirm(pair, copy=pair.first, derivation="copy", by=editor),
        lambda: leave_open(pair, by=editor),
    ):
        with pytest.raises(ValidationError, match="confirmed already"):
            judge()


# Rejecting ----------------------------------------------------------------------------------------------------


def test_rejecting_needs_a_reason_and_is_remembered(editor: User) -> None:
    pair = a_pair()
    with pytest.raises(ValidationError, match="Say why neither"):
        reject(pair, by=editor, why=" ")
    reject(pair, by=editor, why="Two reporters in one room.")
    assert not Kinship.objects.waiting().exists()
    with pytest.raises(ValidationError, match="rejected already"):
        reject(pair, by=editor, why="Once more.")


def test_rejecting_what_was_confirmed_takes_the_link_off_and_the_counts_follow(
    editor: User, colleague: User
) -> None:
    pair = a_pair()
    claim = witnessed(pair.first, pair.second)
    derived = confirm(pair, copy=pair.second, derivation="translation", by=editor)
    print_it(derived, first=editor, second=colleague)
    assert counted(claim) == (2, 1)
    reject(pair, by=editor, why="The other one is older.")
    derived.refresh_from_db()
    assert (derived.derived_from, derived.derivation) == (None, "")
    printed = print_it(derived, first=editor, second=colleague)
    assert printed[-1].reason == Reason.SOURCE_CHANGED
    assert counted(claim) == (2, 2)


# Who may ------------------------------------------------------------------------------------------------------

Judging = Callable[[Kinship, User], object]
JUDGEMENTS: dict[str, Judging] = {
    "confirm": lambda pair, by: confirm(pair, copy=pair.second, derivation="copy", by=by),
    "from_third": lambda pair, by: from_third(pair, origin=build.a_source(), derivation="copy", by=by),
    "reject": lambda pair, by: reject(pair, by=by, why="No."),
    "leave_open": lambda pair, by: leave_open(pair, by=by),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", JUDGEMENTS)
def test_editors_and_those_above_judge_and_nobody_else(deed: str, role: str) -> None:
    pair, by = a_pair(), member(role, "somebody")
    if role in ("partner", "contributor"):
        with pytest.raises(NotAllowed):
            JUDGEMENTS[deed](pair, by)
        assert Kinship.objects.get().judged == "open"
        assert not Source.objects.exclude(derived_from=None).exists()
    else:
        JUDGEMENTS[deed](pair, by)
        assert Kinship.objects.get().judged != "open"


@pytest.mark.parametrize("deed", JUDGEMENTS)
def test_a_stranger_judges_nothing(deed: str) -> None:
    pair = a_pair()
    with pytest.raises(NotAllowed):
        JUDGEMENTS[deed](pair, User.objects.create_user("reader"))


def test_who_confirms_does_not_approve_it(editor: User) -> None:
    pair = a_pair()
    witnessed(pair.first, pair.second)
    derived = confirm(pair, copy=pair.second, derivation="translation", by=editor)
    with pytest.raises(ValidationError, match="somebody else approves"):
        approve(derived, by=editor, expect=derived.version)
    assert press.writers(derived) == {editor.pk}
