"""How fast relatives are found among 100,000 sources, and how many of them.

    python benchmarks/lineage.py [sources]

Of made-up sources about made-up subjects, one in a hundred is a copy whose figures drifted: some are lost or left
out, names are transliterated, paragraphs dropped. Prints the time, the share of copies whose origin is among the
candidates, the memory, and what adding one source costs at a tenth and at the end. Then it compares each copy with
its candidates. Exits 1 where recall is below 0.95, a verdict's precision below 0.98, or the cost of adding grows
more than twofold.
"""

from __future__ import annotations

import gc
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from claims.extraction.results import Figure
from claims.lineage.candidates import Candidates
from claims.lineage.features import Features
from claims.lineage.rarity import Rarity
from claims.lineage.residue import Residue
from claims.lineage.signs import Sign
from claims.lineage.verdict import compare

COPIES = 0.01
SUBJECTS = 400  # each with names that all articles about it use
CONSONANTS = "bdfgklmnprst"
UNITS = ["USD", "USD", "USD", "EUR", "%", None, None]


def a_figure(chance: random.Random, at: int) -> Sign:
    """Round ones are common, as in the news; one in four is precise."""
    digits = chance.choices([1, 2, 3, 4], [5, 4, 2, 1])[0]
    value = str(chance.randrange(10 ** (digits - 1), 10**digits) * 10 ** chance.randrange(7))
    unit = chance.choice(UNITS)
    figure = Figure(at, at + 5, value, "money" if unit else "count", value, unit=unit)
    return _sign("figure", f"{value} {unit}" if unit else value, at, figure)


def _sign(kind: str, key: str, at: int, figure: Figure | None = None) -> Sign:
    return Sign(kind, key, at, at + 5, key, 0.0, 0, figure=figure)  # type: ignore[arg-type]


def a_name(chance: random.Random) -> str:
    return "".join(chance.choices(CONSONANTS, k=4))


def an_article(name: str, chance: random.Random, names: list[str], everywhere: list[str]) -> Features:
    """Figures, and names of its subject, of its own and of the whole field, in an order of its own."""
    own = [a_name(chance) for _ in range(6)]
    length = chance.randint(12, 40)
    signs = [
        a_figure(chance, place * 100)
        if chance.random() < 0.4
        else _sign(
            "word", chance.choice([*chance.sample(names, 6), *own, chance.choice(everywhere)]), place * 100
        )
        for place in range(length)
    ]
    return _features(name, signs, frozenset(chance.getrandbits(32) for _ in range(40)))


def a_copy(name: str, origin: Features, chance: random.Random) -> Features:
    """A third is left out, digits are lost, one name in four is not recognized, all runs of words are new."""
    signs = []
    for sign in sorted([*origin.figures, *origin.words], key=lambda sign: sign.start):
        fate = chance.random()
        if fate < 0.3 or (sign.kind == "word" and chance.random() < 0.25):
            continue
        if sign.figure and fate < 0.4:
            lost = Figure(
                sign.start, sign.end, "", sign.figure.kind, None, unit=sign.figure.unit, suspect="digit-lost"
            )
            sign = _sign("figure", "", sign.start, lost)
        signs.append(sign)
    return _features(name, signs, frozenset(chance.getrandbits(32) for _ in range(40)))


def _features(name: str, signs: list[Sign], shingles: frozenset[int]) -> Features:
    return Features(
        name=name, language="en", script="LATIN", published="", length=4000,
        figures=tuple(sign for sign in signs if sign.kind == "figure"), names=(),
        words=tuple(sign for sign in signs if sign.kind == "word"),
        residue=Residue({}, frozenset()), shingles=shingles,
    )  # fmt: skip


def collection(count: int, chance: random.Random) -> Iterator[tuple[Features, str | None]]:
    """Each source, and the name of its origin if it is a copy."""
    everywhere = [a_name(chance) for _ in range(200)]
    subjects = [[a_name(chance) for _ in range(30)] for _ in range(SUBJECTS)]
    kept: list[Features] = []
    for number in range(count):
        if kept and chance.random() < COPIES:
            origin = chance.choice(kept)
            yield a_copy(f"copy{number}", origin, chance), origin.name
            continue
        source = an_article(f"s{number}", chance, chance.choice(subjects), everywhere)
        if len(kept) < 2000 and chance.random() < 0.2:
            kept.append(source)
        yield source, None


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int) -> int:
    chance = random.Random(6)  # sources, not secrets
    index, rarity = Candidates(), Rarity()
    held: dict[str, Features] = {}
    copies: list[tuple[Features, str, list[str]]] = []
    spent, early, late, memory = 0.0, 0.0, 0.0, []
    tenth = max(count // 10, 1)
    gc.disable()  # nothing here forms cycles, and looking for them would count against the index
    for number, (source, origin) in enumerate(collection(count, chance), 1):
        began = time.process_time()
        found = index.add(source)
        took = time.process_time() - began
        spent += took
        early += took if tenth < number <= 2 * tenth else 0
        late += took if number > count - tenth else 0
        rarity.add(source)
        held[source.name] = source
        if origin is not None:
            copies.append((source, origin, [one.name for one in found]))
        if number % tenth == 0:
            memory.append(megabytes())
    recall = sum(origin in found for _copy, origin, found in copies) / max(len(copies), 1)
    growth = late / max(early, 1e-9)
    print(f"{count:,} sources, {len(copies):,} of them copies")
    print(f"  candidates in {spent:.1f} s of one core, {1e6 * spent / count:.0f} µs each")
    print(f"  adding to all took {growth:.2f} times as long as adding to a tenth of them")
    print(f"  memory after each tenth, sources included, MB: {', '.join(f'{one:.0f}' for one in memory)}")
    print(f"  the origin is among the candidates of {recall:.3f} of the copies")
    began = time.process_time()
    roots = {copy.name: origin for copy, origin, _found in copies}
    right = said = compared = 0
    for copy, origin, relatives in copies:
        for other in relatives:
            compared += 1
            if compare(held[other], copy, rarity).answer == "same-origin":
                said += 1
                right += roots.get(other, other) == origin
    precision = right / max(said, 1)
    took = time.process_time() - began
    print(f"  {compared:,} comparisons in {took:.1f} s, same-origin for {said:,}: precision {precision:.3f}")
    return 1 if recall < 0.95 or precision < 0.98 or growth > 2 else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
