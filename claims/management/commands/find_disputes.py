"""manage.py find_disputes"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.actions.suspecting import recheck


class Command(BaseCommand):
    help = "Hold every published claim against the others, and suspect what cannot be true together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="no progress on standard error")

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(done: int) -> None:
            if self.stderr.isatty() and not options["quiet"]:
                self.stderr.write(f"\r{done} claims", ending="")
                sys.stderr.flush()

        count = recheck(progress=progress)
        self.stdout.write(
            f"{count.claims} claims: {count.found} suspected disputes found, {count.lapsed} lapsed"
        )
