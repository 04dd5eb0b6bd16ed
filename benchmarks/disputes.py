"""What finding disputes costs: for one claim that is published, and for a check of everything.

    python benchmarks/disputes.py [claims]

In a base of its own on SQLite: a thousand synthetic claims, then `claims` (100,000 without it), a tenth of them about
one subject and property. At either size it publishes one claim of that subject, for which the number of queries must
be the same, and then checks everything, for which the memory may grow with the pages, not with the claims. Exits 1 when
the queries differ, or when the check of all takes more than twice the memory of the check of the first thousand.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
if TYPE_CHECKING:
    from claims.models import Claim

SMALL = 1000
MOST_MORE_MEMORY = 2.0
BATCH = 5000
Body = dict[str, Any]
HOT = 10  # one claim in so many is about the one subject and property


def prepare() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def grow(number: int) -> None:
    """So many more published claims, a tenth of them of the hot subject; the first ones come through the press."""
    from claims import synthetic
    from claims.ledger.models import Record

    if not Record.objects.exists():
        synthetic.make(SMALL - SMALL // HOT)
        number -= SMALL - SMALL // HOT
    patterns = [
        json.loads(one) for one in Record.objects.filter(kind="claim").values_list("body", flat=True)[:SMALL]
    ]
    hot = json.loads(Record.objects.filter(kind="claim").order_by("pk")[0].body)
    chance = random.Random(number)  # figures, not secrets
    for start in range(0, number, BATCH):
        bodies = [
            like_the_hot_one(hot, place)
            if place % HOT == 0 or number == SMALL // HOT
            else elsewhere(chance.choice(patterns), place)
            for place in range(start, min(start + BATCH, number))
        ]
        write(bodies)


def like_the_hot_one(hot: Body, place: int) -> Body:
    """Its subject, property and scope; all but one in a hundred agree."""
    amount = "8000000" if place % (100 * HOT) == 0 else "5000000"
    value = hot["value"] | {"amount": amount, "comparator": "eq"}
    return hot | {"value": value, "point_in_time": None}


def elsewhere(pattern: Body, place: int) -> Body:
    """The same of another subject: one in ten claims has a new one."""
    return pattern | {"subject": f"e{place // HOT:09}"}


def write(bodies: Sequence[Body]) -> None:
    """Rows of desk and ledger, as the actions and the press would have written them."""
    from claims.ledger.indexing import claim_row, references
    from claims.ledger.models import ClaimIndex, Link, Record
    from claims.ledger.printing import FORMAT
    from claims.models import Claim
    from kb.lib.refs import new_ref
    from kb.lib.text import canonical_json, sha256_text

    first = Claim.objects.order_by("pk")[0]
    made = [body | {"ref": new_ref("claim")} for body in bodies]
    Claim.objects.bulk_create(
        [
            Claim(ref=body["ref"], subject_id=first.subject_id, property_id=first.property_id, comparator="eq",
                  amount="1", unit="USD", printed_version=1, version=1, state="approved")
            for body in made
        ]
    )  # fmt: skip
    texts = [canonical_json(body) for body in made]
    records = Record.objects.bulk_create(
        [
            Record(kind="claim", ref=body["ref"], op="added", format=FORMAT, body=text,
                   body_sha256=sha256_text(text), edition_from=1)
            for body, text in zip(made, texts, strict=True)
        ]
    )  # fmt: skip
    pairs = list(zip(records, made, strict=True))
    ClaimIndex.objects.bulk_create(
        [ClaimIndex(record=one, ref=one.ref, edition_from=1, **claim_row(body)) for one, body in pairs]
    )
    Link.objects.bulk_create(
        [
            Link(record=one, kind="claim", ref=one.ref, role=link.role, target_ref=link.target_ref,
                 detail=link.detail, edition_from=1)
            for one, body in pairs
            for link in references("claim", body)
        ]
    )  # fmt: skip


def hot_claim() -> Claim:
    """One more claim of the hot subject that contradicts all others, on the desk."""
    from claims.actions.claims import ClaimDraft, EvidenceDraft, ValueDraft, save_claim
    from claims.models import Claim

    first = Claim.objects.with_parts().order_by("pk")[0]
    draft = ClaimDraft(
        subject=first.subject,
        property=first.property,
        value=ValueDraft(amount="700", comparator="eq", unit="USD"),
        scope=[one.term for one in first.scope.all()],
        evidence=[EvidenceDraft(source=first.evidence.all()[0].source, locator="table 1")],
    )
    return save_claim(draft, by=None)


def publish_one() -> tuple[int, float]:
    """Queries and seconds of looking at one published claim that contradicts the others of the hot subject."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    from claims import press
    from claims.actions.suspecting import suspect
    from claims.ledger.models import Reason

    edition = press.publish([hot_claim()], by=None, reason=Reason.IMPORT)
    reset_queries()
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        suspect(edition)
    return len(queries), time.perf_counter() - began


def check(data: str) -> tuple[float, float, str]:
    """The memory in MB, the seconds and the last line of a full check, in a process of its own."""
    began = time.perf_counter()
    ran = subprocess.run(  # noqa: S603  this very file
        [sys.executable, __file__, "--check"],
        env=os.environ | {"CLAIMBOOK_DATA": data}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said, memory = ran.stdout.strip().splitlines()[-2:]
    return float(memory), time.perf_counter() - began, said


def checking() -> None:
    from django.conf import settings
    from django.core.management import call_command

    prepare()
    settings.DEBUG = False  # else Django keeps the last 9,000 queries in memory
    call_command("find_disputes", quiet=True)
    # Not ru_maxrss, which a process inherits from the one that started it.
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)


def main(claims: int) -> int:
    with tempfile.TemporaryDirectory() as data:
        os.environ["CLAIMBOOK_DATA"] = data
        prepare()
        results = []
        for size, more in ((SMALL, SMALL), (claims, claims - SMALL)):
            grow(more)
            queries, seconds = publish_one()
            memory, took, said = check(data)
            results.append((queries, memory))
            print(f"{size:,} claims, {size // HOT:,} of them of one subject and property")
            print(f"  looking at one that is published: {queries} queries, {1000 * seconds:.0f} ms")
            print(f"  full check: {took:.1f} s, {memory:.0f} MB; {said}")
        (few, before), (many, after) = results
        print(f"queries {few} and {many}; memory grew {after / before:.2f} times")
        return 1 if few != many or after > MOST_MORE_MEMORY * before else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    os.environ.setdefault("DEBUG", "true")
    if sys.argv[1:] == ["--check"]:
        checking()
        sys.exit(0)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
