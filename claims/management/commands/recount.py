"""manage.py recount"""

from typing import Any, Final

from django.core.management.base import BaseCommand

from claims import press
from claims.ledger.models import GONE, OPEN, Record

BATCH: Final = 500


class Command(BaseCommand):
    help = (
        "Derive counts and grades of every published claim anew, and reprint those that come out otherwise, one "
        "edition for every 500 claims. Needed once after an upgrade that changes how they are derived."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        after, seen, editions = "", 0, 0
        standing = Record.objects.filter(kind="claim", edition_to=OPEN).exclude(op__in=GONE).order_by("ref")
        while refs := list(standing.filter(ref__gt=after).values_list("ref", flat=True)[:BATCH]):
            edition = press.recount(refs)
            after, seen = refs[-1], seen + len(refs)
            editions += edition is not None
            said = f"edition {edition.number}" if edition else "nothing changed"
            self.stdout.write(f"{seen} claims recounted: {said}")
        self.stdout.write(f"{seen} claims, {editions} edition(s)")
