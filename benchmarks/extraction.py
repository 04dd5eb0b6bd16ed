"""How well figures are read, beside what one would install instead, and how fast.

    python benchmarks/extraction.py [--quality | --speed]

Quality: precision, recall and F1 on the golden sentences (tests/data/extraction), by language and by kind. A figure of
ours is right when its span, kind and value are. The libraries are met halfway: each is shown its own kind of figure
only, the others blanked out; where its find stands does not count; price-parser is even told where every amount is.

Speed: megabytes of UTF-8 a second on one core with 10,000 names loaded, as a share of what `re.findall(r"\\w+", text)`
takes over the same text, and the time that four times the text takes as a multiple. Exits 1 below 1 MB/s for the four
languages in depth, or above five times.
"""

from __future__ import annotations

import contextlib
import gc
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.matching import a_name
from claims.extraction.reading import read
from claims.extraction.tables import languages
from companies.matching import Matcher, Spelling

GOLDEN = ROOT / "tests" / "data" / "extraction"
IN_DEPTH = ("en", "bn", "hi", "vi")
OTHERS = ("de", "tr", "ar", "zh")  # whose words inflect, or stand without spaces
NUMBERS, DATES = ("count", "percent", "other"), ("date", "year")
NEWS = 200_000  # characters, of which a quarter is the shorter text
HOSTILE = {
    "10,000 digits in a row": "1234567890" * 1000,
    "one letter": "x" * 100_000,
    "digits and commas": "1,234," * 10_000,
    "a dollar sign and a digit": "$1" * 5_000,
    "scale words": "million " * 10_000,
    "number words": "twenty five " * 4_000,
    "dates without an end": "1/1/" * 10_000,
    "marks": "\u09bf" * 100_000,
}

Sentence = dict[str, Any]


@dataclass
class Score:
    """Figures right, found and expected."""

    right: int = 0
    found: int = 0
    expected: int = 0

    def add(self, expected: Counter[Any], found: Counter[Any]) -> None:
        self.right += (expected & found).total()
        self.found += found.total()
        self.expected += expected.total()

    def __str__(self) -> str:
        precision, recall = self.right / (self.found or 1), self.right / (self.expected or 1)
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        return f"{precision:6.3f} {recall:6.3f} {f1:6.3f}"


def sentences(language: str) -> list[Sentence]:
    lines = (GOLDEN / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


# What others read


def numbers_by_library(text: str, language: str) -> Iterator[str]:
    """number-parser turns number words into digits; the digits are then read as English prints them."""
    with contextlib.suppress(ValueError):  # it knows en, es, hi, ru and uk
        text = import_module("number_parser.parser").parse(text, language)
    for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
        yield number(found.replace(",", ""))


def dates_by_library(text: str, language: str) -> Iterator[str]:
    try:
        found = import_module("dateparser.search").search_dates(text, languages=[language])
    except ValueError:
        found = None
    for _, date in found or ():
        yield date.date().isoformat()


def prices_by_library(amounts: Iterable[str]) -> Iterator[str]:
    for printed in amounts:
        price = import_module("price_parser").Price.fromstring(printed)
        if price.amount is not None:
            yield number(str(price.amount))


def number(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


def only(sentence: Sentence, kinds: tuple[str, ...]) -> str:
    """The sentence with the figures of other kinds blanked out."""
    text, at = sentence["text"], 0
    for figure in sentence["figures"]:
        at = text.index(figure["printed"], at)
        end = at + len(figure["printed"])
        if figure["kind"] not in kinds:
            text = text[:at] + " " * (end - at) + text[end:]
        at = end
    return str(text)


def values(sentence: Sentence, kinds: tuple[str, ...]) -> list[str]:
    """The values of the figures of these kinds, both ends of a range; what cannot be read has none."""
    return [
        figure[name]
        for figure in sentence["figures"]
        if figure["kind"] in kinds
        for name in ("value", "value_max")
        if figure.get(name) is not None
    ]


def as_expected(found: str, expected: Iterable[str]) -> str:
    """A library's day as the imprecise date it stands for, where there is one: 2023-10-01 is right for 2023-10."""
    return next((one for one in expected if found.startswith(one.strip("~X"))), found)


def by_libraries(language: str) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for sentence in sentences(language):
        numbers, dates = values(sentence, NUMBERS), values(sentence, DATES)
        found = Counter(numbers_by_library(only(sentence, NUMBERS), language))
        scores["count, percent, other"].add(Counter(numbers), found)
        days = dates_by_library(only(sentence, DATES), language)
        scores["date, year"].add(Counter(dates), Counter(as_expected(day, dates) for day in days))
        amounts = [figure["printed"] for figure in sentence["figures"] if figure["kind"] == "money"]
        scores["money"].add(Counter(values(sentence, ("money",))), Counter(prices_by_library(amounts)))
    return scores


# What we read


def by_us(language: str) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    for sentence in sentences(language):
        expected: dict[str, Counter[Any]] = defaultdict(Counter)
        found: dict[str, Counter[Any]] = defaultdict(Counter)
        at = 0
        for figure in sentence["figures"]:
            at = sentence["text"].index(figure["printed"], at)
            expected[figure["kind"]][at, figure["printed"], figure["value"], figure.get("value_max")] += 1
            at += len(figure["printed"])
        for one in read(sentence["text"], language).figures:
            found[one.kind][one.start, one.printed, one.value, one.value_max] += 1
        for kind in expected.keys() | found.keys():
            scores[kind].add(expected[kind], found[kind])
    return scores


def total(scores: Iterable[Score]) -> Score:
    whole = Score()
    for one in scores:
        whole.right, whole.found, whole.expected = (
            whole.right + one.right, whole.found + one.found, whole.expected + one.expected,
        )  # fmt: skip
    return whole


def quality() -> None:
    ours, theirs = {}, {}
    for language in languages():
        ours[language], theirs[language] = by_us(language), by_libraries(language)
    print("language  sentences  figures |   ours: P      R     F1 | libraries: P     R     F1")
    for language in languages():
        mine, other = total(ours[language].values()), total(theirs[language].values())
        count = len(sentences(language))
        print(f"{language:8} {count:10} {mine.expected:8} | {mine!s:>20}   | {other!s:>20}")
    print("\nkind                    of |      P      R     F1")
    for name, tables in (("ours", ours), ("libraries", theirs)):
        for kind in sorted({kind for table in tables.values() for kind in table}):
            whole = total(table[kind] for table in tables.values() if kind in table)
            print(f"{kind:22} {whole.expected:4} | {whole} {name}")


# How fast


def news(language: str, names: list[str], chance: random.Random) -> str:
    """NEWS characters of paragraphs: a golden sentence, a name, and four sentences without their figures.

    So figures stand about as dense as in the articles at hand, one in 200 characters.
    """
    golden = sentences(language)
    texts = [sentence["text"] for sentence in golden]
    prose = [only(sentence, ()) for sentence in golden]
    said: list[str] = []
    size = 0
    while size < NEWS:
        paragraph = " ".join([chance.choice(texts), chance.choice(names), *chance.choices(prose, k=4)])
        said.append(paragraph)
        size += len(paragraph) + 1
    return "\n".join(said)


def seconds(*works: Callable[[], object], runs: int = 5) -> list[float]:
    """The least time of each, tried in turn, so that a busy machine slows all of them or none."""
    spent: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, times in zip(works, spent, strict=True):
            began = time.process_time()
            work()
            times.append(time.process_time() - began)
    return [max(min(times), 1e-4) for times in spent]


def speed() -> int:
    chance = random.Random(4)
    names = [a_name(chance) for _ in range(10_000)]
    matcher = Matcher(Spelling(name, name.lower(), "en") for name in names)
    gc.collect()
    gc.freeze()  # or a search for garbage among the names would fall into one length and not into the other

    def reading(text: str, language: str) -> Callable[[], object]:
        return lambda: read(text, language, matcher.find(text, language))

    faults = 0
    print("language |  MB/s  share of a bare word count  figures a second  time for 4 times the text")
    for language in (*IN_DEPTH, *OTHERS):
        text = news(language, names, chance)
        quarter, size = text[: len(text) // 4], len(text.encode()) / 1e6
        bare, short, spent = seconds(
            partial(re.findall, r"\w+", text), reading(quarter, language), reading(text, language)
        )
        rate, growth = len(read(text, language).figures) / spent, spent / short
        faults += (size / spent < 1 and language in IN_DEPTH) + (growth > 5)
        print(f"{language:8} | {size / spent:5.2f} {bare / spent:15.1%} {rate:24,.0f} {growth:15.1f}")
    for what, text in HOSTILE.items():
        short, long = seconds(reading(text, "en"), reading(text * 4, "en"))
        faults += long / short > 5
        size = len(text.encode()) * 4 / 1e6
        print(f"{long / short:4.1f} times the time for four times, {size / long:5.2f} MB/s: {what}")
    return 1 if faults else 0


def main(options: list[str]) -> int:
    if "--speed" not in options:
        quality()
    return 0 if "--quality" in options else speed()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
