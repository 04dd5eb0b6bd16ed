"""The way in: a text, its language if known, the names if any → everything found in it."""

from claims.extraction.results import Reading


def read(text: str, language: str | None = None) -> Reading:
    """Read `text`; without `language` it is told from the text itself."""
    raise NotImplementedError
