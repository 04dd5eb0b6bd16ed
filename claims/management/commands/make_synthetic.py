"""manage.py make_synthetic --claims N [--seed K]"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims import synthetic


class Command(BaseCommand):
    help = "Make a believable large base for benchmarks, and publish it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--claims", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="K")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["claims"] < 1:
            raise CommandError("--claims takes a number from 1 on")

        def progress(done: int, total: int) -> None:
            if self.stderr.isatty():
                self.stderr.write(f"\r{done}/{total} claims", ending="")

        synthetic.make(options["claims"], seed=options["seed"], progress=progress)
        self.stdout.write(f"{options['claims']} claims published")
