"""Environment variables as settings: loud when something is missing."""

from __future__ import annotations

import pytest
from environ import ImproperlyConfigured

from kb.lib.env import Environment, MissingSettings


def _required(env: Environment, name: str = "KEY", *, debug: bool) -> str:
    return env.required(name, why="it signs sessions", development="for-development", debug=debug)


def test_a_given_value_is_taken():
    env = Environment({"KEY": "given"}, secrets=[])
    assert _required(env, debug=False) == "given"
    env.check()


def test_development_needs_nothing():
    env = Environment({}, secrets=[])
    assert _required(env, debug=True) == "for-development"
    env.check()


def test_production_names_everything_that_is_missing_and_why():
    env = Environment({}, secrets=[])
    _required(env, "KEY", debug=False)
    _required(env, "HOSTS", debug=False)
    with pytest.raises(MissingSettings) as refusal:
        env.check()
    assert "KEY: it signs sessions" in str(refusal.value)
    assert "HOSTS: it signs sessions" in str(refusal.value)


def test_a_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text("from a file\n", encoding="utf-8")
    env = Environment({"KEY_FILE": str(tmp_path / "key")}, secrets=["KEY"])
    assert _required(env, debug=False) == "from a file"


def test_the_variable_goes_before_the_file(tmp_path):
    env = Environment({"KEY": "given", "KEY_FILE": str(tmp_path / "none")}, secrets=["KEY"])
    assert _required(env, debug=False) == "given"


def test_only_secrets_are_read_from_files(tmp_path):
    env = Environment({"KEY_FILE": str(tmp_path / "none")}, secrets=["OTHER"])
    assert _required(env, debug=True) == "for-development"


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        Environment({"KEY_FILE": str(tmp_path / "none")}, secrets=["KEY"])


@pytest.mark.parametrize("text", ["lots", "1000/fortnight", "10/2h", "0/hour", "5/month", "-1/day", ""])
def test_a_rate_that_means_nothing_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured, match=r"RATE=.*: write a number a second"):
        Environment({"RATE": text}, secrets=[]).rate("RATE", default="1/hour")


def test_a_rate_is_taken_as_it_is_written():
    assert Environment({"RATE": " 30/minute "}, secrets=[]).rate("RATE", default="1/hour") == "30/minute"
    assert Environment({}, secrets=[]).rate("RATE", default="1/hour") == "1/hour"
