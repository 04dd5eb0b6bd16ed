"""A believable large base for benchmarks and for tests that count queries: made in bulk, published in batches.

It writes desk rows directly, which nothing else may do, and then goes through the press like everybody.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from claims import press
from claims.actions.sources import PublisherDraft, SourceDraft, save_publisher, save_source
from claims.actions.vocabulary import DimensionDraft, PropertyDraft, TermDraft, save_dimension, save_property
from claims.ledger.models import Reason
from claims.models import Claim, ClaimScope, Evidence, Property, ScopeTerm, Source
from companies.actions import EntityDraft, NameDraft, save_entity
from companies.models import Entity
from kb.lib.quantities import base, interval
from kb.lib.refs import new_ref
from kb.lib.text import canonical_json, sha256_text
from kb.models import Revision, Root, State

BATCH = 1000
KINDS = Entity.Kind.values


@dataclass(frozen=True)
class _World:
    entities: list[Entity]
    properties: list[Property]
    terms: list[ScopeTerm]
    sources: list[Source]


def make(
    claims: int, *, seed: int = 1, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Publish `claims` claims about one entity in every ten of them, with one to four sources each.

    The same seed gives the same figures; refs are fresh, so it can be run again in the same base.
    """
    chance = random.Random(seed)  # noqa: S311  not for secrets
    world = _world(chance, tag=new_ref("entity"), entities=max(len(KINDS), claims // 10))
    for start in range(0, claims, BATCH):
        _batch(chance, world, min(BATCH, claims - start))
        progress(min(start + BATCH, claims), claims)


def _world(chance: random.Random, *, tag: str, entities: int) -> _World:
    state = State.APPROVED
    roots: list[Root] = []
    dimension = save_dimension(
        DimensionDraft(
            slug=f"basis-{tag}",
            labels={"en": "basis"},
            terms=[TermDraft(slug=f"term-{n}", labels={"en": f"basis {n}"}) for n in range(4)],
        ),
        by=None,
        state=state,
    )
    properties = [
        save_property(
            PropertyDraft(
                slug=f"measure-{n}-{tag}",
                labels={"en": f"measure {n}", "bn": f"মাপ {n}"},
                data_type="amount",
                unit_dimension="currency",
                required_scope=[dimension],
            ),
            by=None,
            state=state,
        )
        for n in range(5)
    ]
    publishers = [
        save_publisher(PublisherDraft(slug=f"outlet-{n}-{tag}", name=f"Outlet {n}"), by=None, state=state)
        for n in range(10)
    ]
    things = [
        save_entity(
            EntityDraft(
                kind=KINDS[n % len(KINDS)],
                slug=f"thing-{n}-{tag}",
                names=[
                    NameDraft(text=f"Thing {n}", language="en"),
                    NameDraft(text=f"বস্তু {n}", language="bn"),
                ],
            ),
            by=None,
            state=state,
        )
        for n in range(entities)
    ]
    sources: list[Source] = []
    for n in range(max(5, entities)):
        parent = sources[n - 1] if n % 3 == 1 else None  # every third one copies the one before it
        draft = SourceDraft(
            slug=f"report-{n}-{tag}",
            title=f"Report {n}",
            language=chance.choice(["en", "bn", "hi", "vi"]),
            source_type="secondary",
            publisher=chance.choice(publishers),
            derived_from=parent,
            derivation="copy" if parent else "",
        )
        sources.append(save_source(draft, by=None, state=state))
    roots += [dimension, *properties, *publishers, *things, *sources]
    press.publish(roots, by=None, reason=Reason.IMPORT)
    return _World(things, properties, list(dimension.terms.all()), sources)


def _batch(chance: random.Random, world: _World, size: int) -> None:
    with transaction.atomic():
        claims = Claim.objects.bulk_create([_claim(chance, world) for _ in range(size)])
        terms = [chance.choice(world.terms) for _ in claims]
        ClaimScope.objects.bulk_create(
            [
                ClaimScope(claim=claim, dimension=term.dimension, term=term)
                for claim, term in zip(claims, terms, strict=True)
            ]
        )
        Evidence.objects.bulk_create(
            [
                Evidence(
                    claim=claim, position=n, source=source, original_value=claim.amount, locator="table 1"
                )
                for claim in claims
                for n, source in enumerate(chance.sample(world.sources, chance.randint(1, 4)))
            ]
        )
        whole = list(Claim.objects.with_parts().filter(pk__in=[claim.pk for claim in claims]))
        Revision.objects.bulk_create([_revision(claim) for claim in whole])
        press.publish(whole, by=None, reason=Reason.IMPORT)


def _claim(chance: random.Random, world: _World) -> Claim:
    amount = str(round(10 ** chance.uniform(3, 11), -3))[:-2]
    comparator = chance.choice(["eq", "approx", "gt", "lt"])
    known = interval(comparator, amount)
    return Claim(
        ref=new_ref("claim"),
        version=1,
        state=State.APPROVED,
        subject=chance.choice(world.entities),
        property=chance.choice(world.properties),
        comparator=comparator,
        amount=amount,
        unit="USD",
        base_unit="USD",
        base_lower=None if known.lower is None else base(known.lower, "USD")[0],
        base_upper=None if known.upper is None else base(known.upper, "USD")[0],
        asserted_by=chance.choice(world.entities),
        point_in_time=(date(2020, 1, 1) + timedelta(days=chance.randrange(2000))).isoformat(),
    )


def _revision(claim: Claim) -> Revision:
    text = canonical_json(claim.body())
    return Revision(
        kind=claim.KIND,
        ref=claim.ref,
        version=1,
        state=claim.state,
        body=text,
        body_sha256=sha256_text(text),
        at=timezone.now(),
        why="synthetic",
    )
