"""What an heir holds only because others were merged into it, read from the desk's history."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from claims.models import Judgement, Verdict
from companies.models import Entity
from kb.models import Revision

Body = dict[str, Any]
Key = tuple[str, ...]  # of a name ("name", text, language), of an identifier ("identifier", scheme, value)


def keys_in(body: Body) -> set[Key]:
    """The names and identifiers of an entity's body. A name is the same whatever its role."""
    names = {("name", one["text"], one["language"]) for one in body.get("names", ())}
    return names | {("identifier", one["scheme"], one["value"]) for one in body.get("identifiers", ())}


def keys_of(entity: Entity) -> set[Key]:
    """Those of an entity as it stands; of a merged one, as it stood, with what it had taken over itself."""
    names = {("name", one.text, one.language) for one in entity.names.all()}
    return names | {("identifier", one.scheme, one.value) for one in entity.identifiers.all()}


def acquired(heir: Entity) -> set[Key]:
    """What the heir has by merges and never had of its own since: whoever entered it anew made it the heir's own."""
    merges, beginnings = dict(_merges_into(heir)), _beginnings(heir)
    return {key for key, number in beginnings.items() if key in merges.get(number, ())}


def _beginnings(heir: Entity) -> dict[Key, int]:
    """The revision since which the heir has had each key without a break, the time it was merged itself left out."""
    since: dict[Key, int] = {}
    for revision in Revision.objects.filter(kind=Entity.KIND, ref=heir.ref).order_by("version"):
        body = _body(revision)
        if "names" in body:
            since = {key: since.get(key, revision.pk) for key in keys_in(body)}
    return since


def _merges_into(heir: Entity) -> Iterator[tuple[int, set[Key]]]:
    """Each merge that ever was: the heir's revision that followed on it, and what the merged entry had."""
    heirs = list(
        Revision.objects.filter(kind=Entity.KIND, ref=heir.ref).order_by("pk").values_list("pk", flat=True)
    )
    for merged, had in _goings(_once_same(heir), heir):
        following = next((number for number in heirs if number > merged), None)
        if following is not None:
            yield following, had


def _once_same(heir: Entity) -> set[str]:
    """The refs of all that was ever judged the same as the heir: every merge is judged so."""
    pairs = Judgement.objects.of([heir]).filter(verdict=Verdict.SAME)
    return {ref for pair in pairs.values_list("first__ref", "second__ref") for ref in pair} - {heir.ref}


def _goings(refs: Iterable[str], heir: Entity) -> Iterator[tuple[int, set[Key]]]:
    """The revisions by which entries went into the heir, and what they had before."""
    before: Body = {}
    for revision in Revision.objects.filter(kind=Entity.KIND, ref__in=list(refs)).order_by("ref", "version"):
        body = _body(revision)
        if revision.version > 1 and body.get("merged_into") == heir.ref and "merged_into" not in before:
            yield revision.pk, keys_in(before)
        before = body


def _body(revision: Revision) -> Body:
    """The body as it was; nothing where it was redacted."""
    body: Body = json.loads(revision.body or "{}")
    return body
