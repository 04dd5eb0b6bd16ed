"""What a browser would send back: the fields of a page's form as they stand in its HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

Data = dict[str, Any]


class _Fields(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.data = form_id, False, Data()
        self.area = self.select = ""
        self.first = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "textarea":
            self.area, self.data[name], self.first = name, "", True
        elif tag == "select":
            self.select = name
            self.data.setdefault(name, [] if "multiple" in given else "")
        elif tag == "option" and "selected" in given and self.select:
            self._add(self.select, given.get("value", ""))
        elif tag == "input" and name and given.get("type") not in ("submit", "button"):
            if given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    self.data.setdefault(name, [])
                    self.data[name].append(given.get("value", "on"))
            else:
                self.data[name] = given.get("value", "")

    def _add(self, name: str, value: str) -> None:
        if isinstance(self.data[name], list):
            self.data[name].append(value)
        else:
            self.data[name] = value

    def handle_data(self, data: str) -> None:
        if self.area:
            text = data.removeprefix("\n") if self.first else data
            self.data[self.area] += text
            self.first = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False


def fields(page: Any, form_id: str) -> Data:
    """The data of the form `form_id` on a page, without the rows offered as templates."""
    parser = _Fields(form_id)
    parser.feed(page.content.decode())
    return {name: value for name, value in parser.data.items() if name and "__prefix__" not in name}
