"""Who works at the desk: administrators make people and put them into groups, and cannot make themselves more."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.workflow import Role
from kb.changelists import Headed

GROUPS: Final = gettext_lazy(
    "Each may do what the one before it may. Contributor: writes claims, sources, entries and disputes, and submits "
    "them. Editor: reviews and approves what others wrote, keeps the vocabulary. Publisher: publishes and withdraws. "
    "Administrator: looks after people. Somebody without a group sees nothing; staff status is needed besides."
)
DEEDS: Final = {
    "add": gettext_lazy("Can add %(thing)s"),
    "change": gettext_lazy("Can change %(thing)s"),
    "delete": gettext_lazy("Can delete %(thing)s"),
    "view": gettext_lazy("Can view %(thing)s"),
}
OWN: Final = {
    "propose_claim": gettext_lazy("Can propose claims and what they rest on"),
    "approve_claim": gettext_lazy("Can approve claims and what they rest on"),
    "publish_claim": gettext_lazy("Can publish and withdraw claims and what they rest on"),
    "administer_claim": gettext_lazy("Can administer the desk"),
}
UNTRANSLATED: Final = (
    gettext_lazy("API Key Permissions"),
    gettext_lazy("API key"),
)  # what an app calls its own


def group_label(group: Group) -> str:
    """A group in the reader's language where it is a role of the house; another as it is called."""
    return str(Role(group.name).label) if group.name in Role.values else group.name


def permission_label(permission: Permission) -> str:
    """App, thing and deed in the reader's language; what another app has thought of, as that calls it."""
    kind, codename = permission.content_type, permission.codename
    words = [_(word) for word in str(kind).split(" | ")]
    deed = DEEDS.get(codename.removesuffix(f"_{kind.model}"))
    said = deed % {"thing": words[-1]} if deed else OWN.get(codename, permission.name)
    return " | ".join([*words, str(said)])


LABELS: Final[dict[type[Any], Any]] = {Group: group_label, Permission: permission_label}


class Labelled(Headed):
    """For Django's admins of users and of groups: groups and permissions are called as the reader calls them."""

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and db_field.related_model in LABELS:
            field.label_from_instance = LABELS[db_field.related_model]
        return field


class GroupFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        found = super().field_choices(field, request, model_admin)
        return [(key, group_label(Group(name=str(name)))) for key, name in found]


class Grouping(Labelled):
    """For Django's admin of groups."""

    list_display = ("called",)

    @admin.display(description=gettext_lazy("group"), ordering="name")
    def called(self, group: Group) -> str:
        return group_label(group)


class Limited(Labelled):
    """For Django's admin of users: only a superuser makes superusers, changes one, or hands out single permissions."""

    list_filter = ("is_staff", "is_superuser", "is_active", ("groups", GroupFilter))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        return fields if _is_super(request) else (*fields, "is_superuser", "permitted")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Whoever may not hand out single permissions reads them instead."""
        sections = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if _is_super(request):
            return sections
        return [
            (name, options | {"fields": tuple(_READ.get(one, one) for one in options["fields"])})
            for name, options in sections
        ]

    @admin.display(description=gettext_lazy("user permissions"))
    def permitted(self, user: Any) -> str:
        rows = user.user_permissions.select_related("content_type")
        return ", ".join(permission_label(one) for one in rows) or _("none besides those of the groups")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups" and field is not None:
            field.help_text = GROUPS
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may: bool = super().has_change_permission(request, obj)  # type: ignore[misc]
        return may and (obj is None or not obj.is_superuser or _is_super(request))


_READ: Final = {"user_permissions": "permitted"}


def _is_super(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
