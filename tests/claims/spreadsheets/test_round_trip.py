"""The shipped dossier as tables: out, and in again, changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim, Source
from claims.spreadsheets import exchange, tables
from companies.models import Entity
from kb.models import Revision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dossier")]


@pytest.mark.parametrize(("kind", "model"), [("claim", Claim), ("entity", Entity), ("source", Source)])
def test_out_and_in_again_changes_nothing(kind: str, model: Any) -> None:
    before = Revision.objects.count()
    header, rows = exchange.exported(kind, model.objects.with_parts())
    data = "".join(tables.written(header, rows)).encode()
    assert header[:2] == ["ref", "version"]
    outcome = exchange.load(kind, tables.read(data, header), by=None, languages=["vi", "de"])
    assert outcome.counts == {"unchanged": model.objects.count()}
    assert Revision.objects.count() == before
