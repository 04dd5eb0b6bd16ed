"""Pages of the house: method, corrections policy, funding, contact, in the editors' words."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.actions.pages import PageDraft, save_page
from claims.admin.desk import DeskAdmin
from claims.models import Page
from kb.admin import Cleaned, How, RootForm
from kb.models import Root


class PageForm(RootForm):
    needed = ("title", "text")


class PageAdmin(DeskAdmin):
    form = PageForm
    list_display = ("titled", "slug", "standing")
    search_fields = ("slug", "ref")
    prose_search = "title"
    fieldsets = (
        (
            None,
            {
                "fields": ("title", "slug", "text"),
                "description": _(
                    "The page with the slug “about” opens /about/; others stand under /about/ by their slug. "
                    "The text is Markdown: ## before a heading, an empty line between paragraphs, "
                    "[words](address) for a link."
                ),
            },
        ),
    )

    def save_root(self, own: Cleaned, children: Mapping[str, list[Cleaned]], how: How, root: Root) -> Root:
        return save_page(PageDraft(slug=own["slug"], title=own["title"], text=own["text"]), **how)

    @admin.display(description=_("title"), ordering="slug")
    def titled(self, page: Page) -> str:
        return str(page)
