"""Saving entities."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from companies.actions import IdentifierDraft, NameDraft
from companies.models import Entity
from kb.models import Revision
from tests.building import an_entity

pytestmark = pytest.mark.django_db


def test_names_and_identifiers_keep_the_order_they_were_given():
    names = [NameDraft(text=text, language="en", role="alias") for text in ("C", "A", "B")]
    identifiers = [IdentifierDraft(scheme="website", value=f"https://{one}.example") for one in ("z", "a")]
    entity = Entity.objects.get(pk=an_entity(names=names, identifiers=identifiers).pk)
    assert [one["text"] for one in entity.body()["names"]] == ["C", "A", "B"]
    assert [one["value"] for one in entity.body()["identifiers"]] == [
        "https://z.example",
        "https://a.example",
    ]


def test_a_name_is_kept_as_written_and_folded_for_search():
    name = an_entity(names=[NameDraft(text="Đội bóng Ajax", language="vi")]).names.get()
    assert (name.text, name.folded) == ("Đội bóng Ajax", "doi bong ajax")


def test_renaming_keeps_ref_and_history():
    entity = an_entity("ajax")
    renamed = an_entity("afc-ajax", ref=entity.ref)
    assert (renamed.ref, renamed.pk, renamed.version) == (entity.ref, entity.pk, 2)
    assert Revision.objects.filter(ref=entity.ref).count() == 2


def test_two_entities_never_share_a_slug():
    an_entity("ajax")
    with pytest.raises(ValidationError) as refusal:
        an_entity("ajax", kind="person")
    assert set(refusal.value.message_dict) == {"slug"}


def test_one_label_in_each_language():
    labels = [NameDraft(text="Ajax", language="en"), NameDraft(text="AFC Ajax", language="en")]
    with pytest.raises(ValidationError, match="one label in each language"):
        an_entity(names=labels)
    assert not Entity.objects.exists()


def test_a_ref_of_another_kind_of_thing_is_no_ref_of_an_entity():
    with pytest.raises(ValidationError):
        an_entity(ref="Ajax")
