"""The interface in its languages: every string has a translation that fits it.

What readers see is in Bengali, Hindi and Vietnamese; the desk is in Bengali besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import django
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
DESK_ONLY = (
    "apps",
    "comparing",
    "deriving",
    "permissions",
    "press",
    "printing",
    "workflow",
    "grading",
    "synthetic",
)
DESK_LANGUAGE = "bn"
BORROWED = ROOT / "claims" / "admin" / "borrowed.py"
APPS = ("kb", "companies", "claims")
SLOT = re.compile(r"%\(\w+\)s|%[sd]|\{\w*\}|</?\w+[^>]*>")
Message = tuple[str | None, str | tuple[str, ...]]  # context, text or (singular, plural)


def _calls(path: Path) -> bytes:
    """What a template has to say, as Python."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in calls.splitlines()).encode()


def _sources() -> Iterator[tuple[Path, bytes]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".svg", ".txt", ".xml") and "admin" not in path.relative_to(ROOT).parts:
            yield path, _calls(path)
    for pattern in READERS:
        for path in sorted(ROOT.glob(pattern)):
            if path.stem not in DESK_ONLY:
                yield path, path.read_bytes()


def _whole_interface() -> Iterator[tuple[Path, bytes]]:
    """Every template and every module, the desk's among them."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".svg", ".txt", ".xml"):
            yield path, _calls(path)
    for path in sorted(path for app in APPS for path in (ROOT / app).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()


@cache
def wanted() -> dict[Message, Path]:
    """Every message a reader may see, with a file that has it."""
    return _messages(_sources())


@cache
def wanted_on_the_desk() -> dict[Message, Path]:
    """Every message that anybody may see, with a file that has it."""
    return _messages(_whole_interface())


def _messages(sources: Iterator[tuple[Path, bytes]]) -> dict[Message, Path]:
    found: dict[Message, Path] = {}
    for path, source in sources:
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
    missing = _missing(wanted(), language)
    assert missing == [], f"{len(missing)} messages have no {language}: make messages, then translate"


def test_every_message_of_the_desk_is_in_bengali():
    assert len(wanted_on_the_desk()) > 1800
    missing = _missing(wanted_on_the_desk(), DESK_LANGUAGE)
    assert missing == [], f"{len(missing)} messages have no {DESK_LANGUAGE}: make messages, then translate"


def _missing(messages: dict[Message, Path], language: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {text}"
        for (context, text), path in messages.items()
        if text and (not (said := _said(catalogue(language), (context, text))) or not all(said))
    ]


def test_what_is_borrowed_from_django_is_djangos_and_django_lacks_it_in_bengali():
    """The lists of claims/admin/borrowed.py: a message that Django has come to translate is taken off them."""
    home = Path(django.__file__).parent
    folders = [home / "conf", *(home / "contrib" / name for name in ("admin", "auth"))]
    known, theirs = set[str](), set[str]()
    for folder in folders:
        for name in ("django.po", "djangojs.po"):
            for tag, found in (("en", known), (DESK_LANGUAGE, theirs)):
                path = folder / "locale" / tag / "LC_MESSAGES" / name
                if path.exists():
                    with path.open("rb") as file:
                        found |= {
                            str(_key(one.id))
                            for one in read_po(file, locale=tag)
                            if tag == "en" or _whole(one)
                        }
    borrowed = {str(_key(text)) for _context, text in _messages(iter([(BORROWED, BORROWED.read_bytes())]))}
    assert borrowed - known == set(), "Django says nothing of the kind"
    assert borrowed & theirs == set(), "Django has this in Bengali by now"


def _key(text: Any) -> str:
    return text if isinstance(text, str) else str(text[0])


def _whole(message: Any) -> bool:
    said = (message.string,) if isinstance(message.string, str) else message.string
    return bool(message.id) and not message.fuzzy and all(said)


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
