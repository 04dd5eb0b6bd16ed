"""Where an entity is used: claims that name it, the disputes and timelines they lead to, what was merged into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.admin.finding import admin_url
from claims.admin.labels import label, with_labels
from claims.ledger.addresses import path
from claims.ledger.models import ThingIndex
from claims.models import Claim, Dispute, Judgement, Timeline
from companies.models import Entity

SHOWN = 5
ROLES: Sequence[tuple[str, Promise]] = (
    ("subject", _("Claims about it")),
    ("value_entity", _("Claims that name it as their value")),
    ("asserted_by", _("Claims it asserts")),
)


@dataclass(frozen=True)
class Use:
    """One way in which an entity is used: how often, the first few, and where all of them are."""

    name: str | Promise
    number: int
    first: Sequence[tuple[str, str]]  # label, address
    url: str = ""


def naming(entity: Entity) -> Q:
    """The condition on claims that they name the entity, in whatever role."""
    return Q(subject=entity) | Q(value_entity=entity) | Q(asserted_by=entity)


def uses(entity: Entity) -> list[Use]:
    """Every way in which the entity is used, empty ones left out; a fixed number of queries."""
    counts = Claim.objects.aggregate(
        **{role: Count("pk", filter=Q(**{role: entity})) for role, _name in ROLES}
    )
    claims = reverse("admin:claims_claim_changelist")
    found = [
        Use(
            name,
            counts[role],
            _first(Claim.objects.filter(**{role: entity}).order_by("-pk")) if counts[role] else (),
            f"{claims}?{role}__id__exact={entity.pk}",
        )
        for role, name in ROLES
    ]
    said = Claim.objects.filter(naming(entity)).values("pk")
    disputes = Dispute.objects.filter(pk__in=Dispute.objects.filter(members__claim__in=said).values("pk"))
    shown = Q(entities=entity) | Q(pinned__in=said) | Q(excluded__in=said)
    timelines = Timeline.objects.filter(pk__in=Timeline.objects.filter(shown).values("pk"))
    absorbed = Entity.objects.filter(merged_into=entity)
    rows: Sequence[tuple[str | Promise, Any]] = (
        (_("Disputes"), disputes), (_("Timelines"), timelines), (_("Entries merged into it"), absorbed)
    )  # fmt: skip
    found += [Use(name, rows.count(), _first(rows.order_by("slug"))) for name, rows in rows]
    return [one for one in found if one.number]


def _first(rows: Any) -> list[tuple[str, str]]:
    return [(label(one), admin_url(one)) for one in with_labels(rows)[:SHOWN]]


def addresses(entity: Entity) -> list[str]:
    """Every address under which readers have known the entity."""
    rows = ThingIndex.objects.filter(kind=Entity.KIND, ref=entity.ref).exclude(slug="")
    slugs = rows.order_by("slug").values_list("subkind", "slug").distinct()
    return [path(kind or entity.kind, slug) for kind, slug in slugs]


def judgements(entity: Entity) -> list[tuple[Judgement, Entity]]:
    """The log's lines about the entity, newest first, each with the other entity; two queries."""
    rows = Judgement.objects.of([entity]).select_related("first", "second", "judged_by")
    rows = rows.prefetch_related("first__names", "second__names")
    return [(one, one.second if one.first_id == entity.pk else one.first) for one in rows]
