"""manage.py capture PATH_OR_URL … --source REF"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from claims.actions import captures
from claims.capturing.documents import LARGEST, Document, read
from claims.capturing.sniffing import Unreadable
from claims.models import Source
from kb.lib import net


class Command(BaseCommand):
    help = (
        "Store a hashed snapshot of a text, page or PDF, and hold the quotes pinned to it against its text."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "what", nargs="+", metavar="PATH_OR_URL",
            help="a file (plain text in UTF-8, HTML or PDF), or an http(s) address, which is fetched",
        )  # fmt: skip
        parser.add_argument(
            "--source", required=True, metavar="REF", help="ref or slug of the source that they are copies of"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        key, refused = options["source"], list[str]()
        source = Source.objects.filter(Q(ref=key) | Q(slug=key)).first()
        if source is None:
            raise CommandError(f"there is no source {key!r}")
        many = len(options["what"]) > 1
        for number, what in enumerate(options["what"], 1):
            try:
                said = _capture(what, source)
            except (net.FetchError, Unreadable, ValidationError) as fault:
                lines = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
                refused += [f"{what}: {line}" for line in lines]
                said = ["refused"] * many
            for line in said:
                self.stdout.write(f"{number}/{len(options['what'])} {what}: {line}" if many else line)
        if refused:
            raise CommandError("\n".join([*refused, "nothing was stored" + " of these" * many]))


def _capture(what: str, source: Source) -> list[str]:
    """Capture one file or address; what to say about it."""
    data, document, address = _read(what, source)
    known = captures.known(data=data, text=document.text, other_than=source)
    captured = captures.capture(
        data,
        source,
        document=document,
        address=address,
        retrieved_on=timezone.now().date().isoformat(),
        by=None,
    )
    state = "a new snapshot" if captured.new else "the snapshot it has already"
    said = [
        f"{source.slug}: {state} {captured.snapshot.text_sha256}, {captured.verified} quote(s) found in it"
    ]
    if known:
        said.append(f"the source {known.source.slug} ({known.source.ref}) is known: {known.why}")
    return said


def _read(what: str, source: Source) -> tuple[bytes, Document, str]:
    """The bytes, what they say, and the address that they came from at last. Raises FetchError; Unreadable."""
    if "://" in what:
        page, document = captures.fetch(what, guard=captures.guard(), language=source.language)
        return page.data, document, page.url
    path = Path(what)
    if not path.is_file():
        raise Unreadable(f"there is no file {path}")
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"{path} is larger than {LARGEST:,} bytes")
    data = path.read_bytes()
    return data, read(data, language=source.language), ""
