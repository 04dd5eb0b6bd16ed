"""manage.py find_copies [--again] [--quiet]"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef

from claims.actions.captures import newest
from claims.actions.tracing import trace
from claims.models import Kinship, Snapshot, Source

PAGE: Final = 200  # sources read at once


class Command(BaseCommand):
    help = "Hold the text of every captured source against the others, and propose which share an origin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="also texts that were held against the others before"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress on standard error")

    def handle(self, *args: Any, **options: Any) -> None:
        shown = self.stderr.isatty() and not options["quiet"]
        captured = Source.objects.filter(Exists(Snapshot.objects.filter(source=OuterRef("pk"))))
        total, done, found = captured.count(), 0, 0
        for source in _by_page(captured):
            snapshot = newest(source)
            found += trace(snapshot, again=options["again"]) if snapshot else 0
            done += 1
            if shown:
                self.stderr.write(f"\r{done:,} of {total:,} sources\033[K", ending="")
        if shown:
            self.stderr.write("")
        waiting = Kinship.objects.waiting().count()
        self.stdout.write(f"{done} sources: {found} new proposals, {waiting} waiting to be judged")


def _by_page(captured: Any) -> Iterator[Source]:
    """The sources in the order in which they came into this base: an origin is entered before its copies."""
    last = 0
    while page := list(captured.filter(pk__gt=last).order_by("pk")[:PAGE]):
        yield from page
        last = page[-1].pk
