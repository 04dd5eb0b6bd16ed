"""Joining labels of what may be gone by now, for old versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from claims.ledger import read
from claims.ledger.joining import REMOVED, Joined
from claims.ledger.read import Thing


class Remembering(Joined):
    """Joins labels of what may be gone by now: each thing as it last spoke up to the edition.

    For old versions, which refer to things that were withdrawn since.
    """

    def _fetch(self, refs: Iterable[str]) -> None:
        wanted = set(refs) - set(self._known)
        while wanted:
            found = read.last_said(wanted, self.as_of)
            self._remember(found.values())
            merged = {thing.body["merged_into"] for thing in found.values() if "merged_into" in thing.body}
            wanted = merged - set(self._known)

    def called(self, refs: Iterable[str]) -> dict[str, str]:
        """What each ref is called, in the reader's language; claims are left to `claims`."""
        wanted = set(refs)
        self._fetch(wanted)
        return {ref: self._called(self._known[ref]) for ref in wanted if ref in self._known}

    def terms(self, refs: Iterable[str]) -> dict[tuple[str, str], str]:
        """What the terms of those scope dimensions are called that `called` has read, by dimension and slug."""
        return {
            (ref, term["slug"]): self._say(term["labels"]) or str(term["slug"])
            for ref, body in self._bodies(refs, "scope-dimension")
            for term in body["terms"]
        }

    def nouns(self, refs: Iterable[str]) -> dict[str, dict[str, str]]:
        """What those properties count that `called` has read."""
        return {ref: body["unit_label"] for ref, body in self._bodies(refs, "property")}

    def _bodies(self, refs: Iterable[str], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for ref in refs:
            thing = self._known.get(ref)
            if thing is not None and thing.kind == kind and thing.text and not thing.redacted:
                yield ref, thing.body

    def _called(self, thing: Thing) -> str:
        if thing.kind == "entity":
            return str(self._named(thing.ref)["label"])
        body = thing.body if thing.text and not thing.redacted else {}
        for part in ("labels", "question", "title"):
            if isinstance(body.get(part), dict):
                return self._say(body[part]) or str(body["slug"])
        return str(body.get("title") or body.get("name") or REMOVED)
