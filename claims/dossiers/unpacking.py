"""A dossier that came as a zip: unpacked into a folder of its own, nothing outside of it, and not too much."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from stat import S_ISLNK
from tempfile import TemporaryDirectory
from typing import Final

from claims.dossiers.reading import DossierFaults, Fault

LARGEST: Final = 30_000_000  # bytes of the zip
MOST_FILES: Final = 5_000
MOST_UNPACKED: Final = 150_000_000  # bytes of all files together, counted as they are written
ENDINGS: Final = (".yaml", ".txt")
_CHUNK: Final = 1 << 16
# What programs add to a zip by themselves: left out without a word.
_ADDED: Final = ("__MACOSX", ".DS_Store", "Thumbs.db")


@contextmanager
def unpacked(data: bytes, name: str = "the zip") -> Iterator[Path]:
    """The folder of the dossier in the zip `data`, for what runs inside. Raises DossierFaults."""
    if len(data) > LARGEST:
        raise _fault(name, f"it is larger than {LARGEST:,} bytes: load it from the command line")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError) as fault:
        raise _fault(name, "this is no zip: pack the dossier's folder as one") from fault
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
        raise _fault(name, f"it has {len(members):,} files, the most is {MOST_FILES:,}")
    faults = [Fault(one.filename[:200], 0, said) for one in members if (said := _wrong(one))]
    folded = [one.filename.casefold() for one in members]
    faults += [
        Fault(one.filename[:200], 0, "another file in the zip has this name") for one in members
        if folded.count(one.filename.casefold()) > 1
    ]  # fmt: skip
    if faults:
        raise DossierFaults(faults)
    if not members:
        raise _fault(name, "it is empty: a dossier has *.yaml files")
    return members


def _wrong(member: zipfile.ZipInfo) -> str:
    path = PurePosixPath(member.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in member.filename:
        return "this path leads out of the dossier's folder: pack the folder anew"
    if S_ISLNK(member.external_attr >> 16):
        return "this is a link: pack the file itself"
    if member.flag_bits & 0x1:
        return "this is encrypted: pack it without a password"
    if path.suffix not in ENDINGS:
        return f"only files that end in {' or '.join(ENDINGS)} are taken: leave this one out"
    return ""


def _common_folder(paths: Sequence[PurePosixPath]) -> PurePosixPath:
    """The folder that all files are in, where the folder itself was packed and not what is in it."""
    tops = {path.parts[0] for path in paths}
    alone = len(tops) == 1 and all(len(path.parts) > 1 for path in paths)
    return PurePosixPath(tops.pop()) if alone else PurePosixPath()


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, most: int, name: str) -> int:
    """Write one file and return its size, which the zip's own word is not taken for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    try:
        with archive.open(member) as packed, path.open("xb") as file:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise _fault(name, f"unpacked it has more than {MOST_UNPACKED:,} bytes")
                file.write(chunk)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, zlib.error) as fault:
        raise DossierFaults(
            [Fault(member.filename[:200], 0, "this cannot be unpacked: pack it anew")]
        ) from fault
    return size


def _fault(name: str, message: str) -> DossierFaults:
    return DossierFaults([Fault(name, 0, message)])
