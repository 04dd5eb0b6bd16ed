"""Another Claimbook beside the one under test: a process, a folder and an SQLite file of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FILE = "claimbook.sqlite3"


@cache
def _migrated() -> bytes:
    """The file of a base without a row: migrating takes longer than what most tests do with it."""
    with tempfile.TemporaryDirectory() as folder:
        elsewhere(Path(folder), ["migrate", "-v0"])
        return (Path(folder) / FILE).read_bytes()


def an_empty_base(folder: Path) -> Path:
    """The folder, with the file of a migrated base without a row."""
    (folder / FILE).write_bytes(_migrated())
    return folder


def elsewhere(folder: Path, *commands: list[str]) -> None:
    """Run management commands in the base whose data lie in `folder`; fails with what they said."""
    ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CLAIMBOOK_TEST_POSTGRES")
    environment = {key: value for key, value in os.environ.items() if key not in ours}
    environment |= {"CLAIMBOOK_DATA": str(folder), "DEBUG": "true"}
    for command in commands:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a dossier, by its name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
