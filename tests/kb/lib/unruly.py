"""Parsers that misbehave, to be run in a confined process only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any


def well(data: bytes, *, again: int) -> dict[str, Any]:
    print("this is no answer")
    return {"text": data.decode() * again, "environment": sorted(os.environ), "folder": os.getcwd()}


def loop(data: bytes) -> None:
    while True:
        pass


def sleep(data: bytes) -> None:
    time.sleep(60)


def eat(data: bytes) -> int:
    return len(bytes(3_000_000_000))


def talk(data: bytes) -> str:
    return "x" * 10_000_000


def crash(data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(data: bytes) -> None:
    os._exit(7)


def fail(data: bytes) -> None:
    raise KeyError("what a bug looks like")


def refuse(data: bytes) -> None:
    raise ValueError("this is no football result")


def descend(data: bytes) -> None:
    descend(data)


def write(data: bytes) -> str:
    path = data.decode()
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write("x")
    except OSError as fault:
        return type(fault).__name__
    return "written"


def connect(data: bytes) -> str:
    """By Python's sockets."""
    host, port = data.decode().split(" ")
    try:
        socket.create_connection((host, int(port)), 2).close()
    except OSError as fault:
        return type(fault).__name__
    return "connected"


def call_out(data: bytes) -> str:
    """By a program of its own, which no hook of this interpreter reaches."""
    host, port = data.decode().split(" ")
    code = f"import socket; socket.create_connection(({host!r}, {int(port)}), 2)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=False)
    return "connected" if done.returncode == 0 else "refused"


def leave_a_child(data: bytes) -> None:
    """A program that outlives its parser, unless the whole group is killed: it says so in a pipe."""
    subprocess.Popen(["sleep", "60"])
    subprocess.Popen(["sh", "-c", f"while :; do kill -0 {os.getppid()} || exit; sleep 0.1; done"])
    time.sleep(60)
