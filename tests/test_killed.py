"""A process killed in the middle of a load leaves all of it or nothing, and a ledger that verifies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.claims.dossiers.bases import an_empty_base
from tests.conftest import ROOT


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A base of its own, in SQLite on disk."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    folder = str(an_empty_base(tmp_path))
    return kept | {"DEBUG": "true", "CLAIMBOOK_DATA": folder, "DJANGO_SETTINGS_MODULE": "kb.settings"}


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_kill_9_during_a_load_loses_nothing_and_leaves_nothing_half_done(environment):
    load = ["load_dossier", "dossiers/deepseek", "--publish"]
    killed = 0
    for seconds in (1.2, 2.4, 4.0):
        running = subprocess.Popen(
            [sys.executable, "manage.py", *load], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        time.sleep(seconds)
        killed += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()
        checked = manage(environment, "verify")
        assert checked.returncode == 0, checked.stderr
        assert checked.stdout.startswith(("0 editions, 0 records", "1 editions"))
    assert killed, "every load was over before it was killed: shorten the times"
    again = manage(environment, *load)
    assert again.returncode == 0, again.stderr
    assert manage(environment, "verify").stdout.startswith("1 editions")
