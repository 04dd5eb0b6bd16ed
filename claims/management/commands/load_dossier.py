"""manage.py load_dossier PATH [--dry-run] [--publish] [--by USER]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from claims.dossiers.loading import load
from claims.dossiers.reading import SECTIONS, DossierFaults


class Command(BaseCommand):
    help = "Load a dossier onto the desk: all or nothing; loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="the dossier's folder")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, write nothing")
        parser.add_argument("--publish", action="store_true", help="publish it in one edition")
        parser.add_argument("--by", metavar="USER", help="the login of the editor who loads it")

    def handle(self, *args: Any, **options: Any) -> None:
        by = None
        if options["by"]:
            by = get_user_model().objects.filter(username=options["by"]).first()
            if by is None:
                raise CommandError(f"there is no user {options['by']!r}")

        def progress(section: str, done: int, total: int) -> None:
            if self.stderr.isatty():
                self.stderr.write(f"\r{done + 1}/{total} {section:20}", ending="")

        try:
            loaded = load(
                options["path"],
                by=by,
                publish=options["publish"],
                dry_run=options["dry_run"],
                progress=progress,
            )
        except DossierFaults as fault:
            raise CommandError(f"{fault}\n{len(fault.faults)} fault(s); nothing was loaded.") from fault
        for section in SECTIONS:
            counts = loaded.added[section], loaded.changed[section], loaded.unchanged[section]
            if any(counts):
                self.stdout.write("{:17} {} added, {} changed, {} unchanged".format(section, *counts))
        if loaded.texts:
            self.stdout.write(
                f"{'texts':17} {loaded.texts} taken in; all that is quoted from them stands in them"
            )
        for line in loaded.left_out:
            self.stdout.write(line)
        if loaded.edition is not None:
            self.stdout.write(f"published in edition {loaded.edition.number}")
        elif options["publish"]:
            self.stdout.write("nothing to publish: all of it stands already")
        if loaded.recounted is not None:
            self.stdout.write(
                f"quotes of claims that were live already recounted in edition {loaded.recounted.number}"
            )
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")
