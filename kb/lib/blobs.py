"""A content-addressed store: bytes under the name of their own sha-256, written once."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class DamagedBlob(Exception):
    """The stored bytes no longer have the hash they are named for."""


def _name(sha256: str) -> str:
    return f"blobs/{sha256[:2]}/{sha256}"


def write(data: bytes) -> str:
    """Store `data` unless it is there; its sha-256."""
    digest = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(_name(digest)):
        default_storage.save(_name(digest), ContentFile(data))
    return digest


def held(sha256: str) -> bool:
    """Whether this base holds the bytes."""
    return default_storage.exists(_name(sha256))


def read(sha256: str) -> bytes | None:
    """The bytes, or None where they are not held. Raises DamagedBlob when they changed on disk."""
    if not held(sha256):
        return None
    with default_storage.open(_name(sha256), "rb") as file:
        data = bytes(file.read())
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedBlob(f"the stored file {_name(sha256)} no longer has the hash it is named for")
    return data


def remove(sha256: str) -> None:
    """Delete the bytes; only a redaction does that."""
    default_storage.delete(_name(sha256))
