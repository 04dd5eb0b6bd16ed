"""Form fields for this project's kinds of value: text per language, lines, choices kept as a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from kb.lib.prose import FALLBACK
from kb.lib.text import unix_lines
from kb.lib.validators import validate_prose


def language_name(tag: str) -> str:
    """The language's name in the language of the page; the tag itself where Django knows none."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag


class ProseWidget(forms.Widget):
    """One text area a language: the site's languages, and whatever other language the text is in already."""

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        words: Mapping[str, str] = value if isinstance(value, Mapping) else {}
        base = self.build_attrs(self.attrs, dict(attrs or {}))
        base_id = base.pop("id", f"id_{name}")
        ours = [tag for tag, _ in settings.LANGUAGES]
        texts = [
            {
                "tag": tag,
                "language": language_name(tag),
                "name": f"{name}__{tag}",
                "id": f"{base_id}__{tag}",
                "text": words.get(tag, ""),
            }
            for tag in [*ours, *(tag for tag in words if tag not in ours)]
        ]
        return {
            "attrs": base,
            "shown": [one for one in texts if one["text"] or one["tag"] == FALLBACK],
            "folded": [one for one in texts if not one["text"] and one["tag"] != FALLBACK],
        }

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return SafeString(render_to_string("admin/widgets/prose.html", self.get_context(name, value, attrs)))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, Any]:
        start = f"{name}__"
        return {key.removeprefix(start): data[key] for key in data if key.startswith(start)}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}__") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}__{FALLBACK}" if id_ else id_

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class ProseField(forms.Field):
    """Text per language as {tag: text}; languages left empty are left out."""

    widget = ProseWidget
    default_validators = [validate_prose]

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # encoder and decoder are the JSON model field's to give

    def to_python(self, value: Any) -> dict[str, str]:
        words = value if isinstance(value, Mapping) else {}
        texts = {str(tag): unix_lines(str(text)).strip() for tag, text in words.items()}
        return {tag: text for tag, text in texts.items() if text}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 2})} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else unix_lines(str(value or "")).split("\n")
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class QuoteField(forms.CharField):
    """Captured text, byte for byte: nothing stripped, browsers' line ends undone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"widget": forms.Textarea(attrs={"rows": 2, "dir": "auto"})} | kwargs | {"strip": False}
        )

    def to_python(self, value: Any) -> str:
        return unix_lines(str(super().to_python(value) or ""))


class TicksField(forms.MultipleChoiceField):
    """Some of a few choices, kept as a list in their order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(choices=choices, **{"required": False} | kwargs)
