"""A file from its choice to its confirmation: one waits for each person and purpose, the latest.

With it waits what its preview was held against, so that a confirmation can tell what the desk has done since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kb.lib.text import canonical_json


class FileForm(forms.Form):
    """A file of at most `most` bytes, which is asked before any of it is read."""

    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, most: int, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.most = most

    def clean_file(self) -> UploadedFile[bytes]:
        file = cast("UploadedFile[bytes]", self.cleaned_data["file"])
        if (file.size or 0) > self.most:
            raise ValidationError(
                _("“%(name)s” has %(size)s bytes, the most is %(most)s: split it.")
                % {"name": file.name, "size": f"{file.size:,}", "most": f"{self.most:,}"}
            )
        return file


@dataclass(frozen=True)
class Upload:
    """A file at hand. Once it was previewed and is confirmed, `seen` is what `keep` was given with it."""

    data: bytes
    confirmed: bool = False
    seen: Mapping[str, Any] = field(default_factory=dict)


def upload_of(request: HttpRequest, purpose: str, form: FileForm) -> Upload | None:
    """The file that is chosen or confirmed; None where neither is so, with a message where it is gone."""
    if request.method != "POST":
        return None
    if "sha256" in request.POST:
        found = kept(cast(User, request.user), purpose, request.POST["sha256"])
        if found is None:
            messages.warning(
                request, _("This is no longer the file that you looked at: choose it again, and look again.")
            )
        return found
    return Upload(form.cleaned_data["file"].read()) if form.is_valid() else None


def _name(user: User, purpose: str) -> str:
    return f"waiting/{user.pk}-{purpose}"


def keep(user: User, purpose: str, data: bytes, seen: Mapping[str, Any]) -> str:
    """Keep `data` with `seen` (JSON) in place of what was kept before; the sha-256 of both, to ask for them by."""
    forget(user, purpose)
    whole = canonical_json(dict(seen)).encode() + b"\n" + data
    default_storage.save(_name(user, purpose), ContentFile(whole))
    return hashlib.sha256(whole).hexdigest()


def kept(user: User, purpose: str, sha256: str) -> Upload | None:
    """What is kept, if it is still what was previewed."""
    name = _name(user, purpose)
    if not default_storage.exists(name):
        return None
    with default_storage.open(name, "rb") as file:
        whole = bytes(file.read())
    if hashlib.sha256(whole).hexdigest() != sha256:
        return None
    seen, _end, data = whole.partition(b"\n")
    return Upload(data, confirmed=True, seen=json.loads(seen))


def forget(user: User, purpose: str) -> None:
    if default_storage.exists(_name(user, purpose)):
        default_storage.delete(_name(user, purpose))
