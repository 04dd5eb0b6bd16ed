"""manage.py find_copies [--again] [--quiet]"""

from claims.actions.tracing import trace
from claims.management.captured import CapturedCommand
from claims.models import Kinship, Source
from claims.models.capture import newest


class Command(CapturedCommand):
    help = "Hold the text of every captured source against the others, and propose which share an origin."
    again_help = "also texts that were held against the others before"

    def each(self, source: Source, *, again: bool) -> int:
        snapshot = newest(source)
        return trace(snapshot, again=again) if snapshot else 0

    def said(self, done: int, found: int) -> str:
        waiting = Kinship.objects.waiting().count()
        return f"{done} sources: {found} new proposals, {waiting} waiting to be judged"
