"""manage.py extract FILE … [--language xx] [--format json|text]"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.extraction.identify import identify
from claims.extraction.reading import read
from claims.extraction.results import Reading
from companies.matching import Matcher
from companies.models import Name
from kb.lib.text import HostileText, clean

LARGEST = 20_000_000


class Command(BaseCommand):
    help = "Find the figures, dates and names in plain texts; the names are those of this base."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="plain text in UTF-8")
        parser.add_argument(
            "--language", metavar="XX", help="BCP 47 language of the texts; told from each text otherwise"
        )
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        texts = [(path, text_of(path)) for path in options["files"]]
        matcher = Matcher(Name.objects.spellings())
        for number, (path, text) in enumerate(texts, 1):
            if len(texts) > 1 and self.stderr.isatty():
                self.stderr.write(f"\r{number}/{len(texts)} {path.name:40.40}", ending="")
            language = options["language"] or identify(text)
            reading = read(text, language, matcher.find(text, language))
            if options["format"] == "text":
                self._table(path, reading)
            else:
                named = {"file": str(path)} if len(texts) > 1 else {}
                indent = None if len(texts) > 1 else 1
                self.stdout.write(json.dumps(named | asdict(reading), ensure_ascii=False, indent=indent))

    def _table(self, path: Path, reading: Reading) -> None:
        self.stdout.write(f"{path}: {reading.language}")
        for one in reading.figures:
            value = one.value if one.value_max is None else f"{one.value}–{one.value_max}"
            said = f"{one.comparator} {value} {one.unit or ''}" if one.value else f"not read: {one.suspect}"
            self.stdout.write(f"  {one.start:>7}  {one.region:11} {one.kind:8} {one.printed!r}  {said}")
        for name in reading.mentions:
            entity = name.entity or f"like {name.likely}"
            self.stdout.write(f"  {name.start:>7}  name        {entity}  {name.printed!r}")


def text_of(path: Path) -> str:
    """The file's text. Raises CommandError that names the file and what is wrong with it."""
    if not path.is_file():
        raise CommandError(f"there is no file {path}")
    if path.stat().st_size > LARGEST:
        raise CommandError(f"{path} is larger than {LARGEST:,} bytes")
    try:
        return clean(path.read_bytes().decode("utf-8"), what=str(path), multiline=True, bidi_ok=True)
    except UnicodeDecodeError as fault:
        raise CommandError(
            f"{path}: byte {fault.start} is no UTF-8: save it as UTF-8 plain text, or `capture` a page or a PDF"
        ) from fault
    except HostileText as fault:
        raise CommandError(f"{path}: {fault}") from fault
