"""Lists of the admin that are walked by where the last page ended: nothing is counted, and nothing skipped over.

A page costs the same at the end of a hundred thousand rows as at the beginning. Going on is `?after=KEY`, going back
`?before=KEY`, the primary key of the last or first row that was shown; rows that come in between are neither repeated
nor missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

AFTER: Final = "after"
BEFORE: Final = "before"
_NOTHING: Final = Q(pk__in=[])


class Walked(ChangeList):
    """A page of a list, with `next_url` and `previous_url`; `result_count` is of this page only."""

    walked = True

    def get_filters_params(self, params: Any = None) -> Any:
        wanted = super().get_filters_params(params)
        return {name: value for name, value in wanted.items() if name not in (AFTER, BEFORE)}

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Another order or filter begins at the first page."""
        return super().get_query_string(new_params, [*(remove or ()), AFTER, BEFORE])

    def get_results(self, request: HttpRequest) -> None:
        keys = [_Key(self.model, term) for term in self.get_ordering(request, self.queryset)]
        backwards = BEFORE in self.params and AFTER not in self.params
        edge = self._edge(keys, str(self.params.get(BEFORE if backwards else AFTER, "")))
        rows = (
            self.queryset if edge is None else self.queryset.filter(_beyond(keys, edge, backwards=backwards))
        )
        found = list(rows.order_by(*(key.order(backwards) for key in keys))[: self.list_per_page + 1])
        more, shown = len(found) > self.list_per_page, found[: self.list_per_page]
        if backwards:
            shown.reverse()
        self.next_url = self._page(AFTER, shown[-1]) if shown and (more or backwards) else ""
        has_previous = more if backwards else edge is not None
        self.previous_url = self._page(BEFORE, shown[0]) if shown and has_previous else ""
        self.result_list: Any = shown
        self.result_count = len(shown)
        self.full_result_count = None
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True
        self.paginator = Paginator(shown, self.list_per_page)

    def _page(self, name: str, row: Model) -> str:
        return super().get_query_string({name: row.pk}, [BEFORE if name == AFTER else AFTER])

    def _edge(self, keys: Sequence[_Key], asked: str) -> Sequence[Any] | None:
        """The keys of the row under the asked primary key, on the list or no longer; None where there is none."""
        if not asked.isdecimal() or len(asked) > 18:
            return None
        rows = self.root_queryset.order_by().filter(pk=int(asked))
        return rows.values_list(*(key.name for key in keys)).first()


class _Key:
    """One column of an order. What is not there comes first, on every database."""

    def __init__(self, model: type[Model], term: Any) -> None:
        if not isinstance(term, str):
            raise TypeError(f"a walked list is ordered by names of fields and annotations, not by {term!r}")
        self.name, self.descending = term.removeprefix("-"), term.startswith("-")
        self.nullable = _nullable(model, self.name)

    def order(self, backwards: bool) -> Any:
        descending = self.descending != backwards
        if not self.nullable:
            return f"-{self.name}" if descending else self.name
        return F(self.name).desc(nulls_last=True) if descending else F(self.name).asc(nulls_first=True)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        """What comes after the value in the order, or before it."""
        if self.descending != backwards:
            if value is None:
                return _NOTHING
            lower = Q(**{f"{self.name}__lt": value})
            return lower | Q(**{f"{self.name}__isnull": True}) if self.nullable else lower
        if value is None:
            return Q(**{f"{self.name}__isnull": False})
        return Q(**{f"{self.name}__gt": value})


def _nullable(model: type[Model], name: str) -> bool:
    if name == "pk":
        return False
    try:
        return any(getattr(field, "null", False) for field in get_fields_from_path(model, name))
    except FieldDoesNotExist:
        return False  # an annotation: a number


def _beyond(keys: Sequence[_Key], edge: Sequence[Any], *, backwards: bool) -> Q:
    """(a, b) > (x, y) as a > x, or a = x and b > y."""
    found, equal = _NOTHING, Q()
    for key, value in zip(keys, edge, strict=True):
        found |= equal & key.beyond(value, backwards=backwards)
        equal &= key.same(value)
    return found


class Headed:
    """For an admin whose list is called by what stands in it, not by what one may do there."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        page: Any = super().get_changelist_instance(request)  # type: ignore[misc]
        page.title = capfirst(page.opts.verbose_name_plural)
        return page


class Peeking(Paginator):  # type: ignore[type-arg]
    """Pages of a picker: looks one row further instead of counting all."""

    def page(self, number: int | str) -> Page[Any]:
        try:
            place = int(number)
        except ValueError:
            place = 0
        if place < 1:
            raise EmptyPage(_("There is no such page."))
        first = (place - 1) * self.per_page
        rows: list[Any] = list(self.object_list[first : first + self.per_page + 1])
        return Peeked(rows[: self.per_page], place, self, more=len(rows) > self.per_page)


class Peeked(Page[Any]):
    def __init__(self, rows: QuerySet[Any] | list[Any], number: int, paginator: Any, *, more: bool) -> None:
        super().__init__(rows, number, paginator)
        self._more = more

    def has_next(self) -> bool:
        return self._more
