"""People of the groups. A test that empties the base takes the migration's groups along: they are made anew."""

from __future__ import annotations

import importlib

from django.contrib.auth.models import Group, Permission, User

_GROUPS: dict[str, set[str]] = importlib.import_module("claims.migrations.0006_roles").GROUPS
_PROPOSING: tuple[str, ...] = importlib.import_module("claims.migrations.0016_partners").PROPOSING
_PAGES: dict[str, tuple[str, ...]] = importlib.import_module("claims.migrations.0011_pages").VERBS
ROLES = {
    role: {"claims.propose_claim"}
    | _GROUPS.get(role, set())
    | {f"claims.{verb}_page" for verb in _PAGES.get(role, ())}
    for role in _PROPOSING
}


def held(role: str) -> set[str]:
    """The permissions of a group, such as "claims.publish_claim"."""
    permissions = Group.objects.get(name=role).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


def member(role: str, name: str) -> User:
    """Somebody new in one group; of the staff, unless they are a partner."""
    group, made = Group.objects.get_or_create(name=role)
    if made:
        known = {f"{one.content_type.app_label}.{one.codename}": one for one in Permission.objects.all()}
        group.permissions.set([known[one] for one in ROLES[role]])
    user = User.objects.create_user(name, password="a-long-password", is_staff=role != "partner")
    user.groups.add(group)
    return user
