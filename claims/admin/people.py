"""Who works at the desk: administrators make people and put them into groups, and cannot make themselves more."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from kb.changelists import Headed

GROUPS: Final = gettext_lazy(
    "Each may do what the one before it may. Contributor: writes claims, sources, entries and disputes, and submits "
    "them. Editor: reviews and approves what others wrote, keeps the vocabulary. Publisher: publishes and withdraws. "
    "Administrator: looks after people. Somebody without a group sees nothing; staff status is needed besides."
)


class Limited(Headed):
    """For Django's admin of users: only a superuser makes superusers, changes one, or hands out single permissions."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        return fields if _is_super(request) else (*fields, "is_superuser", "user_permissions")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name == "groups" and field is not None:
            field.help_text = GROUPS
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return may and (obj is None or not obj.is_superuser or _is_super(request))


def _is_super(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
