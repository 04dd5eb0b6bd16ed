"""The children of a root as one value: written only where they differ, refused with their place."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from claims.models import ScopeTerm
from companies.models import Name
from kb.lib.children import merge_children, replace_children
from tests.building import a_claim, a_dimension, an_entity

pytestmark = pytest.mark.django_db


def _name(text: str, role: str = "alias") -> Name:
    return Name(text=text, language="en", role=role, folded=text.lower())


def _names(entity) -> list[str]:
    return list(entity.names.values_list("text", flat=True))


def test_replacing_makes_the_children_what_is_wanted_in_that_order():
    entity = an_entity()
    replace_children(entity, "names", [_name("B"), _name("A")])
    assert _names(entity) == ["B", "A"]
    replace_children(entity, "names", [_name("A"), _name("B")])
    assert _names(entity) == ["A", "B"]
    replace_children(entity, "names", [])
    assert _names(entity) == []


def test_replacing_by_the_same_writes_nothing(django_assert_num_queries):
    entity = an_entity()
    replace_children(entity, "names", [_name("A"), _name("B")])
    rows = list(entity.names.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        replace_children(entity, "names", [_name("A"), _name("B")])
    assert list(entity.names.values_list("pk", flat=True)) == rows


def test_a_fault_names_the_child_and_its_field():
    entity = an_entity()
    with pytest.raises(ValidationError) as refusal:
        replace_children(entity, "names", [_name("A"), _name("")])
    assert set(refusal.value.message_dict) == {"names.1.text"}


def test_a_fault_of_no_field_names_the_child():
    entity = an_entity()
    with pytest.raises(ValidationError) as refusal:
        replace_children(entity, "names", [_name("A", role="label"), _name("B", role="label")])
    assert set(refusal.value.message_dict) == {"names.1"}
    assert "one label in each language" in refusal.value.messages[0]


def test_replacing_forgets_what_was_prefetched():
    entity = type(an_entity()).objects.prefetch_related("names").get()
    assert [one.text for one in entity.names.all()] != ["A"]
    replace_children(entity, "names", [_name("A")])
    assert [one.text for one in entity.names.all()] == ["A"]


def test_merging_keeps_the_row_of_a_child_that_others_refer_to():
    dimension = a_dimension(terms=["one", "two"])
    first, second = dimension.terms.all()
    claim = a_claim(scope=[first])
    wanted = [ScopeTerm(slug="two", labels={"en": "2"}), ScopeTerm(slug="one", labels={"en": "1"})]
    merge_children(dimension, "terms", wanted, key="slug")
    assert [(one.slug, one.pk, one.labels) for one in dimension.terms.all()] == [
        ("two", second.pk, {"en": "2"}),
        ("one", first.pk, {"en": "1"}),
    ]
    assert claim.scope.get().term_id == first.pk


def test_merging_drops_what_nobody_uses_and_refuses_to_drop_what_somebody_does():
    dimension = a_dimension(terms=["one", "two"])
    a_claim(scope=[dimension.terms.get(slug="one")])
    merge_children(dimension, "terms", [ScopeTerm(slug="one", labels={"en": "one"})], key="slug")
    assert [one.slug for one in dimension.terms.all()] == ["one"]
    with pytest.raises(ValidationError, match="still used"):
        merge_children(dimension, "terms", [], key="slug")
