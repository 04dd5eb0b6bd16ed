"""The task worker, and `serve` that keeps one beside the web process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from claims.management.commands import work
from tests.conftest import ROOT


@pytest.mark.django_db
def test_a_job_that_fails_hinders_no_other_and_is_tried_again(monkeypatch: Any, caplog: Any) -> None:
    done: list[str] = []

    def broken(at: object) -> int:
        raise DatabaseError("locked")

    def counted(at: object) -> int:
        done.append("again")
        return 2

    monkeypatch.setattr(work, "JOBS", {"thing(s) broken": broken, "thing(s) done": counted})
    out = StringIO()
    call_command("work", once=True, stdout=out)
    call_command("work", once=True, stdout=out)
    assert done == ["again", "again"]
    assert out.getvalue().count("2 thing(s) done") == 2
    assert "thing(s) broken" in caplog.text


def test_a_pause_takes_time() -> None:
    with pytest.raises(CommandError, match="more than 0"):
        call_command("work", every=0.0)


def _children(pid: int) -> dict[int, str]:
    """The commands of a process's children, by their id."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if int(parent) == pid:
            found[int(folder.name)] = command
    return found


def _worker(pid: int, *, other_than: int = 0) -> int:
    for _ in range(600):
        for child, command in _children(pid).items():
            if "work --child" in command and child != other_than:
                return child
        time.sleep(0.1)
    raise AssertionError("no worker came up")


@pytest.mark.once
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_serve_keeps_a_worker_and_takes_it_along(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = kept | {
        "DEBUG": "true", "CLAIMBOOK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kb.settings",
        "CLAIMBOOK_DOSSIER": "none", "PORT": str(port),
    }  # fmt: skip
    serving = subprocess.Popen(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        first = _worker(serving.pid)
        os.kill(first, signal.SIGKILL)
        second = _worker(serving.pid, other_than=first)
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(60) == 0
        assert not Path(f"/proc/{second}").exists()
    finally:
        serving.kill()
        serving.wait()
