"""The interface in Bengali, Hindi and Vietnamese: every string a reader sees has a translation that fits it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("bn", "hi", "vi")
KEYWORDS: Any = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# What readers see, beside the templates: not the desk's admin, its actions and its models.
READERS = (
    "claims/*.py", "claims/ledger/*.py", "claims/views/*.py", "claims/templatetags/*.py", "claims/letterbox/*.py",
    "kb/views.py", "kb/lib/figures.py",
)  # fmt: skip
DESK_ONLY = ("apps", "comparing", "deriving", "permissions", "press", "workflow", "grading", "synthetic")
SLOT = re.compile(r"%\(\w+\)s|%[sd]|\{\w*\}|</?\w+[^>]*>")
Message = tuple[str | None, str | tuple[str, ...]]  # context, text or (singular, plural)


def _sources() -> Iterator[tuple[Path, bytes]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".svg", ".txt", ".xml") and "admin" not in path.relative_to(ROOT).parts:
            calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, "\n".join(line.strip() for line in calls.splitlines()).encode()
    for pattern in READERS:
        for path in sorted(ROOT.glob(pattern)):
            if path.stem not in DESK_ONLY:
                yield path, path.read_bytes()


@cache
def wanted() -> dict[Message, Path]:
    """Every message a reader may see, with a file that has it."""
    found: dict[Message, Path] = {}
    for path, source in _sources():
        for _line, text, _comments, context in extract(
            "python", BytesIO(source), KEYWORDS, (), {"encoding": "utf-8"}
        ):
            found.setdefault((context, text if isinstance(text, str) else tuple(text)), path)
    return found


@cache
def catalogue(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def _said(catalog: Catalog, message: Message) -> tuple[str, ...]:
    context, text = message
    entry = catalog.get(text if isinstance(text, str) else text[0], context)
    if entry is None or entry.fuzzy:
        return ()
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_reading_room_is_translated(language):
    assert len(wanted()) > 400
    missing = [
        f"{path.relative_to(ROOT)}: {text}"
        for (context, text), path in wanted().items()
        if not (said := _said(catalogue(language), (context, text))) or not all(said)
    ]
    assert missing == [], f"{len(missing)} messages have no {language}: make messages, then translate"


@pytest.mark.parametrize("language", LANGUAGES)
def test_slots_and_tags_survive_translation(language):
    """A plural may leave the number out where the singular has none; everything else stands in both."""
    faults = []
    for message in catalogue(language):
        if not message.id:
            continue
        sources = (message.id,) if isinstance(message.id, str) else message.id
        strings = (message.string,) if isinstance(message.string, str) else message.string
        allowed = {slot for source in sources for slot in SLOT.findall(source)}
        needed = set.intersection(*(set(SLOT.findall(source)) for source in sources))
        for said in strings:
            slots = set(SLOT.findall(said))
            if said and (slots - allowed or needed - slots):
                faults.append(f"{sources[0]!r} -> {said!r}")
    assert faults == []
