"""Time grows with the length of the text and not with its square, whatever the text. Ratios only: machines differ."""

from __future__ import annotations

import time

import pytest

from claims.extraction.reading import read

NEWS = (
    "The company spent about $1.6 billion on 50,000 units in 2023, up from 944 million a year earlier, and says that "
    "more than 500 million users in 12 countries opened it at least 3 times a day by 17 October 2024.\n\n"
    "দলটি ২০২৩ সালে প্রায় ১.৩ মিলিয়ন ডলার ব্যয় করেছে, এইচ 800 ইউনিট ছিল ২,০৪৮টি। Nó tốn 1,6 tỷ đô la và 50.000 chiếc.\n\n"
)
TEXTS = {
    "news": NEWS * 40,
    "digits in a row": "1" * 60_000,
    "no space": "a" * 100_000,
    "no space in another script": "ক" * 60_000,
    "numbers only": "12 " * 4_000,
    "separators": "1," * 30_000,
    "points": "1." * 30_000,
    "signs of currencies": "$" * 40_000,
    "scales without numbers": "million মিলিয়ন " * 1_500,
    "hyphens": "1-" * 15_000,
    "letters and points": "a." * 40_000,
    "at signs": "a@" * 40_000,
    "months": "May " * 8_000,
    "one word in capitals and a number": "ABC 12 " * 2_500,
    "lines": "a\n" * 20_000,
}
MOST = 8  # linear is 4, quadratic 16; between them lies the noise of a shared machine


def seconds(text: str) -> float:
    """The best of several runs, in seconds of this process alone."""
    best = float("inf")
    for _ in range(4):
        start = time.process_time()
        read(text, "bn")
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("name", TEXTS)
def test_four_times_the_text_is_far_from_sixteen_times_the_work(name: str) -> None:
    text = TEXTS[name]
    read(text[:100], "bn")
    quarter, whole = seconds(text[: len(text) // 4]), seconds(text)
    assert whole <= MOST * max(quarter, 0.001), f"{whole:.4f} s against {quarter:.4f} s for a quarter"
