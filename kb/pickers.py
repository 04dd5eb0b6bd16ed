"""Pickers of things in rows: what is chosen in any row of a formset is looked up once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.forms import Field


class RowPicker(AutocompleteSelect):
    """An autocomplete that stands in many rows; its copies share what they have looked up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen: set[str] = set()  # in any row
        self._found: dict[str, Any] = {}

    def optgroups(self, name: str, value: Iterable[Any], attrs: Any = None) -> Any:
        here = [str(one) for one in value if str(one).isdecimal()]
        if not self._found.keys() >= set(here):
            rows = self.choices.queryset.using(self.db).filter(pk__in=self.chosen.union(here))
            self._found |= {str(row.pk): row for row in rows}
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        for one in here:
            if row := self._found.get(one):
                called = self.choices.field.label_from_instance(row)
                options.append(self.create_option(name, row.pk, called, True, len(options)))
        return [(None, options, 0)]


def gather(fields: Mapping[str, Field], rows: Iterable[Mapping[str, Any]]) -> None:
    """Tell the pickers among the fields of a row what all rows hold, by the names of the fields."""
    pickers = {name: picker for name, field in fields.items() if (picker := _picker(field.widget))}
    for row in rows if pickers else ():
        for name, picker in pickers.items():
            if str(value := row.get(name) or "").isdecimal():
                picker.chosen.add(str(value))


def _picker(widget: Any) -> RowPicker | None:
    inner = widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget
    return inner if isinstance(inner, RowPicker) else None
