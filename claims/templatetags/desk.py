"""Small things that the desk's templates need."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def of(values: Mapping[str, str], key: str) -> str:
    """What a mapping has under a key: `{{ labels|of:claim.ref }}`; the key itself where it has nothing."""
    return values.get(key, key)
