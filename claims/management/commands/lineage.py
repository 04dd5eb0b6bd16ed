"""manage.py lineage FILE … [--language xx] [--format json|text]"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.extraction.identify import identify
from claims.extraction.reading import read
from claims.lineage.collection import Collection, Pair
from claims.lineage.features import Features, features
from claims.management.commands.extract import text_of
from companies.matching import Matcher
from companies.models import Name


class Command(BaseCommand):
    help = "Tell which of these plain texts share an origin, and why; names are those of this base."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="plain text in UTF-8; two or more"
        )
        parser.add_argument(
            "--language", metavar="XX", help="BCP 47 language of the texts; told from each text otherwise"
        )
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = options["files"]
        if len(paths) < 2:
            raise CommandError("give two files or more: one text shares its origin with nothing")
        named = _names(paths)
        matcher = Matcher(Name.objects.spellings())
        read_texts: list[Features] = []
        for number, path in enumerate(paths, 1):
            self._progress("read", number, len(paths))
            text = text_of(path)
            language = options["language"] or identify(text)
            read_texts.append(features(named[path], text, read(text, language, matcher.find(text, language))))
        collection = Collection(read_texts)
        compared = {}
        for numbers, verdict in collection.compared():
            compared[numbers] = verdict
            self._progress("compared", len(compared), len(paths) * (len(paths) - 1) // 2)
        pairs = collection.pairs(compared)
        if options["format"] == "json":
            self.stdout.write(
                json.dumps({"pairs": [_as_json(one) for one in pairs]}, ensure_ascii=False, indent=1)
            )
        else:
            self._table(pairs)

    def _progress(self, what: str, done: int, of: int) -> None:
        if of > 2 and self.stderr.isatty():
            self.stderr.write(f"\r{what} {done:,} of {of:,}\033[K", ending="\n" if done == of else "")

    def _table(self, pairs: list[Pair]) -> None:
        for pair in pairs:
            verdict = pair.verdict
            self.stdout.write(f"{pair.a}  {pair.b}: {verdict.answer} ({verdict.score:.2f})")
            for reason in verdict.why:
                self.stdout.write(f"    {reason}")
            for one in verdict.evidence.drift if verdict.answer != "independent" else ():
                self.stdout.write(f"    {one.kind}: {one.a!r} / {one.b!r}")


def _names(paths: list[Path]) -> dict[Path, str]:
    """What each file is called: its name, or its path where names are not enough."""
    names = [path.name for path in paths]
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise CommandError(f"{twice} is given twice")
    return {path: path.name if names.count(path.name) == 1 else str(path) for path in paths}


def _as_json(pair: Pair) -> dict[str, Any]:
    verdict = pair.verdict
    drift = verdict.evidence.drift if verdict.answer != "independent" else ()
    return {
        "a": pair.a,
        "b": pair.b,
        "verdict": verdict.answer,
        "score": verdict.score,
        "shared": list(verdict.shared),
        "drift": [{"kind": one.kind, "a": one.a, "b": one.b} for one in drift],
        "why": list(verdict.why),
        "common_source": verdict.common_source,
        "copy": {"a": pair.a, "b": pair.b}[verdict.copy] if verdict.copy else None,
    }
