"""Counts in the columns of the desk's lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def counted(model: type[models.Model], field: str, *, different: str = "") -> Coalesce:
    """How many rows of `model` refer to a list's row by `field`; with `different`, how many values of that they have.

    A subquery and no join: a list of a hundred thousand then counts for the rows of its page alone.
    """
    number = Count(different, distinct=True) if different else Count("pk")
    found = model._default_manager.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(
        Subquery(found.annotate(number=number).values("number"), output_field=IntegerField()), Value(0)
    )
