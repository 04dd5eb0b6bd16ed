"""A real browser for the tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="module")
def _opened(chromium: str) -> Iterator[Browser]:
    """It takes seconds to start and to end, so the tests of a module share it."""
    with pytest.MonkeyPatch.context() as patching, sync_playwright() as playwright:
        patching.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop beside us
        opened = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def browser(_opened: Browser) -> Iterator[Browser]:
    """Nothing of a test is left in it for the next: contexts share no cookies, no storage and no cache."""
    yield _opened
    for context in _opened.contexts:
        context.close()
