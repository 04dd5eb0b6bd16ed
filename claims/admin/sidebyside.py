"""Differences between bodies as editors read them: refs, terms and figures by what the desk calls them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from claims.admin.labels import by_ref
from claims.comparing import Body, compare
from claims.differences import refs_in
from claims.models import Property, ScopeTerm
from claims.sidebyside import Comparison, Words, comparison
from kb.lib.refs import is_ref
from kb.lib.spoken import language, spoken


def words_of(bodies: Iterable[Body | None]) -> Words:
    """What these bodies name is called; read once, in a fixed number of queries."""
    known = [body for body in bodies if body]
    refs = set(chain.from_iterable(refs_in(body) for body in known))
    dimensions = [ref for ref in refs if is_ref(ref, "scope-dimension")]
    terms = ScopeTerm.objects.filter(dimension__ref__in=dimensions)
    properties = Property.objects.filter(ref__in=[ref for ref in refs if is_ref(ref, "property")])
    return Words(
        language=language(),
        labels=by_ref(refs),
        terms={
            (dimension, slug): spoken(labels) or slug
            for dimension, slug, labels in terms.values_list("dimension__ref", "slug", "labels")
        },
        nouns=dict(properties.values_list("ref", "unit_label")),
        property=next((body["property"] for body in known if "property" in body), ""),
    )


def side_by_side(old: Body, new: Body) -> Comparison:
    """One thing in two versions."""
    return comparison(compare(old, new), words_of([old, new]))
