"""Commands that go over every captured source, one by one."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef

from claims.models import Snapshot, Source
from claims.models.source import SourceQuerySet

PAGE: Final = 200  # sources read at once


class CapturedCommand(BaseCommand):
    """`each` does one source, `said` is what the command says at the end."""

    again_help = "also texts that were gone over before"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help=self.again_help)
        parser.add_argument("--quiet", action="store_true", help="no progress on standard error")

    def each(self, source: Source, *, again: bool) -> int:
        """How much was found."""
        raise NotImplementedError

    def said(self, done: int, found: int) -> str:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        shown = self.stderr.isatty() and not options["quiet"]
        captured = Source.objects.filter(Exists(Snapshot.objects.filter(source=OuterRef("pk"))))
        total, done, found = captured.count(), 0, 0
        for source in _by_page(captured):
            found += self.each(source, again=options["again"])
            done += 1
            if shown:
                self.stderr.write(f"\r{done:,} of {total:,} sources\033[K", ending="")
        if shown:
            self.stderr.write("")
        self.stdout.write(self.said(done, found))


def _by_page(captured: SourceQuerySet) -> Iterator[Source]:
    """The sources in the order in which they came into this base: an origin is entered before its copies."""
    last = 0
    while page := list(captured.filter(pk__gt=last).order_by("pk")[:PAGE]):
        yield from page
        last = page[-1].pk
