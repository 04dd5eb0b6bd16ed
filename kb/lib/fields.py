"""Model fields for this project's kinds of value, each refusing what must never be stored."""

from typing import TYPE_CHECKING, Any

from django.db import models

from kb.lib import validators

if TYPE_CHECKING:  # Django's fields take type parameters only in their stubs
    Text = models.CharField[str, str]
    Json = models.JSONField[Any, Any]
else:
    Text, Json = models.CharField, models.JSONField


def _with(kwargs: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return defaults | kwargs


class RefField(Text):
    """The immutable, opaque identifier of anything publishable."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "max_length": 10,
            "unique": True,
            "editable": False,
            "validators": [validators.validate_ref],
        }
        super().__init__(**_with(kwargs, defaults))


class SlugText(Text):
    """A readable name in addresses, never reused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_with(kwargs, {"max_length": 100, "validators": [validators.validate_slug]}))


class Line(Text):
    """One line of text for people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_with(kwargs, {"max_length": 500, "validators": [validators.validate_line]}))


class Prose(Json):
    """Text per language, {"en": "…"}; empty when nothing is said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **_with(kwargs, {"default": dict, "blank": True, "validators": [validators.validate_prose]})
        )

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """In order of language: PostgreSQL keeps keys in an order of its own, and a dump is the same everywhere."""
        prose = super().from_db_value(value, expression, connection)
        return dict(sorted(prose.items())) if isinstance(prose, dict) else prose


class Lines(Json):
    """A list of single lines."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **_with(kwargs, {"default": list, "blank": True, "validators": [validators.validate_lines]})
        )


class Address(Text):
    """An http(s) address, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **_with(kwargs, {"max_length": 2000, "blank": True, "validators": [validators.validate_url]})
        )


class EdtfText(Text):
    """A date as EDTF, no more precise than its evidence, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **_with(kwargs, {"max_length": 60, "blank": True, "validators": [validators.validate_edtf]})
        )


class LanguageTag(Text):
    """A BCP 47 language tag."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**_with(kwargs, {"max_length": 35, "validators": [validators.validate_language]}))


class DecimalText(Text):
    """An exact decimal as canonical text (SQLite's own decimals lose digits past fifteen), or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **_with(kwargs, {"max_length": 42, "blank": True, "validators": [validators.validate_decimal]})
        )
