"""What the press adds to a claim's body: counts of sources, origins and voices, the grade, the state of quotes.

It is computed from what is published, with what the same edition prints laid over it, and stands outside the
approval (ADR 6): when something it rests on changes, `concerned` names the claims to recount.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from claims.grading import Origin, Standing, grade
from claims.ledger.models import GONE, OPEN, Link, Record
from claims.ledger.upcast import upcast
from claims.lineage.origins import Counts, Witness, count
from claims.models import Snapshot
from kb.lib import blobs

Body = dict[str, Any]
# What a claim's derived part takes from other kinds of things, and nothing else of them.
RESTS_ON = {
    "source": ("derived_from", "publisher", "source_type"),
    "publisher": ("reliability",),
    "dispute": ("state", "members"),
}


def derive(bodies: Mapping[str, Body], fresh: Mapping[str, Body]) -> list[tuple[str, Body]]:
    """Each claim body with its `derived` part; `fresh` has the bodies of all that the edition prints, by ref.

    `derived` = {sources, origins, voices, credibility, grounds, evidence: [{origin, quote}]}, the last one parallel
    to the evidence. The number of queries does not depend on how many bodies there are.
    """
    named = {
        ref
        for body in bodies.values()
        for evidence in body["evidence"]
        for ref in (evidence["source"], evidence["figure_source"])
        if ref
    }
    parents = _ancestry(named, fresh)
    counted = {ref: _counted(body, parents) for ref, body in bodies.items()}
    origins = _origins({one for counts in counted.values() for one in counts.origin_of}, fresh)
    contested = _contested(set(bodies), fresh)
    quotes = _quote_states(named)
    result = []
    for ref, body in bodies.items():
        counts = counted[ref]
        standing = _standing(body, counts, origins, is_contested=ref in contested)
        given = grade(standing)
        derived = {
            "sources": counts.sources,
            "origins": counts.origins,
            "voices": counts.voices,
            "credibility": given.credibility,
            "grounds": given.grounds(),
            "evidence": [
                {
                    "origin": origin,
                    "quote": quotes.get((one["source"], one["quote"]["snapshot"]), "not-held")
                    if one["quote"]
                    else "none",
                }
                for one, origin in zip(body["evidence"], counts.origin_of, strict=True)
            ],
        }
        result.append((ref, body | {"derived": derived}))
    return result


def underived(body: Body) -> Body:
    """A claim's body as the desk writes it."""
    return {key: value for key, value in body.items() if key != "derived"}


def changed(fresh: Mapping[str, Body], going: Iterable[str]) -> dict[str, Body]:
    """Of what is about to be printed or withdrawn, the published bodies that claims rest on and that will differ.

    Call it before the edition is printed, and `concerned` with its answer after.
    """
    gone = set(going)
    return {
        record.ref: body
        for record in _open({*fresh, *gone}, RESTS_ON)
        if (body := _body(record))
        and (
            record.ref in gone
            or any(body[key] != fresh[record.ref].get(key) for key in RESTS_ON[record.kind])
        )
    }


def concerned(before: Mapping[str, Body], fresh: Mapping[str, Body]) -> set[str]:
    """The published claims to recount: `before` as `changed` gave it, and disputes that are new in `fresh`."""
    disputed = {
        member["claim"]
        for body in [*before.values(), *(fresh[ref] for ref in fresh)]
        for member in body.get("members", ())
    }
    resting = {ref for ref in before if "members" not in before[ref]}
    sources = resting | set(_sources_of(resting))
    reached, frontier = set(sources), set(sources)
    while frontier:
        copies = Link.objects.filter(role="derived-from", target_ref__in=frontier, edition_to=OPEN)
        frontier = set(copies.values_list("ref", flat=True)) - reached
        reached |= frontier
    links = Link.objects.filter(role__in=["source", "figure-source"], target_ref__in=reached, edition_to=OPEN)
    return disputed | set(links.values_list("ref", flat=True))


def _sources_of(publishers: set[str]) -> Iterable[str]:
    links = Link.objects.filter(role="publisher", target_ref__in=publishers, edition_to=OPEN)
    return links.values_list("ref", flat=True)


def _counted(body: Body, parents: Mapping[str, str]) -> Counts:
    witnesses = [
        Witness(one["source"], one["figure_source"], supports=one["stance"] == "supports")
        for one in body["evidence"]
    ]
    return count(witnesses, parents, has_asserter=body["asserted_by"] is not None)


def _standing(body: Body, counts: Counts, origins: Mapping[str, Origin], *, is_contested: bool) -> Standing:
    behind: dict[str, set[str]] = {"supports": set(), "refutes": set(), "mentions": set()}
    for one, origin in zip(body["evidence"], counts.origin_of, strict=True):
        behind[one["stance"]].add(origin)
    return Standing(
        origins=[origins[ref] for ref in sorted(behind["supports"])],
        voices=counts.voices,
        refuting=len(behind["refutes"]),
        is_contested=is_contested,
        is_misreport=any(link["relation"] == "misreports" for link in body["links"]),
    )


def _open(refs: Iterable[str], kinds: Iterable[str]) -> Iterable[Record]:
    return Record.objects.filter(ref__in=list(refs), kind__in=list(kinds), edition_to=OPEN).exclude(
        op__in=GONE
    )


def _body(record: Record) -> Body:
    body: Body = upcast(record.kind, json.loads(record.body), record.format)
    return body


def _standing_bodies(refs: set[str], kind: str, fresh: Mapping[str, Body]) -> dict[str, Body]:
    """The bodies of things of one kind: as this edition prints them, else as they stand."""
    found = {record.ref: _body(record) for record in _open(refs - set(fresh), [kind])}
    return found | {ref: fresh[ref] for ref in refs & set(fresh)}


def _origins(refs: set[str], fresh: Mapping[str, Body]) -> dict[str, Origin]:
    """What grading needs to know of sources. One that is not published is without a grade; printing refuses it."""
    sources = _standing_bodies(refs, "source", fresh)
    named = {body["publisher"] for body in sources.values() if body["publisher"]}
    publishers = _standing_bodies(named, "publisher", fresh)
    unknown: Body = {"publisher": None, "source_type": ""}
    found = {}
    for ref in refs:
        source = sources.get(ref, unknown)
        publisher = publishers.get(source["publisher"] or "")
        found[ref] = Origin(
            publisher["reliability"] if publisher else None,
            source["source_type"] == "primary",
            source["publisher"] or "",
        )
    return found


def _contested(claims: set[str], fresh: Mapping[str, Body]) -> set[str]:
    """Those of the claims that are members of a contested dispute."""
    standing = Link.objects.filter(
        role="member",
        target_ref__in=claims,
        edition_to=OPEN,
        record__thing__subkind="contested",
    ).exclude(ref__in=list(fresh))
    printing = {
        member["claim"]
        for body in fresh.values()
        if "members" in body and body["state"] == "contested"
        for member in body["members"]
    }
    return set(standing.values_list("target_ref", flat=True)) | (printing & claims)


def _ancestry(sources: set[str], fresh: Mapping[str, Body]) -> dict[str, str]:
    """From each source of the chains above `sources` to the one it is derived from."""
    parents: dict[str, str] = {}
    frontier = set(sources)
    while frontier:
        step = {
            link.ref: link.target_ref
            for link in Link.objects.filter(
                role="derived-from", ref__in=frontier - set(fresh), edition_to=OPEN
            )
        }
        step |= {
            ref: fresh[ref]["derived_from"] for ref in frontier & set(fresh) if fresh[ref]["derived_from"]
        }
        parents |= step
        frontier = set(step.values()) - set(parents)
    return parents


def _quote_states(sources: set[str]) -> dict[tuple[str, str], str]:
    """(source ref, text sha-256) -> verified, not-held or stale, for the snapshots of `sources`.

    A quote is verified against its text when it is saved and when the text is captured; it goes stale when a
    newer snapshot of the source has another text.
    """
    newest: dict[str, str] = {}
    states: dict[tuple[str, str], str] = {}
    for snapshot in Snapshot.objects.filter(source__ref__in=sources).select_related("source"):
        newest[snapshot.source.ref] = snapshot.text_sha256
        states[snapshot.source.ref, snapshot.text_sha256] = "not-held"
    for source, digest in states:
        if newest[source] != digest:
            states[source, digest] = "stale"
        elif blobs.held(digest):
            states[source, digest] = "verified"
    return states
