"""How the desk's lists, pickers and previews call things: labels for people, never refs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from claims import press
from claims.models import Claim, Source
from companies.models import Entity
from kb.lib.refs import kind_of
from kb.lib.text import fold


def with_labels(queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """With all that `label` reads, in a fixed number of queries."""
    if issubclass(queryset.model, Entity):
        return queryset.prefetch_related("names")
    if queryset.model is Claim:
        return queryset.select_related("subject", "property", "value_entity", "asserted_by").prefetch_related(
            "subject__names", "value_entity__names", "asserted_by__names"
        )
    if queryset.model is Source:
        return queryset.select_related("publisher")
    return queryset


def label(thing: Any) -> str:
    """What a person calls it, in the language of who reads: a claim by its sentence. See `with_labels`."""
    return str(thing)


def long_label(thing: Any) -> str:
    """The label with what tells it from its namesakes, for pickers."""
    if isinstance(thing, Entity):
        return f"{label(thing)} ({thing.get_kind_display()}, {thing.slug})"
    if isinstance(thing, Claim):
        return f"{label(thing)} ({thing.ref})"
    if isinstance(thing, Source):
        return f"{thing.title} ({thing.publisher or thing.slug}, {thing.language})"
    return label(thing)


def saying(model: type[models.Model], field: str, text: str) -> list[int]:
    """The keys of the few rows of a vocabulary whose prose in `field` holds every word of `text`, in any script.

    In Python: a base may keep JSON escaped, and then finds no Bengali in it.
    """
    words = fold(text).split()
    rows = model._default_manager.values_list("pk", field) if words else ()
    return [
        key for key, prose in rows if all(any(word in fold(one) for one in prose.values()) for word in words)
    ]


def by_ref(refs: Iterable[str]) -> dict[str, str]:
    """The labels of whatever stands on the desk under `refs`; one query and a few a kind."""
    wanted: dict[str, list[str]] = {}
    for ref in refs:
        if kind := kind_of(ref):
            wanted.setdefault(kind, []).append(ref)
    return {
        root.ref: label(root)
        for kind, some in wanted.items()
        for root in with_labels(press.ROOTS[kind]._default_manager.filter(ref__in=some))
    }
