"""manage.py serve: what `make run` does once everything is installed."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

DOSSIER = "dossiers/deepseek"
HOUSE = "dossiers/house"  # what a new house says of itself, until its editors say it better
PAUSE = 1.0  # seconds between two looks at the processes
GRACE = 20.0  # seconds that they have to end in


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    """A process with a group of its own, which whatever it starts belongs to."""
    return subprocess.Popen(command, process_group=0)  # noqa: S603  our own programs


def _sweep(group: int) -> None:
    """End what a process left behind: a web server that is stopped while it starts leaves its workers."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


class Command(BaseCommand):
    help = (
        "Migrate, load the dossier into an empty base, make the first login, collect static files, then serve "
        "with the task worker beside."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        self._refuse_a_taken_port(host, port)
        self.say("Bringing the database up to date …")
        call_command("migrate", verbosity=0)
        self._first_login()
        self._first_dossier()
        self.say("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        shown = f"[{host}]" if ":" in host else host
        self.say(
            f"Claimbook is at http://{shown}:{port}/ and its desk at http://{shown}:{port}/admin/ (stop: Ctrl-C)"
        )
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port]
        threads = ["--blocking-threads", "4", "--backpressure", "64", "--no-ws", "--log-level", "warning"]
        web = [*command, *threads, "kb.wsgi:application"]
        worker = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "work", "--child"]
        sys.exit(self._supervise(web, worker))

    def _supervise(self, web: list[str], worker: list[str]) -> int:
        """Run both until the web process ends, which ends the worker; a worker that dies is started again.

        SIGTERM and Ctrl-C end both. Returns the web process's exit status.
        """
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        serving, working = _started(web), _started(worker)
        while not stop.wait(PAUSE) and serving.poll() is None:
            if working.poll() is not None:
                self.say(f"The worker ended with status {working.returncode}; starting it again.")
                working = _started(worker)
        for process in (serving, working):
            if process.poll() is None:
                process.terminate()
        for process in (serving, working):
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
            _sweep(process.pid)
        return 0 if stop.is_set() else serving.wait()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _refuse_a_taken_port(self, host: str, port: str) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, int(port)))
            except (OSError, ValueError, OverflowError) as fault:
                raise CommandError(f"cannot serve on {host}:{port} ({fault}); set HOST or PORT") from fault

    def _first_login(self) -> None:
        users = get_user_model().objects
        if users.exists():
            return
        given = settings.EDITOR_PASSWORD
        password = given or secrets.token_urlsafe(12)
        users.create_superuser(username="editor", password=password)
        self.say(
            "Made the login “editor”"
            + (" with the password you gave." if given else f"; its password, shown once: {password}")
        )

    def _first_dossier(self) -> None:
        from claims.ledger.models import Edition, ThingIndex

        path = os.environ.get("CLAIMBOOK_DOSSIER", DOSSIER)
        if path == "none" or Edition.objects.exists():
            return
        for one in (path, HOUSE):
            if one == HOUSE and ThingIndex.objects.filter(kind="page").exists():
                continue  # the dossier speaks for itself
            self.say(f"Loading {one} …")
            call_command("load_dossier", str(Path(settings.BASE_DIR) / one), publish=True, stdout=self.stdout)
