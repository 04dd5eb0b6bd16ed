"""Nothing writes a root behind its action's back.

`bulk_create`, `.update()`, `.create()`, raw SQL and their like write rows without a lock, a version, a check or a
revision, so outside the actions each use is listed here with its reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

PACKAGES = ("kb", "companies", "claims")
BYPASSES = frozenset({
    "bulk_create", "bulk_update", "update", "delete", "create", "get_or_create", "update_or_create", "save_base",
    "abulk_create", "abulk_update", "aupdate", "adelete", "acreate", "aget_or_create", "aupdate_or_create",
    "_raw_delete", "raw", "execute", "executemany",
})  # fmt: skip
ACTIONS = ("claims/actions/", "companies/actions.py")

# (file, function, method) → why this is no way round an action.
ALLOWED = {
    ("claims/admin/uploads.py", "forget", "delete"): "a file, not a row",
    (
        "kb/models.py",
        "seal",
        "create",
    ): "the revision itself, in the one function that every action ends with",
    ("claims/ledger/printing.py", "lock_press", "get_or_create"): "the one row that publishers wait for",
    ("claims/ledger/printing.py", "_forget_words", "execute"): "words of the search index that was redacted",
    ("claims/ledger/read.py", "ancestry", "execute"): "a recursive query that reads",
    ("claims/ledger/read.py", "parents", "execute"): "a recursive query that reads",
    ("claims/ledger/verify.py", "_full_text", "execute"): "a check of the search index",
    ("claims/reconciliation.py", "_looked_up", "execute"): "a query of names that reads",
    ("claims/ledger/printing.py", "_write", "update"): "the ledger's own rows: a successor stamps edition_to",
    ("claims/ledger/printing.py", "_write", "bulk_create"): "the ledger's own rows, printed by the press",
    ("claims/ledger/printing.py", "redact", "update"): "the ledger's own rows, emptied by order of the law",
    ("claims/ledger/printing.py", "redact", "delete"): "index rows of what was redacted",
    ("claims/press.py", "_mark", "update"): "the press's own mark of what it printed; no part of the body",
    ("claims/synthetic.py", "_batch", "bulk_create"): "a base for benchmarks; it writes the revisions too",
    ("kb/lib/children.py", "replace_children", "delete"): "the children of a root, for its action alone",
    ("kb/lib/children.py", "merge_children", "delete"): "the children of a root, for its action alone",
    ("kb/lib/blobs.py", "remove", "delete"): "a file, not a row",
}


def calls(path: Path) -> Iterator[tuple[str, str, ast.Call]]:
    """(function, method, call) for every call of one of BYPASSES in a file."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, str, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            name = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else inside
            if (
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Attribute)
                and child.func.attr in BYPASSES
            ):
                yield inside, child.func.attr, child
            yield from walk(child, name)

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), "")


def is_plain(call: ast.Call, method: str) -> bool:
    """Whether it is a dict's or a set's update: one unnamed argument, which a queryset's never takes."""
    return method == "update" and len(call.args) == 1 and not call.keywords


def bypasses() -> dict[tuple[str, str, str], int]:
    found: dict[tuple[str, str, str], int] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if name.startswith(ACTIONS) or "/migrations/" in name:
                continue
            for function, method, call in calls(path):
                if not is_plain(call, method):
                    found[name, function, method] = call.lineno
    return found


def test_no_code_outside_the_actions_writes_rows_behind_their_back() -> None:
    unknown = [f"{name}:{line} {function}() calls {method}()"
               for (name, function, method), line in bypasses().items()
               if (name, function, method) not in ALLOWED]  # fmt: skip
    assert unknown == [], "write through an action, or say in ALLOWED why this is none of a root's rows"


def test_no_exemption_is_stale() -> None:
    assert set(ALLOWED) - set(bypasses()) == set()


def test_the_walk_finds_what_it_looks_for(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        "def one():\n    Claim.objects.filter(pk=1).update(amount='2')\n    {}.update({'a': 1})\n"
        "class Two:\n    def three(self):\n        self.rows.bulk_update([], ['x'])\n        claim.delete()\n"
    )
    found = [(function, method) for function, method, call in calls(sample) if not is_plain(call, method)]
    assert found == [("one", "update"), ("three", "bulk_update"), ("three", "delete")]
