"""Another Claimbook beside the one under test: a process, a folder and an SQLite file of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


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
