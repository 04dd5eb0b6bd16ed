"""manage.py dump_dossier PATH [--entity SLUG …] [--texts]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.dossiers.dumping import NoSuchEntity, NotADossierFolder, dump
from kb.lib import blobs


class Command(BaseCommand):
    help = "Write the desk to a folder of YAML that another Claimbook loads without a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", type=Path, help="an empty folder, or one that holds a dossier to be replaced"
        )
        parser.add_argument(
            "--entity",
            metavar="SLUG",
            action="append",
            default=[],
            help="only claims about it; may be repeated",
        )
        parser.add_argument(
            "--texts",
            action="store_true",
            help="copy the snapshots' texts too, whoever holds the rights in them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = dump(options["path"], entities=options["entity"], texts=options["texts"])
        except (NotADossierFolder, NoSuchEntity, blobs.DamagedBlob) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(", ".join(f"{count} {section}" for section, count in counts.items()))
