"""manage.py recapture [--due] [--source REF] [--limit N] [--every SECONDS]"""

import logging
import signal
from argparse import ArgumentParser
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from claims.actions import captures
from claims.models import CaptureAttempt, Outcome, Source

log = logging.getLogger(__name__)

PAUSE: Final = 2.0  # seconds between two requests to one host


class Command(BaseCommand):
    help = (
        "Fetch the pages that published evidence cites once more; changed and dead ones queue up on the desk."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--due", action="store_true",
            help=f"only those not tried for {settings.RECAPTURE_DAYS} days (CLAIMBOOK_RECAPTURE_DAYS)",
        )  # fmt: skip
        parser.add_argument("--limit", type=int, metavar="N", help="at most so many sources a round")
        parser.add_argument(
            "--every", type=float, metavar="SECONDS",
            help="then wait and start again with those due, until SIGTERM or Ctrl-C",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError("--limit takes a number from 1 on")
        if options["every"] is None:
            self._round(only_due=options["due"], limit=options["limit"], stop=Event())
            return
        if options["every"] <= 0:
            raise CommandError("--every takes a number of seconds above 0")
        stop = Event()
        handlers = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not stop.is_set():
                close_old_connections()
                self._round(only_due=True, limit=options["limit"], stop=stop)
                stop.wait(options["every"])
        finally:
            for one, handler in handlers.items():
                signal.signal(one, handler)

    def _round(self, *, only_due: bool, limit: int | None, stop: Event) -> None:
        after = timedelta(days=settings.RECAPTURE_DAYS) if only_due else timedelta(0)
        sources = list(captures.due(timezone.now(), after=after)[:limit])
        counts = dict.fromkeys(Outcome, 0)
        asked: dict[str | None, float] = {}
        for number, source in enumerate(sources, 1):
            host = urlsplit(source.url).hostname
            stop.wait(max(0.0, asked.get(host, 0.0) + PAUSE - monotonic()))
            if stop.is_set():
                break
            attempt = self._attempt(source)
            asked[host] = monotonic()
            counts[Outcome(attempt.outcome)] += 1
            self.stdout.write(f"{number}/{len(sources)} {_line(source, attempt)}")
        summary = ", ".join(f"{count} {outcome.label}" for outcome, count in counts.items() if count)
        waiting = CaptureAttempt.objects.open_items().count()
        self.stdout.write(f"{len(sources)} source(s): {summary or 'nothing to do'}; {waiting} in the queue")

    def _attempt(self, source: Source) -> CaptureAttempt:
        try:
            return captures.recapture(source, guard=captures.guard())
        except Exception as fault:  # whatever it is, the other sources get their turn
            log.exception("recapturing %s failed", source.ref)
            return captures.not_taken_in(source, fault)


def _line(source: Source, attempt: CaptureAttempt) -> str:
    said = f"{source.slug}: {Outcome(attempt.outcome).label}"
    return f"{said}: {attempt.detail}" if attempt.detail else said
