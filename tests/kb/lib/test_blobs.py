"""The content-addressed store: what is read is what was written."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kb.lib import blobs


def _stored(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_bytes_are_kept_under_their_own_hash(tmp_path):
    digest = blobs.write(b"the fee")
    assert digest == hashlib.sha256(b"the fee").hexdigest()
    assert blobs.read(digest) == b"the fee"
    assert [path.name for path in _stored(tmp_path)] == [digest]


def test_the_same_bytes_are_written_once(tmp_path):
    assert blobs.write(b"x") == blobs.write(b"x")
    assert len(_stored(tmp_path)) == 1


def test_what_is_not_held_is_none():
    digest = hashlib.sha256(b"never seen").hexdigest()
    assert not blobs.held(digest)
    assert blobs.read(digest) is None


def test_damage_is_refused_not_served(tmp_path):
    digest = blobs.write(b"the fee")
    (path,) = _stored(tmp_path)
    path.write_bytes(b"the fei")
    with pytest.raises(blobs.DamagedBlob, match=digest):
        blobs.read(digest)


def test_removing_forgets_the_bytes_and_may_be_done_twice(tmp_path):
    digest = blobs.write(b"x")
    blobs.remove(digest)
    blobs.remove(digest)
    assert not blobs.held(digest)
    assert _stored(tmp_path) == []
