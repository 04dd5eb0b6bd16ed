"""Texts that share an origin, and sources that have them: for tests of what the desk makes of them."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from django.contrib.auth.models import User
from django.test import TestCase

from claims.actions.captures import Captured, capture
from claims.extraction.identify import identify
from claims.models import Kinship, Source
from tests import building as build
from tests.conftest import ROOT

STORIES = ROOT / "tests/claims/lineage/stories.toml"


@cache
def _stories() -> list[dict[str, str]]:
    return list(tomllib.loads(STORIES.read_text(encoding="utf-8"))["text"])


def story(name: str, language: str, role: str = "copy") -> str:
    """A made-up text: the origin of a story, a copy of it in another language, or an independent report."""
    return next(
        one["body"].strip()
        for one in _stories()
        if (one["story"], one["language"], one["role"]) == (name, language, role)
    )


def captured(source: Source, text: str, *, by: User | None = None) -> Captured:
    """Captures a text for the source, with what follows once that is committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return capture(text.encode(), source, by=by)


def a_reading(slug: str, text: str, **changes: Any) -> Source:
    """A source with this text, held against those before it."""
    source = build.a_source(slug, **({"language": identify(text)} | changes))
    captured(source, text)
    source.refresh_from_db()
    return source


def a_pair(**changes: Any) -> Kinship:
    """An origin in English and its German copy, as they are proposed."""
    a_reading("first", story("wind", "en", "origin"), **changes)
    a_reading("second", story("wind", "de"), **changes)
    return Kinship.objects.with_sources().get()
