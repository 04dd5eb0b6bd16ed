"""A dossier that came as a zip: unpacked into a folder of its own, nothing outside of it, and not too much."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from stat import S_ISLNK
from tempfile import TemporaryDirectory
from typing import Final

from django.utils.translation import gettext as _

from claims.dossiers.reading import DossierFaults, Fault

LARGEST: Final = 30_000_000  # bytes of the zip
MOST_FILES: Final = 5_000
MOST_UNPACKED: Final = 150_000_000  # bytes of all files together, counted as they are written
LONGEST_NAME: Final = 255  # bytes of one name, as disks take it
LONGEST_PATH: Final = 1_000
ENDINGS: Final = (".yaml", ".txt")
_CHUNK: Final = 1 << 16
# What programs add to a zip by themselves: left out without a word.
_ADDED: Final = ("__MACOSX", ".DS_Store", "Thumbs.db")


@contextmanager
def unpacked(data: bytes, name: str = "") -> Iterator[Path]:
    """The folder of the dossier in the zip `data`, for what runs inside. Raises DossierFaults."""
    name = name or _("the zip")
    if len(data) > LARGEST:
        said = _("it is larger than %(most)s bytes: load it from the command line")
        raise _fault(name, said % {"most": f"{LARGEST:,}"})
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as fault:
        raise _fault(name, _("this is no zip: pack the dossier's folder as one")) from fault
    with archive, TemporaryDirectory(prefix="dossier-") as folder:
        members = _checked(archive, name)
        root = _common_folder([PurePosixPath(one.filename) for one in members])
        left = MOST_UNPACKED
        for member in members:
            inside = PurePosixPath(member.filename).relative_to(root)
            left -= _write(archive, member, Path(folder) / inside, left, name)
        yield Path(folder)


def _checked(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The files to unpack. Raises DossierFaults for all that may not be there."""
    members = [
        one
        for one in archive.infolist()
        if not one.is_dir() and not set(PurePosixPath(one.filename).parts) & set(_ADDED)
    ]
    if len(members) > MOST_FILES:
        said = {"files": f"{len(members):,}", "most": f"{MOST_FILES:,}"}
        raise _fault(name, _("it has %(files)s files, the most is %(most)s") % said)
    faults = [Fault(one.filename[:200], 0, wrong) for one in members if (wrong := _wrong(one))]
    folded = Counter(_folded(one) for one in members)
    folders = {folder for path in folded for folder in path.parents}
    for one in members:
        if folded[_folded(one)] > 1:
            faults.append(Fault(one.filename[:200], 0, _("another file in the zip has this name")))
        elif _folded(one) in folders:
            faults.append(
                Fault(one.filename[:200], 0, _("a folder in the zip has this name: rename one of them"))
            )
    if faults:
        raise DossierFaults(faults)
    if not members:
        raise _fault(name, _("it is empty: a dossier has *.yaml files"))
    return members


def _folded(member: zipfile.ZipInfo) -> PurePosixPath:
    """The path as disks see it that do not tell capitals from small letters."""
    return PurePosixPath(member.filename.casefold())


def _wrong(member: zipfile.ZipInfo) -> str:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in member.filename:
        return _("this path leads out of the dossier's folder: pack the folder anew")
    if any(len(part.encode(errors="replace")) > LONGEST_NAME for part in path.parts):
        return _("a name in this path is longer than %(most)s bytes: shorten it") % {"most": LONGEST_NAME}
    if len(member.filename.encode(errors="replace")) > LONGEST_PATH:
        return _("this path is longer than %(most)s bytes: shorten it") % {"most": LONGEST_PATH}
    if S_ISLNK(member.external_attr >> 16):
        return _("this is a link: pack the file itself")
    if member.flag_bits & 0x1:
        return _("this is encrypted: pack it without a password")
    if path.suffix not in ENDINGS:
        return _("only files that end in %(endings)s are taken: leave this one out") % {
            "endings": ", ".join(ENDINGS)
        }
    return ""


def _common_folder(paths: Sequence[PurePosixPath]) -> PurePosixPath:
    """The folder that all files are in, where the folder itself was packed and not what is in it."""
    tops = {path.parts[0] for path in paths}
    alone = len(tops) == 1 and all(len(path.parts) > 1 for path in paths)
    return PurePosixPath(tops.pop()) if alone else PurePosixPath()


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int, name: str) -> int:
    """Write one file and return its size, which the zip's own word is not taken for."""
    size = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, path.open("xb") as file:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    said = _("unpacked it has more than %(most)s bytes") % {"most": f"{MOST_UNPACKED:,}"}
                    raise _fault(name, said)
                file.write(chunk)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error) as fault:
        raise DossierFaults(
            [Fault(member.filename[:200], 0, _("this cannot be unpacked: pack it anew"))]
        ) from fault
    return size


def _fault(name: str, message: str) -> DossierFaults:
    return DossierFaults([Fault(name, 0, message)])
