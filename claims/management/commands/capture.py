"""manage.py capture PATH --source REF"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from claims.actions.sources import capture
from claims.models import Source

LARGEST = 20_000_000


class Command(BaseCommand):
    help = "Store a hashed snapshot of a plain text file, and hold the quotes pinned to it against its text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a plain text file in UTF-8")
        parser.add_argument(
            "--source", required=True, metavar="REF", help="ref or slug of the source it is a copy of"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["path"])
        if "://" in options["path"]:
            raise CommandError(
                "only files are captured so far: save the page as plain text and name the file"
            )
        if not path.is_file():
            raise CommandError(f"there is no file {path}")
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST:,} bytes")
        key = options["source"]
        source = Source.objects.filter(Q(ref=key) | Q(slug=key)).first()
        if source is None:
            raise CommandError(f"there is no source {key!r}")
        try:
            captured = capture(
                path.read_bytes(), source, retrieved_on=timezone.now().date().isoformat(), by=None
            )
        except ValidationError as fault:
            raise CommandError("\n".join([*fault.messages, "nothing was stored"])) from fault
        state = "a new snapshot" if captured.new else "the snapshot it has already"
        self.stdout.write(
            f"{source.slug}: {state} {captured.snapshot.text_sha256}, {captured.verified} quote(s) found in it"
        )
