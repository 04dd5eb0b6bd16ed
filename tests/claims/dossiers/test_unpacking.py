"""A zip from a stranger stays in its folder and within its size."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from claims.dossiers import unpacking
from claims.dossiers.reading import DossierFaults
from claims.dossiers.unpacking import unpacked


def packed(**files: bytes) -> bytes:
    return zipped({name.replace("__", "/").replace("_yaml", ".yaml"): data for name, data in files.items()})


def zipped(files: dict[Any, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return whole.getvalue()


def test_a_packed_folder_and_what_is_in_it_come_to_the_same() -> None:
    for data in (
        packed(a_yaml=b"x: 1"),
        packed(topic__a_yaml=b"x: 1"),
        zipped({"topic/a.yaml": b"x: 1", "__MACOSX/a": b""}),
    ):
        with unpacked(data) as folder:
            assert (folder / "a.yaml").read_bytes() == b"x: 1"
            kept = folder
        assert not kept.exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../out.yaml", "out of the dossier"),
        ("/etc/out.yaml", "out of the dossier"),
        ("a/../../out.yaml", "out of the dossier"),
        ("a\\..\\out.yaml", "out of the dossier"),
        ("C:/out.yaml", "out of the dossier"),
        ("run.py", "only files that end"),
        ("x" * 300 + "/a.yaml", "longer than 255 bytes"),
        ("ডি" * 50 + ".yaml", "longer than 255 bytes"),
        ("a/" * 600 + "a.yaml", "longer than 1000 bytes"),
    ],
)
def test_paths_that_lead_out_and_files_of_other_kinds_are_refused(
    name: str, says: str, tmp_path: Path
) -> None:
    info = zipfile.ZipInfo()
    info.filename = name
    with pytest.raises(DossierFaults, match=says), unpacked(zipped({info: b"x"})):
        pass


def test_a_file_beside_a_folder_of_its_name_is_refused_by_name() -> None:
    for other in ("a.yaml/b.yaml", "A.yaml/b.yaml"):
        with pytest.raises(DossierFaults) as refused, unpacked(zipped({"a.yaml": b"x: 1", other: b"x: 1"})):
            pass
        assert [(one.file, one.message) for one in refused.value.faults] == [
            ("a.yaml", "a folder in the zip has this name: rename one of them")
        ]


def test_what_the_disk_does_not_take_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any, **_how: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    packed = zipped({"topic/b/a.yaml": b"x: 1"})
    with (
        pytest.raises(DossierFaults, match=r"topic/b/a\.yaml:0: this cannot be unpacked"),
        unpacked(packed),
    ):
        pass


def test_links_are_refused() -> None:
    link = zipfile.ZipInfo("link.yaml")
    link.external_attr = 0o120777 << 16
    with pytest.raises(DossierFaults, match="this is a link"), unpacked(zipped({link: b"/etc/passwd"})):
        pass


def test_the_size_is_counted_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 100_000)
    bomb = zipped({"a.yaml": b"0" * 90_000, "b.yaml": b"0" * 90_000})
    assert len(bomb) < 2_000
    with pytest.raises(DossierFaults, match="more than 100,000 bytes"), unpacked(bomb):
        pass


@pytest.mark.parametrize("data", [b"", b"no zip", zipped({"a.yaml": b"x"})[:-30]])
def test_what_is_no_zip_says_so(data: bytes) -> None:
    with pytest.raises(DossierFaults, match="no zip"), unpacked(data):
        pass


def test_too_many_files_and_names_that_differ_by_case_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(DossierFaults, match="has this name"),
        unpacked(zipped({"a.yaml": b"", "A.yaml": b""})),
    ):
        pass
    monkeypatch.setattr(unpacking, "MOST_FILES", 1)
    with pytest.raises(DossierFaults, match="2 files"), unpacked(zipped({"a.yaml": b"", "b.yaml": b""})):
        pass
