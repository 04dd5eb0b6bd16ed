"""Two who changed one thing: what both did goes together, and what both did differently is chosen field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from claims.actions.bodies import save_body
from claims.admin.sidebyside import words_of
from claims.comparing import Meeting, Merged, Outcome, merge
from claims.differences import part_name
from claims.sidebyside import Words, marked, place
from kb.admin import How, Save, faults_of
from kb.models import Revision, Root, StaleVersion

Body = dict[str, Any]
SETTLE: Final = "_settle"  # the button that saves what was chosen
SEEN: Final = "their_version"  # the version that the choices were made against
CHOICE: Final = "choice."  # and the key of a meeting: "theirs" or "mine"
CONFLICT: Final = "desk_conflict"  # in a request's __dict__: the conflict, for the page to show


@dataclass(frozen=True)
class Choice:
    """One field that both changed."""

    name: str
    title: str
    base: str
    theirs: SafeString
    mine: SafeString
    chosen: str


@dataclass(frozen=True)
class Joined:
    """One field that goes together by itself, and who changed it."""

    title: str
    outcome: Outcome
    old: SafeString
    new: SafeString


@dataclass(frozen=True)
class Conflict:
    """A refused save, ready to be settled."""

    base: int
    theirs: int
    choices: Sequence[Choice]
    joined: Sequence[Joined]
    mine_is_empty: bool  # nothing in the form differs from what its editor read
    faults: Sequence[str] = ()


def settle(request: HttpRequest, stale: StaleVersion, save: Save, how: How) -> Root:
    """Save both changes as one, if the form says how; else leave the conflict in the request and refuse.

    The form's own text is first saved as if it came alone, and taken back: so mine is exactly what its action makes
    of it, refused fields included. Raises StaleVersion; ValidationError.
    """
    base, theirs = _bodies(stale)
    if not base or not theirs:
        raise stale
    mine = _as_it_would_be(save, how)
    choices = chosen_in(request.POST)
    merged = merge(base, theirs, mine, choices)
    wanted = SETTLE in request.POST and request.POST.get(SEEN) == str(stale.root.version)
    faults: list[str] = []
    if wanted and not merged.open:
        try:
            return save_body(
                stale.root.KIND, merged.body, by=how["by"], why=how["why"], expect=stale.root.version,
                state=how["state"],
            )  # fmt: skip
        except ValidationError as fault:
            faults = _sentences(fault)
    elif wanted:
        faults = [_("Choose one side for every field below that both changed.")]
    request.__dict__[CONFLICT] = conflict(stale, (base, theirs, mine), merged, choices, faults)
    raise stale


def chosen_in(data: Mapping[str, Any]) -> dict[str, str]:
    """The choices that a form holds, by the key of their meeting."""
    return {name.removeprefix(CHOICE): str(data[name]) for name in data if name.startswith(CHOICE)}


def _bodies(stale: StaleVersion) -> tuple[Body, Body]:
    """What the form was read from, and what stands now."""
    root = stale.root
    rows = Revision.objects.filter(kind=root.KIND, ref=root.ref, version__in=(stale.expected, root.version))
    bodies = {version: json.loads(body) for version, body in rows.values_list("version", "body") if body}
    return bodies.get(stale.expected, {}), bodies.get(root.version, {})


def _as_it_would_be(save: Save, how: How) -> Body:
    """The body that the form alone would give; nothing of it stays."""
    with transaction.atomic():
        body = save(how=How(**{**how, "expect": None})).body()
        transaction.set_rollback(True)
    return body


def conflict(
    stale: StaleVersion,
    bodies: tuple[Body, Body, Body],
    merged: Merged,
    choices: Mapping[str, str],
    faults: Sequence[str] = (),
) -> Conflict:
    base, _theirs, mine = bodies
    words = words_of(bodies)
    meetings = sorted(merged.meetings, key=lambda one: place(one.path[0]))
    return Conflict(
        base=stale.expected,
        theirs=stale.root.version,
        choices=[_choice(one, words, choices) for one in meetings if one.outcome == Outcome.CHOICE],
        joined=[_joined(one, words) for one in meetings if one.outcome != Outcome.CHOICE],
        mine_is_empty=mine == base,
        faults=faults,
    )


def _choice(one: Meeting, words: Words, choices: Mapping[str, str]) -> Choice:
    base, theirs, mine = (
        words.text(one.path, value, one.around) for value in (one.base, one.theirs, one.mine)
    )
    return Choice(
        name=f"{CHOICE}{one.key}",
        title=words.where(one),
        base=base,
        theirs=marked(base, theirs)[1],
        mine=marked(base, mine)[1],
        chosen=choices.get(one.key, ""),
    )


def _joined(one: Meeting, words: Words) -> Joined:
    new = one.theirs if one.outcome == Outcome.THEIRS else one.mine
    if one.outcome == Outcome.TOGETHER:
        new = [*one.theirs, *(each for each in one.mine if each not in one.theirs)]
    old_words, new_words = (words.text(one.path, value, one.around) for value in (one.base, new))
    return Joined(words.where(one), one.outcome, *marked(old_words, new_words))


def _sentences(fault: ValidationError) -> list[str]:
    """A refusal in sentences that name the part by the word that people use for it."""
    return [
        f"{part_name(path.partition('.')[0])}: {line}" if path else line
        for path, lines in faults_of(fault).items()
        for line in lines
    ]
