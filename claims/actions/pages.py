"""Pages of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Page
from claims.permissions import require_saving
from kb.lib import checked
from kb.models import State


@dataclass(frozen=True, kw_only=True)
class PageDraft:
    slug: str
    title: Mapping[str, str]
    text: Mapping[str, str]


def save_page(
    draft: PageDraft,
    *,
    by: User | None,
    why: str = "",
    ref: str | None = None,
    expect: int | None = None,
    state: State = State.DRAFT,
    at: datetime | None = None,
) -> Page:
    """Create the page, or make the one under `ref` what the draft says. Raises ValidationError; StaleVersion."""
    with transaction.atomic():
        page = Page.opened(ref, expect=expect)
        require_saving(by, page, state)
        page.slug, page.state = draft.slug, state
        page.title, page.text = dict(draft.title), dict(draft.text)
        checked.save(page)
        return page.seal(by=by, why=why, at=at)
