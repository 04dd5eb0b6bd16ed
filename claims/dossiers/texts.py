"""The texts that a dossier brings along: files below its folder, held against what its snapshots say of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.capturing.documents import LARGEST
from claims.capturing.sniffing import PLAIN
from claims.dossiers.reading import DossierFaults, Fault, Item
from claims.models import CaptureAttempt, Evidence, Snapshot
from kb.lib import blobs
from kb.lib.saying import Sentence
from kb.lib.text import HostileText, clean

THE_TEXT: Final = Sentence(gettext_noop("the text"))
BYTE_ORDER_MARK: Final = "\ufeff"
_DUMPED: Final = re.compile(r"texts/[0-9a-f]{64}\.txt")


class _Unusable(ValueError):
    """A file that cannot be taken as a text; the message says why and what to do."""


def texts_of(items: Sequence[Item], folder: Path) -> dict[str, bytes]:
    """The texts that snapshots name a `file` for, in UTF-8, by their sha-256.

    Raises DossierFaults where a file is missing, lies outside of `folder`, is no plain text, or is not what its
    snapshot says.
    """
    faults: list[Fault] = []
    texts: dict[str, bytes] = {}
    for item, number, snapshot in _with_files(items):
        try:
            data = _bytes(folder, snapshot["file"])
            wrong = _differences(snapshot, data)
        except _Unusable as fault:
            faults.append(item.fault(str(fault), "snapshots", number, "file"))
            continue
        faults += [item.fault(said, "snapshots", number, field) for field, said in wrong]
        texts[snapshot["text_sha256"]] = data
    if faults:
        raise DossierFaults(faults)
    return texts


def _with_files(items: Sequence[Item]) -> Iterator[tuple[Item, int, Mapping[str, Any]]]:
    """Each snapshot that names a file, with its item and its place in the item."""
    for item in items:
        for number, snapshot in enumerate(item.data.get("snapshots", ())):
            if "file" in snapshot:
                yield item, number, snapshot


def _bytes(folder: Path, name: str) -> bytes:
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise _Unusable(
            _("%(file)s leads out of the dossier's folder: write the path from there to a file below it")
            % {"file": repr(name)}
        )
    try:
        if not path.is_file():
            raise _Unusable(
                _("%(file)s is no file in the dossier's folder: put the text there, or leave `file` out")
                % {"file": repr(name)}
            )
        if not path.resolve().is_relative_to(folder.resolve()):
            raise _Unusable(
                _("%(file)s is a link that leads out of the dossier's folder: put the text itself there")
                % {"file": repr(name)}
            )
        if path.stat().st_size > LARGEST:
            raise _Unusable(
                _("%(file)s is larger than %(most)s bytes: leave `file` out")
                % {"file": repr(name), "most": f"{LARGEST:,}"}
            )
        return path.read_bytes()
    except OSError as fault:
        raise _Unusable(
            _("%(file)s cannot be read: %(fault)s") % {"file": repr(name), "fault": fault.strerror}
        ) from fault


def _differences(snapshot: Mapping[str, Any], data: bytes) -> list[tuple[str, str]]:
    """The fields of the snapshot that say something else than the file, and what. Raises _Unusable."""
    name, digest = snapshot["file"], hashlib.sha256(data).hexdigest()
    try:
        text = clean(data.decode("utf-8"), what=THE_TEXT, multiline=True, bidi_ok=True)
    except UnicodeDecodeError as fault:
        raise _Unusable(
            _("%(file)s is no UTF-8 (byte %(place)s): save it as plain text in UTF-8")
            % {"file": repr(name), "place": fault.start}
        ) from fault
    except HostileText as fault:
        raise _Unusable(
            _("%(file)s cannot be taken: %(fault)s") % {"file": repr(name), "fault": fault.said(_)}
        ) from fault
    fields = ["text_sha256"]
    if _is_plain(
        snapshot
    ):  # the bytes of a page or a PDF are not those of its text, and cannot be checked here
        fields.append("sha256")
        if text.startswith(BYTE_ORDER_MARK):
            raise _Unusable(
                _("%(file)s begins with a byte order mark: save it without") % {"file": repr(name)}
            )
    wrong = [
        (
            field,
            _("%(field)s: %(file)s has the sha-256 %(digest)s")
            % {"field": field, "file": repr(name), "digest": digest},
        )
        for field in fields
        if snapshot[field] != digest
    ]
    if snapshot["characters"] != len(text):
        said = _("characters: %(file)s has %(number)s characters") % {"file": repr(name), "number": len(text)}
        wrong.append(("characters", said))
    return wrong


@contextmanager
def kept(texts: Mapping[str, bytes]) -> Iterator[set[str]]:
    """Hold the texts in the store for what runs inside; the sha-256 of those that it did not hold before.

    When what runs inside fails, these are taken out again, unless somebody else captured one in the meantime.
    """
    fresh = {digest: _uses(digest) for digest in texts if not blobs.held(digest)}
    try:
        for digest in fresh:
            blobs.write(texts[digest])
        yield set(fresh)
    except BaseException:
        for digest, uses in fresh.items():
            if _uses(digest) == uses:
                blobs.remove(digest)
        raise


def _uses(digest: str) -> tuple[int, int]:
    """How many snapshots are of these bytes or this text, and how often they were captured."""
    snapshots = Snapshot.objects.filter(Q(sha256=digest) | Q(text_sha256=digest))
    return snapshots.count(), CaptureAttempt.objects.filter(snapshot__in=snapshots).count()


def misquotes(texts: Mapping[str, bytes], items: Sequence[Item]) -> list[Fault]:
    """Where words pinned to one of the texts do not stand in it, also those of claims outside of the dossier."""
    faults = []
    for item, number, snapshot in _with_files(items):
        text = texts[snapshot["text_sha256"]].decode()
        pinned = Evidence.objects.filter(snapshot__text_sha256=snapshot["text_sha256"])
        faults += [
            item.fault(
                _("claim %(ref)s: %(fault)s") % {"ref": one.claim.ref, "fault": wrong},
                "snapshots",
                number,
                "file",
            )
            for one in pinned.select_related("claim")
            if (wrong := one.misquotes(text))
        ]
    return faults


def _is_plain(snapshot: Mapping[str, Any]) -> bool:
    return bool(snapshot.get("media_type", PLAIN) == PLAIN)


# Dumping --------------------------------------------------------------------------------------------------


def attach(item: Mapping[str, Any]) -> dict[str, bytes]:
    """Name a file in each snapshot of a dumped source whose text is held here; the files, by name."""
    files: dict[str, bytes] = {}
    for snapshot in item.get("snapshots", ()):
        digest = snapshot["text_sha256"]
        recoded = _is_plain(snapshot) and snapshot["sha256"] != digest  # it came in another encoding
        text = None if recoded else blobs.read(digest)
        if text is not None:
            snapshot["file"] = f"texts/{digest}.txt"
            files[snapshot["file"]] = text
    return files


def is_dumped(path: Path, folder: Path) -> bool:
    """Whether an earlier dump to `folder` put the text at `path` there."""
    return _DUMPED.fullmatch(path.relative_to(folder).as_posix()) is not None
