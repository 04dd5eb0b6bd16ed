"""How fast names are found among 10,000, and how the time grows on hostile text.

    python benchmarks/matching.py [names]

Prints megabytes a second (processor time, best of three) for ordinary texts, and for hostile ones the time that
four times the text takes as a multiple; anything above five is a fault. Exits 1 on one.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from companies.matching import Matcher, Spelling

SYLLABLES = [
    "an",
    "ber",
    "co",
    "da",
    "del",
    "en",
    "gra",
    "hi",
    "jo",
    "ka",
    "lu",
    "mi",
    "nex",
    "or",
    "qui",
    "ro",
    "va",
]
WORDS = {
    "en": [
        "the",
        "company",
        "said",
        "that",
        "its",
        "new",
        "chips",
        "cost",
        "about",
        "six",
        "million",
        "dollars.",
    ],
    "bn": ["প্রতিষ্ঠানটি", "বলেছে", "নতুন", "চিপের", "দাম", "প্রায়", "ছয়", "মিলিয়ন", "ডলার।"],
    "hi": ["कंपनी", "ने", "कहा", "कि", "नई", "चिप", "की", "कीमत", "करीब", "साठ", "लाख", "डॉलर", "है।"],
    "vi": [
        "công",
        "ty",
        "cho",
        "biết",
        "chi",
        "phí",
        "của",
        "chip",
        "mới",
        "khoảng",
        "sáu",
        "triệu",
        "đô",
        "la.",
    ],
    "zh": ["公司", "表示", "新", "芯片", "的", "价格", "约", "六百万", "美元。"],
}
HOSTILE = {
    "10,000 digits in a row": "1234567890" * 1000,
    "one letter": "x" * 200_000,
    "beginnings of a name": "Anber" * 40_000,
    "marks": "\u09bf" * 200_000,
    "one name over and over": "Anberco 1 " * 10_000,
    "one name without a space": "Anberco1-" * 10_000,
}


def a_name(chance: random.Random) -> str:
    word = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
    if chance.random() < 0.5:
        return word
    return f"{word} {chance.choice('ABHRV')}{chance.randint(1, 999)}"


def an_article(words: list[str], names: list[str], chance: random.Random, length: int = 400_000) -> str:
    """About one name in forty words, as news of this field has them."""
    said: list[str] = []
    size = 0
    while size < length:
        said.append(chance.choice(names) if chance.random() < 0.025 else chance.choice(words))
        size += len(said[-1]) + 1
    return " ".join(said)


def seconds(matcher: Matcher, text: str) -> float:
    spent = []
    for _ in range(3):
        began = time.process_time()
        matcher.find(text)
        spent.append(time.process_time() - began)
    return min(spent)


def main(count: int) -> int:
    chance = random.Random(4)  # texts, not secrets
    names = ["Anberco 1", *(a_name(chance) for _ in range(count - 1))]
    began = time.process_time()
    matcher = Matcher(Spelling(name, name.lower(), "en") for name in names)
    print(f"{count:,} names: built in {time.process_time() - began:.2f} s")
    for language, words in WORDS.items():
        text = an_article(words, names, chance)
        rate = len(text.encode()) / 1e6 / seconds(matcher, text)
        print(f"  {language}  {rate:5.1f} MB/s, {len(matcher.find(text)):,} mentions")
    faults = 0
    for what, text in HOSTILE.items():
        growth = seconds(matcher, text * 4) / max(seconds(matcher, text), 1e-4)
        faults += growth > 5
        print(f"  {growth:4.1f} times the time for four times: {what}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
