"""Bodies with labels joined: what pages show and the API serves, in a fixed number of queries a call.

A stored body holds refs (see indexing); here every ref becomes a small object with a label in the reader's
language, and prose becomes text. `Said` is that text and knows which language it really is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from claims.ledger import read
from claims.ledger.indexing import references
from claims.ledger.read import AsOf, Thing
from kb.lib.prose import choose
from kb.lib.quantities import decimal_text, interval

Shape = dict[str, Any]
MOST_EVENTS = 2000
REMOVED = "—"  # stands for what was redacted, wherever an older version still refers to it
BLANK: dict[str, Shape] = {
    "entity": {"slug": "", "kind": "", "names": [{"text": REMOVED, "language": "", "role": "label"}]},
    "source": {
        **dict.fromkeys(("slug", "language", "url", "source_type"), ""),
        **dict.fromkeys(("publisher", "derived_from", "published_on")),
        "title": REMOVED,
    },
    "publisher": {"slug": "", "name": REMOVED, "reliability": ""},
    "property": {
        **dict.fromkeys(("slug", "data_type"), ""),
        **{part: {} for part in ("unit_label", "sentence")},
        "labels": {"": REMOVED},
        "event": False,
    },
    "scope-dimension": {"slug": "", "labels": {"": REMOVED}, "terms": []},
}


class Said(str):
    """Text chosen out of prose, with the language it is in."""

    language: str
    __slots__ = ("language",)

    @classmethod
    def of(cls, prose: dict[str, str], language: str) -> Said:
        text, tag = choose(prose, language)
        said = cls(text)
        said.language = tag
        return said


class Joined:
    """Joins labels as of one edition, in one language, and remembers what it has read."""

    def __init__(self, as_of: AsOf, language: str) -> None:
        self.as_of, self.language = as_of, language
        self._known: dict[str, Thing] = {}

    # Lists of one kind ------------------------------------------------------------------------------------

    def claims(self, things: Sequence[Thing]) -> list[Shape]:
        """Claims in the contract's shape; one that is gone is {"ref", "edition", "withdrawn": True, "op"}."""
        live = [thing for thing in things if not thing.gone]
        mentioned = {
            one.target_ref for thing in live for one in references("claim", thing.body) if one.role != "link"
        }
        self._fetch(mentioned)
        self._fetch(
            thing.body["publisher"]
            for ref in mentioned
            if (thing := self._known.get(ref)) is not None and thing.body.get("publisher")
        )
        disputes = self._disputes_of([thing.ref for thing in live])
        return [self._claim(thing, disputes.get(thing.ref, [])) for thing in things]

    def entities(self, things: Sequence[Thing]) -> list[Shape]:
        self._remember(things)
        return [self._entity(thing) for thing in things]

    def sources(self, things: Sequence[Thing]) -> list[Shape]:
        live = [thing for thing in things if not thing.gone]
        self._remember(live)
        self._fetch(
            ref for thing in live for ref in (thing.body["publisher"], thing.body["derived_from"]) if ref
        )
        return [self._source(thing) for thing in things]

    def disputes(self, things: Sequence[Thing]) -> list[Shape]:
        """Disputes with their members as joined claims; members that are gone by now are marked so."""
        refs = {member["claim"] for thing in things if not thing.gone for member in thing.body["members"]}
        members = read.things(refs, self.as_of)
        claims = {claim["ref"]: claim for claim in self.claims(list(members.values()))}
        return [self._dispute(thing, claims) for thing in things]

    def timelines(self, things: Sequence[Thing]) -> list[Shape]:
        return [self._gone(thing) if thing.gone else self._timeline(thing) for thing in things]

    def properties(self, things: Sequence[Thing]) -> list[Shape]:
        """Properties with their required scope dimensions named by slug."""
        live = [thing for thing in things if not thing.gone]
        self._fetch(ref for thing in live for ref in thing.body["required_scope"])
        return [self._gone(thing) if thing.gone else self._property(thing) for thing in things]

    def labels(self, refs: Iterable[str]) -> dict[str, Shape]:
        """Entities and properties by ref, as they stand inside other things; what is not published is left out."""
        wanted = set(refs)
        self._fetch(wanted)
        known = {ref: self._known[ref] for ref in wanted if ref in self._known and not self._known[ref].gone}
        return {
            ref: self._named(ref) if thing.kind == "entity" else self._property_of(thing)
            for ref, thing in known.items()
            if thing.kind in ("entity", "property")
        }

    def say(self, prose: dict[str, str]) -> Said:
        """Editors' prose in the reader's language."""
        return Said.of(prose, self.language)

    # What belongs to one thing ----------------------------------------------------------------------------

    def timeline_claims(self, timeline: Thing) -> list[Shape]:
        """The claims of a timeline's rule that have a time, earliest first, at most MOST_EVENTS."""
        body = timeline.body
        entities = read.same_as(body["rule"]["entities"], self.as_of)
        properties = body["rule"]["properties"]
        chosen = Q(subject__in=entities) | Q(value_entity__in=entities) if entities else Q()
        if properties:
            chosen &= Q(property__in=properties)
        if not entities and not properties:
            chosen = Q(ref__in=[])
        rows = (
            read.claims(self.as_of)
            .filter(chosen | Q(ref__in=body["pinned"]), has_time=True)
            .exclude(ref__in=body["excluded"])
            .exclude(rank="deprecated")
            .order_by("earliest", "latest", "ref")
        )
        return self.claims([Thing.of(row.record) for row in rows[:MOST_EVENTS]])

    def claims_about(self, entity_ref: str, limit: int) -> list[Shape]:
        """Claims whose subject the entity is, preferred first, then by how many origins stand behind them."""
        rows = (
            read.claims(self.as_of)
            .filter(subject__in=read.same_as([entity_ref], self.as_of))
            .exclude(rank="deprecated")
            .order_by("-rank", "-origins", "-sources", "ref")
        )
        return self.claims([Thing.of(row.record) for row in rows[:limit]])

    def claims_from(self, source_ref: str, limit: int) -> list[Shape]:
        """Claims that quote the source, in order of ref."""
        rows = (
            read.claims(self.as_of)
            .filter(ref__in=read.links(self.as_of).filter(role="source", target_ref=source_ref).values("ref"))
            .order_by("ref")
        )
        return self.claims([Thing.of(row.record) for row in rows[:limit]])

    def chain(self, source_ref: str) -> list[Shape]:
        """The source, the one it was derived from, and so on to the root."""
        refs = read.ancestry(source_ref, self.as_of)
        self._fetch(refs)
        found = (self._known.get(ref) for ref in refs)
        return self.sources([thing for thing in found if thing is not None and not thing.gone])

    def copies(self, source_ref: str, limit: int = 200) -> list[Shape]:
        """The sources derived from this one directly, in order of ref."""
        refs = read.links(self.as_of).filter(role="derived-from", target_ref=source_ref).order_by("ref")
        found = read.things(refs.values_list("ref", flat=True)[:limit], self.as_of)
        return self.sources([found[ref] for ref in sorted(found)])

    # Shapes -----------------------------------------------------------------------------------------------

    def _claim(self, thing: Thing, disputes: list[str]) -> Shape:
        if thing.gone:
            return self._gone(thing)
        body, derived = thing.body, thing.body["derived"]
        value = body["value"]
        return {
            "ref": thing.ref,
            "edition": thing.edition,
            "subject": self._named(body["subject"]),
            "property": self._property_named(body["property"]),
            "value": value
            | _bounds(value)
            | {
                "entity": self._named(value["entity"]) if value["entity"] else None,
                "text": self._say(value["text"]) if value["text"] else None,
            },
            "scope": [self._scope(one) for one in body["scope"]],
            **{key: body[key] for key in ("point_in_time", "valid_from", "valid_to")},
            "asserted_by": self._named(body["asserted_by"]) if body["asserted_by"] else None,
            **{key: body[key] for key in ("asserted_on", "mode", "method", "rank")},
            "rank_reason": self._say(body["rank_reason"]),
            "note": self._say(body["note"]),
            "links": body["links"],
            **{key: derived[key] for key in ("sources", "origins", "voices", "credibility", "grounds")},
            "disputes": disputes,
            "evidence": [
                self._evidence(one, behind)
                for one, behind in zip(body["evidence"], derived["evidence"], strict=True)
            ],
        }

    def _evidence(self, body: Shape, derived: Shape) -> Shape:
        source = self._body(body["source"])
        publisher = self._body(source["publisher"])["name"] if source["publisher"] else ""
        return {
            "source": {
                **{
                    key: source[key]
                    for key in ("ref", "slug", "title", "language", "published_on", "source_type")
                },
                "publisher": publisher,
                "address": source["url"],
                "origin": derived["origin"],
            },
            **{key: body[key] for key in ("stance", "original_value", "quote", "locator", "drift")},
            "quote_status": derived["quote"],
            "translation": self._say(body["translation"]),
            "figure_source": body["figure_source"],
            "note": self._say(body["note"]),
        }

    def _scope(self, one: Shape) -> Shape:
        dimension = self._body(one["dimension"])
        term = next((term for term in dimension["terms"] if term["slug"] == one["term"]), None)
        return {
            "dimension": dimension["slug"],
            "dimension_label": self._say(dimension["labels"]),
            "term": one["term"],
            "term_label": self._say(term["labels"]) if term else Said(one["term"]),
        }

    def _entity(self, thing: Thing) -> Shape:
        if thing.gone:
            return self._gone(thing)
        body = thing.body
        return self._named_of(thing) | {
            "edition": thing.edition,
            "description": self._say(body["description"]),
            "names": body["names"],
            "identifiers": body["identifiers"],
        }

    def _source(self, thing: Thing) -> Shape:
        if thing.gone:
            return self._gone(thing)
        body = thing.body
        publisher = self._body(body["publisher"]) if body["publisher"] else None
        parent = self._body(body["derived_from"]) if body["derived_from"] else None
        return {
            **{key: body[key] for key in ("ref", "slug", "title", "language")},
            "edition": thing.edition,
            "publisher": {key: publisher[key] for key in ("ref", "slug", "name", "reliability")}
            if publisher
            else None,
            "address": body["url"],
            **{
                key: body[key]
                for key in ("authors", "published_on", "source_type", "derivation", "identifiers")
            },
            "derived_from": {key: parent[key] for key in ("ref", "slug", "title")} if parent else None,
            "note": self._say(body["note"]),
            "snapshots": body["snapshots"],
        }

    def _dispute(self, thing: Thing, claims: dict[str, Shape]) -> Shape:
        if thing.gone:
            return self._gone(thing)
        body = thing.body
        return {
            **{key: body[key] for key in ("ref", "slug", "state")},
            "edition": thing.edition,
            **{key: self._say(body[key]) for key in ("question", "answer", "reason")},
            "members": [
                {"claim": claims[member["claim"]], "note": self._say(member["note"])}
                for member in body["members"]
                if "subject" in claims.get(member["claim"], {})
            ],
        }

    def _timeline(self, thing: Thing) -> Shape:
        body = thing.body
        return {
            **{key: body[key] for key in ("ref", "slug")},
            "edition": thing.edition,
            **{key: self._say(body[key]) for key in ("title", "description")},
            "eras": [{"label": self._say(era["label"]), "time": era["time"]} for era in body.get("eras", ())],
        }

    def _property(self, thing: Thing) -> Shape:
        body = thing.body
        return self._property_of(thing) | {
            "edition": thing.edition,
            "description": self._say(body["description"]),
            **{key: body[key] for key in ("unit_dimension", "subject_kinds", "functional")},
            "required_scope": [self._known[ref].body["slug"] for ref in body["required_scope"]],
        }

    def _named(self, ref: str) -> Shape:
        """An entity as it stands inside other things, under the name it was merged into."""
        thing = self._known[ref]
        while "merged_into" in thing.body:
            thing = self._known[thing.body["merged_into"]]
        return self._named_of(thing)

    def _named_of(self, thing: Thing) -> Shape:
        body = self._body(thing.ref)
        labels = {name["language"]: name["text"] for name in body["names"] if name["role"] == "label"}
        label = Said.of(labels, self.language)
        return {
            "ref": thing.ref,
            "slug": body["slug"],
            "kind": body["kind"],
            "label": label or Said(body["slug"]),
            "language": label.language,
        }

    def _property_named(self, ref: str) -> Shape:
        return self._property_of(self._known[ref])

    def _property_of(self, thing: Thing) -> Shape:
        body = thing.body if not thing.redacted else BLANK["property"]
        return {
            "ref": thing.ref,
            "slug": body["slug"],
            "label": self._say(body["labels"]) or Said(body["slug"]),
            **{key: self._say(body[key]) for key in ("unit_label", "sentence")},
            **{key: body[key] for key in ("data_type", "event")},
        }

    def _gone(self, thing: Thing) -> Shape:
        return {"ref": thing.ref, "edition": thing.edition, "withdrawn": True, "op": thing.op}

    def _body(self, ref: str) -> Shape:
        """The body of something referred to; a blank one where it was redacted since."""
        thing = self._known[ref]
        return thing.body if not thing.redacted else {"ref": ref} | BLANK[thing.kind]

    def _say(self, prose: dict[str, str]) -> Said:
        return Said.of(prose, self.language)

    # Reading ----------------------------------------------------------------------------------------------

    def _remember(self, things: Iterable[Thing]) -> None:
        self._known |= {thing.ref: thing for thing in things}

    def _fetch(self, refs: Iterable[str]) -> None:
        """Read what is not known yet: one query, and one more for each step of merges among it."""
        wanted = set(refs) - set(self._known)
        while wanted:
            found = read.things(wanted, self.as_of)
            self._remember(found.values())
            merged = {thing.body["merged_into"] for thing in found.values() if "merged_into" in thing.body}
            wanted = merged - set(self._known)

    def _disputes_of(self, claim_refs: Sequence[str]) -> dict[str, list[str]]:
        """Claim ref -> slugs of the published disputes it is a member of."""
        found: dict[str, list[str]] = {}
        members = read.links(self.as_of).filter(role="member", target_ref__in=claim_refs).order_by("ref")
        for claim, slug in members.values_list("target_ref", "record__thing__slug"):
            found.setdefault(claim, []).append(slug)
        return found


def _bounds(value: Shape) -> Shape:
    """What "about" means in figures, where the editors gave no bounds: half a unit of the last digit that counts."""
    if value["comparator"] != "approx" or value["lower_bound"] is not None:
        return {}
    known = interval("approx", value["amount"])
    return {
        name: decimal_text(bound)
        for name, bound in (("lower_bound", known.lower), ("upper_bound", known.upper))
        if bound is not None
    }
