"""Who may do what, as predicates over a user. Superusers may do everything, people who left nothing."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db import models

from claims import press
from kb.models import Root

PUBLISH: Final = "claims.publish_claim"
APPROVE: Final = "claims.approve_claim"

User = AbstractBaseUser | AnonymousUser


def _granted(user: User, permission: str) -> bool:
    """Staff who hold the permission and are still active."""
    return (
        isinstance(user, PermissionsMixin)
        and bool(getattr(user, "is_staff", False))
        and user.has_perm(permission)
    )


def can_edit(user: User, model: type[models.Model]) -> bool:
    """May change things of this model on the desk."""
    return _granted(user, f"{model._meta.app_label}.change_{model._meta.model_name}")


def can_publish(user: User) -> bool:
    """May have the press print an edition, withdrawals included."""
    return _granted(user, PUBLISH)


def can_approve(user: User) -> bool:
    """May vouch for what others wrote."""
    return _granted(user, APPROVE)


def can_approve_root(user: User, root: Root) -> bool:
    """May vouch for this very version: never for one's own, except in one-person mode."""
    return can_approve(user) and (settings.ONE_PERSON_MODE or user.pk not in press.writers(root))
