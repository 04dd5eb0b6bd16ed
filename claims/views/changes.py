"""What editions changed, for people: each change named, with what it said before and what it says since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from claims.comparing import compare
from claims.differences import SILENT, changed_parts, recounted, refs_in
from claims.ledger import read
from claims.ledger.joining import REMOVED
from claims.ledger.models import Record
from claims.ledger.read import Thing
from claims.ledger.remembering import Remembering
from claims.sidebyside import Comparison, Words, comparison
from claims.views.kinds import KIND_BY_CODE
from claims.views.reading import Reading
from claims.wording import sentence
from kb.lib.refs import is_ref

Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an edition printed. `before` and `after` are sentences, for claims only."""

    thing: Thing
    name: str
    address: str  # of its page, empty for kinds that have none
    before: str
    after: str
    comparison: Comparison | None  # with the version before, where there is one
    words: Sequence[str]  # what the machine recounted

    @property
    def reworded(self) -> bool:
        return bool(self.before) and self.before != self.after


def changes(reading: Reading, things: Sequence[Thing]) -> list[Change]:
    """Each of `things` beside the version it replaced, in the order given. A fixed number of queries."""
    earlier = _replaced(things)
    return compared(reading, [(thing, earlier.get((thing.ref, thing.edition))) for thing in things])


def compared(reading: Reading, pairs: Sequence[tuple[Thing, Thing | None]]) -> list[Change]:
    """Each thing beside an earlier version of it, if it has one. A fixed number of queries."""
    memory = Remembering(reading.as_of, reading.language)
    versions = [one for pair in pairs for one in pair if one is not None and not one.gone]
    words = _words(memory, versions, reading)
    said = _sentences(memory, versions, reading.language)
    return [_change(thing, before, words, said) for thing, before in pairs]


def history(versions: Sequence[Thing]) -> list[Shape]:
    """The versions of one thing, newest first, each with what it changed in words."""
    rows = []
    for place, version in enumerate(versions):
        before = versions[place + 1] if place + 1 < len(versions) else None
        words: list[str] = []
        if before is not None and not version.gone and not before.gone:
            words = [*changed_parts(before.body, version.body), *recounted(before.body, version.body)]
        rows.append({"version": version, "words": words})
    return rows


def _replaced(things: Sequence[Thing]) -> dict[tuple[str, int], Thing]:
    """By (ref, edition of the successor): the versions that `things` replaced."""
    rows = Record.objects.filter(
        ref__in={thing.ref for thing in things}, edition_to__in={thing.edition for thing in things}
    )
    return {(row.ref, row.edition_to): Thing.of(row) for row in rows}


def _change(thing: Thing, before: Thing | None, words: Words, said: dict[tuple[str, int], str]) -> Change:
    compared = before is not None and not before.gone and not thing.gone
    old = before.body if before is not None and compared else None
    then = said.get((before.ref, before.edition), "") if before is not None else ""
    now = said.get((thing.ref, thing.edition), "")
    return Change(
        thing=thing,
        name=now or then or words.labels.get(thing.ref, REMOVED),
        address=_address(thing, before),
        before=then if thing.kind == "claim" else "",
        after=now if thing.kind == "claim" else "",
        comparison=comparison(compare(old, thing.body), words.about(thing.body)) if compared else None,
        words=recounted(old, thing.body) if compared and thing.kind == "claim" else (),
    )


def _words(memory: Remembering, versions: Iterable[Thing], reading: Reading) -> Words:
    """What all that the versions name is called, in readers' words: without hashes and offsets."""
    refs = {ref for version in versions for ref in [version.ref, *refs_in(version.body)]}
    claims = {ref for ref in refs if is_ref(ref, "claim")}
    own = {version.ref for version in versions if version.kind == "claim"}
    others = read.last_said(claims - own, reading.as_of)
    labels = memory.called(refs - claims) | {
        ref: text for (ref, _edition), text in _sentences(memory, others.values(), reading.language).items()
    }
    return Words(
        language=reading.language,
        labels=labels,
        terms=memory.terms(refs),
        nouns=memory.nouns(refs),
        silent=SILENT,
        exact=False,
    )


def _sentences(memory: Remembering, versions: Iterable[Thing], language: str) -> dict[tuple[str, int], str]:
    """By (ref, edition): what each version of a claim says."""
    claims = [one for one in versions if one.kind == "claim" and not one.gone]
    return {(shape["ref"], shape["edition"]): sentence(shape, language) for shape in memory.claims(claims)}


def _address(thing: Thing, before: Thing | None) -> str:
    """The page of a thing; empty for kinds that have none."""
    body = (before.body if before is not None and not before.gone else {}) | thing.body
    match thing.kind:
        case "claim" | "source":
            return reverse(f"claims:{thing.kind}", args=[thing.ref])
        case "dispute" | "timeline" | "property":
            return reverse(f"claims:{thing.kind}", args=[body.get("slug") or thing.ref])
        case "page":
            return reverse("page", args=[body.get("slug") or thing.ref])
        case "entity" if body.get("kind") in KIND_BY_CODE:
            return reverse(f"claims:{body['kind']}", args=[body["slug"]])
    return ""
