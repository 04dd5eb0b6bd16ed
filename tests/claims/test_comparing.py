"""Two bodies as a difference; three as one body, in which nothing that anybody did is lost."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from claims.comparing import Change, Merged, Outcome, compare, merge


def name(text: str, language: str = "en", role: str = "label") -> dict[str, str]:
    return {"text": text, "language": language, "role": role}


def evidence(source: str, exact: str = "", **changes: Any) -> dict[str, Any]:
    quote = {"exact": exact, "prefix": "", "suffix": "", "start": 0, "end": len(exact), "snapshot": "ab"}
    return {
        "source": source, "stance": "supports", "original_value": "", "quote": quote if exact else None,
        "locator": "", "note": {}, "drift": [],
    } | changes  # fmt: skip


BODY: dict[str, Any] = {
    "ref": "e0000000aa",
    "slug": "club",
    "description": {"en": "A club."},
    "names": [name("Club"), name("ক্লাব", "bn"), name("Old Club", role="alias")],
    "value": {"kind": "known", "amount": "1", "unit": "EUR", "comparator": "eq"},
    "evidence": [evidence("s1", "one"), evidence("s2", "two")],
    "pinned": ["c1", "c2"],
}


def changed(**parts: Any) -> dict[str, Any]:
    return deepcopy(BODY) | parts


def without(*places: int) -> list[dict[str, Any]]:
    return [one for place, one in enumerate(BODY["evidence"]) if place not in places]


# --- two ---------------------------------------------------------------------------------------------------------


def differing(new: dict[str, Any]) -> dict[str, Change]:
    return {part.name: part.change for part in compare(BODY, new) if part.differs}


def test_equal_bodies_do_not_differ() -> None:
    assert differing(deepcopy(BODY)) == {}


def test_a_language_is_compared_by_itself() -> None:
    (part,) = [
        one for one in compare(BODY, changed(description={"en": "A club.", "hi": "क्लब"})) if one.differs
    ]
    assert [(one.path, one.change) for one in part.parts if one.differs] == [
        (("description", "hi"), Change.ADDED)
    ]


def test_children_are_matched_by_what_they_are() -> None:
    moved = [evidence("s3", "three"), BODY["evidence"][1], BODY["evidence"][0] | {"note": {"en": "see"}}]
    (part,) = [one for one in compare(BODY, changed(evidence=moved)) if one.differs]
    assert [(one.new["source"], one.change) for one in part.parts] == [
        ("s3", Change.ADDED), ("s2", Change.SAME), ("s1", Change.CHANGED),
    ]  # fmt: skip


def test_a_child_that_is_gone_is_shown_where_it_stood() -> None:
    names = [BODY["names"][0], BODY["names"][2]]
    (part,) = [one for one in compare(BODY, changed(names=names)) if one.differs]
    assert [one.change for one in part.parts] == [Change.SAME, Change.REMOVED, Change.SAME]


def test_another_order_alone_is_a_change() -> None:
    assert differing(changed(evidence=BODY["evidence"][::-1])) == {"evidence": Change.CHANGED}


def test_nothing_is_nothing_however_it_is_written() -> None:
    assert differing(changed(note={}, rank_reason=None, url="")) == {}


def test_a_first_version_is_all_new() -> None:
    assert {part.change for part in compare(None, BODY)} == {Change.ADDED}


# --- three -------------------------------------------------------------------------------------------------------


def merged(theirs: dict[str, Any], mine: dict[str, Any], **choices: str) -> Merged:
    return merge(BODY, theirs, mine, choices)


def test_different_fields_go_together() -> None:
    found = merged(changed(slug="the-club"), changed(description={"en": "An old club."}))
    assert found.open == []
    assert (found.body["slug"], found.body["description"]) == ("the-club", {"en": "An old club."})
    assert {one.key: one.outcome for one in found.meetings} == {
        "slug": Outcome.THEIRS, "description.en": Outcome.MINE,
    }  # fmt: skip


def test_two_languages_of_one_text_go_together() -> None:
    found = merged(
        changed(description={"en": "A club.", "hi": "क्लब"}), changed(description={"en": "Old.", "bn": "ক্লাব"})
    )
    assert found.open == []
    assert found.body["description"] == {"en": "Old.", "hi": "क्लब", "bn": "ক্লাব"}


def test_the_same_field_has_to_be_chosen() -> None:
    theirs, mine = changed(slug="theirs"), changed(slug="mine")
    asked = merged(theirs, mine)
    assert asked.open == ["slug"]
    assert asked.body["slug"] == "mine"  # until it is chosen, nothing of mine is gone
    assert merged(theirs, mine, slug="theirs").body["slug"] == "theirs"
    assert merged(theirs, mine, slug="mine").open == []
    assert merged(theirs, mine, slug="neither").open == ["slug"]


def test_both_doing_the_same_is_no_conflict() -> None:
    found = merged(changed(slug="new"), changed(slug="new"))
    assert (found.open, found.body["slug"], found.meetings[0].outcome) == ([], "new", Outcome.AGREED)


def test_a_value_is_one_thing() -> None:
    """Theirs 2 EUR and my 1 USD must never become 2 USD."""
    theirs = changed(value=BODY["value"] | {"amount": "2"})
    mine = changed(value=BODY["value"] | {"unit": "USD"})
    assert merged(theirs, mine).open == ["value"]
    assert merged(theirs, mine, value="theirs").body["value"] == theirs["value"]


def test_two_notes_on_one_piece_of_evidence_conflict_there_alone() -> None:
    theirs = changed(
        evidence=[BODY["evidence"][0] | {"note": {"en": "a"}, "stance": "refutes"}, BODY["evidence"][1]]
    )
    mine = changed(evidence=[BODY["evidence"][0] | {"note": {"en": "b"}}, BODY["evidence"][1]])
    found = merged(theirs, mine)
    assert found.open == ["evidence.0.note.en"]
    assert found.body["evidence"][0] == BODY["evidence"][0] | {"note": {"en": "b"}, "stance": "refutes"}


def test_both_additions_stand_in_their_places() -> None:
    theirs = changed(evidence=[evidence("s3", "three"), *BODY["evidence"]])
    mine = changed(evidence=[*BODY["evidence"], evidence("s4", "four")])
    found = merged(theirs, mine)
    assert found.open == []
    assert [one["source"] for one in found.body["evidence"]] == ["s3", "s1", "s2", "s4"]


def test_the_same_addition_twice_stands_once() -> None:
    new = evidence("s3", "three")
    both = changed(evidence=[*BODY["evidence"], new])
    assert merged(both, deepcopy(both)).body["evidence"] == both["evidence"]


def test_two_labels_of_one_language_have_to_be_chosen() -> None:
    theirs = changed(names=[*BODY["names"], name("Câu lạc bộ", "vi")])
    mine = changed(names=[*BODY["names"], name("CLB", "vi")])
    (choice,) = merged(theirs, mine).choices
    assert (choice.key, choice.theirs, choice.mine) == ("names.new-3.text", "Câu lạc bộ", "CLB")
    kept = merge(BODY, theirs, mine, {choice.key: "theirs"}).body["names"]
    assert [one["text"] for one in kept] == ["Club", "ক্লাব", "Old Club", "Câu lạc bộ"]


def test_what_one_removed_goes_and_what_the_other_changed_meanwhile_is_asked() -> None:
    gone = changed(evidence=without(1))
    assert merged(gone, changed(slug="x")).body["evidence"] == without(1)
    touched = changed(evidence=[BODY["evidence"][0], BODY["evidence"][1] | {"locator": "page 9"}])
    assert merged(gone, touched).open == ["evidence.1"]
    assert merge(BODY, gone, touched, {"evidence.1": "mine"}).body["evidence"] == touched["evidence"]
    assert merge(BODY, gone, touched, {"evidence.1": "theirs"}).body["evidence"] == without(1)
    assert merged(gone, deepcopy(gone)).body["evidence"] == without(1)


def test_a_note_never_moves_to_another_quote() -> None:
    theirs = changed(
        evidence=[BODY["evidence"][0] | {"note": {"en": "on the first quote"}}, BODY["evidence"][1]]
    )
    mine = changed(evidence=[evidence("s1", "quite another", original_value="7"), BODY["evidence"][1]])
    found = merged(theirs, mine)
    assert found.open == ["evidence.0"]
    assert all(one["note"] == {} or one["quote"]["exact"] == "one" for one in found.body["evidence"])


def test_sets_take_what_both_put_in_and_lose_what_either_took_out() -> None:
    found = merged(changed(pinned=["c2", "c3"]), changed(pinned=["c1", "c2", "c4"]))
    assert (found.open, found.body["pinned"]) == ([], ["c2", "c3", "c4"])
    assert found.meetings[0].outcome == Outcome.TOGETHER


def test_an_order_is_kept_and_two_orders_are_asked() -> None:
    turned = changed(names=BODY["names"][::-1])
    assert merged(turned, changed(slug="x")).body["names"] == turned["names"]
    assert merged(changed(slug="x"), turned).body["names"] == turned["names"]
    other = changed(names=[BODY["names"][1], BODY["names"][0], BODY["names"][2]])
    assert merged(turned, other).open == ["names.order"]
    assert merge(BODY, turned, other, {"names.order": "theirs"}).body["names"] == turned["names"]
    assert merge(BODY, turned, other, {"names.order": "mine"}).body["names"] == other["names"]


@pytest.mark.parametrize("side", ["theirs", "mine"])
def test_one_side_for_everything_gives_that_side(side: str) -> None:
    theirs = changed(
        slug="theirs", description={"en": "Theirs."}, names=[name("Theirs"), *BODY["names"][1:]],
        evidence=[BODY["evidence"][0] | {"locator": "theirs"}, BODY["evidence"][1]],
    )  # fmt: skip
    mine = changed(
        slug="mine", description={"en": "Mine."}, names=[name("Mine"), *BODY["names"][1:]],
        evidence=[BODY["evidence"][0] | {"locator": "mine"}, BODY["evidence"][1]],
    )  # fmt: skip
    asked = merged(theirs, mine)
    assert len(asked.open) == 4
    assert merge(BODY, theirs, mine, dict.fromkeys(asked.open, side)).body == (
        theirs if side == "theirs" else mine
    )


def test_alone_each_side_comes_through_whole() -> None:
    mine = changed(
        slug="x", names=BODY["names"][:1], evidence=[evidence("s9", "nine")], pinned=[], value=None
    )
    assert merge(BODY, deepcopy(BODY), mine).body == mine
    assert merge(BODY, mine, deepcopy(BODY)).body == mine


def test_a_list_that_is_empty_and_one_that_is_not_there_say_the_same() -> None:
    for old, new in (({}, {"evidence": []}), ({"evidence": []}, None), (None, {"scope": [], "links": []})):
        assert not any(part.differs for part in compare(old, new))
