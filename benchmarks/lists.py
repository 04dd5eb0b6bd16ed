"""How much longer a list of the desk takes with 100,000 claims than with 1,000: `python benchmarks/lists.py`.

A base of its own in a temporary folder (SQLite): 1,000 synthetic claims, timed; then the same rows a hundred times over
with refs of their own, written straight into the tables, timed again in the same run. Ends with 1 when a list takes
more than five times as long.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PAGES = (
    "/admin/claims/claim/",
    "/admin/claims/claim/?after=500",
    "/admin/claims/claim/?state__exact=approved",
    "/admin/claims/claim/?q=company",
    "/admin/claims/claim/?q=zymurgy",
    "/admin/claims/claim/?q=1.6+billion",
    "/admin/claims/claim/?q=2023-05",
)
MOST = 5.0
COPIES = 99


def manage(*words: str) -> None:
    subprocess.run(  # noqa: S603  our own command
        [sys.executable, "manage.py", *words], cwd=ROOT, env=os.environ, check=True, stdout=subprocess.DEVNULL
    )


def grow(base: Path) -> int:
    """Every claim and its evidence COPIES times more; how many claims there are then."""
    from kb.lib.refs import new_ref

    with sqlite3.connect(base) as connection:
        claims = _rows(connection, "claims_claim")
        evidence = _rows(connection, "claims_evidence")
        last, last_piece = claims[-1]["id"], evidence[-1]["id"]
        for copy in range(1, COPIES + 1):
            moved = copy * last
            _insert(
                connection,
                "claims_claim",
                [one | {"id": one["id"] + moved, "ref": new_ref("claim")} for one in claims],
            )
            pieces = [
                one | {"id": one["id"] + copy * last_piece, "claim_id": one["claim_id"] + moved}
                for one in evidence
            ]
            _insert(connection, "claims_evidence", pieces)
        connection.execute("ANALYZE")
        (number,) = connection.execute("SELECT COUNT(*) FROM claims_claim").fetchone()
    return int(number)


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    found = connection.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608  our own names
    names = [one[0] for one in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"  # noqa: S608
    connection.executemany(statement, rows)


def timed() -> dict[str, float]:
    """The best of five answers of each page, in seconds."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(
        User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("bench")
    )
    best = {}
    for page in PAGES:
        times = []
        for _ in range(6):
            begun = time.perf_counter()
            assert client.get(page).status_code == 200
            times.append(time.perf_counter() - begun)
        best[page] = min(times[1:])
    return best


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DEBUG": "true", "CLAIMBOOK_DATA": folder, "DJANGO_SETTINGS_MODULE": "kb.settings"}
        os.environ.pop("DATABASE_URL", None)
        manage("migrate", "-v0")
        manage("make_synthetic", "--claims", "1000")
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = ["*"]
        few = timed()
        number = grow(Path(folder) / "claimbook.sqlite3")
        many = timed()
    ratios = {page: many[page] / few[page] for page in PAGES}
    print(f"lists of the desk, 1,000 claims against {number:,}")
    for page in PAGES:
        print(f"  {page:45} {few[page] * 1000:6.0f} ms {many[page] * 1000:6.0f} ms  {ratios[page]:.1f} times")
    return int(max(ratios.values()) > MOST)


if __name__ == "__main__":
    sys.exit(main())
