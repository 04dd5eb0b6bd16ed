"""Text per language: which of its languages a reader gets."""

from collections.abc import Mapping

Prose = Mapping[str, str]
FALLBACK = "en"


def choose(prose: Prose, language: str) -> tuple[str, str]:
    """The text for `language` and the language it is really in: asked, English, else the first by tag.

    ("", "") when nothing is said.
    """
    for tag in (language, language.split("-")[0], FALLBACK, *sorted(prose)):
        if tag in prose:
            return prose[tag], tag
    return "", ""
