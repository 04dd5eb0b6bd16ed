"""The confined process against parsers that loop, eat, crash, talk, write and call out."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from kb.lib import confined
from kb.lib.confined import Limits, Stopped
from tests.serving import listening


def run(name: str, data: bytes = b"", **options: Any) -> Any:
    limits = Limits(**{"seconds": 20, **options.pop("limits", {})})
    return confined.run(f"tests.kb.lib.unruly:{name}", data, limits=limits, **options)


def stopped(name: str, data: bytes = b"", **limits: Any) -> Stopped:
    with pytest.raises(Stopped) as stop:
        run(name, data, limits=limits)
    return stop.value


def test_a_result_comes_back_and_what_is_printed_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "never to be seen")
    result = run("well", "পাতা ".encode(), again=100_000)
    assert result["text"] == "পাতা " * 100_000
    assert result["folder"] == "/"
    assert set(result["environment"]) == {"LC_ALL", "OMP_THREAD_LIMIT", "PATH"}


def test_a_loop_is_stopped_by_its_processor_time() -> None:
    fault = stopped("loop", cpu_seconds=1)
    assert fault.cause == "time"
    assert "more than 1 seconds of processor time" in str(fault)


def test_waiting_is_stopped_by_the_clock() -> None:
    began = time.monotonic()
    fault = stopped("sleep", seconds=1.5)
    assert (fault.cause, str(fault)) == ("time", "it took longer than 1.5 seconds")
    assert time.monotonic() - began < 30


def test_a_glutton_is_told_from_a_crash() -> None:
    fault = stopped("eat")
    assert (fault.cause, str(fault)) == ("memory", "it needed more than 1,500,000,000 bytes of memory")


def test_too_long_an_answer_is_cut_off() -> None:
    fault = stopped("talk", output=1_000_000)
    assert (fault.cause, str(fault)) == ("output", "it gave more than 1,000,000 bytes")


def test_a_crash_names_its_signal() -> None:
    fault = stopped("crash")
    assert fault.cause == "crash"
    assert "SIGSEGV" in str(fault)


def test_leaving_without_a_word_is_a_crash() -> None:
    assert "ended with status 7" in str(stopped("leave"))


def test_a_bug_and_a_refusal_are_two_things() -> None:
    assert (stopped("fail").cause, stopped("refuse").cause) == ("crash", "parser")
    assert "KeyError: 'what a bug looks like'" in str(stopped("fail"))
    assert str(stopped("refuse")) == "this is no football result"


def test_endless_nesting_is_no_crash() -> None:
    assert str(stopped("descend")) == "it is nested too deeply"


def test_no_file_can_be_written(tmp_path: Path) -> None:
    assert run("write", str(tmp_path / "new").encode()) == "PermissionError"
    assert list(tmp_path.iterdir()) == []


def test_no_connection_is_made_from_python() -> None:
    with listening() as inside:
        assert run("connect", f"127.0.0.1 {inside.port}".encode()) != "connected"
        assert inside.visitors() == 0


def test_no_connection_is_made_by_a_program_where_the_system_lets_us_leave_the_network() -> None:
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no network namespaces for this user: only Python's own sockets are closed")
    with listening() as inside:
        assert run("call_out", f"127.0.0.1 {inside.port}".encode()) == "refused"
        assert inside.visitors() == 0


def test_what_a_parser_started_dies_with_it() -> None:
    started = _sleepers()
    assert stopped("leave_a_child", seconds=2).cause == "time"
    deadline = time.monotonic() + 5
    while (left := _sleepers() - started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == set()


def _sleepers() -> set[int]:
    """Processes whose command is `sleep 60`, zombies left out."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cmdline").read_bytes() == b"sleep\x0060\x00":
                found.add(int(folder.name))
        except OSError:  # it ended meanwhile
            continue
    return found


def test_a_child_that_stops_reading_stops_nobody() -> None:
    with pytest.raises(Stopped):
        confined.run("tests.kb.lib.unruly:leave", bytes(30_000_000), limits=Limits(memory=200_000_000))
