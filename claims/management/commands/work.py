"""manage.py work [--once] [--every SECONDS]"""

import logging
import os
import signal
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from claims.actions.mailing import mail_notices
from claims.actions.schedules import cancel_lapsed, publish_due

log = logging.getLogger(__name__)

# Each takes the time, does what is due, and returns how much that was. Each may be killed at any moment and run twice.
JOBS: Final[Mapping[str, Callable[[datetime], int]]] = {
    "schedule(s) canceled": cancel_lapsed,
    "edition(s) published as scheduled": publish_due,
    "notice(s) mailed": mail_notices,
}


class Command(BaseCommand):
    help = "The task worker: publishes what is due, cancels schedules that have lapsed, mails notices."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")
        parser.add_argument(
            "--every", type=float, default=5.0, metavar="SECONDS", help="the pause between rounds (5)"
        )
        parser.add_argument(
            "--child", action="store_true", help="end when the process that started this one has ended"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"] <= 0:
            raise CommandError("--every takes seconds, more than 0")
        stop, parent = Event(), os.getppid()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())  # the job at hand is finished first
        while not stop.is_set():
            close_old_connections()
            self._round()
            if options["once"] or (options["child"] and os.getppid() != parent):
                return
            stop.wait(options["every"])

    def _round(self) -> None:
        for name, job in JOBS.items():
            try:
                number = job(timezone.now())
            except DatabaseError:  # gone or locked: the next round tries again
                log.exception("not done: %s", name)
                continue
            if number:
                self.stdout.write(f"{timezone.now():%Y-%m-%d %H:%M:%S} {number} {name}")
                self.stdout.flush()
