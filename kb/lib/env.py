"""Environment variables as settings: every secret also as a file, everything missing said at once."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from environ import Env, ImproperlyConfigured

_RATE: Final = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")


class MissingSettings(Exception):
    """Production values that are not set; the message names each, with what to do."""


class Environment(Env):  # type: ignore[misc]  # django-environ ships no types
    """django-environ's reader, which also takes NAME_FILE for a secret NAME and gathers what production lacks."""

    def __init__(self, environ: Mapping[str, str], *, secrets: Collection[str]) -> None:
        super().__init__()
        self.ENVIRON = dict(environ)
        self.missing: list[str] = []
        for name in secrets:
            if name not in environ and (path := environ.get(f"{name}_FILE")):
                self.ENVIRON[name] = Path(path).read_text(encoding="utf-8").strip()

    def rate(self, name: str, *, default: str) -> str:
        """How often something may be done: 1000/hour. Raises ImproperlyConfigured for anything else."""
        text: str = self.str(name, default=default).strip()
        if not _RATE.fullmatch(text):
            raise ImproperlyConfigured(
                f"{name}={text}: write a number a second, minute, hour or day: {default}"
            )
        return text

    def required(self, name: str, *, why: str, development: str, debug: bool) -> str:
        """The value of `name`; in DEBUG the development value, else remembered as missing."""
        if name in self.ENVIRON:
            return str(self.ENVIRON[name])
        if not debug:
            self.missing.append(f"{name}: {why}")
        return development

    def check(self) -> None:
        """Raise MissingSettings when a value that production needs was not given."""
        if self.missing:
            lines = "\n  ".join(self.missing)
            raise MissingSettings(
                "Claimbook cannot start: set these environment variables, "
                f"or DEBUG=true on your own machine.\n  {lines}"
            )
