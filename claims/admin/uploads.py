"""A file between its preview and its confirmation: one for each person and purpose, the latest."""

from __future__ import annotations

import hashlib

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def _name(user: User, purpose: str) -> str:
    return f"waiting/{user.pk}-{purpose}"


def keep(user: User, purpose: str, data: bytes) -> str:
    """Keep `data` in place of what was kept before; its sha-256, by which a confirmation asks for it."""
    forget(user, purpose)
    default_storage.save(_name(user, purpose), ContentFile(data))
    return hashlib.sha256(data).hexdigest()


def kept(user: User, purpose: str, sha256: str) -> bytes | None:
    """What is kept, if it is still what was previewed."""
    name = _name(user, purpose)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name, "rb") as file:
        data = bytes(file.read())
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def forget(user: User, purpose: str) -> None:
    if default_storage.exists(_name(user, purpose)):
        default_storage.delete(_name(user, purpose))
