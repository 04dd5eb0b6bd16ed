"""manage.py verify"""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.ledger import verify
from claims.ledger.models import Edition, Record
from claims.models import Evidence, Snapshot
from kb.lib import blobs
from kb.models import Revision


class Command(BaseCommand):
    help = "Recompute the ledger's hashes, chain and index, the desk's history and every quote; exit 1 on any fault."

    def handle(self, *args: Any, **options: Any) -> None:
        with verify.reading_any_bytes():
            faults = [*verify.faults(), *_quotes(), *_revisions()]
        for fault in faults:
            self.stderr.write(fault)
        redacted = verify.redacted_count()
        self.stdout.write(
            f"{Edition.objects.count()} editions, {Record.objects.count()} records ({redacted} redacted), "
            f"{Revision.objects.count()} revisions: {len(faults) or 'no'} fault(s)"
        )
        if faults:
            raise CommandError(f"{len(faults)} fault(s) found", returncode=1)


def _quotes() -> Iterator[str]:
    """Quotes against the texts this base holds."""
    for snapshot in Snapshot.objects.select_related("source").iterator():
        try:
            text = snapshot.text()
        except (blobs.DamagedBlob, UnicodeDecodeError) as fault:
            yield f"snapshot {snapshot.text_sha256} of source {snapshot.source.ref}: {fault}"
            continue
        if text is None:
            continue
        for evidence in Evidence.objects.filter(snapshot=snapshot).select_related("claim"):
            if wrong := evidence.misquotes(text):
                yield f"claim {evidence.claim.ref} misquotes source {snapshot.source.ref}: {wrong}"


def _revisions() -> Iterator[str]:
    """The desk's history against its own hashes."""
    for revision in Revision.objects.exclude(body="").iterator(chunk_size=2000):
        if not verify.has_hash(revision.body, revision.body_sha256):
            yield f"{revision} does not have the hash of its body"
