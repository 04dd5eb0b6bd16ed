"""manage.py find_suggestions [--again] [--quiet]"""

from claims.actions.suggestions import suggest_figures
from claims.management.captured import CapturedCommand
from claims.models import Source, SuggestedFigure


class Command(CapturedCommand):
    help = "Read the newest text of every captured source for figures worth a claim that nobody has read."
    again_help = "also texts that were read before"

    def each(self, source: Source, *, again: bool) -> int:
        return suggest_figures(source, again=again)

    def said(self, done: int, found: int) -> str:
        waiting = SuggestedFigure.objects.waiting().count()
        return f"{done} sources: {found} suggestions, {waiting} waiting to be read"
