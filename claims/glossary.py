"""The terms of art that pages use, each explained in one sentence, where the word stands and on /about/."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise
TERMS: Final[Mapping[str, tuple[Words, Words]]] = {  # code: (term, sentence)
    "claim": (
        pgettext_lazy("term", "Claim"),
        _(
            "Somebody's statement about something: a figure, a date, a tie. It is not what we say, unless it says so."
        ),
    ),
    "source": (
        pgettext_lazy("term", "Source"),
        _("A document that carries the statement; articles that copy one another are all counted."),
    ),
    "origin": (
        pgettext_lazy("term", "Origin"),
        _(
            "A document the statement goes back to: a translation, a rewrite and a copy of one article are one origin."
        ),
    ),
    "voice": (
        pgettext_lazy("term", "Voice"),
        _("The person or body whose word it is: ten reports of one company's announcement are one voice."),
    ),
    "grade": (
        pgettext_lazy("term", "Grade"),
        _(
            "How well the claim is borne out, from 1 (confirmed) to 6 (cannot be judged), derived by a published rule."
        ),
    ),
    "scope": (
        pgettext_lazy("term", "Covers"),
        _(
            "What a figure takes in and what it leaves out; figures that cover different things do not contradict."
        ),
    ),
    "method": (
        pgettext_lazy("term", "Method"),
        _("How whoever says so came by the figure: measured, reported, estimated or calculated."),
    ),
    "rank": (
        pgettext_lazy("term", "Rank"),
        _(
            "Which of several claims the editors prefer, with their reason; a deprecated one is kept but not listed."
        ),
    ),
    "drift": (
        pgettext_lazy("term", "Drift"),
        _("How a copy changed a statement on the way: a digit lost, a unit changed, an attribution gone."),
    ),
    "dispute": (
        pgettext_lazy("term", "Dispute"),
        _("Claims that seem to answer one question differently, and the editors' reading of why."),
    ),
    "edition": (
        pgettext_lazy("term", "Edition"),
        _("One numbered act of publishing; what stands in it is never altered and can always be read again."),
    ),
    "quote": (
        pgettext_lazy("term", "Quote"),
        _("The very words of a source, pinned to a stored copy of its text and checked against it."),
    ),
}
