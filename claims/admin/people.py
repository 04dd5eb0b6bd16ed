"""Who works at the desk: administrators make people and put them into groups, and cannot make themselves more."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class Limited:
    """For Django's admin of users: only a superuser makes superusers, changes one, or hands out single permissions."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        return fields if _is_super(request) else (*fields, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return may and (obj is None or not obj.is_superuser or _is_super(request))


def _is_super(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
