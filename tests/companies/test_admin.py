"""Finding entities by what they are called."""

import pytest

from companies.actions import NameDraft
from companies.admin import called
from companies.models import Entity
from tests import building as build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["DEEP", "deep sea", "sea deep", "ডিপসিক", "ডিপ", "দিপ ডিপ", "đeep"])
def test_called_finds_every_word_in_some_name(text: str) -> None:
    entity = build.an_entity(
        names=[
            NameDraft(text="Deep Sea", language="en"),
            NameDraft(text="ডিপসিক", language="bn"),
            NameDraft(text="দিপ", language="bn", role="misspelling"),
        ]
    )
    build.an_entity(names=[NameDraft(text="Shallow", language="en")])
    assert list(Entity.objects.filter(called(text))) == [entity]


def test_called_finds_nothing_under_other_names() -> None:
    build.an_entity(names=[NameDraft(text="Deep Sea", language="en")])
    assert not Entity.objects.filter(called("deep shallow")).exists()
