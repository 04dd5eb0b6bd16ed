"""What the ledger has printed, for tests of the press."""

from __future__ import annotations

import json

from claims.ledger.models import Edition, Link, Record
from claims.models import Claim
from tests.building import (
    a_dimension,
    a_quote,
    a_snapshot,
    a_source,
    record_of,
)

EVERY_TABLE = (Edition, Record, Link)


def nothing_is_printed() -> bool:
    return not any(table.objects.exists() for table in EVERY_TABLE)


def derived_part(claim: Claim) -> dict:
    return json.loads(record_of(claim).body)["derived"]


def with_quote(text="The fee was 1 million euros, before tax."):
    dimension = a_dimension()
    source = a_source(snapshots=[a_snapshot(text)])
    quote = a_quote(source.snapshots.get(), text, "1 million euros")
    return dimension, source, text, quote
