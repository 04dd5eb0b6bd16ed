"""What on the desk names a thing, so that nobody puts aside what others rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import models

from claims.models import Claim, Dispute, Property, Source, Timeline
from companies.models import Entity
from kb.models import OUTSIDE, PUT_ASIDE, Root, State

# By kind: who may name such a thing, and in which of its parts.
NAMED_BY: Final[Mapping[str, Sequence[tuple[type[Root], Sequence[str]]]]] = {
    "entity": [
        (Claim, ["subject", "value_entity", "asserted_by"]),
        (Timeline, ["entities"]),
        (Entity, ["merged_into"]),
    ],
    "property": [(Claim, ["property"]), (Timeline, ["properties"])],
    "scope-dimension": [(Claim, ["scope__dimension"]), (Property, ["required_scope"])],
    "publisher": [(Source, ["publisher"])],
    "source": [(Claim, ["evidence__source", "evidence__figure_source"]), (Source, ["derived_from"])],
    "claim": [
        (Claim, ["links__target"]),
        (Dispute, ["members__claim"]),
        (Timeline, ["pinned", "excluded"]),
    ],
}


def naming(root: Root) -> list[models.QuerySet[Any]]:
    """By model: what names the root on the desk and is not put aside itself; the queries are yet to be asked.

    What is only proposed counts for what is itself proposed, so that partners take nothing from each other; it keeps
    the desk from nothing.
    """
    idle = PUT_ASIDE if root.state == State.PROPOSED else OUTSIDE
    found = []
    for model, parts in NAMED_BY.get(root.KIND, ()):
        condition = models.Q()
        for part in parts:
            condition |= models.Q(**{part: root.pk})
        keys = model._default_manager.filter(condition).exclude(state__in=idle).values("pk")
        found.append(model._default_manager.filter(pk__in=keys).order_by("ref"))
    return found
