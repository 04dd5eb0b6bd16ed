"""Running a parser over bytes from a stranger: in a process of its own that can be killed and can do little.

`run` starts this very file as a child (`python -I`), which limits itself before it reads a byte: processor time,
memory, no file may be made or grow, few open files, no new privileges. The parent keeps the clock and kills the
child's whole process group, so that programs the parser calls die with it. The environment is empty but for PATH and
a UTF-8 locale. The child has no network where the system lets it leave the network's namespace (as root, or where
unprivileged user namespaces are allowed); elsewhere Python's sockets are closed to it, which holds for Python code
but not for a parser in C that has been taken over. It reads what files its user may read: their contents could come
back only in the result.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any, Final, Literal

ROOT: Final = Path(__file__).resolve().parents[2]
if __name__ == "__main__":  # in the child, which finds nothing of ours otherwise
    sys.path.insert(0, str(ROOT))

from kb.lib.saying import Fault, Sentence  # noqa: E402
from kb.lib.saying import gettext_noop as _  # noqa: E402

ENVIRONMENT: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
PIPE: Final = 65_536
TOO_LONG: Final = _("it took longer than %(seconds)s seconds")
Cause = Literal["time", "memory", "output", "crash", "parser"]


class Stopped(Fault):
    """The parser gave no result. `cause` says what happened; "parser" means that it refused the bytes itself."""

    def __init__(self, cause: Cause, text: str | Sentence, /, **slots: object) -> None:
        super().__init__(text, **slots)
        self.cause = cause


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one run may use; `seconds` by the clock on the wall, `cpu_seconds` of each of its processes."""

    seconds: float = 60
    cpu_seconds: int = 30
    memory: int = 1_500_000_000  # bytes of address space, of each of its processes
    output: int = 64_000_000  # bytes of JSON
    open_files: int = 64


def run(parser: str, data: bytes, *, limits: Limits | None = None, **options: Any) -> Any:
    """What the function `parser` ("package.module:function") returns for `data` and `options`, by way of JSON.

    The function raises ValueError, best a Fault, to say in words what is wrong with the bytes. Raises Stopped.
    """
    limits = limits or Limits()
    order = json.dumps({"parser": parser, "options": options, "limits": asdict(limits)}).encode()
    child = subprocess.Popen(  # noqa: S603  # this file, under this interpreter, with no shell
        [sys.executable, "-I", "-B", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    try:
        answer = _exchange(child, order + b"\n" + data, limits)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
    return _result(answer, child.returncode, limits)


def _exchange(child: subprocess.Popen[bytes], order: bytes, limits: Limits) -> bytes:
    """Feed the child and read its answer until it closes its end. Raises Stopped for time and output."""
    assert child.stdin is not None  # noqa: S101  # asked for above
    assert child.stdout is not None  # noqa: S101
    ends, answer, rest = monotonic() + limits.seconds, bytearray(), memoryview(order)
    os.set_blocking(child.stdin.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdin, selectors.EVENT_WRITE)
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if (left := ends - monotonic()) <= 0:
                raise Stopped("time", TOO_LONG, seconds=f"{limits.seconds:g}")
            for key, _events in selector.select(left):
                if key.fileobj is child.stdin:
                    rest = rest[_write(child.stdin, rest) :]
                    if not rest:
                        selector.unregister(child.stdin)
                        with suppress(BrokenPipeError):
                            child.stdin.close()
                    continue
                piece = os.read(child.stdout.fileno(), PIPE)
                answer += piece
                if len(answer) > limits.output:
                    raise Stopped("output", _("it gave more than %(most)s bytes"), most=f"{limits.output:,}")
                if not piece:
                    _await_end(child, ends, limits)
                    return bytes(answer)


def _write(pipe: IO[bytes], rest: memoryview) -> int:
    """How many bytes the child took; all of them when it listens no more."""
    try:
        return os.write(pipe.fileno(), rest[:PIPE])
    except BlockingIOError:
        return 0
    except BrokenPipeError:
        return len(rest)


def _await_end(child: subprocess.Popen[bytes], ends: float, limits: Limits) -> None:
    try:
        child.wait(max(ends - monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise Stopped("time", TOO_LONG, seconds=f"{limits.seconds:g}") from None


def _result(answer: bytes, code: int, limits: Limits) -> Any:
    if code == -signal.SIGXCPU:
        raise Stopped(
            "time", _("it used more than %(seconds)s seconds of processor time"), seconds=limits.cpu_seconds
        )
    if code < 0:
        name = signal.Signals(-code).name
        raise Stopped(
            "crash",
            _("the parser crashed (%(signal)s); the file is damaged, or made to do that"),
            signal=name,
        )
    try:
        said = json.loads(answer)
    except ValueError:
        raise Stopped("crash", _("the parser ended with status %(code)s and no result"), code=code) from None
    if "result" in said:
        return said["result"]
    if said["cause"] == "memory":
        raise Stopped("memory", _("it needed more than %(most)s bytes of memory"), most=f"{limits.memory:,}")
    raise Stopped(said["cause"], Sentence.unpacked(said["sentence"]))


# In the child ---------------------------------------------------------------------------------------------


def _confine(limits: Mapping[str, Any]) -> None:
    """Give up what a parser does not need; before anything of the stranger's is read."""
    import ctypes
    import resource

    libc = ctypes.CDLL(None, use_errno=True)
    die_with_parent, no_new_privileges, new_network, new_user = 1, 38, 0x40000000, 0x10000000
    libc.prctl(die_with_parent, signal.SIGKILL, 0, 0, 0)
    libc.prctl(no_new_privileges, 1, 0, 0, 0)
    if libc.unshare(new_network) != 0:
        libc.unshare(new_user | new_network)  # where that is not permitted, the sockets below are closed
    cpu = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))  # at the first SIGXCPU, which says why
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_refusing)


def _refusing(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it cannot be taken out again, but Python code only passes by it."""
    if event.startswith("socket.") and event not in ("socket.gethostname", "socket.__new__"):
        raise PermissionError("a parser has no network")
    if event == "open":
        path, _mode, flags = arguments
        opened = isinstance(path, int) or path == os.devnull  # a pipe to a program
        if not opened and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError("a parser writes no file")


def _answer(order: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    from importlib import import_module

    module, _colon, function = order["parser"].partition(":")
    try:
        return {"result": getattr(import_module(module), function)(data, **order["options"])}
    except MemoryError:
        return {"cause": "memory"}
    except RecursionError:
        said = Sentence(_("it is nested too deeply"))
    except Fault as fault:
        said = fault.sentence
    except ValueError as fault:
        said = Sentence("%(fault)s", {"fault": str(fault) or type(fault).__name__})
    except Exception as fault:
        slots = {"fault": f"{type(fault).__name__}: {fault}"[:400]}
        return {"cause": "crash", "sentence": Sentence(_("the parser failed (%(fault)s)"), slots).packed()}
    return {"cause": "parser", "sentence": said.packed()}


def _main() -> None:
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints is no answer
    order = json.loads(sys.stdin.buffer.readline())  # written by the parent, not by the stranger
    _confine(order["limits"])
    answer = _answer(order, sys.stdin.buffer.read())
    try:
        said = json.dumps(answer, ensure_ascii=True).encode()
    except MemoryError:
        said = b'{"cause": "memory"}'
    pipe.write(said)
    pipe.close()
    os._exit(0)  # at once: what a parser left behind gets no say


if __name__ == "__main__":
    _main()
