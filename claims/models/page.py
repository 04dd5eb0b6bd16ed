"""What the house says of itself: how it works, how it corrects, who pays for it, how to reach it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.lib.fields import Prose, SlugText
from kb.lib.spoken import spoken
from kb.models import Body, Root


class Page(Root):
    """A page in the editors' words. `text` is Markdown (CommonMark) without HTML."""

    KIND = "page"

    slug = SlugText(verbose_name=_("slug"), unique=True)
    title = Prose(verbose_name=_("title"))
    text = Prose(verbose_name=_("text"))

    class Meta:
        ordering = ("slug",)
        verbose_name = _("page of the house")
        verbose_name_plural = _("pages of the house")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(title={}) & ~models.Q(text={}), name="claims_page_has_a_title_and_a_text"
            ),
        )

    def __str__(self) -> str:
        return spoken(self.title)

    def body(self) -> Body:
        return {"ref": self.ref, "slug": self.slug, "title": self.title, "text": self.text}
