"""Things at the versions that somebody looked at, locked together for one deed on all of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError

from claims import press
from kb.lib.refs import kind_of
from kb.models import Root, StaleVersion

Seen = Mapping[str, int]  # ref -> the version that was looked at


class Moved(ValidationError):
    """Some of them have changed since they were looked at; each is named. Nothing was written."""


def locked(seen: Seen) -> list[Root]:
    """The roots under the refs of `seen`, locked in the order of their refs. Raises Moved."""
    roots, moved = list[Root](), list[str]()
    for ref, version in sorted(seen.items()):
        try:
            roots.append(press.ROOTS[kind_of(ref) or ""].locked(ref, expect=version))
        except StaleVersion as stale:
            moved.append(str(stale))
    if moved:
        raise Moved(moved)
    return roots
